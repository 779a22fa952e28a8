//! What a live server is asked, and what was seen.

use crate::handshake::Exchange;
use crate::protocol::Version;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How a connection in plaintext is turned into TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartTls {
    /// PostgreSQL's SSLRequest.
    Postgres,
    /// SMTP (RFC 3207).
    Smtp,
    /// IMAP (RFC 3501 section 6.2.1).
    Imap,
    /// LDAP (RFC 4511 section 4.14).
    Ldap,
    /// MySQL's and MariaDB's SSLRequest packet.
    MySql,
    /// POP3 (RFC 2595 section 4).
    Pop3,
    /// FTP's control connection (RFC 4217).
    Ftp,
    /// XMPP between client and server (RFC 6120 section 5).
    Xmpp,
    /// ManageSieve (RFC 5804 section 2.2).
    Sieve,
}

impl StartTls {
    /// Every way, in the order of the manual.
    pub const ALL: [Self; 9] = [
        Self::Postgres,
        Self::Smtp,
        Self::Imap,
        Self::Ldap,
        Self::MySql,
        Self::Pop3,
        Self::Ftp,
        Self::Xmpp,
        Self::Sieve,
    ];

    /// The name that `--starttls` accepts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Ldap => "ldap",
            Self::MySql => "mysql",
            Self::Pop3 => "pop3",
            Self::Ftp => "ftp",
            Self::Xmpp => "xmpp",
            Self::Sieve => "sieve",
        }
    }

    /// The default port if none is given (IANA's registry; 587 is submission).
    pub const fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Smtp => 587,
            Self::Imap => 143,
            Self::Ldap => 389,
            Self::MySql => 3306,
            Self::Pop3 => 110,
            Self::Ftp => 21,
            Self::Xmpp => 5222,
            Self::Sieve => 4190,
        }
    }
}

/// A host and, if one was given, a port.
///
/// ```
/// use certcheck::probe::Target;
/// let target: Target = "[::1]:8443".parse().unwrap();
/// assert_eq!((target.host.as_str(), target.port), ("::1", Some(8443)));
/// assert_eq!("db.example.com".parse::<Target>().unwrap().port, None);
/// assert!("https://example.com".parse::<Target>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The host's name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
}

impl FromStr for Target {
    type Err = String;

    /// `HOST`, `HOST:PORT`, `[IPv6]:PORT`.
    fn from_str(text: &str) -> Result<Self, String> {
        let port = |text: &str| match text.parse::<u16>() {
            Ok(port) if port != 0 => Ok(port),
            _ => Err(format!("`{text}` is not a port")),
        };
        if text.contains("://") {
            return Err("write HOST:PORT, not an address with ://".to_owned());
        }
        let (host, number) = match text.strip_prefix('[') {
            Some(rest) => match rest.split_once(']') {
                Some((host, "")) => (host, None),
                Some((host, rest)) => match rest.strip_prefix(':') {
                    Some(number) => (host, Some(port(number)?)),
                    None => return Err("write [ADDRESS]:PORT".to_owned()),
                },
                None => return Err("the bracket is not closed".to_owned()),
            },
            // More than one colon: an IPv6 address without brackets.
            None => match text.split_once(':') {
                Some((host, number)) if !number.contains(':') => (host, Some(port(number)?)),
                _ => (text, None),
            },
        };
        let wrong = |c: char| c.is_control() || c.is_whitespace() || c == '/';
        if host.is_empty() || host.contains(wrong) {
            return Err("it names no host".to_owned());
        }
        Ok(Self {
            host: host.to_owned(),
            port: number,
        })
    }
}

/// What a probe asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Asked {
    /// The host's name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The name to ask for (Server Name Indication); none is sent for an address.
    pub server_name: String,
    /// How TLS begins; `None`: at once.
    pub starttls: Option<StartTls>,
    /// The application protocol to ask for (ALPN): PostgreSQL 17 requires `postgresql` if TLS
    /// begins at once.
    pub alpn: Option<String>,
    /// The certificate to show to a server that asks for one.
    #[cfg(feature = "probe")]
    pub client: Option<super::ClientIdentity>,
    /// How long one connection may take, from the first packet to the last.
    pub timeout: Duration,
}

