//! Arranging the certificates of a file: order, gaps, rivals, waste.

use crate::pki;

use certcheck::chain::arrange::{Arrangement, Ending, arrange};
use certcheck::model::Certificate;
use pki::{Key, Spec};

struct Chain {
    server: Vec<u8>,
    intermediate: Vec<u8>,
    root: Vec<u8>,
    /// A root of the intermediate's name with another key.
    rekeyed: Vec<u8>,
    server_key: Vec<u8>,
}

fn chain() -> Chain {
    let [root, intermediate, server, other] = [(); 4].map(|()| Key::new());
    Chain {
        server: Spec::server("intermediate").issue(&server, &intermediate),
        intermediate: Spec::ca("intermediate", "root").issue(&intermediate, &root),
        root: Spec::ca("root", "root").issue(&root, &root),
        rekeyed: Spec::ca("intermediate", "root")
            .serial(9)
            .issue(&other, &root),
        server_key: server.spki(),
    }
}

fn of(ders: &[&Vec<u8>], key: Option<&[u8]>) -> Arrangement {
    let certificates: Vec<_> = ders
        .iter()
        .map(|der| Certificate::parse(der).unwrap())
        .collect();
    arrange(&certificates, key)
}

#[test]
fn the_right_order() {
    let it = chain();
    let found = of(&[&it.server, &it.intermediate, &it.root], None);
    assert_eq!((found.path, found.in_order), (vec![0, 1, 2], true));
    assert_eq!(
        (found.ends, found.roots, found.gap),
        (Ending::Root, vec![2], None)
    );
    assert_eq!(found.signatures, 3);
}

#[test]
fn the_wrong_order_and_waste() {
    let it = chain();
    let ders = [
        &it.root,
        &it.server,
        &it.rekeyed,
        &it.intermediate,
        &it.server,
    ];
    let found = of(&ders, Some(&it.server_key));
    assert_eq!((found.end_entity, found.in_order), (Some(1), false));
    assert_eq!(found.path, [1, 3, 0]);
    assert_eq!((found.unrelated, found.duplicates), (vec![2], vec![(4, 1)]));
}

#[test]
fn a_key_of_a_ca_makes_it_the_servers_own() {
    let it = chain();
    let key = Certificate::parse(&it.intermediate)
        .unwrap()
        .spki_der()
        .to_vec();
    let found = of(&[&it.server, &it.intermediate], Some(&key));
    assert_eq!((found.end_entity, found.unrelated), (Some(1), vec![0]));
}

#[test]
fn a_rekeyed_issuer_is_a_gap_with_its_reason() {
    let it = chain();
    let found = of(&[&it.server, &it.rekeyed, &it.root], None);
    let gap = found.gap.unwrap();
    assert_eq!(
        (found.ends, gap.of, gap.rejected[0].place),
        (Ending::EndEntity, 0, 1)
    );
    assert!(
        gap.rejected[0].reason.contains("another key"),
        "{:?}",
        gap.rejected
    );
    assert_eq!(gap.issuer_name, "CN=intermediate");
    assert!(gap.is_certain(found.ends));
}

#[test]
fn below_the_root_and_alone() {
    let it = chain();
    let found = of(&[&it.server, &it.intermediate], None);
    assert_eq!(
        (found.ends, found.gap.as_ref().unwrap().of),
        (Ending::BelowRoot, 1)
    );
    assert!(!found.gap.unwrap().is_certain(found.ends));
    assert_eq!(of(&[&it.server], None).ends, Ending::EndEntity);
    assert_eq!(of(&[&it.root], None).ends, Ending::SelfSignedEndEntity);
    assert_eq!(of(&[], None).ends, Ending::Nothing);
}

#[test]
fn cross_signed_issuers_give_two_paths() {
    let it = chain();
    let [other_root, root] = [(); 2].map(|()| Key::new());
    // The same intermediate key under two roots.
    let intermediate = Key::new();
    let server = Spec::server("i").issue(&Key::new(), &intermediate);
    let first = Spec::ca("i", "root").issue(&intermediate, &root);
    let second = Spec::ca("i", "other").issue(&intermediate, &other_root);
    let top = Spec::ca("other", "other").issue(&other_root, &other_root);
    let found = of(&[&server, &first, &second, &top, &it.root], None);
    assert_eq!(found.paths.len(), 2);
    assert_eq!((found.path, found.ends), (vec![0, 2, 3], Ending::Root));
    assert_eq!(found.unrelated, [4]);
}

#[test]
fn ten_thousand_of_one_name_end_within_the_budget() {
    let it = chain();
    let key = Key::new();
    let rival = Spec::ca("intermediate", "root");
    let rivals: Vec<_> = (1..10_000)
        .map(|n| rival.clone().serial(n).issue(&Key::new(), &key))
        .collect();
    let mut ders = vec![&it.server];
    ders.extend(&rivals);
    let found = of(&ders, None);
    assert!(found.signatures <= 1_000, "{}", found.signatures);
    assert_eq!(found.exhausted, Some(1_000));
}
