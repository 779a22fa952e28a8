//! The clients that certcheck knows, by name.

use super::by_version::Facts;
use super::profile::{ClientProfile, Described, Engine};
use super::profiles as table;
use super::reads::Family;
use super::stapled::LooksAt;
use super::tableau;
use super::versions::{Asked, Axis};
use crate::UnknownRelease;
use crate::handshake::ClientHello;
use crate::server_name::ServerName;
use std::borrow::Cow;
use std::fmt;

/// A client program that connects to a TLS server.
///
/// ```
/// use certcheck::client::Client;
/// assert_eq!(Client::named("go").map(Client::name), Some("go"));
/// assert!(Client::named("lynx").is_none());
/// ```
#[derive(Clone, Copy)]
pub struct Client {
    profile: &'static ClientProfile,
    /// A version other than that of the profile.
    asked: Option<Asked>,
}

impl Client {
    /// All of them, in the order in which they are listed.
    pub const ALL: &'static [Self] = &[
        Self::of(&table::OPENSSL),
        Self::of(&table::OPENSSL_PARTIAL_CHAIN),
        Self::of(&table::OPENSSL_CAPATH),
        Self::of(&table::PYTHON),
        Self::of(&table::PYTHON_PARTIAL_CHAIN),
        Self::of(&table::PYTHON_313),
        Self::of(&table::CURL),
        Self::of(&table::GNUTLS),
        Self::of(&table::GO),
        Self::of(&table::RUSTLS),
        Self::of(&table::RUSTLS_RING),
        Self::of(&table::NODE),
        Self::of(&table::JAVA),
        Self::of(&table::LIBPQ),
        Self::of(&table::NSS),
        Self::of(&table::MACOS),
        Self::of(&table::WINDOWS),
        Self::of(&table::CHROME),
        Self::of(&table::FIREFOX),
        Self::of(&tableau::TABLEAU),
        Self::of(&tableau::TABLEAU_LINUX),
        Self::of(&tableau::TABLEAU_WINDOWS),
        Self::of(&tableau::TABLEAU_MAC),
        Self::of(&tableau::TABLEAU_PREP),
        Self::of(&tableau::TABLEAU_MOBILE),
        Self::of(&tableau::TABLEAU_PINNED),
    ];

    /// Programs that use rustls, which [`identity`](crate::identity) answers for.
    #[cfg(feature = "rustls")]
    pub(crate) const RUSTLS: Self = Self::of(&table::RUSTLS);

    /// The client of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|client| client.name() == name)
    }

    /// The client that is written `java@8`, or `curl@8.14.1+openssl-3.5`; without a version, the
    /// client of that name. `None` if there is no such client.
    ///
    /// # Errors
    /// If that is not a version of it, or nothing is known about that version.
    ///
    /// ```
    /// use certcheck::client::Client;
    /// let old = Client::released("java@8").unwrap()?;
    /// assert_eq!((old.name(), old.label().as_ref()), ("java", "java@8"));
    /// assert_ne!(Some(old), Client::named("java"));
    /// assert!(Client::released("java@latest").unwrap().is_err());
    /// # Ok::<(), certcheck::UnknownRelease>(())
    /// ```
    pub fn released(text: &str) -> Option<Result<Self, UnknownRelease>> {
        let Some((name, version)) = text.split_once('@') else {
            return Self::named(text).map(Ok);
        };
        let client = Self::named(name)?;
        let asked = Asked::parse(name, version);
        Some(asked.map(|asked| Self {
            asked: Some(asked),
            ..client
        }))
    }

    /// The client of this profile, for [`judge`](super::judge) and for a preflight.
    pub const fn of(profile: &'static ClientProfile) -> Self {
        Self {
            profile,
            asked: None,
        }
    }

    /// Its name with the version that was asked for.
    pub fn label(self) -> Cow<'static, str> {
        match self.asked {
            None => self.name().into(),
            Some(asked) => format!("{}@{}", self.name(), asked.text()).into(),
        }
    }

    /// The same in the versions with which something changes, with their names. If a version was
    /// asked for, only those that it may mean: `java@17` may be 17.0.18.
    pub(crate) fn variants(self) -> Vec<Variant> {
        let name = self.name();
        let others = Asked::others(self.asked, name).into_iter();
        let mut variants: Vec<_> = others
            .map(|(axis, release, asked)| Variant {
                of_openssl: axis == Axis::OpenSsl,
                from: match axis {
                    Axis::Own => release.to_string(),
                    Axis::OpenSsl => format!("OpenSSL {release}"),
                },
                client: Self {
                    asked: Some(asked),
                    ..self
                },
            })
            .collect();
        if self.asked.is_none() {
            for (variant, (axis, release, _)) in variants.iter_mut().zip(Asked::others(None, name))
            {
                if Asked::is_base(name, axis, release) {
                    variant.client.asked = None;
                }
            }
        }
        variants
    }

    /// Whether a version was asked for.
    pub const fn has_release(self) -> bool {
        self.asked.is_some()
    }

    /// Whether the other, in another version, judges a path as this one does.
    pub(crate) fn judges_as(self, other: Self) -> bool {
        let (own, other) = (self.profile(), other.profile());
        // A DSA key is checked with each version (`Preflight::ask`).
        let facts = Facts {
            dss: own.facts.dss,
            ..other.facts
        };
        own.facts == facts
            && own.engine.same_as(&other.engine)
            && own.names.addresses == other.names.addresses
    }

    /// Whether this was measured with the version that is meant, rather than taken from
    /// documents, or from other versions.
    pub fn holds_by_measurement(self) -> bool {
        self.is_measured()
            && self
                .asked
                .is_none_or(|asked| asked.is_measured(self.name()))
    }

    /// A note about its version: that it is newer than the known ones.
    pub fn beyond(self) -> Option<String> {
        self.asked?.beyond(self.name())
    }

    /// What it offers in a handshake: its recorded ClientHello, that of the program that it is a
    /// variant of, or that of its description.
    pub fn hello(self) -> Option<&'static ClientHello> {
        if let Some(Described {
            hello: Some(hello), ..
        }) = &self.profile.described
        {
            return Some(hello);
        }
        if let Some(hello) = self.profile().hello {
            return Some(hello);
        }
        // The variants are one program, which sends one ClientHello: they differ in how they end
        // a path.
        ClientHello::of(match self.profile.known_as() {
            "openssl-partial-chain" | "openssl-capath" => "openssl",
            "python-partial-chain" => "python",
            name => name,
        })
    }

    /// The ClientHellos, with all of which a server must agree: the one that [`hello`](Self::hello)
    /// returns, or those of a client that is known from documents.
    pub fn hellos(self) -> Vec<&'static ClientHello> {
        match self.hello() {
            Some(hello) => vec![hello],
            None => ClientHello::documented(self.profile.known_as()),
        }
    }

    /// The program and version whose handshake is predicted; `None` if none is.
    pub fn program(self) -> Option<Cow<'static, str>> {
        let program = match self.hello() {
            Some(hello) => hello.program,
            None => self.hellos().first().map(|_| self.profile.versions)?,
        };
        Some(match self.asked {
            None => program.into(),
            Some(asked) => {
                format!("{}; its handshake as {program}", asked.program(self.name())).into()
            }
        })
    }

    /// Its name on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        self.profile.name
    }

    /// What it is.
    pub const fn title(self) -> &'static str {
        self.profile.title
    }

    /// The versions whose rules these are; those marked "documents" were not measured.
    pub const fn versions(self) -> &'static str {
        self.profile.versions
    }

    /// Where the rules come from.
    pub const fn sources(self) -> &'static [&'static str] {
        self.profile.sources
    }

    /// Whether the real program was run, rather than only its documents read.
    pub const fn is_measured(self) -> bool {
        self.profile.measured
    }

    /// What is known about it, in the version that was asked for.
    pub(super) fn profile(self) -> ClientProfile {
        match self.asked {
            None => *self.profile,
            Some(asked) => asked.applied(*self.profile),
        }
    }

    /// Whether it asks for no name of this form (SNI): Java of none without a dot, or with one at
    /// its end (`Utilities.rawToSNIHostName`; measured: 17.0.15).
    pub(crate) fn omits_name(self, host: &ServerName) -> bool {
        let omits = match host {
            ServerName::Dns(name) => !name.contains('.'),
            ServerName::Absolute(_) => true,
            _ => false,
        };
        omits && self.profile.engine.family() == Family::Java
    }

    /// Whether it compares the server's certificate with one that it was given, so that it says
    /// nothing about clients that were given none.
    pub const fn is_pinned(self) -> bool {
        matches!(self.profile.engine, Engine::Pinned)
    }

    /// What it checks in a stapled OCSP response.
    pub(crate) fn looks_at_stapled(self) -> LooksAt {
        self.profile.engine.looks_at_stapled()
    }

    /// What is known about it without a version.
    pub(super) const fn base(self) -> &'static ClientProfile {
        self.profile
    }
}

/// A client in another version.
pub(crate) struct Variant {
    /// Whether the version is that of its OpenSSL.
    pub(crate) of_openssl: bool,
    /// The version from which this applies: `24.5`, or `OpenSSL 3.5`.
    pub(crate) from: String,
    /// The client in that version; the one without a version if that is the profile's version.
    pub(crate) client: Client,
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.asked == other.asked
    }
}

impl Eq for Client {}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    /// Every client has an offer, so none accepts only because of its path.
    #[test]
    fn every_client_has_a_hello() {
        for client in Client::ALL {
            assert!(!client.hellos().is_empty(), "{}", client.name());
            assert!(client.program().is_some(), "{}", client.name());
            let recorded = client.hello().is_some();
            let documents = client
                .program()
                .is_some_and(|program| program.contains("documents"));
            assert!(recorded != documents, "{}", client.name());
        }
    }
}
