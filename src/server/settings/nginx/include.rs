//! `include`: the statements of other files replace the line.

use super::super::{Context, Looked, Settings, command_line, path, shown};
use super::token::{self, End, Statement};
use crate::rule;
use crate::source::Lines;

/// How deep files include files, and how many there may be: nginx itself is limited only by its
/// file descriptors.
const DEEPEST: usize = 16;
const MOST: usize = 1024;

/// The total size in bytes that all included files may have.
const MOST_BYTES: usize = 8 << 20;

pub(super) struct Includes<'a, 'b> {
    pub(super) context: &'a Context<'a>,
    pub(super) settings: &'b mut Settings,
    files: usize,
    bytes: usize,
    /// An included file could not be read.
    pub(super) unread: bool,
}

impl<'a, 'b> Includes<'a, 'b> {
    pub(super) fn new(context: &'a Context<'a>, settings: &'b mut Settings) -> Self {
        Self {
            context,
            settings,
            files: 0,
            bytes: 0,
            unread: false,
        }
    }

    /// The directives of the command line (`-g`), which nginx reads first.
    pub(super) fn arguments(&mut self) -> Vec<Statement> {
        let Some(text) = self.context.arguments.map(|line| line.before.join("\n")) else {
            return Vec::new();
        };
        if text.is_empty() {
            return Vec::new();
        }
        let before = self.settings.enter(command_line::NAME, &text);
        match token::statements(&text) {
            Ok(mut statements) if statements.iter().all(|one| one.end == End::Simple) => {
                shift(&mut statements, before);
                return statements;
            }
            Ok(_) => {
                let message = "block directives are not supported in -g option";
                self.settings
                    .refuse_at("", message, super::TEST, before + 1);
            }
            Err((line, message)) => {
                self.settings
                    .refuse_at("", &message, super::TEST, before + line);
            }
        }
        Vec::new()
    }

    /// The statements with those of included files in their places.
    pub(super) fn follow(&mut self, statements: Vec<Statement>, depth: usize) -> Vec<Statement> {
        let mut all = Vec::with_capacity(statements.len());
        for statement in statements {
            let include = statement.end == End::Simple
                && statement
                    .words
                    .first()
                    .is_some_and(|word| word == "include");
            match statement.words.get(1) {
                Some(named) if include && statement.words.len() == 2 => {
                    all.extend(self.file_or_pattern(named, &statement, depth));
                }
                _ => all.push(statement),
            }
        }
        all
    }

    fn file_or_pattern(&mut self, named: &str, at: &Statement, depth: usize) -> Vec<Statement> {
        let full = path::join(self.context.base, named);
        let line = at.lines.first;
        if !full.contains(['*', '?', '[']) {
            return self.file(&full, named, line, depth);
        }
        match path::matching(&full, self.settings, self.context) {
            Ok(mut files) => {
                let last = full.rsplit('/').next().unwrap_or_default();
                if !last.contains(['*', '?', '[']) {
                    // As in glob(3): a directory without that file does not match.
                    files.retain(|file| {
                        let looked = self.settings.look(self.context, file);
                        !matches!(looked, Some(Looked::Missing))
                    });
                }
                files
                    .into_iter()
                    .flat_map(|file| self.file(&file, &file, line, depth))
                    .collect()
            }
            Err(reason) => {
                self.not_read(named, &reason, line);
                Vec::new()
            }
        }
    }

    fn not_read(&mut self, file: &str, reason: &str, line: usize) {
        self.unread = true;
        let fact = rule::config::IncludeNotRead {
            directive: "include".to_owned(),
            path: shown(file),
        };
        self.settings.note(fact, line);
        let reason = format!("{}: {reason}", shown(file));
        self.settings.not_judged("include", reason, line);
    }

    fn file(&mut self, file: &str, named: &str, line: usize, depth: usize) -> Vec<Statement> {
        self.files += 1;
        if depth >= DEEPEST || self.files > MOST {
            self.not_read(named, "too many files are included", line);
            return Vec::new();
        }
        let bytes = match self.settings.look(self.context, file) {
            Some(Looked::Read(source)) => source.bytes(),
            Some(Looked::Missing) if file.contains('\u{fffd}') => {
                self.not_read(named, "its name is not in UTF-8", line);
                return Vec::new();
            }
            // A link to nothing is named by the pattern, and cannot be opened either.
            Some(Looked::Missing) => {
                let fact = rule::config::MissingFile {
                    setting: "include".to_owned(),
                    path: shown(file),
                    problem: "there is no such file".to_owned(),
                };
                self.settings.note(fact, line);
                return Vec::new();
            }
            Some(Looked::Directory(_)) => {
                let message = format!("open() \"{}\" failed: it is a directory", shown(file));
                self.settings
                    .refuse_at("include", &message, "by `nginx -t`", line);
                return Vec::new();
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = reason.clone();
                self.not_read(named, &reason, line);
                return Vec::new();
            }
            None => {
                self.not_read(named, "it was not read", line);
                return Vec::new();
            }
        };
        self.bytes += bytes.len();
        if self.bytes > MOST_BYTES {
            self.not_read(named, "the included files are too large together", line);
            return Vec::new();
        }
        let text = super::super::lossy(bytes);
        let before = self.settings.enter(file, &text);
        match token::statements(&text) {
            Ok(mut statements) => {
                shift(&mut statements, before);
                self.follow(statements, depth + 1)
            }
            Err((inner, message)) => {
                self.settings
                    .refuse_at("", &message, "by `nginx -t`", before + inner);
                Vec::new()
            }
        }
    }
}

/// Shifts the line numbers by those before the file.
fn shift(statements: &mut [Statement], before: usize) {
    for Statement { lines, .. } in statements {
        *lines = Lines::new(before + lines.first, before + lines.last);
    }
}
