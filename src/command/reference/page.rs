//! The pages of `explain`, one for each code, read from the files next to the rules.
//!
//! A page is lines of the form `Name: text`. `Seen`, `Also` and `Rarely` lines
//! quote what other programs say when this is wrong (typically, sometimes and rarely), with the
//! program and the text's source. `…` is what changes: names, paths, ports. Texts that no page
//! shows follow
//! (`super::texts`).

use crate::finding::Code;
use crate::rule::CodeInfo;

/// What is known about a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// What breaks, and why.
    pub breaks: &'static str,
    /// Which servers and clients it affects, and which it does not.
    pub whom: &'static str,
    /// How it looks from outside.
    pub seen: Vec<Symptom>,
    /// What to do.
    pub fix: Vec<&'static str>,
    /// Commands that show it or repair it.
    pub run: Vec<&'static str>,
}

/// How likely it is that a text comes from a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Likelihood {
    /// Other faults are far likelier.
    Rarely,
    /// Other faults are as likely or likelier.
    Sometimes,
    /// It is what this fault typically looks like.
    Typical,
}

impl Likelihood {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rarely => "rarely",
            Self::Sometimes => "sometimes",
            Self::Typical => "typical",
        }
    }
}

/// What a program says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symptom {
    /// A part of its message; `…` means what changes.
    pub text: &'static str,
    /// Which program, and its version if that was measured.
    pub program: &'static str,
    /// Where the text was seen: a table of measurements, a survey, or the file
    /// of the program's own source that holds it.
    pub source: &'static str,
    /// How likely it is that the text comes from this fault.
    pub likelihood: Likelihood,
}

impl Page {
    /// The page of a code.
    pub fn of(code: Code) -> Self {
        Self::read(code.info().page)
    }

    /// Every code with its page, in the order of the codes.
    pub(super) fn all() -> impl Iterator<Item = (&'static CodeInfo, Self)> {
        CodeInfo::all().map(|info| (info, Self::read(info.page)))
    }

    fn read(body: &'static str) -> Self {
        let mut page = Self::default();
        for line in body.lines() {
            match line.split_once(": ") {
                Some(("Breaks", text)) => page.breaks = text,
                Some(("For", text)) => page.whom = text,
                Some(("Seen", text)) => page.see(text, Likelihood::Typical),
                Some(("Also", text)) => page.see(text, Likelihood::Sometimes),
                Some(("Rarely", text)) => page.see(text, Likelihood::Rarely),
                Some(("Fix", text)) => page.fix.push(text),
                Some(("Run", text)) => page.run.push(text),
                _ => {}
            }
        }
        page
    }

    fn see(&mut self, line: &'static str, likelihood: Likelihood) {
        let mut parts = line.split(" ~ ");
        if let (Some(text), Some(program), Some(source)) =
            (parts.next(), parts.next(), parts.next())
        {
            self.seen.push(Symptom {
                text,
                program,
                source,
                likelihood,
            });
        }
    }
}

impl Symptom {
    /// The parts of the text that do not change.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.text
            .split('…')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

    /// Where a text may come from, in addition to a table in testdata/ that must hold it.
    const SURVEYS: &[&str] = &[
        "loaders survey",
        "servers survey",
        "protocol survey",
        "trust-store survey",
        "PostgreSQL client survey",
    ];
    /// Programs whose source has the text: the file is named after it.
    const SOURCES: &[&str] = &[
        "OpenSSL ",
        "NSS ",
        "Chromium ",
        "Go ",
        "OpenJDK",
        "Node ",
        "CPython ",
        "curl ",
        "Mozilla ",
        "OpenSSH ",
        "rustls ",
        "ring ",
        "webpki ",
        "Apache ",
        "GnuTLS ",
        "HAProxy ",
        // No machine with these was available.
        "Windows ",
        ".NET ",
        "Apple ",
    ];

    #[test]
    fn every_code_has_a_page_and_every_page_is_whole() {
        for info in CodeInfo::all() {
            let (name, body) = (info.code, info.page);
            for line in body.lines().filter(|line| !line.is_empty()) {
                let known = ["Breaks: ", "For: ", "Fix: ", "Run: "];
                let quoting = ["Seen: ", "Also: ", "Rarely: "];
                let quotes = quoting.iter().any(|start| line.starts_with(start));
                let listed = ["From: ", "Text: ", "Maybe: ", "Says: ", "Maybe says: "];
                let known = known.iter().chain(&quoting).chain(&listed);
                assert!(
                    known.clone().any(|start| line.starts_with(start)),
                    "the page of {name}: a line begins with one of {:?}, not {line:?}",
                    known.collect::<Vec<_>>()
                );
                let parts = match line.starts_with("From: ") {
                    true => 1,
                    false => 2 * usize::from(quotes),
                };
                assert_eq!(
                    line.matches(" ~ ").count(),
                    parts,
                    "the page of {name}: a quotation is `TEXT ~ PROGRAM AND VERSION ~ SOURCE`, \
                     a `From:` is `PROGRAM ~ SOURCE`: {line:?}"
                );
            }
            let page = Page::read(body);
            let lacks = [
                ("Breaks: (more than 30 letters)", page.breaks.len() <= 30),
                ("For: (whom it breaks)", page.whom.len() <= 5),
                ("Fix: (what to do)", page.fix.is_empty()),
                ("Run: (a command)", page.run.is_empty()),
            ];
            for (line, is_missing) in lacks {
                let file = name.as_str().replace('.', "/").replace('-', "_");
                assert!(
                    !is_missing,
                    "src/rule/{file}.txt lacks a line `{line}`, see `A new finding` in CONTRIBUTING.md"
                );
            }
        }
    }

    #[test]
    fn every_quoted_text_has_a_source_and_tables_hold_it() {
        let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
        let mut tables: BTreeMap<&str, String> = BTreeMap::new();
        let (mut held, mut elsewhere) = (0, 0);
        for (info, page) in Page::all() {
            let name = info.code;
            for symptom in page.seen {
                let source = symptom.source;
                assert!(symptom.text.len() > 3, "{name}: {:?}", symptom.text);
                let named = SURVEYS.contains(&source)
                    || SOURCES.iter().any(|program| source.starts_with(program));
                if named {
                    elsewhere += 1;
                    continue;
                }
                let table = tables.entry(source).or_insert_with(|| {
                    let path = ["explain", "servers", "clients", "protocol"]
                        .iter()
                        .map(|folder| testdata.join(folder).join(source))
                        .find(|path| path.exists())
                        .unwrap_or_else(|| panic!("{name}: no source {source:?}"));
                    // The escapes of the tables, undone.
                    std::fs::read_to_string(path)
                        .unwrap()
                        .replace("\\n", "\u{1}")
                });
                let stands = |row: &str| {
                    let mut rest = row;
                    symptom.parts().all(|part| match rest.split_once(part) {
                        Some((_, behind)) => {
                            rest = behind;
                            true
                        }
                        None => false,
                    })
                };
                assert!(
                    table.lines().any(stands),
                    "{name}: {:?} is in no row of {source}",
                    symptom.text
                );
                held += 1;
            }
        }
        println!("{held} texts are in tables, {elsewhere} have other sources");
        assert!(held >= 200, "only {held} texts are in a table");
        assert!(
            elsewhere <= 190,
            "{elsewhere} texts were not measured by us"
        );
    }
}
