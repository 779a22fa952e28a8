//! How the server reads the protocol string.

use super::Protocols;
use crate::answer::Check;
use crate::finding::{Part, Severity, Subject};
use crate::protocol::{Dialect, Environment, Evaluation, Library, ProtocolString, Version};
use crate::rule::{self, Finding, ProtocolFact};
use crate::server::settings::ProtocolSetting;
use crate::source::Lines;

/// The option that is named for a string given directly.
pub(crate) const GIVEN: &str = "--protocols";

/// Findings about a protocol string, and its result
/// at a security level of an OpenSSL.
pub(super) fn judge(
    text: &str,
    dialect: Dialect,
    (level, library): (u8, Library),
) -> (Vec<Finding>, Protocols) {
    let environment = Environment::default_for(dialect);
    let evaluation = ProtocolString::parse(dialect, text).evaluate(&environment);
    let environment = environment.with_library(library).with_security_level(level);
    (
        findings(&evaluation, GIVEN, None),
        result(&evaluation, dialect, &environment),
    )
}

/// The same for a setting in the file `config`.
pub(super) fn of_setting(
    setting: &ProtocolSetting,
    config: &str,
    (level, library): (u8, Library),
) -> (Vec<Finding>, Protocols) {
    let mut environment = Environment::default_for(setting.dialect);
    if let Some(global) = &setting.global {
        environment = environment.with_global(global);
    }
    let string = ProtocolString::parse(setting.dialect, setting.string.as_str());
    let evaluation = string.evaluate(&environment);
    (
        findings(&evaluation, config, setting.lines),
        result(
            &evaluation,
            setting.dialect,
            &environment.with_library(library).with_security_level(level),
        ),
    )
}

fn result(evaluation: &Evaluation, dialect: Dialect, environment: &Environment) -> Protocols {
    let reachable = environment.reachable(dialect, evaluation.effective);
    Protocols {
        dialect: dialect.as_str(),
        accepted: evaluation.accepted,
        starts: evaluation.starts,
        configured: evaluation.configured.names(),
        effective: evaluation.effective.names(),
        reachable: reachable.names(),
        by_default: false,
    }
}

/// What an evaluation observed, as findings about `source`.
pub(crate) fn findings(
    evaluation: &Evaluation,
    source: &str,
    lines: Option<Lines>,
) -> Vec<Finding> {
    let mut findings: Vec<_> = evaluation
        .observations
        .iter()
        .map(|observation| {
            let index = observation.span.and_then(|span| {
                evaluation
                    .tokens
                    .iter()
                    .position(|token| token.span == span)
            });
            let subject = subject(source, index.unwrap_or(0), lines);
            let mut fact = observation.fact.clone();
            if let ProtocolFact::IllegalName(illegal) = &mut fact {
                illegal.names = names(evaluation.dialect);
            }
            let finding = Finding::new(fact, subject);
            match observation.severity {
                Some(severity) => finding.with_severity(severity),
                None => finding,
            }
        })
        .collect();
    let said = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    if !(evaluation.accepted && evaluation.starts || said) {
        let error = evaluation.message.clone().unwrap_or_default();
        let fact = rule::protocol::IllegalName {
            names: names(evaluation.dialect),
            token: String::new(),
            error,
        };
        findings.push(Finding::new(fact, subject(source, 0, lines)));
    }
    findings
}

