//! `Include`, `IncludeOptional` and `Use`: lines from elsewhere replace the line.

use super::super::{CommandLine, Looked, command_line, lossy, path, shown};
use super::{Reader, lines};
use crate::rule;

/// How deep files and macros may nest, and how many lines they may add: httpd is limited by
/// `AP_MAX_INCLUDE_DEPTH` (20) and its memory.
const DEEPEST: usize = 16;
const MOST_LINES: usize = 400_000;

/// A macro of mod_macro.
#[derive(Clone, Debug, Default)]
pub(super) struct Macro {
    pub(super) parameters: Vec<String>,
    pub(super) body: Vec<String>,
    /// How many macros are open within it while it is read.
    pub(super) within: usize,
}

impl Reader<'_, '_> {
    pub(super) fn include(&mut self, written: &str, named: &str, line: &lines::Line) {
        // Whether the section counts may depend on what is read next: until then, no file in it is
        // opened, since httpd might not open it either.
        if self.pending && self.doubts > 0 {
            return;
        }
        let optional = written.eq_ignore_ascii_case("IncludeOptional");
        let full = path::join(&self.root, named);
        if !full.contains(['*', '?', '[']) {
            self.file(written, (&full, named), optional, line);
            return;
        }
        match path::matching(&full, self.settings, self.context) {
            Ok(files) if files.is_empty() && !optional => {
                let message = format!("No matches for the wildcard '{}', failing", shown(&full));
                self.refuse(written, &message, line.first);
            }
            Ok(files) => {
                for file in files {
                    self.file(written, (&file, &file), optional, line);
                }
            }
            Err(reason) => {
                self.pending |= self.doubts == 0;
                self.not_read(written, named, &reason, line.first);
            }
        }
    }

    fn not_read(&mut self, written: &str, file: &str, reason: &str, line: usize) {
        self.unread = true;
        let fact = rule::config::IncludeNotRead {
            directive: shown(written),
            path: shown(file),
        };
        self.settings.note(fact, line);
        let reason = format!("{}: {reason}", shown(file));
        self.settings.not_judged(written, reason, line);
    }

    fn file(
        &mut self,
        written: &str,
        (file, named): (&str, &str),
        optional: bool,
        at: &lines::Line,
    ) {
        let line = at.first;
        if self.depth >= DEEPEST || self.read_lines > MOST_LINES {
            self.not_read(written, named, "too much is included", line);
            return;
        }
        match self.settings.look(self.context, file) {
            Some(Looked::Read(source)) => {
                let text = lossy(source.bytes());
                let before = self.settings.enter(file, &text);
                self.depth += 1;
                // A file ends the sections that it begins, and no others.
                let outside = std::mem::replace(&mut self.open_outside, self.open.len());
                for inner in lines::joined(&text) {
                    let (first, last) = (before + inner.first, before + inner.last);
                    self.elsewhere(inner.text, first, last);
                }
                if let Some(open) = self.unclosed() {
                    let message = format!("<{}> was not closed.", shown(&open.name));
                    self.refuse(written, &message, line);
                }
                while self.open.len() > self.open_outside {
                    self.leave();
                }
                self.open_outside = outside;
                self.depth -= 1;
            }
            // Every file in it and its subdirectories.
            Some(Looked::Directory(names)) => {
                let mut names = names.clone();
                names.sort();
                self.depth += 1;
                for name in names {
                    let inner = path::join(file, &name);
                    self.file(written, (&inner, &inner), optional, at);
                }
                self.depth -= 1;
            }
            Some(Looked::Missing) if file.contains('\u{fffd}') => {
                self.not_read(written, named, "its name is not in UTF-8", line);
            }
            Some(Looked::Missing) if optional => {}
            Some(Looked::Missing) => {
                let fact = rule::config::MissingFile {
                    setting: shown(written),
                    path: shown(file),
                    problem: "there is no such file".to_owned(),
                };
                self.settings.note(fact, line);
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = reason.clone();
                self.not_read(written, named, &reason, line);
            }
            None => {
                self.pending |= self.doubts == 0;
                self.not_read(written, named, "it was not read", line);
            }
        }
    }

    /// Reads the directives of the command line.
    pub(super) fn arguments(&mut self, which: impl Fn(&CommandLine) -> &[String]) {
        let Some(arguments) = self.context.arguments else {
            return;
        };
        // Both kinds have the lines of one file, in this order.
        let all = [arguments.before.as_slice(), &arguments.behind].concat();
        let chosen = which(arguments);
        if chosen.is_empty() {
            return;
        }
        let mut number = self.settings.enter(command_line::NAME, &all.join("\n"));
        if std::ptr::eq(chosen, arguments.behind.as_slice()) {
            number += arguments.before.len();
        }
        for text in chosen {
            number += 1;
            self.elsewhere(text.clone(), number, number);
        }
    }

    /// A line of another file, or of a macro that is used on these lines.
    fn elsewhere(&mut self, text: String, first: usize, last: usize) {
        self.read_lines += 1;
        if text.len() > super::super::LONGEST_EXPANSION {
            self.refuse("", "the line is too long", first);
        } else if self.read_lines <= MOST_LINES {
            self.line(&lines::Line { text, first, last });
        }
    }

    /// `<Macro NAME $a $b>`: its lines are kept and have no effect by themselves.
    pub(super) fn begin_macro(&mut self, arguments: &[String]) {
        let mut words = arguments.iter();
        let name = words
            .next()
            .map_or_else(String::new, |word| word.to_ascii_lowercase());
        let parameters = words.cloned().collect();
        self.open_macro = Some((
            name,
            Macro {
                parameters,
                ..Macro::default()
            },
        ));
    }

    /// `Use NAME value…`.
    pub(super) fn use_macro(&mut self, arguments: &[String], line: &lines::Line) {
        let Some((name, values)) = arguments.split_first() else {
            return;
        };
        let Some(found) = self.macros.get(&name.to_ascii_lowercase()).cloned() else {
            if self.unread {
                let reason = "a file that was not read may define this macro";
                self.settings.not_judged("Use", reason, line.first);
            } else {
                let message = format!("macro '{}' undefined", shown(name));
                self.refuse("Use", &message, line.first);
            }
            return;
        };
        if found.parameters.len() != values.len() {
            let message = format!("macro '{}': wrong number of arguments", shown(name));
            self.refuse("Use", &message, line.first);
            return;
        }
        if self.depth >= DEEPEST {
            let reason = "macros use macros too deeply";
            self.settings.not_judged("Use", reason, line.first);
            return;
        }
        // The longest name first, so that `$hosts` is not read as `$host` and an s.
        let mut pairs: Vec<_> = found.parameters.iter().zip(values).collect();
        pairs.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        self.depth += 1;
        for text in found.body {
            let text = pairs.iter().fold(text, |text, (name, value)| {
                if name.is_empty() {
                    text
                } else {
                    text.replace(name.as_str(), value)
                }
            });
            self.elsewhere(text, line.first, line.last);
        }
        self.depth -= 1;
    }

    /// `UndefMacro`, which does not forgive a name that no macro has.
    pub(super) fn undefine_macro(&mut self, name: &str, line: usize) {
        if self.macros.remove(&name.to_ascii_lowercase()).is_some() {
            return;
        }
        if self.unread {
            let reason = "a file that was not read may define this macro";
            self.settings.not_judged("UndefMacro", reason, line);
        } else if self.macros.is_empty() {
            self.refuse("UndefMacro", "no macro defined before UndefMacro", line);
        } else {
            let message = format!("cannot remove undefined macro '{}'", shown(name));
            self.refuse("UndefMacro", &message, line);
        }
    }
}
