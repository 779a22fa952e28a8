// Loads each file as Node does: tls.createSecureContext({ cert }).
// Arguments: files. Output as in openssl.py, with the first digest only.
const { createHash } = require("crypto");
const { readFileSync } = require("fs");
const tls = require("tls");
for (const path of process.argv.slice(2)) {
  let seen = null;
  try {
    const context = tls.createSecureContext({ cert: readFileSync(path) });
    const first = context.context.getCertificate();
    seen = first ? createHash("sha256").update(first).digest("hex") : "";
  } catch (error) {}
  console.log([path, seen === null ? "refused" : "taken", seen || ""].join("\t"));
}