/// What a program accepts in place of a word that it does not know, the current versions alone.
fn names(dialect: Dialect) -> Vec<String> {
    let words: &[&str] = match dialect {
        Dialect::OpenSslConf => &["MinProtocol = TLSv1.2"],
        Dialect::Postgres => &["ssl_min_protocol_version = 'TLSv1.2'"],
        Dialect::HaProxy => &["ssl-min-ver TLSv1.2"],
        Dialect::TabPy => &["TLSv1_2", "TLSv1_3"],
        _ => &["TLSv1.2", "TLSv1.3"],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(crate) fn subject(source: &str, index: usize, lines: Option<Lines>) -> Subject {
    Subject {
        source: source.to_owned(),
        part: Part::ProtocolString,
        index,
        lines,
    }
}

impl super::Preflight {
    /// The protocol string that was given, otherwise the one in the settings.
    pub(super) fn judge_protocols(&self) -> (Vec<Finding>, Option<Protocols>, Check) {
        let written = self.endpoint.as_ref().and_then(|endpoint| {
            let setting = endpoint.protocols.as_ref()?;
            Some((endpoint.protocols_in.as_str(), setting))
        });
        let level = self.offer().map_or((2, Library::OpenSsl3), |offer| {
            (offer.level.number(), offer.library)
        });
        let no_setting = "the server has no setting for protocol versions";
        match (self.protocols.as_deref(), written) {
            (Some(text), _) if self.server.protocol_setting => {
                let (found, protocols) = judge(text, self.server.dialect, level);
                (found, Some(protocols), Check::ran("protocols"))
            }
            (Some(text), _) => {
                let fact = rule::config::IgnoredValue {
                    setting: GIVEN.to_owned(),
                    value: text.to_owned(),
                    reason: no_setting.to_owned(),
                };
                let finding = Finding::new(fact, Subject::file(GIVEN));
                (
                    vec![finding],
                    None,
                    Check::not_applicable("protocols", no_setting),
                )
            }
            (None, Some((config, setting))) => {
                let (found, mut protocols) = of_setting(setting, config, level);
                // Other settings may switch versions too, and another place may decide.
                let offer = self.endpoint.as_ref();
                if let Some(offer) = offer.and_then(|endpoint| endpoint.offer.as_ref()) {
                    let reached = |version: &Version| {
                        offer.versions.contains(*version)
                            && offer.library.allows(offer.level.number(), *version)
                    };
                    let all = Version::ALL.into_iter().filter(reached);
                    protocols.reachable = all.map(|version| version.as_str().to_owned()).collect();
                }
                (found, Some(protocols), Check::ran("protocols"))
            }
            (None, None) if self.endpoint.is_some() => (
                Vec::new(),
                self.default_protocols(),
                Check::not_applicable("protocols", "the settings name no protocol versions"),
            ),
            (None, None) => (
                Vec::new(),
                self.default_protocols(),
                Check::not_applicable("protocols", "no --protocols were given"),
            ),
        }
    }

    /// The versions that the server speaks if nothing sets them; `None` if the server has no such
    /// setting, or a setting that affects them is not understood.
    fn default_protocols(&self) -> Option<Protocols> {
        let asked = self.endpoint.is_some() || !self.certificate_files.is_empty();
        // What Tableau's own builds speak was not measured.
        let known = self.server.protocol_setting && self.server.dialect != Dialect::Tsm;
        if !asked || !known {
            return None;
        }
        let offer = self.offer()?;
        let level = offer.level.number();
        let reached = |version: &Version| {
            offer.versions.contains(*version) && offer.library.allows(level, *version)
        };
        let reached = Version::ALL.into_iter().filter(reached);
        let reached: Vec<_> = reached.map(|version| version.as_str().to_owned()).collect();
        Some(Protocols {
            dialect: self.server.dialect.as_str(),
            accepted: true,
            starts: true,
            configured: offer.versions.names(),
            effective: reached.clone(),
            reachable: reached,
            by_default: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::protocol::{Dialect, Environment, ProtocolString};

    #[test]
    fn each_program_accepts_what_it_is_offered() {
        for dialect in Dialect::ALL {
            let environment = Environment::default_for(dialect);
            for name in names(dialect) {
                let answer = ProtocolString::parse(dialect, &name).evaluate(&environment);
                assert!(answer.accepted && answer.starts, "{dialect:?} {name}");
                assert!(answer.warnings.is_empty(), "{dialect:?} {name}");
            }
        }
    }
}
