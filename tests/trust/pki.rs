//! A PKI for real handshakes: every kind of certificate that is put into a store.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const CA: &str = "[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=.\ndatabase=index.txt\ndefault_md=sha256\npolicy=p\nunique_subject=no\nrand_serial=yes\n[p]\ncommonName=supplied\n";

/// Keys and certificates in a scratch directory, valid from 2020 to 2120.
pub(crate) struct Pki(pub(crate) tempfile::TempDir);

impl Pki {
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let done = Command::new("openssl")
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    /// A key and a certificate: signed by `issuer`, or by itself; extensions as in
    /// OpenSSL's configuration.
    fn issue(&self, name: &str, issuer: Option<&str>, extensions: &str, dates: (&str, &str)) {
        let key = format!("{name}.key");
        let curve = ["ecparam", "-name", "prime256v1", "-genkey", "-noout"];
        match name {
            "weak-root" => self.openssl(&["genrsa", "-out", &key, "1024"]),
            _ => self.openssl(&[&curve[..], &["-out", &key]].concat()),
        }
        let subject = if name.contains("leaf") || name.starts_with("self") {
            "/CN=localhost".to_owned()
        } else {
            format!("/CN={name}")
        };
        self.openssl(&[
            "req",
            "-new",
            "-config",
            "empty.cnf",
            "-subj",
            &subject,
            "-key",
            &format!("{name}.key"),
            "-out",
            "csr",
        ]);
        fs::write(self.at("x.cnf"), format!("[x]\n{extensions}\n")).unwrap();
        fs::write(self.at("index.txt"), "").unwrap();
        let signer = issuer.unwrap_or(name);
        let (key, certificate, out) = (
            format!("{signer}.key"),
            format!("{signer}.crt"),
            format!("{name}.crt"),
        );
        let mut arguments = vec![
            "ca",
            "-config",
            "ca.cnf",
            "-batch",
            "-notext",
            "-in",
            "csr",
            "-out",
            &out,
            "-keyfile",
            &key,
            "-startdate",
            dates.0,
            "-enddate",
            dates.1,
            "-extfile",
            "x.cnf",
            "-extensions",
            "x",
        ];
        fs::write(self.at("serial"), "-05\n").unwrap();
        let serial = match name {
            "negative-root" => "rand_serial=no\nserial=serial",
            _ => "rand_serial=yes",
        };
        fs::write(self.at("ca.cnf"), CA.replace("rand_serial=yes", serial)).unwrap();
        match issuer {
            Some(_) => arguments.extend(["-cert", certificate.as_str()]),
            None => arguments.push("-selfsign"),
        }
        self.openssl(&arguments);
    }

    pub(crate) fn new() -> Self {
        let pki = Self(tempfile::tempdir().unwrap());
        fs::write(pki.at("empty.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n").unwrap();
        let long = ("20200101000000Z", "21200101000000Z");
        let past = ("20200101000000Z", "20210101000000Z");
        let ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash";
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\nsubjectKeyIdentifier=hash";
        let leaf = format!(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n{names}"
        );
        pki.issue("root", None, ca, long);
        pki.issue(
            "middle",
            Some("root"),
            &format!("{ca}\nauthorityKeyIdentifier=keyid"),
            long,
        );
        pki.issue("leaf", Some("middle"), &leaf, long);
        pki.issue("direct-leaf", Some("root"), &leaf, long);
        pki.issue("old-root", None, ca, past);
        pki.issue("old-leaf", Some("old-root"), &leaf, long);
        pki.issue(
            "self-signed",
            None,
            &format!("basicConstraints=CA:FALSE\n{names}"),
            long,
        );
        pki.issue(
            "self-ca",
            None,
            &format!("basicConstraints=critical,CA:TRUE\n{names}"),
            long,
        );
        pki.issue("self-plain", None, names, long);
        pki.issue("other-root", None, ca, long);
        // What a hand-made CA lacks: nothing critical, no keyUsage.
        let home = "basicConstraints=CA:TRUE\nsubjectKeyIdentifier=hash";
        pki.issue("home-root", None, home, long);
        pki.issue("home-leaf", Some("home-root"), &leaf, long);
        let mail = "nameConstraints=critical,permitted;DNS:localhost,permitted;email:@example.com";
        for (kind, extensions) in [
            ("weak", ca.to_owned()),
            ("negative", ca.to_owned()),
            ("mail", format!("{ca}\n{mail}")),
            ("mute", ca.replace("keyCertSign,", "")),
            ("critical", format!("{ca}\n1.2.3.4=critical,DER:0500")),
        ] {
            let root = format!("{kind}-root");
            pki.issue(&root, None, &extensions, long);
            // The constraint has no addresses to go by.
            let leaf = leaf.replace(",IP:127.0.0.1", "");
            pki.issue(&format!("{kind}-leaf"), Some(&root), &leaf, long);
        }
        pki.version_1();
        let old = leaf.replace("authorityKeyIdentifier=keyid\n", "");
        pki.issue("v1-leaf", Some("v1-root"), &old, long);
        for (name, arguments) in [
            ("root.der", ["-outform", "DER"]),
            ("root.trusted", ["-trustout", "-text"]),
        ] {
            let (from, to) = (["x509", "-in", "root.crt"], ["-out", name]);
            pki.openssl(&[&from[..], &arguments, &to].concat());
        }
        let two = ["other-root.crt", "root.crt"].map(|name| fs::read(pki.at(name)).unwrap());
        fs::write(pki.at("two.crt"), two.concat()).unwrap();
        pki
    }

    /// A self-signed certificate that knows no extensions.
    fn version_1(&self) {
        self.openssl(&[
            "ecparam",
            "-name",
            "prime256v1",
            "-genkey",
            "-noout",
            "-out",
            "v1-root.key",
        ]);
        let key = ["-key", "v1-root.key", "-out", "csr"];
        let request = [
            "req",
            "-new",
            "-config",
            "empty.cnf",
            "-subj",
            "/CN=v1-root",
        ];
        self.openssl(&[&request[..], &key].concat());
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            "csr",
            "-signkey",
            "v1-root.key",
            "-days",
            "20000",
            "-out",
            "v1-root.crt",
        ]);
    }
}
