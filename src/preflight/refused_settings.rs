//! What a server refuses because of its settings alone.

use crate::finding::{Part, Subject};
use crate::rule::{self, ConfigFact};
use crate::server::settings::{NO_PORT, Settings};
use crate::server::startup::StartOutcome;
use crate::source::Lines;

/// The outcome that the settings alone already cause.
pub(super) fn refusal(settings: &Settings) -> Option<(StartOutcome, String)> {
    let refused = settings.facts.iter().filter_map(|(fact, _)| match fact {
        ConfigFact::Refused(rule::config::Refused {
            message, noticed, ..
        }) => Some((
            match noticed.as_str() {
                it if it == StartOutcome::StartFails.noticed() => StartOutcome::StartFails,
                it if it == StartOutcome::HandshakeFails.noticed() => StartOutcome::HandshakeFails,
                _ => StartOutcome::ConfigTestFails,
            },
            message.clone(),
        )),
        // `invalid port in "…" of the "listen" directive`
        ConfigFact::Port(rule::config::Port { option, value, .. })
            if settings.server == "nginx" =>
        {
            Some((
                StartOutcome::ConfigTestFails,
                format!("invalid port in \"{value}\" of the \"{option}\" directive"),
            ))
        }
        // How `getaddrinfo` reads it.
        ConfigFact::Port(rule::config::Port { reason, .. })
            if settings.server == "tabpy" && reason == NO_PORT =>
        {
            Some((
                StartOutcome::StartFails,
                "socket.gaierror: [Errno -8] Servname not supported for ai_socktype".to_owned(),
            ))
        }
        // Only PostgreSQL has no test that would open it.
        ConfigFact::MissingFile(rule::config::MissingFile {
            setting,
            path,
            problem,
        }) => Some((
            if settings.server == "postgres" {
                StartOutcome::StartFails
            } else {
                StartOutcome::ConfigTestFails
            },
            format!("{setting}: {path}: {problem}"),
        )),
        _ => None,
    });
    refused.min_by_key(|(outcome, _)| *outcome)
}

/// These lines of all settings, whichever file they are in ([`at_lines`]).
pub(super) fn unplaced(lines: Option<Lines>) -> Subject {
    Subject {
        lines,
        ..Subject::file("")
    }
}

/// These lines of the settings, whose first file is `config`.
pub(crate) fn at_lines(config: &str, settings: &Settings, lines: Option<Lines>) -> Subject {
    let place = lines.map(|lines| settings.place(lines));
    let file = place.as_ref().and_then(|place| place.file);
    Subject {
        part: Part::Setting,
        lines: place.map(|place| place.lines),
        ..Subject::file(file.unwrap_or(config))
    }
}
