//! Graphs of certificates by a grammar: names, keys, cross-signatures, lengths,
//! usages, constraints, anchors of every kind.
//!
//! Properties: the order of the intermediates does not matter, fewer of them
//! never make a path valid, a stricter profile accepts nothing more, budgets
//! hold and never make a wrong verdict, and rustls-webpki agrees but for what
//! [`stricter_webpki`] and [`stricter_rfc5280`] list, each with its rule.
#![no_main]

#[path = "../../tests/pki/graph.rs"]
mod graph;
#[path = "../../tests/pki/mod.rs"]
mod pki;

use certcheck::chain::{PathProfile, Reason, Verification};
use certcheck::model::{Certificate, GeneralName, Oid};
use graph::{ANY_USAGE, AT, CAS, CLIENT_AUTH, Graph, Link, ROOT, SERVER, SERVER_AUTH, Says, who};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

/// Most certificates between the end-entity and the anchors.
const MOST: usize = 14;

/// Names for subjectAltName and for constraints, by the number of their form:
/// what is written as RFC 5280 4.2.1.6 and 4.2.1.10 demand.
const NAMES: [(u8, &str); 9] = [
    (2, "example.com"),
    (2, "www.example.com"),
    (2, "*.example.com"),
    (2, "EXAMPLE.org"),
    (7, "0a000001"),
    (1, "a@example.com"),
    (6, "https://example.com/"),
    (4, "server"),
    (4, "ca1"),
];
const BASES: [(u8, &str); 11] = [
    (2, "example.com"),
    (2, "Example.ORG"),
    (2, "www.example.com"),
    (2, ".example.com"),
    (2, ""),
    (2, "com"),
    (7, "0a000000ff000000"),
    (7, "c0a80000ffff0000"),
    (1, "example.com"),
    (6, "example.com"),
    (4, "server"),
];

fn some<T: Copy>(u: &mut Unstructured<'_>, from: &[T], most: usize) -> Result<Vec<T>> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| u.choose(from).copied()).collect()
}

/// What a certificate says: a good CA or server, but for what `odd` changes.
fn says(u: &mut Unstructured<'_>, ca: bool) -> Result<Says> {
    let mut says = if ca { Says::ca(None) } else { Says::server() };
    // A quarter of them, or none: what is odd everywhere is never valid.
    let odd = u.arbitrary::<u16>()? & u.arbitrary::<u16>()?;
    let is = |bit: u16| odd & (1 << bit) != 0 && odd & 0x8000 == 0;
    if is(0) {
        says.ca = Some(*u.choose(&[None, Some(0), Some(1), Some(2)])?);
    }
    if is(1) && is(2) {
        says.ca = if ca { None } else { Some(None) };
    }
    if is(3) {
        says.usage = *u.choose(&[None, Some(0x04), Some(0x02), Some(0x80)])?;
    }
    if is(4) {
        says.purposes = some(u, &[SERVER_AUTH, CLIENT_AUTH, ANY_USAGE], 2)?;
    }
    if is(5) {
        says.names = some(u, &NAMES, 3)?;
    }
    if is(6) {
        says.permitted = some(u, &BASES, 3)?;
    }
    if is(7) {
        says.excluded = some(u, &BASES, 2)?;
    }
    says.expired = is(8) && is(2);
    says.key_ids = !is(9);
    says.unknown = is(10).then_some(is(2));
    says.policies = is(11).then_some(is(2));
    says.shouts = is(12);
    Ok(says)
}

fn link(u: &mut Unstructured<'_>, leaf: bool) -> Result<Link> {
    let place: u32 = u.arbitrary()?;
    let part = |shift: u32, of: u32| usize::try_from((place >> shift) % of).unwrap_or(0);
    let key = |shift| [0, 0, 0, 0, 0, 1, 1, 2][part(shift, 8)];
    let below = match (leaf, part(0, 16)) {
        (true, name @ 0..CAS) if part(4, 4) == 0 => name,
        (true, _) => SERVER,
        (false, name @ 8..) => name % 3,
        (false, 7) if part(4, 4) == 0 => ROOT,
        (false, name) => name % CAS,
    };
    let above = match part(8, 8) {
        7 => ROOT,
        _ if leaf => part(8, 2),
        name => name,
    };
    let root_key = |name, key| if name == ROOT { 0 } else { key };
    Ok(Link {
        below: who(below, root_key(below, key(12))),
        above: who(above, root_key(above, key(16))),
        says: says(u, !leaf)?,
        forged: part(20, 32) == 0 && place != 0,
    })
}

