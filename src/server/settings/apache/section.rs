//! Sections: virtual hosts, conditions, and sections for requests.

use super::super::{Looked, path, shown};
use super::{Known, Open, Reader, lines, table};
use crate::rule;

/// The release whose behaviour was measured.
const VERSION: [u32; 3] = [2, 4, 71];

/// Sections whose directives apply to requests, not to the server.
const DIRECTORIES: &[&str] = &[
    "directory",
    "directorymatch",
    "files",
    "filesmatch",
    "location",
    "locationmatch",
    "proxy",
    "proxymatch",
    "limit",
    "limitexcept",
    "if",
    "elseif",
    "else",
];

/// Sections that httpd decides on when it reads their first line.
pub(super) const CONDITIONS: &[&str] = &[
    "ifdefine",
    "ifdirective",
    "iffile",
    "ifmodule",
    "ifsection",
    "ifversion",
];

impl Reader<'_, '_> {
    pub(super) fn opening(&mut self, section: &str, line: &lines::Line) {
        // httpd cuts at the last `>` and ignores the rest.
        let (inner, closed) = match section.rfind('>') {
            Some(at) => (section.get(..at).unwrap_or(section), true),
            None => (section.trim_end(), false),
        };
        // A quote before the name is a part of it.
        let end = inner.find([' ', '\t']).unwrap_or(inner.len());
        let (name, behind) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let arguments = &*lines::words(behind);
        let counted = self.counts();
        let written = format!("<{name}");
        if counted && !closed {
            let message = format!("<{}> directive missing closing '>'", shown(name));
            self.refuse(&written, &message, line.first);
        }
        if counted && self.admits(&written, line.first) {
            self.refuse_misplaced(&written, line.first);
        }
        let name = name.to_ascii_lowercase();
        if name == "macro" {
            if counted {
                self.begin_macro(arguments);
            } else {
                self.open_macro = Some((String::new(), super::Macro::default()));
            }
            return;
        }
        let first = arguments.first().map_or("", String::as_str);
        if counted && matches!(name.as_str(), "if" | "elseif") {
            // httpd takes only the first word as the expression.
            self.expression(&format!("<{name}>"), first, line);
            self.settings
                .httpd_decides(&name, &format!("<{name}>"), first);
        }
        if name == "virtualhost" && counted && self.in_host {
            let message = "<VirtualHost> cannot occur within <VirtualHost> section";
            self.refuse("<VirtualHost>", message, line.first);
        }
        if ["mdomain", "mdomainset"].contains(&name.as_str()) && counted {
            self.main.managed = true;
        }
        if name == "virtualhost" && counted {
            self.begin_host(arguments, line);
        }
        let condition = self.condition(&name, first, arguments, line.first);
        let counts = condition.is_none_or(Known::counts);
        let doubt = match condition {
            Some(Known::Assumed(assumed)) if counted => {
                let condition = format!("<{}>", shown(inner));
                if name == "ifdefine" {
                    let fact = rule::config::ConditionAssumed {
                        condition: condition.clone(),
                        assumed,
                    };
                    self.settings.note(fact, line.first);
                }
                Some((condition, line.first))
            }
            _ => None,
        };
        let directory = DIRECTORIES.contains(&name.as_str());
        let one = name.starts_with("directory")
            || name.starts_with("location")
            || name.starts_with("files");
        let patterns = usize::from(first == "~");
        let demanding = one
            || name == "virtualhost"
            || (name.starts_with("if") && CONDITIONS.contains(&name.as_str()));
        if counted && demanding && first.is_empty() {
            let message = format!("<{}> directive requires additional arguments", shown(&name));
            self.refuse(&written, &message, line.first);
        }
        if counted && one && arguments.len() > 1 + patterns {
            let message = format!("Multiple <{}> arguments not (yet) supported.", shown(&name));
            self.refuse(&written, &message, line.first);
        }
        self.uncounted += usize::from(!counts);
        self.directories += usize::from(directory);
        self.doubts += usize::from(doubt.is_some());
        if directory && name.starts_with("proxy") {
            self.proxies += 1;
            if counted && counts {
                self.begin_proxy();
            }
        }
        let everywhere = directory && may_be_every_request(&name, first);
        self.open.push(Open {
            name,
            counts,
            directory,
            everywhere,
            doubt,
        });
    }

    /// The result of a condition; `None`: the section is not a condition.
    fn condition(
        &mut self,
        name: &str,
        first: &str,
        arguments: &[String],
        line: usize,
    ) -> Option<Known> {
        let (negated, bare) = match first.strip_prefix('!') {
            Some(bare) => (true, bare),
            None => (false, first),
        };
        let known = match name {
            "ifmodule" => self.modules.has(bare, self.unread),
            // `-D NAME` on the command line may still define it.
            "ifdefine" if self.defines.contains_key(bare) => Known::Yes,
            "ifdefine" => Known::Assumed(false),
            "ifversion" => return Some(version(arguments)),
            "iffile" => self.there(bare, line),
            "ifdirective" => self.has_directive(bare),
            "ifsection" => {
                let bare = bare.trim_start_matches('<').trim_end_matches('>');
                self.has_directive(&format!("<{bare}"))
            }
            _ => return None,
        };
        Some(if negated { known.not() } else { known })
    }

