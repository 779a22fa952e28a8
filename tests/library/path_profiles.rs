//! What the profiles demand beyond the clauses of RFC 5280 6.1: key parameters,
//! qualifiers, lifetimes, usages, and what is said of an anchor.

use crate::pki;

use certcheck::chain::{PathProfile, Purpose, Reason, Request, Revocation, Verification};
use certcheck::chain::{anchor_objections, verify};
use certcheck::model::{Certificate, RevocationList};
use certcheck::signature::SignatureProblem;
use pki::{Key, List, Spec, basic_constraints, dns_constraints, dns_names, extension};
use pki::{extended_key_usage, key_usage, name, oid, seq, tlv};
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use rsa::{Pss, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha384};

const AT: &str = "2026-11-22T00:00:00Z";

/// The end-entity, what is between, the anchor.
struct Chain {
    leaf: Vec<u8>,
    between: Vec<Vec<u8>>,
    anchor: Vec<u8>,
}

impl Chain {
    /// An end-entity right below its root.
    fn of(leaf: &Spec) -> Self {
        Self::below(&Spec::ca("root", "root"), leaf)
    }

    fn below(root: &Spec, leaf: &Spec) -> Self {
        let root_key = Key::fixed(1);
        Self {
            leaf: leaf.issue(&Key::fixed(2), &root_key),
            between: Vec::new(),
            anchor: root.issue(&root_key, &root_key),
        }
    }

    fn ask(&self, change: impl FnOnce(&mut Request<'_, '_>)) -> Verification {
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let (between, anchors) = (
            pki::parse(&self.between),
            [Certificate::parse(&self.anchor).unwrap()],
        );
        let mut request = Request::new(&leaf, &between, &anchors, AT.parse().unwrap());
        change(&mut request);
        verify(&request)
    }

    fn by(&self, profile: &'static PathProfile) -> Verification {
        self.ask(|request| request.profile = profile)
    }

    fn objections(&self, at: &str) -> Vec<Reason> {
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let (between, anchors) = (
            pki::parse(&self.between),
            [Certificate::parse(&self.anchor).unwrap()],
        );
        let request = Request::new(&leaf, &between, &anchors, at.parse().unwrap());
        let answer = verify(&request);
        assert!(answer.valid, "{:?}", answer.reasons);
        let found = anchor_objections(&request, &answer);
        found.into_iter().map(|found| found.reason).collect()
    }
}

fn says(answer: &Verification, is: impl Fn(&Reason) -> bool) -> bool {
    !answer.valid && answer.reasons.iter().any(|found| is(&found.reason))
}

// --- RSASSA-PSS ---------------------------------------------------------------

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";
const SHA3_256: &str = "2.16.840.1.101.3.4.2.8";

/// RSASSA-PSS-params (RFC 4055 3.1).
fn parameters(hash: &str, mask: &str, salt: u8) -> Vec<u8> {
    let hash_id = |hash| seq(&[&oid(hash), &[5, 0]]);
    seq(&[
        &tlv(0xa0, &hash_id(hash)),
        &tlv(0xa1, &seq(&[&oid("1.2.840.113549.1.1.8"), &hash_id(mask)])),
        &tlv(0xa2, &[2, 1, salt]),
    ])
}

fn pss_identifier(parameters: &[u8]) -> Vec<u8> {
    seq(&[&oid("1.2.840.113549.1.1.10"), parameters])
}

