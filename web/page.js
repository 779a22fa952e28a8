"use strict";
(async () => {
  const at = (id) => document.getElementById(id);
  const say = (text) => { at("status").textContent = text; };
  const encoder = new TextEncoder();
  const base64 = (bytes) => {
    let text = "";
    // In pieces: a function takes a limited number of arguments.
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };

  const packed = Uint8Array.from(atob(at("module").textContent), (c) => c.charCodeAt(0));
  at("module").remove();
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  // A new instance for each question: nothing of the last one is left in its memory.
  const ask = async (question) => {
    const { room, judge, length, memory } = (await WebAssembly.instantiate(module, {})).exports;
    const bytes = encoder.encode(JSON.stringify(question));
    const place = room(bytes.length);
    new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
    const answer = judge();
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, answer, length()));
    new Uint8Array(memory.buffer).fill(0);
    return JSON.parse(text);
  };

  const lists = await ask({ ask: "lists" });
  const option = (parent, value, text) => {
    const one = document.createElement("option");
    one.value = value;
    one.textContent = text;
    parent.append(one);
  };
  for (const name of lists.servers) option(at("server"), name, name);
  at("server").value = "nginx";
  for (const [kind, title] of [["protocols", "Protocol versions"], ["ciphers", "Ciphers"]]) {
    const group = document.createElement("optgroup");
    group.label = title;
    for (const name of lists[kind]) option(group, `${kind}:${name}`, name);
    at("dialect").append(group);
  }
  for (const name of lists.clients) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = name;
    label.append(box, name);
    at("clients").append(label);
  }

  const roles = ["certificate", "key", "chain", "anchors", "settings"];
  const loaded = {};
  const load = async (role, file) => {
    loaded[role] = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    at(role).value = "";
    at(`${role}-loaded`).textContent = `${file.name}, ${file.size} bytes`;
    at(`${role}-loaded`).hidden = false;
  };
  for (const role of roles) {
    at(`${role}-file`).addEventListener("change", (event) => {
      const [file] = event.target.files;
      if (file) load(role, file);
    });
    at(role).addEventListener("input", () => {
      delete loaded[role];
      at(`${role}-loaded`).hidden = true;
    });
  }
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const field = event.target.closest && event.target.closest("[data-role]");
    for (const file of event.dataTransfer.files) {
      const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
      const key = text.includes("PRIVATE KEY-----") && !text.includes("BEGIN CERTIFICATE");
      await load(field ? field.dataset.role : key ? "key" : "certificate", file);
    }
  });

  let made = null;
  const show = (answer) => {
    at("report").replaceChildren();
    at("download").hidden = true;
    if (made) URL.revokeObjectURL(made);
    made = null;
    if (answer.error) return say(`Not checked: ${answer.error}`);
    const frame = document.createElement("iframe");
    frame.title = "Report";
    // The report's own policy allows its own style and script, and this page's policy holds too.
    frame.sandbox = "allow-same-origin allow-scripts";
    frame.srcdoc = answer.html;
    frame.addEventListener("load", () => {
      const fit = () => { frame.height = Math.ceil(frame.contentDocument.body.offsetHeight) + 48; };
      new ResizeObserver(fit).observe(frame.contentDocument.body);
      fit();
    });
    at("report").append(frame);
    if (answer.fixed) {
      made = URL.createObjectURL(new Blob([answer.fixed], { type: "application/x-pem-file" }));
      at("fixed").href = made;
      at("download").hidden = false;
    }
    say(`Verdict: ${answer.verdict}`);
    at("answer-title").focus();
  };
  const answered = async (question) => {
    say("Checking…");
    try {
      show(await ask({ ...question, at: Math.floor(Date.now() / 1000) }));
    } catch (error) {
      show({ error: `the program ended early (${error.message})` });
    }
  };

  at("files").addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [];
    for (const role of roles) {
      const pasted = at(role).value.trim();
      if (pasted) files.push({ role, name: role, base64: base64(encoder.encode(`${pasted}\n`)) });
      else if (loaded[role]) files.push({ role, name: loaded[role].name, base64: base64(loaded[role].bytes) });
    }
    answered({
      ask: "preflight",
      files,
      server: at("server").value,
      clients: [...at("clients").querySelectorAll(":checked")].map((box) => box.value),
      hosts: at("hosts").value.split(/[\s,]+/),
      protocols: at("protocols").value.trim(),
      passphrase: at("passphrase").value,
    });
  });
  at("files").addEventListener("reset", () => {
    for (const role of roles) {
      delete loaded[role];
      at(`${role}-loaded`).hidden = true;
    }
    at("report").replaceChildren();
    say("Nothing was checked yet.");
  });
  at("strings").addEventListener("submit", (event) => {
    event.preventDefault();
    const [ask, dialect] = at("dialect").value.split(":");
    answered({ ask, dialect, text: at("text").value });
  });
  document.body.dataset.ready = "yes";
})().catch((error) => {
  document.getElementById("status").textContent = `This browser cannot run certcheck: ${error.message}`;
});
