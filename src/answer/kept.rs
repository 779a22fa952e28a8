//! What a reader must know beside the findings: which errors stay although a waiver names
//! them, and what a configuration file changes.

use super::{Answer, Fetched};
use crate::finding::Code;

impl<T> Answer<T> {
    /// Notes an error that the waiver at that place names, and that stays.
    pub(super) fn keep(&mut self, code: Code, waiver: String) {
        let one = (code, waiver);
        if !self.kept.contains(&one) {
            self.kept.push(one);
        }
    }

    /// Whether the waiver at that place fits only errors that stay: it is not superfluous.
    pub fn keeps(&self, place: &str) -> bool {
        self.kept.iter().any(|(_, waiver)| waiver == place)
    }

    /// The places of the waivers that fit an error that stays.
    pub fn kept_waivers(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(|(_, waiver)| waiver.as_str())
    }

    /// That some errors stay, if a waiver names them.
    pub fn kept(&self) -> Option<String> {
        let mut codes: Vec<_> = self.kept.iter().map(|(code, _)| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        (!codes.is_empty()).then(|| {
            format!(
                "no waiver applies to {}: the server would not start",
                codes.join(", ")
            )
        })
    }

    /// What every format shows beside the findings: the errors that stay, the configuration file,
    /// its severities that let more pass, and what was fetched.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<_> = self.kept().into_iter().collect();
        if let Some(file) = &self.configuration {
            remarks.push(match self.lowered.as_slice() {
                [] => format!("using {file}"),
                lowered => format!("using {file}, which sets {}", lowered.join(", ")),
            });
        }
        remarks.extend(self.fetched.iter().map(Fetched::words));
        remarks
    }
}
