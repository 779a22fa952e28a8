//! Whole scripts: the commands of `tsm` in a file for a POSIX shell, PowerShell or cmd.
//!
//! Nothing is run. A variable has the value that the script gives it, if it gives it one
//! value only; what else the script does is skipped and counted.

mod commands;
mod decoded;
mod directory;
mod lexer;
mod pieces;
mod prompt;
mod shell;
#[cfg(test)]
mod tests;
mod variables;

pub use decoded::text_of;
pub use directory::Directory;
pub use shell::Shell;

use super::{Context, TsmLine, read_in};
use crate::finding::{Part, Subject};
use crate::rule::{self, ConfigFact, Evidence, Finding, KeyFact};
use crate::source::Lines;
use commands::Simple;
use lexer::Trap;
use variables::Variables;
use zeroize::Zeroizing;

/// The commands of `tsm` in a script.
#[derive(Debug)]
#[non_exhaustive]
pub struct Script {
    /// The shell that it was read for.
    pub shell: Shell,
    /// The commands, in their order.
    pub commands: Vec<ScriptCommand>,
    /// How many lines contain something else: other commands, assignments.
    pub skipped: usize,
    /// Lines among them that run `tsm` in a form that is not read here, such as `Start-Process`.
    pub hidden: Vec<usize>,
}

/// One command of `tsm` in a script. Its words may hold secrets, and `Debug` shows none.
#[non_exhaustive]
pub struct ScriptCommand {
    /// From the line with `tsm` to that of its last word.
    pub lines: Lines,
    /// The variables and commands in its words whose values are not known.
    pub unknown: Vec<String>,
    /// Where its relative paths start.
    pub directory: Directory,
    words: Vec<Zeroizing<String>>,
    /// For each word, its line, and the variable or command in it whose value is not known.
    places: Vec<(usize, Option<String>)>,
    shell: Shell,
    traps: Vec<(Trap, usize)>,
    cut: Vec<usize>,
}

impl std::fmt::Debug for ScriptCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("ScriptCommand");
        out.field("lines", &self.lines)
            .field("words", &self.words.len())
            .finish_non_exhaustive()
    }
}

impl Script {
    /// Reads a script; `defines` are values of variables that override its own.
    ///
    /// ```
    /// use certcheck::preflight::tsm::{Script, Shell};
    /// let text = "CERT=a.crt\ntsm security custom-cert add \\\n  -c \"$CERT\"\n";
    /// let script = Script::read(text, Shell::Posix, []);
    /// assert_eq!(script.commands.len(), 1);
    /// assert_eq!(script.skipped, 1);
    /// let line = script.commands[0].line("a.sh", &Default::default());
    /// assert_eq!(line.files()[0].path, "a.crt");
    /// ```
    pub fn read<'d>(
        text: &str,
        shell: Shell,
        defines: impl IntoIterator<Item = (&'d str, &'d str)>,
    ) -> Self {
        let text = prompt::without(text);
        let given = Variables::new(shell, defines);
        let variables = commands::assignments(&text, shell).over(given);
        let read = commands::read(&text, shell, &variables);
        let commands = read.commands.into_iter().map(|simple| {
            let directory = directory::at(&read.changes, simple.lines);
            ScriptCommand::new(simple, shell, directory)
        });
        Self {
            shell,
            commands: commands.collect(),
            skipped: read.skipped,
            hidden: read.hidden,
        }
    }
}

impl ScriptCommand {
    fn new(simple: Simple, shell: Shell, directory: Directory) -> Self {
        let Simple {
            words,
            lines,
            traps,
            cut,
        } = simple;
        let mut unknown: Vec<String> = Vec::new();
        let mut texts = Vec::new();
        let mut places = Vec::new();
        for word in words {
            texts.push(word.text);
            unknown.extend(word.unknown.clone().filter(|name| !unknown.contains(name)));
            places.push((word.line, word.unknown));
        }
        Self {
            lines: lines.unwrap_or(Lines::new(1, 1)),
            unknown,
            directory,
            words: texts,
            places,
            shell,
            traps,
            cut,
        }
    }

