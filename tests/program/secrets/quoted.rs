//! The text of a key in every place where a value is read: every option and argument
//! of every command (as `--help` lists them), and every dialect of settings.

use super::{Secrets, leak, secrets};
use crate::secrets::support;
use std::collections::BTreeSet;
use std::fs;
use support::program::*;

/// A key as people paste it.
struct Pasted {
    name: &'static str,
    text: String,
}

fn pasted() -> Vec<Pasted> {
    let mut forms = Vec::new();
    for name in ["server.key", "p256.key", "ed25519.key", "server.pbes2.key"] {
        let pem = fs::read_to_string(pki(name)).unwrap();
        let der = pem::parse(&pem).unwrap().into_contents();
        let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        forms.push(Pasted {
            name,
            text: pem.clone(),
        });
        if name == "server.pbes2.key" {
            continue;
        }
        forms.push(Pasted {
            name,
            text: lines.concat(),
        });
        forms.push(Pasted {
            name,
            text: pem.replace('\n', "\\n"),
        });
        forms.push(Pasted {
            name,
            text: lines.join(" "),
        });
        forms.push(Pasted {
            name,
            text: format!("data:{pem}"),
        });
        forms.push(Pasted {
            name,
            text: format!("data:{}", lines.concat()),
        });
        forms.push(Pasted {
            name,
            text: super::hex(&der),
        });
        forms.push(Pasted {
            name,
            text: lines[0].to_owned(),
        });
        forms.push(Pasted {
            name,
            text: pem.replace('\n', " "),
        });
    }
    forms
}

/// What each command needs besides, so that it comes to read the value.
fn base(command: &str) -> Vec<String> {
    let (crt, key) = (pki("fullchain.crt"), pki("server.key"));
    let words: Vec<&str> = match command {
        "preflight" => vec!["--cert-file", &crt, "--key-file", &key],
        "probe" => vec!["localhost:1", "--timeout", "1"],
        "convert" => vec![&crt, "--to", "pem"],
        "protocols" => vec!["all -SSLv3"],
        "tsm" => vec![
            "security",
            "external-ssl",
            "enable",
            "--cert-file",
            &crt,
            "--key-file",
            &key,
        ],
        "trust plan" => vec![&crt, "--platform", "debian"],
        "explain" => vec!["key.mismatch"],
        "completions" => vec!["bash"],
        "codes" | "schema" | "man" | "help" => vec![],
        "inspect" | "match" | "key-id" | "chain" | "verify" | "trust status" => vec![&crt],
        // A new command: any file may be what it wants.
        _ => vec![&crt],
    };
    words.into_iter().map(str::to_owned).collect()
}

/// The commands that `--help` lists, and the options of each that take a value.
fn commands() -> Vec<(String, Vec<String>)> {
    let listed = |words: &[&str]| -> Vec<String> {
        let help = stdout(&certcheck(&[words, &["--help"]].concat()));
        let Some((_, rest)) = help.split_once("Commands:\n") else {
            return Vec::new();
        };
        rest.lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| line.split_whitespace().next())
            .map(str::to_owned)
            .collect()
    };
    let mut all = Vec::new();
    for command in listed(&[]) {
        let below = listed(&[&command]);
        if below.is_empty() || command == "help" {
            all.push(command);
        } else {
            let below = below.iter().filter(|name| *name != "help");
            all.extend(below.map(|name| format!("{command} {name}")));
        }
    }
    let options = |command: &String| {
        let words: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let help = stdout(&certcheck(&words));
        let of_line = |line: &str| {
            let start = line.find("--")?;
            let name: String = line[start..]
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '-' || c.is_ascii_digit())
                .collect();
            line[start + name.len()..].starts_with(" <").then_some(name)
        };
        let own = help
            .lines()
            .filter(|line| line.trim_start().starts_with('-'));
        let names: BTreeSet<String> = own.filter_map(of_line).collect();
        names.into_iter().collect::<Vec<_>>()
    };
    all.into_iter()
        .map(|command| (command.clone(), options(&command)))
        .collect()
}

