//! Names of groups (`SSL_CTX_set1_groups_list`). Measured: nginx 1.22.1 with
//! OpenSSL 3.0.19 of Debian 12, one name at a time.

use crate::handshake::Group;

/// OpenSSL's judgement of a list of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Groups {
    /// All names are known, and one is a group that every client offers.
    Good,
    /// OpenSSL refuses the list because of this name.
    Refused(String),
    /// The server starts, but clients may not share a group with it.
    Unusual,
}

/// Names are compared case-sensitively: `SECP384R1` is not known (measured: 3.0.19).
const NIST: &[&str] = &[
    "P-192", "P-224", "P-256", "P-384", "P-521", "K-163", "K-233", "K-283", "K-409", "K-571",
    "B-163", "B-233", "B-283", "B-409", "B-571",
];

const OTHERS: &[&str] = &[
    "x25519",
    "X25519",
    "x448",
    "X448",
    "prime192v1",
    "prime256v1",
    "secp192r1",
    "secp224r1",
    "secp256r1",
    "secp384r1",
    "secp521r1",
    "secp160k1",
    "secp160r1",
    "secp160r2",
    "secp192k1",
    "secp224k1",
    "secp256k1",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "ffdhe2048",
    "ffdhe3072",
    "ffdhe4096",
    "ffdhe6144",
    "ffdhe8192",
    "sect163k1",
    "sect163r1",
    "sect163r2",
    "sect193r1",
    "sect193r2",
    "sect233k1",
    "sect233r1",
    "sect239k1",
    "sect283k1",
    "sect283r1",
    "sect409k1",
    "sect409r1",
    "sect571k1",
    "sect571r1",
];

/// The short names of OpenSSL 3.0 (`openssl ecparam -list_curves`); its Oakley curves have no
/// order, so keys cannot use them.
#[rustfmt::skip]
const SHORT_NAMES: &[&str] = &[
    "secp112r1", "secp112r2", "secp128r1", "secp128r2", "secp160k1", "secp160r1", "secp160r2",
    "secp192k1", "secp224k1", "secp224r1", "secp256k1", "secp384r1", "secp521r1", "prime192v1",
    "prime192v2", "prime192v3", "prime239v1", "prime239v2", "prime239v3", "prime256v1",
    "sect113r1", "sect113r2", "sect131r1", "sect131r2", "sect163k1", "sect163r1", "sect163r2",
    "sect193r1", "sect193r2", "sect233k1", "sect233r1", "sect239k1", "sect283k1", "sect283r1",
    "sect409k1", "sect409r1", "sect571k1", "sect571r1", "c2pnb163v1", "c2pnb163v2", "c2pnb163v3",
    "c2pnb176v1", "c2tnb191v1", "c2tnb191v2", "c2tnb191v3", "c2pnb208w1", "c2tnb239v1",
    "c2tnb239v2", "c2tnb239v3", "c2pnb272w1", "c2pnb304w1", "c2tnb359v1", "c2pnb368w1",
    "c2tnb431r1", "wap-wsg-idm-ecid-wtls1", "wap-wsg-idm-ecid-wtls3", "wap-wsg-idm-ecid-wtls4",
    "wap-wsg-idm-ecid-wtls5", "wap-wsg-idm-ecid-wtls6", "wap-wsg-idm-ecid-wtls7",
    "wap-wsg-idm-ecid-wtls8", "wap-wsg-idm-ecid-wtls9", "wap-wsg-idm-ecid-wtls10",
    "wap-wsg-idm-ecid-wtls11", "wap-wsg-idm-ecid-wtls12", "Oakley-EC2N-3", "Oakley-EC2N-4",
    "brainpoolP160r1", "brainpoolP160t1", "brainpoolP192r1", "brainpoolP192t1", "brainpoolP224r1",
    "brainpoolP224t1", "brainpoolP256r1", "brainpoolP256t1", "brainpoolP320r1", "brainpoolP320t1",
    "brainpoolP384r1", "brainpoolP384t1", "brainpoolP512r1", "brainpoolP512t1", "SM2",
];

/// Whether `OBJ_sn2nid` and `EC_KEY_new_by_curve_name` know the curve, which is
/// how PostgreSQL before 18 looks it up: case-sensitively, and no other kind of group.
pub(in super::super) fn is_short_name_of_curve(name: &str) -> bool {
    SHORT_NAMES.contains(&name)
}

/// How OpenSSL reads `list`.
pub(in super::super) fn groups(list: &str) -> Groups {
    let mut good = false;
    let mut seen = Vec::new();
    for name in list.split(':') {
        if !NIST.contains(&name) && !OTHERS.contains(&name) {
            return Groups::Refused(name.to_owned());
        }
        // OpenSSL refuses a list with a repeated group (ssl/t1_lib.c, `gid_cb`).
        let group = Group::named(name);
        if group.is_some() && seen.contains(&group) {
            return Groups::Refused(name.to_owned());
        }
        seen.push(group);
        good |= matches!(
            name,
            "P-256" | "P-384" | "x25519" | "X25519" | "prime256v1" | "secp256r1" | "secp384r1"
        );
    }
    if good { Groups::Good } else { Groups::Unusual }
}

#[cfg(test)]
mod tests {
    use super::{Groups, groups};

    #[test]
    fn names_as_measured() {
        assert_eq!(groups("X25519:P-256"), Groups::Good);
        assert_eq!(groups("secp256k1"), Groups::Unusual);
        assert_eq!(groups("x448:brainpoolP256r1"), Groups::Unusual);
        for name in ["SECP384R1", "PRIME256V1", "FFDHE3072", "brainpoolp256r1"] {
            assert_eq!(groups(name), Groups::Refused(name.to_owned()));
        }
        assert_eq!(
            groups("P-256:secp384r1:prime256v1"),
            Groups::Refused("prime256v1".to_owned())
        );
        assert_eq!(groups("p-256"), Groups::Refused("p-256".to_owned()));
        assert_eq!(
            groups("X25519MLKEM768"),
            Groups::Refused("X25519MLKEM768".to_owned())
        );
    }
}
