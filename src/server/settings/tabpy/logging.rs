//! The sections about logging: TabPy 2.16 gives the whole file to Python's
//! `logging.config.fileConfig` (3.11).
//!
//! TabPy catches only `KeyError`: without those sections, or with an undefined name in them, it
//! continues with Python's own logging. Every other exception ends it. certcheck knows what Python
//! evaluates for the usual handlers; otherwise the result is undecided.

use super::super::ini::{self, Section};
use super::super::{Context, Looked, Settings, path};
use super::{python, shown};
use std::collections::BTreeSet;

/// `logging._nameToLevel`.
const LEVELS: [&str; 8] = [
    "CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET",
];

/// Handlers that write to a stream.
const STREAM: [&str; 2] = ["StreamHandler", "logging.StreamHandler"];

/// Handlers that open a file, whose name is the first argument.
const FILE: [&str; 6] = [
    "FileHandler",
    "logging.FileHandler",
    "handlers.RotatingFileHandler",
    "logging.handlers.RotatingFileHandler",
    "handlers.WatchedFileHandler",
    "logging.handlers.WatchedFileHandler",
];

/// Why the reading ends early.
enum End {
    /// A `KeyError`, which TabPy catches.
    Caught,
    /// The exception, and its line.
    Refused(String, usize),
    /// Why it is not known what Python does, and the line.
    Unsure(String, usize),
}

type Outcome<T> = Result<T, End>;

struct Logging<'a> {
    sections: &'a [Section],
    context: &'a Context<'a>,
}

/// What ends TabPy, or may end it.
pub(super) fn judge(sections: &[Section], context: &Context<'_>, settings: &mut Settings) {
    const SETTING: &str = "logging";
    let logging = Logging { sections, context };
    match logging.whole(settings) {
        Ok(()) | Err(End::Caught) => {}
        Err(End::Refused(message, line)) => settings.refuse(SETTING, &message, line),
        Err(End::Unsure(reason, line)) => settings.not_judged(SETTING, reason, line),
    }
}

impl<'a> Logging<'a> {
    /// In the order in which Python reads the parts.
    fn whole(&self, settings: &mut Settings) -> Outcome<()> {
        let formatters = self.formatters()?;
        let handlers = self.handlers(&formatters, settings)?;
        self.loggers(&handlers)
    }