    /// The words after `tsm`.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.as_str()).collect()
    }

    /// The variables and commands on whose values the answer depends: those of
    /// [`unknown`](Self::unknown) that are no secret of `line`, this command as it was parsed.
    pub fn undecided_by(&self, line: &TsmLine) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (at, (_, unknown)) in self.places.iter().enumerate() {
            let name = unknown.as_deref().filter(|_| !line.secrets.contains(&at));
            names.extend(name.filter(|name| !names.contains(name)));
        }
        names
    }

    /// The parsed command; its findings name `source`, the script, and their lines.
    pub fn line(&self, source: &str, context: &Context) -> TsmLine {
        let context = Context {
            script: true,
            ..context.clone()
        };
        let mut line = read_in(&self.words(), &context);
        line.findings.retain(|finding| self.is_certain(finding));
        for finding in &mut line.findings {
            let at = finding.subject.index;
            let line = self
                .places
                .get(at)
                .map_or(self.lines.first, |(line, _)| *line);
            source.clone_into(&mut finding.subject.source);
            finding.subject.lines = Some(Lines::new(line, line));
        }
        line.findings.extend(self.trapped(source));
        line
    }

    /// Whether a finding does not depend on a value that is not known.
    fn is_certain(&self, finding: &Finding) -> bool {
        if self.unknown.is_empty() {
            return true;
        }
        // A variable may hold the option, or any number of them.
        let missing = matches!(
            finding.evidence,
            Evidence::ConfigFact(ConfigFact::MissingOption(_))
        );
        let secret = matches!(
            finding.evidence,
            Evidence::KeyFact(KeyFact::PassphraseOnCommandLine(_))
        );
        let at = finding.subject.index;
        let mut near = self.places.iter().skip(at).take(2);
        secret || !missing && !near.any(|(_, unknown)| unknown.is_some())
    }

    /// What the shell reads differently than it was meant.
    fn trapped(&self, source: &str) -> Vec<Finding> {
        let at = |line: usize| Subject {
            source: source.to_owned(),
            part: Part::Setting,
            index: 0,
            lines: Some(Lines::new(line, line)),
        };
        let shell = self.shell.title();
        let mut findings: Vec<Finding> = Vec::new();
        let mut returns = self
            .traps
            .iter()
            .filter(|(trap, _)| *trap == Trap::CarriageReturn);
        if let Some((_, line)) = returns.next() {
            findings.push(quoting(
                "the line ends with a carriage return (CR LF), which becomes part of its last word"
                    .to_owned(),
                r"remove the carriage returns: sed -i 's/\r$//' and the script".to_owned(),
                shell,
                at(*line),
            ));
        }
        for (trap, line) in &self.traps {
            findings.push(match trap {
                Trap::CarriageReturn => continue,
                Trap::BlankBehind => {
                    let fact = rule::config::LineContinuation {
                        problem: "a blank follows the character that continues the line".to_owned(),
                        wanted: self.shell.continues().to_string(),
                        shell: shell.to_owned(),
                    };
                    Finding::new(fact, at(*line))
                }
                Trap::OtherShell(c) => {
                    let fact = rule::config::LineContinuation {
                        problem: format!("`{c}` does not continue a line"),
                        wanted: self.shell.continues().to_string(),
                        shell: shell.to_owned(),
                    };
                    Finding::new(fact, at(*line))
                }
                Trap::Unclosed(mark) => quoting(
                    format!("the quotation mark {mark} is not closed"),
                    format!("close it with a second {mark}"),
                    shell,
                    at(*line),
                ),
                Trap::Backslashes => quoting(
                    "the backslashes of this path are removed".to_owned(),
                    "put the path between apostrophes ('…')".to_owned(),
                    shell,
                    at(*line),
                ),
                Trap::Apostrophes => quoting(
                    "apostrophes are not quotation marks here".to_owned(),
                    "use quotation marks (\"…\")".to_owned(),
                    shell,
                    at(*line),
                ),
            });
        }
        for line in &self.cut {
            let fact = rule::config::LineContinuation {
                problem: "the next line begins with an option, and this line is not continued"
                    .to_owned(),
                wanted: self.shell.continues().to_string(),
                shell: shell.to_owned(),
            };
            findings.push(Finding::new(fact, at(line.saturating_sub(1))));
        }
        findings
    }
}

fn quoting(problem: String, instead: String, shell: &str, subject: Subject) -> Finding {
    let fact = rule::config::ShellQuoting {
        problem,
        instead,
        shell: shell.to_owned(),
    };
    Finding::new(fact, subject)
}

/// Whether a word names the program `tsm`.
pub fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    ["tsm", "tsm.cmd", "tsm.exe", "tsm.bat"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}
