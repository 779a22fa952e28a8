//! Which program's settings a cipher string comes from.

use super::level::SecurityLevel;
use super::string::{CipherList, Effect, Refusal, Word};
use super::suite::{Authentication, Encryption, KeyExchange, Since, Suite};
use super::table::{TLS12, TLS13};
use super::tls13::{tls13, tls13_default};
use std::fmt;
use std::str::FromStr;

/// What httpd adds to every list of ciphers (`ssl_cmd_SSLCipherSuite`, `ssl_cmd_SSLOpenSSLConfCmd`).
pub(crate) const APACHE_ADDS: &str = ":!aNULL:!eNULL:!EXP";

/// Whose cipher string it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CipherDialect {
    /// OpenSSL's own: `openssl ciphers STRING`.
    OpenSsl,
    /// The text after `SSLCipherSuite` in Apache httpd.
    Apache,
    /// The value of `ssl_ciphers` in nginx.
    Nginx,
    /// The value of `ciphers` on an HAProxy `bind` line.
    HaProxy,
    /// The value of PostgreSQL's `ssl_ciphers`.
    Postgres,
    /// `jdk.tls.server.cipherSuites`: IANA names joined by commas.
    Java,
    /// OpenSSL's list for TLS 1.3: `-ciphersuites`, `ciphersuites`.
    Tls13,
}

impl CipherDialect {
    /// Every dialect.
    pub const ALL: [Self; 7] = [
        Self::OpenSsl,
        Self::Apache,
        Self::Nginx,
        Self::HaProxy,
        Self::Postgres,
        Self::Java,
        Self::Tls13,
    ];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::HaProxy => "haproxy",
            Self::Postgres => "postgres",
            Self::Java => "java",
            Self::Tls13 => "tls13",
        }
    }
}

impl fmt::Display for CipherDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No dialect has that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCipherDialect;

impl fmt::Display for UnknownCipherDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no cipher dialect has that name")
    }
}

impl std::error::Error for UnknownCipherDialect {}

impl FromStr for CipherDialect {
    type Err = UnknownCipherDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|dialect| dialect.as_str() == name)
            .ok_or(UnknownCipherDialect)
    }
}

/// How a program reads its cipher string.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ciphers {
    /// Whose string it is.
    pub dialect: CipherDialect,
    /// Why the program refuses it; `None` if it accepts the string.
    pub refused: Option<Refusal>,
    /// The suites for TLS 1.2 and older that the string switches on, in order.
    pub tls12: Vec<&'static Suite>,
    /// The suites for TLS 1.3, in order.
    pub tls13: Vec<&'static Suite>,
    /// The security level that the string sets.
    pub level: Option<SecurityLevel>,
    /// Each word and what it did.
    pub words: Vec<Word>,
}

impl Ciphers {
    /// How the dialect's program reads a string.
    ///
    /// ```
    /// use certcheck::cipher::{CipherDialect, Ciphers};
    /// // Apache adds `:!aNULL:!eNULL:!EXP` to whatever it is given.
    /// assert!(Ciphers::of(CipherDialect::Apache, "aNULL").refused.is_some());
    /// assert!(Ciphers::of(CipherDialect::Nginx, "aNULL").refused.is_none());
    /// ```
    pub fn of(dialect: CipherDialect, string: &str) -> Self {
        match dialect {
            CipherDialect::OpenSsl
            | CipherDialect::Nginx
            | CipherDialect::HaProxy
            | CipherDialect::Postgres => {
                Self::with_tls12_list(dialect, CipherList::openssl(string))
            }
            CipherDialect::Apache => apache(string),
            CipherDialect::Java => java(string),
            CipherDialect::Tls13 => with_tls13_list(dialect, string, 0),
        }
    }

    /// The suites for TLS 1.2 and older that a server without pre-shared keys
    /// can use at a security level: `openssl ciphers -s -tls1_2`.
    pub fn usable(&self, level: SecurityLevel) -> impl Iterator<Item = &'static Suite> {
        let usable = move |suite: &&'static Suite| level.allows(suite) && !is_preshared(suite);
        self.tls12.iter().copied().filter(usable)
    }

    fn with_tls12_list(dialect: CipherDialect, list: CipherList) -> Self {
        Self {
            dialect,
            refused: list.refused,
            tls12: list.suites,
            // A cipher string touches no suite of TLS 1.3: OpenSSL keeps those in a separate list.
            tls13: tls13_default(),
            level: list.level,
            words: list.words,
        }
    }
}

/// Whether both sides must know a key or password beforehand.
pub(super) const fn is_preshared(suite: &Suite) -> bool {
    matches!(
        suite.key_exchange,
        KeyExchange::Psk
            | KeyExchange::RsaPsk
            | KeyExchange::DhePsk
            | KeyExchange::EcdhePsk
            | KeyExchange::Srp
    )
}

