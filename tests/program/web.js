// node web.js NODE_MODULES PAGE PKI: the page in a headless Chromium, from file://. By keyboard alone
// a good pair passes, a key of another pair fails, and a chain in the wrong order is corrected. It
// asks for nothing, and axe-core finds nothing, in light on a wide window and in dark on a phone.
"use strict";
const fs = require("fs");
const path = require("path");
const [modules, file, pki] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core/axe.min.js"), "utf8");
const read = (name) => fs.readFileSync(path.join(pki, name), "utf8");

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const wrong = [];
  let answers = 0;
  for (const [colorScheme, width] of [["light", 1200], ["dark", 380]]) {
    // Online: a request that the page makes would be seen, and would not fail by itself.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, acceptDownloads: true });
    const page = await context.newPage();
    const note = (text) => wrong.push(`${colorScheme}: ${text}`);
    const asked = [];
    context.on("request", (request) => asked.push(request.url()));
    page.on("websocket", (socket) => asked.push(socket.url()));
    page.on("console", (message) => { if (message.type() === "error") note(message.text()); });
    page.on("pageerror", (error) => note(error.message));
    await page.clock.setFixedTime(new Date("2026-11-22T00:00:00Z"));
    await page.goto(`file://${file}`);
    await page.waitForSelector("body[data-ready]");

    // To the element of this id, by Tab alone.
    const to = async (wanted) => {
      for (let i = 0; i < 200; i += 1) {
        await page.keyboard.press("Tab");
        const on = await page.evaluate("document.activeElement.id || document.activeElement.textContent");
        if (on === wanted) return;
      }
      throw new Error(`the keyboard does not reach ${wanted}`);
    };
    const fill = async (id, text) => {
      await to(id);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
    };
    const verdict = async (button) => {
      await to(button);
      await page.keyboard.press("Enter");
      await page.waitForFunction("/^(Verdict|Not)/.test(document.getElementById('status').textContent)");
      answers += 1;
      return page.textContent("#status");
    };
    const expect = (what, found, wanted) => {
      if (!found.includes(wanted)) note(`${what}: ${wanted} is not in ${found.slice(0, 600)}`);
    };
    const accessible = async (what) => {
      for (const frame of page.frames()) {
        const result = await frame.evaluate(`${axe}; axe.run({ iframes: false })`);
        for (const one of result.violations) note(`${what}: ${one.id}: ${one.help}: ${one.nodes[0].html}`);
      }
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      if (wide > 0) note(`${what}: ${wide} pixels wider than the window`);
    };
    const report = async () => {
      await page.waitForFunction("document.querySelector('iframe')?.contentDocument?.querySelector('.headline')");
      return page.frameLocator("iframe").locator("body").textContent();
    };
    await accessible("empty");

    await fill("certificate", read("fullchain.crt"));
    await fill("key", read("server.key"));
    await fill("anchors", read("root.crt"));
    await fill("hosts", "server.example.test");
    expect("a good pair", await verdict("Check"), "Verdict: pass");
    expect("a good pair", await report(), "8 of 8 deciding clients accept");
    await accessible("a good pair");
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${colorScheme}.png`, fullPage: true });

    await fill("key", read("other.key"));
    expect("another key", await verdict("Check"), "Verdict: fail");
    expect("another key", await report(), "key.mismatch");
    await accessible("another key");

    // Settings: this server does not start.
    await fill("key", read("server.key"));
    await fill("settings", "events {}\nhttp { server { listen 443 ssl; ssl_protocols TLSv9; ssl_certificate c.pem; ssl_certificate_key k.pem; } }\n");
    expect("settings", await verdict("Check"), "Verdict: fail");
    expect("settings", await report(), "TLSv9");
    await fill("settings", "");

    // A file, and a chain that must be corrected.
    await page.setInputFiles("#certificate-file", {
      name: "chain.pem",
      mimeType: "application/x-pem-file",
      buffer: Buffer.from(read("issuing.crt") + read("server.crt")),
    });
    await fill("key", read("server.key"));
    await verdict("Check");
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#fixed")]);
    const fixed = fs.readFileSync(await saved.path(), "utf8");
    const body = (text) => text.split("-----")[2].replace(/\s/g, "");
    if (body(fixed) !== body(read("server.crt"))) note(`the corrected chain begins with another certificate: ${fixed}`);

    await fill("text", "all -SSLv2");
    await verdict("Explain");
    await report();
    await accessible("a string");

    const ours = (url) => url.startsWith("file:") || url.startsWith("about:") || url.startsWith("blob:");
    for (const url of asked.filter((url) => !ours(url))) note(`asks for ${url}`);
    if (asked.filter((url) => url.startsWith("file:")).length !== 1) note(`asks for files: ${asked}`);
    // What the policy is for: a request that is tried is blocked.
    const blocked = await page.evaluate(`new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
      fetch("http://127.0.0.1:9/").catch(() => setTimeout(done, 2000, "nothing"));
    })`);
    const policy = await page.evaluate("document.querySelector('meta[http-equiv]').content");
    if (blocked !== "connect-src" || !policy.startsWith("default-src 'none'") || policy.includes("connect-src")) note(`the policy blocks ${blocked}: ${policy}`);
    // Chromium says so, which is no complaint about the page.
    for (let i = wrong.length - 1; i >= 0; i -= 1) if (wrong[i].includes("127.0.0.1:9")) wrong.splice(i, 1);
    await context.close();
  }
  await browser.close();
  console.log(wrong.join("\n"));
  console.log(`${answers} answers, ${wrong.length} complaints`);
  process.exit(wrong.length ? 1 : 0);
})().catch((error) => {
  console.log(error.stack);
  process.exit(1);
});
