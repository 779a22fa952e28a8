//! JUnit's XML, as Jenkins and GitLab read it.
//!
//! A test case for each check. A failing finding is the `failure` of the check that it belongs to,
//! or of a separate case if that check already has one: readers accept only one per case. A check
//! that was requested but could not run is an `error`, and one that did not apply is `skipped`: no
//! reader counts either as passed. Findings that do not fail are in `system-out`.

use super::harmless::harmless;
use super::outline::Outline;
use crate::answer::{CheckOutcome, Verdict};
use crate::finding::Code;
use crate::rule::Finding;
use std::fmt::Write;

/// The document.
pub fn junit(outline: &Outline<'_>) -> String {
    let class = format!("certcheck.{}", outline.command.replace(' ', "-"));
    let mut cases = String::new();
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    let mut own: Vec<&Finding> = outline.failures().collect();
    let (checks, findings) = (format!("{class}.checks"), format!("{class}.findings"));
    for check in outline.checks {
        tests += 1;
        let body = match &check.outcome {
            CheckOutcome::Ran => {
                let of = |finding: &&Finding| check_of(finding.code()) == check.name;
                match own.iter().position(of) {
                    Some(place) => {
                        failures += 1;
                        failure(own.remove(place))
                    }
                    None => String::new(),
                }
            }
            CheckOutcome::NotRun { reason, asked_for }
                if *asked_for || outline.is_closed(check) =>
            {
                errors += 1;
                format!(
                    "<error type=\"not-run\" message=\"{}\"/>",
                    xml(&format!("not checked: {reason}"))
                )
            }
            CheckOutcome::NotRun { reason, .. } | CheckOutcome::NotApplicable { reason } => {
                skipped += 1;
                format!("<skipped message=\"{}\"/>", xml(reason))
            }
        };
        case(&mut cases, &checks, check.name, &body);
    }
    for finding in own {
        tests += 1;
        failures += 1;
        let name = format!("{} {}", finding.code(), place(finding));
        case(&mut cases, &findings, &name, &failure(finding));
    }
    for waived in outline.waived {
        tests += 1;
        skipped += 1;
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
        case(&mut cases, &findings, &name, &body);
    }
    // An answer that nothing above shows: the answer is simply no.
    let verdict = match outline.verdict {
        Verdict::Fail if failures == 0 => {
            failures += 1;
            Some(format!(
                "<failure type=\"verdict\" message=\"{}\"/>",
                xml(&outline.headline())
            ))
        }
        Verdict::Undecided if errors == 0 => {
            errors += 1;
            Some(format!(
                "<error type=\"undecided\" message=\"{}\"/>",
                xml(&outline.headline())
            ))
        }
        _ if tests == 0 => Some(String::new()),
        _ => None,
    };
    if let Some(body) = verdict {
        tests += 1;
        case(&mut cases, &class, "verdict", &body);
    }
    let mut others = String::new();
    for finding in &outline.findings {
        if finding.severity < outline.failing {
            let severity = finding.severity.as_str();
            let (code, message) = (finding.code(), finding.message());
            let line = format!("{severity}[{code}]: {message} ({})", place(finding));
            others.push_str(&xml(&line));
            others.push('\n');
        }
    }
    for more in &outline.omitted {
        let line = format!("{} more of {} in {}", more.count, more.code, more.source);
        others.push_str(&xml(&line));
        others.push('\n');
    }
    for remark in &outline.remarks {
        others.push_str(&xml(remark));
        others.push('\n');
    }
    let properties = outline.configuration.map_or_else(String::new, |file| {
        let file = xml(file);
        format!("<properties><property name=\"configuration\" value=\"{file}\"/></properties>\n")
    });
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\""
    );
    let (name, at) = (outline.command, outline.at.to_string());
    let at = at.trim_end_matches('Z');
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"certcheck\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"{errors}\" time=\"0\">\n\
         <testsuite name=\"certcheck {name}\" hostname=\"localhost\" timestamp=\"{at}\" {counts}>\n\
         {properties}{cases}<system-out>{others}</system-out>\n</testsuite>\n</testsuites>\n"
    )
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

fn case(out: &mut String, class: &str, name: &str, body: &str) {
    let name = xml(name);
    let _ = if body.is_empty() {
        writeln!(
            out,
            "<testcase classname=\"{class}\" name=\"{name}\" time=\"0\"/>"
        )
    } else {
        writeln!(
            out,
            "<testcase classname=\"{class}\" name=\"{name}\" time=\"0\">{body}</testcase>"
        )
    };
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