/// `SSLCipherSuite [SSL|TLSv1.3] STRING` of httpd 2.4 (modules/ssl/ssl_engine_config.c,
/// `ssl_cmd_SSLCipherSuite`): it removes quotes, and kills null and export suites
/// whatever the string says.
fn apache(text: &str) -> Ciphers {
    let dialect = CipherDialect::Apache;
    let trimmed = text.trim();
    let (protocol, string) = match trimmed.split_once(char::is_whitespace) {
        // httpd's parser removes quotes before it splits the words, so a quoted first word is
        // the string itself, not a protocol.
        Some((protocol, rest)) if !trimmed.starts_with(['"', '\'']) => (protocol, rest.trim()),
        _ => ("SSL", trimmed),
    };
    let string = unquoted(string);
    let from = text.find(string).unwrap_or(0);
    match protocol {
        "SSL" => {
            let mut ciphers = Ciphers::with_tls12_list(
                dialect,
                // An administrator who writes `aNULL` on purpose gets nothing, and the string is
                // refused if nothing else is left.
                CipherList::openssl(&format!("{string}{APACHE_ADDS}")),
            );
            // The three words that httpd adds are not in the file. If they were shown, they would
            // look like the administrator's.
            ciphers.words.retain(|word| word.span.start < string.len());
            for word in &mut ciphers.words {
                word.span = word.span.start + from..word.span.end + from;
            }
            ciphers
        }
        "TLSv1.3" => with_tls13_list(dialect, string, from),
        _ => Ciphers {
            dialect,
            refused: Some(Refusal::UnknownProtocol),
            tls12: Vec::new(),
            tls13: Vec::new(),
            level: None,
            words: vec![Word {
                span: 0..protocol.len(),
                text: protocol.to_owned(),
                effect: Effect::Refused,
            }],
        },
    }
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// A list for TLS 1.3; `from` is where the text begins in `string`.
fn with_tls13_list(dialect: CipherDialect, string: &str, from: usize) -> Ciphers {
    let result = tls13(string);
    let words = pieces(string, ':').map(|(start, name)| {
        let known = TLS13.iter().any(|suite| suite.openssl == name);
        word(
            from + start,
            name,
            if known {
                Effect::Added(1)
            } else {
                Effect::Unknown
            },
        )
    });
    Ciphers {
        dialect,
        refused: result.as_ref().err().copied(),
        tls12: Vec::new(),
        words: words.collect(),
        tls13: result.unwrap_or_default(),
        level: None,
    }
}

/// A Java list: names that Java does not know or has switched off are skipped, and if none is
/// left, Java uses its defaults (OpenJDK 17, measured with `jdk.tls.client.cipherSuites`;
/// SSLContextImpl.getCustomizedCipherSuites).
fn java(string: &str) -> Ciphers {
    let known = |name: &str| {
        let mut all = TLS13.iter().chain(&TLS12);
        all.find(|suite| suite.iana == name && in_java(suite))
    };
    let names: Vec<_> = pieces(string, ',').collect();
    let chosen: Vec<&'static Suite> = names.iter().filter_map(|(_, name)| known(name)).collect();
    let words = names.iter().map(|(start, name)| {
        let effect = if known(name).is_some() {
            Effect::Added(1)
        } else {
            Effect::Unknown
        };
        word(*start, name, effect)
    });
    let words = words.collect();
    // Java does not refuse a list without a known name. Without a warning, it offers everything,
    // which is the opposite of what was requested.
    let chosen = if chosen.is_empty() {
        TLS13
            .iter()
            .chain(&TLS12)
            .filter(|suite| in_java(suite))
            .collect()
    } else {
        chosen
    };
    let (tls13, tls12) = chosen
        .into_iter()
        .partition(|suite| suite.since == Since::TlsV1_3);
    Ciphers {
        dialect: CipherDialect::Java,
        refused: None,
        tls12,
        tls13,
        level: None,
        words,
    }
}

/// Whether OpenJDK 17 has the suite switched on: `getDefaultSSLParameters`.
fn in_java(suite: &Suite) -> bool {
    let cipher = matches!(
        suite.encryption,
        Encryption::Aes128Cbc
            | Encryption::Aes256Cbc
            | Encryption::Aes128Gcm
            | Encryption::Aes256Gcm
            | Encryption::ChaCha20
    );
    let signed = matches!(
        suite.authentication,
        Authentication::Rsa | Authentication::Ecdsa | Authentication::Dss | Authentication::Any
    );
    cipher && signed && !is_preshared(suite)
}

/// The names of a list and where each begins, without the blanks around them.
fn pieces(string: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    string.split(separator).filter_map(move |piece| {
        let start = at;
        at += piece.len() + separator.len_utf8();
        let name = piece.trim();
        let lead = piece.len() - piece.trim_start().len();
        (!name.is_empty()).then_some((start + lead, name))
    })
}

fn word(start: usize, text: &str, effect: Effect) -> Word {
    Word {
        span: start..start + text.len(),
        text: text.to_owned(),
        effect,
    }
}