/// The graph, and bytes that say what else is tried with it.
fn graph(u: &mut Unstructured<'_>) -> Result<(Graph, [u8; 4])> {
    let choices: [u8; 4] = u.arbitrary()?;
    let leaf = link(u, true)?.issue(1);
    let root = Link {
        below: who(ROOT, 0),
        above: who(ROOT, 0),
        says: if choices[0] & 1 == 0 {
            Says::ca(None)
        } else {
            says(u, true)?
        },
        forged: false,
    };
    let mut anchors = vec![root.issue(1)];
    let mut bag = Vec::new();
    while bag.len() < MOST && !u.is_empty() {
        bag.push(link(u, false)?.issue(u32::try_from(bag.len()).unwrap_or(0) + 2));
    }
    // Any certificate may be trusted.
    if choices[0] & 6 == 6 {
        let other = usize::from(choices[0] >> 3) % (bag.len() + 1);
        anchors.push(bag.get(other).unwrap_or(&leaf).clone());
    }
    Ok((Graph { leaf, anchors, bag }, choices))
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok((it, choices)) = graph(&mut u) else {
        return;
    };
    let mut bag: Vec<_> = it.bag.iter().collect();
    let answer = it.verify(&bag, AT, |_| {});
    let valid = answer.valid;
    assert_eq!(valid, answer.reasons.is_empty());
    assert!(valid <= !answer.path.is_empty());
    agree(&it, &answer);

    for profile in [&PathProfile::RFC5280_STRICT, &PathProfile::WEBPKI] {
        let strict = it.verify(&bag, AT, |request| request.profile = profile);
        assert!(
            valid || !strict.valid,
            "{} accepts more {answer:#?}",
            profile.name
        );
    }

    let (signatures, steps) = (u64::from(choices[1] % 16), u64::from(choices[2] % 64));
    let poor = it.verify(&bag, AT, |request| {
        request.budgets.signatures = signatures;
        request.budgets.steps = steps;
        request.budgets.comparisons = u64::from(choices[3] % 16);
    });
    let spent = |answer: &Verification| {
        let ended = |reason: &Reason| matches!(reason, Reason::BudgetExhausted { .. });
        answer.reasons.iter().any(|found| ended(&found.reason))
    };
    assert!(!spent(&answer), "{answer:#?}");
    assert!(poor.work.signatures <= signatures && poor.work.steps <= steps + 1);
    assert!(poor.work.constraint_comparisons <= u64::from(choices[3] % 16));
    assert!(poor.valid == valid || (valid && spent(&poor)), "{poor:#?}");

    if !bag.is_empty() {
        let turn = usize::from(choices[3]) % bag.len();
        bag.reverse();
        bag.rotate_left(turn);
        assert_eq!(
            it.verify(&bag, AT, |_| {}).valid,
            valid,
            "the order matters"
        );
        bag.pop();
        let fewer = it.verify(&bag, AT, |_| {}).valid;
        assert!(valid || !fewer, "one certificate less makes it valid");
    }
});

/// Whether webpki has the same verdict, or which rule explains another.
fn agree(it: &Graph, answer: &Verification) {
    let theirs = it.webpki();
    let all = || it.bag.iter().chain(&it.anchors).chain([&it.leaf]);
    match (answer.valid, theirs) {
        (true, Err(error)) => {
            let path: Vec<_> = answer
                .path
                .iter()
                .filter_map(|wanted| {
                    let mut parsed = all().filter_map(|der| Certificate::parse(der).ok());
                    parsed.find(|certificate| certificate.sha256() == *wanted)
                })
                .collect();
            let rule = stricter_webpki(&path, &error);
            assert!(rule.is_some(), "valid, but for webpki {error:?}: {path:#?}");
        }
        (false, Ok((intermediates, _))) => {
            let ders = [&it.leaf].into_iter().chain(&intermediates);
            let path: Vec<_> = ders
                .filter_map(|der| Certificate::parse(der).ok())
                .collect();
            let rule = stricter_rfc5280(&path);
            assert!(rule.is_some(), "webpki: {path:#?} but {answer:#?}");
        }
        _ => {}
    }
}

type Rules = Option<&'static str>;

