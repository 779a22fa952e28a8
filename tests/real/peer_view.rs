//! A peer's view: what `sslscan` finds at six live servers is what their settings and
//! files predict: versions, suites in the server's order, groups, and the certificate.

use crate::peers::{VERSIONS, each, predicted};
use crate::support::here;
use crate::support::program::document;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// The value of an attribute.
fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// The same lines of sslscan's report, and the certificate's commonName.
fn seen(port: u16, postgres: bool) -> (Vec<String>, String) {
    let mut command = Command::new("sslscan");
    command.args(["--xml=-", "--no-heartbleed", "--no-compression"]);
    if postgres {
        command.arg("--starttls-psql");
    }
    let output = command
        .arg(format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = Vec::new();
    let lines_of = |what: &'static str| {
        let text = text.clone();
        text.lines()
            .filter(|line| line.trim_start().starts_with(what))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // sslscan writes `TLSv1.0`.
    let plain = |version: &str| version.replace("TLSv1.0", "TLSv1");
    for version in VERSIONS {
        let number = version.as_str().trim_start_matches("TLSv");
        let number = if number == "1" { "1.0" } else { number };
        let protocols = lines_of("<protocol type=\"tls\"");
        let mut own = protocols.iter();
        let own = own.find(|line| attribute(line, "version") == Some(number));
        let on = own.and_then(|line| attribute(line, "enabled")) == Some("1");
        lines.push(format!("{} {on}", version.as_str()));
        for line in lines_of("<cipher") {
            let of = plain(attribute(&line, "sslversion").unwrap_or_default());
            if of == version.as_str() {
                lines.push(format!("{of} {}", attribute(&line, "id").unwrap()));
            }
        }
    }
    for version in VERSIONS {
        for line in lines_of("<group") {
            let of = plain(attribute(&line, "sslversion").unwrap_or_default());
            if of == version.as_str() {
                lines.push(format!("{of} group {}", attribute(&line, "id").unwrap()));
            }
        }
    }
    let subject = text
        .split_once("<subject><![CDATA[")
        .map_or("", |(_, rest)| rest.split("]]>").next().unwrap_or_default());
    (lines, subject.to_owned())
}

#[test]
fn sslscan_sees_what_the_settings_predict() {
    if !here::have("sslscan", "sslscan") {
        return;
    }
    let (mut compared, mut wrong) = (0, String::new());
    let servers = each(|server, name, running| {
        let predicted = predicted(server, &running.config);
        let (seen, subject) = seen(running.port, server == "postgres");
        compared += seen.len();
        if predicted != seen {
            let missing: Vec<_> = seen
                .iter()
                .filter(|line| !predicted.contains(line))
                .collect();
            let more: Vec<_> = predicted
                .iter()
                .filter(|line| !seen.contains(line))
                .collect();
            writeln!(
                wrong,
                "{server}, {name}: sslscan sees besides {missing:?}, and not {more:?}; in order {seen:?}, predicted {predicted:?}"
            )
            .unwrap();
        }
        // The certificate, as the files have it.
        let words = ["preflight", "--server", server, "--config", &running.config];
        let (_, report) = document(&words);
        let sent = report["result"]["sent"][0]["subject"]
            .as_str()
            .unwrap_or_default();
        compared += 1;
        if !sent.contains(&subject) || subject.is_empty() {
            writeln!(
                wrong,
                "{server}, {name}: sslscan sees {subject}, predicted {sent}"
            )
            .unwrap();
        }
    });
    println!("{servers} servers: {compared} versions, suites, groups and certificates");
    let differ = wrong.lines().count();
    here::compared("a peer's view", "sslscan", compared, servers * 7, differ);
    assert!(wrong.is_empty(), "{wrong}");
}
