//! A client that certcheck does not know: does it accept this server?
//!
//! cargo run --example new_client -- fullchain.pem key.pem root.pem www.example.com
#![allow(clippy::print_stdout, reason = "it prints a verdict")]

use certcheck::answer::Answer;
use certcheck::client::{Client, ClientProfile};
use certcheck::handshake::ClientHello;
use certcheck::preflight::{Preflight, PreflightResult};
use certcheck::protocol::Version;
use certcheck::server::Profile;
use certcheck::server_name::ServerName;
use certcheck::trust_store::Anchors;
use certcheck::{Source, Time};
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

/// It uses OpenSSL 3: only what is specific to it needs a line here.
pub(crate) static AGENT: ClientProfile = ClientProfile::like("openssl", "acme", "Acme agent 4")
    .with_sources(&["Acme agent 4, administrator's guide, chapter 7"])
    .with_security_level(1)
    .with_partial_chain(true)
    .with_common_name(false)
    .with_hello(ClientHello::like("openssl", "Acme agent 4").with_versions(&[Version::TLSv1_2]));

/// Asks it about the files of an nginx, with `root` in its trust store.
pub(crate) fn judge(
    [certificate, key, root]: [Source; 3],
    name: ServerName,
    at: Time,
) -> Result<Answer<PreflightResult>, Box<dyn Error>> {
    let mut anchors = Anchors::new();
    anchors.add_file(root);
    let nginx = Profile::named("nginx").ok_or("no such server")?;
    Ok(Preflight::new(nginx, at)
        .certificate_file(certificate)
        .key_file(key)
        .anchors(anchors)
        .host(name)
        .client(Client::of(&AGENT))
        .run())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [certificate, key, root, name] = arguments.as_slice() else {
        return Err("usage: new_client CERTIFICATE KEY ROOT NAME".into());
    };
    let read =
        |path: &String| Ok::<_, std::io::Error>(Source::new(path.as_str(), std::fs::read(path)?));
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_unix_seconds(seconds.try_into()?);
    let files = [read(certificate)?, read(key)?, read(root)?];
    let answer = judge(files, name.parse()?, now)?;
    for client in &answer.result.clients {
        let verdict = client.verdict.as_str();
        println!("{}: {verdict}", client.client);
        if let Some(reason) = &client.reason {
            println!("  {reason}");
        }
    }
    Ok(())
}
