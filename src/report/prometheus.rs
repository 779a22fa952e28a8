//! Prometheus' text format 0.0.4, for node_exporter's textfile collector.

use super::harmless::harmless;
use super::outline::Outline;
use crate::answer::CheckOutcome;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A metric: its description, and its values by labels, each set of labels once.
struct Metric {
    name: &'static str,
    help: &'static str,
    values: BTreeMap<String, i64>,
}

impl Metric {
    fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            values: BTreeMap::new(),
        }
    }

    fn set(&mut self, labels: &[(&str, &str)], value: i64) {
        self.values.insert(braced(labels), value);
    }

    fn add(&mut self, labels: &[(&str, &str)], value: i64) {
        *self.values.entry(braced(labels)).or_default() += value;
    }

    /// Of several values the smallest counts.
    fn earliest(&mut self, labels: &[(&str, &str)], value: i64) {
        let entry = self.values.entry(braced(labels)).or_insert(value);
        *entry = value.min(*entry);
    }

    fn write(&self, out: &mut String) {
        if self.values.is_empty() {
            return;
        }
        let name = self.name;
        let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} gauge", self.help);
        for (labels, value) in &self.values {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    }
}

/// The metrics.
pub fn prometheus(outline: &Outline<'_>) -> String {
    prometheus_of(&[outline])
}

