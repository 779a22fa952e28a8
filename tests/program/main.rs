//! The program: its manners, its streams, its pages, what it writes and what it keeps to itself.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod bundle;
mod bundle_secrets;
mod cli;
mod configuration;
mod doctor;
mod effective;
mod explain_pages;
mod fetched;
mod formats;
mod native_roots;
mod odd_files;
mod readme;
mod receipts;
mod report;
mod run_as;
mod scan;
mod schema;
mod secrets;
mod settings_files;
mod stream;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod watch;
mod web;
mod written_files;
