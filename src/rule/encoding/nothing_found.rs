//! `encoding.nothing-found`: no certificate, key, request or revocation list was found.

use super::{is_container, opened};
use crate::finding::{Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    NothingFound = EncodingNothingFound Error
    "no certificate, key, request or revocation list was found"
    page "nothing_found.txt"
    {
        /// What the content looks like instead.
        looks_like: Option<String>,
        /// What the file should contain, if its use is known: `certificate`, `private key`,
        /// `revocation list`.
        wanted: Option<String>,
    }
}

impl Rule for NothingFound {
    fn message(&self) -> String {
        let wanted = self.wanted();
        match &self.looks_like {
            Some(kind) => format!("the file contains no {wanted}: this is {kind}"),
            None => format!("the file contains no {wanted}"),
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        Some(match self {
            Self {
                looks_like: Some(kind),
                ..
            } if kind.contains("Bouncy Castle") => {
                Remedy::words("have Bouncy Castle write it as PKCS#12; no other program opens it")
            }
            Self {
                looks_like: Some(kind),
                ..
            } if is_container(kind) => opened(subject, kind, None),
            Self {
                looks_like: Some(kind),
                ..
            } if kind.contains("OpenSSH private key") => {
                let new = beside(source, "pkcs8", Some("key"));
                let shown = quote(&new);
                // ssh-keygen overwrites the file that it is given, so this works on a copy.
                Remedy::words(
                    "if it is an RSA or ECDSA key, write a copy of it as PKCS#8; no TLS server reads SSH's own format",
                )
                .run(format!(
                    "test ! -e {shown} && (umask 077; cp {file} {shown} && ssh-keygen -p -N '' -m PKCS8 -f {shown} && grep -q 'BEGIN PRIVATE KEY' {shown})"
                ))
                .then_instead(new, source)
            }
            Self {
                looks_like: Some(kind),
                ..
            } if kind.contains("base64 once more") => {
                let new = beside(source, "decoded", None);
                let shown = quote(&new);
                Remedy::words(
                    "decode the value once (Kubernetes stores the values of a secret in base64)",
                )
                .run(format!(
                    "test ! -e {shown} && (umask 077; base64 -d -i {file} > {shown})"
                ))
                .then_instead(new, source)
            }
            Self { .. } => {
                Remedy::words(format!("give the file that contains the {}", self.wanted()))
            }
        })
    }
}

impl NothingFound {
    fn wanted(&self) -> &str {
        self.wanted.as_deref().unwrap_or("certificate or key")
    }
}
