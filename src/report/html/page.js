"use strict";
document.querySelectorAll("pre.copy").forEach(function (pre) {
  if (!navigator.clipboard) return;
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", function () {
    navigator.clipboard.writeText(pre.textContent).then(function () { button.textContent = "Copied"; });
  });
  pre.after(button);
});
document.querySelectorAll("table.sort").forEach(function (table) {
  table.querySelectorAll("thead th").forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var body = table.tBodies[0];
      Array.from(body.rows).sort(function (a, b) {
        a = a.cells[column];
        b = b.cells[column];
        var order = a.dataset.order ? a.dataset.order - b.dataset.order
          : a.textContent.localeCompare(b.textContent, "en", { numeric: true });
        return down ? -order : order;
      }).forEach(function (row) { body.append(row); });
    });
  });
});
