//! Keys that are damaged or forged on purpose: each names the relation that
//! does not hold, and is never a match.

use crate::support::der;
use crate::support::keys;

use certcheck::key_match::{Half, Pair, Reason, group, pair};
use certcheck::model::{KeyForm, KeyProblem, PrivateKey, Relation};
use der::{Node, integer, octets, parse, sequence};
use keys::section;

fn plain(form: KeyForm, der: &[u8]) -> Result<PrivateKey, KeyProblem> {
    PrivateKey::read(form, &[], der, None)
}

fn relation(form: KeyForm, der: &[u8]) -> Option<Relation> {
    plain(form, der)
        .unwrap()
        .check()
        .err()
        .map(|wrong| wrong.relation)
}

/// The integers of a PKCS#1 or traditional DSA key.
fn integers(file: &str) -> Vec<Vec<u8>> {
    let Node::Sequence(fields) = parse(section(file).contents()) else {
        panic!("{file} is no SEQUENCE");
    };
    fields
        .into_iter()
        .map(|field| match field {
            Node::Primitive(2, value) => value,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn rebuild(integers: &[Vec<u8>]) -> Vec<u8> {
    sequence(
        &integers
            .iter()
            .map(|value| integer(value))
            .collect::<Vec<_>>(),
    )
}

const N: usize = 1;
const E: usize = 2;
const D: usize = 3;
const P: usize = 4;
const Q: usize = 5;
const DP: usize = 6;
const DQ: usize = 7;
const Q_INVERSE: usize = 8;

#[test]
fn each_damaged_number_of_an_rsa_key_names_its_relation() {
    let sound = integers("rsa2048.pkcs1.pem");
    let other = integers_of_pkcs8("rsa2048-other.pem");
    assert_eq!(relation(KeyForm::Pkcs1, &rebuild(&sound)), None);
    let bit = |index: usize, byte: usize| {
        let mut damaged = sound.clone();
        damaged[index][byte] ^= 1;
        damaged
    };
    let last = |index: usize| sound[index].len() - 1;
    let replace = |index: usize, value: &[u8]| {
        let mut forged = sound.clone();
        forged[index] = value.to_vec();
        forged
    };
    let swap = |one: usize, two: usize| {
        let mut swapped = sound.clone();
        swapped.swap(one, two);
        swapped
    };
    // The forgery of scenario S10: the right modulus, the rest another key's.
    let mut forged = other.clone();
    forged[N] = sound[N].clone();
    let mut one_prime = sound.clone();
    one_prime[P] = sound[N].clone();
    one_prime[Q] = vec![1];
    for (what, numbers, expected) in [
        ("n + 2", bit(N, 100), Relation::RsaProduct),
        ("n even", bit(N, last(N)), Relation::RsaModulusOdd),
        ("e even", bit(E, last(E)), Relation::RsaExponentRange),
        ("e = 1", replace(E, &[1]), Relation::RsaExponentRange),
        // A legal exponent, which is not the inverse of d.
        ("e = 3", replace(E, &[3]), Relation::RsaExponents),
        ("e = n", replace(E, &sound[N]), Relation::RsaExponentRange),
        ("d", bit(D, 90), Relation::RsaExponents),
        ("d = 0", replace(D, &[0]), Relation::RsaPrivateExponentRange),
        ("d = n", replace(D, &sound[N]), Relation::RsaExponents),
        ("p", bit(P, 20), Relation::RsaProduct),
        ("q", bit(Q, 20), Relation::RsaProduct),
        ("p even", bit(P, last(P)), Relation::RsaPrimeRange),
        ("p = 0", replace(P, &[0]), Relation::RsaPrimeRange),
        ("p = n, q = 1", one_prime, Relation::RsaPrimeRange),
        // The product is the same; dP and dQ belong to the other prime then.
        ("p and q swapped", swap(P, Q), Relation::RsaCrtExponent),
        ("dP", bit(DP, 20), Relation::RsaCrtExponent),
        ("dQ", bit(DQ, 20), Relation::RsaCrtExponent),
        ("dP and dQ swapped", swap(DP, DQ), Relation::RsaCrtExponent),
        ("qInv", bit(Q_INVERSE, 20), Relation::RsaCrtCoefficient),
        (
            "qInv = 0",
            replace(Q_INVERSE, &[0]),
            Relation::RsaCrtCoefficient,
        ),
        // What a comparison of moduli alone, as in `openssl rsa -modulus | md5`, takes for a pair.
        ("another key's parts", forged, Relation::RsaProduct),
    ] {
        assert_eq!(
            relation(KeyForm::Pkcs1, &rebuild(&numbers)),
            Some(expected),
            "{what}"
        );
    }
}

fn integers_of_pkcs8(file: &str) -> Vec<Vec<u8>> {
    let Node::Sequence(fields) = parse(section(file).contents()) else {
        panic!("{file} is no SEQUENCE");
    };
    let Node::Primitive(4, inner) = &fields[2] else {
        panic!("{file} has no private key");
    };
    let Node::Sequence(numbers) = parse(inner) else {
        panic!("{file} is no RSA key");
    };
    numbers
        .into_iter()
        .map(|field| match field {
            Node::Primitive(2, value) => value,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_forged_key_matches_nothing_and_a_sound_one_does() {
    let sound = keys::read("rsa2048.pem", None).unwrap();
    let mut numbers = integers_of_pkcs8("rsa2048-other.pem");
    numbers[N] = integers("rsa2048.pkcs1.pem")[N].clone();
    let forged = plain(KeyForm::Pkcs1, &rebuild(&numbers)).unwrap();
    let public = section("rsa2048.pub");
    let certificate = public.contents();
    // It has the right public part: whoever compares a modulus is deceived.
    assert_eq!(forged.public_key_der(), Some(certificate));
    assert_eq!(pair(&sound, certificate), Ok(Pair::Proven));
    assert!(matches!(
        pair(&forged, certificate),
        Ok(Pair::Inconsistent {
            claims_to_match: true,
            ..
        })
    ));
    let matches = group([
        ("server.crt", Half::Certificate(certificate)),
        ("forged.key", Half::Private(&forged)),
    ]);
    assert!(matches.groups.is_empty());
    assert!(matches!(
        matches.unmatched[1].reason,
        Reason::Inconsistent(_)
    ));
    assert_eq!(matches.orphans().count(), 1);
    let matches = group([
        ("server.crt", Half::Certificate(certificate)),
        ("server.key", Half::Private(&sound)),
        ("forged.key", Half::Private(&forged)),
    ]);
    assert_eq!(matches.pairs().count(), 1);
    assert!(matches.groups[0].proven);
    assert_eq!(matches.unmatched[0].id, "forged.key");
}

#[test]
fn keys_without_primes_are_proven_by_their_exponents() {
    let mut numbers = integers("rsa2048.pkcs1.pem");
    // RFC 8017 A.1.2 demands the primes. Without them a number raised to e and then to d must
    // come back.
    for number in &mut numbers[P..] {
        *number = vec![0];
    }
    let key = plain(KeyForm::Pkcs1, &rebuild(&numbers)).unwrap();
    assert!(key.is_proven() && key.check().is_ok());
    numbers[D][100] ^= 1;
    assert_eq!(
        relation(KeyForm::Pkcs1, &rebuild(&numbers)),
        Some(Relation::RsaExponents)
    );
}

#[test]
fn keys_with_three_primes_are_checked_in_all() {
    let Node::Sequence(fields) = parse(section("rsa2048-three-primes.pkcs1.pem").contents()) else {
        panic!("no SEQUENCE");
    };
    let others = fields.last().unwrap().clone();
    let Node::Sequence(list) = &others else {
        panic!("no other primes")
    };
    let Node::Sequence(third) = &list[0] else {
        panic!("no third prime")
    };
    for (index, expected) in [
        (0, Relation::RsaProduct),
        (1, Relation::RsaCrtExponent),
        (2, Relation::RsaCrtCoefficient),
    ] {
        let mut third = third.clone();
        let Node::Primitive(2, number) = &mut third[index] else {
            panic!("no INTEGER")
        };
        number[20] ^= 1;
        let mut fields = fields.clone();
        *fields.last_mut().unwrap() = Node::Sequence(vec![Node::Sequence(third)]);
        let der = Node::Sequence(fields).to_der();
        assert_eq!(relation(KeyForm::Pkcs1, &der), Some(expected));
    }
}

#[test]
fn each_damaged_number_of_a_dsa_key_names_its_relation() {
    let sound = integers("dsa2048-256.traditional.pem");
    assert_eq!(relation(KeyForm::TraditionalDsa, &rebuild(&sound)), None);
    let bit = |index: usize, byte: usize| {
        let mut damaged = sound.clone();
        damaged[index][byte] ^= 1;
        damaged
    };
    let replace = |index: usize, value: &[u8]| {
        let mut forged = sound.clone();
        forged[index] = value.to_vec();
        forged
    };
    for (what, numbers, expected) in [
        ("p", bit(1, 50), Relation::DsaSubgroupOrder),
        ("q", bit(2, 20), Relation::DsaSubgroupOrder),
        // A subgroup of five elements: the secret could be read off.
        ("q short", replace(2, &[5]), Relation::DsaSize),
        ("g", bit(3, 50), Relation::DsaGenerator),
        // Every power of 1 is 1, whatever the secret: any public key would match any secret.
        ("g = 1", replace(3, &[1]), Relation::DsaGenerator),
        ("g = p", replace(3, &sound[1]), Relation::DsaGenerator),
        ("y", bit(4, 50), Relation::PublicPart),
        ("x", bit(5, 10), Relation::PublicPart),
        ("x = 0", replace(5, &[0]), Relation::DsaSecretRange),
        ("x = q", replace(5, &sound[2]), Relation::DsaSecretRange),
        ("p long", replace(1, &[0x7f; 4096]), Relation::DsaSize),
    ] {
        assert_eq!(
            relation(KeyForm::TraditionalDsa, &rebuild(&numbers)),
            Some(expected),
            "{what}"
        );
    }
}

#[test]
fn a_damaged_curve_key_names_its_relation() {
    for curve in ["P-256", "P-384", "P-521"] {
        let pem = section(&format!("ec-{curve}.sec1.pem"));
        let Node::Sequence(fields) = parse(pem.contents()) else {
            panic!("no SEQUENCE")
        };
        let Node::Primitive(4, scalar) = fields[1].clone() else {
            panic!("no scalar")
        };
        let with_scalar = |scalar: Vec<u8>| {
            let mut fields = fields.clone();
            fields[1] = Node::Primitive(4, scalar);
            relation(KeyForm::Sec1, &Node::Sequence(fields).to_der())
        };
        let mut damaged = scalar.clone();
        damaged[9] ^= 1;
        assert_eq!(with_scalar(scalar.clone()), None);
        assert_eq!(with_scalar(damaged), Some(Relation::PublicPart), "{curve}");
        let zero = vec![0; scalar.len()];
        assert_eq!(with_scalar(zero), Some(Relation::SecretRange), "{curve}");
        let large = vec![0xff; scalar.len()];
        assert_eq!(with_scalar(large), Some(Relation::SecretRange), "{curve}");
        // OpenSSL reads a scalar that is longer than the field.
        let padded = [&[0, 0], scalar.as_slice()].concat();
        assert_eq!(with_scalar(padded), None, "{curve}");
    }
}

#[test]
fn pkcs8_with_a_public_key_is_compared_with_it() {
    let seed = match parse(section("ed25519.pem").contents()) {
        Node::Sequence(fields) => match fields[2].clone() {
            Node::Primitive(4, inner) => inner,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let public = section("ed25519.pub").contents()[12..].to_vec();
    let with_public = |public: &[u8]| {
        sequence(&[
            integer(&[1]),
            sequence(&[vec![6, 3, 0x2b, 0x65, 0x70]]),
            octets(&seed),
            Node::Primitive(0x81, [&[0], public].concat()).to_der(),
        ])
    };
    assert_eq!(relation(KeyForm::Pkcs8, &with_public(&public)), None);
    let mut other = public;
    other[3] ^= 1;
    assert_eq!(
        relation(KeyForm::Pkcs8, &with_public(&other)),
        Some(Relation::PublicPart)
    );
}

#[test]
fn two_pairs_of_one_server_are_told_apart() {
    let rsa = keys::read("rsa2048.pem", None).unwrap();
    let ec = keys::read("ec-P-256.sec1.pem", None).unwrap();
    let other = keys::read("ec-P-384.pem", None).unwrap();
    let (rsa_public, ec_public) = (section("rsa2048.pub"), section("ec-P-256-compressed.pub"));
    let matches = group([
        (0, Half::Private(&rsa)),
        (1, Half::Certificate(ec_public.contents())),
        (2, Half::Private(&ec)),
        (3, Half::Certificate(rsa_public.contents())),
        (4, Half::Private(&other)),
    ]);
    let pairs: Vec<_> = matches
        .pairs()
        .map(|pair| {
            let ids: Vec<_> = pair.members.iter().map(|member| member.id).collect();
            (pair.algorithm.to_string(), ids, pair.proven)
        })
        .collect();
    assert_eq!(
        pairs,
        [
            ("RSA".into(), vec![0, 3], true),
            ("EC P-256".into(), vec![1, 2], true)
        ]
    );
    assert_eq!(matches.groups[1].key_id, ec.spki_sha256().unwrap());
    assert_eq!(
        matches.orphans().map(|(id, _)| *id).collect::<Vec<_>>(),
        [4]
    );
    assert!(matches!(
        pair(&other, rsa_public.contents()),
        Ok(Pair::Different {
            other_algorithm: true,
            ..
        })
    ));
}

#[test]
fn ml_dsa_keys_are_derived_from_seed_and_expanded_key() {
    use aws_lc_rs::encoding::AsRawBytes;
    use aws_lc_rs::signature::{
        ML_DSA_44_SIGNING, ML_DSA_65_SIGNING, ML_DSA_87_SIGNING, PqdsaKeyPair,
    };
    for (size, algorithm) in [
        (44, &ML_DSA_44_SIGNING),
        (65, &ML_DSA_65_SIGNING),
        (87, &ML_DSA_87_SIGNING),
    ] {
        let Node::Sequence(fields) = parse(section(&format!("ml-dsa-{size}.pem")).contents())
        else {
            panic!("no SEQUENCE")
        };
        let Node::Primitive(4, body) = &fields[2] else {
            panic!("no private key")
        };
        let seed = &body[2..];
        let expand = |seed: &[u8]| {
            let pair = PqdsaKeyPair::from_seed(algorithm, seed).unwrap();
            pair.private_key().as_raw_bytes().unwrap().as_ref().to_vec()
        };
        let expanded = expand(seed);
        let other = expand(&[1; 32]);
        let with = |body: Vec<u8>| {
            let mut fields = fields.clone();
            fields[2] = Node::Primitive(4, body);
            plain(KeyForm::Pkcs8, &Node::Sequence(fields).to_der()).unwrap()
        };
        let public = section(&format!("ml-dsa-{size}.pub"));
        // RFC 9881 section 6: the seed alone, the expanded key alone, or both.
        for body in [
            body.clone(),
            octets(&expanded),
            sequence(&[octets(seed), octets(&expanded)]),
        ] {
            let key = with(body);
            assert!(key.is_proven());
            assert_eq!(key.public_key_der(), Some(public.contents()));
        }
        for expanded in [other, vec![7; expanded.len()], vec![7; 5]] {
            let forged = with(sequence(&[octets(seed), octets(&expanded)]));
            assert_eq!(
                forged.check().map_err(|wrong| wrong.relation),
                Err(Relation::Seed),
                "{size} {}",
                expanded.len()
            );
        }
    }
}

/// d + 2·(p − 1)·(q − 1) in place of d computes the same, and RFC 8017 wants it less than n.
#[test]
fn a_large_private_exponent_is_no_forgery() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/pki/server.large-exponent.key"
    );
    let der = pem::parse(std::fs::read(path).unwrap())
        .unwrap()
        .into_contents();
    let key = plain(KeyForm::Pkcs1, &der).unwrap();
    assert!(key.is_proven() && key.has_large_exponent());
    let sound = plain(KeyForm::Pkcs1, &rebuild(&integers("rsa2048.pkcs1.pem"))).unwrap();
    assert!(sound.is_proven() && !sound.has_large_exponent());
    // As its documentation says of aws-lc-rs: it loads, and cannot sign.
    let signs = |der: &[u8]| {
        let pair = aws_lc_rs::rsa::KeyPair::from_der(der).unwrap();
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        let scheme = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
        pair.sign(scheme, &random, b"x", &mut signature).is_ok()
    };
    assert!(!signs(&der));
    assert!(signs(&rebuild(&integers("rsa2048.pkcs1.pem"))));
    // Another multiple is another key: e·d is not 1.
    let mut numbers = integers("rsa2048.pkcs1.pem");
    numbers[D] = [&[1][..], &numbers[N]].concat();
    assert_eq!(
        relation(KeyForm::Pkcs1, &rebuild(&numbers)),
        Some(Relation::RsaExponents)
    );
    // Without primes, a long exponent is not computed: it would take seconds.
    let mut bare = integers("rsa2048.pkcs1.pem");
    bare[D] = vec![1; 1024];
    for index in [P, Q, DP, DQ, Q_INVERSE] {
        bare[index] = vec![0];
    }
    let bare = plain(KeyForm::Pkcs1, &rebuild(&bare)).unwrap();
    assert!(!bare.is_proven() && bare.check().is_ok());
}

/// Of ML-KEM and SLH-DSA the public key stands inside of the private one, or is
/// digested there: what contradicts it is found, though nothing is computed.
#[test]
fn keys_that_carry_their_public_part_are_held_against_it() {
    for file in ["ml-kem-512", "ml-kem-768"] {
        let sound = section(&format!("{file}.pem")).into_contents();
        let Node::Sequence(spki) = parse(section(&format!("{file}.pub")).contents()) else {
            panic!("{file} has no public key");
        };
        let Node::Primitive(3, public) = &spki[1] else {
            panic!("{file} has no public key");
        };
        let start = sound
            .windows(64)
            .position(|window| window == &public[1..65])
            .unwrap();
        assert_eq!(relation(KeyForm::Pkcs8, &sound), None);
        // The public key, and its digest behind it.
        let length = public.len() - 1;
        for place in [
            start,
            start + length - 1,
            start + length,
            start + length + 31,
        ] {
            let mut forged = sound.clone();
            forged[place] ^= 1;
            assert_eq!(
                relation(KeyForm::Pkcs8, &forged),
                Some(Relation::PublicPart),
                "{file} {place}"
            );
        }
    }
    let Node::Sequence(fields) = parse(section("slh-dsa-sha2-128s.pem").contents()) else {
        panic!("no SEQUENCE");
    };
    let Node::Primitive(4, secret) = &fields[2] else {
        panic!("no secret");
    };
    let with = |public: &[u8]| {
        let stored = der::element(0x81, &[&[0], public].concat());
        sequence(&[integer(&[1]), fields[1].to_der(), octets(secret), stored])
    };
    assert_eq!(relation(KeyForm::Pkcs8, &with(&secret[32..])), None);
    let other = [7; 32];
    assert_eq!(
        relation(KeyForm::Pkcs8, &with(&other)),
        Some(Relation::PublicPart)
    );
    let cut = sequence(&[integer(&[0]), fields[1].to_der(), octets(&secret[1..])]);
    assert!(matches!(
        plain(KeyForm::Pkcs8, &cut),
        Err(KeyProblem::Malformed(_))
    ));
}

#[test]
fn even_and_tiny_public_exponents_are_named() {
    let sound = integers("rsa2048.pkcs1.pem");
    // 0, 1, 2 and 65536. With 1, signing is the identity, and anyone can sign.
    for exponent in [&[][..], &[1], &[2], &[1, 0, 0]] {
        let mut forged = sound.clone();
        forged[E] = exponent.to_vec();
        assert_eq!(
            relation(KeyForm::Pkcs1, &rebuild(&forged)),
            Some(Relation::RsaExponentRange),
            "{exponent:?}"
        );
    }
}
