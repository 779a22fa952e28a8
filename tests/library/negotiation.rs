//! Cipher strings and handshakes against what OpenSSL and real clients did.

#[path = "negotiation/agreements.rs"]
mod agreements;
#[path = "negotiation/cipher_strings.rs"]
mod cipher_strings;
use crate::support::here;
#[path = "negotiation/openssl_conf.rs"]
mod openssl_conf;
#[path = "negotiation/settings.rs"]
mod settings;
