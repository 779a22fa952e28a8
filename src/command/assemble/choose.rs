//! Which certificate, which key, and which path above it.

use super::heap::Heap;
use crate::Time;
use crate::chain::arrange::{Gap, Path, arrange};
use crate::finding::Subject;
use crate::model::{Certificate, purpose_name};
use crate::objects::belongs;
use crate::rule::{Finding, assemble};
use crate::server_name::{ServerName, Wildcards};
use std::cmp::Reverse;

/// The most paths that are tried: cross-signed CAs have two or three.
const MOST_PATHS: usize = 8;

/// What was chosen, by places in the heap.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) certificate: usize,
    pub(super) key: usize,
    /// The certificates above it, path by path, without roots; the shortest complete one first.
    pub(super) chains: Vec<Vec<usize>>,
    pub(super) roots: Vec<usize>,
    /// The issuer that is missing.
    pub(super) gap: Option<Gap>,
    /// The same, or one that clients may have as a root.
    pub(super) above: Option<Gap>,
    /// The certificate whose issuer that is: the issuer belongs in its file.
    pub(super) below_gap: usize,
}

/// The one certificate with its key, and the paths above it.
///
/// # Errors
/// What is missing, or which candidates certcheck would have to guess between.
pub(super) fn choose(
    heap: &Heap,
    certificates: &[Certificate<'_>],
    hosts: &[ServerName],
    at: Time,
) -> Result<Chosen, Box<Finding>> {
    let (certificate, key) = pair(heap, certificates, hosts, at)?;
    let own = certificates.get(certificate);
    let spki = own.map(Certificate::spki_der);
    // Another certificate with this key is an older or newer one of the same server.
    let places: Vec<usize> = (0..certificates.len())
        .filter(|place| {
            let other = certificates.get(*place).map(Certificate::spki_der);
            *place == certificate || other != spki
        })
        .collect();
    let those: Vec<_> = places
        .iter()
        .filter_map(|place| certificates.get(*place).cloned())
        .collect();
    let arranged = arrange(&those, spki);
    let on_heap = |place: &usize| places.get(*place).copied();
    let roots: Vec<usize> = arranged.roots.iter().filter_map(on_heap).collect();
    let mut paths: Vec<_> = arranged.paths.iter().collect();
    // Among equal paths, the one that expires later.
    let first_end = |path: &Path| {
        let above = path.certificates.iter().skip(1);
        let ends = above.filter_map(|place| those.get(*place).map(Certificate::not_after));
        ends.min()
    };
    paths.sort_by_key(|path| {
        let length = path.certificates.len();
        (path.lacks_an_issuer, length, Reverse(first_end(path)))
    });
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for path in paths {
        let chain: Vec<_> = path
            .certificates
            .iter()
            .skip(1)
            .filter_map(on_heap)
            .filter(|place| !roots.contains(place))
            .collect();
        if !chains.contains(&chain) && chains.len() < MOST_PATHS {
            chains.push(chain);
        }
    }
    if chains.is_empty() {
        chains.push(Vec::new());
    }
    let ends = arranged.ends;
    let above = arranged.gap;
    let gap = above.clone().filter(|gap| gap.is_certain(ends));
    Ok(Chosen {
        certificate,
        key,
        chains,
        roots,
        below_gap: (above.as_ref())
            .and_then(|gap| on_heap(&gap.of))
            .unwrap_or(certificate),
        gap,
        above,
    })
}

/// The places of the certificate and its key.
fn pair(
    heap: &Heap,
    certificates: &[Certificate<'_>],
    hosts: &[ServerName],
    at: Time,
) -> Result<(usize, usize), Box<Finding>> {
    if certificates.is_empty() {
        let closed = closed(heap);
        let place = if closed.is_empty() {
            heap.key_subject(0)
        } else {
            place_of_closed(heap)
        };
        return Err(Box::new(Finding::new(
            assemble::NoCertificate { closed },
            place,
        )));
    }
    let mut pairs = Vec::new();
    for (place, certificate) in certificates.iter().enumerate() {
        let key = heap
            .keys()
            .position(|key| belongs(key, certificate.spki_der()));
        pairs.extend(key.map(|key| (place, key)));
    }
    if heap.keys().next().is_none() {
        let closed = closed(heap);
        let place = if closed.is_empty() {
            heap.subject(0)
        } else {
            place_of_closed(heap)
        };
        return Err(Box::new(Finding::new(assemble::NoKey { closed }, place)));
    }
    if pairs.is_empty() {
        let fact = assemble::NoMatch {
            certificates: certificates.len() as u64,
            keys: heap.keys().count() as u64,
            closed: closed(heap),
        };
        return Err(Box::new(Finding::new(fact, heap.key_subject(0))));
    }
    // Each criterion keeps the candidates that meet it, unless none does.
    let of = |pair: &(usize, usize)| certificates.get(pair.0);
    let is =
        |test: &dyn Fn(&Certificate<'_>) -> bool, pair: &(usize, usize)| of(pair).is_some_and(test);
    let covers = |one: &Certificate<'_>| {
        let all = hosts.iter();
        all.clone()
            .all(|host| host.check(one, Wildcards::Anywhere).is_ok())
    };
    let valid = |one: &Certificate<'_>| one.not_before() <= at && at <= one.not_after();
    narrow(&mut pairs, |pair| is(&|one| !one.is_ca(), pair));
    narrow(&mut pairs, |pair| is(&covers, pair));
    narrow(&mut pairs, |pair| is(&serves, pair));
    narrow(&mut pairs, |pair| is(&valid, pair));
    // Programs create a self-signed certificate until the CA's arrives.
    narrow(&mut pairs, |pair| is(&|one| !one.is_self_issued(), pair));
    // One key, several certificates: the newest replaced the others.
    let one_key = pairs
        .iter()
        .all(|pair| pairs.first().is_some_and(|first| first.1 == pair.1));
    if one_key {
        let newest = pairs.iter().filter_map(|pair| {
            let one = of(pair)?;
            Some((one.not_before(), one.not_after()))
        });
        if let Some(newest) = newest.max() {
            narrow(&mut pairs, |pair| {
                is(&|one| (one.not_before(), one.not_after()) == newest, pair)
            });
        }
    }
    match pairs.as_slice() {
        [pair] => Ok(*pair),
        several => {
            let candidates = several.iter().map(|(place, _)| {
                let subject = heap.subject(*place);
                let one = certificates.get(*place);
                let name = one.map_or_else(String::new, |one| one.subject().to_string());
                format!("{name} in {}", subject.source)
            });
            let candidates = candidates.collect();
            let place = heap.subject(several.first().map_or(0, |pair| pair.0));
            Err(Box::new(Finding::new(
                assemble::Ambiguous { candidates },
                place,
            )))
        }
    }
}

fn narrow(pairs: &mut Vec<(usize, usize)>, keep: impl Fn(&(usize, usize)) -> bool) {
    if pairs.iter().any(&keep) {
        pairs.retain(keep);
    }
}

/// Whether it may be a server's certificate.
fn serves(certificate: &Certificate<'_>) -> bool {
    certificate.extended_key_usage().is_none_or(|usage| {
        let mut purposes = usage.purposes().map(purpose_name);
        purposes.any(|purpose| purpose == "serverAuth" || purpose == "anyExtendedKeyUsage")
    })
}

fn closed(heap: &Heap) -> Vec<String> {
    let all = heap.closed.iter();
    all.map(|(place, problem)| format!("{}: {problem}", place.source))
        .collect()
}

fn place_of_closed(heap: &Heap) -> Subject {
    let first = heap.closed.first();
    first.map_or_else(|| Subject::file(""), |(place, _)| place.clone())
}
