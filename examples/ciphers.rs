//! What does a cipher string switch on, and which clients share nothing with it?
//!
//! cargo run --example ciphers -- 'HIGH:!aNULL'
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::cipher::CipherList;
use certcheck::handshake::{ClientHello, KeyKind, ServerKey, ServerOffer, agree};
use certcheck::protocol::{Version, VersionSet};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let string = std::env::args().nth(1).ok_or("usage: ciphers STRING")?;
    let list = CipherList::openssl(&string);
    if let Some(refusal) = list.refused {
        return Err(refusal.to_string().into());
    }
    for suite in &list.suites {
        println!("{}", suite.openssl);
    }
    // A cipher string says nothing about TLS 1.3, whose suites would hide what it leaves out.
    let versions = VersionSet::only(Version::TLSv1_2);
    let keys = vec![ServerKey::new(KeyKind::Rsa(2048))];
    let offer = ServerOffer::new(versions, list.suites, keys);
    for name in ["openssl", "go", "java", "chrome", "rustls"] {
        let client = ClientHello::of(name).ok_or("no such client")?;
        match agree(&offer, client) {
            Ok(agreement) => println!("{name}: {}", agreement.suite.iana),
            Err(failure) => println!("{name}: {failure}"),
        }
    }
    Ok(())
}
