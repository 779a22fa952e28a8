//! Revocation lists: for each rule one that holds and one that breaks it.

use crate::pki;

use certcheck::chain::{PathProfile, Reason, Request, Revocation, Verification, verify};
use certcheck::model::{Certificate, RevocationList};
use pki::crl::{distribution, full_name, point, reason};
use pki::{Key, List, Spec, extension, key_usage, name, tlv};

const LEAF: u8 = 7;

struct World {
    root: Key,
    ca: Key,
    anchor: Vec<u8>,
    intermediate: Vec<u8>,
    leaf: Vec<u8>,
    /// More certificates.
    bag: Vec<Vec<u8>>,
}

fn world_with(leaf: impl FnOnce(Spec) -> Spec) -> World {
    let (root, ca) = (Key::new(), Key::new());
    World {
        anchor: Spec::ca("root", "root").issue(&root, &root),
        intermediate: Spec::ca("ca", "root").serial(5).issue(&ca, &root),
        leaf: leaf(Spec::server("ca").serial(u32::from(LEAF))).issue(&Key::new(), &ca),
        root,
        ca,
        bag: Vec::new(),
    }
}

fn world() -> World {
    world_with(|spec| spec)
}

impl World {
    fn judge_by(
        &self,
        lists: &[Vec<u8>],
        mode: Revocation,
        profile: &'static PathProfile,
    ) -> Verification {
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let mut bag = vec![Certificate::parse(&self.intermediate).unwrap()];
        bag.extend(pki::parse(&self.bag));
        let anchors = [Certificate::parse(&self.anchor).unwrap()];
        let lists: Vec<_> = lists
            .iter()
            .map(|der| RevocationList::parse(der).unwrap())
            .collect();
        let at = "2026-11-22T00:00:00Z".parse().unwrap();
        let mut request = Request::new(&leaf, &bag, &anchors, at);
        request.crls = &lists;
        request.revocation = mode;
        request.profile = profile;
        verify(&request)
    }

