//! What a server's settings require of the certificates that clients present.

use super::{NamedPath, Placed};

/// How a server checks the certificates that clients present, beyond whether it asks for one
/// ([`ClientAuth`](super::ClientAuth)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientChecks {
    /// Whether a certificate that leads to no trusted root is accepted anyway
    /// (`optional_no_ca`).
    pub any_issuer: bool,
    /// `ssl_verify_depth` counts intermediates, `SSLVerifyDepth` every certificate above
    /// the client's own; `None`: the server's default.
    pub depth: Option<u32>,
    /// Files of revocation lists.
    pub lists: Vec<NamedPath>,
    /// For which certificates of a path the server looks for a list.
    pub revocation: ListsFor,
    /// Whether files of [`lists`](Self::lists) are from a directory, where OpenSSL finds a list
    /// only by the hash of its issuer's name; certcheck does not compare that hash. This is then
    /// [`not_interpreted`](Self::not_interpreted) too.
    pub lists_by_name: bool,
    /// Files whose names are sent as acceptable CAs, if they are not those of
    /// [`Scope::ca`](super::Scope::ca) (`SSLCADNRequestFile`).
    pub names: Vec<NamedPath>,
    /// No names are sent (HAProxy's `no-ca-names`).
    pub no_names: bool,
    /// Files of CA certificates whose names are not sent (HAProxy's `ca-verify-file`).
    pub verify_only: Vec<NamedPath>,
    /// Errors that HAProxy ignores.
    pub overlooked: Overlooked,
    /// How PostgreSQL compares the certificate with the database user.
    pub user: UserName,
    /// A setting that changes what is accepted, and is not interpreted.
    pub not_interpreted: Option<Placed<String>>,
}

/// The numbers of the verification errors that HAProxy ignores (`crt-ignore-err`, `ca-ignore-err`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlooked {
    own: u128,
    issuers: u128,
}

impl Overlooked {
    /// Whether it ignores none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.own == 0 && self.issuers == 0
    }

    /// Whether it ignores this error in the client's own certificate.
    #[must_use]
    pub fn own(&self, number: u8) -> bool {
        has(self.own, number)
    }

    /// Whether it ignores this error in a certificate above it.
    #[must_use]
    pub fn issuers(&self, number: u8) -> bool {
        has(self.issuers, number)
    }

    /// Adds what `word` lists: numbers, or `all`. Gives `false` for anything else.
    pub(crate) fn add(&mut self, word: &str, list: &str) -> bool {
        let mut bits = 0;
        if list == "all" {
            bits = u128::MAX;
        } else {
            for number in list.split(',') {
                let Some(bit) = number.parse().ok().and_then(bit) else {
                    return false;
                };
                bits |= bit;
            }
        }
        if word == "ca-ignore-err" {
            self.issuers |= bits;
        } else {
            self.own |= bits;
        }
        true
    }
}

/// HAProxy keeps 64 of them in a word, and looks at the lower 32 bits of it: 32 to 63 are never
/// ignored (`cert_ignerr_bitfield_get`; measured: 2.6.12, with 34).
fn has(bits: u128, number: u8) -> bool {
    number & 63 < 32 && bit(number).is_some_and(|bit| bits & bit != 0)
}

fn bit(number: u8) -> Option<u128> {
    1_u128.checked_shl(u32::from(number))
}

/// For which certificates of a path the server looks for a revocation list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListsFor {
    /// For none.
    #[default]
    Nothing,
    /// For the client's own (`SSLCARevocationCheck leaf`).
    Own,
    /// For each of them, the root included (`X509_V_FLAG_CRL_CHECK_ALL`).
    Chain,
}

/// How PostgreSQL compares a client's certificate with the name of the database user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserName {
    /// Not at all (`clientcert=verify-ca`).
    #[default]
    Any,
    /// The commonName is the user's name (`clientcert=verify-full`, method `cert`).
    CommonName,
    /// By a map of names, or by the whole subject; or different records differ in this.
    NotJudged,
}