/// Why webpki refuses a path, end-entity first, that RFC 5280 section 6 allows.
fn stricter_webpki(path: &[Certificate<'_>], error: &webpki::Error) -> Rules {
    use webpki::Error as E;
    let [leaf, rest @ ..] = path else {
        return None;
    };
    let [intermediates @ .., anchor] = rest else {
        return Some("profile rfc5280: any certificate may be an anchor; webpki: no end-entity");
    };
    let below_anchor = &path[..=intermediates.len()];
    let constrains = || rest.iter().filter_map(Certificate::name_constraints);
    let limits = |ca: &Certificate<'_>| {
        let length = ca.basic_constraints().and_then(|basic| basic.path_length);
        length.is_some() || ca.name_constraints().is_some()
    };
    let same_ca = |one: &Certificate<'_>, other: &Certificate<'_>| {
        one.subject().der() == other.subject().der() && one.spki_der() == other.spki_der()
    };
    let lists = |certificate: &Certificate<'_>, purpose: &str| {
        let contents = certcheck::model::oid_contents(purpose).unwrap_or_default();
        certificate
            .extended_key_usage()
            .is_some_and(|usage| usage.lists(Oid::from_der_contents(&contents)))
    };
    let twice = below_anchor.iter().enumerate().any(|(place, one)| {
        let above = &below_anchor[place + 1..];
        above.iter().any(|other| same_ca(one, other))
    });
    let spent = matches!(
        error,
        E::MaximumSignatureChecksExceeded | E::MaximumPathBuildCallsExceeded
    );
    let rules = [
        (leaf.is_ca(), "webpki: CaUsedAsEndEntity"),
        (intermediates.len() > 6, "webpki: at most six CAs"),
        (
            spent,
            "webpki: a budget of 100 signatures, of which it repeats some",
        ),
        (
            intermediates.iter().any(Certificate::is_self_issued) && rest.iter().any(limits),
            "RFC 5280 6.1.4 (l), 6.1.3 (b): self-issued certificates are not counted or constrained",
        ),
        (
            path.windows(2)
                .any(|link| link[0].issuer().der() != link[1].subject().der()),
            "RFC 5280 7.1: names are compared without case; webpki: byte by byte",
        ),
        (
            twice,
            "RFC 4158 5.2: webpki allows a name with its key once in a path",
        ),
        (
            below_anchor
                .iter()
                .any(|ca| lists(ca, ANY_USAGE) && !lists(ca, SERVER_AUTH)),
            "RFC 5280 4.2.1.12: anyExtendedKeyUsage; webpki does not know it",
        ),
        (
            anchor.name_constraints().is_some(),
            "RFC 5280 6.1.1 (d): an anchor is a name and a key; webpki keeps its constraints",
        ),
        (
            below_anchor.iter().any(|ca| {
                let mut all = ca.extensions().iter();
                all.any(|found| found.critical && found.oid.to_string() == "2.5.29.32")
            }),
            "RFC 5280 6.1.3 (d): policies are processed; webpki refuses them where critical",
        ),
        (
            constrains().any(|names| {
                let plain = |base| matches!(base, GeneralName::Dns(_) | GeneralName::Ip(_));
                let mut trees = names.permitted().chain(names.excluded());
                trees.any(|tree| !plain(tree.base))
            }),
            "RFC 5280 4.2.1.10: webpki compares dNSNames and iPAddresses, and refuses the rest",
        ),
    ];
    rules
        .into_iter()
        .find(|(applies, _)| *applies)
        .map(|rule| rule.1)
}

/// Why RFC 5280 section 6 refuses a path, end-entity first, that webpki takes.
fn stricter_rfc5280(path: &[Certificate<'_>]) -> Rules {
    let cannot_sign =
        |ca: &Certificate<'_>| ca.key_usage().is_some_and(|usage| !usage.key_cert_sign());
    let no_server = |leaf: &Certificate<'_>| {
        let usage = leaf.key_usage();
        usage.is_some_and(|usage| {
            !(usage.digital_signature() || usage.key_encipherment() || usage.key_agreement())
        })
    };
    if path.first().is_some_and(no_server) {
        return Some("RFC 5280 4.2.1.3: a server's key signs or enciphers keys");
    }
    path.iter()
        .skip(1)
        .any(cannot_sign)
        .then_some("RFC 5280 6.1.4 (n): keyCertSign; webpki does not look at keyUsage")
}
