//! Where a directive is allowed, how often, and with which arguments.

use super::super::version::Admission;
use super::super::{Settings, shown};
use super::table::{self, Directive};
use super::token::{End, Statement};
use std::collections::HashSet;

/// Blocks whose lines are not directives: `types`, `map`, `geo`, and those of unknown modules.
pub(super) const FREE: &str = "free";

/// A fragment that another file includes in an unknown block.
const FRAGMENT: &str = "fragment";

/// One open block, for the checks.
pub(super) struct Nest {
    pub(super) context: &'static str,
    seen: HashSet<String>,
}

/// Whether this is a whole nginx.conf, not a fragment of one.
pub(super) fn is_whole(statements: &[Statement]) -> bool {
    let mut depth = 0usize;
    statements.iter().any(|statement| {
        let top = depth == 0;
        match statement.end {
            End::Open => depth += 1,
            End::Close => depth = depth.saturating_sub(1),
            End::Simple => {}
        }
        let name = statement.words.first().map_or("", String::as_str);
        top && statement.end == End::Open && matches!(name, "events" | "http" | "stream" | "mail")
    })
}

/// Whether modules are loaded whose directives are not in the table.
pub(super) fn may_have_unknown_modules(statements: &[Statement]) -> bool {
    let ours = ["ngx_stream_module.so", "ngx_mail_module.so"];
    statements.iter().any(|statement| {
        let mut words = statement.words.iter();
        words.next().is_some_and(|name| name == "load_module")
            && words
                .next()
                .is_some_and(|path| !ours.iter().any(|module| path.ends_with(module)))
    })
}

/// What the block `name` is, in a block of that kind.
pub(super) fn inner(within: &str, name: &str) -> &'static str {
    match (within, name) {
        ("main", "http") => "http",
        ("main", "events") => "events",
        ("main", "stream") => "stream",
        ("main", "mail") => "mail",
        ("stream", "server") => "stream-server",
        ("stream", "upstream") => "stream-upstream",
        ("mail", "server") => "mail-server",
        ("http" | FRAGMENT, "server") => "server",
        ("http" | FRAGMENT, "upstream") => "upstream",
        ("server" | "location" | FRAGMENT, "location") => "location",
        ("server", "if") => "server-if",
        ("location" | FRAGMENT, "if") => "location-if",
        ("location", "limit_except") => "limit_except",
        _ => FREE,
    }
}

impl Nest {
    pub(super) fn new(context: &'static str) -> Self {
        Self {
            context,
            seen: HashSet::new(),
        }
    }

    pub(super) fn top(whole: bool) -> Self {
        Self::new(if whole { "main" } else { FRAGMENT })
    }

    /// Whether nginx accepts the statement here; otherwise its message is recorded.
    pub(super) fn check(
        &mut self,
        statement: &Statement,
        (unknown_modules, modules): (bool, &[&str]),
        settings: &mut Settings,
    ) -> bool {
        let line = statement.lines.first;
        let name = statement.words.first().map_or("", String::as_str);
        if name == "include" {
            let fits = statement.words.len() == 2 && statement.end == End::Simple;
            if !fits && self.context != FREE {
                let message = "invalid number of arguments in \"include\" directive";
                settings.refuse_at(name, message, "by `nginx -t`", line);
            }
            return true;
        }
        if self.context == FREE {
            return true;
        }
        let known = table::named(name);
        settings.depends_on(name, line);
        match settings.admission(name, !known.is_empty()) {
            Admission::Takes => {}
            Admission::NotJudged if matches!(name, "http2" | "http3") => {
                return self.flag(name, statement, settings);
            }
            Admission::NotJudged => {
                settings.known_by_name(name, line);
                return false;
            }
            Admission::Refuses => {
                unknown(name, line, unknown_modules, settings);
                return false;
            }
        }
        let here: Vec<&Directive> = known
            .iter()
            .filter(|directive| self.context == FRAGMENT || directive.stands_in(self.context))
            .collect();
        let message = self.message(name, &here, statement);
        if let Some(message) = &message {
            settings.refuse_at(name, message, "by `nginx -t`", line);
        } else if matches!(name, "stream" | "mail")
            && self.context == "main"
            && !unknown_modules
            && !modules.contains(&name)
        {
            let reason = "certcheck does not know whether the module is built in or loaded";
            settings.not_judged(name, reason, line);
        }
        message.is_none()
    }

    fn message(
        &mut self,
        name: &str,
        here: &[&Directive],
        statement: &Statement,
    ) -> Option<String> {
        if here.is_empty() {
            return Some(format!("\"{name}\" directive is not allowed here"));
        }
        let opens = statement.end == End::Open;
        let fitting: Vec<_> = here
            .iter()
            .filter(|directive| directive.block == opens)
            .collect();
        if fitting.is_empty() {
            return Some(if opens {
                format!("directive \"{name}\" is not terminated by \";\"")
            } else {
                format!("directive \"{name}\" has no opening \"{{\"")
            });
        }
        let arguments = statement.words.get(1..).unwrap_or_default();
        let Some(one) = fitting
            .iter()
            .find(|fitting| fitting.takes(arguments.len()))
        else {
            return Some(format!(
                "invalid number of arguments in \"{name}\" directive"
            ));
        };
        // In a fragment, two lines may belong to two places.
        if one.stands_once(name) && self.context != FRAGMENT && !self.seen.insert(name.to_owned()) {
            return Some(format!("\"{name}\" directive is duplicate"));
        }
        one.refuses(name, arguments)
    }
}

impl Nest {
    /// `http2 on` and `http3 on`, in the versions that have them: one word in `http` or
    /// `server`, once.
    fn flag(&mut self, name: &str, statement: &Statement, settings: &mut Settings) -> bool {
        let value = statement.words.get(1).map_or("", String::as_str);
        let message = if !matches!(self.context, "http" | "server" | FRAGMENT) {
            format!("\"{name}\" directive is not allowed here")
        } else if statement.end == End::Open {
            format!("directive \"{name}\" is not terminated by \";\"")
        } else if statement.words.len() != 2 {
            format!("invalid number of arguments in \"{name}\" directive")
        } else if self.context != FRAGMENT && !self.seen.insert(name.to_owned()) {
            format!("\"{name}\" directive is duplicate")
        } else if !value.eq_ignore_ascii_case("on") && !value.eq_ignore_ascii_case("off") {
            format!(
                "invalid value \"{}\" in \"{name}\" directive, it must be \"on\" or \"off\"",
                shown(value)
            )
        } else {
            return true;
        };
        settings.refuse_at(name, &message, "by `nginx -t`", statement.lines.first);
        false
    }
}

fn unknown(name: &str, line: usize, unknown_modules: bool, settings: &mut Settings) {
    let mut message = format!("unknown directive \"{}\"", shown(name));
    if name.starts_with('\u{feff}') {
        message.push_str(": the file begins with a byte order mark");
    }
    message.push_str(&settings.other_versions(name, "nginx 1.22", table::of_other_versions(name)));
    if unknown_modules && !name.starts_with("ssl_") {
        let reason = format!("{message}, but a module that is loaded may know it");
        settings.not_judged(name, reason, line);
    } else {
        settings.refuse_at(name, &message, "by `nginx -t`", line);
    }
}