/// A root whose key has `allowed` as its parameters, and an end-entity signed by
/// it with SHA-256 or SHA-384 and a salt of so many bytes.
fn pss(allowed: &[u8], hash: &str, salt: u8) -> Chain {
    let der = pem::parse(include_str!("../../testdata/pki/root.key")).unwrap();
    let key = RsaPrivateKey::from_pkcs8_der(der.contents()).unwrap();
    let spki = key.to_public_key().to_public_key_der().unwrap();
    let info = certcheck::model::PublicKey::parse(spki.as_bytes()).unwrap();
    let integer = |bytes: &[u8]| {
        let sign: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
        tlv(2, &[sign, bytes].concat())
    };
    let numbers = seq(&[
        &integer(info.rsa_modulus().unwrap()),
        &integer(info.rsa_exponent().unwrap()),
    ]);
    let restricted = seq(&[
        &pss_identifier(allowed),
        &tlv(3, &[&[0], &numbers[..]].concat()),
    ]);
    let algorithm = pss_identifier(&parameters(hash, hash, salt));
    let sign = |tbs: &[u8]| {
        let mut random = rsa::rand_core::OsRng;
        let (scheme, digest) = if hash == SHA384 {
            (
                Pss::new_with_salt::<Sha384>(salt.into()),
                Sha384::digest(tbs).to_vec(),
            )
        } else {
            (
                Pss::new_with_salt::<Sha256>(salt.into()),
                Sha256::digest(tbs).to_vec(),
            )
        };
        key.sign_with_rng(&mut random, scheme, &digest).unwrap()
    };
    let ids = || (vec![1; 20], vec![1; 20]);
    Chain {
        leaf: Spec::server("root").build(
            &Key::fixed(2).spki(),
            (vec![2; 20], vec![1; 20]),
            &algorithm,
            sign,
        ),
        between: Vec::new(),
        anchor: Spec::ca("root", "root").build(&restricted, ids(), &algorithm, sign),
    }
}

#[test]
fn parameters_of_an_rsassa_pss_key_bind() {
    let with = |hash, mask, salt| parameters(hash, mask, salt);
    for (allowed, hash, salt) in [
        (with(SHA256, SHA256, 32), SHA256, 32),
        (with(SHA256, SHA256, 20), SHA256, 32),
        (with(SHA384, SHA384, 48), SHA384, 48),
        // Without parameters the key is for every hash.
        (Vec::new(), SHA384, 48),
    ] {
        let found = pss(&allowed, hash, salt).by(&PathProfile::RFC5280);
        assert!(found.valid, "{hash} {salt}: {:?}", found.reasons);
    }
    for (allowed, hash, salt) in [
        (with(SHA256, SHA256, 32), SHA384, 48),
        (with(SHA384, SHA384, 32), SHA256, 32),
        (with(SHA256, SHA384, 32), SHA256, 32),
        (with(SHA256, SHA256, 33), SHA256, 32),
        (with(SHA256, SHA256, 32), SHA256, 20),
        // SHA-1 and 20 bytes, by default.
        (seq(&[]), SHA256, 32),
        (with(SHA3_256, SHA3_256, 32), SHA256, 32),
        (vec![5, 0], SHA256, 32),
        (vec![0x30, 2, 1, 1], SHA256, 32),
    ] {
        let found = pss(&allowed, hash, salt).by(&PathProfile::RFC5280);
        let refused = says(&found, |reason| {
            let Reason::BadSignature { problem, .. } = reason else {
                return false;
            };
            matches!(
                problem,
                SignatureProblem::KeyRestricted { .. } | SignatureProblem::MalformedKey { .. }
            )
        });
        assert!(refused, "{allowed:02x?} {hash} {salt}: {:?}", found.reasons);
    }
}

// --- extensions -----------------------------------------------------------------

fn policies(critical: bool, qualifier: Option<&str>) -> Vec<u8> {
    let qualifiers = qualifier.map_or(Vec::new(), |qualifier| {
        let text = tlv(0x16, b"https://example.com/cps");
        seq(&[&seq(&[&oid(qualifier), &text])])
    });
    let policy = seq(&[&oid("1.3.6.1.4.1.99999.1"), &qualifiers]);
    extension("2.5.29.32", critical, &seq(&[&policy]))
}

