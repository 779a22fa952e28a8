//! The order in which the questions are asked.

use super::{Preflight, PreflightResult, announced, excerpt, protocol, startup};
use crate::answer::Answer;
use crate::trust_store::Anchors;
use std::sync::Arc;

impl Preflight {
    /// Asks every question that the inputs allow. It cannot fail: what is
    /// wrong is a finding, and what could not be asked is a check that did not run. What a server
    /// refuses when it starts is a firm error, which no waiver accepts.
    pub fn run(&self) -> Answer<PreflightResult> {
        let answer = self.asked();
        let refusal = self.unexplained_refusal(answer.result.startup.as_ref(), &answer.findings);
        let mut answer = answer.joined(refusal);
        if let Some(anchors) = &self.anchors {
            answer = answer.joined(anchors.empty_stores());
        }
        answer.result.system = self.system;
        answer.result.server_version = self.version;
        answer.result.judged_version = self.judged_version();
        answer.result.server_boundaries = self.server_boundaries();
        startup::leave_to_the_start(&mut answer.findings, answer.result.startup.as_ref());
        self.foresee_reload(&mut answer.result);
        answer.result.right_password = self.right_password(&answer);
        if self.forecast && !self.as_client {
            self.foresee_clients(&mut answer.result);
            // Anchor files are those of a private CA; the changes concern public CAs.
            let store = |anchors: &Arc<Anchors>| anchors.beside_files().next().is_some();
            if self.anchors.as_ref().is_none_or(store) {
                answer.result.announced = announced::announced(&answer.result, self.at);
            }
        }
        if let Some(both) = &self.settings {
            // The first file has the name that the caller gives it.
            let (mut first, settings) = (Some(both.0.as_str()), &both.1);
            for (file, text) in settings.texts() {
                let file = first.take().unwrap_or(file);
                excerpt::attach(&mut answer.findings, file, text);
            }
        }
        if let Some(text) = &self.protocols {
            excerpt::attach(&mut answer.findings, protocol::GIVEN, text);
        }
        startup::hold(&mut answer.findings, answer.result.startup.as_ref());
        answer
    }

    pub(super) fn asked(&self) -> Answer<PreflightResult> {
        if self.as_client {
            return self.before_server();
        }
        if self.settings.is_some() {
            return self.in_settings();
        }
        let passwords = self.passwords(self.password_file.as_deref());
        let files_alone = self.certificate_files.is_empty() && self.key_files.is_empty();
        if let Some((findings, check)) = passwords {
            if files_alone {
                let name = self.password_file.iter().map(|file| file.name());
                let result = PreflightResult::of(self.server.name());
                return Answer::new(result, findings, vec![check], name);
            }
            let mut answer = self.place();
            answer.checks.push(check);
            return answer.joined(findings);
        }
        self.place()
    }

    /// The inputs in the order of their options.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let files = self.certificate_files.iter().chain(&self.key_files);
        files
            .chain(&self.chain_file)
            .chain(&self.ca_files)
            .chain(&self.crl_files)
            .map(|document| document.source().name())
    }
}
