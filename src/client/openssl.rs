//! OpenSSL 3: `X509_verify_cert`, as its clients call it.
//!
//! From crypto/x509/x509_vfy.c of 3.0 (the same in 3.5): a chain is built only by names and key
//! identifiers, one issuer after another, first from the store (`X509_V_FLAG_TRUSTED_FIRST`), else
//! from what the peer sent; it never backtracks. Then extensions, strength, name, signatures with
//! dates, and name constraints are checked, in that order. A root's dates count; its signature does
//! not.

mod checks;
mod resources;
mod rules;

pub(super) use rules::text;

use super::constraints::{self, Broken, Reader};
use super::input::Input;
use super::issued::{key_ids_agree, kinds_agree};
use super::reads::Family;
use super::refusal::Cause;
use crate::Time;
use crate::model::{Certificate, TrustSetting, openssl_signature};
use crate::validity::Validity;
use resources::resources;
use rules::{Ca, ca_kind, is_strong, serves_client};

/// How a client calls it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flags {
    /// `X509_V_FLAG_PARTIAL_CHAIN`: any certificate of the store ends a path.
    pub(super) partial_chain: bool,
    /// `X509_V_FLAG_X509_STRICT`.
    pub(super) strict: bool,
    /// The security level: Debian builds OpenSSL with 2, upstream 3.0 with 1.
    pub(super) level: u8,
    /// Whose certificate is judged.
    pub(super) role: Role,
    /// The most intermediates between the peer's own certificate and its root.
    pub(super) depth: usize,
}

/// Whose certificate is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A server's, by its client.
    Server,
    /// A client's, by its server.
    Client,
}

/// `X509_V_ERR_…` with its number, and the certificate.
pub(super) struct Error<'r, 'a> {
    pub(super) number: u8,
    pub(super) certificate: Option<&'r Certificate<'a>>,
    pub(super) cause: Cause,
}

/// `SSL_CTX_set_verify_depth`'s default is 100 intermediates, and the peer's own certificate
/// is extra (`build_chain`; 100 were accepted, 101 were not).
pub(super) const DEPTH: usize = 100;

type Outcome<'r, 'a, T> = Result<T, Error<'r, 'a>>;

/// What `verify_callback` is called with.
pub(super) struct Heard<'r, 'a> {
    /// 0 for a certificate without a fault.
    pub(super) number: u8,
    pub(super) depth: usize,
    pub(super) certificate: &'r Certificate<'a>,
    /// Why, for an error.
    pub(super) cause: Option<Cause>,
}

/// What a program adds to `X509_verify_cert`.
pub(super) struct Caller<'c, 'r, 'a> {
    /// The program's own error about the certificate at that place of the path, at the point where
    /// OpenSSL checks names and then revocation lists (`check_id`, `check_revocation`).
    pub(super) named: &'c NamedAt<'c, 'r, 'a>,
    /// `verify_callback`: the number of the error with which the verification ends, or `None` if it
    /// goes on. An error that certcheck cannot decide is not put to it.
    pub(super) hears: &'c dyn Fn(&Heard<'r, 'a>) -> Option<u8>,
}

type NamedAt<'c, 'r, 'a> = dyn Fn(&[&'r Certificate<'a>], usize) -> Option<(u8, Cause)> + 'c;

struct Chain<'s, 'r, 'a> {
    input: &'s Input<'r, 'a>,
    flags: Flags,
    hears: &'s dyn Fn(&Heard<'r, 'a>) -> Option<u8>,
    /// Whether the path ends at a trusted certificate.
    trusted: bool,
    /// The server's certificate first.
    path: Vec<&'r Certificate<'a>>,
    /// How many of them the peer sent.
    untrusted: usize,
}

/// The path that OpenSSL takes; `named` checks it at the point where OpenSSL checks names and then
/// revocation lists (`check_id`, `check_revocation`), and gives an error's number.
pub(super) fn verify<'r, 'a>(
    input: &Input<'r, 'a>,
    flags: Flags,
    named: impl Fn(&[&'r Certificate<'a>]) -> Option<(u8, Cause)>,
) -> Outcome<'r, 'a, Vec<&'r Certificate<'a>>> {
    let named = |path: &[&'r Certificate<'a>], place| named(path).filter(|_| place == 0);
    let caller = Caller {
        named: &named,
        hears: &|heard| Some(heard.number).filter(|number| *number != 0),
    };
    verify_for(input, flags, &caller)
}

