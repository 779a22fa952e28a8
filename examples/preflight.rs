//! May this certificate and key be enabled on nginx, and who will connect?
//!
//! cargo run --example preflight -- fullchain.pem key.pem [root.pem]
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::Source;
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use certcheck::trust_store::Anchors;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [certificate, key, root @ ..] = files.as_slice() else {
        return Err("usage: preflight CERTIFICATE KEY [ROOT]".into());
    };
    let read =
        |path: &String| Ok::<_, std::io::Error>(Source::new(path.as_str(), std::fs::read(path)?));
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = certcheck::Time::from_unix_seconds(seconds.try_into()?);
    let nginx = Profile::named("nginx").ok_or("no such server")?;
    let mut preflight = Preflight::new(nginx, now)
        .certificate_file(read(certificate)?)
        .key_file(read(key)?);
    if let [root] = root {
        let mut anchors = Anchors::new();
        anchors.add_file(read(root)?);
        preflight = preflight.anchors(anchors);
    }
    let answer = preflight.run();
    if let Some(startup) = &answer.result.startup {
        println!("nginx {}", startup.outcome.as_str());
    }
    for row in &answer.result.clients {
        println!(
            "{:<22} {:<9} {}",
            row.client,
            row.verdict.as_str(),
            row.reason.as_deref().unwrap_or("")
        );
    }
    for finding in &answer.findings {
        println!(
            "{:?}: {}: {}",
            finding.severity,
            finding.code(),
            finding.message()
        );
    }
    println!("{:?}", answer.verdict());
    Ok(())
}
