//! TabPy's file of names and passwords, which its settings name.

use super::Endpoints;
use crate::answer::Check;
use crate::preflight::Preflight;
use crate::preflight::found::Kept;
use crate::preflight::refused_settings::at_lines;
use crate::rule::{self, ConfigFact, Evidence, Finding};
use crate::server::settings::Settings;
use crate::server::startup::StartOutcome;

impl Endpoints<'_> {
    pub(in crate::preflight) fn passwords(&mut self, preflight: &Preflight, settings: &Settings) {
        if let Some(source) = preflight.password_file.as_deref() {
            self.password_answer(preflight.passwords(Some(source)));
            return;
        }
        // One file for each place that names one; without any, the check says that none was given.
        let mut any = false;
        for path in settings
            .scopes
            .iter()
            .filter_map(|scope| scope.passwords.as_ref())
        {
            any = true;
            let answer = match preflight.found.get(&path.path) {
                Some(Kept::Read(document)) => preflight.passwords(Some(document.source())),
                Some(Kept::Unreadable(reason)) => {
                    let reason = format!("{}: {reason}", path.path);
                    Some((Vec::new(), Check::impossible("passwords", reason)))
                }
                _ => {
                    let fact = rule::config::MissingFile {
                        setting: path.setting.to_owned(),
                        path: path.path.clone(),
                        problem: "there is no such file: `Failed to read passwords file`"
                            .to_owned(),
                    };
                    self.findings.push(Finding::new(
                        fact,
                        at_lines(self.config, settings, path.lines),
                    ));
                    None
                }
            };
            self.password_answer(answer);
        }
        if !any {
            self.password_answer(preflight.passwords(None));
        }
    }

    fn password_answer(&mut self, answer: Option<(Vec<Finding>, Check)>) {
        if let Some((findings, check)) = answer {
            self.findings.extend(findings);
            self.check(check);
        }
    }

    /// TabPy reads its passwords when it starts, and does not start if it cannot.
    pub(super) fn password_refusal(&self) -> Option<(StartOutcome, String)> {
        self.findings
            .iter()
            .find_map(|finding| match &finding.evidence {
                Evidence::ConfigFact(ConfigFact::PasswordEntry(rule::config::PasswordEntry {
                    message,
                    ..
                })) => Some((StartOutcome::StartFails, message.clone())),
                Evidence::ConfigFact(ConfigFact::MissingFile(rule::config::MissingFile {
                    setting,
                    ..
                })) if setting == "TABPY_PWD_FILE" => Some((
                    StartOutcome::StartFails,
                    "Failed to read passwords file".to_owned(),
                )),
                _ => None,
            })
    }
}
