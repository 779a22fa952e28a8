//! Cipher strings and handshakes against what OpenSSL and real clients did.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "negotiation/agreements.rs"]
mod agreements;
#[path = "negotiation/cipher_strings.rs"]
mod cipher_strings;
#[path = "support/here.rs"]
mod here;
#[path = "negotiation/openssl_conf.rs"]
mod openssl_conf;
#[path = "negotiation/settings.rs"]
mod settings;
