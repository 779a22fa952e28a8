//! The TLS handshake from files: what each client offers.

mod hello;

pub use hello::ClientHello;
