//! The prompt of a shell, which administrators copy along with the command: `$ tsm …`,
//! `user@host:~$ tsm …`, `C:\\> tsm …`, `PS C:\\ssl> tsm …`.

use super::is_program;
use zeroize::Zeroizing;

/// No prompt is longer.
const LONGEST: usize = 200;

/// The text without the prompts before `tsm`; its lines keep their numbers.
pub(super) fn without(text: &str) -> Zeroizing<String> {
    // As large as the text from the beginning: growing would leave copies of passwords behind.
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.split_inclusive('\n') {
        out.push_str(behind_prompt(line).unwrap_or(line));
    }
    out
}

/// What follows the prompt, if the line begins with one and a command of tsm follows.
fn behind_prompt(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mut from = 0;
    while let Some(end) = line.get(from..)?.find(['$', '>', '#', '%']) {
        let end = from + end;
        if end > LONGEST {
            return None;
        }
        let (prompt, rest) = (line.get(..end)?, line.get(end + 1..)?);
        let mut words = rest.split_whitespace();
        let first = words
            .next()
            .filter(|word| *word != "sudo")
            .or_else(|| words.next());
        let spaced = rest.starts_with(' ') || line.get(end..)?.starts_with('>');
        if spaced && first.is_some_and(is_program) && is_prompt(prompt, line.get(end..)?) {
            return Some(rest.trim_start());
        }
        from = end + 1;
    }
    None
}

/// Whether what is before the last character of a prompt is one.
fn is_prompt(before: &str, end: &str) -> bool {
    let before = before.trim_end();
    if end.starts_with('>') {
        let path = before.strip_prefix("PS").unwrap_or(before).trim_start();
        let mut chars = path.chars();
        let drive =
            chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
        return drive || path.is_empty();
    }
    // A number sign alone begins a comment.
    before.is_empty() && end.starts_with('$') || is_user_at_host(before)
}

/// `user@host:~` or `[user@host ssl]`: nothing is before the user but the bracket.
fn is_user_at_host(before: &str) -> bool {
    let user = before.strip_prefix('[').unwrap_or(before).split_once('@');
    let named = user.is_some_and(|(user, _)| {
        let of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '\\');
        !user.is_empty() && user.chars().all(of_a_name)
    });
    named && !before.contains(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn prompts_are_left_out() {
        for (line, command) in [
            ("$ tsm stop", "tsm stop"),
            ("  $ sudo tsm stop\n", "sudo tsm stop\n"),
            ("C:\\> tsm stop", "tsm stop"),
            ("C:\\Program Files>tsm stop", "tsm stop"),
            ("PS C:\\ssl> tsm stop", "tsm stop"),
            ("PS> tsm stop", "tsm stop"),
            ("admin@host:~$ tsm stop", "tsm stop"),
            ("[root@host ssl]# tsm stop", "tsm stop"),
        ] {
            assert_eq!(without(line).as_str(), command);
        }
        for line in [
            "# tsm stop",
            "# ask ops@example.org: # tsm stop",
            "# ops@host$ tsm stop",
            "tsm stop > tsm",
            "echo a > b",
            "$TSM stop",
            "echo $X tsm stop",
            "",
            "a\nb",
        ] {
            assert_eq!(without(line).as_str(), line);
        }
    }
}
