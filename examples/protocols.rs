//! What does a protocol string mean to Apache, and how does nginx say it?
//!
//! cargo run --example protocols -- 'all -SSLv2 -SSLv3'
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::protocol::{Dialect, Environment, ProtocolString};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("usage: protocols STRING")?;
    let string = ProtocolString::parse(Dialect::Apache, text.as_str());
    let apache = Environment::default_for(Dialect::Apache);
    let evaluation = string.evaluate(&apache);
    println!(
        "accepted {}, effective {:?}",
        evaluation.accepted,
        evaluation.effective.names()
    );
    let nginx = Environment::default_for(Dialect::Nginx);
    // By what works and not word by word: each program fills gaps and reads signs in its own way.
    match string.translate(&apache, Dialect::Nginx, &nginx) {
        Ok(words) => println!(
            "nginx: ssl_protocols {}",
            String::from_utf8_lossy(words.as_bytes())
        ),
        Err(problem) => println!("nginx cannot say it: {}", problem.reason),
    }
    Ok(())
}
