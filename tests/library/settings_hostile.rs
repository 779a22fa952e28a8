//! Settings that nobody wrote in good faith: whatever they are, reading them
//! ends soon, panics never, and says nothing of lines that are not there.

use certcheck::Source;
use certcheck::server::Profile;
use certcheck::server::passwords::PasswordFile;
use certcheck::server::settings::{Context, Settings};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SERVERS: &[&str] = &["apache", "nginx", "haproxy", "postgres", "tabpy", "rserve"];

/// Pieces that the readers have rules for.
const PIECES: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\r\n",
    "\\",
    "\\\n",
    "\"",
    "'",
    "#",
    ";",
    "{",
    "}",
    "=",
    ":",
    ".",
    ",",
    "%",
    "%(a)s",
    "%%",
    "${A}",
    "$A",
    "<",
    ">",
    "</",
    "\u{feff}",
    "[TabPy]",
    "[DEFAULT]",
    "tabpy_port",
    "TABPY_TRANSFER_PROTOCOL",
    "https",
    "TABPY_PWD_FILE",
    "a",
    "A",
    "Define",
    "<VirtualHost *:443>",
    "</VirtualHost>",
    "SSLEngine",
    "on",
    "SSLCertificateFile",
    "SSLProtocol",
    "SSLVerifyClient",
    "require",
    "<IfDefine !A>",
    "</IfDefine>",
    "Listen",
    "443",
    "99999",
    "server",
    "http",
    "listen",
    "ssl",
    "ssl_certificate",
    "ssl_protocols",
    "server_name",
    "include",
    "global",
    "frontend",
    "bind",
    ":443",
    "crt",
    "ca-file",
    "verify",
    "ssl-min-ver",
    "tls.port",
    "tls.key",
    "tls.cert",
    "tls.client",
    "0x",
    "0",
    "-",
    "+",
    "port",
    "ssl_ca_file",
    "'x''y'",
    "é",
    "\0",
];

fn read(server: &str, bytes: &[u8]) -> Settings {
    let environment = [
        ("A", "${A}${A}"),
        ("a", "%(a)s%(a)s"),
        ("TABPY_PORT", "%(a)s"),
    ];
    let context = Context::at("/base").with_environment(&environment);
    let source = Source::new("settings", bytes.to_vec());
    Settings::read(Profile::named(server).unwrap(), &source, &context).unwrap()
}

fn check(bytes: &[u8]) {
    let lines = bytes.split(|&byte| byte == b'\n').count();
    // Python and its like end lines with a lone CR as well.
    let lines = lines + bytes.iter().filter(|&&byte| byte == b'\r').count();
    for server in SERVERS {
        let settings = read(server, bytes);
        for (fact, at) in &settings.facts {
            assert!(
                at.first >= 1 && at.first <= at.last && at.last <= lines,
                "{server} {fact:?} {at:?}"
            );
        }
        for scope in &settings.scopes {
            let files = scope
                .certificates
                .iter()
                .chain(&scope.keys)
                .chain(&scope.ca);
            for at in files.filter_map(|file| file.lines).chain(scope.lines) {
                assert!(
                    at.first >= 1 && at.first <= at.last && at.last <= lines,
                    "{server} {at:?}"
                );
            }
        }
        assert_eq!(
            settings,
            read(server, bytes),
            "{server} is not deterministic"
        );
    }
    let file = PasswordFile::read(&Source::new("pwd", bytes.to_vec()));
    assert!(
        file.facts()
            .iter()
            .all(|(_, at)| at.first >= 1 && at.last <= lines)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_pieces(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        check(pieces.concat().as_bytes());
    }

    #[test]
    fn any_words(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        check(pieces.join(" ").as_bytes());
    }
}

/// A million bytes of the worst that we can think of, each in a moment.
#[test]
fn large_files_end_soon() {
    const SIZE: usize = 1 << 20;
    let fill = |piece: &str| piece.repeat(SIZE / piece.len());
    let numbered = |piece: &str| -> String {
        let mut text = String::new();
        for number in 0.. {
            let line = piece.replace('@', &number.to_string());
            if text.len() + line.len() > SIZE {
                break;
            }
            text.push_str(&line);
        }
        text
    };
    let handed_down = |head: &str, each: &str| {
        let head = head.repeat(1 << 12);
        format!("{head}{}", each.repeat((SIZE - head.len()) / each.len()))
    };
    let inputs = [
        fill("\\\n"),
        fill("<If>\n"),
        fill("</a\n"),
        fill("a{"),
        format!("http{{{}", fill("server{")),
        fill("<VirtualHost *:443>\nSSLEngine on\n"),
        fill("[x\n"),
        fill("'"),
        fill("\""),
        fill("tls.key=x\n"),
        fill("bind :1 crt x\n"),
        fill("${A}"),
        numbered("Define A@ x\nSSLProtocol ${A@}\n"),
        format!("[TabPy]\n{}", numbered("k@ = %(k@)s\n")),
        numbered("[s@]\n"),
        numbered("user@ x\n"),
        format!("[TabPy]\nTABPY_PORT = {}\n", "%(a)s".repeat(200_000)),
        handed_down(
            "SSLCertificateFile /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            "<VirtualHost *:1>\nSSLEngine on\n</VirtualHost>\n",
        ),
        format!(
            "http {{ ssl_protocols {};\n{}}}",
            "TLSv1 ".repeat(100_000),
            "server { listen 1 ssl; }\n".repeat(100_000)
        ),
    ];
    // Debug builds on a busy machine: ten seconds are an order of magnitude more
    // than any of them takes, and quadratic work would take hours.
    const MOMENT: Duration = Duration::from_secs(10);
    for text in &inputs {
        for server in SERVERS {
            let start = Instant::now();
            let _ = read(server, text.as_bytes());
            let took = start.elapsed();
            assert!(took < MOMENT, "{server}: {took:?} for {:?}…", &text[..30]);
        }
        let start = Instant::now();
        let _ = PasswordFile::read(&Source::new("pwd", text.as_bytes().to_vec()));
        assert!(start.elapsed() < MOMENT, "passwords: {:?}…", &text[..30]);
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    for server in SERVERS {
        let settings = read(server, &vec![b'\n'; (4 << 20) + 1]);
        assert_eq!(settings.facts.len(), 1, "{server}");
        assert!(settings.scopes.is_empty(), "{server}");
    }
}
