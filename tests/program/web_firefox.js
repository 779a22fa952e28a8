// node web_firefox.js PAGE PKI: the page in a headless Firefox, from file://, driven by Marionette:
// a good pair passes, a key of another pair fails, and a request that a script tries is blocked.
"use strict";
const fs = require("fs");
const net = require("net");
const os = require("os");
const path = require("path");
const { spawn } = require("child_process");
const [file, pki] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(pki, name), "utf8");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const free = () => new Promise((done) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

// Marionette's wire: the length of a JSON text in decimal, a colon, the text.
class Driver {
  constructor(socket) {
    this.socket = socket;
    this.buffer = Buffer.alloc(0);
    this.waiting = new Map();
    this.last = 0;
    socket.on("data", (data) => {
      this.buffer = Buffer.concat([this.buffer, data]);
      for (;;) {
        const colon = this.buffer.indexOf(":");
        const size = Number(this.buffer.subarray(0, colon));
        if (colon < 0 || this.buffer.length < colon + 1 + size) return;
        const message = JSON.parse(this.buffer.subarray(colon + 1, colon + 1 + size));
        this.buffer = this.buffer.subarray(colon + 1 + size);
        // The first message is the browser's greeting, which is no array.
        if (Array.isArray(message)) this.waiting.get(message[1])?.(message);
      }
    });
  }

  static async connect(port) {
    for (let i = 0; i < 240; i += 1) {
      const socket = net.connect(port, "127.0.0.1");
      const open = await new Promise((done) => {
        socket.once("connect", () => done(true));
        socket.once("error", () => done(false));
      });
      if (open) return new Driver(socket);
      await pause(250);
    }
    throw new Error("Firefox does not listen");
  }

  async send(name, parameters = {}) {
    const id = (this.last += 1);
    const text = JSON.stringify([0, id, name, parameters]);
    const answer = new Promise((done) => this.waiting.set(id, done));
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [, , error, value] = await answer;
    if (error) throw new Error(`${name}: ${error.message}`);
    return value;
  }

  // In the page itself (no sandbox), whose clock it may set.
  async run(script, args = []) {
    return (await this.send("WebDriver:ExecuteScript", { script, args, sandbox: null })).value;
  }

  async until(script) {
    for (let i = 0; i < 240; i += 1) {
      const value = await this.run(script);
      if (value) return value;
      await pause(250);
    }
    throw new Error(`never: ${script}`);
  }
}

(async () => {
  const port = await free();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "certcheck-firefox-"));
  fs.writeFileSync(path.join(profile, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const browser = spawn("firefox-esr", ["--headless", "--no-remote", "--marionette", "--profile", profile], {
    env: { ...process.env, HOME: profile },
    stdio: "ignore",
  });
  const wrong = [];
  let answers = 0;
  try {
    const driver = await Driver.connect(port);
    await driver.send("WebDriver:NewSession", {});
    await driver.send("WebDriver:Navigate", { url: `file://${file}` });
    await driver.until("return document.body.hasAttribute('data-ready')");
    const version = await driver.run("return navigator.userAgent");
    // The day of the fixtures.
    await driver.run("window.Date.now = () => arguments[0]", [Date.parse("2026-11-22T00:00:00Z")]);
    const ask = async (key, verdict) => {
      const fields = { certificate: read("fullchain.crt"), key: read(key), anchors: read("root.crt"), hosts: "server.example.test" };
      await driver.run(
        `for (const [id, text] of Object.entries(arguments[0])) document.getElementById(id).value = text;
         document.getElementById("status").textContent = "";
         document.querySelector("#files button[type=submit]").click();`,
        [fields],
      );
      const said = await driver.until("return /^(Verdict|Not)/.test(document.getElementById('status').textContent) && document.getElementById('status').textContent");
      answers += 1;
      if (!said.includes(verdict)) wrong.push(`${key}: ${said}, not ${verdict}`);
    };
    await ask("server.key", "Verdict: pass");
    await ask("other.key", "Verdict: fail");
    await driver.run(`window.blocked = "nothing";
      document.addEventListener("securitypolicyviolation", (event) => { window.blocked = event.effectiveDirective; });
      fetch("http://127.0.0.1:9/").catch(() => { window.tried = true; });`);
    await driver.until("return window.tried");
    const blocked = await driver.run("return window.blocked");
    if (blocked !== "connect-src") wrong.push(`the policy blocks ${blocked}`);
    console.log(version);
  } finally {
    browser.kill();
    await Promise.race([new Promise((done) => browser.once("exit", done)), pause(10000)]);
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  if (wrong.length) console.log(wrong.join("\n"));
  console.log(`${answers} answers, ${wrong.length} complaints`);
  process.exit(wrong.length ? 1 : 0);
})().catch((error) => {
  console.log(error.stack);
  process.exit(1);
});
