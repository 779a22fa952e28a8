//! Reads the file. Every error has file, line and column, and all errors are said at once.

mod target;
mod waiver;

use super::Project;
use super::keys::{self, Key};
use crate::failure::{self, Failure};
use crate::{clock, input};
use certcheck::Time;
use certcheck::answer::Level;
use certcheck::command::gate::State;
use certcheck::finding::Code;
use certcheck::spelling::nearest;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest file that is read, in bytes: ten thousand targets have less.
const LONGEST: usize = 1 << 20;

/// The longest time that a waiver holds, in days: 3 years. Findings that are accepted for longer
/// have a severity.
const LONGEST_WAIVER: i64 = 1096;

/// The most errors that are listed.
const MOST_ERRORS: usize = 20;

const TABLES: [&str; 4] = ["defaults", "severity", "waiver", "target"];

struct Reader<'f> {
    name: String,
    text: &'f str,
    directory: &'f Path,
    /// The last day of the longest waiver.
    latest: Time,
    /// Where each line begins.
    begins: Vec<usize>,
    /// The keys of each command that a target asked for.
    keys: HashMap<&'static str, Rc<Vec<Key>>>,
    wrong: Vec<Failure>,
}

type Table<'t, 'f> = &'t DeTable<'f>;

/// Reads the file, whose paths start in `directory`, to judge for the moment `at`.
pub(super) fn read(path: &Path, directory: &Path, at: Time) -> Result<Project, Failure> {
    let name = failure::name(path);
    let source = input::read_as(path, &name)?;
    if source.bytes().len() > LONGEST {
        return Err(Failure::file(
            path,
            format!("is larger than {} MiB, the limit", LONGEST >> 20),
        ));
    }
    let text = std::str::from_utf8(source.bytes()).map_err(|error| {
        let valid = source.bytes().get(..error.valid_up_to());
        let lines = valid
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n');
        Failure::new(format!("{name}:{}: it is not UTF-8", lines.count() + 1))
            .help("save it as UTF-8, as TOML requires")
    })?;
    let mut reader = Reader {
        name,
        text,
        directory,
        latest: clock::now().max(at).plus_days(LONGEST_WAIVER),
        begins: std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect(),
        keys: HashMap::new(),
        wrong: Vec::new(),
    };
    let document = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        Failure::new(format!("{}: {}", reader.place(&span), error.message()))
            .help("see https://toml.io for the syntax, and docs/configuration.md for the keys")
    })?;
    let project = reader.project(document.get_ref(), State::of_file(source.bytes()));
    let mut wrong = std::mem::take(&mut reader.wrong);
    wrong.sort_by_key(|failure| reader.order(failure));
    wrong.truncate(MOST_ERRORS);
    match Failure::together(wrong) {
        None => Ok(project),
        Some(failure) => Err(failure),
    }
}

