//! Is a certificate of the path revoked? (RFC 5280 6.3)

use super::Search;
use crate::chain::reason::Reason;
use crate::chain::request::{Request, Revocation};
use crate::chain::scope::{self, ALL_REASONS, at_most};
use crate::finding::hex;
use crate::model::{Certificate, RevocationList, RevocationReason, RevokedCertificate};
use std::collections::HashSet;

/// Certificates with the name of a list's issuer that are tried as its signer:
/// PKITS needs three; a CA that changed its key every year for a decade, ten.
const MOST_SIGNERS: usize = 16;
/// Signers of lists whose own lists have signers, and so on.
const MOST_NESTED: usize = 4;

/// What lists say of one certificate.
enum Status<'a> {
    /// No list that speaks of it is usable, and why the last one is not.
    Silent(Option<String>),
    Revoked(RevokedCertificate<'a>),
    NotRevoked,
}

/// The link whose lower end is asked about.
#[derive(Clone, Copy)]
pub(super) struct Link<'r, 'a> {
    pub(super) certificate: &'r Certificate<'a>,
    pub(super) issuer: &'r Certificate<'a>,
    pub(super) inherited: Option<(usize, &'a [u8])>,
    pub(super) anchor: &'r Certificate<'a>,
    /// The places of the three.
    pub(super) places: (usize, usize, usize),
}

impl<'r, 'a> Search<'r, 'a> {
    /// What keeps the certificate from being accepted, going by the lists.
    pub(super) fn revocation(&mut self, link: Link<'r, 'a>) -> Option<Reason> {
        if let Some(known) = self.revocations.get(&link.places) {
            return known.clone();
        }
        let found = self.find_revocation(link);
        self.revocations.insert(link.places, found.clone());
        found
    }

    fn find_revocation(&mut self, link: Link<'r, 'a>) -> Option<Reason> {
        let certificate = link.certificate;
        // Its status is being asked for already: a list may cover the
        // certificate of its own signer (PKITS 4.14.30), and the search for
        // that signer must end.
        if self.under_way.contains(&certificate.der()) {
            return None;
        }
        let mut covered: u16 = 0;
        // A list without an answer at one point has none at another.
        let mut silent = HashSet::new();
        let mut why = None;
        for point in scope::points(certificate) {
            for (place, list) in self.request.crls.iter().enumerate() {
                if covered == ALL_REASONS {
                    break;
                }
                let reasons = scope::reasons(list, point, certificate);
                let is_new = reasons & !covered != 0;
                if list.base_number().is_some()
                    || !is_new
                    || silent.contains(&place)
                    || !scope::is_from(list, point, certificate)
                {
                    continue;
                }
                match self.ask(place, list, link) {
                    Status::Revoked(entry) => return Some(revoked(&entry, list)),
                    Status::NotRevoked => covered |= reasons,
                    Status::Silent(reason) => {
                        silent.insert(place);
                        why = reason.or(why);
                    }
                }
            }
        }
        if covered == ALL_REASONS {
            return None;
        }
        let lists_fail = why.is_some();
        let required = self.request.revocation == Revocation::Required;
        (required || lists_fail).then(|| Reason::RevocationUnknown {
            reason: why.unwrap_or_else(|| {
                if covered == 0 {
                    "no list of its issuer is given".to_owned()
                } else {
                    "the lists given do not cover every reason".to_owned()
                }
            }),
        })
    }

    /// What one complete list, and the delta that continues it, say.
    fn ask(
        &mut self,
        place: usize,
        list: &'r RevocationList<'a>,
        link: Link<'r, 'a>,
    ) -> Status<'a> {
        if let Some(problem) = self.unusable(list) {
            return Status::Silent(Some(problem));
        }
        let Some(signer) = self.signer(place, list, link) else {
            let reason = "a list of its issuer is signed by nobody who may";
            return Status::Silent(Some(reason.into()));
        };
        let delta = self.delta(list, signer, link);
        for list in delta.into_iter().chain([list]) {
            match find(list, link.certificate) {
                Err(reason) => return Status::Silent(Some(reason)),
                Ok(Some(entry)) if entry.reason == RevocationReason::RemoveFromCrl => {
                    return Status::NotRevoked;
                }
                Ok(Some(entry)) => return Status::Revoked(entry),
                Ok(None) => {}
            }
        }
        Status::NotRevoked
    }

    /// What makes a list useless, whoever signed it.
    fn unusable(&self, list: &RevocationList<'_>) -> Option<String> {
        let at = self.request.at;
        if let Some(problem) = list.problem() {
            return Some(format!("a list of its issuer is useless: {problem}"));
        }
        if self.request.profile.crl_numbers {
            let mut all = list.extensions().iter();
            let number = all.find(|extension| {
                extension.standard_number() == Some(crate::model::extension_id::CRL_NUMBER)
            });
            if number.is_none_or(|number| number.critical) {
                let reason = "a list of its issuer has no number, or a critical one";
                return Some(reason.to_owned());
            }
        }
        if list.this_update() > at {
            return Some(format!(
                "a list of its issuer begins on {}",
                list.this_update()
            ));
        }
        match list.next_update() {
            Some(next) if next < at => Some(format!("a list of its issuer ended on {next}")),
            _ => None,
        }
    }

