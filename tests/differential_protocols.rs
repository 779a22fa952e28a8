//! Protocol strings against the real programs: generated strings through
//! `apache2 -t`, `nginx -t`, `haproxy -c`, `postgres -C` and libssl, and
//! handshakes with what they then speak.
//!
//! Runs with `CERTCHECK_DIFFERENTIAL=1` only, for it starts servers (on
//! loopback, on free ports) and takes minutes: `.ci/differential-protocols.sh`.
//! Exit code 0: compared what was promised, nothing differs. 1: something
//! differs, or too little was compared. 77: a program is missing (1 where
//! `CI` is set).

#[path = "differential/machine.rs"]
mod machine;
#[path = "differential/random.rs"]
mod random;

use certcheck::protocol::{Dialect, Environment, Evaluation, ProtocolString};
use machine::{Scratch, Server, found, free_ports, handshakes, on_two_threads, pipe, program, run};
use random::Random;
use std::collections::BTreeSet;
use std::process::{Command, ExitCode};

/// What one program's part of the run found.
struct Report {
    program: String,
    parsed: usize,
    shaken: usize,
    promised: (usize, usize),
    differences: Vec<String>,
}

impl Report {
    fn new(program: &str, promised: (usize, usize)) -> Self {
        Self {
            program: program.to_owned(),
            parsed: 0,
            shaken: 0,
            promised,
            differences: Vec::new(),
        }
    }

    fn same(&mut self, input: &str, what: &str, real: &str, ours: &str) {
        if real != ours {
            self.differences.push(format!(
                "{}: {input:?}: {what}: really {real:?}, ours {ours:?}",
                self.program
            ));
        }
    }
}

fn evaluate(dialect: Dialect, text: &[u8]) -> Evaluation {
    ProtocolString::parse(dialect, text).evaluate(&environment(dialect))
}

