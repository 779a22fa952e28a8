//! JUnit's XML, as Jenkins and GitLab read it.
//!
//! A test case for each check. A failing finding is the `failure` of the check that it belongs to,
//! or of a separate case if that check already has one: readers accept only one per case. A check
//! that was requested but could not run is an `error`, and one that did not apply is `skipped`: no
//! reader counts either as passed. Findings that do not fail are in `system-out`. Each target of `run`
//! has a suite, and is part of the class of its cases.

use super::harmless::harmless;
use super::outline::{Outline, of_target};
use crate::answer::{Check, CheckOutcome, Verdict, Waived};
use crate::finding::Code;
use crate::rule::Finding;
use serde_json::Value as Json;
use std::fmt::Write;

/// The document.
pub fn junit(outline: &Outline<'_>) -> String {
    let name = |target: &Json| Some(target.get("name")?.as_str()?.to_owned());
    let mut suites: Vec<_> = outline.targets().iter().filter_map(name).collect();
    suites.dedup();
    let mut suites: Vec<_> = suites
        .iter()
        .map(|target| Suite::of(outline, Some(target)))
        .collect();
    let own = Suite::of(outline, None);
    if suites.is_empty() || own.tests > 0 || !own.others.is_empty() {
        suites.push(own);
    }
    // An answer that nothing above shows: the answer is simply no.
    let failures: usize = suites.iter().map(|suite| suite.failures).sum();
    let errors: usize = suites.iter().map(|suite| suite.errors).sum();
    if let Some(last) = suites.last_mut() {
        last.verdict(outline, failures, errors);
    }
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"certcheck\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors)
    );
    for suite in &suites {
        suite.write(&mut out, outline);
    }
    out.push_str("</testsuites>\n");
    out
}

