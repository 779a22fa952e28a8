//! What answers, if it is not TLS?

use super::Failure;

/// What a server says first, and what it is then. Longer beginnings come first.
const GREETINGS: &[(&[u8], &str, Option<&str>)] = &[
    (b"SSH-", "an SSH server", None),
    (
        b"HTTP/",
        "plain HTTP",
        Some("the port speaks HTTP without TLS: is TLS switched on, and on another port?"),
    ),
    (
        b"<!DOCTYPE",
        "plain HTTP",
        Some("the port speaks HTTP without TLS: is TLS switched on, and on another port?"),
    ),
    (
        b"<html",
        "plain HTTP",
        Some("the port speaks HTTP without TLS: is TLS switched on, and on another port?"),
    ),
    (
        b"<HTML",
        "plain HTTP",
        Some("the port speaks HTTP without TLS: is TLS switched on, and on another port?"),
    ),
    (
        b"* OK",
        "an IMAP server without TLS",
        Some("--starttls imap"),
    ),
    (
        b"* PREAUTH",
        "an IMAP server without TLS",
        Some("--starttls imap"),
    ),
    (b"+OK", "a POP3 server without TLS", None),
    (
        b"Rsrv",
        "Rserve without TLS",
        Some("tls.port sets its TLS port"),
    ),
    (b"RFB ", "a VNC server", None),
    (b"AMQP", "an AMQP server without TLS", None),
    (b"-ERR", "a Redis server without TLS", None),
    (b"-DENIED", "a Redis server without TLS", None),
];

/// What `first`, the first bytes of an answer, show; `None`: TLS, or nothing known.
pub(super) fn known(first: &[u8]) -> Option<Failure> {
    let (what, hint) = match GREETINGS
        .iter()
        .find(|(start, ..)| first.starts_with(start))
    {
        Some(&(_, what, hint)) => (what, hint),
        None if is_reply(first) => (
            "an SMTP or FTP server without TLS",
            Some("--starttls smtp, if it is a mail server"),
        ),
        None if is_mysql(first) => (
            "a MySQL or MariaDB server without TLS",
            Some("--starttls mysql"),
        ),
        None => return None,
    };
    Some(Failure::NotTls {
        what: what.to_owned(),
        hint,
    })
}

/// `220 mail.example.com ESMTP`: three digits and a blank or a hyphen.
fn is_reply(first: &[u8]) -> bool {
    // Replies have three digits (RFC 5321 4.2), the first of which gives the outcome.
    matches!(first, [b'2' | b'4' | b'5', b, c, b' ' | b'-', ..] if b.is_ascii_digit() && c.is_ascii_digit())
}

/// A packet numbered 0 with the protocol's version, 10, and a version in text;
/// or with an error, 0xff.
fn is_mysql(first: &[u8]) -> bool {
    match first {
        [_, _, 0, 0, 10, digit, ..] => digit.is_ascii_digit(),
        [_, _, 0, 0, 0xff, _, code, ..] => (3..=8).contains(code),
        _ => false,
    }
}

/// The same if nothing is known: the beginning of the answer, made harmless to show.
pub(super) fn unknown(first: &[u8]) -> Failure {
    known(first).unwrap_or_else(|| {
        const SHOWN: usize = 32;
        let start: String = first
            .iter()
            .take(SHOWN)
            .flat_map(|byte| std::ascii::escape_default(*byte))
            .map(char::from)
            .collect();
        Failure::Garbage(format!("it begins with `{start}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_is_named() {
        for (first, what) in [
            (&b"SSH-2.0-OpenSSH_9.2p1\r\n"[..], "an SSH server"),
            (b"HTTP/1.1 400 Bad Request\r\n", "plain HTTP"),
            (
                b"220 mail.example.com ESMTP\r\n",
                "an SMTP or FTP server without TLS",
            ),
            (b"* OK IMAP4rev1\r\n", "an IMAP server without TLS"),
            (b"Rsrv0103QAP1\r\n\r\n", "Rserve without TLS"),
            (
                b"J\0\0\0\x0a8.0.36\0",
                "a MySQL or MariaDB server without TLS",
            ),
        ] {
            match known(first) {
                Some(Failure::NotTls { what: found, .. }) => assert_eq!(found, what),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(known(&[22, 3, 3, 0, 100]), None);
        assert_eq!(
            unknown(b"\x1b[2Jx"),
            Failure::Garbage("it begins with `\\x1b[2Jx`".to_owned())
        );
    }
}
