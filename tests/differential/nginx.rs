//! `nginx -t`, and servers on ports of their own.

use super::machine::{Scratch, Server, free_ports, handshakes, on_two_threads, program, run};
use super::random;
use super::report::{Report, evaluate, shown, texts, yes};
use certcheck::protocol::Dialect;

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

pub(crate) fn nginx(scratch: &Scratch, seed: u64) -> Report {
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
