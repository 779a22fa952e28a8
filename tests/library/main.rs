//! The library without a program around it: encodings, keys, paths, clients, servers, protocols.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::explicit_auto_deref,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that meets something unexpected has failed"
)]

mod anchors_file;
mod clients;
mod containers;
#[path = "../pki/dsa_keys.rs"]
mod dsa_keys;
mod encoding;
mod encoding_bombs;
mod encoding_loaders;
mod encoding_mutations;
#[path = "../pki/graph.rs"]
mod graph;
mod identity;
mod key;
mod key_forged;
mod key_hostile;
mod key_openssl;
mod limbo;
mod listeners;
mod negotiation;
mod new_client;
mod new_server;
mod odd_certificates;
mod path_arrange;
mod path_clauses;
mod path_dsa;
mod path_hostile;
mod path_policy;
mod path_profiles;
mod path_properties;
mod path_revocation;
mod pem_mutations;
#[path = "../pki/mod.rs"]
mod pki;
mod protocol_config;
mod protocol_findings;
mod protocol_properties;
mod protocol_tables;
mod rsa_parts;
mod servers;
mod settings;
mod settings_hostile;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
mod versions_documents;
