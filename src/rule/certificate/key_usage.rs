//! `certificate.key-usage`: keyUsage lacks the bit that the certificate's handshakes need.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KeyUsage = CertificateKeyUsage Warning
    "keyUsage lacks the bit that the certificate's handshakes need"
    page "key_usage.txt"
    {
        /// The missing bit: digitalSignature or keyEncipherment.
        needed: String,
        /// The bits that the certificate has.
        present: Vec<String>,
        /// What the bit is needed for.
        used_for: String,
        /// The clients that end the connection because of it: the deciding clients, if one of
        /// them does.
        clients: Vec<String>,
        /// What the first of them says.
        reason: Option<String>,
    }
}

impl Rule for KeyUsage {
    fn message(&self) -> String {
        let Self {
            needed,
            present,
            used_for,
            clients,
            reason,
        } = self;
        let present = if present.is_empty() {
            "nothing".to_owned()
        } else {
            present.join(", ")
        };
        let text = format!(
            "the certificate's keyUsage allows {present}, but not {needed}, which is needed for {used_for}"
        );
        let refuse = match clients.as_slice() {
            [] => return text,
            [one] => format!("{one} refuses"),
            several => format!("{} refuse", several.join(", ")),
        };
        match reason {
            Some(reason) => format!("{text}: {refuse} ({})", reason.trim_end()),
            None => format!("{text}: {refuse}"),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self {
            needed, present, ..
        } = self;
        // keyCertSign and cRLSign belong to a CA: the reissued certificate must not have them.
        let mut bits = vec![needed.as_str()];
        for bit in present {
            if !matches!(bit.as_str(), "keyCertSign" | "cRLSign") {
                bits.push(bit);
            }
        }
        let only_for_a_ca = !present.is_empty() && bits.len() == 1;
        let text = format!("have it reissued with keyUsage {}", bits.join(", "));
        Some(Remedy::words(if only_for_a_ca {
            format!("{text}; this one may only sign other certificates or CRLs, as a CA's does")
        } else {
            text
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 5280 section 4.2.1.3",
            "RFC 8446 section 4.4.2.2",
            "measured: handshakes with GnuTLS 3.7.9, Java 17.0.15 and Chromium 156",
        ]
    }
}
