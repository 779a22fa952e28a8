//! Tableau Server: its gateway is Apache httpd with OpenSSL 3 at security level 2
//! (since 2025.3), and tsm has demands of its own.

use super::startup::KeyFileRule;
use super::{
    ChainSource, Completion, EncryptedKey, KeyAlgorithmFamily, Loaders, Pairing, Profile, apache,
};
use crate::protocol::Dialect;

pub(super) static PROFILE: Profile = Profile {
    name: "tableau",
    title: "Tableau Server (gateway: Apache httpd, OpenSSL 3 at security level 2)",
    loaders: Loaders::OpenSsl,
    damage_ends_chain: false,
    heeds_odd_extensions: true,
    reads_der_key: false,
    end_entity_first: true,
    chain: ChainSource::ChainFileElseRest,
    completion: Completion::FromCaFile,
    key_in_certificate_file: false,
    combined_files: false,
    key_file: KeyFileRule::Nothing,
    startup: apache::STARTUP,
    pairing: Pairing::Position,
    extension: Some("crt"),
    keys: Some(&[KeyAlgorithmFamily::Rsa, KeyAlgorithmFamily::Dsa]),
    least_rsa_bits: 2048,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: false,
        consequence: "tsm has to be given the passphrase when it enables external SSL",
    },
    dialect: Dialect::Tsm,
    protocol_setting: true,
    consequences: apache::CONSEQUENCES,
};
