// Loads each key as Node does: tls.createSecureContext({ key, cert }).
// Arguments and output as in openssl.py.
const { readFileSync } = require("fs");
const tls = require("tls");
const [passphrase, ...files] = process.argv.slice(2);
for (let index = 0; index < files.length; index += 2) {
  const key = readFileSync(files[index]);
  const cert = readFileSync(files[index + 1]);
  let verdict = "taken", said = "";
  try {
    tls.createSecureContext({ key, cert });
  } catch (first) {
    said = first.message;
    verdict = "refused";
    try {
      tls.createSecureContext({ key, cert, passphrase });
      verdict = "asks";
    } catch (second) {
      if (second.message !== said) said += " / " + second.message;
      if (said.includes("key too small")) verdict = "weak";
    }
  }
  console.log([files[index], verdict, said.replaceAll("\n", " ")].join("\t"));
}
