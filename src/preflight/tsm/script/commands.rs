//! From words to commands: which of them run `tsm`, and which values variables get.

use super::directory::{self, Directory};
use super::lexer::{Lexed, Lexer, Token, Trap, Word};
use super::shell::Shell;
use super::variables::Variables;
use crate::preflight::tsm::is_command;
use crate::preflight::tsm::table::children;
use crate::source::Lines;

/// Commands within commands within commands.
const DEEPEST: usize = 8;

/// More words than a command line has.
const MOST_PARTS: usize = 4096;

/// A command of the script.
#[derive(Debug, Default)]
pub(super) struct Simple {
    pub(super) words: Vec<Word>,
    pub(super) lines: Option<Lines>,
    pub(super) traps: Vec<(Trap, usize)>,
    /// The line of a word that begins with a hyphen where a command should be: the line before it
    /// was meant to continue.
    pub(super) cut: Vec<usize>,
}

/// What is read from a script.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The words after `tsm`.
    pub(super) commands: Vec<Simple>,
    /// Lines with something else.
    pub(super) skipped: usize,
    /// Lines among them that run tsm in a form that is not read here.
    pub(super) hidden: Vec<usize>,
    /// Lines that change the directory, in their order.
    pub(super) changes: Vec<(usize, Directory)>,
    others: Vec<usize>,
}

/// Words after which a command begins.
pub(super) const KEYWORDS: &[&str] = &[
    "then", "else", "do", "if", "elif", "while", "until", "!", "{", "call", "exec", "builtin",
    "nohup", "time", "@", "&", "try", "return",
];

/// Programs that run another command, whose words follow their own options.
const LAUNCHERS: &[&str] = &[
    "sudo",
    "doas",
    "env",
    "timeout",
    "command",
    "start",
    "nice",
    "watch",
    "xargs",
    "invoke-command",
];

/// Commands that only print the words after them.
const SAY: &[&str] = &[
    "echo",
    "printf",
    "grep",
    "which",
    "write-host",
    "cat",
    "man",
    "-v",
];

/// Programs that run the command in one of their words.
const RUNS_TEXT: &[&str] = &[
    "eval",
    "invoke-expression",
    "iex",
    "su",
    "runuser",
    "bash",
    "sh",
    "ssh",
    "cmd",
    "pwsh",
    "powershell",
];

/// Reads the whole text.
pub(super) fn read(text: &str, shell: Shell, variables: &Variables) -> Read {
    let mut read = Read::default();
    text_at(text, 1, shell, variables, 0, &mut read);
    read.commands.sort_by_key(|command| command.lines);
    let mut own = std::collections::HashSet::new();
    for lines in read.commands.iter().filter_map(|command| command.lines) {
        own.extend(lines.first..=lines.last);
    }
    read.others.dedup();
    read.changes.sort_by_key(|(line, _)| *line);
    read.hidden.sort_unstable();
    read.hidden.dedup();
    read.skipped = read
        .others
        .iter()
        .filter(|line| !own.contains(line))
        .count();
    read
}

/// Notes what the text assigns to variables.
pub(super) fn assignments(text: &str, shell: Shell) -> Variables {
    /// A value of a value of a value.
    const CHAIN: usize = 4;
    let mut variables = Variables::default();
    for _ in 0..CHAIN {
        let lexed = Lexer::read(text, 1, shell, &variables);
        let mut next = Variables::default();
        for command in simple(lexed, shell) {
            assign(&command.words, shell, &mut next);
        }
        variables = next;
    }
    variables
}

fn text_at(
    text: &str,
    line: usize,
    shell: Shell,
    variables: &Variables,
    depth: usize,
    read: &mut Read,
) {
    if depth > DEEPEST {
        return;
    }
    let mut lexed = Lexer::read(text, line, shell, variables);
    let nested = std::mem::take(&mut lexed.nested);
    let documents = std::mem::take(&mut lexed.documents);
    let mut shells = std::collections::HashSet::new();
    for command in simple(lexed, shell) {
        if runs_its_input(&command.words) {
            shells.extend(command.words.iter().map(|word| word.line));
        }
        one(command, shell, variables, depth, read);
    }
    for (text, line) in nested {
        text_at(text, line, shell, variables, depth + 1, read);
    }
    for (text, line, command) in documents {
        if shells.contains(&command) {
            text_at(text, line, shell, variables, depth + 1, read);
        }
    }
}

