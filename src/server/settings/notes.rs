//! Findings recorded while settings are read: what the server refuses or ignores, and where.

use super::{Scope, Settings, shown};
use crate::cipher::CipherList;
use crate::rule::{self, ConfigFact};
use crate::server::startup::StartOutcome;
use crate::source::Lines;

/// How many findings a file may have: one for every line of a file that is not a settings file
/// would hide the first ones, which matter.
const MOST_FACTS: usize = 1000;

impl Settings {
    pub(super) fn note(&mut self, fact: impl Into<ConfigFact>, line: usize) {
        let fact = fact.into();
        // What many places inherit is reported once.
        // Only the last eight are compared: inherited settings are reported for all places in
        // succession, and a search through all facts would take quadratic time.
        let last = self.facts.iter().rev().take(8);
        if last
            .into_iter()
            .any(|(known, lines)| lines.first == line && *known == fact)
        {
            return;
        }
        // The last one says that there were more.
        if self.facts.len() == MOST_FACTS {
            let reason = format!("only the first {MOST_FACTS} findings are shown; there are more");
            let fact = rule::config::IgnoredValue {
                setting: String::new(),
                value: self.server.to_owned(),
                reason,
            };
            self.facts.push((fact.into(), Lines::new(line, line)));
        }
        if self.facts.len() < MOST_FACTS {
            self.facts.push((fact, Lines::new(line, line)));
        }
    }

    /// Whether the limit of findings is reached.
    pub(super) fn is_full(&self) -> bool {
        self.facts.len() > MOST_FACTS
    }

    /// The server does not start with this, and says `message`.
    pub(super) fn refuse(&mut self, setting: &str, message: &str, line: usize) {
        self.refuse_at(setting, message, StartOutcome::StartFails.noticed(), line);
    }

    pub(super) fn refuse_at(&mut self, setting: &str, message: &str, noticed: &str, line: usize) {
        if self.facts.len() > MOST_FACTS {
            return;
        }
        let fact = rule::config::Refused {
            setting: shown(setting),
            message: message.to_owned(),
            noticed: noticed.to_owned(),
        };
        self.note(fact, line);
    }

    /// How OpenSSL reads the cipher string of a place, for any key.
    pub(super) fn check_ciphers(&mut self, setting: &str, scope: &Scope, noticed: &str) {
        let Some(placed) = scope.ciphers.as_ref().filter(|_| scope.tls) else {
            return;
        };
        // A command that replaces the server's own string applies after it.
        if let Some(Some(before)) = &scope.negotiation.ciphers_at_load
            && let Some(refusal) = CipherList::openssl(&before.value).refused
        {
            let line = before.lines.map_or(1, |lines| lines.first);
            let message = format!("{refusal}: OpenSSL 3.0 refuses `{}`", shown(&before.value));
            self.refuse_at(setting, &message, noticed, line);
        }
        let line = placed.lines.map_or(1, |lines| lines.first);
        let of_system = self.system.and_then(|system| system.ciphers(&placed.value));
        let list = CipherList::openssl(of_system.as_ref().unwrap_or(&placed.value));
        if let Some(refusal) = list.refused {
            let message = format!("{refusal}: OpenSSL 3.0 refuses `{}`", shown(&placed.value));
            self.refuse_at(setting, &message, noticed, line);
        // Suite B also limits keys, curves and signatures: predicted handshakes show it.
        } else if list.suite_b.is_some() {
            let reason = "certcheck does not judge what SUITEB requires of keys and signatures";
            self.negotiated(setting, reason, line);
        }
    }

    pub(super) fn ignored(&mut self, setting: &str, value: &str, reason: &str, line: usize) {
        if self.facts.len() > MOST_FACTS {
            return;
        }
        let fact = rule::config::IgnoredValue {
            setting: shown(setting),
            value: shown(value),
            reason: reason.to_owned(),
        };
        self.note(fact, line);
    }
}
