//! A crt-list: one certificate per line, followed by its own settings in `[…]` and its names
//! (`crtlist_parse_file`, `crtlist_parse_line` of 2.6.12).

use super::super::{Context, NamedPath, Placed, Scope, Selection, Settings, path, shown};
use super::global::Global;
use super::{TEST, certificates, line, stores, values};
use crate::rule;
use crate::source::Lines;

/// `CRT_LINESIZE` - 1: the part of a line that `fgets` reads.
const LONGEST_LINE: usize = 65535;

/// `MAX_CRT_ARGS` of 2.6.
const MOST_WORDS: usize = 2048;

/// `tune.bufsize`'s default: a name is put into a buffer of this size.
const LONGEST_NAME: usize = 16384;

/// The words in `[…]`, and how many arguments each takes (`ssl_crtlist_kws`).
const OPTIONS: &[(&str, usize)] = &[
    ("allow-0rtt", 0),
    ("alpn", 1),
    ("ca-file", 1),
    ("ca-verify-file", 1),
    ("ciphers", 1),
    ("ciphersuites", 1),
    ("crl-file", 1),
    ("curves", 1),
    ("ecdhe", 1),
    ("no-ca-names", 0),
    ("npn", 1),
    ("ssl-min-ver", 1),
    ("ssl-max-ver", 1),
    ("verify", 1),
];

/// A line that names a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry<'t> {
    file: &'t str,
    options: Vec<&'t str>,
    filters: Vec<&'t str>,
}

/// The files of a `crt-list`, and what it says about each.
pub(super) fn read(
    list: &NamedPath,
    base: &str,
    line: usize,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Vec<(NamedPath, Selection)> {
    let Some(bytes) = settings.demanded(context, "crt-list", &list.path, line) else {
        if settings
            .not_judged
            .iter()
            .any(|judged| judged.setting == "crt-list" && judged.lines.first == line)
        {
            let fact = rule::config::IncludeNotRead {
                directive: "crt-list".to_owned(),
                path: shown(&list.written),
            };
            settings.note(fact, line);
        }
        return Vec::new();
    };
    settings.read_beside(&list.path);
    let mut found = Vec::new();
    let mut reader = Reader {
        list,
        line,
        global,
        context,
        settings,
    };
    for (index, row) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if found.len() >= certificates::MOST {
            let reason = "it names more certificates than certcheck checks";
            reader.settings.not_judged("crt-list", reason, line);
            break;
        }
        if !reader.row(row, index + 1, base, &mut found) {
            break;
        }
    }
    found
}

struct Reader<'a, 'c> {
    list: &'a NamedPath,
    line: usize,
    global: &'a Global,
    context: &'a Context<'c>,
    settings: &'a mut Settings,
}

impl Reader<'_, '_> {
    fn refuse(&mut self, number: usize, problem: &str) {
        let message = format!(
            "'crt-list' : parsing [{}:{number}]: {problem}",
            shown(&self.list.written)
        );
        self.settings
            .refuse_at("crt-list", &message, TEST, self.line);
    }

    /// One line; whether HAProxy would read the next one.
    fn row(
        &mut self,
        row: &[u8],
        number: usize,
        base: &str,
        found: &mut Vec<(NamedPath, Selection)>,
    ) -> bool {
        if row.len() > LONGEST_LINE {
            let problem = format!("line too long, limit is {LONGEST_LINE} characters");
            self.refuse(number, &problem);
            return false;
        }
        if row.starts_with(b"#") || row.starts_with(b"\n") || row.starts_with(b"\r") {
            return true;
        }
        let Some(row) = row.strip_suffix(b"\n") else {
            self.refuse(
                number,
                "Missing LF on last line, file might have been truncated",
            );
            return false;
        };
        if row.contains(&0) {
            self.refuse(number, "Stray NUL character");
            return false;
        }
        let text = String::from_utf8_lossy(row);
        let entry = match parse(&text) {
            Ok(Some(entry)) => entry,
            Ok(None) => return true,
            Err(problem) => {
                self.refuse(number, problem);
                return false;
            }
        };
        let mut selection = Selection::default();
        self.options(&entry.options, number, &mut selection);
        let name = |text: &&str| text.trim_start_matches('!').len() >= LONGEST_NAME;
        if entry.filters.iter().any(name) {
            self.refuse(number, "a name is too long");
        }
        let file = NamedPath {
            written: entry.file.to_owned(),
            path: path::join(base, entry.file),
            ..self.list.clone()
        };
        if !entry.filters.is_empty() {
            let names = entry.filters.iter().map(|&filter| filter.to_owned());
            selection.names = Some(names.collect());
        }
        let files = certificates::of(
            &file,
            true,
            self.line,
            self.global,
            self.context,
            self.settings,
        );
        found.extend(files.into_iter().map(|file| (file, selection.clone())));
        true
    }

    /// A line's settings for its own certificate.
    fn options(&mut self, words: &[&str], number: usize, selection: &mut Selection) {
        let mut rest = words.iter();
        while let Some(&word) = rest.next() {
            let Some(&(_, count)) = OPTIONS.iter().find(|known| known.0 == word) else {
                self.refuse(number, &format!("unknown ssl keyword {}", shown(word)));
                return;
            };
            let value = if count == 0 { Some(&"") } else { rest.next() };
            let Some(&value) = value else {
                let problem = format!("ssl args out of '[]' for {}", shown(word));
                self.refuse(number, &problem);
                return;
            };
            self.option(word, value, selection);
        }
    }

