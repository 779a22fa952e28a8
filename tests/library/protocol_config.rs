//! Configuration files: every scope with its lines and what works in it.

use certcheck::Source;
use certcheck::protocol::config::{self, Scan};
use certcheck::protocol::{Dialect, Environment};

fn scan(
    file: &str,
    text: &str,
    dialect: Dialect,
    scanner: fn(&Source, &Environment) -> Scan,
) -> Scan {
    let source = Source::new(file, text.as_bytes().to_vec());
    scanner(&source, &Environment::default_for(dialect))
}

/// `name; lines; own or not; effective or refused`, one scope a line.
fn shown(scan: &Scan) -> Vec<String> {
    let scopes = scan.scopes.iter().map(|scope| {
        let lines: Vec<_> = scope
            .lines
            .iter()
            .map(|lines| format!("{}-{}", lines.first, lines.last))
            .collect();
        let origin = match (scope.own, scope.superseded_at) {
            (_, Some(line)) => format!("superseded at {line}"),
            (true, None) => "own".to_owned(),
            (false, None) => "inherited".to_owned(),
        };
        let answer = &scope.evaluation;
        let effect = match (&answer.message, answer.accepted && answer.starts) {
            (_, true) => answer.effective.to_string(),
            (message, false) => message.clone().unwrap(),
        };
        format!("{}; {}; {origin}; {effect}", scope.name, lines.join(" "))
    });
    let unread = scan
        .unread
        .iter()
        .map(|line| format!("unread {}: {} ({})", line.line, line.text, line.reason));
    scopes.chain(unread).collect()
}

#[test]
fn apache() {
    let text = include_str!("../../testdata/protocol/config/httpd.conf");
    let scan = scan("httpd.conf", text, Dialect::Apache, config::apache);
    assert_eq!(
        shown(&scan),
        [
            "server config; 2-2; superseded at 3; TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
            "server config; 3-3; own; TLSv1.1 TLSv1.2 TLSv1.3",
            "<VirtualHost *:443> one.example; 8-8; own; TLSv1.2 TLSv1.3",
            "<VirtualHost *:444> two.example; 3-3; inherited; TLSv1.1 TLSv1.2 TLSv1.3",
            "<VirtualHost *:445>; 16-17; own; AH02231: No SSL protocols available [hint: \
             SSLProtocol]",
            "unread 22: <IfModule mod_ssl.c> (a condition, read as if it held)",
            "unread 23: Include extra/*.conf (another file is included)",
        ]
    );
}

#[test]
fn nginx() {
    let text = include_str!("../../testdata/protocol/config/nginx.conf");
    let scan = scan("nginx.conf", text, Dialect::Nginx, config::nginx);
    assert_eq!(
        shown(&scan),
        [
            "server a.example; 3-3 4-4; inherited; TLSv1.2 TLSv1.3",
            "server at line 10; 12-13; own; TLSv1 TLSv1.3",
            "server at line 17; 17-17; own; invalid value \"TLSv1.2,\"",
            "unread 5: include conf.d/*.conf (another file is included)",
        ]
    );
}

#[test]
fn postgres() {
    let text = include_str!("../../testdata/protocol/config/postgresql.conf");
    let scan = scan("postgresql.conf", text, Dialect::Postgres, config::postgres);
    assert_eq!(
        shown(&scan),
        [
            "the server; 2-2 3-3; own; TLSv1.3",
            "unread 5: include_if_exists = 'more.conf' (another file is included)",
        ]
    );
}

#[test]
fn haproxy() {
    let text = include_str!("../../testdata/protocol/config/haproxy.cfg");
    let scan = scan("haproxy.cfg", text, Dialect::HaProxy, config::haproxy);
    assert_eq!(
        shown(&scan),
        [
            "frontend www, bind :443; 6-6; own; TLSv1.1 TLSv1.2 TLSv1.3",
            "frontend www, bind :444; 7-7; own; TLSv1.3",
            "listen db, bind :445; 9-9; own; 'TLSv1' : unknown ssl/tls version",
        ]
    );
}

#[test]
fn openssl() {
    let text = include_str!("../../testdata/protocol/config/openssl.cnf");
    let scan = scan("openssl.cnf", text, Dialect::OpenSslConf, config::openssl);
    assert_eq!(
        shown(&scan),
        ["[defaults]; 8-8 9-9; own; SSL routines::bad value"]
    );
    let answer = &scan.scopes[0].evaluation;
    assert_eq!(answer.effective.to_string(), "TLSv1.2 TLSv1.3");
    let codes: Vec<_> = answer
        .observations
        .iter()
        .map(|seen| seen.fact.code().to_string())
        .collect();
    assert_eq!(codes, ["protocol.illegal-name", "protocol.ignored-value"]);
}

#[test]
fn a_hostile_file_costs_what_its_size_allows() {
    let value = "all -TLSv1 ".repeat(1000);
    let hosts = "<VirtualHost *>\nSSLEngine on\n</VirtualHost>\n".repeat(5000);
    let text = format!("SSLProtocol {value}\n{hosts}");
    let apache = scan("httpd.conf", &text, Dialect::Apache, config::apache);
    assert!(
        apache.scopes.len() < 200 && apache.unread.len() == 1,
        "{}",
        apache.scopes.len()
    );
    let defines = "Define A ${A}${A}\n".repeat(5000);
    let text = format!("Define A 0123456789\n{defines}");
    let apache = scan("httpd.conf", &text, Dialect::Apache, config::apache);
    assert!(apache.scopes.is_empty() && apache.unread.len() > 10);
    let braces = "server {".repeat(100_000);
    let nginx = scan("nginx.conf", &braces, Dialect::Nginx, config::nginx);
    assert_eq!(nginx.unread.len(), 1);
}
