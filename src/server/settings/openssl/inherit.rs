//! What a place inherits from `openssl.cnf`, which OpenSSL applies to every new context
//! before the server's own settings. Measured with the servers of Debian 12: nginx, httpd and
//! HAProxy set versions themselves, PostgreSQL sets the oldest; all but HAProxy always set a cipher
//! string. A security level stays until another string sets one.

use super::super::{Dh, Placed, Scope, Settings, Switched};
use super::command::{OF_CERTIFICATES, is_harmless_in_conf};
use super::{Meaning, apply, meaning, switched_before};
use crate::cipher::{CipherList, SecurityLevel};
use crate::protocol::VersionSet;
use crate::server::OpensslConf;
use crate::server::startup::StartOutcome;

impl Settings {
    /// The same with an `openssl.cnf`.
    pub(in super::super) fn inherit(&mut self, conf: &OpensslConf) {
        const SETTING: &str = "openssl.cnf";
        if let Some((reason, lines)) = &conf.not_followed {
            let reason = format!("openssl.cnf, line {}: {reason}", lines.first);
            self.not_judged(SETTING, reason, 1);
        }
        if let Some((why, lines)) = conf.without_algorithms() {
            let outcome = match self.server {
                "nginx" | "haproxy" => StartOutcome::ConfigTestFails,
                _ => StartOutcome::StartFails,
            };
            let message = format!("library has no ciphers: {why}");
            let before = self.enter(SETTING, "");
            let line = before + lines.first;
            self.refuse_at(SETTING, &message, outcome.noticed(), line);
        }
        let mut given = Scope::default();
        let (mut turns_away, mut open) = (None, conf.not_followed.is_some());
        for command in &conf.commands {
            match of_system(&command.name, &command.value) {
                System::Nothing => {}
                System::Applies => apply(&command.name, &command.value, None, &mut given),
                System::Versions(switched) => {
                    // Words before a bad one count.
                    let value = given.negotiation.switched.take();
                    let before = value.map(|placed| placed.value).unwrap_or_default();
                    let value = Switched {
                        on: VersionSet::EMPTY,
                        off: before.off.difference(switched.on).union(switched.off),
                    };
                    given.negotiation.switched = Some(Placed { value, lines: None });
                }
                System::DemandsCertificate => turns_away = Some(command.lines.first),
                System::Unknown => {
                    open = true;
                    let reason = format!(
                        "openssl.cnf, line {}: certcheck does not judge what `{}` changes",
                        command.lines.first, command.name
                    );
                    self.not_judged(SETTING, reason, 1);
                }
            }
        }
        // httpd and HAProxy set themselves what they require of clients.
        if let Some(line) = turns_away.filter(|_| matches!(self.server, "nginx" | "postgres"))
            && self
                .scopes
                .iter()
                .any(|scope| scope.tls && scope.client_auth.is_none())
        {
            let line = self.enter(SETTING, "") + line;
            let message = "openssl.cnf says VerifyMode = Require: every client without a \
                certificate is turned away";
            let noticed = StartOutcome::HandshakeFails.noticed();
            self.refuse_at(SETTING, message, noticed, line);
        }
        let (server, mut unjudged) = (self.server, false);
        for scope in &mut self.scopes {
            take(&given, server, scope);
            if open {
                let _ = scope.negotiation.not_interpreted.get_or_insert(Placed {
                    value: SETTING.to_owned(),
                    lines: None,
                });
            }
            let level = scope.negotiation.inherited_level;
            unjudged |= level.is_some_and(|level| level > SecurityLevel::DEBIAN)
                && matches!(scope.negotiation.dh, Dh::Prime { file: Some(_), .. });
        }
        if unjudged {
            let reason =
                "certcheck does not judge whether its level accepts the parameters for DHE";
            self.not_judged(SETTING, reason, 1);
        }
    }
}

fn take(given: &Scope, server: &str, scope: &mut Scope) {
    if let Some(placed) = &given.ciphers {
        scope.negotiation.inherited_level = CipherList::openssl(&placed.value).level;
        if server == "haproxy" && scope.ciphers.is_none() {
            scope.ciphers = Some(placed.clone());
        }
    }
    let (of, own) = (&given.negotiation, &mut scope.negotiation);
    own.suites13 = own.suites13.take().or_else(|| of.suites13.clone());
    own.groups = own.groups.take().or_else(|| of.groups.clone());
    own.schemes = own.schemes.take().or_else(|| of.schemes.clone());
    own.client_schemes = own
        .client_schemes
        .take()
        .or_else(|| of.client_schemes.clone());
    own.prefers_own_order |= of.prefers_own_order;
    let limited = scope.protocols.as_ref().is_some_and(|protocols| {
        let value = protocols.string.split_once("ssl_max_protocol_version = '");
        value.is_some_and(|(_, value)| !value.starts_with('\''))
    });
    if server == "postgres" && !limited {
        own.newest = own.newest.take().or_else(|| of.newest.clone());
    }
    // Only nginx switches all versions itself (`ngx_ssl_create`).
    if let Some(Placed { value, .. }) = of.switched.as_ref().filter(|_| server != "nginx") {
        let switched = own.switched.get_or_insert(Placed {
            value: Switched::default(),
            lines: None,
        });
        let off = value.off.difference(switched.value.on);
        switched.value.off = switched.value.off.union(off);
    }
}

