//! `haproxy -c`, and bind lines on ports of their own.

use super::machine::{Scratch, Server, free_ports, handshakes, on_two_threads, program, run};
use super::random::{self, Random};
use super::report::{Report, yes};
use certcheck::protocol::{Dialect, Environment, Evaluation, ProtocolString};
use std::collections::BTreeSet;

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

pub(crate) fn haproxy(scratch: &Scratch, seed: u64) -> Report {
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
