//! The extensions of certificate policies.

use super::{extension, oid, seq, tlv};

pub const ONE: &str = "1.3.6.1.4.1.99999.1";
pub const TWO: &str = "1.3.6.1.4.1.99999.2";
pub const THREE: &str = "1.3.6.1.4.1.99999.3";
pub const ANY: &str = "2.5.29.32.0";

pub fn policies(list: &[&str]) -> Vec<u8> {
    let list: Vec<u8> = list
        .iter()
        .flat_map(|policy| seq(&[&oid(policy)]))
        .collect();
    extension("2.5.29.32", false, &tlv(0x30, &list))
}

pub fn mappings(list: &[(&str, &str)]) -> Vec<u8> {
    let list: Vec<u8> = list
        .iter()
        .flat_map(|(from, to)| seq(&[&oid(from), &oid(to)]))
        .collect();
    extension("2.5.29.33", true, &tlv(0x30, &list))
}

pub fn constraints(explicit: Option<u8>, mapping: Option<u8>) -> Vec<u8> {
    let field = |tag: u8, value: Option<u8>| value.map_or(vec![], |value| vec![tag, 1, value]);
    let contents = [field(0x80, explicit), field(0x81, mapping)].concat();
    extension("2.5.29.36", true, &tlv(0x30, &contents))
}

pub fn inhibit_any(after: u8) -> Vec<u8> {
    extension("2.5.29.54", true, &[2, 1, after])
}