/// One command: kept if it is one of tsm, counted if not.
fn one(mut command: Simple, shell: Shell, variables: &Variables, depth: usize, read: &mut Read) {
    if shell == Shell::PowerShell {
        power_shell(&mut command.words);
    }
    if let Some(at) = tsm_at(&command.words) {
        let words = command.words.split_off(at + 1);
        let first = command.words.pop().map_or(1, |word| word.line);
        let last = command.lines.map_or(first, |lines| lines.last);
        command.lines = Some(Lines::new(first, last.max(first)));
        command.words = words;
        read.commands.push(command);
        return;
    }
    let program = command
        .words
        .iter()
        .position(|word| !KEYWORDS.contains(&name(word).as_str()) && !is_assignment(word));
    if let Some(line) = command.lines.map(|lines| lines.first)
        && let Some([program, behind @ ..]) = program.and_then(|at| command.words.get(at..))
        && !program.quoted
    {
        let change = directory::change(&name(program), behind, line);
        read.changes.extend(change.map(|change| (line, change)));
    }
    let launcher = command.words.first().map(name).unwrap_or_default();
    let before = read.commands.len();
    // The command between the apostrophes of cmd's `for /f … in ('…')`.
    if shell == Shell::Cmd
        && let [word] = command.words.as_slice()
        && word.quoted
        && calls(&command.words)
    {
        text_at(&word.text, word.line, shell, variables, depth + 1, read);
    }
    if launches(&launcher) {
        for word in command.words.iter().skip(1) {
            let mentions = word.text.contains("tsm ") || word.text.contains("tsm.cmd ");
            if word.quoted && mentions {
                text_at(&word.text, word.line, shell, variables, depth + 1, read);
            }
        }
    }
    if before == read.commands.len() {
        let line = command.lines.map(|lines| lines.first);
        let says = command.words.iter().any(says);
        let starts = launcher == "start-process" && command.words.iter().any(is_tsm);
        if starts || !says && calls(&command.words) {
            read.hidden.extend(line);
        }
        if depth == 0 {
            read.others.extend(line);
        }
    }
}

/// `$answer = tsm …` is the command after the sign, and `--%` says only that nothing after it is
/// expanded. A string alone is a value, not a command.
fn power_shell(words: &mut Vec<Word>) {
    if let [left, equals, right, ..] = words.as_slice()
        && left.variable.is_some()
        && !equals.quoted
        && equals.text.ends_with('=')
    {
        let value = if right.quoted { words.len() } else { 2 };
        words.drain(..value);
    }
    words.retain(|word| word.quoted || word.text.as_str() != "--%");
}

/// Whether the words, or the text in one of them, have `tsm` before one of its commands.
fn calls(words: &[Word]) -> bool {
    let mut before = false;
    let parts = words.iter().flat_map(|word| word.text.split_whitespace());
    for part in parts.take(MOST_PARTS) {
        let part = part.trim_matches(['"', '\'', '(', ')', ';', '&', '|']);
        if before && is_command(part) {
            return true;
        }
        before = super::is_program(part);
    }
    false
}

/// Whether a program of this name runs another command.
fn launches(name: &str) -> bool {
    LAUNCHERS.contains(&name) || RUNS_TEXT.contains(&name)
}

/// Whether the command is a shell that reads commands from its input, here or elsewhere:
/// `ssh host <<EOF`, `sudo su - tableau <<EOF`, `sudo -i <<EOF`.
fn runs_its_input(words: &[Word]) -> bool {
    let runs = |word: &Word| RUNS_TEXT.contains(&name(word).as_str());
    let as_shell = |word: &Word| matches!(word.text.as_str(), "-i" | "-s");
    let sudo = |word: &Word| name(word) == "sudo";
    words.iter().any(runs) || words.iter().any(sudo) && words.iter().any(as_shell)
}