/// What a command does to every context (`ssl_ctx_system_config`).
#[derive(Debug, PartialEq)]
enum System {
    Nothing,
    Applies,
    Versions(Switched),
    /// A client without a certificate gets no further.
    DemandsCertificate,
    Unknown,
}

/// The same, where certificate commands do not exist
/// (`SSL_CONF_FLAG_CERTIFICATE` is not set), and a bad word leaves those before it.
fn of_system(name: &str, value: &str) -> System {
    let is = |word: &str| name.eq_ignore_ascii_case(word);
    if OF_CERTIFICATES.iter().copied().any(is) {
        return System::Nothing;
    }
    if is("Protocol") {
        return System::Versions(switched_before(value));
    }
    if is("VerifyMode") {
        let mut known = true;
        let mut demands = false;
        for word in value.split(',').map(str::trim) {
            let word = word.strip_prefix(['+']).unwrap_or(word);
            match word.to_ascii_lowercase().as_str() {
                "peer" | "request" | "once" => {}
                "require" => demands = true,
                _ => known = false,
            }
        }
        return match (known, demands) {
            (false, _) => System::Unknown,
            (true, true) => System::DemandsCertificate,
            (true, false) => System::Nothing,
        };
    }
    // `atoi`: anything that is not a number is 0.
    if is("NumTickets") || is("RecordPadding") {
        let digits = value.trim_start().trim_start_matches('+');
        let end = digits
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(digits.len());
        let number = digits.get(..end).unwrap_or_default();
        // Clients close a connection with too many tickets; OpenSSL sends 2.
        let few = number.is_empty() || number.parse::<u16>().is_ok_and(|number| number <= 4);
        return if few || is("RecordPadding") {
            System::Nothing
        } else {
            System::Unknown
        };
    }
    // A version of DTLS does not limit TLS, and is not an error (measured: 3.0.19).
    if (is("MinProtocol") || is("MaxProtocol")) && value.starts_with("DTLSv1") {
        return System::Nothing;
    }
    if is("Options") && is_harmless_in_conf(value) {
        return System::Nothing;
    }
    if is("Options") && matches!(meaning(name, value), Meaning::Refused(_)) {
        // The words before the bad one count, and one of them may be ServerPreference.
        return System::Unknown;
    }
    if is("CipherString") && value.to_ascii_uppercase().contains("SUITEB") {
        return System::Unknown;
    }
    match meaning(name, value) {
        Meaning::Nothing | Meaning::Refused(_) => System::Nothing,
        Meaning::Negotiates { .. } => System::Applies,
        Meaning::Unknown => System::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{System, of_system};
    use crate::protocol::{Version, VersionSet};

    #[test]
    fn commands_as_measured() {
        assert_eq!(of_system("Certificate", "/no/file"), System::Nothing);
        assert_eq!(of_system("VerifyMode", "Peer"), System::Nothing);
        assert_eq!(
            of_system("verifymode", "Peer,Require"),
            System::DemandsCertificate
        );
        assert_eq!(of_system("NumTickets", "999"), System::Unknown);
        assert_eq!(of_system("NumTickets", "0"), System::Nothing);
        assert_eq!(of_system("MinProtocol", "DTLSv1.2"), System::Nothing);
        assert_eq!(of_system("Bogus", "1"), System::Nothing);
        assert_eq!(
            of_system("Options", "-TxCertificateCompression"),
            System::Nothing
        );
        assert_eq!(
            of_system("Options", "ServerPreference,Bogus"),
            System::Unknown
        );
    }

    #[test]
    fn versions_before_a_bad_word_are_switched() {
        let System::Versions(switched) = of_system("Protocol", "-ALL, TLSv1.1, bogus, TLSv1.2")
        else {
            panic!("no versions");
        };
        assert_eq!(switched.on, VersionSet::only(Version::TLSv1_1));
        assert!(switched.off.contains(Version::TLSv1_2));
    }
}