impl Asked {
    /// The host itself, under its own name, with ten seconds for each connection.
    pub fn of(host: impl Into<String>, port: u16) -> Self {
        let host = host.into();
        Self {
            server_name: host.clone(),
            host,
            port,
            starttls: None,
            alpn: None,
            #[cfg(feature = "probe")]
            client: None,
            timeout: Duration::from_secs(10),
        }
    }
}

/// Why there is no connection at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreachable {
    /// The name has no address.
    NoAddress(String),
    /// The connection was refused.
    Refused,
    /// There was no answer in time.
    TimedOut,
    /// Something else, in the system's words.
    Other(String),
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress(why) => write!(f, "the name has no address: {why}"),
            Self::Refused => f.write_str("connection refused"),
            Self::TimedOut => f.write_str("timed out"),
            Self::Other(why) => write!(f, "no connection: {why}"),
        }
    }
}

/// Why there was no handshake, although there was a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The service does not speak TLS: what it is, and what to do about it.
    NotTls {
        /// `an SSH server`, `plain HTTP`…
        what: String,
        /// What to ask instead.
        hint: Option<&'static str>,
    },
    /// The connection ended without a byte.
    Closed,
    /// Nothing, or too little, arrived in time.
    TimedOut,
    /// A TLS alert: its name.
    Alert(String),
    /// The server says that it has no TLS here.
    Refused(String),
    /// The answer is neither TLS nor anything else known, or too much of it.
    Garbage(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTls { what, .. } => write!(f, "this is {what}"),
            Self::Closed => f.write_str("closed without an answer"),
            Self::TimedOut => {
                f.write_str("timed out: the connection is open, but the server does not answer")
            }
            Self::Alert(name) => write!(f, "the server ended the handshake with the alert {name}"),
            Self::Refused(why) => write!(f, "the server has no TLS here: {why}"),
            Self::Garbage(why) => write!(f, "the answer is not TLS: {why}"),
        }
    }
}

/// Whether a protocol version answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answered {
    /// The server chose it.
    Yes,
    /// It refused, or chose another version.
    No,
    /// It could not be determined.
    Unknown,
}

/// One protocol version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The version.
    pub version: Version,
    /// Whether it answers.
    pub answered: Answered,
    /// What the server answered instead, if it does not.
    pub reason: Option<String>,
}

/// What one handshake showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handshake {
    /// The certificates, in the order in which they arrived, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// The version that was agreed on.
    pub version: Option<Version>,
    /// The cipher suite, by its IANA name or number.
    pub cipher: Option<String>,
    /// Whether the server proved that it has the certificate's key; `None`: the handshake did not
    /// get that far.
    pub key_proven: Option<bool>,
    /// Whether it sent an OCSP response with the certificate.
    pub stapled: bool,
    /// Whether it asked for a client's certificate; `None`: the handshake did not show that.
    pub asks_client: Option<bool>,
    /// Why the handshake went no further, if it did not succeed.
    pub failure: Option<String>,
}

/// What the server answers to the ClientHello of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offered {
    /// The client, as [`ClientHello`](crate::handshake::ClientHello) names it.
    pub client: &'static str,
    /// Version and suite, by their numbers on the wire, or why there is no agreement.
    pub answer: Result<(u16, u16), Failure>,
    /// The key exchange; `None` if the server did not name it.
    pub exchange: Option<Exchange>,
}

/// What was seen of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The address that answered.
    pub address: String,
    /// The handshake with everything that certcheck supports, or why there was none.
    pub handshake: Result<Handshake, Failure>,
    /// Every version, oldest first; empty if the server does not speak TLS.
    pub versions: Vec<Observed>,
    /// The handshake for each further kind of key (RSA, ECDSA, RSA-PSS, EdDSA) for
    /// which the server has another certificate.
    pub others: Vec<Handshake>,
    /// The kinds of key for which that could not be determined.
    pub not_asked: Vec<&'static str>,
    /// What it answers to the offers of clients that decide; empty if there was no handshake at
    /// all.
    pub offers: Vec<Offered>,
}
