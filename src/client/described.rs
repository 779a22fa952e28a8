//! A client that certcheck does not know, described by its users.
#![allow(
    clippy::panic,
    reason = "what cannot be described is an error of the compiler, in a `static`"
)]

use super::Client;
use super::names::{CommonName, NameRules, Partial};
use super::openssl::Flags;
use super::profile::{ClientProfile, Described, Engine};
use super::search::Rules;
use crate::handshake::ClientHello;
use crate::same::same;

impl ClientProfile {
    /// A client that does what the client `like` does. The `with_` methods say how it differs.
    ///
    /// ```
    /// use certcheck::client::{Client, ClientProfile, Presented, Store, Verdict, judge};
    ///
    /// static AGENT: ClientProfile = ClientProfile::like("openssl", "acme-agent", "Acme agent 4")
    ///     .with_partial_chain(true)
    ///     .with_security_level(1);
    ///
    /// let agent = Client::of(&AGENT);
    /// assert_eq!(agent.name(), "acme-agent");
    /// let nothing = judge(
    ///     agent,
    ///     &Presented::of(&[]),
    ///     &Store::of(&[]),
    ///     "2026-11-22T00:00:00Z".parse()?,
    /// );
    /// assert_eq!(nothing.verdict, Verdict::Refuses);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If certcheck knows no client `like`, or knows one called `name`. In a `static` or a
    /// `const`, that is an error of the compiler.
    ///
    /// ```compile_fail
    /// use certcheck::client::ClientProfile;
    /// static MINE: ClientProfile = ClientProfile::like("openssl", "curl", "our curl");
    /// ```
    #[must_use]
    pub const fn like(like: &str, name: &'static str, title: &'static str) -> Self {
        assert!(known(name).is_none(), "a known client has this name");
        let Some(base) = known(like) else {
            panic!("no client of this name is known")
        };
        Self {
            name,
            title,
            versions: title,
            sources: &[],
            measured: false,
            described: Some(Described {
                like: base.name(),
                hello: None,
            }),
            ..*base.base()
        }
    }

    /// The versions that this describes. Default: its title.
    #[must_use]
    pub const fn with_versions(mut self, versions: &'static str) -> Self {
        self.versions = versions;
        self
    }

    /// Where you know this from: documents, source files, measurements. Default: nothing.
    #[must_use]
    pub const fn with_sources(mut self, sources: &'static [&'static str]) -> Self {
        self.sources = sources;
        self
    }

    /// What it offers in a handshake. Default: the same as the client that it is like.
    #[must_use]
    pub const fn with_hello(mut self, hello: ClientHello) -> Self {
        if let Some(Described { like, .. }) = self.described {
            self.described = Some(Described {
                like,
                hello: Some(hello),
            });
        }
        self
    }

    /// Whether any certificate of its store ends a path (`X509_V_FLAG_PARTIAL_CHAIN`), not only a
    /// self-signed one.
    ///
    /// # Panics
    ///
    /// If it is not on OpenSSL.
    #[must_use]
    pub const fn with_partial_chain(self, partial_chain: bool) -> Self {
        let flags = self.flags();
        self.with_flags(Flags {
            partial_chain,
            ..flags
        })
    }

    /// Whether it sets `X509_V_FLAG_X509_STRICT`.
    ///
    /// # Panics
    ///
    /// If it is not on OpenSSL.
    #[must_use]
    pub const fn with_strict_checks(self, strict: bool) -> Self {
        let flags = self.flags();
        self.with_flags(Flags { strict, ..flags })
    }

    /// Its security level: Debian builds OpenSSL with 2, upstream 3.0 with 1.
    ///
    /// # Panics
    ///
    /// If it is not on OpenSSL.
    #[must_use]
    pub const fn with_security_level(self, level: u8) -> Self {
        let flags = self.flags();
        self.with_flags(Flags { level, ..flags })
    }

    /// The size of the smallest RSA key that it accepts, in bits. A client on OpenSSL has
    /// [`with_security_level`](Self::with_security_level) for this.
    ///
    /// # Panics
    ///
    /// If it is on OpenSSL, GnuTLS, NSS or rustls, or only compares certificates.
    #[must_use]
    pub const fn with_least_rsa_bits(self, bits: u32) -> Self {
        let rules = self.rules();
        self.with_rules(Rules {
            least_rsa: bits,
            ..rules
        })
    }

    /// The most intermediates that it accepts in a path; self-issued ones do not count.
    ///
    /// # Panics
    ///
    /// If it is on OpenSSL, GnuTLS, NSS or rustls, or only compares certificates.
    #[must_use]
    pub const fn with_most_intermediates(self, most: u32) -> Self {
        let rules = self.rules();
        self.with_rules(Rules {
            most_intermediates: Some(most),
            ..rules
        })
    }

    /// Whether it reads the commonName as a host name if no subjectAltName is a dNSName; RFC
    /// 9525 forbids it.
    ///
    /// # Panics
    ///
    /// If it is on rustls, whose own verifier compares names.
    #[must_use]
    pub const fn with_common_name(self, reads: bool) -> Self {
        let common_name = if reads {
            CommonName::WithoutDnsNames
        } else {
            CommonName::Never
        };
        let names = self.names;
        // A client that does not read the commonName reads no address in it either.
        self.with_names(NameRules {
            common_name,
            common_address: reads && names.common_address,
            ..names
        })
    }

    /// Whether a `*` may be a part of the first label, as in `web*.example.com`.
    ///
    /// # Panics
    ///
    /// If it is on rustls, whose own verifier compares names.
    #[must_use]
    pub const fn with_partial_wildcards(self, matches: bool) -> Self {
        let names = self.names;
        self.with_names(NameRules {
            partial: if matches { Partial::Any } else { Partial::None },
            ..names
        })
    }

    const fn with_names(mut self, names: NameRules) -> Self {
        if matches!(self.engine, Engine::Webpki(_) | Engine::Each(_)) {
            panic!("this client does not compare names by these rules")
        }
        self.names = names;
        self
    }

    const fn flags(&self) -> Flags {
        match self.engine {
            Engine::OpenSsl(flags) => flags,
            _ => panic!("this client is not on OpenSSL"),
        }
    }

    const fn with_flags(mut self, flags: Flags) -> Self {
        self.engine = Engine::OpenSsl(flags);
        self
    }

    const fn rules(&self) -> Rules {
        match self.engine {
            Engine::Search(rules) => rules,
            _ => panic!("this client's engine has no such rule"),
        }
    }

    const fn with_rules(mut self, rules: Rules) -> Self {
        self.engine = Engine::Search(rules);
        self
    }
}

/// The client of this name among those that certcheck knows.
const fn known(name: &str) -> Option<Client> {
    let mut rest = Client::ALL;
    while let [first, others @ ..] = rest {
        if same(first.name(), name) {
            return Some(*first);
        }
        rest = others;
    }
    None
}