/// The metrics of several answers: a collector refuses a metric that is described twice.
pub fn prometheus_of(outlines: &[&Outline<'_>]) -> String {
    let mut judged = Metric::new(
        "certcheck_judged_timestamp_seconds",
        "Moment for which the answer was given.",
    );
    let mut verdict = Metric::new(
        "certcheck_verdict",
        "1 for the verdict of the command, 0 for the others.",
    );
    let mut targets = Metric::new(
        "certcheck_target_verdict",
        "1 for the verdict of a target of `certcheck run`, 0 for the others.",
    );
    let mut findings = Metric::new("certcheck_findings", "Findings by severity.");
    let mut accepted = Metric::new(
        "certcheck_accepted_findings",
        "Findings that do not count: allowed by an option or certcheck.toml, or waived.",
    );
    let mut configuration = Metric::new(
        "certcheck_configuration_info",
        "1 for the configuration file in use, with its severities that let more pass.",
    );
    let mut waived = Metric::new(
        "certcheck_waived_until_timestamp_seconds",
        "Moment at which a waiver in use ends, by code, source and reason.",
    );
    let mut codes = Metric::new(
        "certcheck_code_findings",
        "Findings by code, severity and source.",
    );
    let mut checks = Metric::new(
        "certcheck_check",
        "1 for the outcome of a check: ran, not-applicable, not-run (not asked for), undecided.",
    );
    let mut begins = Metric::new(
        "certcheck_certificate_not_before_timestamp_seconds",
        "Begin of a certificate's validity.",
    );
    let mut ends = Metric::new(
        "certcheck_certificate_not_after_timestamp_seconds",
        "End of a certificate's validity.",
    );
    let mut clients = Metric::new(
        "certcheck_client_verdict",
        "1 for the verdict of a client at an endpoint, 0 for the others.",
    );
    let mut until = Metric::new(
        "certcheck_client_accepts_until_timestamp_seconds",
        "Moment from which a client that accepts now refuses.",
    );
    for outline in outlines {
        let command = ("command", outline.command);
        judged.set(&[command], outline.at.unix_seconds());
        // A series for each verdict, 0 or 1: an alert on `verdict="fail"` also ends when the verdict
        // changes. With a single series, the old label would stay until it is stale.
        for word in ["pass", "fail", "undecided"] {
            let is = i64::from(outline.verdict.as_str() == word);
            verdict.set(&[command, ("verdict", word)], is);
        }
        for target in outline.targets() {
            let text = |name: &str| target.get(name).and_then(|text| text.as_str());
            let name = text("name").unwrap_or_default();
            let judged = text("verdict").unwrap_or("not-judged");
            for word in ["pass", "fail", "undecided", "not-judged"] {
                let labels = [command, ("target", name), ("verdict", word)];
                targets.set(&labels, i64::from(judged == word));
            }
        }
        let summary = outline.summary;
        for (word, count) in [
            ("error", summary.errors),
            ("warning", summary.warnings),
            ("notice", summary.notices),
        ] {
            findings.set(&[command, ("severity", word)], number(count));
        }
        for (word, count) in [("allowed", summary.allowed), ("waived", summary.waived)] {
            accepted.set(&[command, ("by", word)], number(count));
        }
        if let Some(file) = outline.configuration {
            let remarks = outline.remarks.join("; ");
            configuration.set(&[command, ("file", file), ("remarks", &remarks)], 1);
        }
        for one in outline.waived {
            let source = &one.finding.subject.source;
            let labels = [
                command,
                ("code", one.finding.code().as_str()),
                ("source", source),
                ("reason", &one.waiver.reason),
            ];
            let labels = about(&labels, one.finding.target.as_deref());
            waived.earliest(&labels, one.waiver.ends_at.unix_seconds());
        }
        let mut count = |code: &str, severity: &str, source: &str, target: Option<&str>, count| {
            let labels = [
                command,
                ("code", code),
                ("severity", severity),
                ("source", source),
            ];
            codes.add(&about(&labels, target), number(count));
        };
        for finding in &outline.findings {
            let severity = finding.severity.as_str();
            count(
                finding.code().as_str(),
                severity,
                &finding.subject.source,
                finding.target.as_deref(),
                1,
            );
        }
        // The sum includes findings that the document only counts.
        for more in &outline.omitted {
            count(
                more.code.as_str(),
                more.severity.as_str(),
                more.source,
                more.target,
                more.count,
            );
        }
        for check in outline.checks {
            let outcome = match check.outcome {
                CheckOutcome::Ran => "ran",
                CheckOutcome::NotApplicable { .. } => "not-applicable",
                CheckOutcome::NotRun {
                    asked_for: true, ..
                } => "undecided",
                CheckOutcome::NotRun { .. } => "not-run",
            };
            let labels = [command, ("check", check.name), ("outcome", outcome)];
            checks.set(&about(&labels, check.target.as_deref()), 1);
        }
        for certificate in outline.certificates() {
            let labels = [
                command,
                ("sha256", certificate.sha256.as_str()),
                ("subject", &certificate.subject),
                ("source", &certificate.source),
            ];
            let labels = about(&labels, certificate.target.as_deref());
            if let Some(begin) = certificate.not_before {
                begins.set(&labels, begin.unix_seconds());
            }
            ends.set(&labels, certificate.not_after.unix_seconds());
        }
        for row in outline.clients() {
            let place = [command, ("client", row.client), ("endpoint", &row.endpoint)];
            let place = about(&place, row.target);
            for word in ["accepts", "refuses", "undecided"] {
                let labels = [place.as_slice(), &[("verdict", word)]].concat();
                clients.set(&labels, i64::from(row.verdict == word));
            }
            let end = row.row.get("accepts_until").and_then(|end| end.as_str());
            if let Some(end) = end.and_then(|end| end.parse::<crate::Time>().ok()) {
                until.set(&place, end.unix_seconds());
            }
        }
    }
    let mut out = String::new();
    for metric in [
        judged,
        verdict,
        targets,
        findings,
        accepted,
        configuration,
        codes,
        waived,
        checks,
        begins,
        ends,
        clients,
        until,
    ] {
        metric.write(&mut out);
    }
    out
}

/// Labels, and the target of `certcheck run` if there is one.
fn about<'l>(labels: &[(&'l str, &'l str)], target: Option<&'l str>) -> Vec<(&'l str, &'l str)> {
    let target = target.map(|target| ("target", target));
    labels.iter().copied().chain(target).collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn braced(labels: &[(&str, &str)]) -> String {
    let labels: Vec<_> = labels
        .iter()
        .map(|(name, value)| {
            // The exposition format escapes backslash, quote and line feed in a label (harmless
            // text has no line feed). A subject comes from a file: it must not close the label and
            // begin a series.
            let value = harmless(value).replace('\\', "\\\\").replace('"', "\\\"");
            format!("{name}=\"{value}\"")
        })
        .collect();
    format!("{{{}}}", labels.join(","))
}
