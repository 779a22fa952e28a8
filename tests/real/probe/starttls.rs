//! STARTTLS in nine protocols, each by a scripted server in front of a real one.

use super::servers::{OpenSsl, fake, greets, pki, relay};
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

const POP3: &[(&[u8], &[u8])] = &[(b"", b"+OK ready\r\n"), (b"STLS\r\n", b"+OK begin\r\n")];
/// RFC 959: lines within a reply may look like anything, also like another code.
const FTP: &[(&[u8], &[u8])] = &[
    (b"", b"220-Welcome\r\n530 is not the code\r\n220 ready\r\n"),
    (b"AUTH TLS\r\n", b"234 go on\r\n"),
];
const XMPP_HEADER: &[u8] = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const XMPP: &[(&[u8], &[u8])] = &[
    (
        XMPP_HEADER,
        b"<?xml version='1.0'?><stream:stream from='a' version='1.0'><stream:features>\
          <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>\
          </stream:features>",
    ),
    (
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ),
];
const SIEVE: &[(&[u8], &[u8])] = &[
    (
        b"",
        b"\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n",
    ),
    (b"STARTTLS\r\n", b"OK \"begin\"\r\n"),
];

#[test]
fn starttls_in_nine_ways() {
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
        (StartTls::Pop3, POP3),
        (StartTls::Ftp, FTP),
        (StartTls::Xmpp, XMPP),
        (StartTls::Sieve, SIEVE),
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
        (
            StartTls::Pop3,
            relay(&[(b"", b"+OK\r\n"), (b"STLS\r\n", b"-ERR no\r\n")], None),
            "STLS with -ERR",
        ),
        (
            StartTls::Ftp,
            relay(
                &[(b"", b"220 a\r\n"), (b"AUTH TLS\r\n", b"502 no\r\n")],
                None,
            ),
            "AUTH TLS with 502",
        ),
        (
            StartTls::Xmpp,
            relay(&[(XMPP_HEADER, b"<a><stream:features/>")], None),
            "does not offer STARTTLS",
        ),
        (
            StartTls::Xmpp,
            relay(
                &[(
                    XMPP_HEADER,
                    b"<a><stream:error><host-unknown/></stream:error>",
                )],
                None,
            ),
            "stream error",
        ),
        (
            StartTls::Sieve,
            greets(b"\"SASL\" \"PLAIN\"\r\nOK\r\n"),
            "does not offer STARTTLS",
        ),
        (StartTls::Pop3, greets(b"SSH-2.0-x\r\n"), "an SSH server"),
        (StartTls::Sieve, greets(b"SSH-2.0-x\r\n"), "an SSH server"),
    ] {
        let seen = probe(&asked(port, Some(way), Duration::from_secs(2))).unwrap();
        let why = failure(seen).to_string();
        assert!(why.contains(says), "{way:?}: {why}");
    }
}

/// Answers that never end are read up to a limit.
#[test]
fn starttls_without_an_end() {
    for way in [
        StartTls::Pop3,
        StartTls::Ftp,
        StartTls::Xmpp,
        StartTls::Sieve,
    ] {
        let port = fake(|mut stream| {
            use std::io::Write;
            while stream.write_all(b"<220-\"+OK").is_ok() {}
        });
        let seen = probe(&asked(port, Some(way), Duration::from_secs(2))).unwrap();
        failure(seen);
    }
}

/// Dovecot's POP3, IMAP and ManageSieve, as Debian has them.
#[test]
fn starttls_of_real_servers() {
    use std::fs;
    use std::process::Command;
    if !crate::probe::here::have("openssl", "openssl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    // Its login processes change to another user, which root alone may do.
    let id = Command::new("id").arg("-u").output().unwrap();
    let is_root = id.stdout.starts_with(b"0\n");
    if is_root && crate::probe::here::have("dovecot", "dovecot-managesieved") {
        let ports: Vec<_> = (0..3).map(|_| super::servers::free_port()).collect();
        let (pop3, imap, sieve) = (ports[0], ports[1], ports[2]);
        let own = pki("server.crt");
        let key = pki("server.key");
        let listener = |name: &str, of: &str, port: u16| {
            format!(
                "service {of}-login {{\n inet_listener {name} {{\n port = {port}\n address = 127.0.0.1\n }}\n \
                 inet_listener {of}s {{\n port = 0\n }}\n}}\n"
            )
        };
        let text = format!(
            "protocols = pop3 imap sieve\nbase_dir = {0}/run\nlog_path = {0}/log\n\
             ssl = yes\nssl_cert = <{own}\nssl_key = <{key}\n\
             passdb {{\n driver = static\n args = nopassword=y\n}}\nuserdb {{\n driver = static\n args = uid=1 gid=1 home=/nonexistent\n}}\n{1}{2}{3}",
            at.display(),
            listener("pop3", "pop3", pop3),
            listener("imap", "imap", imap),
            listener("sieve", "managesieve", sieve),
        );
        fs::write(at.join("dovecot.conf"), text).unwrap();
        let server = OpenSsl::on(pop3, {
            let mut command = Command::new("dovecot");
            command.arg("-F").arg("-c").arg(at.join("dovecot.conf"));
            command
        });
        for (way, port) in [
            (StartTls::Pop3, pop3),
            (StartTls::Imap, imap),
            (StartTls::Sieve, sieve),
        ] {
            let seen = probe(&asked(port, Some(way), Duration::from_secs(10))).unwrap();
            let log = fs::read_to_string(at.join("log")).unwrap_or_default();
            let handshake = seen
                .handshake
                .unwrap_or_else(|why| panic!("{way:?}: {why}\n{log}"));
            assert_eq!(
                handshake.certificates[0],
                certificates("server.crt")[0],
                "{way:?}"
            );
        }
        drop(server);
    }
}
