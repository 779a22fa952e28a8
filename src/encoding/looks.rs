//! What a file without certificates or keys looks like.

use super::Form;

/// A form and the words for it.
pub(super) type Looks = (Form, &'static str);

/// Beginnings that name a format. The words complete "this is …".
const BEGINNINGS: &[(&[u8], Looks)] = &[
    (
        &[0xfe, 0xed, 0xfe, 0xed],
        (Form::Jks, "a Java keystore (JKS)"),
    ),
    (
        &[0xce, 0xce, 0xce, 0xce],
        (Form::Jks, "a Java keystore (JCEKS)"),
    ),
    // A version and the length of a salt.
    (
        &[0, 0, 0, 2, 0, 0, 0, 20],
        (Form::Jks, "a Java keystore (BKS or UBER, of Bouncy Castle)"),
    ),
    (
        &[0, 0, 0, 1, 0, 0, 0, 20],
        (Form::Jks, "a Java keystore (BKS or UBER, of Bouncy Castle)"),
    ),
    (b"PK\x03\x04", (Form::Binary, "a ZIP archive")),
    (b"\x1f\x8b", (Form::Binary, "a gzip archive")),
    (b"7z\xbc\xaf", (Form::Binary, "a 7-Zip archive")),
    (b"BZh", (Form::Binary, "a bzip2 archive")),
    (b"\xfd7zXZ\0", (Form::Binary, "an xz archive")),
    (b"\x28\xb5\x2f\xfd", (Form::Binary, "a zstd archive")),
    (b"\x89PNG\r\n", (Form::Binary, "a picture (PNG)")),
    (b"\xff\xd8\xff", (Form::Binary, "a picture (JPEG)")),
    (b"GIF8", (Form::Binary, "a picture (GIF)")),
    (b"SQLite format 3\0", (Form::Binary, "an SQLite database")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        (
            Form::Binary,
            "a document of an old Microsoft Office version",
        ),
    ),
    (b"{\\rtf", (Form::Text, "an RTF document")),
    (b"%PDF-", (Form::Binary, "a PDF document")),
    (b"\x7fELF", (Form::Binary, "a program (ELF)")),
    (b"MZ", (Form::Binary, "a Windows program")),
    (
        b"openssh-key-v1\0",
        (Form::Binary, "an OpenSSH private key"),
    ),
    (b"PuTTY-User-Key-File-", (Form::Text, "a PuTTY private key")),
    (b"ssh-", (Form::Text, "an SSH public key")),
    (b"ecdsa-sha2-", (Form::Text, "an SSH public key")),
    (
        b"---- BEGIN SSH2 PUBLIC KEY",
        (Form::Text, "an SSH public key"),
    ),
    (
        b"-----BEGIN OPENSSH PRIVATE KEY",
        (Form::Text, "an OpenSSH private key"),
    ),
    (
        b"-----BEGIN PGP ",
        (Form::Text, "an OpenPGP key or message"),
    ),
    (
        b"-----BEGIN AGE ENCRYPTED FILE",
        (Form::Text, "a file encrypted with age"),
    ),
    (
        b"age-encryption.org/",
        (Form::Binary, "a file encrypted with age"),
    ),
    (b"-----BEGIN ", (Form::Pem, "PEM with other contents")),
    (b"SSH-2.0-", (Form::Text, "an SSH banner")),
    (b"{", (Form::Text, "JSON")),
    (b"[", (Form::Text, "JSON or an INI file")),
    (b"total ", (Form::Text, "a directory listing")),
];

/// Text that marks a web page, wherever it begins near the start.
const HTML: &[&[u8]] = &[b"<!doctype html", b"<html", b"<head", b"<body", b"<title"];

/// `-----BEGIN ` in base64, where it begins the text that was encoded.
const PEM_IN_BASE64: &[u8] = b"LS0tLS1CRUdJTi";

/// What `bytes`, the file's characters one byte each, look like.
pub(super) fn looks_like(bytes: &[u8]) -> Looks {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = bytes.trim_ascii();
    if bytes.is_empty() {
        return (Form::Empty, "an empty file");
    }
    if text.is_empty() {
        return (Form::Empty, "only blanks");
    }
    for (beginning, looks) in BEGINNINGS {
        if bytes.starts_with(beginning) || text.starts_with(beginning) {
            return *looks;
        }
    }
    // The first four kilobytes decide: the answer is about the kind of file, not about all that is
    // in it.
    let head = text.get(..text.len().min(4096)).unwrap_or_default();
    let lower = head.to_ascii_lowercase();
    // HTML before XML and text: a login page or an error page saved in place of a certificate is
    // the usual find.
    if HTML.iter().any(|mark| contains(&lower, mark)) {
        (Form::Html, "an HTML page")
    } else if is_binary(head) {
        (Form::Binary, "binary data of no known kind")
    } else if lower.starts_with(b"<?xml") || lower.starts_with(b"<") {
        (Form::Text, "XML")
    } else if contains(&lower, b"proc-type:") || contains(&lower, b"bag attributes") {
        (Form::Text, "the text around a key, without the key")
    // Kubernetes and CI systems store PEM in base64, and decoding it is the step that people
    // forget.
    } else if contains(head, PEM_IN_BASE64) {
        (
            Form::Text,
            "PEM wrapped in base64 once more, as the data of a Kubernetes secret is",
        )
    } else if is_listing(head) {
        (Form::Text, "a directory listing")
    } else {
        (Form::Text, "plain text")
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

fn is_binary(head: &[u8]) -> bool {
    let control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0c);
    let latin = |byte: &&u8| **byte >= 0x80;
    // One zero byte settles it: UTF-16 was narrowed before, and no other text contains one.
    head.contains(&0)
        || head.iter().filter(control).count() * 20 > head.len()
        // Latin-1 text has accents here and there. If a third of the bytes are above 0x7f, it is
        // something else, unless it is UTF-8.
        || (head.iter().filter(latin).count() * 3 > head.len()
            && std::str::from_utf8(head).is_err())
}

/// Lines of `ls -l`, or of file names alone.
fn is_listing(head: &[u8]) -> bool {
    let lines: Vec<&[u8]> = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(20)
        .collect();
    let mode = |line: &&&[u8]| {
        matches!(line.get(10), Some(b' ' | b'.' | b'+' | b'@'))
            && line.first().is_some_and(|byte| b"-dlpsbc".contains(byte))
            && line
                .get(1..10)
                .is_some_and(|mode| mode.iter().all(|byte| b"rwxsStT-".contains(byte)))
    };
    let name = |line: &&&[u8]| {
        line.len() <= 255
            && !line.contains(&b' ')
            && line
                .iter()
                .rposition(|&byte| byte == b'.')
                .is_some_and(|dot| {
                    let extension = line.get(dot + 1..).unwrap_or_default();
                    matches!(
                        extension,
                        b"crt"
                            | b"pem"
                            | b"key"
                            | b"cer"
                            | b"der"
                            | b"p12"
                            | b"pfx"
                            | b"csr"
                            | b"txt"
                    )
                })
    };
    !lines.is_empty()
        && (lines.iter().filter(mode).count() * 2 > lines.len()
            || lines.iter().filter(name).count() * 4 > lines.len() * 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_certificates_are_named() {
        for (file, words) in [
            (&b""[..], "an empty file"),
            (b" \r\n\t", "only blanks"),
            (b"<!DOCTYPE html><html><body>404</body>", "an HTML page"),
            (b"\n\n  <HTML lang=de>", "an HTML page"),
            (b"ssh-ed25519 AAAAC3 me@host", "an SSH public key"),
            (
                b"total 8\n-rw-r--r-- 1 root root 12 a.crt\n",
                "a directory listing",
            ),
            (b"-rw-r--r-- 1 root root 12 a.crt\n", "a directory listing"),
            (b"a.crt\nserver.key\n", "a directory listing"),
            (b"\xfe\xed\xfe\xed\0\0\0\x02", "a Java keystore (JKS)"),
            (b"{\"kty\": \"RSA\"}", "JSON"),
            (b"{\\rtf1\\ansi -----", "an RTF document"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG)"),
            (b"Dear admin, the certificate is attached.", "plain text"),
            (b"\x01\x02\x03\x04\x00\x05", "binary data of no known kind"),
            (
                b"-----BEGIN PGP PUBLIC KEY BLOCK-----",
                "an OpenPGP key or message",
            ),
        ] {
            assert_eq!(
                looks_like(file).1,
                words,
                "{}",
                String::from_utf8_lossy(file)
            );
        }
    }
}
