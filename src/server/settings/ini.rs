//! Python's `configparser.ConfigParser` (3.11), as TabPy 2.16 uses it.
//!
//! Sections are case-sensitive, keys are not; comments are on separate lines; a line that is
//! indented more than its key continues the value; `%` is interpolation; a second key or section is
//! an error.

use super::LONGEST_EXPANSION;
use std::collections::HashMap;

/// `configparser.MAX_INTERPOLATION_DEPTH`.
const DEPTH: usize = 10;

/// How many references one value may take: Python has no such limit, and ten
/// levels of ten references each would keep it busy forever.
const REFERENCES: usize = 4096;

/// A value and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// A section, in the order of the file; `DEFAULT` is one of them here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) entries: Vec<Entry>,
    /// Where each key is among the entries.
    places: HashMap<String, usize>,
}

impl Section {
    /// The entry of a key in lower case.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(*self.places.get(key)?)
    }
}

/// Why Python refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) line: usize,
    pub(super) message: String,
}

/// The sections of `text`.
pub(super) fn parse(text: &str) -> Result<Vec<Section>, Refusal> {
    let mut reader = Reader::default();
    // Text mode: CR LF and CR become LF before anything else.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (index, line) in text.split('\n').enumerate() {
        reader.line(index + 1, line)?;
    }
    match reader.garbage {
        // Errors are collected, and raised after the whole file is read.
        Some(refusal) => Err(refusal),
        None => Ok(reader.sections),
    }
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    names: HashMap<String, usize>,
    current: Option<usize>,
    in_option: bool,
    indent: usize,
    garbage: Option<Refusal>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Refusal> {
        let value = line.trim_matches(is_space);
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        if value.is_empty() {
            // Blank lines inside a value are kept, and stripped at its end.
            if let Some(entry) = self.option() {
                entry.value.push('\n');
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|&c| is_space(c)).count();
        if self.in_option && indent > self.indent {
            if let Some(entry) = self.option() {
                entry.value.push('\n');
                entry.value.push_str(value);
                entry.last = number;
            }
            return Ok(());
        }
        self.indent = indent;
        if let Some(name) = header(value) {
            return self.section(number, name);
        }
        let Some(current) = self.current else {
            return Err(Refusal {
                line: number,
                message:
                    "configparser.MissingSectionHeaderError: File contains no section headers."
                        .to_owned(),
            });
        };
        self.key(number, current, value)
    }

    fn option(&mut self) -> Option<&mut Entry> {
        if !self.in_option {
            return None;
        }
        let current = self.current?;
        self.sections.get_mut(current)?.entries.last_mut()
    }

    fn section(&mut self, number: usize, name: &str) -> Result<(), Refusal> {
        self.in_option = false;
        if let Some(&known) = self.names.get(name) {
            if name != "DEFAULT" {
                return Err(Refusal {
                    line: number,
                    message: format!(
                        "configparser.DuplicateSectionError: section '{}' already exists",
                        super::shown(name)
                    ),
                });
            }
            self.current = Some(known);
            return Ok(());
        }
        self.current = Some(self.sections.len());
        self.sections.push(Section {
            name: name.to_owned(),
            line: number,
            entries: Vec::new(),
            places: HashMap::new(),
        });
        let _ = self.names.insert(name.to_owned(), self.sections.len() - 1);
        Ok(())
    }

    fn key(&mut self, number: usize, current: usize, line: &str) -> Result<(), Refusal> {
        let parts = line.split_once(['=', ':']);
        let Some((key, value)) = parts.filter(|(key, _)| !key.trim_matches(is_space).is_empty())
        else {
            // Not repeated: a line that is not a setting may be anything, even a key.
            self.garbage.get_or_insert(Refusal {
                line: number,
                message: "configparser.ParsingError: Source contains parsing errors".to_owned(),
            });
            // A delimiter without a key is stored under an empty name; it is never looked up.
            return Ok(());
        };
        let key = key.trim_matches(is_space).to_lowercase();
        let Some(section) = self.sections.get_mut(current) else {
            return Ok(());
        };
        if section.places.contains_key(&key) {
            return Err(Refusal {
                line: number,
                message: format!(
                    "configparser.DuplicateOptionError: option '{}' in section '{}' already exists",
                    super::shown(&key),
                    super::shown(&section.name)
                ),
            });
        }
        let _ = section.places.insert(key.clone(), section.entries.len());
        section.entries.push(Entry {
            key,
            value: value.trim_matches(is_space).to_owned(),
            first: number,
            last: number,
        });
        self.in_option = true;
        Ok(())
    }
}

