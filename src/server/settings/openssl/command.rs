//! Commands of `SSL_CONF_cmd` (nginx's `ssl_conf_command`, httpd's
//! `SSLOpenSSLConfCmd`). Names: SSL_CONF_cmd(3) of OpenSSL 3.0, as in
//! `ssl_conf_cmds[]`; both servers set the file and server flags, not the
//! command line's.

use super::super::negotiation::Switched;
use super::super::{Placed, Scope};
use super::{Groups, Tls13, groups, refuses_ciphers, schemes, tls13_suites};
use crate::protocol::{Version, VersionSet};
use crate::source::Lines;

/// Commands about certificates: they exist only with `SSL_CONF_FLAG_CERTIFICATE`.
pub(super) const OF_CERTIFICATES: &[&str] = &[
    "Certificate",
    "PrivateKey",
    "ServerInfoFile",
    "ChainCAPath",
    "ChainCAFile",
    "ChainCAStore",
    "VerifyCAPath",
    "VerifyCAFile",
    "VerifyCAStore",
    "RequestCAPath",
    "RequestCAFile",
    "RequestCAStore",
    "ClientCAFile",
    "ClientCAPath",
    "ClientCAStore",
    "DHParameters",
];

/// The other commands.
const KNOWN: &[&str] = &[
    "CipherString",
    "Ciphersuites",
    "Protocol",
    "MinProtocol",
    "MaxProtocol",
    "Options",
    "VerifyMode",
    "RecordPadding",
    "NumTickets",
    "SignatureAlgorithms",
    "ClientSignatureAlgorithms",
    "Curves",
    "Groups",
    "ECDHParameters",
];

/// Options that do not affect which clients can connect.
const HARMLESS: &[&str] = &[
    "SessionTicket",
    "ServerPreference",
    "PrioritizeChaCha",
    "NoResumptionOnRenegotiation",
    "NoRenegotiation",
    "Compression",
    "EncryptThenMac",
    "AllowNoDHEKEX",
    "AntiReplay",
    "KTLS",
    "ECDHSingle",
    "DHSingle",
    "MiddleboxCompat",
    "Bugs",
    "EmptyFragments",
    "UnsafeLegacyRenegotiation",
    "UnsafeLegacyServerConnect",
    "ExtendedMasterSecret",
    "ClientRenegotiation",
];

/// Options that OpenSSL 3.0 refuses and later versions know; they affect no handshake either.
const LATER: &[&str] = &[
    "CertCompression",
    "TxCertificateCompression",
    "RxCertificateCompression",
    "PreferNoDHEKEX",
];

/// Whether one of these is the word, without regard to case.
fn is_among(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether `openssl.cnf` changes nothing for handshakes with these options: OpenSSL ignores what
/// follows a word that it does not know.
pub(super) fn is_harmless_in_conf(value: &str) -> bool {
    let mut words = value.split(',').map(|word| signed(word).1);
    words.all(|word| !is_among(&["ServerPreference", "CANames", ""], word))
}

/// The command as OpenSSL writes it.
fn known(name: &str) -> Option<&'static str> {
    let mut all = KNOWN.iter().chain(OF_CERTIFICATES).copied();
    all.find(|known| known.eq_ignore_ascii_case(name))
}

/// The effect of a command on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Meaning {
    /// Nothing that matters here.
    Nothing,
    /// OpenSSL refuses it, and says this.
    Refused(String),
    /// It affects handshakes, and [`apply`] reads it; `usual`: with this command, every current
    /// client still finds what it needs.
    Negotiates { usual: bool },
    /// It matters, but is not interpreted.
    Unknown,
}

