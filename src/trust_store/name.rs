//! The file names of a plan: never chosen by a certificate.

use crate::finding::Fingerprint;
use crate::model::{Certificate, Name};

/// Characters of the readable part; the fingerprint after it makes names unique.
const SLUG: usize = 32;

/// A file name without its extension: `certcheck-`, what remains of the
/// subject's name in lower-case ASCII letters, digits and hyphens, and the first
/// 12 digits of the SHA-256. Without dots, blanks and capitals, so that every tool accepts it
/// unchanged, and two CAs with one name do not share a file.
pub(super) fn stem(certificate: &Certificate<'_>, sha256: &Fingerprint) -> String {
    let digits: String = sha256.to_string().chars().take(12).collect();
    format!(
        "certcheck-{}-{digits}",
        slug(&label(&certificate.subject()))
    )
}

/// The subject's most telling part: its common name, otherwise whatever there is.
fn label(name: &Name<'_>) -> String {
    name.common_name()
        .or_else(|| {
            let last = name.attributes().last();
            last.and_then(|attribute| attribute.text().map(|text| text.into_owned()))
        })
        .unwrap_or_default()
}

fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(SLUG);
    // Only the beginning of a very long name is read.
    // Other letters are dropped and not transliterated: the fingerprint makes the name
    // unique.
    for c in text.chars().take(256) {
        if slug.len() == SLUG {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "certificate".to_owned()
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_is_letters_digits_and_hyphens_whatever_the_certificate_says() {
        for (text, expected) in [
            ("Example Root CA", "example-root-ca"),
            ("../../etc/passwd", "etc-passwd"),
            ("$(reboot)`id`;x", "reboot-id-x"),
            ("a\nb\u{202e}c\0d", "a-b-c-d"),
            ("-rf", "rf"),
            (".", "certificate"),
            ("例え", "certificate"),
            ("", "certificate"),
            ("Ünï", "n"),
        ] {
            assert_eq!(slug(text), expected, "{text:?}");
        }
        assert_eq!(slug(&"x".repeat(5000)).len(), 32);
        assert_eq!(slug(&format!("{} y", "x".repeat(31))), "x".repeat(31));
    }
}
