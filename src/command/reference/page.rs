//! The pages of `explain`, one for each code, read from the files beside this one.
//!
//! A page is lines of the form `Name: text`. `Seen` and `Also` lines quote what
//! other programs say when this is wrong, typically and sometimes, with the
//! program and where we have the text from.

use crate::finding::Code;

const FILES: &[&str] = &[
    include_str!("pages/encoding.txt"),
    include_str!("pages/key.txt"),
    include_str!("pages/certificate.txt"),
    include_str!("pages/chain.txt"),
    include_str!("pages/protocol.txt"),
    include_str!("pages/config.txt"),
    include_str!("pages/trust.txt"),
];

/// What is to be said of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// What breaks, and why.
    pub breaks: &'static str,
    /// Which servers and clients meet it, and which do not.
    pub whom: &'static str,
    /// How it looks from outside.
    pub seen: Vec<Symptom>,
    /// What to do.
    pub fix: Vec<&'static str>,
    /// Commands that show it or heal it.
    pub run: Vec<&'static str>,
}

/// What a program says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symptom {
    /// A part of its message that does not change.
    pub text: &'static str,
    /// Which program, in which version where that was measured.
    pub program: &'static str,
    /// Where the text was seen: a table of measurements, a survey, or the file
    /// of the program's own source that holds it.
    pub source: &'static str,
    /// Whether it is what this fault typically looks like; else other faults are
    /// likelier.
    pub typical: bool,
}

impl Page {
    /// The page of a code, if there is one.
    pub fn of(code: Code) -> Option<Self> {
        let (_, body) = raw().find(|(name, _)| *name == code.as_str())?;
        Some(Self::read(body))
    }

    fn read(body: &'static str) -> Self {
        let mut page = Self::default();
        for line in body.lines() {
            match line.split_once(": ") {
                Some(("Breaks", text)) => page.breaks = text,
                Some(("For", text)) => page.whom = text,
                Some(("Seen", text)) => page.seen.extend(Symptom::read(text, true)),
                Some(("Also", text)) => page.seen.extend(Symptom::read(text, false)),
                Some(("Fix", text)) => page.fix.push(text),
                Some(("Run", text)) => page.run.push(text),
                _ => {}
            }
        }
        page
    }
}

impl Symptom {
    fn read(line: &'static str, typical: bool) -> Option<Self> {
        let mut parts = line.split(" ~ ");
        Some(Self {
            text: parts.next()?,
            program: parts.next()?,
            source: parts.next()?,
            typical,
        })
    }
}

/// Names of codes, and the text of their pages.
fn raw() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .iter()
        .flat_map(|file| file.split("## ").skip(1))
        .filter_map(|page| page.split_once('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Where a text may come from, besides a table in testdata/ that must hold it.
    const SURVEYS: &[&str] = &[
        "loaders survey",
        "servers survey",
        "protocol survey",
        "trust-store survey",
        "PostgreSQL client survey",
        "client trust survey",
    ];
    /// Programs whose source has the text: the file is named behind it.
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
        "rustls ",
        "webpki ",
        "Apache server/",
    ];

    #[test]
    fn every_code_has_a_page_and_every_page_is_whole() {
        let mut seen = BTreeSet::new();
        for (name, body) in raw() {
            assert!(seen.insert(name), "{name} has two pages");
            for line in body.lines().filter(|line| !line.is_empty()) {
                let known = ["Breaks: ", "For: ", "Seen: ", "Also: ", "Fix: ", "Run: "];
                assert!(known.iter().any(|start| line.starts_with(start)), "{line}");
                let quotes = line.starts_with("Seen: ") || line.starts_with("Also: ");
                assert_eq!(
                    line.matches(" ~ ").count(),
                    2 * usize::from(quotes),
                    "{line}"
                );
            }
            let page = Page::read(body);
            assert!(page.breaks.len() > 30 && page.whom.len() > 5, "{name}");
            assert!(!page.fix.is_empty() && !page.run.is_empty(), "{name}");
        }
        let missing: Vec<_> = Code::all()
            .filter(|info| !seen.contains(info.code))
            .collect();
        assert!(missing.is_empty(), "codes without a page: {missing:?}");
    }

    #[test]
    fn every_quoted_text_has_a_source_and_tables_hold_it() {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
        let mut held = 0;
        for (name, body) in raw() {
            for symptom in Page::read(body).seen {
                let source = symptom.source;
                let named = SURVEYS.contains(&source)
                    || SOURCES.iter().any(|program| source.starts_with(program));
                if named {
                    continue;
                }
                let table = ["servers", "clients", "protocol"]
                    .iter()
                    .map(|folder| tables.join(folder).join(source))
                    .find(|path| path.exists())
                    .unwrap_or_else(|| panic!("{name}: no source {source:?}"));
                let text = std::fs::read_to_string(table).unwrap();
                assert!(
                    text.contains(symptom.text),
                    "{name}: {:?} is not in {source}",
                    symptom.text
                );
                held += 1;
            }
        }
        assert!(held >= 40, "only {held} texts stand in a table");
    }
}