/// `\[(?P<header>.+)\]` at the start: what follows the last `]` is dropped.
fn header(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('[')?;
    let end = rest.rfind(']')?;
    rest.get(..end).filter(|name| !name.is_empty())
}

/// Python's `str.isspace`, which knows four more separators than Rust.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `raw` with its `%(name)s` and `%%`; `lookup` gets names in lower case.
pub(super) fn interpolate<'a>(
    raw: &str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<String, String> {
    let raw = raw.trim_end_matches(is_space);
    let mut out = String::new();
    let mut references = 0;
    expand(raw, lookup, 1, &mut references, &mut out)?;
    Ok(out)
}

fn expand<'a>(
    raw: &str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
    depth: usize,
    references: &mut usize,
    out: &mut String,
) -> Result<(), String> {
    if depth > DEPTH {
        return Err("configparser.InterpolationDepthError: value contains a reference that refers to itself".to_owned());
    }
    let mut rest = raw;
    while let Some(at) = rest.find('%') {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        if let Some(behind) = marked.strip_prefix("%%") {
            out.push('%');
            rest = behind;
            continue;
        }
        let Some(named) = marked.strip_prefix("%(") else {
            return Err(
                "configparser.InterpolationSyntaxError: '%' must be followed by '%' or '('"
                    .to_owned(),
            );
        };
        let Some((name, behind)) = named.split_once(")s").filter(|(name, _)| {
            // `%\(([^)]+)\)s`
            !name.is_empty() && !name.contains(')')
        }) else {
            return Err(
                "configparser.InterpolationSyntaxError: bad interpolation variable reference"
                    .to_owned(),
            );
        };
        *references += 1;
        if *references > REFERENCES || out.len() > LONGEST_EXPANSION {
            return Err("the value refers to other values in an endless loop".to_owned());
        }
        let Some(value) = lookup(&name.to_lowercase()) else {
            return Err(format!(
                "configparser.InterpolationMissingOptionError: Bad value substitution: key '{}' not found",
                super::shown(&name.to_lowercase())
            ));
        };
        expand(value, lookup, depth + 1, references, out)?;
        rest = behind;
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        let sections = parse(text).expect(text);
        sections[0].entries[0].value.trim_end().to_owned()
    }

    #[test]
    fn continuation_lines_are_deeper_than_their_key() {
        assert_eq!(value("[a]\nk = v\n  w\n\n  x\n"), "v\nw\n\nx");
        assert_eq!(parse("[a]\n  k=v\n  l=w\n").unwrap()[0].entries.len(), 2);
        assert_eq!(parse("[a]\n  k=v\n l=w\n").unwrap()[0].entries.len(), 2);
    }

    #[test]
    fn hostile_references_end() {
        let bomb = "%(a)s".repeat(200);
        let lookup = |_: &str| Some(bomb.as_str());
        assert!(interpolate(&bomb, &lookup).is_err());
        assert_eq!(interpolate("a%%b", &lookup).unwrap(), "a%b");
        assert!(interpolate("100%.pem", &lookup).is_err());
        assert!(interpolate("%(a", &lookup).is_err());
        assert!(interpolate("%()s", &lookup).is_err());
    }

    #[test]
    fn a_section_ends_with_the_last_bracket() {
        assert_eq!(parse("[TabPy] # c\n").unwrap()[0].name, "TabPy");
        assert_eq!(parse("[ TabPy ]\n").unwrap()[0].name, " TabPy ");
        assert!(parse("[]\n").is_err());
        assert_eq!(parse("[DEFAULT]\na=1\n[DEFAULT]\nb=2\n").unwrap().len(), 1);
        assert!(parse("[x]\n[x]\n").is_err());
        assert!(parse("[x]\nA=1\na=2\n").is_err());
        assert!(parse("\u{feff}[x]\n").is_err());
        assert!(parse("[x]\ngarbage\n").is_err());
    }
}
