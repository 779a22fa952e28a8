//! Which signatures OpenSSL knows, by their object identifiers.
//!
//! `OBJ_find_sigid_algs` of 3.0.19. An algorithm that it does not know (ECDSA with SHA-3) signs
//! nothing: no certificate with it has an issuer, and not even a root with it is self-signed
//! (`check_sig_alg_match`, crypto/x509/v3_purp.c).

/// Each with the bits of security that OpenSSL counts for it; 0 if they are fewer than level 1
/// requires.
const SIGNATURES: &[(&[u8], u32)] = &[
    // sha256, sha384, sha512, sha224 with RSA
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 128),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", 192),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", 256),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", 112),
    // ECDSA with sha224, sha256, sha384, sha512
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x01", 112),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", 128),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", 192),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", 256),
    // Ed25519, Ed448
    (b"\x2b\x65\x70", 128),
    (b"\x2b\x65\x71", 224),
    // DSA with sha224, sha256
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x01", 112),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x02", 128),
    // sha3-224, sha3-256, sha3-384, sha3-512 with RSA
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x0d", 112),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e", 128),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x0f", 192),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x10", 256),
    // SM2 with SM3
    (b"\x2a\x81\x1c\xcf\x55\x01\x83\x75", 128),
    // RSASSA-PSS has the bits of its hash.
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 0),
    // MD2, MD4, MD5, SHA-1 with RSA
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", 0),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x03", 0),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", 0),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", 0),
    // RIPEMD-160 with RSA: 160 bits, halved
    (b"\x2b\x24\x03\x03\x01\x02", 80),
    // The same under other object identifiers: MD5, SHA, SHA-1, MDC-2
    (b"\x2b\x0e\x03\x02\x03", 0),
    (b"\x2b\x0e\x03\x02\x0f", 0),
    (b"\x2b\x0e\x03\x02\x1d", 0),
    (b"\x55\x08\x03\x64", 0),
    // DSA with SHA and SHA-1
    (b"\x2b\x0e\x03\x02\x0d", 0),
    (b"\x2b\x0e\x03\x02\x1b", 0),
    (b"\x2a\x86\x48\xce\x38\x04\x03", 0),
    // ECDSA with SHA-1, ecdsa-with-Recommended, ecdsa-with-Specified
    (b"\x2a\x86\x48\xce\x3d\x04\x01", 0),
    (b"\x2a\x86\x48\xce\x3d\x04\x02", 0),
    (b"\x2a\x86\x48\xce\x3d\x04\x03", 0),
    // GOST
    (b"\x2a\x85\x03\x02\x02\x03", 0),
    (b"\x2a\x85\x03\x07\x01\x01\x03\x02", 0),
    (b"\x2a\x85\x03\x07\x01\x01\x03\x03", 0),
];

/// The bits of security of a signature's algorithm, if OpenSSL knows it.
pub(crate) fn openssl_signature(oid: &[u8]) -> Option<u32> {
    let mut all = SIGNATURES.iter();
    all.find(|(known, _)| *known == oid).map(|(_, bits)| *bits)
}
