//! From words to commands: which of them run `tsm`, and which values variables get.

use super::lexer::{Lexed, Lexer, Token, Trap, Word};
use super::shell::Shell;
use super::variables::Variables;
use crate::source::Lines;

/// Commands within commands within commands.
const DEEPEST: usize = 8;

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
    others: Vec<usize>,
}

/// Words after which a command begins.
const KEYWORDS: &[&str] = &[
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
    "cmd",
    "ssh",
    "su",
    "runuser",
    "nice",
    "watch",
    "xargs",
    "pwsh",
    "powershell",
    "bash",
    "sh",
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
    for command in simple(lexed, shell) {
        one(command, shell, variables, depth, read);
    }
    for (text, line) in nested {
        text_at(text, line, shell, variables, depth + 1, read);
    }
}

/// One command: kept if it is one of tsm, counted if not.
fn one(mut command: Simple, shell: Shell, variables: &Variables, depth: usize, read: &mut Read) {
    if let Some(at) = tsm_at(&command.words) {
        let words = command.words.split_off(at + 1);
        let first = command.words.pop().map_or(1, |word| word.line);
        let last = command.lines.map_or(first, |lines| lines.last);
        command.lines = Some(Lines::new(first, last.max(first)));
        command.words = words;
        read.commands.push(command);
        return;
    }
    let launcher = command.words.first().map(name).unwrap_or_default();
    let before = read.commands.len();
    if [RUNS_TEXT, LAUNCHERS]
        .iter()
        .any(|all| all.contains(&launcher.as_str()))
    {
        for word in command.words.iter().skip(1) {
            let mentions = word.text.contains("tsm ") || word.text.contains("tsm.cmd ");
            if word.quoted && mentions {
                text_at(&word.text, word.line, shell, variables, depth + 1, read);
            }
        }
    }
    if before == read.commands.len() && depth == 0 {
        read.others.extend(command.lines.map(|lines| lines.first));
    }
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
        if !LAUNCHERS.contains(&name.as_str()) {
            return None;
        }
        let behind = words.get(at + 1..)?;
        let says = |word: &Word| SAY.contains(&self::name(word).as_str());
        // `sudo -u tsm`, `su - tsm`: the name of a user.
        let user = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| behind.get(at));
            before
                .is_some_and(|word| ["-", "-u", "-l", "-g", "--user"].contains(&word.text.as_str()))
        };
        let mut near = behind.iter().take(FAR).enumerate();
        let (found, word) = near.find(|(at, word)| says(word) || is_tsm(word) && !user(*at))?;
        return is_tsm(word).then_some(at + 1 + found);
    }
    None
}

fn is_tsm(word: &Word) -> bool {
    super::is_program(&word.text)
}

/// The program of a word, without directories and ending.
fn name(word: &Word) -> String {
    let text = word.text.trim_start_matches('@');
    let text = if text.is_empty() { "@" } else { text };
    let text = text.rsplit(['/', '\\']).next().unwrap_or_default();
    // Longer than any launcher, and maybe a secret.
    let text = text.get(..text.len().min(32)).unwrap_or_default();
    text.to_ascii_lowercase()
        .trim_end_matches(".exe")
        .to_owned()
}

fn is_assignment(word: &Word) -> bool {
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
            if let [left, equals, right @ ..] = words
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
            let [set, rest @ ..] = words else { return };
            if !set.text.eq_ignore_ascii_case("set") {
                return;
            }
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