    fn has_directive(&self, name: &str) -> Known {
        match table::named(name) {
            Some(known) => self.modules.serves(known.module, self.unread),
            None if self.unread || self.modules.has_unknown || !self.modules.are_listed() => {
                Known::Assumed(false)
            }
            None => Known::No,
        }
    }

    fn there(&mut self, file: &str, line: usize) -> Known {
        let full = path::join(&self.root, file);
        match self.settings.look(self.context, &full) {
            Some(Looked::Read(_) | Looked::Directory(_)) => Known::Yes,
            Some(Looked::Missing) => Known::No,
            Some(Looked::Unreadable(_)) => Known::Yes,
            None => {
                self.pending |= self.doubts == 0;
                let reason = format!("certcheck did not check {}", shown(&full));
                self.settings.not_judged("<IfFile>", reason, line);
                Known::Assumed(true)
            }
        }
    }

    /// Something relevant in a section that may or may not count.
    pub(super) fn doubted(&mut self, line: &str) {
        if self.doubts == 0 {
            return;
        }
        let (name, _) = lines::first_word(line);
        let name = name.trim_end_matches('>');
        let lower = name.to_ascii_lowercase();
        let matters = lower.starts_with("ssl")
            || lower.starts_with("include")
            || matches!(
                lower.as_str(),
                "listen" | "<virtualhost" | "use" | "servername"
            );
        if !matters || self.directories > 0 {
            return;
        }
        // A condition that certainly does not hold hides its contents.
        let certainly_not = |open: &Open| !open.counts && open.doubt.is_none();
        if self.open.iter().any(certainly_not) {
            return;
        }
        self.open_listen |= lower == "listen";
        let doubts: Vec<_> = self
            .open
            .iter()
            .filter_map(|open| open.doubt.clone())
            .collect();
        for (condition, at) in doubts {
            let reason = format!(
                "certcheck does not know whether this holds, and `{}` depends on it; set it with --define",
                shown(name)
            );
            if !self
                .settings
                .not_judged
                .iter()
                .any(|judged| judged.setting == condition)
            {
                self.settings.not_judged(&condition, reason, at);
            }
        }
    }
}

/// `<IfVersion [!]op version>` for 2.4.71; a comparison of patch levels is unknown for the target
/// machine.
fn version(arguments: &[String]) -> Known {
    let (operator, text) = match arguments {
        [one] => ("=", one.as_str()),
        [operator, text, ..] => (operator.as_str(), text.as_str()),
        [] => return Known::Assumed(true),
    };
    let (negated, operator) = match operator.strip_prefix('!') {
        Some(rest) => (true, if rest.is_empty() { "=" } else { rest }),
        None => (false, operator),
    };
    let parts: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
    let Some(parts) = parts.filter(|part| !part.is_empty() && part.len() <= 3) else {
        return Known::Assumed(true);
    };
    let mut wanted = [0; 3];
    for (place, part) in wanted.iter_mut().zip(&parts) {
        *place = *part;
    }
    let ordering = VERSION.cmp(&wanted);
    let value = match operator {
        "=" | "==" => ordering.is_eq(),
        ">" => ordering.is_gt(),
        ">=" => ordering.is_ge(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        _ => return Known::Assumed(true),
    };
    let value = value != negated;
    // Another release of 2.4 may answer differently.
    let series = wanted.first() == VERSION.first() && wanted.get(1) == VERSION.get(1);
    match (series && parts.len() == 3, value) {
        (true, value) => Known::Assumed(value),
        (false, true) => Known::Yes,
        (false, false) => Known::No,
    }
}

/// Whether the section may apply to every request. The files' location and an expression's value
/// for a request are unknown; a URL path is known.
fn may_be_every_request(name: &str, first: &str) -> bool {
    let is_pattern = first == "~" || first.contains(['*', '?', '[']);
    match name {
        "location" => is_pattern || matches!(first, "" | "/"),
        "files" => is_pattern,
        name if name.starts_with("proxy") => matches!(first, "/" | "*"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, version};

    #[test]
    fn versions_compare_as_in_mod_version() {
        let says = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            version(&words)
        };
        assert_eq!(says(">= 2.4"), Known::Yes);
        assert_eq!(says("< 2.0"), Known::No);
        assert_eq!(says("!< 2.0"), Known::Yes);
        assert_eq!(says(">= 2.4.8"), Known::Assumed(true));
        assert_eq!(says("~ 2.4"), Known::Assumed(true));
    }
}