/// What the command does.
pub(in super::super) fn meaning(name: &str, value: &str) -> Meaning {
    // SSL_CONF_cmd compares names without regard to case if the file flag is set.
    let Some(known) = known(name) else {
        return Meaning::Refused("unknown command name".to_owned());
    };
    let bad = || Meaning::Refused("bad value".to_owned());
    match known {
        "Options" => {
            let mut words = value.split(',').map(|word| signed(word).1);
            let other = |word: &str| is_among(LATER, word) || is_among(&["CANames", ""], word);
            if words
                .clone()
                .any(|word| !is_among(HARMLESS, word) && !other(word))
            {
                return bad();
            }
            let harmless = |word: &str| is_among(HARMLESS, word);
            match (words.clone().all(harmless), preference(value)) {
                (false, _) => Meaning::Unknown,
                (true, Some(_)) => Meaning::Negotiates { usual: true },
                (true, None) if words.next().is_some() => Meaning::Nothing,
                (true, None) => Meaning::Unknown,
            }
        }
        "RecordPadding" | "NumTickets" if value.parse::<u16>().is_ok() => Meaning::Nothing,
        "CipherString" if refuses_ciphers(value) => Meaning::Refused("no cipher match".to_owned()),
        "CipherString" => Meaning::Negotiates { usual: true },
        "Ciphersuites" => match tls13_suites(value) {
            Tls13::Good => Meaning::Negotiates { usual: true },
            Tls13::Refused => Meaning::Refused("no cipher match".to_owned()),
            Tls13::Unusual => Meaning::Negotiates { usual: false },
        },
        "ECDHParameters" if is_automatic(value) => Meaning::Nothing,
        // One group, not a list (`cmd_ECDHParameters`).
        "ECDHParameters" if value.contains(':') => bad(),
        "Curves" | "Groups" | "ECDHParameters" => match groups(value) {
            Groups::Good => Meaning::Negotiates { usual: true },
            Groups::Refused(strange) => {
                Meaning::Refused(format!("OpenSSL accepts no group `{strange}` there"))
            }
            Groups::Unusual => Meaning::Negotiates { usual: false },
        },
        "SignatureAlgorithms" => match schemes(value) {
            Some(_) => Meaning::Negotiates { usual: false },
            None => bad(),
        },
        // It matters only where the server asks for certificates.
        "ClientSignatureAlgorithms" => match schemes(value) {
            Some(_) => Meaning::Negotiates { usual: true },
            None => bad(),
        },
        // The versions left are checked once all settings are known.
        "MinProtocol" | "MaxProtocol" => match limit(value) {
            Some(_) => Meaning::Negotiates { usual: true },
            None if is_of_datagrams(value) => Meaning::Unknown,
            None => bad(),
        },
        "Protocol" => match switched(value) {
            Some(_) => Meaning::Negotiates { usual: true },
            None => bad(),
        },
        _ => Meaning::Unknown,
    }
}

/// Applies the command to the place; a command that is not interpreted changes nothing.
pub(in super::super) fn apply(name: &str, value: &str, lines: Option<Lines>, scope: &mut Scope) {
    let text = || {
        Some(Placed {
            value: value.to_owned(),
            lines,
        })
    };
    let known = known(name).unwrap_or_default();
    let negotiation = &mut scope.negotiation;
    match known {
        "CipherString" => {
            // The earlier ciphers apply while certificates are loaded: a level in the new string
            // comes too late for these.
            let before = scope.ciphers.take();
            negotiation.ciphers_at_load.get_or_insert(before);
            scope.ciphers = text();
        }
        "Ciphersuites" => negotiation.suites13 = text(),
        "Curves" | "Groups" | "ECDHParameters" if !is_automatic(value) => {
            negotiation.groups = text();
        }
        "SignatureAlgorithms" => negotiation.schemes = text(),
        "ClientSignatureAlgorithms" => negotiation.client_schemes = text(),
        "MinProtocol" => {
            if let Some(value) = limit(value) {
                negotiation.oldest = Some(Placed { value, lines });
            }
        }
        "MaxProtocol" => {
            if let Some(value) = limit(value) {
                negotiation.newest = Some(Placed { value, lines });
            }
        }
        "Protocol" => {
            if let Some(value) = switched(value) {
                negotiation.switched = Some(Placed { value, lines });
            }
        }
        "Options" => {
            if let Some(own) = preference(value) {
                negotiation.prefers_own_order = own;
            }
        }
        _ => {}
    }
}

/// `MinProtocol` and `MaxProtocol` (`protocol_from_string`); `None` is not a limit.
fn limit(value: &str) -> Option<Option<Version>> {
    if value == "None" {
        return Some(None);
    }
    let mut all = Version::ALL.into_iter().skip(1);
    all.find(|version| version.as_str() == value).map(Some)
}

