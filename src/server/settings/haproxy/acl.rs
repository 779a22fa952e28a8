//! `acl` lines, conditions and the samples in them: HAProxy does not start with a name that it
//! does not know. Measured: 2.6.12.

use super::super::{path, shown};
use super::{Reader, table};

/// Conditions that need no `acl` line (`default_acl_list`).
const PREDEFINED: &[&str] = &[
    "FALSE",
    "HTTP",
    "HTTP_1.0",
    "HTTP_1.1",
    "HTTP_2.0",
    "HTTP_CONTENT",
    "HTTP_URL_ABS",
    "HTTP_URL_SLASH",
    "HTTP_URL_STAR",
    "LOCALHOST",
    "METH_CONNECT",
    "METH_DELETE",
    "METH_GET",
    "METH_HEAD",
    "METH_OPTIONS",
    "METH_POST",
    "METH_PUT",
    "METH_TRACE",
    "RDP_COOKIE",
    "REQ_CONTENT",
    "TRUE",
    "WAIT_END",
];

/// Lines that may end with `if` or `unless` and a condition.
const CONDITIONAL: &[&str] = &[
    "force-persist",
    "http-after-response",
    "http-request",
    "http-response",
    "ignore-persist",
    "redirect",
    "tcp-request",
    "tcp-response",
    "use-server",
    "use_backend",
];

/// Lines whose words may contain `%[sample]`, which HAProxy parses immediately.
const FORMATS: &[&str] = &["http-after-response", "http-request", "http-response"];

/// A sample with its converters, `req.hdr(host),lower`: returns the text after it, or HAProxy's
/// message. `None` if it is unknown how HAProxy reads it.
pub(super) fn sample(text: &str) -> Option<Result<&str, String>> {
    let mut rest = text;
    for kind in std::iter::once("fetch").chain(std::iter::repeat("converter")) {
        let name = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
        let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
        let (own, behind) = rest.split_at_checked(end)?;
        if own.is_empty() {
            return None;
        }
        if !table::knows(kind, own) {
            let what = if kind == "fetch" {
                "fetch method"
            } else {
                kind
            };
            return Some(Err(format!("unknown {what} '{}'", shown(own))));
        }
        rest = match behind.strip_prefix('(') {
            None => behind,
            // Quotes may hide the end.
            Some(inside) => {
                let (arguments, behind) = inside.split_once(')')?;
                if arguments.contains(['"', '\'', '\\']) {
                    return None;
                }
                behind
            }
        };
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some(Ok(rest)),
        }
    }
    None
}

/// HAProxy's message about the words of a condition, if it refuses them.
fn condition(words: &[String], known: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.trim_start_matches('!') {
            "" | "or" | "||" => {}
            "{" => {
                let criterion = words.next()?;
                if let Some(Err(message)) = sample(criterion) {
                    return Some(message);
                }
                if !words.any(|word| word == "}") {
                    return Some("missing closing '}' in condition".to_owned());
                }
            }
            name if known(name) || PREDEFINED.contains(&name) => {}
            name => return Some(format!("no such ACL : '{}'", shown(name))),
        }
    }
    None
}

/// HAProxy's message about the samples of a format.
fn format(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let behind = rest.get(at + 1..)?;
        if let Some(other) = behind.strip_prefix('%') {
            rest = other;
            continue;
        }
        rest = behind;
        if let Some(inside) = behind.strip_prefix('[') {
            rest = match sample(inside)? {
                Err(message) => return Some(message),
                Ok(behind) => behind,
            };
        }
    }
    None
}

/// HAProxy's message about the words of `redirect`.
fn redirect(arguments: &[String]) -> Option<String> {
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "if" | "unless" => return None,
            "code" | "prefix" | "location" | "scheme" | "set-cookie" | "clear-cookie" => {
                let _ = words.next();
            }
            "drop-query" | "append-slash" | "ignore-empty" => {}
            other => {
                return Some(format!(
                    "expects 'code', 'prefix', 'location', 'scheme', 'set-cookie', 'clear-cookie', \
                     'drop-query', 'ignore-empty' or 'append-slash' (was '{}')",
                    shown(other)
                ));
            }
        }
    }
    None
}

impl Reader<'_, '_> {
    /// A line of a proxy.
    pub(super) fn conditions(&mut self, keyword: &str, arguments: &[String], number: usize) {
        if keyword != "acl" && !CONDITIONAL.contains(&keyword) {
            return;
        }
        // Patterns in a file.
        let files = arguments.iter().zip(arguments.iter().skip(1));
        for (_, file) in files.filter(|(flag, _)| *flag == "-f") {
            let file = path::join(self.context.base, file);
            let _ = self.settings.demanded(self.context, keyword, &file, number);
        }
        if keyword == "acl" {
            self.acl(arguments, number);
            return;
        }
        let at = arguments
            .iter()
            .position(|word| word == "if" || word == "unless");
        let words = at
            .and_then(|at| arguments.get(at + 1..))
            .unwrap_or_default();
        let known = |name: &str| self.acls.contains(name);
        let mut problem = condition(words, &known);
        if keyword == "redirect" {
            problem = problem.or_else(|| redirect(arguments));
        }
        if FORMATS.contains(&keyword) {
            let before = arguments.iter().take(at.unwrap_or(arguments.len()));
            problem = problem.or_else(|| before.into_iter().find_map(|word| format(word)));
        }
        if let Some(message) = problem {
            self.refuse(keyword, &message, number);
        }
    }

    fn acl(&mut self, arguments: &[String], number: usize) {
        let [name, criterion, ..] = arguments else {
            let message = "missing fetch method in ACL expression ''.";
            self.refuse("acl", message, number);
            return;
        };
        if name == "or" || name == "||" {
            let message = format!("acl name '{name}' will never match.");
            self.refuse("acl", &message, number);
        }
        if let Some(c) = super::sections::strange(name) {
            let message = format!(
                "character '{c}' is not permitted in acl name '{}'.",
                shown(name)
            );
            self.refuse("acl", &message, number);
        }
        if let Some(Err(problem)) = sample(criterion) {
            let message = format!(
                "error detected while parsing ACL '{}' : {problem} in ACL expression '{}'.",
                shown(name),
                shown(criterion)
            );
            self.refuse("acl", &message, number);
        }
        let _ = self.acls.insert(name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::{condition, format, sample};

    #[test]
    fn samples_as_measured() {
        for text in [
            "ssl_fc",
            "hdr(host)",
            "path_beg",
            "req.hdr(host),lower",
            "src,ipmask(24)",
        ] {
            assert!(matches!(sample(text), Some(Ok(""))), "{text}");
        }
        for text in ["ssl_foo", "hdr_foo(x)", "ssl_fc,foo", "lua.x"] {
            assert!(matches!(sample(text), Some(Err(_))), "{text}");
        }
    }

    #[test]
    fn conditions_as_measured() {
        let says = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            condition(&words, &|name| name == "own")
        };
        for text in [
            "TRUE or METH_GET !HTTP",
            "! { ssl_fc } || !{ ssl_fc }",
            "{ req.hdr(host),lower -m end x } own",
            "!own",
        ] {
            assert_eq!(says(text), None, "{text}");
        }
        for text in ["other", "{ ssl_fc", "own or { hdr_foo(x) y }"] {
            assert!(says(text).is_some(), "{text}");
        }
        assert_eq!(format("a %[hdr(x),lower] %% %[src]"), None);
        assert!(format("a %[hdr(x),foo]").is_some() && format("%[ssl_foo]").is_some());
    }
}
