//! Graphs made to waste time: right verdicts, few signatures, any order.

use crate::pki;

use certcheck::chain::{Reason, Request, Revocation, Verification, verify};
use certcheck::model::{Certificate, RevocationList};
use pki::crl::{base_number, distribution, full_name, point};
use pki::policy::{mappings, policies};
use pki::{Key, List, Spec, dns_constraints, name_constraints, tlv};

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

/// Whether the search ended at a budget, and says of what first.
fn exhausted(found: &Verification) -> Option<&'static str> {
    match found.reasons.first().map(|found| &found.reason) {
        Some(Reason::BudgetExhausted { what, .. }) => Some(what),
        _ => None,
    }
}

/// The end-entity `depth` CAs below the root, each CA with these extensions.
fn deep(depth: u32, extensions: &[Vec<u8>]) -> Verification {
    let key = Key::fixed(1);
    let root = Spec::ca("root", "root").issue(&key, &key);
    let name = |level: u32| {
        if level == 0 {
            "root".into()
        } else {
            format!("ca{level}")
        }
    };
    let bag: Vec<_> = (1..=depth)
        .map(|level| {
            let mut spec = Spec::ca(&name(level), &name(level - 1)).serial(level);
            spec.extensions.extend_from_slice(extensions);
            spec.issue(&key, &key)
        })
        .collect();
    let leaf = Spec::server(&name(depth)).issue(&Key::fixed(2), &key);
    judge(&leaf, &bag, &[root])
}

#[test]
fn a_chain_of_ten_thousand_ends() {
    let found = deep(10_000, &[]);
    assert_eq!(exhausted(&found), Some("signatures"));
    assert!(found.work.signatures <= 5_000, "{:?}", found.work);
    // 1,000 are found.
    let found = deep(1_000, &[]);
    assert!(found.valid && found.path.len() == 1_002);
}

#[test]
fn constraints_of_a_form_that_no_name_has_are_counted() {
    let nowhere = name_constraints(&[], &[tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])]);
    let found = deep(10_000, &[nowhere]);
    assert_eq!(exhausted(&found), Some("name comparisons"));
    assert!(found.work.constraint_comparisons <= 250_000);
    assert!(found.work.partial_paths < 1_000, "{:?}", found.work);
}

