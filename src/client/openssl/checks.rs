//! The checks of a path that was built: extensions, strength, signatures and dates.

use super::rules::{Ca, ca_kind, has_explicit_curve, is_strong, serves, serves_client, strictness};
use super::{Chain, Heard, Outcome, Role, error, is_self_signed};
use crate::client::reads::Family;
use crate::client::refusal::Cause;
use crate::model::{Certificate, Hash, Oddity};
use crate::validity::Validity;

impl<'r, 'a> Chain<'_, 'r, 'a> {
    fn serves(&self, it: &Certificate<'_>, as_ca: bool, ca: Ca) -> bool {
        match self.flags.role {
            Role::Server => serves(it, as_ca, ca),
            Role::Client => serves_client(it, as_ca, ca),
        }
    }

    /// `check_extensions`.
    pub(super) fn check_extensions(&self) -> Outcome<'r, 'a, ()> {
        let count = self.path.len();
        let mut length = 0_u64;
        for (place, &it) in self.path.iter().enumerate() {
            if Family::OpenSsl
                .unknown_critical(std::iter::once(it))
                .is_some()
            {
                self.report(34, place, it, Cause::UnknownCriticalExtension)?;
            }
            // RFC 3820's certificates are accepted if a program asks for them.
            if it.is_proxy() {
                self.report(40, place, it, Cause::Purpose)?;
            }
            let ca = ca_kind(it);
            let last = place + 1 == count;
            let wrong = if place == 0 {
                self.flags.strict && !matches!(ca, Ca::Yes | Ca::No)
            } else {
                ca == Ca::No
                    || (!last || self.flags.strict || self.input.goes_on(it)) && ca != Ca::Yes
            };
            if wrong {
                self.report(79, place, it, Cause::NotACa)?;
            }
            if count > 1 && has_explicit_curve(it) {
                self.report(94, place, it, Cause::Algorithm)?;
            }
            if self.flags.strict
                && count > 1
                && let Some(number) = strictness(
                    it,
                    last && !self.input.goes_on(it),
                    self.input.facts.plain_roots,
                )
            {
                self.report(number, place, it, Cause::Strictness)?;
            }
            // `check_purpose`: in strict mode, an invalid certificate has no purpose.
            let invalid = it.is_invalid_to_openssl();
            if invalid && self.flags.strict || !invalid && !self.serves(it, place > 0, ca) {
                self.report(26, place, it, Cause::Purpose)?;
            }
            let limit = it
                .basic_constraints()
                .and_then(|constraint| constraint.path_length);
            // RFC 5280 6.1.4 (l): self-issued certificates do not count, and neither does the end-
            // entity certificate.
            if place > 1 && limit.is_some_and(|limit| length > u64::from(limit)) {
                self.report(25, place, it, Cause::PathLength)?;
            }
            if place > 0 && !it.is_self_issued() {
                length += 1;
            }
        }
        Ok(())
    }

    /// `check_auth_level`: the keys of issuers, and every signature but the last.
    pub(super) fn check_strength(&self) -> Outcome<'r, 'a, ()> {
        let level = self.flags.level;
        for (place, &it) in self.path.iter().enumerate() {
            // The server's own key was checked first, and has its own error (66).
            if place > 0 && !is_strong(it, level) {
                self.report(67, place, it, Cause::WeakKey)?;
            }
            let hash = it.signature_algorithm().signature().hash();
            let weak = match hash {
                // 39 and 63 bits since 3.0: below those of level 1.
                Some(Hash::Sha1) if self.input.facts.sha1_at_level_1 => level > 1,
                Some(Hash::Md5 | Hash::Sha1) => level > 0,
                Some(Hash::Sha224) => level > 2,
                _ => false,
            };
            if (place + 1 < self.path.len() || self.input.goes_on(it)) && weak {
                self.report(68, place, it, Cause::WeakSignature)?;
            }
        }
        Ok(())
    }

    /// `internal_verify`, from the top down.
    pub(super) fn check_signatures_and_dates(&self) -> Outcome<'r, 'a, ()> {
        let Some(&top) = self.path.last() else {
            return Ok(());
        };
        let depth = self.path.len().saturating_sub(1);
        let whole = self.trusted || is_self_signed(top) || self.flags.partial_chain;
        let mut issuer: Option<&Certificate<'_>> = None;
        for (place, &it) in self.path.iter().enumerate().rev() {
            if let Some(issuer) = issuer {
                self.check_signature(place, it, issuer)?;
            } else if !whole && depth == 0 {
                // A path of one certificate that is not self-signed has no issuer to verify it
                // with.
                self.report(21, place, it, Cause::Untrusted)?;
            } else if !whole {
                // An issuer that is neither trusted nor self-signed only verifies the next one: its
                // own dates are not looked at.
                issuer = Some(it);
                continue;
            }
            self.check_dates(place, it)?;
            let heard = Heard {
                number: 0,
                depth: place,
                certificate: it,
                cause: None,
            };
            if let Some(number) = (self.hears)(&heard) {
                return Err(error(number, it, Cause::PathLength));
            }
            issuer = Some(it);
        }
        Ok(())
    }

    fn check_signature(
        &self,
        place: usize,
        it: &'r Certificate<'a>,
        issuer: &Certificate<'_>,
    ) -> Outcome<'r, 'a, ()> {
        if issuer
            .key_usage()
            .is_some_and(|usage| !usage.key_cert_sign())
        {
            self.report(32, place + 1, it, Cause::NotACa)?;
        }
        if !it.algorithms_agree() {
            return self.report(7, place, it, Cause::BadSignature);
        }
        match self.input.signed(it, issuer) {
            Ok(()) => Ok(()),
            Err(problem) if problem.is_not_computed() => {
                self.report(7, place, it, Cause::NotComputed)
            }
            Err(_) => self.report(7, place, it, Cause::BadSignature),
        }
    }

    /// `ossl_x509_check_cert_time`.
    fn check_dates(&self, place: usize, it: &'r Certificate<'a>) -> Outcome<'r, 'a, ()> {
        // It reads only RFC 5280's two forms.
        if let Some(Oddity::Time { field, .. }) = it
            .oddities()
            .iter()
            .find(|oddity| matches!(oddity, Oddity::Time { .. }))
        {
            let number = if *field == "notAfter" { 14 } else { 13 };
            self.report(number, place, it, Cause::Encoding)?;
        }
        match Validity::of(it, self.input.at) {
            Validity::NotYet { .. } => self.report(9, place, it, Cause::NotYetValid),
            Validity::Expired { .. } if place == 0 => self.report(10, place, it, Cause::Expired),
            Validity::Expired { .. } => self.report(10, place, it, Cause::IssuerExpired),
            Validity::Valid { .. } => Ok(()),
        }
    }
}
