//! The files of postgresql.conf: its includes, and postgresql.auto.conf, which `ALTER SYSTEM`
//! writes and which counts last.

use super::super::{Context, Looked, Settings, command_line, lossy, path, shown};
use super::{MOST_ERRORS, token};
use crate::rule;

/// `CONF_FILE_MAX_DEPTH` of 15.
const DEEPEST: usize = 10;

/// How many files there may be in total.
const MOST: usize = 512;

/// A setting as written.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
    /// Its line.
    pub(super) line: usize,
}

pub(super) struct Files<'a, 'b> {
    pub(super) context: &'a Context<'a>,
    pub(super) settings: &'b mut Settings,
    pub(super) entries: Vec<Entry>,
    files: usize,
}

impl<'a, 'b> Files<'a, 'b> {
    pub(super) fn new(context: &'a Context<'a>, settings: &'b mut Settings) -> Self {
        Self {
            context,
            settings,
            entries: Vec::new(),
            files: 0,
        }
    }

    /// The lines of one file; `directory` is where its own includes start, `before`
    /// how many lines precede its own.
    pub(super) fn read(&mut self, text: &str, directory: &str, before: usize, depth: usize) {
        let mut errors = 0;
        for (index, line) in text.split('\n').enumerate() {
            let number = before + index + 1;
            match token::setting(line) {
                Ok(None) => {}
                Ok(Some((name, value))) => {
                    let name = name.to_ascii_lowercase();
                    match name.as_str() {
                        "include" | "include_if_exists" | "include_dir" => {
                            self.include(&name, &value, directory, number, depth);
                        }
                        _ => self.entries.push(Entry {
                            name,
                            value,
                            line: number,
                        }),
                    }
                }
                Err(near) => {
                    // PostgreSQL repeats the word; a passphrase is not repeated here.
                    let secret = ["pass", "secret"]
                        .iter()
                        .any(|word| line.to_ascii_lowercase().contains(word));
                    let near = if secret {
                        "its value".to_owned()
                    } else {
                        shown(&near)
                    };
                    let message = format!("syntax error in the file, near {near}");
                    self.settings.refuse("", &message, number);
                    errors += 1;
                    if errors == MOST_ERRORS {
                        let message = "too many syntax errors found, abandoning file";
                        self.settings.refuse("", message, number);
                        break;
                    }
                }
            }
        }
    }

    fn include(&mut self, name: &str, value: &str, directory: &str, line: usize, depth: usize) {
        let file = path::join(directory, value);
        let at = line;
        if value.is_empty() {
            let message = "empty configuration file name: \"\"";
            self.settings.refuse(name, message, at);
            return;
        }
        if name != "include_dir" {
            self.file(name, (&file, value), name == "include", line, depth);
            return;
        }
        match self.settings.look(self.context, &file) {
            Some(Looked::Directory(names)) => {
                let mut names: Vec<_> = names
                    .iter()
                    .filter(|name| {
                        // A name that is only `.conf` is hidden too; PostgreSQL requires a letter
                        // before the suffix (`GetConfFilesInDir`).
                        name.len() >= 6 && name.ends_with(".conf") && !name.starts_with('.')
                    })
                    .collect();
                // The last value of a setting counts, so the order of the files decides: PostgreSQL
                // sorts them by name.
                names.sort();
                for inner in names {
                    let inner = path::join(&file, inner);
                    self.file(name, (&inner, &inner), true, line, depth);
                }
            }
            Some(Looked::Missing | Looked::Read(_)) => {
                let message = format!(
                    "could not open configuration directory \"{}\"",
                    shown(&file)
                );
                self.settings.refuse(name, &message, at);
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = reason.clone();
                self.not_read(name, value, &reason, at);
            }
            None => self.not_read(name, value, "it was not read", at),
        }
    }

    fn file(
        &mut self,
        name: &str,
        (file, named): (&str, &str),
        demanded: bool,
        line: usize,
        depth: usize,
    ) {
        let at = line;
        self.files += 1;
        if depth >= DEEPEST {
            let message = "could not open configuration file: maximum nesting depth exceeded";
            self.settings.refuse(name, message, at);
            return;
        }
        if self.files > MOST {
            self.not_read(name, named, "too many files are included", at);
            return;
        }
        match self.settings.look(self.context, file) {
            Some(Looked::Read(source)) => {
                let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
                let text = lossy(source.bytes());
                let before = self.settings.enter(file, &text);
                self.settings.opens(source);
                self.read(&text, directory, before, depth + 1);
            }
            Some(Looked::Missing) if demanded => {
                let fact = rule::config::MissingFile {
                    setting: name.to_owned(),
                    path: shown(file),
                    problem: "there is no such file".to_owned(),
                };
                self.settings.note(fact, at);
            }
            Some(Looked::Missing | Looked::Directory(_)) => {}
            Some(Looked::Unreadable(reason)) => {
                let reason = reason.clone();
                self.not_read(name, named, &reason, at);
            }
            None => self.not_read(name, named, "it was not read", at),
        }
    }

    /// `-D` is the data directory if no file names one (`SelectConfigFiles`).
    pub(super) fn directory(&mut self) {
        let named = |entry: &Entry| entry.name == "data_directory";
        let given = self
            .context
            .arguments
            .and_then(|line| line.directory.as_ref());
        if let Some(directory) = given
            && !self.entries.iter().any(named)
        {
            self.entries.push(Entry {
                name: "data_directory".to_owned(),
                value: directory.clone(),
                line: self.settings.enter(command_line::NAME, "") + 1,
            });
        }
    }

    /// The command line overrides all files (`PGC_S_ARGV`).
    pub(super) fn arguments(&mut self) {
        let Some(arguments) = self.context.arguments else {
            return;
        };
        let line = self.settings.enter(command_line::NAME, "") + 1;
        for (name, value) in &arguments.parameters {
            self.entries.push(Entry {
                name: name.clone(),
                value: value.clone(),
                line,
            });
        }
    }

    /// What `ALTER SYSTEM` wrote into the data directory.
    pub(super) fn automatic(&mut self) {
        let data = self
            .entries
            .iter()
            .rev()
            .find(|entry| entry.name == "data_directory");
        let base = data.map_or_else(
            || self.context.base.to_owned(),
            |data| path::join(self.context.base, &data.value),
        );
        let file = path::join(&base, "postgresql.auto.conf");
        match self.settings.look(self.context, &file) {
            Some(Looked::Read(source)) => {
                let text = lossy(source.bytes());
                let before = self.settings.enter(&file, &text);
                self.read(&text, &base, before, 1);
            }
            Some(Looked::Missing) => {}
            Some(Looked::Directory(_)) => {
                let message = "input in flex scanner failed at file \"postgresql.auto.conf\"";
                self.settings.refuse("postgresql.auto.conf", message, 1);
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = format!("{}: {reason}", shown(&file));
                self.settings.not_judged("postgresql.auto.conf", reason, 1);
            }
            None => {
                let reason = format!("{} was not read", shown(&file));
                self.settings.not_judged("postgresql.auto.conf", reason, 1);
            }
        }
    }

    fn not_read(&mut self, name: &str, file: &str, reason: &str, line: usize) {
        let fact = rule::config::IncludeNotRead {
            directive: name.to_owned(),
            path: shown(file),
        };
        self.settings.note(fact, line);
        let reason = format!("{}: {reason}", shown(file));
        self.settings.not_judged(name, reason, line);
    }
}