/// Values by which OpenSSL 1.0.2 chose by itself (`cmd_ECDHParameters`).
fn is_automatic(value: &str) -> bool {
    let word = value.strip_prefix('+').unwrap_or(value);
    word.eq_ignore_ascii_case("automatic")
}

fn is_of_datagrams(value: &str) -> bool {
    matches!(value, "DTLSv1" | "DTLSv1.2")
}

/// `Protocol`: words with a sign, each of which switches versions on or off.
fn switched(value: &str) -> Option<Switched> {
    let (both, whole) = switch(value);
    whole.then_some(both)
}

/// The versions that the words before the first bad one switch (`CONF_parse_list`).
pub(in super::super) fn switched_before(value: &str) -> Switched {
    switch(value).0
}

fn switch(value: &str) -> (Switched, bool) {
    let mut both = Switched::default();
    for word in value.split(',') {
        let (on, name) = signed(word);
        let versions = if name.eq_ignore_ascii_case("ALL") {
            VersionSet::SSL3_AND_TLS
        // Datagram versions and SSLv2 are legal words, without effect on a TCP server.
        } else if name.to_ascii_uppercase().starts_with("DTLS")
            || name.eq_ignore_ascii_case("SSLv2")
        {
            continue;
        } else {
            let mut all = Version::ALL.into_iter();
            let named = all.find(|version| version.as_str().eq_ignore_ascii_case(name));
            let Some(version) = named else {
                return (both, false);
            };
            VersionSet::only(version)
        };
        if on {
            both.on = both.on.union(versions);
            both.off = both.off.difference(versions);
        } else {
            both.off = both.off.union(versions);
            both.on = both.on.difference(versions);
        }
    }
    (both, true)
}

/// Whether `Options` determines whose order of suites counts.
fn preference(value: &str) -> Option<bool> {
    // Searched from the end: OpenSSL applies the words in order, so the last one wins.
    let mut words = value.split(',').map(signed).rev();
    words
        .find(|(_, name)| name.eq_ignore_ascii_case("ServerPreference"))
        .map(|(on, _)| on)
}

/// A word of a list of options without its sign, which is `+` by default.
fn signed(word: &str) -> (bool, &str) {
    let word = word.trim();
    match word.split_at_checked(1) {
        Some(("-", rest)) => (false, rest),
        Some(("+", rest)) => (true, rest),
        _ => (true, word),
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning, switched};
    use crate::protocol::Version;

    #[test]
    fn what_is_known_of_commands() {
        let refused = |name, value| matches!(meaning(name, value), Meaning::Refused(_));
        assert!(refused("Foo", "bar") && refused("Groups", "bogus"));
        assert!(refused("ECDHParameters", "X25519:P-256") && !refused("ECDHParameters", "X25519"));
        assert!(refused("MinProtocol", "TLSv9") && refused("CipherString", "NO-SUCH"));
        assert!(refused("SignatureAlgorithms", "RSA+SHA9"));
        assert!(refused("ClientSignatureAlgorithms", "RSA+SHA9"));
        assert!(refused("Options", "SessionTicket,Bogus"));
        let later = meaning("Options", "-TxCertificateCompression");
        assert_eq!(later, Meaning::Unknown);
        assert_eq!(
            meaning("Options", "-SessionTicket,PrioritizeChaCha"),
            Meaning::Nothing
        );
        assert_eq!(meaning("VerifyMode", "Request"), Meaning::Unknown);
        assert_eq!(
            meaning("Ciphersuites", "TLS_AES_256_GCM_SHA384"),
            Meaning::Negotiates { usual: true }
        );
    }

    #[test]
    fn versions_are_switched_one_by_one() {
        let both = switched("-ALL,TLSv1.2").unwrap_or_default();
        assert!(both.on.contains(Version::TLSv1_2) && both.off.contains(Version::TLSv1_3));
        assert!(!both.off.contains(Version::TLSv1_2));
        assert_eq!(switched("TLSv9"), None);
    }
}
