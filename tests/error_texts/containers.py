"""What programs say of PKCS#12 files that are sound and that they cannot use."""

import os
import pathlib

PASSWORD = "changeit"


def measure(run, have, add):
    """With measure.py's own way to run a program and to keep a row."""
    export = ["openssl", "pkcs12", "-export", "-passout", f"pass:{PASSWORD}", "-in", "server.crt"]
    with_key = [*export, "-inkey", "server.key"]
    run(*export, "-nokeys", "-out", "without-key.p12")
    run(*with_key, "-keypbe", "CAMELLIA-256-CBC", "-certpbe", "CAMELLIA-256-CBC", "-out", "camellia.p12")
    run(*with_key, "-nomac", "-out", "nomac.p12")
    names = {"a PKCS#12 file without a key": "without-key.p12",
             "a PKCS#12 file encrypted with Camellia": "camellia.p12",
             "a PKCS#12 file without a code": "nomac.p12"}
    for condition, name in names.items():
        if version := have("keytool"):
            said, _ = run("keytool", "-list", "-keystore", name, "-storepass", PASSWORD)
            add("keytool", version, condition, said, ("contains 0 entries", "error"))
        # Node wants a key in it: that one is missing is another fault.
        if (version := have("node")) and name != "without-key.p12":
            said, _ = run("node", "-e", "try { require('tls').createSecureContext({pfx: require('fs').readFileSync('%s'), passphrase: '%s'}) }"
                          " catch (e) { console.log(String(e)) }" % (name, PASSWORD))
            add("node", version, condition, said)
        if version := have("pk12util"):
            pathlib.Path("nssdb").mkdir(exist_ok=True)
            run("certutil", "-N", "-d", f"sql:{os.getcwd()}/nssdb", "--empty-password")
            said, well = run("pk12util", "-i", name, "-d", f"sql:{os.getcwd()}/nssdb", "-W", PASSWORD)
            add("pk12util", version, condition, "" if well else said)