fn check(secrets: &Secrets, what: &str, words: &[&str]) {
    let output = certcheck(words);
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if let Some(origin) = leak(secrets, bytes) {
            let text = String::from_utf8_lossy(bytes);
            let lines: Vec<_> = text
                .lines()
                .filter(|line| leak(secrets, line.as_bytes()).is_some())
                .collect();
            let text = lines.join("\n");
            panic!("{what}: {stream} repeats a piece of {origin}\n{text}");
        }
    }
}

#[test]
fn a_key_on_the_command_line_is_not_repeated() {
    let secrets = secrets();
    let (commands, forms) = (commands(), pasted());
    let options: usize = commands.iter().map(|(_, options)| options.len()).sum();
    assert!(commands.len() >= 16 && options >= 100, "{commands:?}");
    let mut runs = 0;
    // The words of each option are read in the same way: forms in turn, so that each
    // meets all kinds of places.
    let mut turn = forms.iter().cycle();
    for (command, options) in &commands {
        let front: Vec<&str> = command.split(' ').collect();
        let base = base(command);
        let base: Vec<&str> = base.iter().map(String::as_str).collect();
        for form in &forms {
            for last in [&[][..], &["--format", "json"]] {
                let words = [&front[..], &[&form.text], last].concat();
                check(&secrets, &format!("{command} <{}>", form.name), &words);
                runs += 1;
            }
        }
        for option in options {
            for last in [&["-v"][..], &["--format", "json"]] {
                for _ in 0..2 {
                    let form = turn.next().unwrap();
                    let words = [&front[..], &base, &[option, &form.text], last].concat();
                    check(
                        &secrets,
                        &format!("{command} {option} {}", form.name),
                        &words,
                    );
                    runs += 1;
                }
            }
        }
    }
    for form in &forms {
        for front in [
            &["protocols", "--dialect", "openssl"][..],
            &["tsm", "security", "custom-cert", "add", "-c"],
            &["tsm", "configuration", "set", "-k", "x", "-v"],
            &["explain", "--symptom"],
            &["preflight", "--cert-file", "--key-file"],
            &["verify", "/nowhere", "--anchors"],
            &["trust", "plan"],
            &[],
        ] {
            check(
                &secrets,
                &format!("{front:?} {}", form.name),
                &[front, &[&form.text]].concat(),
            );
            let variable = format!("NAME={}", form.text);
            check(
                &secrets,
                &format!("{front:?} NAME={}", form.name),
                &[front, &[&variable]].concat(),
            );
            runs += 2;
        }
    }
    println!(
        "{} commands, {options} options, {} forms, {runs} runs",
        commands.len(),
        forms.len()
    );
}

