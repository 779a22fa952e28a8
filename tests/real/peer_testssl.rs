//! A second peer's view: `testssl.sh` finds at the same live servers the versions and suites
//! that their settings predict.

use crate::peers::{VERSIONS, each, predicted};
use crate::support::here;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Its names of versions, in the order of [`VERSIONS`].
const NAMES: [&str; 4] = ["TLS1", "TLS1_1", "TLS1_2", "TLS1_3"];

/// A line for each version, and for each of its suites.
fn seen(directory: &Path, port: u16, postgres: bool) -> Vec<String> {
    let report = directory.join(format!("testssl-{port}.json"));
    let mut command = Command::new("testssl");
    command.args(["--quiet", "--warnings", "off", "--color", "0"]);
    command.args(["--ip", "one", "--sneaky", "-p", "-E", "--jsonfile"]);
    command.arg(&report);
    if postgres {
        command.args(["--starttls", "postgres"]);
    }
    let output = command
        .arg(format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = fs::read_to_string(&report).unwrap_or_else(|_| panic!("{said}"));
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    let id = |row: &Value| row["id"].as_str().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    for (version, name) in VERSIONS.iter().zip(NAMES) {
        let own = rows.iter().find(|row| id(row) == name);
        let says = own.and_then(|row| row["finding"].as_str());
        let says = says.unwrap_or_else(|| panic!("{name} is not in {text}"));
        lines.push(format!("{version} {}", says.starts_with("offered")));
        let begins = format!("cipher-{}_x", name.to_lowercase());
        for row in &rows {
            if let Some(code) = id(row).strip_prefix(&begins) {
                let code = u16::from_str_radix(code, 16).unwrap();
                lines.push(format!("{version} 0x{code:04X}"));
            }
        }
    }
    lines.sort();
    lines
}

#[test]
fn testssl_sees_what_the_settings_predict() {
    if !here::have("testssl", "testssl.sh") {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    let servers = each(|server, name, running| {
        let mut predicted = predicted(server, &running.config);
        predicted.retain(|line| !line.contains("group"));
        predicted.sort();
        let seen = seen(directory.path(), running.port, server == "postgres");
        compared += seen.len();
        if predicted != seen {
            wrong.push(format!(
                "{server}, {name}: testssl.sh sees {seen:?}, predicted {predicted:?}"
            ));
        }
    });
    println!("{servers} servers: {compared} versions and suites");
    here::compared(
        "a peer's view",
        "testssl.sh",
        compared,
        servers * 5,
        wrong.len(),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