impl Reader<'_> {
    /// `certcheck.toml:3:10`.
    fn place(&self, span: &Range<usize>) -> String {
        let line = self.line(span);
        let begin = self.begins.get(line.saturating_sub(1)).copied();
        let before = self.text.get(begin.unwrap_or_default()..span.start);
        let column = before.unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }

    /// Line and column of a failure, which begins with its place.
    fn order(&self, failure: &Failure) -> Vec<usize> {
        let place = failure.what().strip_prefix(self.name.as_str());
        let numbers = place.unwrap_or_default().trim_start_matches(':').split(':');
        numbers.map_while(|number| number.parse().ok()).collect()
    }

    fn line(&self, span: &Range<usize>) -> usize {
        self.begins.partition_point(|begin| *begin <= span.start)
    }

    /// The keys of a command.
    fn keys(&mut self, command: &'static str) -> Rc<Vec<Key>> {
        let keys = self.keys.entry(command);
        Rc::clone(keys.or_insert_with(|| Rc::new(keys::of(command))))
    }

    fn wrong(
        &mut self,
        span: &Range<usize>,
        what: impl std::fmt::Display,
        help: impl Into<String>,
    ) {
        // A large file may have an error in each line.
        if self.wrong.len() < MOST_ERRORS {
            let failure = Failure::new(format!("{}: {what}", self.place(span))).help(help);
            self.wrong.push(failure);
        }
    }

    fn project(&mut self, document: Table<'_, '_>, state: State) -> Project {
        let mut project = Project {
            name: self.name.clone(),
            state,
            defaults: Vec::new(),
            severities: Vec::new(),
            denies_warnings: false,
            waivers: Vec::new(),
            targets: Vec::new(),
        };
        self.known(document, &TABLES, "table");
        for (name, value) in document {
            let span = name.span();
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("defaults", DeValue::Table(table)) => project.defaults = self.defaults(table),
                ("severity", DeValue::Table(table)) => self.severity(table, &mut project),
                ("waiver", DeValue::Array(list)) => {
                    for one in list.iter() {
                        let waiver = self.table(one, "[[waiver]]");
                        let waiver = waiver.and_then(|table| self.waiver(table, &one.span()));
                        project.waivers.extend(waiver);
                    }
                }
                ("target", DeValue::Array(list)) => {
                    for one in list.iter() {
                        let target = self.table(one, "[[target]]");
                        let target = target.and_then(|table| self.target(table, &one.span()));
                        project.targets.extend(target);
                    }
                }
                (name @ ("defaults" | "severity"), _) => {
                    self.wrong(
                        &span,
                        format!("`{name}` is not a table"),
                        format!("write [{name}]"),
                    );
                }
                (name @ ("waiver" | "target"), _) => {
                    let help = format!("write [[{name}]] before each of them");
                    self.wrong(&span, format!("`{name}` is not a list of tables"), help);
                }
                _ => {}
            }
        }
        self.names(&project);
        project
    }

    /// Two targets of one name, and waivers for a target that is not there.
    fn names(&mut self, project: &Project) {
        let mut seen = HashSet::new();
        for target in &project.targets {
            if !seen.insert(&target.name) {
                let what = format!(
                    "{}: a second target is called `{}`",
                    target.place, target.name
                );
                let failure = Failure::new(what).help("give each target a unique name");
                self.wrong.push(failure);
            }
        }
        let names = || project.targets.iter().map(|target| target.name.as_str());
        for (waiver, only) in &project.waivers {
            if let Some(only) = only
                && !seen.contains(only)
                && self.wrong.len() < MOST_ERRORS
            {
                let what = format!("{}: no target is called `{only}`", waiver.place());
                let help = match nearest(only, names()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "name one of the targets, or remove `target`".to_owned(),
                };
                self.wrong.push(Failure::new(what).help(help));
            }
        }
    }

    /// Reports each key that is none of `known`.
    fn known(&mut self, table: Table<'_, '_>, known: &[&str], what: &str) {
        for name in table.keys() {
            let key = name.get_ref().as_ref();
            if known.contains(&key) {
                continue;
            }
            let help = match nearest(key, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known: {}", known.join(", ")),
            };
            self.wrong(&name.span(), format!("unknown {what} `{key}`"), help);
        }
    }

    fn table<'t, 'f>(
        &mut self,
        value: &'t Spanned<DeValue<'f>>,
        what: &str,
    ) -> Option<Table<'t, 'f>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.wrong(
                    &value.span(),
                    format!("{what} is not a table"),
                    format!("write {what}"),
                );
                None
            }
        }
    }

    /// The text of a key, which must not be empty.
    fn text(&mut self, table: Table<'_, '_>, key: &str) -> Option<(String, Range<usize>)> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some((text.trim().to_owned(), value.span()))
            }
            DeValue::Datetime(date) if key == "until" => Some((date.to_string(), value.span())),
            DeValue::String(_) => {
                self.wrong(
                    &value.span(),
                    format!("`{key}` is empty"),
                    "write it, or remove the key",
                );
                None
            }
            other => {
                let what = format!("`{key}` is of type {}", other.type_str());
                self.wrong(&value.span(), what, "write a text in quotes");
                None
            }
        }
    }

    /// The same for a key that must be there.
    fn required(
        &mut self,
        table: Table<'_, '_>,
        (key, of): (&str, &str),
        span: &Range<usize>,
        example: &str,
    ) -> Option<(String, Range<usize>)> {
        if table.get(key).is_none() {
            self.wrong(
                span,
                format!("this {of} has no `{key}`"),
                format!("write {key} = {example}"),
            );
        }
        self.text(table, key)
    }

    fn code(&mut self, text: &str, span: &Range<usize>) -> Option<Code> {
        let code = match text.parse::<Code>() {
            Ok(code) => code,
            Err(_) => {
                let all = Code::ALL.iter().map(|code| code.as_str());
                let help = match nearest(text, all) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`certcheck codes` lists them all".to_owned(),
                };
                self.wrong(span, format!("`{text}` is not a code"), help);
                return None;
            }
        };
        // They say that a judgement is no longer valid.
        if ["waiver", "receipt"].contains(&code.area()) {
            let what = format!("{text} cannot be changed here");
            self.wrong(span, what, "remove this line");
            return None;
        }
        Some(code)
    }

    fn severity(&mut self, table: Table<'_, '_>, project: &mut Project) {
        for (name, value) in table {
            let (key, span) = (name.get_ref().as_ref(), value.span());
            let word = match value.get_ref() {
                DeValue::String(word) => word.as_ref(),
                _ => "",
            };
            if key == "warnings" {
                match word {
                    "deny" => project.denies_warnings = true,
                    _ => self.wrong(
                        &span,
                        "`warnings` can only be \"deny\"",
                        "write warnings = \"deny\"",
                    ),
                }
                continue;
            }
            let level = match word {
                "allow" => Some(Level::Allow),
                "warn" => Some(Level::Warn),
                "deny" => Some(Level::Deny),
                _ => None,
            };
            if level.is_none() {
                let what = format!("the severity of `{key}` is not known");
                self.wrong(&span, what, "write \"allow\", \"warn\" or \"deny\"");
            }
            let code = self.code(key, &name.span());
            project.severities.extend(code.zip(level));
        }
    }
}
