//! The extensions of revocation lists, and those that point to them.

use super::{extension, tlv};

pub fn point(contents: &[Vec<u8>]) -> Vec<u8> {
    extension("2.5.29.28", true, &tlv(0x30, &contents.concat()))
}

pub fn full_name(url: &str) -> Vec<u8> {
    tlv(0xa0, &tlv(0xa0, &tlv(0x86, url.as_bytes())))
}

pub fn reason(code: u8) -> Vec<u8> {
    extension("2.5.29.21", false, &[10, 1, code])
}

/// cRLDistributionPoints of one point.
pub fn distribution(contents: &[Vec<u8>]) -> Vec<u8> {
    extension(
        "2.5.29.31",
        false,
        &tlv(0x30, &tlv(0x30, &contents.concat())),
    )
}

/// certificateIssuer of an entry.
pub fn entry_issuer(name: &[u8]) -> Vec<u8> {
    extension("2.5.29.29", true, &tlv(0x30, &tlv(0xa4, name)))
}

/// deltaCRLIndicator.
pub fn base_number(number: u8) -> Vec<u8> {
    extension("2.5.29.27", true, &super::number(number))
}
