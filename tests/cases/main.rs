//! The cases of testdata/, the remedies that findings name, and the chains that are put in order.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod cases;
mod chain_fix;
#[path = "../pki/graph.rs"]
mod graph;
#[path = "../pki/mod.rs"]
mod pki;
mod remedies;
#[path = "../support/mod.rs"]
mod support;
