//! The paths upwards through the links.

use super::links::Links;
use super::{Ending, Path};

/// A CA with four certificates below one with four gives sixteen paths; no CA in use has
/// more.
const MOST_PATHS: usize = 16;
/// No chain in use has more than ten certificates; OpenSSL walks a hundred by
/// default (X509_VERIFY_PARAM depth).
const LONGEST: usize = 100;
/// Steps of the search: a clique of cross-signed CAs has more paths than anyone can walk.
const MOST_STEPS: usize = 4_096;

/// The first of the paths upwards from `start`, nearest issuers in the files first.
pub(super) fn all(links: &Links<'_, '_>, start: usize) -> Vec<Path> {
    let mut found = Vec::new();
    let mut steps = 0;
    walk(links, &mut vec![start], &mut found, &mut steps);
    found
}

fn walk(links: &Links<'_, '_>, path: &mut Vec<usize>, found: &mut Vec<Path>, steps: &mut usize) {
    *steps += 1;
    if found.len() >= MOST_PATHS || *steps > MOST_STEPS {
        return;
    }
    let Some(&last) = path.last() else { return };
    let mut above: Vec<usize> = links.issuers(last).to_vec();
    // A certificate on the path twice would be a loop, which arises whenever two CAs sign each
    // other.
    above.retain(|place| !path.contains(place));
    // The file's own order first: those after the certificate.
    above.sort_by_key(|place| (*place < last, *place));
    if above.is_empty() || path.len() >= LONGEST {
        let ends = match (links.is_self_signed(last), links.is_ca(last), path.len()) {
            // Self-signed end-entities are common in tests and appliances: their remedy is trust
            // in that certificate, not a chain.
            (true, _, 1) => Ending::SelfSignedEndEntity,
            (true, _, _) => Ending::Root,
            (false, false, 1) => Ending::EndEntity,
            (false, _, _) => Ending::BelowRoot,
        };
        found.push(Path {
            certificates: path.clone(),
            ends,
            lacks_an_issuer: false,
        });
        return;
    }
    for place in above {
        path.push(place);
        walk(links, path, found, steps);
        path.pop();
    }
}

/// Lower is better: a path that lacks no issuer, in the order of the files, to a
/// root, with more certificates, those that come first in the files.
pub(super) fn rank(path: &Path) -> (bool, bool, bool, usize, Vec<usize>) {
    // The first field outweighs all others: a path in perfect order is no help if its next
    // certificate is missing.
    (
        path.lacks_an_issuer,
        !path.certificates.is_sorted(),
        path.ends != Ending::Root,
        // Of two complete paths the longer one holds the cross-signed certificate, which was added
        // for clients that lack the newer root.
        usize::MAX - path.certificates.len(),
        path.certificates.clone(),
    )
}
