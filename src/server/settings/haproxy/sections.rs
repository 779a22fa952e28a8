//! The first line of a section: its name, and whether another section already has it.
//! Measured: HAProxy 2.6.12.

use super::super::shown;
use super::Reader;

/// The first character that a name must not have (`invalid_char`).
pub(super) fn strange(name: &str) -> Option<char> {
    let usual = |c: char| c.is_ascii_alphanumeric() || "_:.-".contains(c);
    name.chars().find(|&c| !usual(c))
}

impl Reader<'_, '_> {
    /// HAProxy's message about the line, if it refuses it.
    pub(super) fn begins(&mut self, keyword: &'static str, arguments: &[String], number: usize) {
        let word = |place: usize| arguments.get(place).map_or("", String::as_str);
        let name = word(0);
        let refused = match keyword {
            "global" if !name.is_empty() => Some(format!(
                "'global' cannot handle unexpected argument '{}'.",
                shown(name)
            )),
            "global" | "defaults" => None,
            _ if name.is_empty() => Some(format!("'{keyword}' expects a name as an argument")),
            "peers" | "userlist" if !word(1).is_empty() => Some(format!(
                "'{keyword}' cannot handle unexpected argument '{}'.",
                shown(word(1))
            )),
            "frontend" | "listen" | "backend" | "peers" | "resolvers" => strange(name).map(|c| {
                format!(
                    "character '{c}' is not permitted in '{keyword}' name '{}'.",
                    shown(name)
                )
            }),
            _ => None,
        };
        if let Some(message) = refused {
            self.refuse(keyword, &message, number);
        } else if let Some(other) = self.taken(keyword, name) {
            let message = format!(
                "{keyword} '{0}' has the same name as {other} '{0}'.",
                shown(name)
            );
            self.refuse(keyword, &message, number);
        }
        self.server_names.clear();
        self.acls.clear();
        if !matches!(keyword, "global" | "defaults") {
            self.names.push((keyword, name.to_owned()));
        }
    }

    /// The kind of an earlier section whose name this one must not have.
    fn taken(&self, keyword: &str, name: &str) -> Option<&'static str> {
        let among: &[&str] = match keyword {
            "frontend" | "listen" => &["frontend", "listen"],
            "backend" => &["backend", "listen"],
            // A second list of users is ignored.
            "global" | "defaults" | "userlist" => return None,
            _ => &[keyword],
        };
        let mut earlier = self.names.iter();
        let (other, _) = earlier.find(|(kind, own)| own == name && among.contains(kind))?;
        Some(other)
    }

    /// The name of a `server` line.
    pub(super) fn names_server(&mut self, arguments: &[String], number: usize) {
        let [name, _, ..] = arguments else {
            let message = "'server' expects <name> and <addr>[:<port>] as arguments.";
            self.refuse("server", message, number);
            return;
        };
        if let Some(c) = strange(name) {
            let message = format!(
                "character '{c}' is not permitted in server name '{}'.",
                shown(name)
            );
            self.refuse("server", &message, number);
        } else if !self.server_names.insert(name.clone()) {
            let message = format!(
                "another server named '{}' was already defined, please use distinct names.",
                shown(name)
            );
            self.refuse("server", &message, number);
        }
    }
}
