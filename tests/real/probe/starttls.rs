//! STARTTLS in five protocols, each by a scripted server in front of a real one.

use super::servers::{OpenSsl, greets, pki, relay};
use super::{answering, asked, certificates, failure};
use certcheck::probe::{StartTls, probe};
use std::time::Duration;

const SMTP: &[(&[u8], &[u8])] = &[
    (b"", b"220-mail.example.test\r\n220 ESMTP\r\n"),
    (
        b"EHLO [127.0.0.1]\r\n",
        b"250-mail.example.test\r\n250-SIZE 1\r\n250 STARTTLS\r\n",
    ),
    (b"STARTTLS\r\n", b"220 go on\r\n"),
];
const IMAP: &[(&[u8], &[u8])] = &[
    (b"", b"* OK ready\r\n"),
    (
        b"a1 STARTTLS\r\n",
        b"* CAPABILITY IMAP4rev1\r\na1 OK begin\r\n",
    ),
];
const LDAP_REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const LDAP: &[(&[u8], &[u8])] = &[(
    LDAP_REQUEST,
    b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
)];
const LDAP_REFUSES: &[(&[u8], &[u8])] = &[(
    LDAP_REQUEST,
    b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00",
)];
const POSTGRES: &[(&[u8], &[u8])] = &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"S")];
const POSTGRES_OFF: &[(&[u8], &[u8])] = &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")];
/// Protocol 10, version, thread, salt, capabilities f7ff: with CLIENT_SSL.
const MYSQL_GREETING: &[u8] = b"\x1a\0\0\0\x0a8.0.36\0\x08\0\0\0abcdefgh\0\xff\xff\x21\0\0";
const MYSQL_WITHOUT: &[u8] = b"\x1a\0\0\0\x0a8.0.36\0\x08\0\0\0abcdefgh\0\xff\xf7\x21\0\0";
const MYSQL_REQUEST: &[u8] =
    b"\x20\0\0\x01\0\x8a\0\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const MYSQL: &[(&[u8], &[u8])] = &[(b"", MYSQL_GREETING), (MYSQL_REQUEST, b"")];

#[test]
fn starttls_in_five_ways() {
    if !crate::probe::here::have("openssl", "openssl") {
        return;
    }
    let server = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &pki("server.key"),
        &[],
    );
    for (way, talk) in [
        (StartTls::Smtp, SMTP),
        (StartTls::Imap, IMAP),
        (StartTls::Ldap, LDAP),
        (StartTls::Postgres, POSTGRES),
        (StartTls::MySql, MYSQL),
    ] {
        let port = relay(talk, Some(server.port));
        let seen = probe(&asked(port, Some(way), Duration::from_secs(5))).unwrap();
        assert_eq!(answering(&seen), ["TLSv1.2", "TLSv1.3"], "{way:?} {seen:?}");
        let handshake = seen.handshake.unwrap();
        assert_eq!(
            handshake.certificates,
            certificates("fullchain.crt"),
            "{way:?}"
        );
    }
}

#[test]
fn starttls_that_is_refused() {
    for (way, port, says) in [
        (StartTls::Postgres, relay(POSTGRES_OFF, None), "ssl is off"),
        (StartTls::Ldap, relay(LDAP_REFUSES, None), "result code 52"),
        (StartTls::MySql, greets(MYSQL_WITHOUT), "CLIENT_SSL"),
        (StartTls::Smtp, relay(&[(b"", b"554 no\r\n")], None), "554"),
        (
            StartTls::Smtp,
            relay(
                &[
                    (b"", b"220 a\r\n"),
                    (b"EHLO [127.0.0.1]\r\n", b"250 SIZE\r\n"),
                ],
                None,
            ),
            "does not offer STARTTLS",
        ),
        (
            StartTls::Imap,
            relay(
                &[(b"", b"* OK a\r\n"), (b"a1 STARTTLS\r\n", b"a1 BAD\r\n")],
                None,
            ),
            "answer STARTTLS with OK",
        ),
        (StartTls::Imap, greets(b"SSH-2.0-x\r\n"), "an SSH server"),
    ] {
        let seen = probe(&asked(port, Some(way), Duration::from_secs(2))).unwrap();
        let why = failure(seen).to_string();
        assert!(why.contains(says), "{way:?}: {why}");
    }
}