    fn section(&self, name: &str) -> Outcome<&'a Section> {
        let found = self.sections.iter().find(|section| section.name == name);
        found
            .filter(|section| section.name != "DEFAULT")
            .ok_or(End::Caught)
    }

    /// As written, and its line.
    fn raw(&self, section: &'a Section, key: &str) -> Option<(&'a str, usize)> {
        let fallback = self.sections.iter().find(|other| other.name == "DEFAULT");
        let entry = section.entry(key).or_else(|| fallback?.entry(key))?;
        // Blank lines after it do not belong to the value.
        Some((entry.value.trim_end_matches(ini::is_space), entry.first))
    }

    fn get(&self, section: &'a Section, key: &str) -> Outcome<Option<(String, usize)>> {
        let Some((raw, line)) = self.raw(section, key) else {
            return Ok(None);
        };
        let lookup = |name: &str| self.raw(section, name).map(|(value, _)| value);
        match ini::interpolate(raw, &lookup) {
            Ok(value) => Ok(Some((value, line))),
            Err(message) => Err(End::Refused(message, line)),
        }
    }

    fn demanded(&self, section: &'a Section, key: &str) -> Outcome<(String, usize)> {
        self.get(section, key)?.ok_or(End::Caught)
    }

    fn keys(&self, section: &str) -> Outcome<Vec<String>> {
        let (keys, _) = self.demanded(self.section(section)?, "keys")?;
        Ok(list(&keys))
    }

    fn formatters(&self) -> Outcome<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for name in self.keys("formatters")? {
            let section = self.section(&format!("formatter_{name}"))?;
            if let Some((class, line)) = self.get(section, "class")?
                && !class.is_empty()
                && class != "logging.Formatter"
            {
                return Err(End::Unsure(
                    format!("certcheck does not know the formatter `{}`", shown(&class)),
                    line,
                ));
            }
            self.format(section)?;
            let _ = found.insert(name);
        }
        Ok(found)
    }

    /// What `logging.Formatter` says about a format: it is used as written.
    fn format(&self, section: &'a Section) -> Outcome<()> {
        let style = self.raw(section, "style");
        let format = self.raw(section, "format");
        let format = format.filter(|(format, _)| !format.is_empty());
        match (style.map_or("%", |(style, _)| style), format) {
            ("%", Some((format, line))) if !has_field(format) => Err(End::Refused(
                format!(
                    "ValueError: Invalid format '{}' for '%' style",
                    shown(format)
                ),
                line,
            )),
            // Without one, Python's own format is used.
            ("%", _) | ("{" | "$", None) => Ok(()),
            ("{" | "$", Some((_, line))) => {
                let reason = "certcheck does not read formats of this style";
                Err(End::Unsure(reason.to_owned(), line))
            }
            _ => {
                let line = style.map_or(section.line, |(_, line)| line);
                let message = "ValueError: Style must be one of: %,{,$";
                Err(End::Refused(message.to_owned(), line))
            }
        }
    }

    fn handlers(
        &self,
        formatters: &BTreeSet<String>,
        settings: &mut Settings,
    ) -> Outcome<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for name in self.keys("handlers")? {
            let section = self.section(&format!("handler_{name}"))?;
            let (class, line) = self.demanded(section, "class")?;
            let formatter = self.get(section, "formatter")?;
            let (args, at) = self
                .get(section, "args")?
                .unwrap_or_else(|| ("()".to_owned(), line));
            let unsure = |what: &str, at| {
                let what = shown(what);
                Err(End::Unsure(
                    format!("certcheck does not evaluate `{what}` as Python does"),
                    at,
                ))
            };
            if let Some((words, at)) = self.get(section, "kwargs")?
                && words != "{}"
            {
                return unsure(&words, at);
            }
            let written: String = args.chars().filter(|c| !c.is_whitespace()).collect();
            if STREAM.contains(&class.as_str()) {
                if !["()", "(sys.stdout,)", "(sys.stderr,)"].contains(&written.as_str()) {
                    return unsure(&args, at);
                }
            } else if ["NullHandler", "logging.NullHandler"].contains(&class.as_str()) {
                if written != "()" {
                    return unsure(&args, at);
                }
            } else if FILE.contains(&class.as_str()) {
                let Some(file) = file_of(&args, class.contains("Rotating")) else {
                    return unsure(&args, at);
                };
                self.opens(file, at, settings)?;
            } else {
                return unsure(&class, line);
            }
            self.level(section)?;
            if let Some((formatter, _)) = formatter
                && !formatter.is_empty()
                && !formatters.contains(&formatter)
            {
                return Err(End::Caught);
            }
            let _ = found.insert(name);
        }
        Ok(found)
    }

    /// Python creates a missing log, but not its directory.
    fn opens(&self, file: &str, at: usize, settings: &mut Settings) -> Outcome<()> {
        let whole = path::join(self.context.base, file);
        let directory = match whole.rsplit_once('/') {
            Some(("", _)) => "/",
            Some((directory, _)) => directory,
            None => ".",
        };
        // TabPy's own working directory, which is unknown.
        if !file.contains('/') {
            return Ok(());
        }
        match settings.look(self.context, directory) {
            Some(Looked::Directory(_)) => Ok(()),
            Some(Looked::Missing) if file.starts_with('/') => Err(End::Refused(
                format!(
                    "FileNotFoundError: [Errno 2] No such file or directory: '{}'",
                    shown(&whole)
                ),
                at,
            )),
            _ => Err(End::Unsure(
                format!("certcheck did not find the directory {}", shown(directory)),
                at,
            )),
        }
    }

    fn level(&self, section: &'a Section) -> Outcome<()> {
        match self.get(section, "level")? {
            Some((level, line)) if !LEVELS.contains(&level.as_str()) => Err(End::Refused(
                format!("ValueError: Unknown level: '{}'", shown(&level)),
                line,
            )),
            _ => Ok(()),
        }
    }

    fn loggers(&self, handlers: &BTreeSet<String>) -> Outcome<()> {
        let own = self.section("loggers")?;
        let (keys, line) = self.demanded(own, "keys")?;
        let mut names = list(&keys);
        let Some(root) = names.iter().position(|name| name == "root") else {
            let message = "ValueError: list.remove(x): x not in list";
            return Err(End::Refused(message.to_owned(), line));
        };
        let _ = names.remove(root);
        let section = self.section("logger_root")?;
        self.level(section)?;
        self.handled(section, handlers)?;
        for name in names {
            let section = self.section(&format!("logger_{name}"))?;
            let _ = self.demanded(section, "qualname")?;
            if let Some((propagate, line)) = self.get(section, "propagate")? {
                match python::integer(&propagate) {
                    python::Number::Whole(_) => {}
                    python::Number::Unknown => {
                        let reason = "certcheck does not read this number";
                        return Err(End::Unsure(reason.to_owned(), line));
                    }
                    python::Number::No => {
                        let message = format!(
                            "ValueError: invalid literal for int() with base 10: '{}'",
                            shown(&propagate)
                        );
                        return Err(End::Refused(message, line));
                    }
                }
            }
            self.level(section)?;
            self.handled(section, handlers)?;
        }
        Ok(())
    }

    fn handled(&self, section: &'a Section, handlers: &BTreeSet<String>) -> Outcome<()> {
        let (named, _) = self.demanded(section, "handlers")?;
        let known = list(&named).iter().all(|name| handlers.contains(name));
        known.then_some(()).ok_or(End::Caught)
    }
}

