//! The rules of the house: its floors, no circles, and the licences of what it uses.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod circles;
mod layers;
mod licences;
mod recipes;
mod rooms;
#[path = "../support/mod.rs"]
mod support;
mod words;
