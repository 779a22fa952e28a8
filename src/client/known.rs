//! The clients that certcheck knows, by name.

use super::profile::{ClientProfile, Described};
use super::profiles as table;
use super::tableau;
use crate::handshake::ClientHello;
use std::fmt;

/// A client program that connects to a TLS server.
///
/// ```
/// use certcheck::client::Client;
/// assert_eq!(Client::named("go").map(Client::name), Some("go"));
/// assert!(Client::named("lynx").is_none());
/// ```
#[derive(Clone, Copy)]
pub struct Client(&'static ClientProfile);

impl Client {
    /// All of them, in the order in which they are listed.
    pub const ALL: &'static [Self] = &[
        Self(&table::OPENSSL),
        Self(&table::OPENSSL_PARTIAL_CHAIN),
        Self(&table::OPENSSL_CAPATH),
        Self(&table::PYTHON),
        Self(&table::PYTHON_PARTIAL_CHAIN),
        Self(&table::PYTHON_313),
        Self(&table::CURL),
        Self(&table::GNUTLS),
        Self(&table::GO),
        Self(&table::RUSTLS),
        Self(&table::RUSTLS_RING),
        Self(&table::NODE),
        Self(&table::JAVA),
        Self(&table::LIBPQ),
        Self(&table::NSS),
        Self(&table::MACOS),
        Self(&table::WINDOWS),
        Self(&table::CHROME),
        Self(&table::FIREFOX),
        Self(&tableau::TABLEAU),
        Self(&tableau::TABLEAU_LINUX),
        Self(&tableau::TABLEAU_WINDOWS),
        Self(&tableau::TABLEAU_MAC),
        Self(&tableau::TABLEAU_MOBILE),
        Self(&tableau::TABLEAU_PINNED),
    ];

    /// Programs that use rustls, which [`identity`](crate::identity) answers.
    #[cfg(feature = "rustls")]
    pub(crate) const RUSTLS: Self = Self(&table::RUSTLS);

    /// The client of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|client| client.name() == name)
    }

    /// The client of this profile, for [`judge`](super::judge) and for a preflight.
    pub const fn of(profile: &'static ClientProfile) -> Self {
        Self(profile)
    }

    /// What it offers in a handshake: its recorded ClientHello, that of the program that it is a
    /// variant of, or that of its description.
    pub fn hello(self) -> Option<&'static ClientHello> {
        if let Some(Described {
            hello: Some(hello), ..
        }) = &self.0.described
        {
            return Some(hello);
        }
        // The variants are one program, which sends one ClientHello: they differ in how they end
        // a path.
        ClientHello::of(match self.0.known_as() {
            "openssl-partial-chain" | "openssl-capath" => "openssl",
            "python-partial-chain" => "python",
            name => name,
        })
    }

    /// The ClientHellos with all of which a server must agree: the one that [`hello`](Self::hello)
    /// returns, or those of a client that is known from documents.
    pub fn hellos(self) -> Vec<&'static ClientHello> {
        match self.hello() {
            Some(hello) => vec![hello],
            None => ClientHello::documented(self.0.known_as()),
        }
    }

    /// The program and version whose handshake is predicted; `None` if none is.
    pub fn program(self) -> Option<&'static str> {
        match self.hello() {
            Some(hello) => Some(hello.program),
            None => self.hellos().first().map(|_| self.0.versions),
        }
    }

    /// Its name on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// What it is.
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The versions whose rules these are; for those marked "documents" nothing
    /// was measured.
    pub const fn versions(self) -> &'static str {
        self.0.versions
    }

    /// Where the rules come from.
    pub const fn sources(self) -> &'static [&'static str] {
        self.0.sources
    }

    /// Whether a real one was run, rather than its documents read.
    pub const fn is_measured(self) -> bool {
        self.0.measured
    }

    pub(super) const fn profile(self) -> &'static ClientProfile {
        self.0
    }
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Client {}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    /// Every client has an offer, so that none accepts by its path alone.
    #[test]
    fn every_client_has_a_hello() {
        for client in Client::ALL {
            assert!(!client.hellos().is_empty(), "{}", client.name());
            assert!(client.program().is_some(), "{}", client.name());
            let recorded = client.hello().is_some();
            let documents = client.program().is_some_and(|it| it.contains("documents"));
            assert!(recorded != documents, "{}", client.name());
        }
    }
}
