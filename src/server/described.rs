//! A server that certcheck does not know, described by its administrators.

use super::openssl::OPENSSL;
use super::startup::KeyFileRule;
use super::{
    ChainSource, Completion, EncryptedKey, KeyAlgorithmFamily, Loaders, Profile, is_known,
};
use crate::finding::Code;
use crate::protocol::Dialect;

impl Profile {
    /// A server on OpenSSL 3 at security level 2. The `with_` methods say where it differs
    /// from the usual; startup behaviour is known only for built-in servers; in a handshake this
    /// one offers OpenSSL's defaults.
    ///
    /// ```
    /// use certcheck::{Source, finding::Code, preflight::Preflight, server::Profile};
    ///
    /// static ACME: Profile = Profile::on_openssl("acme", "Acme gateway 4")
    ///     .with_extension("pem")
    ///     .with_consequences(&[(Code::KeyMismatch, "the gateway stops with error 17")]);
    ///
    /// let file = |name: &str| Ok::<_, std::io::Error>(Source::new(
    ///     name,
    ///     std::fs::read(format!("testdata/pki/{name}"))?,
    /// ));
    /// let answer = Preflight::new(&ACME, "2026-11-22T12:00:00Z".parse()?)
    ///     .certificate_file(file("fullchain.crt")?)
    ///     .key_file(file("server.key")?)
    ///     .run();
    /// let codes: Vec<Code> = answer.findings.iter().map(|finding| finding.code()).collect();
    /// assert!(codes.contains(&Code::EncodingFileExtension)); // .crt, and not .pem
    /// assert!(!codes.contains(&Code::KeyMismatch));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `name` is that of a built-in server, because its rules depend on the name. In a `static`
    /// or a `const`, that is a compile error.
    ///
    /// ```compile_fail
    /// use certcheck::server::Profile;
    /// static MINE: Profile = Profile::on_openssl("nginx", "our nginx");
    /// ```
    #[must_use]
    pub const fn on_openssl(name: &'static str, title: &'static str) -> Self {
        assert!(!is_known(name), "a built-in server has this name");
        Self {
            name,
            title,
            program: title,
            ..OPENSSL
        }
    }

    /// The file name extension that it requires for certificates, without the dot.
    #[must_use]
    pub const fn with_extension(mut self, extension: &'static str) -> Self {
        self.extension = Some(extension);
        self
    }

    /// The readers that must accept its files. Default: OpenSSL's.
    #[must_use]
    pub const fn with_loaders(mut self, loaders: Loaders) -> Self {
        self.loaders = loaders;
        self
    }

    /// Where it gets the certificates after its own. Default: the rest of the
    /// certificate file.
    #[must_use]
    pub const fn with_chain(mut self, chain: ChainSource) -> Self {
        self.chain = chain;
        self
    }

    /// Whether OpenSSL adds issuers from the server's CA file. Default: it does.
    #[must_use]
    pub const fn with_completion(mut self, completion: Completion) -> Self {
        self.completion = completion;
        self
    }

    /// One file holds certificate, chain and key, as HAProxy's `crt` does.
    #[must_use]
    pub const fn with_combined_files(mut self) -> Self {
        self.combined_files = true;
        self.key_in_certificate_file = true;
        self
    }

    /// The kinds of key that it accepts. Default: all that OpenSSL accepts.
    #[must_use]
    pub const fn with_keys(mut self, keys: &'static [KeyAlgorithmFamily]) -> Self {
        self.keys = Some(keys);
        self
    }

    /// What owner and mode it requires of the key file. Default: the server can read it.
    #[must_use]
    pub const fn with_key_file(mut self, rule: KeyFileRule) -> Self {
        self.key_file = rule;
        self
    }

    /// What it does with an encrypted key. Default: it asks at every start.
    #[must_use]
    pub const fn with_encrypted_key(mut self, encrypted_key: EncryptedKey) -> Self {
        self.encrypted_key = encrypted_key;
        self
    }

    /// The dialect of its setting for protocol versions. Default: OpenSSL's own names.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// It has no setting for protocol versions.
    #[must_use]
    pub const fn without_protocol_setting(mut self) -> Self {
        self.protocol_setting = false;
        self
    }

    /// What a finding means for this server: what its administrator will see.
    #[must_use]
    pub const fn with_consequences(
        mut self,
        consequences: &'static [(Code, &'static str)],
    ) -> Self {
        self.consequences = consequences;
        self
    }
}
