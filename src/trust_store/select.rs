//! Which certificates clients lack to trust a server, and no more.

use super::candidate::Candidate;
use super::role::is_self_signed;
use crate::finding::Fingerprint;
use crate::model::Certificate;
use crate::signature::signed_by;

/// What must be installed for a server's chain to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Which of the available certificates, by their place, the highest first: the
    /// root, and the intermediates that the server does not send.
    pub install: Vec<usize>,
    /// The name of the missing issuer, if the path ends below a root.
    pub missing_issuer: Option<String>,
    /// The certificate that lacks it.
    pub missing_issuer_of: Option<Fingerprint>,
}

/// The most links of a chain that are followed. The longest in use has five.
const LINKS: usize = 16;

/// Which of `available` clients must be given to trust a server that sends
/// `sent`, its own certificate first. A server that sends only its own certificate (Rserve) needs
/// the intermediates in the store as well as the root.
pub fn missing_for(sent: &[Certificate<'_>], available: &[Candidate<'_>]) -> Selection {
    let mut selection = Selection {
        install: Vec::new(),
        missing_issuer: None,
        missing_issuer_of: None,
    };
    let Some(mut current) = sent.first() else {
        return selection;
    };
    let place = |certificate: &Certificate<'_>| {
        available
            .iter()
            .position(|other| other.certificate.der() == certificate.der())
    };
    for _ in 0..LINKS {
        if is_self_signed(current) {
            selection.install.extend(place(current));
            selection.install.reverse();
            return selection;
        }
        let issued = |issuer: &&Certificate<'_>| {
            current.issuer().matches(&issuer.subject())
                && !signed_by(current, issuer).is_err_and(|problem| !problem.is_not_computed())
        };
        let all = available.iter().map(|candidate| &candidate.certificate);
        // A self-signed namesake ends the path; a cross-signed one makes it longer.
        let root = all
            .clone()
            .filter(issued)
            .find(|issuer| is_self_signed(issuer));
        let Some(issuer) = root.or_else(|| sent.iter().chain(all).find(issued)) else {
            break;
        };
        let is_sent = sent.iter().any(|other| other.der() == issuer.der());
        if !is_sent && !is_self_signed(issuer) {
            selection.install.extend(place(issuer));
        }
        current = issuer;
    }
    selection.missing_issuer = Some(current.issuer().to_string());
    selection.missing_issuer_of = Some(current.sha256());
    selection.install.reverse();
    selection
}
