//! Bags of certificates by a grammar: names, keys, cross-signatures, twins.
//!
//! Properties of `arrange`: every certificate has one place (in the chain,
//! twice there, or foreign); what stands next in a path is the issuer by name;
//! with the server's key the order of the bag changes nothing but the order;
//! what was put in order, and so once more if need be, is in order. Properties of `chain --fix`: it writes
//! nothing that was not there, keeps the server's own certificate first, makes
//! nothing worse, and has nothing left to do with what it wrote.
#![no_main]

#[path = "../../tests/pki/graph.rs"]
mod graph;
#[path = "../../tests/pki/mod.rs"]
mod pki;

use certcheck::chain::arrange::{Arrangement, Ending, arrange};
use certcheck::command::chain::{chain, fix};
use certcheck::encoding::{Document, to_pem};
use certcheck::finding::Severity;
use certcheck::model::Certificate;
use certcheck::server::Profile;
use certcheck::{Source, Time};
use graph::{AT, CAS, Link, ROOT, SERVER, Says, who};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

/// Most certificates of a bag.
const MOST: usize = 12;
/// How often a bag is put in order until nothing changes, at most.
const TURNS: usize = 8;

fn link(u: &mut Unstructured<'_>, leaf: bool) -> Result<Link> {
    let place: u32 = u.arbitrary()?;
    let part = |shift: u32, of: u32| usize::try_from((place >> shift) % of).unwrap_or(0);
    let key = |shift| [0, 0, 0, 1][part(shift, 4)];
    let below = if leaf {
        SERVER
    } else {
        [0, 1, 2, 3, 4, 5, 6, ROOT][part(0, 8)]
    };
    let above = match part(8, 8) {
        _ if below == ROOT => ROOT,
        7 => ROOT,
        _ if leaf => part(8, 3),
        name => name.min(CAS - 1),
    };
    let root_key = |name, key| if name == ROOT { 0 } else { key };
    let mut says = if leaf { Says::server() } else { Says::ca(None) };
    says.expired = part(20, 16) == 0 && place != 0;
    says.key_ids = part(24, 4) != 0;
    says.shouts = part(26, 4) == 3;
    Ok(Link {
        below: who(below, root_key(below, key(12))),
        above: who(above, root_key(above, key(16))),
        says,
        forged: part(28, 16) == 0 && place != 0,
    })
}

/// The bag, and a byte that says how it is turned round.
fn bag(u: &mut Unstructured<'_>) -> Result<(Vec<Vec<u8>>, u8)> {
    let turn: u8 = u.arbitrary()?;
    let mut bag = vec![link(u, true)?.issue(1)];
    while bag.len() < MOST && !u.is_empty() {
        let number = u32::try_from(bag.len()).unwrap_or(0) + 1;
        let choice: u8 = u.arbitrary()?;
        let next = match choice % 8 {
            // A twin of one that is there, or a second server.
            0 => bag[usize::from(choice / 8) % bag.len()].clone(),
            1 => link(u, true)?.issue(number),
            _ => link(u, false)?.issue(number),
        };
        bag.push(next);
    }
    let first = usize::from(turn) % bag.len();
    bag.swap(0, first);
    Ok((bag, turn))
}

