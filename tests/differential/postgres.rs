//! `postgres -C`, and a server that is started anew for each string.

use super::machine::{Scratch, Server, free_ports, handshakes, program, root, run};
use super::random;
use super::report::{Report, evaluate, texts, yes};
use certcheck::protocol::Dialect;
use std::process::Command;

/// PostgreSQL refuses to run as root: then as the user of its package.
fn postgres_program(name: &str, binaries: &str) -> Command {
    let path = format!("{binaries}/{name}");
    if root() {
        let mut command = program("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            &path,
        ]);
        command
    } else {
        program(&path)
    }
}

pub(crate) fn postgres_binaries() -> Option<String> {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    // A client's package makes the directory too.
    versions.retain(|path: &std::path::PathBuf| path.join("postgres").is_file());
    versions.sort();
    versions
        .pop()
        .map(|path: std::path::PathBuf| path.to_str().unwrap().to_owned())
}

pub(crate) fn postgres(scratch: &Scratch, seed: u64) -> Report {
    let binaries = postgres_binaries().unwrap();
    let version = run(postgres_program("postgres", &binaries).arg("--version")).text;
    let mut report = Report::new(version.trim(), (160, 24));
    let home = scratch.path("pg");
    std::fs::create_dir_all(&home).unwrap();
    for file in ["cert.pem", "key.pem"] {
        std::fs::copy(scratch.path(file), format!("{home}/{file}")).unwrap();
    }
    if root() {
        run(Command::new("chown").args(["-R", "postgres:postgres", &home]));
    }
    run(Command::new("chmod").args(["600", &format!("{home}/key.pem")]));
    let data = format!("{home}/data");
    let made = run(postgres_program("initdb", &binaries).args(["-D", &data, "-A", "trust", "-N"]));
    assert_eq!(made.code, 0, "{}", made.text);

    let inputs = texts(seed, 160, |random| {
        random::postgres(random).join("; ").into_bytes()
    });
    let mut live = Vec::new();
    for input in &inputs {
        let text = String::from_utf8(input.clone()).unwrap();
        // Comments hide our separator, which is no syntax of PostgreSQL's.
        let lines = text.split("; ").collect::<Vec<_>>().join("\n") + "\n";
        std::fs::write(format!("{data}/postgresql.conf"), &lines).unwrap();
        let real = run(postgres_program("postgres", &binaries).args([
            "-D",
            &data,
            "-C",
            "ssl_min_protocol_version",
        ]));
        let answer = evaluate(Dialect::Postgres, input);
        report.same(&text, "accepted", yes(real.code == 0), yes(answer.accepted));
        if let (false, Some(message)) = (answer.accepted, answer.message.as_deref()) {
            let message = message.split(" | ").next().unwrap();
            let message = message
                .strip_prefix("syntax error in configuration file, ")
                .unwrap_or(message);
            report.same(&text, "error", yes(real.text.contains(message)), "yes");
        } else {
            live.push(input);
        }
        report.parsed += 1;
    }
    for input in live.iter().take(24) {
        let port = free_ports(1)[0];
        let text = String::from_utf8_lossy(input).into_owned();
        let conf = format!(
            "{}\nssl = on\nssl_cert_file = '{home}/cert.pem'\nssl_key_file = '{home}/key.pem'\nssl_ciphers = 'ALL:@SECLEVEL=0'\n\
             listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\nshared_buffers = 1MB\n",
            text.replace("; ", "\n")
        );
        std::fs::write(format!("{data}/postgresql.conf"), conf).unwrap();
        let answer = evaluate(Dialect::Postgres, input);
        match Server::start(
            postgres_program("postgres", &binaries).args(["-D", &data]),
            port,
        ) {
            Err(printed) => {
                report.same(&text, "starts", "no", yes(answer.starts));
                let message = answer.message.unwrap_or_default();
                report.same(
                    &text,
                    "start",
                    yes(message.split(" | ").all(|part| printed.contains(part))),
                    "yes",
                );
            }
            Ok(_server) => {
                report.same(&text, "starts", "yes", yes(answer.starts));
                report.same(
                    &text,
                    "effective",
                    &handshakes(port, Some("postgres")),
                    &answer.effective.to_string(),
                );
            }
        }
        report.shaken += 1;
    }
    report
}
