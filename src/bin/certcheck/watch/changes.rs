//! What is where, and how that differs from the last time.

use certcheck::Finding;
use certcheck::Time;
use certcheck::command::inspect::{Details, Object};
use certcheck::command::probe::Probes;
use certcheck::finding::Severity;
use certcheck::report::text::printable;
use std::collections::BTreeMap;

/// The most things that are remembered: about 100 MB.
const MOST: usize = 200_000;

/// The names of things that last from one check to the next, and the text about each.
#[derive(Default)]
pub(crate) struct Snapshot {
    things: BTreeMap<String, Thing>,
    findings: BTreeMap<String, (Severity, String)>,
    /// How many things were left out.
    left_out: usize,
}

/// The text about a name.
#[derive(Clone, PartialEq, Eq)]
struct Thing {
    text: String,
    /// Whether it could not be read or reached.
    lacks: bool,
}

impl Snapshot {
    fn put(&mut self, name: String, text: String, lacks: bool) {
        if self.things.len() < MOST {
            self.things.insert(name, Thing { text, lacks });
        } else {
            self.left_out += 1;
        }
    }

    /// A certificate, key, request or list of a file.
    pub(crate) fn object(&mut self, object: &Object) {
        let what = match &object.details {
            Details::Certificate(one) => format!(
                "certificate {} ({}, until {})",
                one.subject,
                one.sha256.short(),
                day(one.not_after)
            ),
            Details::Key(key) => {
                let id = key.spki_sha256.map(|id| format!(" {}", id.short()));
                format!(
                    "{} {}{}",
                    object.kind,
                    key.algorithm,
                    id.unwrap_or_default()
                )
            }
            Details::Csr(_) | Details::Crl(_) | Details::Container(_) => {
                format!("{} of {} bytes", object.kind, object.size.unwrap_or(0))
            }
            _ => return,
        };
        let place = match object.index {
            0 => object.source.clone(),
            index => format!("{} (object {})", object.source, index + 1),
        };
        self.put(place, what, false);
    }

    /// A file or directory that was not read.
    pub(crate) fn unread(&mut self, path: &str, why: &str) {
        self.put(path.to_owned(), format!("not read: {why}"), true);
    }

    /// What servers showed.
    pub(crate) fn probes(&mut self, probes: &Probes) {
        for probed in &probes.targets {
            let what = match (&probed.unreachable, &probed.result) {
                (Some(why), _) => format!("not reached: {why}"),
                (None, Some(result)) => match (&result.failure, result.certificates.first()) {
                    (Some(why), None) => why.clone(),
                    (_, None) => "no certificate".to_owned(),
                    (_, Some(one)) => format!(
                        "certificate {} ({}, until {}), {} sent",
                        one.subject,
                        one.sha256.short(),
                        one.not_after.map_or_else(|| "?".to_owned(), day),
                        result.certificates.len()
                    ),
                },
                (None, None) => continue,
            };
            self.put(probed.target.clone(), what, probed.unreachable.is_some());
        }
    }

    /// What is wrong. The words of a message may change from day to day: code and place decide.
    pub(crate) fn finding(&mut self, finding: &Finding) {
        if finding.severity < Severity::Warning || self.findings.len() >= MOST {
            return;
        }
        let subject = &finding.subject;
        let name = format!(
            "{}\0{}\0{}",
            subject.source,
            subject.index,
            finding.code().as_str()
        );
        let words = format!(
            "{}[{}] {}: {}",
            finding.severity.as_str(),
            finding.code(),
            subject.source,
            finding.message()
        );
        self.findings.insert(name, (finding.severity, words));
    }

    /// How many errors there are.
    pub(crate) fn errors(&self) -> usize {
        let severities = self.findings.values().map(|(severity, _)| *severity);
        severities.filter(|one| *one == Severity::Error).count()
    }

    /// How many objects, servers and unread files there are, and how many were left out.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.things.len(), self.left_out)
    }

    /// The changes since `before`, one line each.
    pub(crate) fn since(&self, before: Option<&Self>) -> Vec<String> {
        let none = Self::default();
        let mut lines = Vec::new();
        if let Some(before) = before {
            for (name, was) in &before.things {
                match self.things.get(name) {
                    Some(now) if now == was => {}
                    Some(now) => {
                        lines.push(format!("changed {name}: {}; it was {}", now.text, was.text))
                    }
                    None => lines.push(format!("gone {name}: {}", was.text)),
                }
            }
            let new = self.things.iter();
            let new = new.filter(|(name, _)| !before.things.contains_key(*name));
            lines.extend(new.map(|(name, now)| format!("new {name}: {}", now.text)));
        }
        if before.is_none() {
            // What could not be read or reached at the start.
            let lacks = self.things.iter();
            let lacks = lacks.filter(|(_, now)| now.lacks);
            lines.extend(lacks.map(|(name, now)| format!("{name}: {}", now.text)));
        }
        let before = before.unwrap_or(&none);
        for (name, (severity, words)) in &self.findings {
            if before.findings.get(name).map(|(was, _)| was) != Some(severity) {
                lines.push(words.clone());
            }
        }
        for (name, (_, words)) in &before.findings {
            if !self.findings.contains_key(name) {
                lines.push(format!("ended: {words}"));
            }
        }
        lines
    }
}

/// A line of output: the moment, and what happened.
pub(crate) fn line(at: Time, what: &str) -> String {
    format!("{at} {}\n", printable(what))
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn changes_are_said_once() {
        let snapshot = |things: &[(&str, &str)]| {
            let mut all = Snapshot::default();
            for (name, what) in things {
                all.put((*name).to_owned(), (*what).to_owned(), false);
            }
            all
        };
        let before = snapshot(&[("a", "1"), ("b", "2"), ("c", "3")]);
        assert!(before.since(None).is_empty());
        assert!(before.since(Some(&before)).is_empty());
        let after = snapshot(&[("a", "1"), ("b", "4"), ("d", "5")]);
        assert_eq!(
            after.since(Some(&before)),
            ["changed b: 4; it was 2", "gone c: 3", "new d: 5"]
        );
    }
}
