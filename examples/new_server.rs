//! A server that certcheck does not know: does it load these files?
//!
//! cargo run --example new_server -- fullchain.pem key.pem
#![allow(clippy::print_stdout, reason = "it prints its findings")]

use certcheck::answer::Answer;
use certcheck::finding::Code;
use certcheck::preflight::{Preflight, PreflightResult};
use certcheck::server::{EncryptedKey, Profile};
use certcheck::{Source, Time};
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

/// It uses OpenSSL 3: only what is specific to it needs a line here.
static ACME: Profile = Profile::on_openssl("acme", "Acme gateway 4 with OpenSSL 3")
    .with_extension("pem")
    .with_encrypted_key(EncryptedKey {
        can_ask: false,
        asks_at_start: false,
        consequence: "the gateway has no setting for a passphrase and does not start",
    })
    .with_consequences(&[
        (Code::KeyMismatch, "the gateway stops with `error 17`"),
        (
            Code::CertificateExpired,
            "the gateway starts; clients refuse",
        ),
    ]);

/// Runs a preflight of these two files for it.
pub(crate) fn judge(certificate: Source, key: Source, at: Time) -> Answer<PreflightResult> {
    Preflight::new(&ACME, at)
        .certificate_file(certificate)
        .key_file(key)
        .run()
}

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [certificate, key] = files.as_slice() else {
        return Err("usage: new_server CERTIFICATE KEY".into());
    };
    let read =
        |path: &String| Ok::<_, std::io::Error>(Source::new(path.as_str(), std::fs::read(path)?));
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_unix_seconds(seconds.try_into()?);
    let answer = judge(read(certificate)?, read(key)?, now);
    for finding in &answer.findings {
        println!("{}: {}", finding.code(), finding.message());
        if let Some(text) = ACME.consequence(finding.code()) {
            println!("  {text}");
        }
    }
    println!("{:?}", answer.verdict());
    Ok(())
}