/// The same, for a program with a `verify_callback`.
pub(super) fn verify_for<'r, 'a>(
    input: &Input<'r, 'a>,
    flags: Flags,
    caller: &Caller<'_, 'r, 'a>,
) -> Outcome<'r, 'a, Vec<&'r Certificate<'a>>> {
    let leaf = input.leaf().ok_or(Error {
        number: 0,
        certificate: None,
        cause: Cause::NothingPresented,
    })?;
    let flags = Flags {
        // An assumed anchor is the topmost issuer that was given, root or not: only the user knows
        // what is above it.
        partial_chain: flags.partial_chain || input.assumed,
        ..flags
    };
    let mut chain = Chain {
        input,
        flags,
        hears: caller.hears,
        trusted: false,
        path: vec![leaf],
        untrusted: 1,
    };
    if !is_strong(leaf, flags.level) {
        chain.report(66, 0, leaf, Cause::WeakKey)?;
    }
    // The order of `verify_chain`, which decides which error is printed if several apply.
    chain.build()?;
    chain.check_extensions()?;
    chain.check_strength()?;
    // Before the signatures: a wrong name on a forged certificate is reported as a wrong name.
    for (place, &it) in chain.path.iter().enumerate() {
        if let Some((number, cause)) = (caller.named)(&chain.path, place) {
            chain.report(number, place, it, cause)?;
        }
    }
    chain.check_signatures_and_dates()?;
    match constraints::broken(&chain.path, Reader::OpenSsl) {
        Some(Broken::Refused(number)) => chain.report(number, 0, leaf, Cause::NameConstraints),
        Some(Broken::Exhausted) => Err(error(1, leaf, Cause::Exhausted)),
        None => Ok(()),
    }?;
    match resources(&chain.path) {
        Some((number, cause)) => Err(error(number, leaf, cause)),
        None => Ok(chain.path),
    }
}

fn error<'r, 'a>(number: u8, certificate: &'r Certificate<'a>, cause: Cause) -> Error<'r, 'a> {
    Error {
        number,
        certificate: Some(certificate),
        cause,
    }
}

/// `ossl_x509_likely_issued`: names, key identifiers, kinds of keys; no signature.
fn likely_issued(issuer: &Certificate<'_>, subject: &Certificate<'_>) -> bool {
    issuer.subject().matches(&subject.issuer())
        && !issuer.is_invalid_to_openssl()
        && !subject.is_invalid_to_openssl()
        && key_ids_agree(subject, issuer)
        && openssl_signature(subject.signature_algorithm().oid().as_bytes()).is_some()
        && kinds_agree(subject, issuer)
}

/// `EXFLAG_SS`.
fn is_self_signed(certificate: &Certificate<'_>) -> bool {
    likely_issued(certificate, certificate)
}

/// Why no path to this root is accepted for a client, in the order in which OpenSSL looks;
/// the root is one that issues.
pub(super) fn root_fault(root: &Certificate<'_>, level: u8, at: Time) -> Option<(u8, Cause)> {
    let unknown = Family::OpenSsl.unknown_critical(std::iter::once(root));
    if unknown.is_some() {
        return Some((34, Cause::UnknownCriticalExtension));
    }
    let ca = ca_kind(root);
    if ca == Ca::No {
        return Some((79, Cause::NotACa));
    }
    if !root.is_invalid_to_openssl() && !serves_client(root, true, ca) {
        return Some((26, Cause::Purpose));
    }
    if !is_strong(root, level) {
        return Some((67, Cause::WeakKey));
    }
    match Validity::of(root, at) {
        Validity::NotYet { .. } => Some((9, Cause::NotYetValid)),
        Validity::Expired { .. } => Some((10, Cause::IssuerExpired)),
        Validity::Valid { .. } => None,
    }
}

