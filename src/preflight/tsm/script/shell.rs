//! The shells whose scripts are read, and how one is recognised.

/// A family of shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shell {
    /// sh, bash, dash, ksh, zsh.
    Posix,
    /// Windows PowerShell and PowerShell.
    PowerShell,
    /// The command prompt of Windows, and its batch files.
    Cmd,
}

impl Shell {
    /// The names that [`Shell::named`] knows first.
    pub const ALL: [Self; 3] = [Self::Posix, Self::PowerShell, Self::Cmd];

    /// `posix`, `powershell` or `cmd`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posix => "posix",
            Self::PowerShell => "powershell",
            Self::Cmd => "cmd",
        }
    }

    /// What it is called in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Posix => "a POSIX shell",
            Self::PowerShell => "PowerShell",
            Self::Cmd => "cmd",
        }
    }

    /// The shell of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shell| shell.as_str() == name)
    }

    /// The character that continues a line.
    pub(super) const fn continues(self) -> char {
        match self {
            Self::Posix => '\\',
            Self::PowerShell => '`',
            Self::Cmd => '^',
        }
    }

    /// The shell of a script called `name`, by its name, its first line, and otherwise by how it
    /// continues lines and names files.
    pub fn of(name: &str, text: &str) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("sh" | "bash" | "ksh" | "zsh") => return Self::Posix,
            Some("ps1" | "psm1") => return Self::PowerShell,
            Some("cmd" | "bat") => return Self::Cmd,
            _ => {}
        }
        let first = text.lines().next().unwrap_or_default();
        if first.starts_with("#!") {
            let power = first.contains("pwsh") || first.contains("powershell");
            return if power { Self::PowerShell } else { Self::Posix };
        }
        Self::by_lines(text)
    }

    /// The first line that is possible in only one of them decides.
    fn by_lines(text: &str) -> Self {
        /// The most lines that are examined.
        const MOST: usize = 10_000;
        for line in text.lines().take(MOST) {
            let line = line.trim();
            let lower = line.get(..line.len().min(16)).unwrap_or(line);
            let lower = lower.to_ascii_lowercase();
            let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
            if starts(&["@echo", "rem ", "::", "setlocal", "set \""]) || line.ends_with('^') {
                return Self::Cmd;
            }
            let assigns = line
                .strip_prefix('$')
                .is_some_and(|rest| rest.split_whitespace().nth(1) == Some("="));
            if starts(&["write-", "<#", "param(", "$env:"]) || assigns || line.ends_with('`') {
                return Self::PowerShell;
            }
            if line.ends_with('\\') {
                return Self::Posix;
            }
        }
        // A Windows path with backslashes is a path only in cmd and PowerShell.
        let windows = |line: &str| line.contains("tsm.cmd") || line.contains(":\\");
        if text.lines().take(MOST).any(windows) {
            return Self::Cmd;
        }
        Self::Posix
    }
}

#[cfg(test)]
mod tests {
    use super::Shell;

    #[test]
    fn names_and_texts_decide() {
        for (name, text, shell) in [
            ("a.sh", "tsm login ^\r\n", Shell::Posix),
            ("A.PS1", "", Shell::PowerShell),
            ("a.bat", "", Shell::Cmd),
            ("-", "#!/bin/bash\n", Shell::Posix),
            ("-", "#!/usr/bin/env pwsh\n", Shell::PowerShell),
            ("-", "tsm login `\n -u x\n", Shell::PowerShell),
            ("-", "tsm login ^\n -u x\n", Shell::Cmd),
            ("-", "tsm login \\\n -u x\n", Shell::Posix),
            ("x.txt", "@echo off\ntsm login\n", Shell::Cmd),
            ("x", "$cert = 'a'\n", Shell::PowerShell),
            (
                "x",
                "tsm security custom-cert add -c C:\\a.crt\n",
                Shell::Cmd,
            ),
            ("x", "tsm login\n", Shell::Posix),
            ("", "", Shell::Posix),
        ] {
            assert_eq!(Shell::of(name, text), shell, "{name} {text:?}");
        }
        assert_eq!(Shell::named("cmd"), Some(Shell::Cmd));
        assert_eq!(Shell::named("fish"), None);
    }
}
