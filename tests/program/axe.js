// node axe.js NODE_MODULES DIRECTORY: axe-core on every page of the directory, in light and dark,
// wide and on a phone. Also what the page's policy or its script complains of.
"use strict";
const fs = require("fs");
const path = require("path");
const [modules, directory] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core/axe.min.js"), "utf8");

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  let pages = 0;
  const wrong = [];
  const files = fs.readdirSync(directory).filter((name) => name.endsWith(".html")).sort();
  const kinds = [["light", 1200], ["dark", 380]];
  for (const [place, file] of files.entries()) {
    // The first ones in both, the others in turn: a page takes a second or two.
    for (const [colorScheme, width] of place < 3 ? kinds : [kinds[place % 2]]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, offline: true });
      const page = await context.newPage();
      const note = (text) => wrong.push(`${file} ${colorScheme}: ${text}`);
      page.on("console", (message) => { if (message.type() === "error") note(message.text()); });
      page.on("pageerror", (error) => note(error.message));
      page.on("dialog", (dialog) => note(`a dialog: ${dialog.message()}`));
      page.on("request", (request) => { if (!request.url().startsWith("file:")) note(`asks for ${request.url()}`); });
      await page.goto(`file://${path.join(directory, file)}`);
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      if (wide > 0) note(`${wide} pixels wider than the window`);
      const result = await page.evaluate(`${axe}; axe.run()`);
      for (const one of result.violations) note(`${one.id}: ${one.help}: ${one.nodes[0].html}`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${file}.${colorScheme}.png`, fullPage: true });
      const sorts = await page.$("th button");
      if (sorts) await sorts.click();
      pages += 1;
      await context.close();
    }
  }
  await browser.close();
  console.log(wrong.join("\n"));
  console.log(`${pages} pages, ${wrong.length} violations`);
  process.exit(wrong.length ? 1 : 0);
})();