fn environment(dialect: Dialect) -> Environment {
    Environment::default_for(dialect)
        .with_define("SET", "TLSv1.2")
        .with_define("TWO", "+TLSv1.1 \"+TLSv1.2\"")
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// `count` different texts.
fn texts(seed: u64, count: usize, make: impl Fn(&mut Random) -> Vec<u8>) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    let mut seen = BTreeSet::new();
    let mut texts = Vec::new();
    while texts.len() < count {
        let text = make(&mut random);
        if seen.insert(text.clone()) {
            texts.push(text);
        }
    }
    texts
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

const APACHE_MODULES: &str = "/usr/lib/apache2/modules";

fn apache_base(scratch: &Scratch, name: &str) -> String {
    let directory = scratch.path("");
    let user = if root() {
        "User www-data\nGroup www-data\n"
    } else {
        ""
    };
    format!(
        "{user}ServerRoot {directory}\nServerName localhost\nPidFile {directory}{name}.pid\nMutex posixsem\nErrorLog /dev/stderr\n\
         LoadModule mpm_event_module {APACHE_MODULES}/mod_mpm_event.so\n\
         LoadModule authz_core_module {APACHE_MODULES}/mod_authz_core.so\n\
         LoadModule ssl_module {APACHE_MODULES}/mod_ssl.so\n\
         Define SET TLSv1.2\nDefine TWO \"+TLSv1.1 \\\"+TLSv1.2\\\"\"\n\
         SSLCertificateFile {directory}cert.pem\nSSLCertificateKeyFile {directory}key.pem\nSSLCipherSuite ALL:@SECLEVEL=0\n"
    )
}

fn apache(scratch: &Scratch, seed: u64) -> Report {
    let version = run(program("apache2").arg("-v")).text;
    let mut report = Report::new(
        version
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("Server version: "),
        (560, 64),
    );
    let inputs = texts(seed, 600, random::apache);
    let outputs = on_two_threads(&inputs, |index, input| {
        let mut conf = apache_base(scratch, "t").into_bytes();
        conf.extend_from_slice(b"Listen 127.0.0.1:1\nSSLEngine on\nSSLProtocol ");
        conf.extend_from_slice(input);
        conf.push(b'\n');
        let conf = scratch.write(&format!("t{index}.conf"), &conf);
        run(program("apache2").args(["-t", "-f", &conf]))
    });
    for (input, output) in inputs.iter().zip(&outputs) {
        let answer = evaluate(Dialect::Apache, input);
        let input = shown(input);
        report.same(
            &input,
            "accepted",
            yes(output.code == 0),
            yes(answer.accepted),
        );
        let mut lines = output
            .text
            .lines()
            .skip_while(|line| !line.starts_with("AH00526"));
        let error = lines.nth(1).unwrap_or_default();
        report.same(
            &input,
            "error",
            error,
            answer
                .message
                .as_deref()
                .filter(|_| !answer.accepted)
                .unwrap_or_default(),
        );
        let warnings: Vec<_> = output
            .text
            .lines()
            .filter_map(|line| line.find("AH0").map(|at| &line[at..]))
            .collect();
        let warnings: Vec<_> = warnings
            .into_iter()
            .filter(|line| !line.starts_with("AH00526"))
            .collect();
        report.same(
            &input,
            "warnings",
            &warnings.join("|"),
            &answer.warnings.join("|"),
        );
        report.parsed += 1;
    }
    // Handshakes: one server, a virtual host and a port for each string.
    let accepted: Vec<_> = inputs
        .iter()
        .filter(|input| evaluate(Dialect::Apache, input).accepted)
        .collect();
    let (empty, live): (Vec<&Vec<u8>>, Vec<_>) = accepted
        .into_iter()
        .partition(|input| !evaluate(Dialect::Apache, input).starts);
    let live: Vec<_> = live.into_iter().take(64).collect();
    let ports = free_ports(live.len());
    let mut conf = apache_base(scratch, "live").into_bytes();
    for (input, port) in live.iter().zip(&ports) {
        conf.extend(format!("Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nSSLEngine on\nSSLProtocol ").bytes());
        conf.extend_from_slice(input);
        // The blank line is for a string that ends with a backslash.
        conf.extend_from_slice(b"\n\n</VirtualHost>\n");
    }
    let conf = scratch.write("live.conf", &conf);
    match Server::start(
        program("apache2").args(["-DFOREGROUND", "-f", &conf]),
        ports[0],
    ) {
        Err(text) => report.differences.push(format!(
            "apache does not start with strings that are said to work: {text}"
        )),
        Ok(_server) => {
            let results = on_two_threads(&ports, |_, port| handshakes(*port, None));
            for (input, spoken) in live.iter().zip(results) {
                let ours = evaluate(Dialect::Apache, input).effective.to_string();
                report.same(&shown(input), "effective", &spoken, &ours);
                report.shaken += 1;
            }
        }
    }
    // An empty set passes `-t` and stops the start.
    for input in empty.iter().take(8) {
        let port = free_ports(1)[0];
        let mut conf = apache_base(scratch, "empty").into_bytes();
        conf.extend(format!("Listen 127.0.0.1:{port}\nSSLEngine on\nSSLProtocol ").bytes());
        conf.extend_from_slice(input);
        conf.push(b'\n');
        let conf = scratch.write("empty.conf", &conf);
        let started = Server::start(program("apache2").args(["-DFOREGROUND", "-f", &conf]), port);
        let text = started.err().unwrap_or_else(|| "it started".to_owned());
        let ours = evaluate(Dialect::Apache, input).message.unwrap();
        let real = if text.contains(&ours) { &ours } else { &text };
        report.same(&shown(input), "start", real, &ours);
        report.shaken += 1;
    }
    report
}

fn nginx_base(scratch: &Scratch) -> String {
    let directory = scratch.path("");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {directory}{name};\n"))
        .collect();
    format!(
        "pid {directory}nginx.pid;\nerror_log stderr warn;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\
         ssl_certificate {directory}cert.pem;\nssl_certificate_key {directory}key.pem;\nssl_ciphers ALL:@SECLEVEL=0;\n"
    )
}

fn nginx(scratch: &Scratch, seed: u64) -> Report {
    let version = run(program("nginx").arg("-v")).text;
    let mut report = Report::new(
        version.trim().trim_start_matches("nginx version: "),
        (180, 24),
    );
    let inputs = texts(seed, 180, random::nginx);
    let outputs = on_two_threads(&inputs, |index, input| {
        let mut conf = nginx_base(scratch)
            .replace("nginx.pid", &format!("n{index}.pid"))
            .into_bytes();
        conf.extend_from_slice(b"server {\nlisten 127.0.0.1:1 ssl;\nssl_protocols ");
        conf.extend_from_slice(input);
        // A text that brings its semicolon needs no second one.
        if !String::from_utf8_lossy(input).trim_end().ends_with(';') {
            conf.push(b';');
        }
        conf.extend_from_slice(b"\n}\n}\n");
        let conf = scratch.write(&format!("n{index}.conf"), &conf);
        run(program("nginx").args(["-t", "-e", "stderr", "-c", &conf]))
    });
    let mut live = Vec::new();
    for (input, output) in inputs.iter().zip(&outputs) {
        let answer = evaluate(Dialect::Nginx, input);
        let name = shown(input);
        report.same(
            &name,
            "accepted",
            yes(output.code == 0),
            yes(answer.accepted),
        );
        let line = output
            .text
            .lines()
            .find_map(|line| line.split_once("[emerg] ").map(|(_, text)| text));
        // The message ends with the file's name and the line.
        let real = line.map_or("", |line| {
            line.split_once(": ").map_or(line, |(_, text)| text)
        });
        let real = real.rsplit_once(" in ").map_or(real, |(text, _)| text);
        report.same(
            &name,
            "error",
            real,
            answer.message.as_deref().unwrap_or_default(),
        );
        let duplicates = output.text.matches("duplicate value").count();
        if answer.accepted {
            report.same(
                &name,
                "warnings",
                &duplicates.to_string(),
                &answer.warnings.len().to_string(),
            );
            live.push(input);
        }
        report.parsed += 1;
    }
    live.truncate(24);
    let ports = free_ports(live.len());
    let mut conf = nginx_base(scratch).into_bytes();
    for (input, port) in live.iter().zip(&ports) {
        conf.extend(format!("server {{\nlisten 127.0.0.1:{port} ssl;\nssl_protocols ").bytes());
        conf.extend_from_slice(input);
        if !String::from_utf8_lossy(input).trim_end().ends_with(';') {
            conf.push(b';');
        }
        conf.extend_from_slice(b"\n}\n");
    }
    conf.extend_from_slice(b"}\n");
    let conf = scratch.write("nginx.conf", &conf);
    let mut command = program("nginx");
    command.args([
        "-e",
        "stderr",
        "-c",
        &conf,
        "-g",
        "daemon off; master_process off;",
    ]);
    match Server::start(&mut command, ports[0]) {
        Err(text) => report
            .differences
            .push(format!("nginx does not start: {text}")),
        Ok(_server) => {
            let results = on_two_threads(&ports, |_, port| handshakes(*port, None));
            for (input, spoken) in live.iter().zip(results) {
                let ours = evaluate(Dialect::Nginx, input).effective.to_string();
                report.same(&shown(input), "effective", &spoken, &ours);
                report.shaken += 1;
            }
        }
    }
    report
}

fn haproxy_conf(global: &str, binds: &str) -> String {
    let global = if global.is_empty() {
        String::new()
    } else {
        format!(" {global}\n")
    };
    format!(
        "global\n ssl-default-bind-ciphers ALL:@SECLEVEL=0\n{global}defaults\n mode tcp\n timeout client 5s\n \
         timeout server 5s\n timeout connect 5s\n{binds}"
    )
}

fn haproxy_judge(options: &str, global: &str) -> Evaluation {
    let environment = Environment::default_for(Dialect::HaProxy).with_global(global);
    ProtocolString::parse(Dialect::HaProxy, options).evaluate(&environment)
}

fn haproxy(scratch: &Scratch, seed: u64) -> Report {
    let version = run(program("haproxy").arg("-v")).text;
    let mut report = Report::new(version.lines().next().unwrap(), (200, 24));
    let mut random = Random::new(seed);
    let mut inputs = BTreeSet::new();
    while inputs.len() < 200 {
        let options = random::haproxy(&mut random, false);
        let global = match random.below(2) {
            0 => String::new(),
            _ => format!(
                "ssl-default-bind-options {}",
                random::haproxy(&mut random, true)
            ),
        };
        inputs.insert((options, global));
    }
    let inputs: Vec<_> = inputs.into_iter().collect();
    let certificate = scratch.path("both.pem");
    let outputs = on_two_threads(&inputs, |index, (options, global)| {
        let bind = format!("frontend f\n bind 127.0.0.1:1 ssl crt {certificate} {options}\n");
        let conf = scratch.write(
            &format!("h{index}.cfg"),
            haproxy_conf(global, &bind).as_bytes(),
        );
        run(program("haproxy").args(["-c", "-f", &conf]))
    });
    let mut live = Vec::new();
    for ((options, global), output) in inputs.iter().zip(&outputs) {
        let answer = haproxy_judge(options, global);
        let name = format!("{options} / {global}");
        report.same(
            &name,
            "accepted",
            yes(output.code == 0),
            yes(answer.accepted),
        );
        if let Some(message) = answer.message.as_deref() {
            // Positions in a line count from its beginning, which we do not see.
            let message = message.split(" at position ").next().unwrap();
            report.same(&name, "error", yes(output.text.contains(message)), "yes");
        } else {
            let warnings = output.text.matches("[WARNING]").count();
            report.same(
                &name,
                "warnings",
                &warnings.to_string(),
                &answer.warnings.len().to_string(),
            );
            live.push((options, global));
        }
        report.parsed += 1;
    }
    // One server for the strings without global options, one each for a few others.
    let plain: Vec<_> = live
        .iter()
        .filter(|(_, global)| global.is_empty())
        .take(18)
        .collect();
    let mut groups: Vec<Vec<_>> = vec![plain];
    groups.extend(
        live.iter()
            .filter(|(_, global)| !global.is_empty())
            .take(8)
            .map(|one| vec![one]),
    );
    for group in groups {
        let ports = free_ports(group.len());
        let binds: String = group
            .iter()
            .zip(&ports)
            .map(|((options, _), port)| {
                format!(
                    "frontend f{port}\n bind 127.0.0.1:{port} ssl crt {certificate} {options}\n"
                )
            })
            .collect();
        let conf = scratch.write("haproxy.cfg", haproxy_conf(group[0].1, &binds).as_bytes());
        match Server::start(program("haproxy").args(["-db", "-f", &conf]), ports[0]) {
            Err(text) => report
                .differences
                .push(format!("haproxy does not start: {text}")),
            Ok(_server) => {
                let results = on_two_threads(&ports, |_, port| handshakes(*port, None));
                for ((options, global), spoken) in group.iter().zip(results) {
                    let ours = haproxy_judge(options, global).effective.to_string();
                    report.same(
                        &format!("{options} / {global}"),
                        "effective",
                        &spoken,
                        &ours,
                    );
                    report.shaken += 1;
                }
            }
        }
    }
    report
}

fn root() -> bool {
    run(Command::new("id").arg("-u")).text.trim() == "0"
}

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

fn postgres_binaries() -> Option<String> {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    versions.sort();
    versions
        .pop()
        .map(|path: std::path::PathBuf| path.to_str().unwrap().to_owned())
}

fn postgres(scratch: &Scratch, seed: u64) -> Report {
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

fn openssl(scratch: &Scratch, seed: u64) -> Report {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/differential/openssl_library.py"
    );
    let arguments =
        [script, &scratch.path("cert.pem"), &scratch.path("key.pem")].map(str::to_owned);
    let version = run(program("python3").args(&arguments).arg("--version"));
    assert_eq!(version.code, 0, "{}", version.text);
    let mut report = Report::new(&format!("libssl of {}", version.text.trim()), (300, 300));
    let values = texts(seed, 200, random::openssl);
    let commands = texts(seed ^ 0xC0FF, 140, |random| {
        random::openssl_conf(random).join("\n").into_bytes()
    });
    let hexadecimal = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let requests: Vec<_> = values
        .iter()
        .map(|value| {
            (
                Dialect::OpenSsl,
                value,
                format!("{{\"value\": \"{}\"}}\n", hexadecimal(value)),
            )
        })
        .chain(commands.iter().map(|text| {
            (
                Dialect::OpenSslConf,
                text,
                format!("{{\"conf\": \"{}\"}}\n", hexadecimal(text)),
            )
        }))
        .collect();
    let input: String = requests
        .iter()
        .map(|(_, _, request)| request.as_str())
        .collect();
    let output = pipe(program("python3").args(&arguments), &input);
    assert_eq!(output.code, 0, "{}", output.text);
    assert_eq!(
        output.text.lines().count(),
        requests.len(),
        "{}",
        output.text
    );
    for ((dialect, text, _), line) in requests.iter().zip(output.text.lines()) {
        let real: serde_json::Value = serde_json::from_str(line).unwrap();
        let answer = evaluate(*dialect, text);
        report.same(
            &shown(text),
            "accepted",
            yes(real["ok"].as_bool().unwrap()),
            yes(answer.accepted),
        );
        report.parsed += 1;
        // A section that libcrypto cannot read sets nothing.
        if let Some(effective) = real["effective"].as_str() {
            report.same(
                &shown(text),
                "effective",
                effective,
                &answer.effective.to_string(),
            );
            report.shaken += 1;
        }
    }
    report
}

fn main() -> ExitCode {
    let Ok(wanted) = std::env::var("CERTCHECK_DIFFERENTIAL") else {
        println!(
            "not run: .ci/differential-protocols.sh runs it (servers are started, minutes pass)"
        );
        return ExitCode::SUCCESS;
    };
    let seed = std::env::var("CERTCHECK_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_261_122);
    let ci = std::env::var_os("CI").is_some_and(|value| value != "" && value != "false");
    println!("seed {seed} (CERTCHECK_SEED)");
    let scratch = Scratch::new();
    type Part = (&'static str, bool, fn(&Scratch, u64) -> Report);
    let parts: [Part; 5] = [
        ("apache2", found("apache2"), apache),
        ("nginx", found("nginx"), nginx),
        ("haproxy", found("haproxy"), haproxy),
        ("postgres", postgres_binaries().is_some(), postgres),
        ("python3 and libssl.so.3", found("python3"), openssl),
    ];
    let (mut failed, mut skipped) = (false, false);
    // One part alone, by the beginning of its name, for whoever works on it.
    let asked = |name: &str| wanted == "1" || name.starts_with(&wanted);
    for (name, present, part) in parts.into_iter().filter(|(name, ..)| asked(name)) {
        if !present {
            println!("SKIPPED: {name} is not installed");
            skipped = true;
            continue;
        }
        let report = part(&scratch, seed);
        for difference in &report.differences {
            println!("  {difference}");
        }
        println!(
            "{}: {} strings parsed, {} held against what the server speaks, {} differ",
            report.program,
            report.parsed,
            report.shaken,
            report.differences.len()
        );
        let few = report.parsed < report.promised.0 || report.shaken < report.promised.1;
        if few {
            println!(
                "  too few: {} and {} were promised",
                report.promised.0, report.promised.1
            );
        }
        failed |= few || !report.differences.is_empty();
    }
    match (failed, skipped) {
        (true, _) => ExitCode::FAILURE,
        (false, true) if ci => {
            println!("FAILED: in CI every program must be there");
            ExitCode::FAILURE
        }
        (false, true) => ExitCode::from(77),
        (false, false) => ExitCode::SUCCESS,
    }
}