    fn option(&mut self, word: &str, value: &str, selection: &mut Selection) {
        let base = line::base(&self.global.ca_base, self.context);
        if let Err(message) = values::option("bind", word, value) {
            let message = format!("'crt-list' : {message}");
            self.settings
                .refuse_at("crt-list", &message, TEST, self.line);
            return;
        }
        let lines = Some(Lines::new(self.line, self.line));
        match word {
            "alpn" | "npn" | "allow-0rtt" | "no-ca-names" => {}
            "ssl-min-ver" => selection.oldest = Some(value.to_owned()),
            "ssl-max-ver" => selection.newest = Some(value.to_owned()),
            "ca-file" => {
                let file = NamedPath {
                    setting: "ca-file",
                    written: value.to_owned(),
                    path: path::join(base, value),
                    lines,
                };
                let known = stores::trusted(
                    file,
                    &self.global.ca_base,
                    self.line,
                    self.context,
                    self.settings,
                );
                selection.ca = Some(known.files);
                selection.ca_elsewhere |= known.elsewhere;
            }
            "ca-verify-file" | "crl-file" => {
                selection.ca_elsewhere |= word == "ca-verify-file";
                if !stores::is_of_system(value, &self.global.ca_base) {
                    let file = path::join(base, value);
                    stores::check(word, &file, self.line, self.context, self.settings);
                }
            }
            "verify" => {
                let value = line::client_auth(value);
                selection.client_auth = Some(Placed { value, lines });
            }
            "ciphers" if super::super::openssl::refuses_ciphers(value) => {
                let message = format!("unable to set SSL cipher list to '{}'", shown(value));
                self.settings.refuse_at(word, &message, TEST, self.line);
            }
            "ciphers" => {
                let own = Scope {
                    tls: true,
                    ciphers: Some(Placed {
                        value: value.to_owned(),
                        lines,
                    }),
                    ..Scope::default()
                };
                self.settings.check_ciphers(word, &own, TEST);
                selection.ciphers = own.ciphers;
            }
            "ciphersuites" => {
                super::extras::suites(word, value, self.line, self.settings);
                let value = value.to_owned();
                selection.suites13 = Some(Placed { value, lines });
            }
            "curves" | "ecdhe" => {
                // The groups are already chosen when the name selects a certificate
                // (measured: 2.6.12).
                if !super::extras::refuses_curves(word, value, self.line, self.settings) {
                    let reason = "HAProxy checks the curves of a single certificate and uses those \
                                  of the `bind` line, else OpenSSL's own";
                    self.settings.ignored(word, value, reason, self.line);
                }
            }
            _ => {
                let reason = format!(
                    "certcheck does not judge `{}` for single certificates",
                    shown(word)
                );
                self.settings.not_judged("crt-list", reason, self.line);
            }
        }
    }
}

/// The words of a line. Blanks and brackets separate words, brackets even without a blank; there
/// are no quotes.
fn parse(row: &str) -> Result<Option<Entry<'_>>, &'static str> {
    let mut words: Vec<&str> = Vec::new();
    let (mut opened, mut closed) = (None, None);
    let mut begun: Option<usize> = None;
    for (at, c) in row.char_indices() {
        let ends = c == '[' || c == ']' || matches!(c, ' ' | '\t'..='\r');
        if !ends {
            let _ = begun.get_or_insert(at);
            continue;
        }
        words.extend(begun.take().and_then(|from| row.get(from..at)));
        match c {
            '[' if opened.is_some() => return Err("too many '['"),
            '[' if words.is_empty() => return Err("file must start with a cert"),
            '[' => opened = Some(words.len()),
            ']' if closed.is_some() => return Err("too many ']'"),
            ']' if opened.is_none() => return Err("missing '['"),
            ']' => closed = Some(words.len()),
            _ => {}
        }
        if words.len() > MOST_WORDS {
            return Err("too many args");
        }
    }
    words.extend(begun.and_then(|from| row.get(from..)));
    let Some((&file, rest)) = words.split_first() else {
        return Ok(None);
    };
    // Without `]`, the brackets are empty, and everything after `[` is a name.
    let from = opened.unwrap_or(1);
    let to = closed.unwrap_or(from).max(from);
    let slice = |from: usize, to: usize| rest.get(from - 1..to - 1).unwrap_or_default().to_vec();
    Ok(Some(Entry {
        file,
        options: slice(from, to),
        filters: slice(to, words.len()),
    }))
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// What `haproxy -c` 2.6.12 said.
    #[test]
    fn lines_as_measured() {
        let both = |row: &str| {
            let entry = parse(row).expect(row).expect(row);
            (entry.options.join(" "), entry.filters.join(" "))
        };
        let pair = |options: &str, filters: &str| (options.to_owned(), filters.to_owned());
        assert_eq!(both("a.pem"), pair("", ""));
        assert_eq!(both("a.pem x !y"), pair("", "x !y"));
        assert_eq!(both("a.pem[alpn h2]x"), pair("alpn h2", "x"));
        assert_eq!(both("a.pem [] x"), pair("", "x"));
        assert_eq!(both("a.pem [alpn h2"), pair("", "alpn h2"));
        assert_eq!(parse(" \t\r"), Ok(None));
        for row in ["a [b] [c]", "a [b]]", "a [[b]", "a b]", "[b] a"] {
            assert!(parse(row).is_err(), "{row}");
        }
    }
}
