//! A tree: what expires first, then what else is wrong, a few lines of each.

use super::places::common_name;
use super::style::{DIM, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, finding, printable, write_checks, write_findings};
use crate::Time;
use crate::answer::{Answer, Verdict};
use crate::command::scan::{Scan, Spot};
use crate::finding::{Code, Severity};
use crate::report::when::when;
use crate::rule::Finding;
use crate::shown::counted;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The most lines of one list, without `-v` and with it.
const LINES: usize = 10;
const LINES_VERBOSE: usize = 1_000;
/// The most paths on one line.
const PATHS: usize = 3;

/// Findings that have their own list.
const DUE: [Code; 2] = [Code::CertificateExpired, Code::CertificateExpiresSoon];
const EXPOSED: [Code; 1] = [Code::KeyFileMode];
const WEAK: [Code; 4] = [
    Code::KeyKnownBad,
    Code::KeyWeak,
    Code::CertificateWeakKey,
    Code::CertificateWeakSignature,
];

/// What a tree contains; `at`: the moment of judgement.
pub fn scan(answer: &Answer<Scan>, at: Time, detail: Detail) -> String {
    if detail.quiet {
        return super::quiet(&answer.findings, || closing(Some("scan"), answer));
    }
    let scan = &answer.result;
    let mut page = Page {
        out: String::new(),
        detail,
        most: if detail.verbose { LINES_VERBOSE } else { LINES },
    };
    page.headline(answer);
    page.endings(scan, at);
    page.found(
        answer,
        "keys that other users can read or replace",
        &EXPOSED,
    );
    page.lists(scan);
    page.found(answer, "weak keys and signatures", &WEAK);
    page.others(answer);
    page.skipped(scan);
    let mut out = page.out;
    write_checks(&mut out, &answer.checks, detail);
    out.push_str(&wrapped(
        "",
        &closing(Some("scan"), answer),
        "  ",
        detail.width(),
    ));
    out
}

struct Page {
    out: String,
    detail: Detail,
    most: usize,
}

impl Page {
    fn headline(&mut self, answer: &Answer<Scan>) {
        let counts = &answer.result.counts;
        let soon = match counts.expire_soon {
            1 => "1 expires soon".to_owned(),
            soon => format!("{soon} expire soon"),
        };
        let due = match (counts.expired, counts.expire_soon) {
            (0, 0) => "no certificate expires soon".to_owned(),
            (0, 1) => "1 certificate expires soon".to_owned(),
            (0, all) => format!("{all} certificates expire soon"),
            (1, 0) => "1 certificate has expired".to_owned(),
            (gone, 0) => format!("{gone} certificates have expired"),
            (1, _) => format!("1 certificate has expired, {soon}"),
            (gone, _) => format!("{gone} certificates have expired, {soon}"),
        };
        let due = if counts.certificates == 0 {
            "no certificate".to_owned()
        } else {
            due
        };
        let (style, word) = match answer.verdict() {
            Verdict::Fail => (severity_style(Severity::Error), "fail"),
            Verdict::Undecided => (severity_style(Severity::Warning), "undecided"),
            Verdict::Pass => (super::style::GOOD, "pass"),
        };
        let line = format!("{style}{word}{style:#}{STRONG}: {due}{STRONG:#}");
        self.line("", &line);
        let mut parts = vec![counted(counts.certificates, "certificate")];
        for (count, noun) in [
            (counts.private_keys, "private key"),
            (counts.requests, "request"),
            (counts.revocation_lists, "revocation list"),
            (counts.containers, "container"),
        ] {
            if count > 0 {
                parts.push(counted(count, noun));
            }
        }
        let others = match counts.other_files {
            0 => String::new(),
            others => format!(", {others} without any of these"),
        };
        let line = format!(
            "{} in {}{others}",
            parts.join(", "),
            counted(counts.files, "file")
        );
        self.line("", &format!("{DIM}{line}{DIM:#}"));
    }

