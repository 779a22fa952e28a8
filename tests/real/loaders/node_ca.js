// Loads each file as Node does for trust: tls.createSecureContext({ ca }).
// Arguments: files. One line for each: `taken` or `refused`.
const { readFileSync } = require("fs");
const tls = require("tls");
for (const path of process.argv.slice(2)) {
  try {
    tls.createSecureContext({ ca: readFileSync(path) });
    console.log("taken");
  } catch (error) {
    console.log("refused");
  }
}
