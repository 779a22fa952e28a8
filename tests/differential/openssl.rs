//! libssl itself: SSL_CONF commands, the reader of openssl.cnf, handshakes in memory.

use super::machine::{Scratch, pipe, program, run};
use super::random;
use super::report::{Report, evaluate, shown, texts, yes};
use certcheck::protocol::Dialect;

pub(crate) fn openssl(scratch: &Scratch, seed: u64) -> Report {
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
