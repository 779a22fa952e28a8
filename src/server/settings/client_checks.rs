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
    /// How PostgreSQL compares the certificate with the database user.
    pub user: UserName,
    /// A setting that changes what is accepted, and is not interpreted.
    pub not_interpreted: Option<Placed<String>>,
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