#[test]
fn an_unknown_qualifier_of_critical_policies_is_refused() {
    const CPS: &str = "1.3.6.1.5.5.7.2.1";
    const UNKNOWN: &str = "1.3.6.1.4.1.99999.7";
    let known: [(bool, Option<&str>); 4] = [
        (true, None),
        (true, Some(CPS)),
        (true, Some("1.3.6.1.5.5.7.2.2")),
        (false, Some(UNKNOWN)),
    ];
    for profile in PathProfile::ALL {
        for (critical, qualifier) in known {
            let leaf = Spec::server("root").with(policies(critical, qualifier));
            let found = Chain::of(&leaf).by(&PathProfile::RFC5280);
            assert!(found.valid, "{critical} {qualifier:?}: {:?}", found.reasons);
        }
        let leaf = Spec::server("root").with(policies(true, Some(UNKNOWN)));
        let found = Chain::of(&leaf).by(profile);
        assert!(
            says(&found, |reason| matches!(
                reason,
                Reason::MalformedExtension { .. }
            )),
            "{}",
            profile.name
        );
    }
    // Of an intermediate, too; of an anchor it does not count in RFC 5280.
    let (root, ca) = (Key::fixed(1), Key::fixed(3));
    let odd = |subject, issuer| Spec::ca(subject, issuer).with(policies(true, Some(UNKNOWN)));
    let mut chain = Chain {
        leaf: Spec::server("ca").issue(&Key::fixed(2), &ca),
        between: vec![odd("ca", "root").issue(&ca, &root)],
        anchor: Spec::ca("root", "root").issue(&root, &root),
    };
    assert!(!chain.by(&PathProfile::RFC5280).valid);
    chain.between = vec![Spec::ca("ca", "root").issue(&ca, &root)];
    chain.anchor = odd("root", "root").issue(&root, &root);
    assert!(chain.by(&PathProfile::RFC5280).valid);
}

#[test]
fn a_key_that_only_signs_certificates_serves_and_connects_nowhere() {
    const SERVER: &str = "1.3.6.1.5.5.7.3.1";
    const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
    // digitalSignature, nonRepudiation, keyEncipherment, keyAgreement, keyCertSign, cRLSign
    for (bits, server, client) in [
        (0x80, true, true),
        (0x40, false, false),
        (0x20, true, false),
        (0x08, true, true),
        (0x04, false, false),
        (0x06, false, false),
        (0x84, true, true),
    ] {
        let leaf = Spec::new("server", "root")
            .with(dns_names(&["example.com"]))
            .with(extended_key_usage(&[SERVER, CLIENT]))
            .with(key_usage(bits, 0));
        let chain = Chain::of(&leaf);
        let fits = |purpose: Purpose| chain.ask(|request| request.purpose = purpose).valid;
        assert_eq!(fits(Purpose::Server), server, "{bits:#x} as a server");
        assert_eq!(fits(Purpose::Client), client, "{bits:#x} as a client");
        assert!(fits(Purpose::Any), "{bits:#x} for anything");
    }
    // A CA's certificate as the end-entity passes with a warning.
    let ca = Chain::of(&Spec::ca("server", "root").with(dns_names(&["example.com"])));
    let found = ca.ask(|request| request.purpose = Purpose::Server);
    assert!(found.valid, "{:?}", found.reasons);
    assert!(matches!(
        found.warnings[..],
        [certcheck::chain::Rejection {
            reason: Reason::Purpose { .. },
            ..
        }]
    ));
}

