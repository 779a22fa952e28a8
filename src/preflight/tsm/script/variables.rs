//! What a script says about its variables.

use super::shell::Shell;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// No option has a longer value.
const LONGEST: usize = 4096;

/// More variables than a script has.
const MOST: usize = 10_000;

/// The values that variables have wherever they are used: a variable that gets two values has no
/// known value.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: HashMap<String, Option<Zeroizing<String>>>,
}

impl Variables {
    /// The caller's (`--define NAME=VALUE`), which override the script's.
    pub(super) fn new<'d>(
        shell: Shell,
        given: impl IntoIterator<Item = (&'d str, &'d str)>,
    ) -> Self {
        let mut variables = Self::default();
        for (name, value) in given {
            let value = Zeroizing::new(value.to_owned());
            variables.known.insert(key(shell, name), Some(value));
        }
        variables
    }

    /// Notes an assignment; `None`: a value that is not known here.
    pub(super) fn assign(&mut self, shell: Shell, name: &str, value: Option<&str>) {
        let name = key(shell, name);
        if name.is_empty() || name.len() > LONGEST {
            return;
        }
        let value = value.filter(|value| value.len() <= LONGEST);
        let full = self.known.len() >= MOST;
        match self.known.get_mut(&name) {
            Some(old) => {
                let same = matches!((&*old, value), (Some(old), Some(new)) if old.as_str() == new);
                if !same {
                    *old = None;
                }
            }
            None if !full => {
                let value = value.map(|value| Zeroizing::new(value.to_owned()));
                self.known.insert(name, value);
            }
            None => {}
        }
    }

    /// The value of a variable, if known.
    pub(super) fn value(&self, shell: Shell, name: &str) -> Option<&str> {
        let value = self.known.get(&key(shell, name))?;
        value.as_ref().map(|value| value.as_str())
    }

    /// The same, but those of `given` are kept as they are.
    pub(super) fn over(mut self, given: Self) -> Self {
        self.known.extend(given.known);
        self
    }
}

/// cmd and PowerShell ignore case, and `$env:NAME` is a separate variable.
fn key(shell: Shell, name: &str) -> String {
    match shell {
        Shell::Posix => name.to_owned(),
        Shell::PowerShell | Shell::Cmd => name.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shell, Variables};

    #[test]
    fn a_second_value_leaves_none() {
        let mut variables = Variables::default();
        variables.assign(Shell::Posix, "A", Some("1"));
        assert_eq!(variables.value(Shell::Posix, "A"), Some("1"));
        assert_eq!(variables.value(Shell::Posix, "a"), None);
        variables.assign(Shell::Posix, "A", Some("1"));
        assert_eq!(variables.value(Shell::Posix, "A"), Some("1"));
        variables.assign(Shell::Posix, "A", Some("2"));
        assert_eq!(variables.value(Shell::Posix, "A"), None);
        variables.assign(Shell::Cmd, "Cert", Some("x"));
        assert_eq!(variables.value(Shell::Cmd, "CERT"), Some("x"));
    }
}
