//! Graphs made to waste time: right verdicts, few signatures, any order.
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

use certcheck::chain::{Reason, Request, Verification, verify};
use certcheck::model::Certificate;
use pki::{Key, Spec, dns_constraints};

const AT: &str = "2026-11-22T00:00:00Z";

fn judge(leaf: &[u8], bag: &[Vec<u8>], anchors: &[Vec<u8>]) -> Verification {
    let leaf = Certificate::parse(leaf).unwrap();
    let (bag, anchors) = (pki::parse(bag), pki::parse(anchors));
    verify(&Request::new(&leaf, &bag, &anchors, AT.parse().unwrap()))
}

struct Clique {
    leaf: Vec<u8>,
    bag: Vec<Vec<u8>>,
    keys: Vec<Key>,
    root: Key,
    anchor: Vec<u8>,
}

fn ca(number: usize) -> String {
    format!("ca{number}")
}

/// `size` CAs that all signed each other; the end-entity is the first one's.
fn clique(size: usize) -> Clique {
    let keys: Vec<Key> = (0..size).map(|_| Key::new()).collect();
    let mut bag = Vec::new();
    for below in 0..size {
        for above in (0..size).filter(|above| *above != below) {
            bag.push(Spec::ca(&ca(below), &ca(above)).issue(&keys[below], &keys[above]));
        }
    }
    let root = Key::new();
    Clique {
        leaf: Spec::server("ca0").issue(&Key::new(), &keys[0]),
        bag,
        keys,
        anchor: Spec::ca("root", "root").issue(&root, &root),
        root,
    }
}

#[test]
fn a_clique_without_a_root_costs_nearly_nothing() {
    let it = clique(20);
    let found = judge(&it.leaf, &it.bag, &[it.anchor]);
    assert!(!found.valid && found.work.steps == 0, "{:?}", found.work);
    assert!(found.work.signatures <= 4, "{:?}", found.work);
}

#[test]
fn a_clique_with_a_way_out_is_left_in_any_order() {
    for (size, place) in [(20, 0), (20, 200), (20, 380), (64, 4032)] {
        let mut it = clique(size);
        let last = size - 1;
        let out = Spec::ca(&ca(last), "root").issue(&it.keys[last], &it.root);
        it.bag.insert(place, out);
        let found = judge(&it.leaf, &it.bag, &[it.anchor]);
        assert!(found.valid, "{:?}", found.reasons.first());
        assert_eq!((found.path.len(), found.work.signatures), (4, 3));
    }
}

#[test]
fn forged_links_to_the_root_cost_a_signature_each() {
    let mut it = clique(20);
    let forger = Key::new();
    for (number, key) in it.keys.iter().enumerate() {
        it.bag
            .push(Spec::ca(&ca(number), "root").issue(key, &forger));
    }
    let found = judge(&it.leaf, &it.bag, &[it.anchor]);
    assert!(!found.valid);
    // Four more look for what ends the way up, to say it.
    assert!(found.work.signatures <= 20 + 4, "{:?}", found.work);
    let bad = |reason: &Reason| matches!(reason, Reason::BadSignature { .. });
    assert!(found.reasons.iter().any(|rejection| bad(&rejection.reason)));
}

#[test]
fn the_shortcut_loses_no_rule() {
    // The short way is constrained to other names, the long one is not.
    let mut it = clique(6);
    let narrow = Spec::ca("ca0", "root").with(dns_constraints(&["other.test"], &[]));
    it.bag.insert(0, narrow.issue(&it.keys[0], &it.root));
    it.bag
        .push(Spec::ca("ca5", "root").issue(&it.keys[5], &it.root));
    let found = judge(&it.leaf, &it.bag, &[it.anchor]);
    assert!(found.valid, "{:?}", found.reasons);
    assert_eq!(found.path.len(), 4);
}

#[test]
fn decoys_of_one_name_end_within_the_budget() {
    let keys: Vec<Key> = (0..50).map(|_| Key::new()).collect();
    let root = Key::new();
    let anchor = Spec::ca("root", "root").issue(&root, &root);
    let mut bag: Vec<_> = keys
        .iter()
        .map(|key| Spec::ca("ca", "root").issue(key, key))
        .collect();
    let leaf = Spec::server("ca").issue(&Key::new(), &keys[49]);
    assert!(!judge(&leaf, &bag, std::slice::from_ref(&anchor)).valid);
    bag.push(Spec::ca("ca", "root").issue(&keys[49], &root));
    let found = judge(&leaf, &bag, &[anchor]);
    assert!(
        found.valid && found.work.signatures <= 60,
        "{:?}",
        found.work
    );
}

#[test]
fn ten_thousand_forgeries_exhaust_the_budget_and_say_so() {
    let (root, ca, forger) = (Key::new(), Key::new(), Key::new());
    let anchor = Spec::ca("root", "root").issue(&root, &root);
    let spec = Spec::ca("ca", "root");
    let bag: Vec<_> = (1..10_001)
        .map(|n| spec.clone().serial(n).issue(&ca, &forger))
        .collect();
    let leaf = Spec::server("ca").issue(&Key::new(), &ca);
    let found = judge(&leaf, &bag, &[anchor]);
    let first = &found.reasons[0].reason;
    assert!(
        matches!(
            first,
            Reason::BudgetExhausted {
                what: "signatures",
                ..
            }
        ),
        "{first:?}"
    );
    assert!(!found.valid && found.work.signatures <= 5_000);
}

#[test]
fn thousands_of_constraints_on_thousands_of_names_end() {
    let root = Key::new();
    let names: Vec<String> = (0..2_000).map(|n| format!("h{n}.example.com")).collect();
    let trees: Vec<String> = (0..2_000).map(|n| format!("t{n}.test")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let trees: Vec<&str> = trees.iter().map(String::as_str).collect();
    let ca = Key::new();
    let anchor = Spec::ca("root", "root").issue(&root, &root);
    let bag = [Spec::ca("ca", "root")
        .with(dns_constraints(&[], &trees))
        .issue(&ca, &root)];
    let leaf = Spec::new("server", "ca")
        .with(pki::dns_names(&names))
        .issue(&Key::new(), &ca);
    let found = judge(&leaf, &bag, &[anchor]);
    assert!(!found.valid && found.work.constraint_comparisons <= 250_000);
    assert!(matches!(
        found.reasons[0].reason,
        Reason::BudgetExhausted { .. }
    ));
}
