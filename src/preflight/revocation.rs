//! Revocation lists for a server's files: which certificates they revoke, and when they expire.

use super::Preflight;
use crate::Time;
use crate::answer::Check;
use crate::chain::{Reason, Rejection};
use crate::finding::{Severity, hex};
use crate::model::{Certificate, GeneralName, RevocationList};
use crate::objects::Object;
use crate::rule::{self, ChainFact, Evidence, Finding};
use crate::validity::warn_from;

/// The lists in some files, and which file each is in.
#[derive(Default)]
pub(crate) struct Lists<'d> {
    pub(crate) lists: Vec<RevocationList<'d>>,
    files: Vec<&'d str>,
}

impl<'d> Lists<'d> {
    pub(crate) fn of(files: &[Vec<Object<'d>>]) -> Self {
        let all = files.iter().flatten();
        let (lists, files) = all
            .filter_map(|object| Some((object.crl()?.clone(), object.document.source().name())))
            .unzip();
        Self { lists, files }
    }

    /// The facts of a rejection, with the file of the list that it comes from.
    pub(crate) fn evidence(&self, rejection: &Rejection) -> Evidence {
        let mut evidence = rejection.evidence();
        if let Reason::Revoked { list, .. } = rejection.reason
            && let Evidence::ChainFact(ChainFact::Revoked(rule::chain::Revoked {
                crl_file, ..
            })) = &mut evidence
        {
            *crl_file = self.files.get(list).map(|name| (*name).to_owned());
        }
        evidence
    }
}

impl Preflight {
    /// The findings about the lists themselves: those that have expired or expire soon, and those
    /// that apply to none of the certificates.
    pub(super) fn judge_lists(
        &self,
        files: &[Vec<Object<'_>>],
        certificates: &[Certificate<'_>],
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for object in files.iter().flatten() {
            let Some(list) = object.crl() else { continue };
            let fresh = freshness(list, self.at, self.expires_within);
            let facts = [fresh, unrelated(list, certificates)];
            let facts = facts.into_iter().flatten();
            findings.extend(facts.map(|fact| Finding::new(fact, object.subject())));
        }
        findings
    }

    pub(super) fn revocation_check(&self, judged: bool) -> Check {
        match (self.crl_files.is_empty(), judged) {
            (true, _) => Check::not_applicable("revocation", "no --crl was given"),
            (false, true) => Check::ran("revocation"),
            (false, false) => Check::impossible("revocation", "no certificate could be read"),
        }
    }
}

/// A list that has expired, or expires within so many days.
pub(super) fn freshness(
    list: &RevocationList<'_>,
    at: Time,
    expires_within: Option<u32>,
) -> Option<ChainFact> {
    let next_update = list.next_update()?;
    let crl_issuer = list.issuer().to_string();
    let crl_number = list.number().map(hex);
    if next_update < at {
        return Some(ChainFact::RevocationListEnded(
            rule::chain::RevocationListEnded {
                crl_issuer,
                crl_number,
                next_update,
                at,
            },
        ));
    }
    let soon = warn_from(list.this_update(), next_update, expires_within);
    (at >= soon).then(|| {
        ChainFact::RevocationListEndsSoon(rule::chain::RevocationListEndsSoon {
            crl_issuer,
            crl_number,
            next_update,
            at,
            days: u64::try_from(at.days_until(next_update)).unwrap_or(0),
        })
    })
}

/// Whether no certificate is the issuer's, or names it as the signer of its lists.
fn unrelated(list: &RevocationList<'_>, certificates: &[Certificate<'_>]) -> Option<ChainFact> {
    let issuer = list.issuer();
    let names_it = |certificate: &Certificate<'_>| {
        let points = certificate.crl_distribution_points().into_iter();
        let names = points
            .flat_map(|points| points.iter())
            .filter_map(|point| point.crl_issuer)
            .flat_map(|names| names.iter());
        certificate.issuer().matches(&issuer)
            || names
                .take(1_000)
                .any(|name| matches!(name, GeneralName::Directory(name) if name.matches(&issuer)))
    };
    (!certificates.iter().any(names_it)).then(|| {
        ChainFact::RevocationListUnrelated(rule::chain::RevocationListUnrelated {
            crl_issuer: issuer.to_string(),
        })
    })
}

/// How much a reason from the lists counts here: clients that use lists at all go on if none is
/// usable; only OpenSSL's `-crl_check` does not.
pub(super) fn severity(reason: &Reason) -> Severity {
    match reason {
        Reason::RevocationUnknown { .. } => Severity::Warning,
        _ => Severity::Error,
    }
}