fn says(word: &Word) -> bool {
    SAY.contains(&name(word).as_str())
}

/// The position of `tsm`, if the command runs it.
fn tsm_at(words: &[Word]) -> Option<usize> {
    /// Options of a launcher before the command.
    const FAR: usize = 8;
    for (at, word) in words.iter().enumerate() {
        if is_tsm(word) {
            return Some(at);
        }
        let name = name(word);
        if is_assignment(word) || KEYWORDS.contains(&name.as_str()) {
            continue;
        }
        if !launches(&name) {
            return launched(words, at);
        }
        let behind = words.get(at + 1..)?;
        // `sudo -u tsm`, `su - tsm`: the name of a user.
        let user = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| behind.get(at));
            before
                .is_some_and(|word| ["-", "-u", "-l", "-g", "--user"].contains(&word.text.as_str()))
        };
        let mut near = behind.iter().take(FAR).enumerate();
        let found = near.find(|(at, word)| says(word) || is_tsm(word) && !user(*at));
        return match found {
            Some((found, word)) => is_tsm(word).then_some(at + 1 + found),
            None => launched(words, at),
        };
    }
    None
}

/// The position of `tsm` after a program that is not known, or of a variable in its place: only
/// if one of its commands follows.
fn launched(words: &[Word], from: usize) -> Option<usize> {
    let rest = words.get(from..)?;
    if rest.first().is_some_and(says) {
        return None;
    }
    // `$TSM security external-ssl enable …`, where the script does not say what $TSM is.
    let by_variable = |words: &[Word]| match words {
        [program, first, second, ..] => {
            program.unknown.is_some()
                && program.text.starts_with(['$', '%', '!'])
                && children(&[&first.text]).contains(&second.text.as_str())
        }
        _ => false,
    };
    let by_name = |words: &[Word]| match words {
        [program, command, ..] => is_tsm(program) && is_command(&command.text),
        _ => false,
    };
    let found = (0..rest.len().min(MOST_PARTS)).find(|at| {
        let words = rest.get(*at..).unwrap_or_default();
        by_name(words) || by_variable(words)
    })?;
    let before = rest.get(..found)?;
    (!before.iter().any(says)).then_some(from + found)
}

fn is_tsm(word: &Word) -> bool {
    !is_assignment(word) && super::is_program(&word.text)
}

/// The program of a word, without directories and ending.
pub(super) fn name(word: &Word) -> String {
    let text = word.text.trim_start_matches('@');
    let text = if text.is_empty() { "@" } else { text };
    let text = text.rsplit(['/', '\\']).next().unwrap_or_default();
    // Longer than any launcher, and maybe a secret.
    let text = text.get(..text.len().min(32)).unwrap_or_default();
    text.to_ascii_lowercase()
        .trim_end_matches(".exe")
        .to_owned()
}