#[test]
fn a_common_name_keeps_no_constraint_on_host_names() {
    let root = Spec::ca("root", "root");
    let (root_key, ca) = (Key::fixed(1), Key::fixed(3));
    let limited = Spec::ca("ca", "root").with(dns_constraints(&["inside.test"], &[]));
    let mut leaf = Spec::new("www.outside.test", "ca");
    leaf.subject = name("www.outside.test");
    let chain = Chain {
        leaf: leaf.issue(&Key::fixed(2), &ca),
        between: vec![limited.issue(&ca, &root_key)],
        anchor: root.issue(&root_key, &root_key),
    };
    assert!(chain.by(&PathProfile::RFC5280).valid);
    let mut as_openssl = PathProfile::RFC5280;
    as_openssl.common_names_constrained = true;
    let leaf = Certificate::parse(&chain.leaf).unwrap();
    let (between, anchors) = (
        pki::parse(&chain.between),
        pki::parse(std::slice::from_ref(&chain.anchor)),
    );
    let mut request = Request::new(&leaf, &between, &anchors, AT.parse().unwrap());
    request.profile = &as_openssl;
    let found = verify(&request);
    assert!(says(&found, |reason| matches!(
        reason,
        Reason::NameConstraints { .. }
    )));
}

// --- keys -----------------------------------------------------------------------

#[test]
fn strict_profiles_want_named_curves() {
    let pem = include_str!("../../testdata/keys/ec-P-256-explicit.pub");
    let spki = pem::parse(pem).unwrap().into_contents();
    let root = Key::fixed(1);
    let chain = Chain {
        leaf: Spec::server("root").build(
            &spki,
            (vec![2; 20], root.id()),
            &root.algorithm(),
            |tbs| root.sign(tbs),
        ),
        between: Vec::new(),
        anchor: Spec::ca("root", "root").issue(&root, &root),
    };
    assert!(chain.by(&PathProfile::RFC5280).valid);
    for profile in [&PathProfile::RFC5280_STRICT, &PathProfile::WEBPKI] {
        assert!(says(&chain.by(profile), |reason| *reason
            == Reason::ExplicitParameters));
    }
}

// --- lifetimes -------------------------------------------------------------------

#[test]
fn the_requirements_limit_lifetimes_by_not_before() {
    // From, to, whether it is too long.
    for (from, to, limit) in [
        ("150331235959Z", "20491231235959Z", None),
        // 39 months: 1,188 days at most.
        ("150401000000Z", "180702000000Z", Some(1_188)),
        ("150401000000Z", "180701235959Z", None),
        ("180228235959Z", "210530000000Z", None),
        ("180301000000Z", "200603000000Z", Some(825)),
        ("180301000000Z", "200602235959Z", None),
        ("200831235959Z", "221204000000Z", None),
        ("200901000000Z", "211004000000Z", Some(398)),
        ("200901000000Z", "211003235959Z", None),
        ("260314235959Z", "270416000000Z", None),
        ("260315000000Z", "261001000000Z", Some(200)),
        ("260315000000Z", "260930235959Z", None),
        ("270314235959Z", "270930000000Z", None),
        ("270315000000Z", "270623000000Z", Some(100)),
        ("270315000000Z", "270622235959Z", None),
        ("290314235959Z", "290622000000Z", None),
        ("290315000000Z", "290501000000Z", Some(47)),
        ("290315000000Z", "290430235959Z", None),
    ] {
        let chain = Chain::of(&Spec::server("root").valid(from, to));
        let found = |profile| {
            let answer = chain.by(profile);
            answer.reasons.iter().find_map(|found| match found.reason {
                Reason::Lifetime { limit, .. } => Some(limit),
                _ => None,
            })
        };
        assert_eq!(found(&PathProfile::WEBPKI), limit, "{from} to {to}");
        assert_eq!(found(&PathProfile::RFC5280_STRICT), None);
    }
}

// --- anchors ----------------------------------------------------------------------