    /// The certificate whose key signed the list and which may do so.
    fn signer(
        &mut self,
        place: usize,
        list: &RevocationList<'a>,
        link: Link<'r, 'a>,
    ) -> Option<&'r Certificate<'a>> {
        let may_sign = |certificate: &Certificate<'_>| {
            certificate.subject().matches(&list.issuer())
                && certificate.key_usage().is_none_or(|usage| usage.crl_sign())
        };
        if may_sign(link.issuer) && self.signed_list(link.issuer, list, place, link.inherited) {
            return Some(link.issuer);
        }
        let all = self
            .request
            .anchors
            .iter()
            .chain(self.request.intermediates);
        let candidates: Vec<_> = all.filter(|it| may_sign(it)).take(MOST_SIGNERS).collect();
        candidates.into_iter().find(|candidate| {
            candidate.der() != link.issuer.der()
                && self.signed_list(candidate, list, place, None)
                && self.is_trusted(candidate, link)
        })
    }

    fn signed_list(
        &mut self,
        signer: &Certificate<'a>,
        list: &RevocationList<'_>,
        place: usize,
        inherited: Option<(usize, &[u8])>,
    ) -> bool {
        let answer = self.signatures.check_list(signer, list, place, inherited);
        if answer.is_err() {
            self.exhaust("signatures", self.signatures.limit());
        }
        answer.is_ok_and(|answer| answer.is_ok())
    }

    /// Whether a path leads to the signer of a list from the same anchor (f).
    fn is_trusted(&mut self, signer: &'r Certificate<'a>, link: Link<'r, 'a>) -> bool {
        if signer.der() == link.anchor.der() {
            return true;
        }
        if self.under_way.len() >= MOST_NESTED || self.rules.cheap_for_signer(signer).is_some() {
            return false;
        }
        let mut budgets = self.request.budgets;
        budgets.signatures = self.signatures.left();
        let request = Request {
            leaf: signer,
            intermediates: self.request.intermediates,
            anchors: std::slice::from_ref(link.anchor),
            names: &[],
            budgets,
            ..self.request.clone()
        };
        let mut under_way = self.under_way.clone();
        under_way.push(link.certificate.der());
        let mut nested = Search::nested(&request, self.rules, under_way);
        let found = nested.run().is_some();
        let spent = nested.signatures.computed();
        self.signatures.spend(spent);
        found
    }

    /// The newest delta that continues `list`, signed by the same key (h).
    fn delta(
        &mut self,
        list: &RevocationList<'a>,
        signer: &'r Certificate<'a>,
        link: Link<'r, 'a>,
    ) -> Option<&'r RevocationList<'a>> {
        let mut newest: Option<&RevocationList<'a>> = None;
        let inherited = (signer.der() == link.issuer.der())
            .then_some(link.inherited)
            .flatten();
        for (place, delta) in self.request.crls.iter().enumerate() {
            let is_newer = match (newest.and_then(RevocationList::number), delta.number()) {
                (Some(best), Some(number)) => !at_most(number, best),
                (None, _) => true,
                (_, None) => false,
            };
            if is_newer
                && scope::continues(delta, list)
                && self.unusable(delta).is_none()
                && self.signed_list(signer, delta, place, inherited)
            {
                newest = Some(delta);
            }
        }
        newest
    }
}

/// The certificate's entry. Every entry is read: one that cannot be read, or
/// holds something critical and unknown, makes the list useless for all
/// (RFC 5280 5.3).
fn find<'a>(
    list: &RevocationList<'a>,
    certificate: &Certificate<'_>,
) -> Result<Option<RevokedCertificate<'a>>, String> {
    let indirect = list
        .issuing_distribution_point()
        .is_some_and(|scope| scope.indirect);
    let mut is_issuer = list.issuer().matches(&certificate.issuer());
    let mut found = None;
    for entry in list.entries() {
        let entry = entry.map_err(|problem| problem.to_string())?;
        if entry.unknown_critical {
            return Err("a list of its issuer has an unknown critical entry extension".into());
        }
        if let Some(issuer) = entry.issuer
            && indirect
        {
            is_issuer = issuer.matches(&certificate.issuer());
        }
        if is_issuer && entry.serial == certificate.serial() {
            found = Some(entry);
        }
    }
    Ok(found)
}

fn revoked(entry: &RevokedCertificate<'_>, list: &RevocationList<'_>) -> Reason {
    Reason::Revoked {
        at: entry.at,
        reason: entry.reason.as_str().to_owned(),
        crl_issuer: list.issuer().to_string(),
        crl_number: list.number().map(hex),
    }
}