#[test]
fn policy_bombs_are_counted() {
    // Every CA has every policy, and maps each to every one.
    let all: Vec<String> = (0..100).map(|n| format!("1.3.6.1.4.1.99999.{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let pairs = || {
        all.iter()
            .flat_map(|from| all.iter().map(|to| (*from, *to)))
    };
    let pairs: Vec<_> = pairs().collect();
    let demand = pki::policy::constraints(Some(0), None);
    let found = deep(300, &[policies(&all), mappings(&pairs), demand]);
    assert_eq!(exhausted(&found), Some("steps"));
    assert!(found.work.partial_paths < 300, "{:?}", found.work);
}

#[test]
fn ten_thousand_strangers_cost_nothing() {
    let (root, ca, key) = (Key::fixed(1), Key::fixed(2), Key::fixed(3));
    let strange = |n: u32| {
        Spec::ca(&format!("stranger{n}"), "strange root")
            .serial(n)
            .issue(&key, &key)
    };
    let mut bag: Vec<_> = (1..=10_000).map(strange).collect();
    bag.push(Spec::ca("ca", "root").issue(&ca, &root));
    let anchor = Spec::ca("root", "root").issue(&root, &root);
    let found = judge(&Spec::server("ca").issue(&key, &ca), &bag, &[anchor]);
    assert!(found.valid && found.work.signatures == 2 && found.work.steps == 2);
}

/// The end-entity below `ca`, which has key 2, held against lists.
fn against(leaf: Spec, lists: &[Vec<u8>]) -> Verification {
    let (root, ca) = (Key::fixed(1), Key::fixed(2));
    let leaf = leaf.issue(&Key::fixed(3), &ca);
    let bag = [Spec::ca("ca", "root").issue(&ca, &root)];
    let anchor = [Spec::ca("root", "root").issue(&root, &root)];
    let leaf = Certificate::parse(&leaf).unwrap();
    let (bag, anchors) = (pki::parse(&bag), pki::parse(&anchor));
    let lists: Vec<_> = lists
        .iter()
        .map(|der| RevocationList::parse(der).unwrap())
        .collect();
    let mut request = Request::new(&leaf, &bag, &anchors, AT.parse().unwrap());
    request.crls = &lists;
    request.revocation = Revocation::Available;
    verify(&request)
}

/// A list of so many entries, none of them the end-entity's.
fn long_list(entries: u32) -> Vec<u8> {
    let mut list = List::new("ca", 1);
    let entry = |number: u32| {
        let serial = tlv(2, &[&[1][..], &number.to_be_bytes()].concat());
        pki::seq(&[&serial, &tlv(0x17, b"260101000000Z")])
    };
    list.entries = vec![(0..entries).flat_map(entry).collect()];
    list.issue(&Key::fixed(2))
}

#[test]
fn the_entries_of_a_list_are_counted() {
    let found = against(Spec::server("ca"), &[long_list(100_000)]);
    assert!(
        found.valid && found.work.revocation_entries == 100_000,
        "{:?}",
        found.work
    );
    let (root, ca) = (Key::fixed(1), Key::fixed(2));
    let leaf = Spec::server("ca").issue(&Key::fixed(3), &ca);
    let bag = [Spec::ca("ca", "root").issue(&ca, &root)];
    let anchor = [Spec::ca("root", "root").issue(&root, &root)];
    let leaf = Certificate::parse(&leaf).unwrap();
    let (bag, anchors) = (pki::parse(&bag), pki::parse(&anchor));
    let der = long_list(1_000);
    let lists = [RevocationList::parse(&der).unwrap()];
    let mut request = Request::new(&leaf, &bag, &anchors, AT.parse().unwrap());
    (request.crls, request.revocation) = (&lists, Revocation::Available);
    request.budgets.entries = 999;
    let found = verify(&request);
    assert_eq!(exhausted(&found), Some("entries of revocation lists"));
}

#[test]
fn ten_thousand_lists_end() {
    // Of others: no work. Forged: a signature each. Deltas of deltas: steps.
    let other = List::new("other", 1).issue(&Key::fixed(2));
    let found = against(Spec::server("ca"), &vec![other; 10_000]);
    assert!(
        found.valid && found.work.signatures == 2,
        "{:?}",
        found.work
    );
    let forged = List::new("ca", 1).issue(&Key::fixed(9));
    let found = against(Spec::server("ca"), &vec![forged; 10_000]);
    assert_eq!(exhausted(&found), Some("signatures"));
    let ended = |number: u8| {
        let mut list = List::new("ca", number);
        list.next_update = "20260201000000Z";
        list.issue(&Key::fixed(2))
    };
    let mut lists = vec![ended(1); 5_000];
    let delta = List::new("ca", 3)
        .with(base_number(2))
        .issue(&Key::fixed(2));
    lists.extend(vec![delta; 5_000]);
    let found = against(Spec::server("ca"), &lists);
    assert!(
        !found.valid && found.work.steps <= 210_000,
        "{:?}",
        found.work
    );
}

#[test]
fn hundreds_of_points_with_hundreds_of_names_end() {
    let names = |list: u32| -> Vec<u8> {
        let name = |n: u32| tlv(0x86, format!("http://x/{list}/{n}").as_bytes());
        tlv(
            0xa0,
            &tlv(0xa0, &(0..150).flat_map(name).collect::<Vec<_>>()),
        )
    };
    let points: Vec<u8> = (0..150).flat_map(|n| tlv(0x30, &names(n))).collect();
    let leaf = Spec::server("ca").with(pki::extension("2.5.29.31", false, &tlv(0x30, &points)));
    let of = |n: u32| {
        List::new("ca", 1)
            .with(point(&[names(1_000 + n)]))
            .issue(&Key::fixed(2))
    };
    let lists: Vec<_> = (0..1_000).map(of).collect();
    let found = against(leaf, &lists);
    assert_eq!(exhausted(&found), Some("steps"));
    let one = Spec::server("ca").with(distribution(&[full_name("http://x/1000/149")]));
    assert!(
        against(one, &lists).valid,
        "a name behind the hundredth is not looked at"
    );
}