/// The cases about one target, or about none.
#[derive(Default)]
struct Suite {
    /// `preflight`, `run: web`.
    name: String,
    /// `certcheck.preflight`, `certcheck.run.web`.
    class: String,
    cases: String,
    /// What does not fail.
    others: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Suite {
    fn of(outline: &Outline<'_>, target: Option<&str>) -> Self {
        let command = outline.command;
        let mut class = format!("certcheck.{}", command.replace(' ', "-"));
        if let Some(target) = target {
            // A point would begin another level of the class.
            class.push_str(&format!(".{}", target.replace('.', "_")));
        }
        let mut suite = Self {
            name: of_target(Some(command), target.unwrap_or_default()),
            class,
            ..Self::default()
        };
        let about = |of: &Option<String>| of.as_deref() == target;
        let own = outline.failures().filter(|one| about(&one.target));
        let mut own: Vec<&Finding> = own.collect();
        for check in outline.checks.iter().filter(|one| about(&one.target)) {
            suite.check(outline, check, &mut own);
        }
        for finding in own {
            suite.failures += 1;
            let name = format!("{} {}", finding.code(), place(finding));
            suite.case("findings", &name, &failure(finding));
        }
        let waived = outline.waived.iter();
        for waived in waived.filter(|one| about(&one.finding.target)) {
            suite.waived(waived);
        }
        let below = |one: &&&Finding| one.severity < outline.failing && about(&one.target);
        for finding in outline.findings.iter().filter(below) {
            let severity = finding.severity.as_str();
            let (code, message) = (finding.code(), finding.message());
            suite.say(&format!(
                "{severity}[{code}]: {message} ({})",
                place(finding)
            ));
        }
        for more in outline.omitted.iter().filter(|one| one.target == target) {
            suite.say(&format!(
                "{} more of {} in {}",
                more.count, more.code, more.source
            ));
        }
        if target.is_none() {
            outline.remarks.iter().for_each(|remark| suite.say(remark));
        }
        suite
    }

    fn check(&mut self, outline: &Outline<'_>, check: &Check, own: &mut Vec<&Finding>) {
        let body = match &check.outcome {
            CheckOutcome::Ran => {
                let of = |finding: &&Finding| check_of(finding.code()) == check.name;
                match own.iter().position(of) {
                    Some(place) => {
                        self.failures += 1;
                        failure(own.remove(place))
                    }
                    None => String::new(),
                }
            }
            CheckOutcome::NotRun { reason, asked_for }
                if *asked_for || outline.is_closed(check) =>
            {
                self.errors += 1;
                format!(
                    "<error type=\"not-run\" message=\"{}\"/>",
                    xml(&format!("not checked: {reason}"))
                )
            }
            CheckOutcome::NotRun { reason, .. } | CheckOutcome::NotApplicable { reason } => {
                self.skipped += 1;
                format!("<skipped message=\"{}\"/>", xml(reason))
            }
        };
        self.case("checks", check.name, &body);
    }

    fn waived(&mut self, waived: &Waived) {
        self.skipped += 1;
        let name = format!("{} {}", waived.finding.code(), place(&waived.finding));
        let waiver = &waived.waiver;
        let why = format!(
            "waived until {}: {} ({}): {}",
            waiver.until,
            waiver.reason,
            waiver.place(),
            waived.finding.message()
        );
        let body = format!("<skipped message=\"{}\"/>", xml(&why));
        self.case("findings", &name, &body);
    }

    /// A case for the verdict, if no other case shows it.
    fn verdict(&mut self, outline: &Outline<'_>, failures: usize, errors: usize) {
        let headline = xml(&outline.headline());
        let body = match outline.verdict {
            Verdict::Fail if failures == 0 => {
                self.failures += 1;
                format!("<failure type=\"verdict\" message=\"{headline}\"/>")
            }
            Verdict::Undecided if errors == 0 => {
                self.errors += 1;
                format!("<error type=\"undecided\" message=\"{headline}\"/>")
            }
            _ if self.tests == 0 => String::new(),
            _ => return,
        };
        self.case("", "verdict", &body);
    }

    fn case(&mut self, group: &str, name: &str, body: &str) {
        self.tests += 1;
        let point = if group.is_empty() { "" } else { "." };
        let (class, name) = (xml(&format!("{}{point}{group}", self.class)), xml(name));
        let head = format!("<testcase classname=\"{class}\" name=\"{name}\" time=\"0\"");
        let _ = if body.is_empty() {
            writeln!(self.cases, "{head}/>")
        } else {
            writeln!(self.cases, "{head}>{body}</testcase>")
        };
    }

    fn say(&mut self, line: &str) {
        self.others.push_str(&xml(line));
        self.others.push('\n');
    }

    fn write(&self, out: &mut String, outline: &Outline<'_>) {
        let properties = outline.configuration.map_or_else(String::new, |file| {
            let file = xml(file);
            format!(
                "<properties><property name=\"configuration\" value=\"{file}\"/></properties>\n"
            )
        });
        let at = outline.at.to_string();
        let _ = write!(
            out,
            "<testsuite name=\"certcheck {}\" hostname=\"localhost\" timestamp=\"{}\" \
             tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">\n\
             {properties}{}<system-out>{}</system-out>\n</testsuite>\n",
            xml(&self.name),
            at.trim_end_matches('Z'),
            self.tests,
            self.failures,
            self.errors,
            self.skipped,
            self.cases,
            self.others
        );
    }
}

/// The name of the check that finds such a fault.
fn check_of(code: Code) -> &'static str {
    match code {
        Code::ChainUntrustedRoot | Code::ChainSelfSigned => "trust",
        Code::ChainRevoked => "revocation",
        Code::ChainClientRefuses => "clients",
        Code::CertificateExpired | Code::CertificateNotYetValid | Code::CertificateExpiresSoon => {
            "validity"
        }
        Code::CertificateNameMismatch | Code::CertificateNoSubjectAltName => "names",
        Code::CertificateWeakKey | Code::CertificateWeakSignature => "strength",
        Code::ReceiptChanged => "files",
        Code::ReceiptExpired => "expiry",
        Code::ReceiptOtherTime => "age",
        other => match other.area() {
            "encoding" => "encoding",
            "key" => "key-match",
            "protocol" => "protocols",
            "chain" => "chain",
            "certificate" => "purpose",
            _ => "",
        },
    }
}

fn failure(finding: &Finding) -> String {
    format!(
        "<failure type=\"{}\" message=\"{}\">{}</failure>",
        finding.code(),
        xml(&format!("{} ({})", finding.message(), place(finding))),
        details(finding)
    )
}

/// `server.key:1-28`, or the object's number if there are no lines.
fn place(finding: &Finding) -> String {
    let subject = &finding.subject;
    match subject.lines {
        Some(lines) if lines.first == lines.last => format!("{}:{}", subject.source, lines.first),
        Some(lines) => format!("{}:{}-{}", subject.source, lines.first, lines.last),
        None => format!("{} #{}", subject.source, subject.index),
    }
}

fn details(finding: &Finding) -> String {
    let mut lines = Vec::new();
    for (name, value) in finding.evidence.fields() {
        lines.push(format!("{name}: {value}"));
    }
    lines.extend(finding.consequence.iter().map(|why| format!("why: {why}")));
    if let Some(remedy) = finding.remedy() {
        lines.push(format!("help: {}", remedy.text));
        lines.extend(remedy.commands.iter().map(|command| format!("  {command}")));
        lines.extend(finding.proven());
    }
    let lines: Vec<_> = lines.iter().map(|line| xml(line)).collect();
    lines.join("\n")
}

/// Text for an attribute or an element: escaping its last character breaks `]]>`.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}
