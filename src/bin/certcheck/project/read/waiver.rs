//! `[[waiver]]`: what is accepted, why, until which day, and for which file.

use super::{Reader, Table};
use crate::project::below;
use certcheck::Time;
use certcheck::answer::Waiver;
use certcheck::finding::Part;
use std::ops::Range;
use std::path::Path;

const WAIVER: [&str; 7] = [
    "code", "reason", "until", "source", "part", "contains", "target",
];

const PARTS: [Part; 10] = [
    Part::File,
    Part::Section,
    Part::Certificate,
    Part::PrivateKey,
    Part::PublicKey,
    Part::Csr,
    Part::Crl,
    Part::ProtocolString,
    Part::CipherString,
    Part::Setting,
];

impl Reader<'_> {
    pub(super) fn waiver(
        &mut self,
        table: Table<'_, '_>,
        span: &Range<usize>,
    ) -> Option<(Waiver, Option<String>)> {
        self.known(table, &WAIVER, "key");
        let code = self.required(table, ("code", "waiver"), span, "\"certificate.expired\"");
        let reason = self.required(
            table,
            ("reason", "waiver"),
            span,
            "\"why this is accepted\"",
        );
        let until = self.required(table, ("until", "waiver"), span, "2027-03-01");
        let source = self.text(table, "source");
        let contains = self.text(table, "contains").map(|(text, _)| text);
        let target = self.text(table, "target").map(|(text, _)| text);
        let part = self.text(table, "part").map(|(text, span)| {
            let part = PARTS.into_iter().find(|part| part.as_str() == text);
            if part.is_none() {
                let help = PARTS.map(Part::as_str).join(", ");
                self.wrong(
                    &span,
                    format!("there is no part `{text}`"),
                    format!("known: {help}"),
                );
            }
            part
        });
        let code = code.and_then(|(text, span)| self.code(&text, &span));
        let until = until.and_then(|(text, span)| {
            let begins = format!("{text}T00:00:00Z").parse::<Time>();
            let Ok(begins) = begins else {
                self.wrong(
                    &span,
                    format!("`{text}` is not a date"),
                    "write until = 2027-03-01",
                );
                return None;
            };
            if begins > self.latest {
                let latest = self.latest.to_string();
                let latest = latest.get(..10).unwrap_or(&latest);
                let what = format!("`{text}` is too far away: a waiver holds for at most 3 years");
                self.wrong(&span, what, format!("write a day up to {latest}"));
                return None;
            }
            Some((text, begins.plus_days(1)))
        });
        let ((until, ends_at), (reason, _)) = (until?, reason?);
        let waiver = Waiver {
            code: code?,
            sources: source.map_or_else(Vec::new, |(text, _)| self.names_of(&text)),
            part: match part {
                Some(part) => Some(part?),
                None => None,
            },
            contains,
            reason,
            until,
            ends_at,
            file: self.name.clone(),
            line: self.line(span),
        };
        Some((waiver, target))
    }

    /// The names that a finding may have for a file of this name, which starts in the file's
    /// directory.
    fn names_of(&self, text: &str) -> Vec<String> {
        let below = below(self.directory, text);
        let real = |path: &str| std::fs::canonicalize(path).ok();
        let absolute = std::path::absolute(&below).ok();
        let absolute = absolute.into_iter().chain(real(&below));
        let mut names: Vec<_> = absolute
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        // Otherwise it is the name of something that is no file, such as `host:443`, or of another
        // file, which the waiver is not for.
        if below == text
            || Path::new(text).symlink_metadata().is_err()
            || real(text) == real(&below)
        {
            names.extend([text.to_owned(), format!("./{text}")]);
        }
        names.push(below);
        names.sort();
        names.dedup();
        names
    }
}
