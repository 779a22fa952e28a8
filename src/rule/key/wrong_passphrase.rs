//! `key.wrong-passphrase`: the passphrase does not open the key.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    WrongPassphrase = KeyWrongPassphrase Error
    "the passphrase does not open the key"
    page "wrong_passphrase.txt"
    {
        /// The encryption scheme.
        scheme: String,
    }
}

impl Rule for WrongPassphrase {
    fn message(&self) -> String {
        let Self { scheme } = self;
        let what = if scheme.contains("PKCS#12") || scheme.contains("keystore") {
            "container"
        } else {
            "key"
        };
        format!(
            "the given passphrase does not open the {what} ({scheme}); a damaged {what} would look the same"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { scheme } if is_container(scheme) => Remedy::words(
                "check the passphrase; certcheck removes a final newline but keeps spaces. A keystore may have one passphrase for itself and another for each key",
            ),
            Self { .. } => Remedy::words(
                "check the passphrase; certcheck removes a final newline but keeps spaces",
            ),
        })
    }
}

/// Whether the scheme is that of a container, which holds certificates too.
fn is_container(scheme: &str) -> bool {
    scheme.contains("PKCS#12") || scheme.contains("keystore")
}
