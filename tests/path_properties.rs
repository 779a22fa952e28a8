//! What holds for every graph: the search finds what walking every path would
//! find, whatever the order, and more certificates never hurt.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod pki;

use certcheck::chain::{Request, verify};
use certcheck::model::Certificate;
use pki::{Key, Spec, basic_constraints, dns_constraints, extended_key_usage, key_usage};
use pki_types::{CertificateDer, UnixTime};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::Duration;

const AT: &str = "2026-11-22T00:00:00Z";
/// CAs by name; each may have two keys.
const CAS: usize = 7;

static KEYS: LazyLock<Vec<[Key; 2]>> =
    LazyLock::new(|| (0..CAS).map(|_| [Key::new(), Key::new()]).collect());
static ROOT: LazyLock<Key> = LazyLock::new(Key::new);
static LEAF: LazyLock<Key> = LazyLock::new(Key::new);

/// One certificate of a graph: whose, by whom (CAS is the root), and what it says.
#[derive(Clone, Debug)]
struct Link {
    below: (usize, usize),
    above: (usize, usize),
    says: u8,
    forged: bool,
}

fn issue(link: &Link, serial: u32) -> Vec<u8> {
    let name = |ca: usize| format!("ca{ca}");
    let (above, signer) = match link.above.0 {
        CAS => ("root".to_owned(), &*ROOT),
        ca => (name(ca), &KEYS[ca][link.above.1]),
    };
    let signer = if link.forged { &*LEAF } else { signer };
    let plain = |path_length| {
        Spec::new(&name(link.below.0), &above)
            .with(basic_constraints(path_length))
            .with(key_usage(0x06, 1))
    };
    let spec = match link.says {
        1 => plain(Some(0)),
        2 => plain(Some(1)),
        3 => plain(None).with(dns_constraints(&["example.com"], &[])),
        4 => plain(None).with(dns_constraints(&["example.org"], &[])),
        5 => plain(None).with(dns_constraints(&[], &["example.com"])),
        6 => plain(None).with(extended_key_usage(&["1.3.6.1.5.5.7.3.2"])),
        7 => plain(None).valid("20200101000000Z", "20210101000000Z"),
        8 => Spec::new(&name(link.below.0), &above),
        9 => plain(Some(2)),
        _ => plain(None),
    };
    spec.serial(serial)
        .issue(&KEYS[link.below.0][link.below.1], signer)
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let key = || prop_oneof![4 => Just(0_usize), 1 => Just(1)];
    let above = prop_oneof![1 => Just(CAS), 4 => 0..CAS];
    let says = prop_oneof![4 => Just(0_u8), 5 => 1..10_u8];
    let link = (
        (0..CAS, key()),
        (above, key()),
        says,
        prop::bool::weighted(0.05),
    )
        .prop_map(|(below, above, says, forged)| Link {
            below,
            above,
            says,
            forged,
        });
    prop::collection::vec(link, 1..14)
}

struct Graph {
    leaf: Vec<u8>,
    anchor: Vec<u8>,
    bag: Vec<Vec<u8>>,
}

fn graph(links: &[Link]) -> Graph {
    let bag = links
        .iter()
        .zip(1..)
        .map(|(link, serial)| issue(link, serial))
        .collect();
    Graph {
        leaf: Spec::server("ca0").issue(&LEAF, &KEYS[0][0]),
        anchor: Spec::ca("root", "root").issue(&ROOT, &ROOT),
        bag,
    }
}

fn is_valid(it: &Graph, bag: &[&Vec<u8>], depth: Option<u32>, at: &str) -> bool {
    let leaf = Certificate::parse(&it.leaf).unwrap();
    let anchors = [Certificate::parse(&it.anchor).unwrap()];
    let bag: Vec<_> = bag
        .iter()
        .map(|der| Certificate::parse(der).unwrap())
        .collect();
    let mut request = Request::new(&leaf, &bag, &anchors, at.parse().unwrap());
    request.purpose = certcheck::chain::Purpose::Server;
    request.max_depth = depth;
    verify(&request).valid
}

