//! The orders of OpenSSL's named curves. Half of an order's bits are the bits of security that a
//! security level counts.

use super::Curve;

/// `EC_GROUP_order_bits` of the curves of `EC_get_builtin_curves` (OpenSSL 3.0.19) that are
/// not computed here, by the names of [`Curve`].
const ORDERS: [(&str, u32); 72] = [
    ("1.3.132.0.6", 112),  // secp112r1
    ("1.3.132.0.7", 110),  // secp112r2
    ("1.3.132.0.28", 128), // secp128r1
    ("1.3.132.0.29", 126), // secp128r2
    ("secp160k1", 161),
    ("secp160r1", 161),
    ("secp160r2", 161),
    ("secp192k1", 192),
    ("secp224k1", 225),
    ("P-192", 192),
    ("1.2.840.10045.3.1.2", 192), // prime192v2
    ("1.2.840.10045.3.1.3", 192), // prime192v3
    ("1.2.840.10045.3.1.4", 239), // prime239v1
    ("1.2.840.10045.3.1.5", 239), // prime239v2
    ("1.2.840.10045.3.1.6", 239), // prime239v3
    ("1.3.132.0.4", 113),         // sect113r1
    ("1.3.132.0.5", 113),         // sect113r2
    ("1.3.132.0.22", 131),        // sect131r1
    ("1.3.132.0.23", 131),        // sect131r2
    ("1.3.132.0.1", 163),         // sect163k1
    ("1.3.132.0.2", 162),         // sect163r1
    ("1.3.132.0.15", 163),        // sect163r2
    ("1.3.132.0.24", 193),        // sect193r1
    ("1.3.132.0.25", 193),        // sect193r2
    ("1.3.132.0.26", 232),        // sect233k1
    ("1.3.132.0.27", 233),        // sect233r1
    ("1.3.132.0.3", 238),         // sect239k1
    ("sect283k1", 281),
    ("sect283r1", 282),
    ("sect409k1", 407),
    ("sect409r1", 409),
    ("sect571k1", 570),
    ("sect571r1", 570),
    ("1.2.840.10045.3.0.1", 163),  // c2pnb163v1
    ("1.2.840.10045.3.0.2", 162),  // c2pnb163v2
    ("1.2.840.10045.3.0.3", 162),  // c2pnb163v3
    ("1.2.840.10045.3.0.4", 161),  // c2pnb176v1
    ("1.2.840.10045.3.0.5", 191),  // c2tnb191v1
    ("1.2.840.10045.3.0.6", 190),  // c2tnb191v2
    ("1.2.840.10045.3.0.7", 189),  // c2tnb191v3
    ("1.2.840.10045.3.0.10", 193), // c2pnb208w1
    ("1.2.840.10045.3.0.11", 238), // c2tnb239v1
    ("1.2.840.10045.3.0.12", 237), // c2tnb239v2
    ("1.2.840.10045.3.0.13", 236), // c2tnb239v3
    ("1.2.840.10045.3.0.16", 257), // c2pnb272w1
    ("1.2.840.10045.3.0.17", 289), // c2pnb304w1
    ("1.2.840.10045.3.0.18", 353), // c2tnb359v1
    ("1.2.840.10045.3.0.19", 353), // c2pnb368w1
    ("1.2.840.10045.3.0.20", 418), // c2tnb431r1
    ("2.23.43.1.4.1", 112),        // wap-wsg-idm-ecid-wtls1
    ("2.23.43.1.4.3", 163),        // wap-wsg-idm-ecid-wtls3
    ("2.23.43.1.4.4", 113),        // wap-wsg-idm-ecid-wtls4
    ("2.23.43.1.4.5", 163),        // wap-wsg-idm-ecid-wtls5
    ("2.23.43.1.4.6", 112),        // wap-wsg-idm-ecid-wtls6
    ("2.23.43.1.4.7", 161),        // wap-wsg-idm-ecid-wtls7
    ("2.23.43.1.4.8", 113),        // wap-wsg-idm-ecid-wtls8
    ("2.23.43.1.4.9", 161),        // wap-wsg-idm-ecid-wtls9
    ("2.23.43.1.4.10", 232),       // wap-wsg-idm-ecid-wtls10
    ("2.23.43.1.4.11", 233),       // wap-wsg-idm-ecid-wtls11
    ("2.23.43.1.4.12", 224),       // wap-wsg-idm-ecid-wtls12
    ("1.3.36.3.3.2.8.1.1.1", 160), // brainpoolP160r1
    ("1.3.36.3.3.2.8.1.1.2", 160), // brainpoolP160t1
    ("1.3.36.3.3.2.8.1.1.3", 192), // brainpoolP192r1
    ("1.3.36.3.3.2.8.1.1.4", 192), // brainpoolP192t1
    ("brainpoolP224r1", 224),
    ("1.3.36.3.3.2.8.1.1.6", 224), // brainpoolP224t1
    ("brainpoolP256t1", 256),
    ("brainpoolP320r1", 320),
    ("1.3.36.3.3.2.8.1.1.10", 320), // brainpoolP320t1
    ("brainpoolP384t1", 384),
    ("brainpoolP512t1", 512),
    ("SM2", 256),
];

/// The bits of a curve's order; `None` if OpenSSL does not know it. A curve that is written out has
/// as many as any level requires.
pub(crate) fn order_bits(curve: &Curve) -> Option<u32> {
    match curve {
        Curve::Other(name) => {
            let known = ORDERS.iter().find(|(known, _)| known == name);
            known.map(|(_, bits)| *bits)
        }
        Curve::Explicit => Some(u32::MAX),
        named => named.bits(),
    }
}