impl<'r, 'a> Chain<'_, 'r, 'a> {
    /// `verify_cb_cert`.
    fn report(
        &self,
        number: u8,
        depth: usize,
        certificate: &'r Certificate<'a>,
        cause: Cause,
    ) -> Outcome<'r, 'a, ()> {
        let heard = Heard {
            number,
            depth,
            certificate,
            cause: Some(cause),
        };
        let ends = if cause.is_undecided() {
            Some(number)
        } else {
            (self.hears)(&heard)
        };
        ends.map_or(Ok(()), |number| Err(error(number, certificate, cause)))
    }

    /// The longest path for which one more issuer is looked for.
    fn deepest(&self) -> usize {
        self.flags.depth.saturating_add(1)
    }

    fn is_valid_now(&self, certificate: &Certificate<'_>) -> bool {
        Validity::of(certificate, self.input.at).is_valid()
    }

    /// The first that is valid now, otherwise the one that ended last.
    fn best(
        &self,
        candidates: impl Iterator<Item = &'r Certificate<'a>>,
    ) -> Option<&'r Certificate<'a>> {
        let mut best: Option<&Certificate<'_>> = None;
        for candidate in candidates {
            if self.is_valid_now(candidate) {
                return Some(candidate);
            }
            // With no valid issuer the one that expired last is used, so that the error is "has
            // expired", not "unable to get issuer".
            if best.is_none_or(|best| candidate.not_after() > best.not_after()) {
                best = Some(candidate);
            }
        }
        best
    }

    /// `X509_STORE_CTX_get1_issuer`.
    fn in_store(&self, below: &Certificate<'_>) -> Option<&'r Certificate<'a>> {
        let anchors = self.input.anchors.iter().copied();
        self.best(anchors.filter(|issuer| likely_issued(issuer, below)))
    }

    /// `find_issuer`.
    fn among_sent(
        &self,
        peer: &[&'r Certificate<'a>],
        below: &Certificate<'_>,
    ) -> Option<&'r Certificate<'a>> {
        // An issuer that is already in the path is skipped, so that a ring of cross-signed CAs
        // ends; the exception is a path of one self-issued certificate.
        let first = self.path.len() == 1 && below.is_self_issued();
        let free = |issuer: &&Certificate<'_>| {
            likely_issued(issuer, below)
                && (first
                    || self
                        .path
                        .iter()
                        .all(|certificate| certificate.der() != issuer.der()))
        };
        self.best(peer.iter().copied().filter(free))
    }

    /// `build_chain`.
    fn build(&mut self) -> Outcome<'r, 'a, ()> {
        let mut peer: Vec<_> = self.input.chain.iter().collect();
        let mut ask_peer = true;
        while let Some(&current) = self.path.last() {
            let within = self.path.len() <= self.deepest();
            // The store comes first (`X509_V_FLAG_TRUSTED_FIRST`, the default since 1.1.0): a
            // trusted root ends the path even if the peer sends a cross-signed version of it.
            let issuer = self.in_store(current).filter(|_| within);
            if let Some(issuer) = issuer
                && let Some(from) = self.grow(current, issuer)
            {
                // From here on the peer's certificates are not searched.
                ask_peer = false;
                match self.trust_from(from) {
                    TrustSetting::Trusted => {
                        self.trusted = true;
                        break;
                    }
                    TrustSetting::Rejected => {
                        return Err(error(28, issuer, Cause::Untrusted));
                    }
                    TrustSetting::Unsaid => {}
                }
                if !is_self_signed(issuer) {
                    continue;
                }
            }
            let sent = self
                .among_sent(&peer, current)
                .filter(|_| ask_peer && within && !is_self_signed(current));
            let Some(issuer) = sent else { break };
            // Each certificate of the peer is used once, and the store is no longer searched at the
            // greatest depth, so the loop ends.
            peer.retain(|peer| !std::ptr::eq(*peer, issuer));
            self.path.push(issuer);
            self.untrusted += 1;
        }
        self.trusted = self.trusted || self.is_trusted_leaf();
        let depth = self.path.len().saturating_sub(1);
        let Some(&last) = self.path.last().filter(|_| !self.trusted) else {
            return Ok(());
        };
        // An issuer was skipped because one of the two is invalid.
        let invalid = |certificate: &&&Certificate<'_>| certificate.is_invalid_to_openssl();
        if let Some(&invalid) = self.path.iter().find(invalid) {
            return self.report(20, depth, invalid, Cause::MalformedExtension);
        }
        if let Some(invalid) = peer
            .iter()
            .find(|peer| peer.is_invalid_to_openssl() && peer.subject().matches(&last.issuer()))
        {
            return self.report(20, depth, invalid, Cause::MalformedExtension);
        }
        let below_root = self.path.len() > self.untrusted;
        // A callback that ignores this one is also called for the next.
        if self.path.len() > self.deepest() {
            self.report(22, depth, last, Cause::PathLength)?;
        }
        if is_self_signed(last) && !below_root {
            // `X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT` and `X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN`.
            let number = if depth == 0 { 18 } else { 19 };
            self.report(number, depth, last, Cause::Untrusted)
        } else if below_root {
            self.report(2, depth, last, Cause::NoRoot)
        } else {
            self.report(20, depth, last, Cause::Untrusted)
        }
    }

    /// Puts an issuer from the store above `current`, or in its place if it is itself a root that
    /// the peer sent. Gives the place from which the path is trusted. A root of the same name that
    /// is another certificate does not count.
    fn grow(&mut self, current: &'r Certificate<'a>, issuer: &'r Certificate<'a>) -> Option<usize> {
        if !is_self_signed(current) {
            self.path.push(issuer);
            return Some(self.path.len() - 1);
        }
        if current.der() != issuer.der() {
            return None;
        }
        self.untrusted = self.untrusted.min(self.path.len() - 1);
        Some(self.path.len() - 1)
    }

    /// `check_trust`, for what was just added.
    fn trust_from(&self, place: usize) -> TrustSetting {
        for it in self.path.iter().skip(place) {
            match self.input.setting(it) {
                TrustSetting::Unsaid if is_self_signed(it) => return TrustSetting::Trusted,
                TrustSetting::Unsaid => {}
                said => return said,
            }
        }
        if self.flags.partial_chain {
            TrustSetting::Trusted
        } else {
            TrustSetting::Unsaid
        }
    }

    /// `check_trust`'s last resort: the server's own certificate in the store.
    fn is_trusted_leaf(&mut self) -> bool {
        let whole = self.path.len() <= self.deepest() && self.path.len() == self.untrusted;
        let held = self.path.first().is_some_and(|path| self.input.holds(path));
        if whole && self.flags.partial_chain && held {
            self.untrusted = 0;
            return true;
        }
        false
    }
}
