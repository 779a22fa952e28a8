//! Commands of `SSL_CONF_cmd` (nginx's `ssl_conf_command`, httpd's
//! `SSLOpenSSLConfCmd`). Names: SSL_CONF_cmd(3) of OpenSSL 3.0, as in
//! `ssl_conf_cmds[]`; both servers set the file and server flags, not the
//! command line's.

use super::{Groups, Tls13, groups, tls13_suites};

const KNOWN: &[&str] = &[
    "CipherString",
    "Ciphersuites",
    "Protocol",
    "MinProtocol",
    "MaxProtocol",
    "Options",
    "VerifyMode",
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
    "RecordPadding",
    "NumTickets",
    "SignatureAlgorithms",
    "ClientSignatureAlgorithms",
    "Curves",
    "Groups",
    "ECDHParameters",
];

/// Options that change nothing of who connects.
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
    "CertCompression",
];

/// What this command does to a server: `Ok` nothing that matters here; `Err`
/// what OpenSSL says where it refuses, or nothing where it matters and is not judged.
pub(in super::super) fn conf_command(name: &str, value: &str) -> Result<(), Option<String>> {
    let Some(known) = KNOWN.iter().find(|it| it.eq_ignore_ascii_case(name)) else {
        return Err(Some("unknown command name".to_owned()));
    };
    match *known {
        "Options" => {
            let harmless = |word: &str| {
                let word = word.trim().trim_start_matches(['+', '-']);
                HARMLESS.iter().any(|it| it.eq_ignore_ascii_case(word))
            };
            if value.split(',').all(harmless) {
                Ok(())
            } else {
                Err(None)
            }
        }
        "RecordPadding" | "NumTickets" if value.parse::<u16>().is_ok() => Ok(()),
        "Ciphersuites" => match tls13_suites(value) {
            Tls13::Good => Ok(()),
            Tls13::Refused => Err(Some("no cipher match".to_owned())),
            Tls13::Unusual => Err(None),
        },
        "ECDHParameters" if matches!(value, "auto" | "automatic") => Ok(()),
        "Curves" | "Groups" | "ECDHParameters" => match groups(value) {
            Groups::Good => Ok(()),
            Groups::Refused(strange) => Err(Some(format!("OpenSSL has no group `{strange}`"))),
            Groups::Unusual => Err(None),
        },
        _ => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::conf_command;

    #[test]
    fn what_is_known_of_commands() {
        assert!(matches!(conf_command("Foo", "bar"), Err(Some(_))));
        assert_eq!(
            conf_command("Options", "-SessionTicket,PrioritizeChaCha"),
            Ok(())
        );
        assert_eq!(conf_command("Protocol", "-ALL"), Err(None));
        assert_eq!(
            conf_command("Ciphersuites", "TLS_AES_256_GCM_SHA384"),
            Ok(())
        );
        assert!(matches!(conf_command("Groups", "bogus"), Err(Some(_))));
    }
}
