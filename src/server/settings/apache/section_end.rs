//! The ends of sections: which one a closing line ends, and which ones stay open.

use super::super::shown;
use super::{Open, Reader, lines, section};

impl Reader<'_, '_> {
    /// A section of this file that must be closed. A condition that holds needs none, nor
    /// do the sections in it (measured: 2.4.71); one that does not hold needs one.
    pub(super) fn unclosed(&self) -> Option<&Open> {
        let own = self.open.get(self.open_outside..).unwrap_or_default();
        let condition = |open: &&Open| section::CONDITIONS.contains(&open.name.as_str());
        let false_condition = own.iter().rev().filter(condition).find(|open| !open.counts);
        false_condition.or_else(|| own.iter().take_while(|open| !condition(open)).last())
    }

    /// Ends the innermost section.
    pub(super) fn leave(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.uncounted -= usize::from(!open.counts);
        self.directories -= usize::from(open.directory);
        self.doubts -= usize::from(open.doubt.is_some());
        let proxy = open.directory && open.name.starts_with("proxy");
        self.proxies -= usize::from(proxy);
        if proxy && self.proxies == 0 {
            self.end_proxy();
        }
    }

    pub(super) fn close(&mut self, section: &str, line: &lines::Line) {
        // httpd takes the first word, and removes one `>` from its end.
        let word = section.split([' ', '\t']).next().unwrap_or_default();
        let Some(name) = word.strip_suffix('>').map(str::to_ascii_lowercase) else {
            let message = format!("</{}> directive missing closing '>'", shown(word));
            self.refuse("", &message, line.first);
            return;
        };
        match self.open.last() {
            Some(open) if open.name == name && self.open.len() > self.open_outside => {
                let counted = self.counts();
                // For a condition that holds, the end tag must be the whole line (measured).
                let behind = section.get(word.len()..).unwrap_or_default().trim();
                if counted && section::CONDITIONS.contains(&name.as_str()) && !behind.is_empty() {
                    let message = format!(
                        "</{0}> without matching <{0}> section",
                        shown(word.trim_end_matches('>'))
                    );
                    self.refuse("", &message, line.first);
                }
                self.leave();
                if name == "virtualhost" && counted {
                    self.in_host = false;
                    if let Some(host) = self.hosts.last_mut()
                        && let Some(lines) = &mut host.lines
                    {
                        lines.last = line.last;
                    }
                }
            }
            _ => {
                let message = format!("</{0}> without matching <{0}> section", shown(&name));
                self.refuse("", &message, line.first);
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.check_loads();
        if self.open_macro.is_some() {
            self.refuse("", "<Macro> was not closed.", 1);
        }
        // Only the innermost open section is reported, as httpd does.
        if let Some(open) = self.unclosed() {
            let message = format!("<{}> was not closed.", shown(&open.name));
            let line = self
                .hosts
                .last()
                .and_then(|host| host.lines)
                .map_or(1, |lines| lines.first);
            self.refuse("", &message, line);
        }
    }
}