/// Between commas; an empty text contains no name, as in Python.
fn list(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let names = text.split(',');
    names
        .map(|name| name.trim_matches(ini::is_space).to_owned())
        .collect()
}

/// `PercentStyle.validation_pattern`: somewhere `%(name)`, flags, width and a letter.
fn has_field(format: &str) -> bool {
    format.match_indices("%(").any(|(at, _)| {
        let rest = format.get(at + 2..).unwrap_or_default();
        let Some((name, rest)) = rest.split_once(')') else {
            return false;
        };
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(word) {
            return false;
        }
        let rest = rest.trim_start_matches(['#', '0', '+', ' ', '-']);
        let width = |rest: &'_ str| -> usize {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if rest.starts_with('*') { 1 } else { digits }
        };
        let rest = rest.get(width(rest)..).unwrap_or_default();
        let rest = rest.strip_prefix('.').map_or(rest, |precision| {
            match width(precision) {
                // The pattern accepts `.` only before a number.
                0 => rest,
                digits => precision.get(digits..).unwrap_or_default(),
            }
        });
        let letter = rest.chars().next().map(|c| c.to_ascii_lowercase());
        letter.is_some_and(|letter| "diouxefgcrsa%".contains(letter))
    })
}

/// The file of `('name', 'a', 1000, 5)`; `None` if the arguments are anything else.
/// Only a rotating handler takes the two numbers.
fn file_of(args: &str, rotating: bool) -> Option<&str> {
    let inner = args.trim().strip_prefix('(')?.strip_suffix(')')?;
    // `('name')` is a string, whose letters would be the arguments.
    let (first, rest) = inner.split_once(',')?;
    let mut rest: Vec<_> = rest.split(',').map(str::trim).collect();
    // A comma may end a tuple.
    if rest.last().is_some_and(|last| last.is_empty()) {
        let _ = rest.pop();
    }
    let numbers = match rest.split_first() {
        Some((mode, numbers)) => {
            text(mode).filter(|mode| ["a", "w"].contains(mode))?;
            numbers
        }
        None => &[],
    };
    let is_number = |value: &&str| {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        digits && (1..=18).contains(&value.len()) && (!value.starts_with('0') || *value == "0")
    };
    let most = if rotating { 2 } else { 0 };
    let sound = numbers.len() <= most && numbers.iter().all(is_number);
    text(first.trim()).filter(|file| sound && !file.is_empty())
}

/// A string without escapes.
fn text(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| ['\'', '"'].contains(c))?;
    let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\', '\n'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_with_a_field() {
        for format in [
            "%(message)s",
            "%%(message)s",
            "x %(levelname)-8.3s",
            "%(a)*d",
        ] {
            assert!(has_field(format), "{format}");
        }
        for format in [
            "",
            "message",
            "%s",
            "%(message)",
            "%(a b)s",
            "%(a).s",
            "%()s",
        ] {
            assert!(!has_field(format), "{format}");
        }
    }

    #[test]
    fn arguments_of_file_handlers() {
        assert_eq!(file_of("('t.log', 'a', 1000000, 5)", true), Some("t.log"));
        assert_eq!(file_of("(\"/x/t.log\",)", false), Some("/x/t.log"));
        assert_eq!(file_of("('t.log', 'w',)", false), Some("t.log"));
        assert_eq!(file_of("('t.log', 'a', 1000000, 5)", false), None);
        for args in [
            "('t.log')",
            "(",
            "('t.log', 1)",
            "('a', 'a', 1, 2, 3)",
            "(x,)",
            "()",
            "(,)",
            "('t.log',,)",
        ] {
            assert_eq!(file_of(args, true), None, "{args}");
        }
    }
}
