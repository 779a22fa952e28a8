//! The languages in which programs accept protocol versions.

use std::fmt;
use std::str::FromStr;

/// The program in whose language a protocol string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Dialect {
    /// `tsm security external-ssl enable --protocols`: commas or blanks.
    Tsm,
    /// The text after `SSLProtocol` in Apache httpd.
    Apache,
    /// The words after `ssl_protocols` in nginx.
    Nginx,
    /// The value of OpenSSL's `Protocol` (SSL_CONF_cmd(3)).
    OpenSsl,
    /// SSL_CONF commands, `Name = value`, separated by `;`.
    OpenSslConf,
    /// PostgreSQL's `ssl_min_protocol_version` and `ssl_max_protocol_version`.
    Postgres,
    /// The options of an HAProxy `bind` line.
    HaProxy,
    /// The value of `smtpd_tls_protocols` and its like in Postfix.
    Postfix,
    /// The value of `TABPY_MINIMUM_TLS_VERSION`.
    TabPy,
    /// The list of enabled protocols of a Java program.
    Java,
    /// The `protocols` attribute of Tomcat's `SSLHostConfig`.
    Tomcat,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 11] = [
        Self::Tsm,
        Self::Apache,
        Self::Nginx,
        Self::OpenSsl,
        Self::OpenSslConf,
        Self::Postgres,
        Self::HaProxy,
        Self::Postfix,
        Self::TabPy,
        Self::Java,
        Self::Tomcat,
    ];

    /// The name on the command line: `apache`, `openssl-conf`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tsm => "tsm",
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::OpenSsl => "openssl",
            Self::OpenSslConf => "openssl-conf",
            Self::Postgres => "postgres",
            Self::HaProxy => "haproxy",
            Self::Postfix => "postfix",
            Self::TabPy => "tabpy",
            Self::Java => "java",
            Self::Tomcat => "tomcat",
        }
    }

    /// The program whose rules it follows, for sentences.
    pub const fn program(self) -> &'static str {
        match self {
            Self::Tsm => "Tableau Server (tsm)",
            Self::Apache => "Apache httpd",
            Self::Nginx => "nginx",
            Self::OpenSsl | Self::OpenSslConf => "OpenSSL",
            Self::Postgres => "PostgreSQL",
            Self::HaProxy => "HAProxy",
            Self::Postfix => "Postfix",
            Self::TabPy => "TabPy",
            Self::Java => "Java",
            Self::Tomcat => "Tomcat",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownDialect;

impl fmt::Display for UnknownDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of")?;
        Dialect::ALL
            .iter()
            .try_for_each(|dialect| write!(f, " {dialect}"))
    }
}

impl std::error::Error for UnknownDialect {}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, UnknownDialect> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.as_str() == text)
            .ok_or(UnknownDialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
        }
        assert!(UnknownDialect.to_string().ends_with("java tomcat"));
        assert!("Apache".parse::<Dialect>().is_err());
    }
}
