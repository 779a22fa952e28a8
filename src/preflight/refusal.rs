//! What settings by themselves make a server refuse.

use crate::finding::{Part, Subject};
use crate::rule::{self, ConfigFact};
use crate::server::settings::{NO_PORT, Settings};
use crate::server::startup::Outcome;
use crate::source::Lines;

/// What the settings by themselves already come to.
pub(super) fn refusal(settings: &Settings) -> Option<(Outcome, String)> {
    let refused = settings.facts.iter().filter_map(|(fact, _)| match fact {
        ConfigFact::Refused(rule::config::Refused {
            message, noticed, ..
        }) => Some((
            match noticed.as_str() {
                it if it == Outcome::StartFails.noticed() => Outcome::StartFails,
                it if it == Outcome::HandshakeFails.noticed() => Outcome::HandshakeFails,
                _ => Outcome::ConfigTestFails,
            },
            message.clone(),
        )),
        // `invalid port in "…" of the "listen" directive`
        ConfigFact::Port(rule::config::Port { option, value, .. })
            if settings.server == "nginx" =>
        {
            Some((
                Outcome::ConfigTestFails,
                format!("invalid port in \"{value}\" of the \"{option}\" directive"),
            ))
        }
        // What `getaddrinfo` makes of it.
        ConfigFact::Port(rule::config::Port { reason, .. })
            if settings.server == "tabpy" && reason == NO_PORT =>
        {
            Some((
                Outcome::StartFails,
                "socket.gaierror: [Errno -8] Servname not supported for ai_socktype".to_owned(),
            ))
        }
        // PostgreSQL alone has no test that would open it.
        ConfigFact::MissingFile(rule::config::MissingFile {
            setting,
            path,
            problem,
        }) => Some((
            if settings.server == "postgres" {
                Outcome::StartFails
            } else {
                Outcome::ConfigTestFails
            },
            format!("{setting}: {path}: {problem}"),
        )),
        _ => None,
    });
    refused.min_by_key(|(outcome, _)| *outcome)
}

/// These lines of the settings.
pub(super) fn at_lines(config: &str, lines: Option<Lines>) -> Subject {
    Subject {
        part: Part::Setting,
        lines,
        ..Subject::file(config)
    }
}