/// Whether any path upwards by names, each judged alone, is valid.
fn any_path(it: &Graph, path: &mut Vec<usize>, issuer: &[u8], depth: Option<u32>) -> bool {
    if issuer == pki::name("root") {
        let bag: Vec<_> = path.iter().map(|place| &it.bag[*place]).collect();
        return is_valid(it, &bag, depth, AT);
    }
    for (place, der) in it.bag.iter().enumerate() {
        let certificate = Certificate::parse(der).unwrap();
        if certificate.subject().der() == issuer && !path.contains(&place) {
            path.push(place);
            let found = any_path(it, path, certificate.issuer().der(), depth);
            path.pop();
            if found {
                return true;
            }
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_finds_what_every_path_would(
        links in links(),
        depth in prop_oneof![3 => Just(None), 1 => (0..4_u32).prop_map(Some)],
    ) {
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        let naive = any_path(&it, &mut Vec::new(), &pki::name("ca0"), depth);
        prop_assert_eq!(is_valid(&it, &all, depth, AT), naive);
    }

    #[test]
    fn order_does_not_matter_and_more_never_hurts(links in links(), turn in 0..14_usize) {
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        let valid = is_valid(&it, &all, None, AT);
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len());
        prop_assert_eq!(is_valid(&it, &turned, None, AT), valid);
        turned.reverse();
        prop_assert_eq!(is_valid(&it, &turned, None, AT), valid);
        turned.pop();
        prop_assert!(valid || !is_valid(&it, &turned, None, AT));
    }

    #[test]
    fn time_within_all_validities_does_not_matter(links in links()) {
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        let valid = is_valid(&it, &all, None, AT);
        for at in ["2021-01-01T00:00:01Z", "2040-01-01T00:00:00Z"] {
            prop_assert_eq!(is_valid(&it, &all, None, at), valid);
        }
    }
}

/// webpki's verdict, where its rules are these: it counts self-issued
/// certificates in path lengths (RFC 5280 6.1.4 (l) does not), and goes no
/// deeper than six CAs.
fn webpki_accepts(it: &Graph) -> bool {
    let leaf = CertificateDer::from(it.leaf.as_slice());
    let bag: Vec<_> = it
        .bag
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let anchor = CertificateDer::from(it.anchor.as_slice());
    let anchors = [webpki::anchor_from_trusted_cert(&anchor).unwrap()];
    let at: certcheck::Time = AT.parse().unwrap();
    let at = Duration::from_secs(at.unix_seconds().unsigned_abs());
    let leaf = webpki::EndEntityCert::try_from(&leaf).unwrap();
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    let usage = webpki::KeyUsage::server_auth();
    let at = UnixTime::since_unix_epoch(at);
    leaf.verify_for_usage(algorithms, &anchors, &bag, at, usage, None, None)
        .is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn webpki_agrees_where_its_rules_are_the_same(links in links()) {
        let self_issued = |link: &Link| link.below.0 == link.above.0;
        prop_assume!(!links.iter().any(self_issued));
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        prop_assert_eq!(is_valid(&it, &all, Some(6), AT), webpki_accepts(&it));
    }
}

/// Tables that a mistake in the generator would empty: both verdicts occur.
#[test]
fn both_verdicts_occur() {
    let link = |below, above, says| Link {
        below: (below, 0),
        above: (above, 0),
        says,
        forged: false,
    };
    let good = graph(&[link(1, CAS, 2), link(0, 1, 3)]);
    let all: Vec<_> = good.bag.iter().collect();
    assert!(is_valid(&good, &all, None, AT) && !is_valid(&good, &all, Some(1), AT));
    let bad = graph(&[link(1, CAS, 1), link(0, 1, 0)]);
    let all: Vec<_> = bad.bag.iter().collect();
    assert!(!is_valid(&bad, &all, None, AT));
}