    /// The table: what has expired or expires soon; what comes next, if there is room.
    fn endings(&mut self, scan: &Scan, at: Time) {
        if scan.endings.is_empty() {
            return;
        }
        let due = scan.endings.iter().filter(|ending| ending.is_due).count();
        let shown = if self.detail.verbose {
            self.most
        } else {
            due.clamp(LINES, 4 * LINES)
        };
        let codes: Vec<_> = DUE.iter().map(|code| code.as_str()).collect();
        let code = match due {
            0 => String::new(),
            _ => format!(" {DIM}[{}]{DIM:#}", codes.join(", ")),
        };
        self.head(&format!("{STRONG}soonest expiry first{STRONG:#}{code}"));
        for ending in scan.endings.iter().take(shown) {
            let end = ending.not_after;
            let style = match (ending.is_due, end < at) {
                (true, true) => severity_style(Severity::Error),
                (true, false) => severity_style(Severity::Warning),
                _ => DIM,
            };
            let date: String = end.to_string().chars().take(10).collect();
            let when = format!("{date} ({})", when(at, end));
            let copies = match ending.places {
                1 => String::new(),
                places => format!(", {places} places"),
            };
            let line = format!(
                "{style}{when:<26}{style:#} {}  {}{DIM}{copies}{DIM:#}",
                printable(common_name(&ending.subject)),
                place(&ending.spot),
            );
            self.line("  ", &line);
        }
        let more = scan.endings.len().saturating_sub(shown) + scan.more_endings;
        self.more(more, "certificate");
    }

    /// Findings of some codes, one line each.
    fn found(&mut self, answer: &Answer<Scan>, title: &str, codes: &[Code]) {
        let is_one = |one: &&Finding| codes.contains(&one.code());
        let found: Vec<_> = answer.findings.iter().filter(is_one).collect();
        if found.is_empty() {
            return;
        }
        let more = answer
            .counted()
            .iter()
            .filter(|more| codes.contains(&more.code));
        let more: usize = more.map(|more| more.count).sum();
        let mut named: Vec<_> = found.iter().map(|one| one.code()).collect();
        named.sort();
        named.dedup();
        let named: Vec<_> = named.into_iter().map(Code::as_str).collect();
        self.head(&format!(
            "{STRONG}{title}{STRONG:#} {DIM}[{}]{DIM:#}",
            named.join(", ")
        ));
        for one in found.iter().take(self.most) {
            let style = severity_style(one.severity);
            let line = format!(
                "{style}{}{style:#}: {}",
                finding::place(one),
                printable(&finding::headline(one))
            );
            self.line("  ", &line);
        }
        self.more(found.len().saturating_sub(self.most) + more, "finding");
    }

    fn lists(&mut self, scan: &Scan) {
        let [lone_keys, missing, shared, copies] = scan.found;
        self.list(
            "private keys without a certificate",
            lone_keys,
            scan.lone_keys
                .iter()
                .map(|key| format!("{}  {}", place(&key.spot), printable(&key.algorithm))),
        );
        self.list(
            "certificates whose issuer is not in the tree",
            missing,
            scan.missing_issuers.iter().map(|issuer| {
                format!(
                    "{} by {}  {DIM}first: {}{DIM:#}",
                    counted(issuer.certificates, "certificate"),
                    printable(&issuer.name),
                    place(&issuer.spot)
                )
            }),
        );
        self.list(
            "one key in several certificates",
            shared,
            scan.shared_keys.iter().map(|key| {
                format!(
                    "{} with the {} key {}: {}",
                    counted(key.certificates, "certificate"),
                    printable(&key.algorithm),
                    key.spki_sha256.short(),
                    places(&key.spots, key.certificates)
                )
            }),
        );
        self.list(
            "one certificate in several places",
            copies,
            scan.copies.iter().map(|copies| {
                format!(
                    "{} in {}: {}",
                    printable(common_name(&copies.subject)),
                    counted(copies.places, "place"),
                    places(&copies.spots, copies.places)
                )
            }),
        );
    }

    fn list(&mut self, title: &str, found: usize, rows: impl Iterator<Item = String>) {
        if found == 0 {
            return;
        }
        self.head(&format!("{STRONG}{title}{STRONG:#}"));
        let most = self.most;
        for row in rows.take(most) {
            self.line("  ", &row);
        }
        self.more(found.saturating_sub(most), "row");
    }