#[test]
fn an_anchor_that_its_own_key_signed_needs_no_key_identifier() {
    let key = Key::fixed(1);
    let odd = |subject: &str, issuer: &str| {
        let mut root = Spec::ca(subject, issuer);
        root.key_ids = false;
        root.with(extension("2.5.29.14", false, &tlv(4, &key.id())))
    };
    let mut chain = Chain::of(&Spec::server("root"));
    for (issuer, signer, valid) in [
        ("root", &key, true),
        ("another", &key, true),
        ("another", &Key::fixed(9), false),
    ] {
        chain.anchor = odd("root", issuer).issue(&key, signer);
        assert_eq!(
            chain.by(&PathProfile::RFC5280_STRICT).valid,
            valid,
            "issuer {issuer}"
        );
    }
}

#[test]
fn what_others_refuse_of_an_anchor_is_a_warning() {
    let leaf = Spec::server("root");
    let quiet = Chain::of(&leaf);
    assert!(quiet.objections(AT).is_empty());
    let root = || Spec::ca("root", "root");
    let expired = Chain::below(&root().valid("20100101000000Z", "20200101000000Z"), &leaf);
    assert!(matches!(
        expired.objections(AT)[..],
        [Reason::Expired { .. }]
    ));
    let elsewhere = root().with(dns_constraints(&["inside.test"], &[]));
    let elsewhere = Chain::below(&elsewhere, &leaf);
    assert!(matches!(
        elsewhere.objections(AT)[..],
        [Reason::NameConstraints { .. }]
    ));
    let fits = root().with(dns_constraints(&["example.com"], &[]));
    assert!(Chain::below(&fits, &leaf).objections(AT).is_empty());
    let short = Spec::new("root", "root")
        .with(basic_constraints(Some(0)))
        .with(key_usage(6, 1));
    let (root_key, ca) = (Key::fixed(1), Key::fixed(3));
    let mut deep = Chain {
        leaf: Spec::server("ca").issue(&Key::fixed(2), &ca),
        between: vec![Spec::ca("ca", "root").issue(&ca, &root_key)],
        anchor: short.issue(&root_key, &root_key),
    };
    assert!(matches!(
        deep.objections(AT)[..],
        [Reason::PathLength { .. }]
    ));
    // A root of version 1 has no extension to say what it is.
    let mut old = Spec::new("root", "root");
    (old.key_ids, old.version) = (false, None);
    deep.anchor = old.issue(&root_key, &root_key);
    assert!(deep.objections(AT).is_empty());
    // The default profile accepts them all; the stricter ones do not.
    assert!(!expired.by(&PathProfile::RFC5280_STRICT).valid);
}

// --- revocation --------------------------------------------------------------------

#[test]
fn revoked_is_said_beside_an_unknown_status() {
    let (root, ca) = (Key::fixed(1), Key::fixed(3));
    let chain = Chain {
        leaf: Spec::server("ca").serial(7).issue(&Key::fixed(2), &ca),
        between: vec![Spec::ca("ca", "root").serial(5).issue(&ca, &root)],
        anchor: Spec::ca("root", "root").issue(&root, &root),
    };
    let revoking = List::new("ca", 1).revoke(7, &[]).issue(&ca);
    let silent = List::new("ca", 1).issue(&ca);
    // Nothing is known of the CA: there is no list of the root.
    for (list, revoked) in [(&revoking, true), (&silent, false)] {
        let lists = [RevocationList::parse(list).unwrap()];
        let leaf = Certificate::parse(&chain.leaf).unwrap();
        let (between, anchors) = (
            pki::parse(&chain.between),
            [Certificate::parse(&chain.anchor).unwrap()],
        );
        let mut request = Request::new(&leaf, &between, &anchors, AT.parse().unwrap());
        request.crls = &lists;
        request.revocation = Revocation::Required;
        let found = verify(&request);
        assert!(says(&found, |reason| matches!(
            reason,
            Reason::RevocationUnknown { .. }
        )));
        assert_eq!(
            says(&found, |reason| matches!(reason, Reason::Revoked { .. })),
            revoked
        );
        assert_eq!(
            matches!(found.reasons[0].reason, Reason::Revoked { .. }),
            revoked,
            "{:?}",
            found.reasons
        );
    }
}