pub(super) fn is_assignment(word: &Word) -> bool {
    let name = word.text.split_once('=').map(|(name, _)| name);
    name.is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The commands in the tokens. One that begins with an option continues the line before.
fn simple(lexed: Lexed<'_>, shell: Shell) -> Vec<Simple> {
    let mut commands: Vec<Simple> = Vec::new();
    let mut current = Simple::default();
    let mut by_line = true;
    for token in lexed.tokens {
        match token {
            Token::Word(word) => {
                let option = current.words.is_empty() && by_line && is_option(&word);
                if option && let Some(last) = commands.pop_if(|last| goes_on(last, word.line)) {
                    current = last;
                    current.cut.push(word.line);
                }
                let first = current.lines.map_or(word.line, |lines| lines.first);
                current.lines = Some(Lines::new(first, word.line));
                current.words.push(word);
            }
            Token::End | Token::Line => {
                by_line = matches!(token, Token::Line);
                if !current.words.is_empty() {
                    commands.push(std::mem::take(&mut current));
                }
            }
        }
    }
    let mut commands = commands.into_iter().peekable();
    let mut traps = lexed.traps.into_iter().peekable();
    let mut out = Vec::new();
    while let Some(mut command) = commands.next() {
        let next = commands
            .peek()
            .and_then(|next| next.lines)
            .map(|lines| lines.first);
        while let Some(trap) = traps.next_if(|(_, line)| next.is_none_or(|next| *line < next)) {
            command.traps.push(trap);
        }
        // PowerShell's `& tsm` and cmd's `@tsm`.
        if shell == Shell::Cmd
            && let Some(first) = command.words.first_mut()
            && let Some(rest) = first.text.strip_prefix('@')
        {
            first.text = zeroize::Zeroizing::new(rest.to_owned());
        }
        out.push(command);
    }
    out
}

fn is_option(word: &Word) -> bool {
    let text = word.text.as_str();
    text.len() > 2 && text.starts_with(['-', '\u{2013}', '\u{2014}']) && !word.quoted
}

/// Whether a line of options can belong to it: a tsm command on the line before.
fn goes_on(last: &Simple, line: usize) -> bool {
    let end = last.lines.map_or(0, |lines| lines.last);
    tsm_at(&last.words).is_some() && line == end + 1
}

fn assign(words: &[Word], shell: Shell, variables: &mut Variables) {
    let known = |word: &Word| word.unknown.is_none();
    match shell {
        Shell::Posix => {
            // `then A=1`, `do A=1`.
            let keywords = words
                .iter()
                .take_while(|word| !word.quoted && KEYWORDS.contains(&name(word).as_str()));
            let words = words.get(keywords.count()..).unwrap_or_default();
            let first = words.first().map(name).unwrap_or_default();
            let declares = ["export", "readonly", "local", "declare", "typeset"];
            if ["read", "for", "select", "unset", "mapfile", "getopts"].contains(&first.as_str()) {
                for word in words.iter().skip(1).filter(|word| is_name(&word.text)) {
                    variables.assign(shell, &word.text, None);
                    variables.assign(shell, &word.text, None);
                }
                return;
            }
            let skip = usize::from(declares.contains(&first.as_str()));
            for word in words.iter().skip(skip) {
                match word.text.split_once('=') {
                    Some((name, value)) if is_name(name) => {
                        variables.assign(shell, name, Some(value).filter(|_| known(word)));
                    }
                    Some((name, _)) if name.strip_suffix('+').is_some_and(is_name) => {
                        variables.assign(shell, name.trim_end_matches('+'), None);
                    }
                    _ if skip == 0 => break,
                    _ => {}
                }
            }
        }
        Shell::PowerShell => {
            let at = words.windows(2).position(|pair| match pair {
                [left, equals] => {
                    left.variable.is_some() && !equals.quoted && equals.text.ends_with('=')
                }
                _ => false,
            });
            if let Some([left, equals, right @ ..]) = at.and_then(|at| words.get(at..))
                && equals.text.ends_with('=')
                && let Some(name) = left.variable.as_deref()
            {
                let value = match right {
                    [value] if known(value) && equals.text.len() == 1 => Some(value.text.as_str()),
                    _ => None,
                };
                variables.assign(shell, name, value);
            }
        }
        Shell::Cmd => {
            // `if … set A=1`, `for … do set A=1`.
            let at = words.iter().position(|word| {
                let text = word.text.trim_start_matches('@');
                !word.quoted && text.eq_ignore_ascii_case("set")
            });
            let Some([_, rest @ ..]) = at.and_then(|at| words.get(at..)) else {
                return;
            };
            let joined = rest
                .iter()
                .map(|word| word.text.as_str())
                .collect::<Vec<_>>();
            let joined = zeroize::Zeroizing::new(joined.join(" "));
            let asks = joined.get(..2).is_some_and(|word| {
                word.eq_ignore_ascii_case("/p") || word.eq_ignore_ascii_case("/a")
            });
            let text = if asks {
                joined.get(2..).unwrap_or_default()
            } else {
                joined.as_str()
            };
            if let Some((name, value)) = text.split_once('=') {
                let value = Some(value).filter(|_| !asks && rest.iter().all(known));
                variables.assign(shell, name.trim(), value);
            }
        }
    }
}
