//! Is a certificate of the path revoked? (RFC 5280 6.3)

use super::Search;
use crate::Time;
use crate::chain::reason::Reason;
use crate::chain::request::Revocation;
use crate::chain::scope::{self, ALL_REASONS};
use crate::finding::hex;
use crate::model::{Certificate, RevocationList, RevocationReason, RevokedCertificate};
use std::cmp::Reverse;
use std::collections::HashSet;

/// What lists say about one certificate.
enum Status<'a> {
    /// No list that applies to it is usable; why the last one is not.
    Silent(Option<String>),
    /// The list that says so, and its entry.
    Revoked(usize, RevokedCertificate<'a>),
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
    /// Why the certificate cannot be accepted, according to the lists.
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
        // Its status is already being determined: a list may cover the
        // certificate of its own signer (PKITS 4.14.30), and the search for
        // that signer must end.
        if self.under_way.contains(&certificate.der()) {
            return None;
        }
        let mut covered: u16 = 0;
        // A list that does not answer at one distribution point does not answer at another.
        let mut silent = HashSet::new();
        let mut why = None;
        for point in scope::points(certificate) {
            // Most lists belong to another issuer, and cost next to nothing.
            self.walk(1 + self.newest_first.len() / 64);
            // Among equally new lists, none takes precedence: coverage of the certificate affects
            // only older lists.
            let (mut age, mut newer) = (None, covered);
            for index in 0..self.newest_first.len() {
                let Some(place) = self.newest_first.get(index).copied() else {
                    break;
                };
                let Some(list) = self.request.crls.get(place) else {
                    break;
                };
                if age != Some(newness(list)) {
                    (age, newer) = (Some(newness(list)), covered);
                }
                if newer == ALL_REASONS || self.exhausted.is_some() {
                    break;
                }
                // A delta says nothing by itself: it is read together with the complete list that
                // it continues.
                if list.base_number().is_some()
                    || silent.contains(&place)
                    || !point.is_from(list, certificate)
                {
                    continue;
                }
                let published = self.published.entry(place);
                let published = published
                    .or_insert_with(|| scope::published(list))
                    .as_deref();
                let reasons = point.reasons(list, published, certificate);
                let cost = point.cost(published);
                self.walk(cost);
                // A list that covers no further reason cannot change the answer, and may be large.
                if reasons & !newer == 0 {
                    continue;
                }
                match self.ask(place, list, link) {
                    Status::Revoked(place, entry) => return self.revoked(place, &entry),
                    Status::NotRevoked => covered |= reasons,
                    Status::Silent(reason) => {
                        silent.insert(place);
                        why = reason.or(why);
                    }
                }
            }
        }
        // RFC 5280 6.3.3 ends when every reason is covered: a list limited to keyCompromise does
        // not say that the certificate was not superseded.
        if covered == ALL_REASONS || self.only_revoked {
            return None;
        }
        let lists_fail = why.is_some();
        let required = self.request.revocation == Revocation::Required;
        // With `Available`, no list at all is no reason to refuse, but a list that was given and
        // cannot be used is: the caller wanted it to count.
        (required || lists_fail).then(|| Reason::RevocationUnknown {
            reason: why.unwrap_or_else(|| {
                if covered == 0 {
                    "no list of its issuer was given".to_owned()
                } else {
                    "the given lists do not cover every reason".to_owned()
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
        if let Some(problem) = self.useless(list) {
            return Status::Silent(Some(problem));
        }
        let ended = self.ended(list);
        let ended_on =
            |next| Status::Silent(Some(format!("a list of its issuer expired on {next}")));
        if let (Some(next), false) = (ended, self.has_deltas) {
            return ended_on(next);
        }
        let Some(signer) = self.signer(place, list, link) else {
            let reason = "no authorised certificate signed the list of its issuer";
            return Status::Silent(Some(reason.into()));
        };
        let delta = self.delta(list, signer, link);
        // (a) (1) (i): a list that has expired counts as long as a delta continues it.
        if let (Some(next), None) = (ended, delta) {
            return ended_on(next);
        }
        // The delta first: it is newer, and its removeFromCRL cancels an entry of the complete list
        // (RFC 5280 5.2.4, 5.3.1).
        for (place, list) in delta.into_iter().chain([(place, list)]) {
            match self.find(list, link.certificate) {
                Err(reason) => return Status::Silent(Some(reason)),
                Ok(Some(entry)) if entry.reason == RevocationReason::RemoveFromCrl => {
                    return Status::NotRevoked;
                }
                Ok(Some(entry)) => return Status::Revoked(place, entry),
                Ok(None) => {}
            }
        }
        Status::NotRevoked
    }

    /// What makes a list permanently useless, whatever signed it.
    fn useless(&self, list: &RevocationList<'_>) -> Option<String> {
        if let Some(problem) = list.problem() {
            return Some(format!("a list of its issuer cannot be used: {problem}"));
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
        // thisUpdate in the future is a list for later, or a wrong clock. Either way it does not
        // apply to this moment.
        (list.this_update() > self.request.at).then(|| {
            format!(
                "a list of its issuer is not valid until {}",
                list.this_update()
            )
        })
    }

    fn ended(&self, list: &RevocationList<'_>) -> Option<Time> {
        list.next_update().filter(|next| *next < self.request.at)
    }

    /// Whether a list can be used now, whatever signed it.
    pub(super) fn is_current(&self, list: &RevocationList<'_>) -> bool {
        self.useless(list).is_none() && self.ended(list).is_none()
    }

    /// The certificate's entry. Every entry is read: one that cannot be read, or
    /// holds something critical and unknown, makes the list useless for all
    /// (RFC 5280 5.3).
    fn find(
        &mut self,
        list: &RevocationList<'a>,
        certificate: &Certificate<'_>,
    ) -> Result<Option<RevokedCertificate<'a>>, String> {
        let indirect = list
            .issuing_distribution_point()
            .is_some_and(|scope| scope.indirect);
        let mut is_issuer = list.issuer().matches(&certificate.issuer());
        let mut found = None;
        for entry in list.entries() {
            self.entries += 1;
            if self.entries > self.request.budgets.entries {
                let limit = self.request.budgets.entries;
                self.exhaust("entries of revocation lists", limit);
                return Err("certcheck did not read a list of its issuer to the end".into());
            }
            let entry = entry.map_err(|problem| problem.to_string())?;
            if entry.unknown_critical {
                return Err("a list of its issuer has an unknown critical entry extension".into());
            }
            // certificateIssuer holds for its entry and for all after it until the next one (RFC
            // 5280 5.3.3), so the issuer is carried along.
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

    fn revoked(&self, place: usize, entry: &RevokedCertificate<'_>) -> Option<Reason> {
        let list = self.request.crls.get(place)?;
        Some(Reason::Revoked {
            at: entry.at,
            reason: entry.reason.as_str().to_owned(),
            crl_issuer: list.issuer().to_string(),
            crl_number: list.number().map(hex),
            list: place,
        })
    }
}

/// The places of the lists, the newest first: an older list's entry for a certificate does not
/// count if there is a newer list of the same scope.
pub(super) fn newest_first(lists: &[RevocationList<'_>]) -> Vec<usize> {
    let mut places: Vec<_> = (0..lists.len()).collect();
    places.sort_by_cached_key(|place| lists.get(*place).map(|list| Reverse(newness(list))));
    places
}

/// What makes one list newer than another.
fn newness<'l>(list: &RevocationList<'l>) -> (Time, usize, &'l [u8]) {
    // CRL numbers decide the order of lists issued in the same second. The length is compared
    // first, which is right for numbers without leading zeros.
    let number = list.number().unwrap_or_default();
    (list.this_update(), number.len(), number)
}
