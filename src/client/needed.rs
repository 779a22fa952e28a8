//! The smallest set of certificates that makes a client accept.

use super::input::Input;
use super::profile::ClientProfile;
use super::refusal::Refusal;
use crate::finding::Fingerprint;
use crate::model::Certificate;

/// The most candidates that are tried: a chain has four or five, a cross-signed one twice that.
const MOST_CANDIDATES: usize = 12;
/// The number of certificates beyond which no set is looked for: no one installs hundreds.
const MOST_KNOWN: usize = 64;
/// The most sets that are tried: there are 298 of up to three out of twelve.
const MOST_SETS: usize = 300;

/// The smallest set among the presented and known certificates, or `None`.
pub(super) fn smallest(
    profile: &ClientProfile,
    input: &Input<'_, '_>,
    refusal: &Refusal,
) -> Option<Vec<Fingerprint>> {
    if refusal.cause.is_undecided() || input.chain.len() + input.known.len() > MOST_KNOWN {
        return None;
    }
    let candidates = candidates(input);
    let accepts = |set: &[&Certificate<'_>]| profile.verify(&input.with(&owned(&candidates, set)));
    let mut tried = 0;
    // By size, so that the first set that works is the smallest. Real chains lack one or two.
    for size in 1..=3.min(candidates.len()) {
        let mut found = None;
        choose(&candidates, size, &mut Vec::new(), 0, &mut |set| {
            tried += 1;
            if tried > MOST_SETS || input.left() == 0 {
                return true;
            }
            if accepts(set).is_ok() {
                found = Some(set.iter().map(|certificate| certificate.sha256()).collect());
            }
            found.is_some()
        });
        if found.is_some() {
            return found;
        }
        if tried > MOST_SETS || input.left() == 0 {
            return None;
        }
    }
    // A longer chain: certificates are removed one by one while the client still accepts, so
    // every remaining one is needed. The set may not be the smallest: to prove that, all subsets
    // of twelve certificates would have to be tried.
    let mut set = candidates.clone();
    if set.len() <= 3 || accepts(&set).is_err() {
        return None;
    }
    let mut place = set.len();
    while place > 0 {
        place -= 1;
        let mut fewer = set.clone();
        fewer.remove(place);
        if accepts(&fewer).is_ok() {
            set = fewer;
        }
    }
    Some(set.iter().map(|certificate| certificate.sha256()).collect())
}

/// A set of candidates as references of the input's own lifetime.
fn owned<'r, 'a>(
    candidates: &[&'r Certificate<'a>],
    set: &[&Certificate<'_>],
) -> Vec<&'r Certificate<'a>> {
    let chosen = |certificate: &&&Certificate<'_>| {
        set.iter().any(|other| std::ptr::eq(**certificate, *other))
    };
    candidates.iter().filter(chosen).copied().collect()
}

/// Every set of that size, in order; `visit` says when it is enough.
fn choose<'c, 'r, 'a>(
    from: &'c [&'r Certificate<'a>],
    size: usize,
    set: &mut Vec<&'r Certificate<'a>>,
    first: usize,
    visit: &mut dyn FnMut(&[&Certificate<'a>]) -> bool,
) -> bool {
    if set.len() == size {
        return visit(set);
    }
    for (place, candidate) in from.iter().enumerate().skip(first) {
        set.push(candidate);
        let enough = choose(from, size, set, place + 1, visit);
        set.pop();
        if enough {
            return true;
        }
    }
    false
}

/// The certificates that may be installed: the issuers of the server's certificate, roots
/// first, its own last, without those in the store.
fn candidates<'r, 'a>(input: &Input<'r, 'a>) -> Vec<&'r Certificate<'a>> {
    let Some(leaf) = input.leaf() else {
        return Vec::new();
    };
    let mut line = vec![leaf];
    let mut place = 0;
    while let Some(&below) = line.get(place) {
        place += 1;
        for above in input.chain.iter().chain(input.known) {
            if line.len() < MOST_CANDIDATES
                && above.subject().matches(&below.issuer())
                && line.iter().all(|line| line.der() != above.der())
            {
                line.push(above);
            }
        }
    }
    line.retain(|line| !input.holds(line));
    // Its own certificate is renewed soonest: it comes last.
    line.sort_by_key(|line| {
        let own = line.der() == leaf.der();
        (own, !line.is_self_issued(), !line.is_ca())
    });
    line
}
