//! Against real servers, clients and loaders on this machine. What is not installed is said to be skipped.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod assembled;
mod client_certificates;
mod clients_real;
mod containers_real;
mod handshakes_real;
mod haproxy_real;
mod loader_keys;
mod loaders_real;
mod nginx_real;
mod opened_files;
mod peer_testssl;
mod peer_view;
mod peers;
#[path = "../pki/mod.rs"]
mod pki;
mod postgres_hba_real;
mod probe;
mod reload_real;
mod running;
mod servers_real;
mod settings_real;
#[path = "../support/mod.rs"]
mod support;
