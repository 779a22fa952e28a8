//! What holds for every graph: the search finds what walking every path would
//! find, whatever the order, and more certificates never hurt.

use crate::graph;
use crate::pki;

use certcheck::model::Certificate;
use graph::{AT, CAS, CLIENT_AUTH, Graph, Link, ROOT, SERVER, Says, who};
use pki::policy::{ANY, ONE, TWO, constraints, mappings, policies};
use proptest::prelude::*;

/// Thirteen things that a CA's certificate may say, the last three of policies.
fn says(number: u8) -> Says {
    let (mut says, com, org) = (Says::ca(None), (2, "example.com"), (2, "example.org"));
    match number {
        1 => says.ca = Some(Some(0)),
        2 => says.ca = Some(Some(1)),
        3 => says.permitted.push(com),
        4 => says.permitted.push(org),
        5 => says.excluded.push(com),
        6 => says.purposes.push(CLIENT_AUTH),
        7 => says.expired = true,
        8 => says = Says::nothing(),
        9 => says.ca = Some(Some(2)),
        10 => says.also = vec![policies(&[ONE, TWO]), constraints(Some(0), None)],
        11 => says.also = vec![policies(&[TWO]), constraints(Some(1), None)],
        12 => says.also = vec![policies(&[ONE, ANY]), mappings(&[(TWO, ONE)])],
        _ => {}
    }
    says
}

fn links(kinds: u8) -> impl Strategy<Value = Vec<Link>> {
    let key = || prop_oneof![4 => Just(0_usize), 1 => Just(1)];
    let above = prop_oneof![1 => Just(ROOT), 4 => 0..CAS];
    let number = prop_oneof![4 => Just(0_u8), 5 => 1..kinds];
    let link = (
        (0..CAS, key()),
        (above, key()),
        number,
        prop::bool::weighted(0.05),
    )
        .prop_map(|(below, above, number, forged)| Link {
            below: who(below.0, below.1),
            // The root has one key.
            above: who(above.0, if above.0 == ROOT { 0 } else { above.1 }),
            says: says(number),
            forged,
        });
    prop::collection::vec(link, 1..14)
}

fn graph(links: &[Link]) -> Graph {
    let of = |below, above, says| Link {
        below: who(below, 0),
        above: who(above, 0),
        says,
        forged: false,
    };
    // Where no policy is demanded, it changes nothing.
    let mut server = Says::server();
    server.also.push(policies(&[ONE]));
    let numbered = links.iter().zip(1..);
    Graph {
        leaf: of(SERVER, 0, server).issue(1),
        anchors: vec![of(ROOT, ROOT, Says::ca(None)).issue(1)],
        bag: numbered.map(|(link, serial)| link.issue(serial)).collect(),
    }
}

fn is_valid(it: &Graph, bag: &[&Vec<u8>], depth: Option<u32>, at: &str) -> bool {
    it.verify(bag, at, |request| request.max_depth = depth)
        .valid
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
        links in links(13),
        depth in prop_oneof![3 => Just(None), 1 => (0..4_u32).prop_map(Some)],
    ) {
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        let naive = any_path(&it, &mut Vec::new(), &pki::name("ca0"), depth);
        prop_assert_eq!(is_valid(&it, &all, depth, AT), naive);
    }

    #[test]
    fn order_does_not_matter_and_more_never_hurts(links in links(13), turn in 0..14_usize) {
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
    fn time_within_all_validities_does_not_matter(links in links(10)) {
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        let valid = is_valid(&it, &all, None, AT);
        for at in ["2021-01-01T00:00:01Z", "2040-01-01T00:00:00Z"] {
            prop_assert_eq!(is_valid(&it, &all, None, at), valid);
        }
    }
}

// webpki's rules are these but for two: it counts self-issued certificates in
// path lengths (RFC 5280 6.1.4 (l) does not), and goes no deeper than six CAs.
proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn webpki_agrees_where_its_rules_are_the_same(links in links(10)) {
        let self_issued = |link: &Link| link.below.name == link.above.name;
        prop_assume!(!links.iter().any(self_issued));
        let it = graph(&links);
        let all: Vec<_> = it.bag.iter().collect();
        prop_assert_eq!(is_valid(&it, &all, Some(6), AT), it.webpki().is_ok());
    }
}

/// Tables that a mistake in the generator would empty: both verdicts occur.
#[test]
fn both_verdicts_occur() {
    let link = |below, above, number| Link {
        below: who(below, 0),
        above: who(above, 0),
        says: says(number),
        forged: false,
    };
    let good = graph(&[link(1, CAS, 2), link(0, 1, 3)]);
    let all: Vec<_> = good.bag.iter().collect();
    assert!(is_valid(&good, &all, None, AT) && !is_valid(&good, &all, Some(1), AT));
    let bad = graph(&[link(1, CAS, 1), link(0, 1, 0)]);
    let all: Vec<_> = bad.bag.iter().collect();
    assert!(!is_valid(&bad, &all, None, AT));
}
