//! `apache2 -t`, virtual hosts on ports of their own, and starts that must fail.

use super::machine::{Scratch, Server, free_ports, handshakes, on_two_threads, program, root, run};
use super::random;
use super::report::{Report, evaluate, shown, texts, yes};
use certcheck::protocol::Dialect;

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

pub(crate) fn apache(scratch: &Scratch, seed: u64) -> Report {
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