fn of(ders: &[Vec<u8>], key: Option<&[u8]>) -> Arrangement {
    let certificates: Vec<_> = ders
        .iter()
        .map(|der| Certificate::parse(der).expect("a certificate of the grammar"))
        .collect();
    let found = arrange(&certificates, key);
    let subject = |place: usize| certificates[place].subject();
    let issuer = |place: usize| certificates[place].issuer();

    let mut places: Vec<usize> = found.order.clone();
    places.extend(&found.unrelated);
    places.extend(found.duplicates.iter().map(|(place, _)| *place));
    places.sort_unstable();
    assert_eq!(places, (0..ders.len()).collect::<Vec<_>>(), "{found:?}");
    for (place, first) in &found.duplicates {
        assert!(first < place && ders[*first] == ders[*place]);
    }
    assert!(found.order.starts_with(&found.path));
    assert_eq!(found.path.first().copied(), found.end_entity);
    assert_eq!(
        found.paths.first().map(|path| &path.certificates),
        Some(&found.path)
    );
    assert!(found.paths.len() <= 16 && found.signatures <= 1_000 && found.exhausted.is_none());
    for path in &found.paths {
        for link in path.certificates.windows(2) {
            assert!(issuer(link[0]).matches(&subject(link[1])));
        }
        let once: BTreeSet<_> = path.certificates.iter().collect();
        assert_eq!(once.len(), path.certificates.len());
    }
    let ends_there = matches!(found.ends, Ending::Root | Ending::SelfSignedEndEntity);
    assert_eq!(ends_there, found.gap.is_none());
    found
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok((ders, turn)) = bag(&mut u) else {
        return;
    };
    let own = Certificate::parse(&ders[0]).expect("a certificate of the grammar");
    for key in [None, Some(own.spki_der())] {
        let found = of(&ders, key);
        let pick = |places: &[usize]| {
            places
                .iter()
                .map(|place| ders[*place].clone())
                .collect::<Vec<_>>()
        };
        // Without the strangers another path may come first, and so once more.
        let own = key_of(&ders, &found);
        let mut sorted = pick(&found.order);
        let again = (0..TURNS).find_map(|_| {
            let again = of(&sorted, Some(own));
            let in_order = again.in_order && again.unrelated.is_empty();
            sorted = again
                .order
                .iter()
                .map(|place| sorted[*place].clone())
                .collect();
            in_order.then_some(again)
        });
        assert!(again.is_some(), "{found:?}");
        if key.is_some() {
            let mut turned = ders.clone();
            turned.reverse();
            turned.rotate_left(usize::from(turn) % ders.len());
            let other = of(&turned, key);
            // Of two certificates with the server's key the first is taken.
            if turned[other.path[0]] == ders[found.path[0]] {
                let set = |ders: &[Vec<u8>], places: &[usize]| {
                    places
                        .iter()
                        .map(|place| ders[*place].clone())
                        .collect::<BTreeSet<_>>()
                };
                assert_eq!(set(&ders, &found.order), set(&turned, &other.order));
                // All paths are there where there are fewer than the most.
                let rooted =
                    |found: &Arrangement| found.paths.iter().any(|path| path.ends == Ending::Root);
                if found.paths.len() < 16 && other.paths.len() < 16 {
                    assert_eq!(rooted(&found), rooted(&other));
                }
            }
        }
    }
    healed(&ders);
});

fn key_of<'d>(ders: &'d [Vec<u8>], found: &Arrangement) -> &'d [u8] {
    let own = &ders[found.path[0]];
    Certificate::parse(own).expect("a certificate").spki_der()
}

fn healed(ders: &[Vec<u8>]) {
    let at: Time = AT.parse().expect("a time");
    let server = Profile::named("generic").expect("a server");
    let pem: String = ders
        .iter()
        .map(|der| to_pem("CERTIFICATE", der).to_string())
        .collect();
    let document = Document::read(Source::new("bag.pem", pem.into_bytes()));
    let documents = std::slice::from_ref(&document);
    let before = chain(documents, server, None, at);
    let plan = fix(documents, server, None, at).expect("there is a chain");
    let written = Document::read(Source::new("out.pem", plan.secret_bytes().to_vec()));
    let there = |der: &[u8]| ders.iter().any(|other| other == der);
    let sections: Vec<_> = written
        .sections()
        .iter()
        .filter_map(|section| section.der())
        .collect();
    assert!(!sections.is_empty() && sections.iter().all(|der| there(der)));
    assert!(written.anomalies().is_empty());
    let once: BTreeSet<_> = sections.iter().collect();
    assert_eq!(once.len(), sections.len());

    let after = plan.checked(&written, None, server, None, at);
    assert_eq!(after.result.presented, before.result.corrected);
    // A certificate of the issuer's name that did not issue is a gap until it is
    // taken out.
    assert!(
        after.result.complete || !before.result.complete,
        "{before:?} {after:?}"
    );
    let errors = |findings: &[certcheck::Finding]| {
        findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count()
    };
    assert!(
        errors(&after.findings) <= errors(&before.findings),
        "{before:?} {after:?}"
    );
    let again = fix(std::slice::from_ref(&written), server, None, at).expect("there is a chain");
    let again = again.checked(&written, None, server, None, at);
    let edit = again.result.fix.expect("it was asked for");
    assert!(!edit.needed, "{edit:?}");
}