    /// Findings without their own list: how many of each code, and the first of them.
    fn others(&mut self, answer: &Answer<Scan>) {
        let listed =
            |code: &Code| DUE.contains(code) || EXPOSED.contains(code) || WEAK.contains(code);
        if self.detail.verbose {
            let mut rest: Vec<_> = answer.findings.clone();
            rest.retain(|one| !listed(&one.code()));
            self.out.push('\n');
            write_findings(&mut self.out, &rest, self.detail);
            return;
        }
        let mut kinds: BTreeMap<(std::cmp::Reverse<Severity>, Code), Vec<&Finding>> =
            BTreeMap::new();
        for one in answer.findings.iter().filter(|one| !listed(&one.code())) {
            let kind = (std::cmp::Reverse(one.severity), one.code());
            kinds.entry(kind).or_default().push(one);
        }
        if kinds.is_empty() {
            return;
        }
        self.head(&format!(
            "{STRONG}other findings{STRONG:#} {DIM}(-v explains all){DIM:#}"
        ));
        for ((severity, code), found) in kinds {
            let severity = severity.0;
            let style = severity_style(severity);
            let mut counts = answer.counted().iter();
            let more = counts.find(|more| more.code == code && more.severity == severity);
            let count = found.len() + more.map_or(0, |more| more.count);
            let first = found.first().map(|one| {
                let place = finding::place(one);
                format!(
                    "{}  {DIM}first: {place}{DIM:#}",
                    printable(&finding::headline(one))
                )
            });
            let line = format!(
                "{style}{}[{code}]{style:#} {count} ×: {}",
                severity.as_str(),
                first.unwrap_or_default()
            );
            self.line("  ", &line);
        }
    }

    fn skipped(&mut self, scan: &Scan) {
        let verbose = self.detail.verbose;
        let shown = scan
            .skipped
            .iter()
            .filter(|skipped| skipped.matters || verbose);
        let shown: Vec<_> = shown.collect();
        let others: Vec<_> = scan
            .skipped
            .iter()
            .filter(|skipped| !skipped.matters)
            .collect();
        if scan.skipped.is_empty() {
            self.out.push('\n');
            return;
        }
        self.head(&format!("{STRONG}not read{STRONG:#}"));
        let paths = if verbose { LINES_VERBOSE } else { PATHS };
        for skipped in shown {
            let named = skipped
                .paths
                .iter()
                .take(paths)
                .map(|(path, more)| match more {
                    Some(more) => format!("{} ({})", printable(path), printable(more)),
                    None => printable(path).into_owned(),
                });
            let named: Vec<_> = named.collect();
            let more = match skipped.count.saturating_sub(named.len()) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let line = format!(
                "{} {}: {}{more}",
                skipped.count,
                skipped.what,
                named.join(", ")
            );
            self.line("  ", &line);
        }
        if !verbose && !others.is_empty() {
            let parts = others
                .iter()
                .map(|skipped| format!("{} {}", skipped.count, skipped.what));
            let parts: Vec<_> = parts.collect();
            self.line("  ", &parts.join(", "));
        }
        self.out.push('\n');
    }

    fn head(&mut self, title: &str) {
        let _ = writeln!(self.out, "\n{title}");
    }

    fn line(&mut self, indent: &str, line: &str) {
        let hanging = format!("{indent}    ");
        let line = wrapped(indent, line, &hanging, self.detail.width());
        self.out.push_str(&line);
    }

    fn more(&mut self, count: usize, noun: &str) {
        if count > 0 {
            let verbose = if self.detail.verbose { "" } else { " (-v)" };
            let _ = writeln!(
                self.out,
                "  {DIM}… and {} more{verbose}{DIM:#}",
                counted(count, noun)
            );
        }
    }
}

fn place(spot: &Spot) -> String {
    let source = printable(&spot.source);
    match (spot.line, &spot.member) {
        (Some(line), _) => format!("{source}:{line}"),
        (None, Some(member)) => format!("{source} ({})", printable(member)),
        (None, None) => source.into_owned(),
    }
}

fn places(spots: &[Spot], all: usize) -> String {
    let named: Vec<_> = spots.iter().take(PATHS).map(place).collect();
    match all.saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}
