//! How a PKCS#12 file is protected, and which programs cannot open it for that.
//!
//! A file may be sound and its passphrase right, but a program still refuses it, because of its
//! cipher or authentication code, or because it finds no entry in it. Measured with
//! Java 17, OpenSSL 3.0.19, Node 20, GnuTLS 3.7.9 and NSS 3.87 on files of `openssl
//! pkcs12 -export`; what older systems do is from their makers' documentation.

use crate::model::Encryption;

/// The ciphers and the authentication code of a PKCS#12 file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protection {
    /// Each scheme that encrypts a part or a key, once, in their order.
    pub ciphers: Vec<Encryption>,
    /// The authentication code; none if there is none.
    pub mac: Option<String>,
    /// Whether everything in it was seen.
    pub(super) opened: bool,
    /// What Java treats as an entry: encrypted keys, secrets, and certificates with
    /// Oracle's attribute trustedKeyUsage (2.16.840.1.113894.746875.1.1).
    pub(super) java_entries: usize,
    /// Everything in it.
    pub(super) objects: usize,
}

/// A program that cannot open a container.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CannotOpen {
    /// The program, and its versions.
    pub program: &'static str,
    /// What it does not accept.
    pub reason: String,
    /// Whether a version in general use is among them.
    pub is_current: bool,
}

impl Protection {
    /// Whether Java finds 0 entries, although there is something in the file: no certificate
    /// has the attribute trustedKeyUsage, and no key is encrypted.
    pub(crate) const fn has_no_java_entry(&self) -> bool {
        self.opened && self.objects > 0 && self.java_entries == 0
    }

    /// The programs that cannot open it, those in general use first.
    pub fn cannot_open(&self) -> Vec<CannotOpen> {
        let mut found = Vec::new();
        let mut says = |program, reason: String, is_current| {
            found.push(CannotOpen {
                program,
                reason,
                is_current,
            });
        };
        let scheme = |wanted: fn(&Encryption) -> bool| {
            let mut ciphers = self.ciphers.iter();
            ciphers
                .find(|cipher| wanted(cipher))
                .map(ToString::to_string)
        };
        if let Some(it) = scheme(|scheme| !scheme.openssl3_loads()) {
            let reason = format!("only the legacy provider has {it}");
            says("OpenSSL 3, Python and Node", reason, true);
        }
        if let Some(it) =
            scheme(|scheme| scheme.scheme().starts_with("PBES2") && !has(scheme, "AES-"))
        {
            says(
                "Java 17",
                format!("it supports PBES2 only with AES, not {it}"),
                true,
            );
        }
        if let Some(it) = scheme(|scheme| has(scheme, "CAMELLIA") || has(scheme, "ARIA")) {
            says("GnuTLS 3.7", format!("it does not know {it}"), true);
        }
        if let Some(it) = scheme(|scheme| has(scheme, "ARIA")) {
            says("NSS 3.87", format!("it does not know {it}"), true);
        }
        match self.mac.as_deref() {
            None => {
                let reason = || "there is no authentication code".to_owned();
                says(
                    "Node 20, and every program that calls PKCS12_parse",
                    reason(),
                    true,
                );
                says("NSS 3.87", reason(), true);
            }
            Some(mac) if mac.starts_with("PBMAC1") => {
                let reason = format!("it does not support {mac}");
                says("OpenSSL before 3.4", reason, true);
            }
            Some(_) => {}
        }
        if self.has_no_java_entry() {
            let reason = "it finds 0 entries: no certificate has the attribute trustedKeyUsage, and no key is encrypted";
            says("Java", reason.to_owned(), true);
        }
        // JDK-8076190; Microsoft's page of Export-PfxCertificate.
        let new = scheme(|scheme| scheme.scheme().starts_with("PBES2") && has(scheme, "AES-"));
        let sha2 = self.mac.as_deref().filter(|mac| *mac != "HMAC-SHA1");
        if let Some(what) = new.or(sha2.map(str::to_owned)) {
            for program in [
                "Java before 8u301 and 11.0.12",
                "Windows before 10 1709 and Server 2019",
                "the Keychain of older macOS",
            ] {
                says(
                    program,
                    format!("it does not know {what} (not measured)"),
                    false,
                );
            }
        }
        found.sort_by_key(|refusal| !refusal.is_current);
        found
    }
}

fn has(encryption: &Encryption, cipher: &str) -> bool {
    encryption.scheme().to_ascii_uppercase().contains(cipher)
}
