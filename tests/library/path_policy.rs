//! Certificate policies along a path: for each clause one good and one bad.

use crate::pki;

use certcheck::chain::{PolicyInputs, Reason, Request, Verification, verify};
use certcheck::model::{Certificate, oid_contents};
use pki::policy::{ANY, ONE, TWO, constraints, inhibit_any, mappings, policies};
use pki::{Key, Spec};

/// Judges a chain of CAs below a root, each with its extensions, and an end-entity certificate.
fn judge(cas: &[&[Vec<u8>]], leaf: &[Vec<u8>], inputs: PolicyInputs) -> Verification {
    let keys: Vec<Key> = (0..=cas.len() + 1).map(|_| Key::new()).collect();
    let name = |place: usize| format!("ca{place}");
    let with = |spec: Spec, all: &[Vec<u8>]| {
        all.iter()
            .fold(spec, |spec, extension| spec.with(extension.clone()))
    };
    let issue = |place: usize| {
        let (subject, issuer) = (name(place + 1), name(place));
        let spec = with(Spec::ca(&subject, &issuer), cas[place]);
        spec.issue(&keys[place + 1], &keys[place])
    };
    let bag: Vec<_> = (0..cas.len()).map(issue).collect();
    let root = Spec::ca("ca0", "ca0").issue(&keys[0], &keys[0]);
    let last = cas.len();
    let leaf = with(Spec::server(&name(last)), leaf).issue(&keys[last + 1], &keys[last]);
    let (leaf, bag) = (Certificate::parse(&leaf).unwrap(), pki::parse(&bag));
    let anchors = [Certificate::parse(&root).unwrap()];
    let mut request = Request::new(
        &leaf,
        &bag,
        &anchors,
        "2026-11-22T00:00:00Z".parse().unwrap(),
    );
    request.policies = inputs;
    verify(&request)
}

fn explicit(initial: &[&str]) -> PolicyInputs {
    let mut inputs = PolicyInputs::default();
    inputs.initial = initial
        .iter()
        .map(|policy| oid_contents(policy).unwrap())
        .collect();
    inputs.require_explicit = true;
    inputs
}

fn is_policy_failure(found: &Verification) -> bool {
    !found.valid
        && found
            .reasons
            .iter()
            .any(|found| matches!(found.reason, Reason::Policy { .. }))
}

#[test]
fn a_policy_along_the_whole_path_holds() {
    let one = [policies(&[ONE])];
    let found = judge(&[&one, &one], &one, explicit(&[]));
    assert!(found.valid, "{:?}", found.reasons);
    assert_eq!(found.policies, [ONE]);
    assert!(judge(&[&one, &one], &one, explicit(&[ONE])).valid);
    assert!(is_policy_failure(&judge(
        &[&one, &one],
        &one,
        explicit(&[TWO])
    )));
}

#[test]
fn a_gap_in_the_policies_matters_only_if_one_is_demanded() {
    let (one, none) = ([policies(&[ONE])], []);
    assert!(is_policy_failure(&judge(
        &[&one, &none],
        &one,
        explicit(&[])
    )));
    let found = judge(&[&one, &none], &one, PolicyInputs::default());
    assert!(found.valid && found.policies.is_empty());
    // A CA demands one for everything below itself.
    let demands = [policies(&[ONE]), constraints(Some(0), None)];
    assert!(is_policy_failure(&judge(
        &[&demands, &one],
        &none,
        PolicyInputs::default()
    )));
    assert!(judge(&[&demands, &one], &one, PolicyInputs::default()).valid);
    // Two certificates later, the path has ended.
    let later = [policies(&[ONE]), constraints(Some(4), None)];
    assert!(judge(&[&later, &one], &none, PolicyInputs::default()).valid);
}

#[test]
fn different_policies_do_not_meet() {
    let (one, two) = ([policies(&[ONE])], [policies(&[TWO])]);
    assert!(is_policy_failure(&judge(&[&one], &two, explicit(&[]))));
    assert!(judge(&[&[policies(&[ONE, TWO])]], &two, explicit(&[TWO])).valid);
}

#[test]
fn any_policy_stands_for_every_one_until_it_is_inhibited() {
    let (any, one) = ([policies(&[ANY])], [policies(&[ONE])]);
    let found = judge(&[&any, &any], &one, explicit(&[ONE]));
    assert!(found.valid && found.policies == [ONE]);
    assert!(is_policy_failure(&judge(&[&any], &one, explicit(&[TWO]))));
    // What stands for every policy stands for the one asked for (RFC 9618).
    let found = judge(&[&any], &any, explicit(&[TWO]));
    assert_eq!(
        (&*found.policies, &*found.authority_policies),
        (&[TWO.to_owned()][..], &[ANY.to_owned()][..])
    );
    assert_eq!(judge(&[&any], &any, explicit(&[])).policies, [ANY]);
    let inhibits = [policies(&[ONE]), inhibit_any(0)];
    assert!(is_policy_failure(&judge(&[&inhibits], &any, explicit(&[]))));
    let later = [policies(&[ONE]), inhibit_any(1)];
    assert!(judge(&[&later], &any, explicit(&[ONE])).valid);
    let mut inputs = explicit(&[]);
    inputs.inhibit_any = true;
    assert!(is_policy_failure(&judge(&[&any], &any, inputs)));
}

#[test]
fn policies_are_mapped_unless_that_is_inhibited() {
    let maps = [policies(&[ONE]), mappings(&[(ONE, TWO)])];
    let (one, two) = ([policies(&[ONE])], [policies(&[TWO])]);
    let found = judge(&[&maps], &two, explicit(&[ONE]));
    assert!(found.valid && found.policies == [ONE], "{found:?}");
    assert!(is_policy_failure(&judge(&[&maps], &two, explicit(&[TWO]))));
    assert!(is_policy_failure(&judge(&[&maps], &one, explicit(&[ONE]))));
    let mut inputs = explicit(&[ONE]);
    inputs.inhibit_mapping = true;
    assert!(is_policy_failure(&judge(&[&maps], &two, inputs)));
    let inhibits = [policies(&[ONE]), constraints(None, Some(0))];
    assert!(is_policy_failure(&judge(
        &[&inhibits, &maps],
        &two,
        explicit(&[])
    )));
    // A mapping of what only anyPolicy stands for.
    let any_maps = [policies(&[ANY]), mappings(&[(ONE, TWO)])];
    assert!(judge(&[&any_maps], &two, explicit(&[ONE])).valid);
}

#[test]
fn any_policy_is_never_mapped() {
    for pair in [(ANY, ONE), (ONE, ANY)] {
        let maps = [policies(&[ONE, ANY]), mappings(&[pair])];
        assert!(is_policy_failure(&judge(
            &[&maps],
            &[],
            PolicyInputs::default()
        )));
    }
}

#[test]
fn the_tree_that_grows_exponentially_stays_small() {
    // Every policy is mapped to every one, at every level.
    let all: Vec<String> = (0..40).map(|n| format!("1.3.6.1.4.1.99999.{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let pairs: Vec<_> = all
        .iter()
        .flat_map(|from| all.iter().map(|to| (*from, *to)))
        .collect();
    let bomb = [policies(&all), mappings(&pairs)];
    let cas: Vec<&[Vec<u8>]> = (0..10).map(|_| &bomb[..]).collect();
    let start = std::time::Instant::now();
    let found = judge(&cas, &[policies(&all[..1])], explicit(&[all[39]]));
    assert!(found.valid, "{:?}", found.reasons);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
