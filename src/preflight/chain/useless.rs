//! Certificates that have an issuer's name and key and lead nowhere: they are not a CA's,
//! are constrained to other names, or are signed by no anchor's key. OpenSSL and GnuTLS
//! use the first issuer of a name and key that they find, and refuse even if the next one would do
//! (measured: `openssl verify -untrusted`, errors 79, 47, 7 and 19).

use crate::Time;
use crate::chain::arrange::{Arrangement, Path, arrange};
use crate::model::Certificate;
use crate::preflight::trust::{self, Trust};
use crate::rule::{self, ChainFact};
use crate::signature;

/// One of them.
pub(super) struct Useless {
    pub(super) place: usize,
    /// Why it may not issue.
    pub(super) reason: String,
    /// Whether it precedes the one that may.
    pub(super) comes_first: bool,
}

/// Removes from an arrangement the paths that no client can use, if another leads as far, and the
/// certificates that are in no other path.
pub(super) fn taken_out(
    certificates: &[Certificate<'_>],
    found: &mut Arrangement,
    anchors: Option<&[Certificate<'_>]>,
    key: Option<&[u8]>,
    at: Time,
) -> Vec<Useless> {
    if found.paths.len() < 2 {
        return Vec::new();
    }
    let trust = anchors.map(|anchors| Trust::of(certificates, found, anchors));
    let judged: Vec<Option<String>> = found
        .paths
        .iter()
        .map(|path| {
            let trust = trust.as_ref();
            let needed = trust.map_or(&*path.certificates, |trust| {
                trust.needed(&path.certificates)
            });
            let views = needed.iter().filter_map(|needed| certificates.get(*needed));
            let views: Vec<_> = views.cloned().collect();
            // A path of CAs without constraints has no obstacle of this kind.
            let suspicious = views.iter().skip(1).any(|view| {
                let length = view.basic_constraints().and_then(|view| view.path_length);
                !view.is_ca() || view.name_constraints().is_some() || length.is_some()
            });
            // Judging a path costs signatures, and most sets hold plain CAs.
            let obstacle = suspicious.then(|| trust::obstacle(&views, at)).flatten();
            let obstacle = obstacle.map(|fact| words(&fact));
            let adrift =
                trust.filter(|trust| trust.is_anchored() && !trust.reaches(&path.certificates));
            obstacle.or_else(|| {
                let trust = adrift?;
                let rivals = found
                    .paths
                    .iter()
                    .filter(|path| trust.reaches(&path.certificates));
                let top = path
                    .certificates
                    .len()
                    .checked_sub(1)
                    .filter(|length| *length > 0)?;
                let own = views.last()?;
                let mut rivals = rivals
                    .filter_map(|rival| certificates.get(*rival.certificates.get(top)?))
                    .filter(|issuer| issuer.spki_der() == own.spki_der());
                rivals.next()?;
                dead_end(own, anchors.unwrap_or_default())
            })
        })
        .collect();
    // A path that is whole and reaches an anchor, if any does.
    let leads = |path: &Path| {
        let reaches = |trust: &Trust| !trust.is_anchored() || trust.reaches(&path.certificates);
        trust.as_ref().is_none_or(reaches) && (trust.is_some() || !path.lacks_an_issuer)
    };
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (path, obstacle) in found.paths.iter().zip(judged) {
        match obstacle {
            None => good.push(path.clone()),
            Some(reason) => bad.push((path.clone(), reason)),
        }
    }
    // Where no path leads anywhere, the useless certificates are the best there is to report about.
    if bad.is_empty() || !good.iter().any(leads) {
        return Vec::new();
    }
    let in_good = |place: &usize| good.iter().any(|path| path.certificates.contains(place));
    let mut useless: Vec<Useless> = Vec::new();
    for (path, reason) in &bad {
        for (depth, place) in path.certificates.iter().enumerate() {
            if in_good(place) || useless.iter().any(|useless| useless.place == *place) {
                continue;
            }
            let rivals = good.iter().filter_map(|good| good.certificates.get(depth));
            useless.push(Useless {
                place: *place,
                reason: reason.clone(),
                comes_first: rivals.min().is_some_and(|rival| place < rival),
            });
        }
    }
    *found = without(certificates, found, &useless, key);
    useless
}

/// Why a certificate is a dead end although another one with its name and key leads to an anchor:
/// it is signed by its own key, or not by its issuer's.
fn dead_end(own: &Certificate<'_>, anchors: &[Certificate<'_>]) -> Option<String> {
    if own.is_self_issued() && signature::signed_by(own, own).is_ok() {
        return Some("it is signed by its own key and is not a trust anchor".to_owned());
    }
    let wanted = own.authority_key_id()?.key_id?;
    let mut issuers = anchors.iter().filter(|anchor| {
        anchor.subject().matches(&own.issuer()) && anchor.subject_key_id() == Some(wanted)
    });
    let issuer = issuers.next()?;
    let problem = signature::signed_by(own, issuer).err()?;
    (!problem.is_not_computed())
        .then(|| format!("its signature is not that of `{}`", issuer.subject()))
}

/// How the others belong together, without the useless ones.
fn without(
    certificates: &[Certificate<'_>],
    found: &Arrangement,
    useless: &[Useless],
    key: Option<&[u8]>,
) -> Arrangement {
    let is_useless = |certificate: &Certificate<'_>| {
        let mut all = useless
            .iter()
            .filter_map(|certificate| certificates.get(certificate.place));
        all.any(|other| other.der() == certificate.der())
    };
    let kept: Vec<usize> = (0..certificates.len())
        .filter(|place| {
            certificates
                .get(*place)
                .is_some_and(|certificate| !is_useless(certificate))
        })
        .collect();
    let views = kept.iter().filter_map(|place| certificates.get(*place));
    let views: Vec<_> = views.cloned().collect();
    let mut rearranged = arrange(&views, key).renumbered(&kept);
    rearranged
        .unrelated
        .extend(useless.iter().map(|useless| useless.place));
    let again = found.duplicates.iter().copied();
    rearranged
        .duplicates
        .extend(again.filter(|(_, first)| useless.iter().any(|useless| useless.place == *first)));
    rearranged.signatures += found.signatures;
    rearranged
}

fn words(fact: &ChainFact) -> String {
    match fact {
        ChainFact::NotACa(rule::chain::NotACa { reason, .. }) => reason.clone(),
        ChainFact::NameConstraints(rule::chain::NameConstraints {
            name, constraint, ..
        }) => format!("it may not issue for `{name}`: {constraint}"),
        _ => "its path length constraint does not allow it".to_owned(),
    }
}