    /// With the root's own empty list, and whatever says of the end-entity.
    fn judge(&self, lists: &[Vec<u8>]) -> Verdict {
        let mut all = vec![List::new("root", 1).issue(&self.root)];
        all.extend_from_slice(lists);
        let found = self.judge_by(&all, Revocation::Required, &PathProfile::RFC5280);
        match found.reasons.first().map(|found| &found.reason) {
            None => Verdict::Good,
            Some(Reason::Revoked { .. }) => Verdict::Revoked,
            Some(Reason::RevocationUnknown { .. }) => Verdict::Unknown,
            Some(other) => panic!("{other:?}"),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Revoked,
    Unknown,
}
use Verdict::{Good, Revoked, Unknown};

#[test]
fn complete_lists() {
    let it = world();
    let list = List::new("ca", 1);
    assert_eq!(it.judge(&[list.issue(&it.ca)]), Good);
    assert_eq!(
        it.judge(&[list.clone().revoke(LEAF, &[reason(1)]).issue(&it.ca)]),
        Revoked
    );
    assert_eq!(it.judge(&[list.clone().revoke(8, &[]).issue(&it.ca)]), Good);
    assert_eq!(it.judge(&[]), Unknown);
    // Another key, another name.
    assert_eq!(it.judge(&[list.issue(&Key::new())]), Unknown);
    assert_eq!(it.judge(&[List::new("other", 1).issue(&it.ca)]), Unknown);
    // A bad list beside a good one does no harm.
    assert_eq!(
        it.judge(&[list.issue(&Key::new()), list.issue(&it.ca)]),
        Good
    );
    let mut old = list;
    old.next_update = "20260201000000Z";
    assert_eq!(it.judge(&[old.issue(&it.ca)]), Unknown);
}

#[test]
fn a_revoked_ca() {
    let it = world();
    let lists = [
        List::new("root", 2).revoke(5, &[]).issue(&it.root),
        List::new("ca", 1).issue(&it.ca),
    ];
    let found = it.judge_by(&lists, Revocation::Required, &PathProfile::RFC5280);
    assert!(
        matches!(found.reasons[0].reason, Reason::Revoked { .. }) && !found.reasons[0].end_entity
    );
}

#[test]
fn unknown_critical_extensions() {
    let it = world();
    let unknown = extension("1.3.6.1.4.1.99999.9", true, &[5, 0]);
    let list = List::new("ca", 1).with(unknown.clone());
    assert_eq!(it.judge(&[list.issue(&it.ca)]), Unknown);
    let entry = List::new("ca", 1).revoke(8, &[unknown]);
    assert_eq!(it.judge(&[entry.issue(&it.ca)]), Unknown);
}

#[test]
fn who_may_sign() {
    let mut it = world();
    it.intermediate = Spec::new("ca", "root")
        .with(pki::basic_constraints(None))
        .with(key_usage(0x04, 2))
        .serial(5)
        .issue(&it.ca, &it.root);
    let list = List::new("ca", 1);
    assert_eq!(it.judge(&[list.issue(&it.ca)]), Unknown);
    // A second certificate of the CA, for lists alone.
    let signer = Key::new();
    it.bag.push(
        Spec::new("ca", "root")
            .with(key_usage(0x02, 1))
            .serial(6)
            .issue(&signer, &it.root),
    );
    assert_eq!(it.judge(&[list.issue(&signer)]), Good);
    assert_eq!(
        it.judge(&[list.clone().revoke(LEAF, &[]).issue(&signer)]),
        Revoked
    );
    // It is revoked itself.
    let lists = [
        List::new("root", 2).revoke(6, &[]).issue(&it.root),
        list.issue(&signer),
    ];
    let found = it.judge_by(&lists, Revocation::Required, &PathProfile::RFC5280);
    assert!(!found.valid);
    // Nobody issued it.
    it.bag = vec![
        Spec::new("ca", "root")
            .with(key_usage(0x02, 1))
            .issue(&signer, &signer),
    ];
    assert_eq!(it.judge(&[list.issue(&signer)]), Unknown);
}

#[test]
fn scopes() {
    let it = world();
    let of = |contents: &[Vec<u8>]| List::new("ca", 1).with(point(contents)).issue(&it.ca);
    let flag = |number: u8| vec![0x80 | number, 1, 0xff];
    assert_eq!(it.judge(&[of(&[flag(1)])]), Good);
    assert_eq!(it.judge(&[of(&[flag(2)])]), Unknown);
    assert_eq!(it.judge(&[of(&[flag(5)])]), Unknown);
    // A name that the certificate does not have.
    assert_eq!(it.judge(&[of(&[full_name("http://x/1")])]), Unknown);
    let named = world_with(|spec| spec.with(distribution(&[full_name("http://x/1")])));
    let of = |contents: &[Vec<u8>]| List::new("ca", 1).with(point(contents)).issue(&named.ca);
    assert_eq!(named.judge(&[of(&[full_name("http://x/1")])]), Good);
    assert_eq!(named.judge(&[of(&[full_name("http://x/2")])]), Unknown);
}

#[test]
fn relative_names() {
    let attribute = pki::seq(&[&pki::oid("2.5.4.3"), &tlv(0x0c, b"list 1")]);
    let relative = tlv(0xa0, &tlv(0xa1, &attribute));
    let it = world_with(|spec| spec.with(distribution(&[relative])));
    // The issuer's name with that RDN behind it.
    let issuer = [
        tlv(0x31, &pki::seq(&[&pki::oid("2.5.4.3"), &tlv(0x0c, b"ca")])),
        tlv(0x31, &attribute),
    ];
    let full = tlv(0xa0, &tlv(0xa0, &tlv(0xa4, &tlv(0x30, &issuer.concat()))));
    assert_eq!(
        it.judge(&[List::new("ca", 1).with(point(&[full])).issue(&it.ca)]),
        Good
    );
    // (The issuer's own name would do: the certificate's implicit point has it.)
    let other = tlv(0xa0, &tlv(0xa0, &tlv(0xa4, &name("list 1"))));
    assert_eq!(
        it.judge(&[List::new("ca", 1).with(point(&[other])).issue(&it.ca)]),
        Unknown
    );
}

#[test]
fn reasons_add_up() {
    let it = world();
    let some = |bits: &[u8]| {
        let bits = [&[0x83, u8::try_from(bits.len()).unwrap()], bits].concat();
        List::new("ca", 1).with(point(&[bits]))
    };
    // keyCompromise and cACompromise; everything else.
    let (few, rest) = (some(&[5, 0x60]), some(&[7, 0x1f, 0x80]));
    assert_eq!(it.judge(&[few.issue(&it.ca)]), Unknown);
    assert_eq!(it.judge(&[few.issue(&it.ca), rest.issue(&it.ca)]), Good);
    let hit = rest.revoke(LEAF, &[reason(4)]);
    assert_eq!(it.judge(&[few.issue(&it.ca), hit.issue(&it.ca)]), Revoked);
}

#[test]
fn indirect_lists() {
    let issuer = tlv(0xa2, &tlv(0xa4, &name("lists")));
    let url = full_name("http://x/1");
    let mut it = world_with(|spec| spec.with(distribution(&[url.clone(), issuer])));
    let signer = Key::new();
    it.bag.push(
        Spec::new("lists", "root")
            .with(key_usage(0x02, 1))
            .serial(6)
            .issue(&signer, &it.root),
    );
    let indirect = |entries: &[(u8, Option<&str>)]| {
        let flags = [full_name("http://x/1"), vec![0x84, 1, 0xff]];
        let list = List::new("lists", 1).with(point(&flags));
        let list = entries.iter().fold(list, |list, (serial, issuer)| {
            let issuer = issuer
                .map(|issuer| extension("2.5.29.29", true, &tlv(0x30, &tlv(0xa4, &name(issuer)))));
            list.revoke(*serial, issuer.as_slice())
        });
        list.issue(&signer)
    };
    assert_eq!(it.judge(&[indirect(&[])]), Good);
    // The entries are of the list's own issuer until one says otherwise.
    assert_eq!(it.judge(&[indirect(&[(LEAF, None)])]), Good);
    assert_eq!(it.judge(&[indirect(&[(LEAF, Some("ca"))])]), Revoked);
    assert_eq!(
        it.judge(&[indirect(&[(1, Some("ca")), (LEAF, None)])]),
        Revoked
    );
    assert_eq!(
        it.judge(&[indirect(&[(1, Some("ca")), (LEAF, Some("x"))])]),
        Good
    );
    // Without the flag it is no indirect list.
    let direct = List::new("lists", 1).with(point(std::slice::from_ref(&url)));
    assert_eq!(it.judge(&[direct.issue(&signer)]), Unknown);
}

#[test]
fn deltas() {
    let it = world();
    let delta = |base: u8, own: u8| {
        List::new("ca", own).with(extension("2.5.29.27", true, &pki::number(base)))
    };
    let base = List::new("ca", 3);
    let held = base.clone().revoke(LEAF, &[reason(6)]).issue(&it.ca);
    let base = base.issue(&it.ca);
    let hit = delta(3, 4).revoke(LEAF, &[reason(1)]).issue(&it.ca);
    let lifted = delta(3, 4).revoke(LEAF, &[reason(8)]).issue(&it.ca);
    assert_eq!(it.judge(std::slice::from_ref(&hit)), Unknown);
    assert_eq!(it.judge(&[base.clone(), hit.clone()]), Revoked);
    assert_eq!(it.judge(std::slice::from_ref(&held)), Revoked);
    assert_eq!(it.judge(&[held.clone(), lifted]), Good);
    // A delta for a later base, or another key's, changes nothing.
    let later = delta(4, 5).revoke(LEAF, &[reason(1)]).issue(&it.ca);
    assert_eq!(it.judge(&[base.clone(), later]), Good);
    let forged = delta(3, 4).revoke(LEAF, &[reason(1)]).issue(&Key::new());
    assert_eq!(it.judge(&[base, forged]), Good);
}

#[test]
fn modes_and_profiles() {
    let it = world();
    let good = List::new("ca", 1).issue(&it.ca);
    let by = |lists: &[Vec<u8>], mode, profile| it.judge_by(lists, mode, profile).valid;
    let rfc = &PathProfile::RFC5280;
    assert!(by(std::slice::from_ref(&good), Revocation::Available, rfc));
    assert!(!by(std::slice::from_ref(&good), Revocation::Required, rfc));
    assert!(by(&[], Revocation::Available, rfc) && !by(&[], Revocation::Required, rfc));
    // A list that is there and useless counts even where none is required.
    let bad = List::new("ca", 1).issue(&Key::new());
    assert!(!by(std::slice::from_ref(&bad), Revocation::Available, rfc));
    assert!(by(&[bad], Revocation::Off, rfc));
    let mut unnumbered = List::new("ca", 1);
    unnumbered.extensions = vec![extension("2.5.29.35", false, &pki::seq(&[]))];
    let unnumbered = [unnumbered.issue(&it.ca)];
    assert!(by(&unnumbered, Revocation::Available, rfc));
    assert!(!by(
        &unnumbered,
        Revocation::Available,
        &PathProfile::RFC5280_STRICT
    ));
    assert!(by(
        &[good],
        Revocation::Available,
        &PathProfile::RFC5280_STRICT
    ));
}
