//! `chain.untrusted-root`: the chain is complete, but its root is not among the trust anchors.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UntrustedRoot = ChainUntrustedRoot Error
    "the chain is complete, but its root is not among the trust anchors"
    page "untrusted_root.txt"
    {
        /// The subject of the last certificate.
        subject: String,
        /// Its fingerprint.
        sha256: Fingerprint,
        /// How many anchors were given.
        anchors: u64,
        /// The name of the certificate that must be among the anchors.
        needed: String,
    }
}

impl Rule for UntrustedRoot {
    fn message(&self) -> String {
        match self {
            Self {
                subject,
                anchors,
                needed,
                ..
            } if subject == needed => {
                format!(
                    "the root `{subject}` is not trusted: it is not {}",
                    among(*anchors)
                )
            }
            Self {
                subject,
                anchors,
                needed,
                ..
            } => {
                format!(
                    "the chain ends in `{subject}`, whose issuer `{needed}` is not {}",
                    among(*anchors)
                )
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self {
                subject: last,
                needed,
                sha256,
                ..
            } => {
                let (name, print) = if last == needed {
                    (last, format!(" (SHA-256 {})", sha256.short()))
                } else {
                    (needed, String::new())
                };
                Remedy::words(format!(
                    "if you trust `{name}`{print}, add its certificate to the --anchors file and to the trust \
                     store of every client (`certcheck trust plan`); otherwise have the certificate issued by a CA that the clients trust"
                ))
            }
        })
    }
}

/// Where certcheck looked for an anchor.
fn among(anchors: u64) -> String {
    match anchors {
        0 => "among the anchors, because none were given".to_owned(),
        1 => "the one anchor given".to_owned(),
        anchors => format!("among the {anchors} anchors given"),
    }
}