/// A directory with that text in every place of the settings that takes a value.
fn settings(server: &str, text: &str) -> Vec<String> {
    let line = text.replace('\n', "\\n");
    let quoted = text.replace('"', "");
    match server {
        "apache" => ["SSLCertificateKeyFile", "SSLCertificateFile", "SSLProtocol", "SSLCACertificateFile", "ServerName",
            "SSLCipherSuite", "Include", "Listen", "NoSuchDirective", "SSLPassPhraseDialog", "Define KEY", "<IfDefine"]
            .iter()
            .flat_map(|name| [
                format!("Listen 443\n<VirtualHost *:443>\nSSLEngine on\n{name} \"{quoted}\"\n</VirtualHost>\n"),
                format!("Listen 443\n{name} {line}\n<VirtualHost {line}:443>\nSSLEngine on\n</VirtualHost>\n"),
            ])
            .collect(),
        "nginx" => ["ssl_certificate_key", "ssl_certificate", "ssl_protocols", "ssl_trusted_certificate", "server_name",
            "ssl_ciphers", "include", "ssl_password_file", "no_such_directive", "ssl_conf_command Protocol", "set $key", "return 200"]
            .iter()
            .flat_map(|name| [
                format!("events {{}}\nhttp {{\nserver {{\nlisten 443 ssl;\n{name} \"{quoted}\";\n}}\n}}\n"),
                format!("events {{}}\nhttp {{\nserver {{\nlisten 443 ssl;\n{name} \"data:{quoted}\";\n}}\n}}\n"),
                format!("events {{}}\nhttp {{\nserver {{\nlisten {line} ssl;\n{name} {line};\n}}\n}}\n"),
            ])
            .collect(),
        "haproxy" => ["crt", "ca-file", "ssl-min-ver", "ciphers", "crt-list", "no-such-word", "alpn"]
            .iter()
            .flat_map(|word| [
                format!("frontend f\n  mode http\n  bind :443 ssl {word} \"{}\"\n", quoted.replace('\n', "\\n")),
                format!("frontend {line}\n  bind {line}:443 ssl {word} {line}\n  {word} {line}\nglobal\n  crt-base {line}\n"),
                format!("crt-store s\n  load crt a key {line}\n"),
            ])
            .collect(),
        "postgres" => ["ssl_key_file", "ssl_cert_file", "ssl_ca_file", "ssl_min_protocol_version", "ssl_ciphers",
            "ssl_passphrase_command", "include", "no_such_setting", "ssl"]
            .iter()
            .flat_map(|name| [
                format!("ssl = on\n{name} = '{quoted}'\n"),
                format!("ssl = on\n{name} = {line}\n{line} = on\n"),
            ])
            .collect(),
        "tabpy" => ["TABPY_KEY_FILE", "TABPY_CERTIFICATE_FILE", "TABPY_MINIMUM_TLS_VERSION", "TABPY_TRANSFER_PROTOCOL",
            "TABPY_PORT", "TABPY_PWD_FILE", "NO_SUCH"]
            .iter()
            .flat_map(|name| [
                format!("[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\n{name} = {line}\n"),
                format!("[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\n{name} = {}\n", quoted.replace('\n', "\n ")),
                format!("[{line}]\n{line}\n{line} = 1\n"),
            ])
            .collect(),
        _ => ["tls.key", "tls.cert", "tls.ca", "qap.tls.port", "remote", "no.such", "pwdfile"]
            .iter()
            .map(|name| format!("qap enable\ntls.port 4912\n{name} {line}\n{line} {line}\n"))
            .collect(),
    }
}

#[test]
fn a_key_in_settings_is_not_repeated() {
    let secrets = secrets();
    let forms = pasted();
    let servers = ["apache", "nginx", "haproxy", "postgres", "tabpy", "rserve"];
    let runs: usize = std::thread::scope(|scope| {
        let in_server = |server: &'static str| {
            let (forms, secrets) = (&forms, &secrets);
            scope.spawn(move || of_server(secrets, forms, server))
        };
        let threads: Vec<_> = servers.into_iter().map(in_server).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    println!("{runs} runs");
    assert!(runs >= 500, "{runs}");
}

/// Four forms of a key in each place, all of them over the places of a server; and each
/// alone, in place of settings.
fn of_server(secrets: &Secrets, forms: &[Pasted], server: &str) -> usize {
    let dir = scratch();
    let places = settings(server, "x").len();
    let mut runs = 0;
    let mut turn = forms.iter().cycle();
    for place in 0..places {
        for form in turn.by_ref().take(4) {
            let text = settings(server, &form.text).swap_remove(place);
            runs += in_settings(secrets, server, &dir, &text, runs, form.name);
        }
    }
    for form in forms {
        runs += in_settings(secrets, server, &dir, &form.text, runs, form.name);
    }
    runs
}

fn in_settings(
    secrets: &Secrets,
    server: &str,
    dir: &tempfile::TempDir,
    text: &str,
    number: usize,
    name: &str,
) -> usize {
    let file = put(dir.path(), &format!("{server}.conf"), text.as_bytes());
    let last: &[&str] = if number % 4 < 2 {
        &["-v"]
    } else {
        &["--format", "json"]
    };
    let what = format!("{server}, {name}: {text}");
    check(
        secrets,
        &what,
        &[
            &["preflight", "--server", server, "--config", &file][..],
            last,
        ]
        .concat(),
    );
    if matches!(server, "apache" | "nginx" | "haproxy" | "postgres") {
        check(
            secrets,
            &what,
            &[
                &["protocols", "--dialect", server, "--config", &file][..],
                last,
            ]
            .concat(),
        );
        return 2;
    }
    1
}
