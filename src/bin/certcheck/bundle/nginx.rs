//! nginx: `name arguments;`, `name arguments {`, `}`, read as `ngx_conf_read_token` does.

use super::form::{Form, LEFT_OUT, SWITCH, Word, arguments};
use super::sheet::Sheet;
use std::iter::Peekable;
use std::str::Chars;

/// Blocks whose statements are looked at.
const KEPT: &[&str] = &["http", "stream", "mail", "events", "server", "location"];

/// Blocks that are left out with everything in them, and are written as nginx's own. How a block of
/// any other name ends is not known (Lua has its own braces and quotes), so that the rest
/// of the file is left out.
const LEFT: &[&str] = &[
    "upstream",
    "map",
    "geo",
    "types",
    "split_clients",
    "if",
    "limit_except",
    "match",
    "charset_map",
];

const PATH: &[Form] = &[Form::Path];
const TLS: &[Form] = &[Form::Many(&Form::Tls)];
const ON: &[Form] = &[SWITCH];
const NUMBER: &[Form] = &[Form::Number];
const VERIFY: &[Form] = &[Form::Words(&["on", "off", "optional", "optional_no_ca"])];
const COMMAND: &[Form] = &[super::settings::CONF_COMMANDS, Form::Tls];

/// Settings of TLS that begin with `ssl`, `proxy_ssl`, `grpc_ssl` or `uwsgi_ssl`.
const OF_TLS: &[(&str, &[Form])] = &[
    ("_certificate", PATH),
    ("_certificate_key", PATH),
    ("_password_file", PATH),
    ("_trusted_certificate", PATH),
    ("_crl", PATH),
    ("_protocols", TLS),
    ("_ciphers", TLS),
    ("_conf_command", COMMAND),
    ("_verify_depth", NUMBER),
    ("_session_reuse", ON),
    ("_server_name", ON),
    ("_verify", ON),
];

const OTHERS: &[(&str, &[Form])] = &[
    ("listen", &[Form::Address, Form::Many(&LISTEN)]),
    ("server_name", &[Form::Many(&Form::Address)]),
    ("include", PATH),
    ("load_module", PATH),
    ("user", &[Form::Name, Form::Name]),
    ("http2", ON),
    ("http3", ON),
    ("protocol", &[Form::Words(&["imap", "pop3", "smtp"])]),
    ("starttls", &[Form::Words(&["on", "off", "only"])]),
    ("ssl", ON),
    ("proxy_ssl", ON),
    ("ssl_client_certificate", PATH),
    ("ssl_dhparam", PATH),
    ("ssl_stapling_file", PATH),
    ("ssl_session_ticket_key", PATH),
    ("ssl_prefer_server_ciphers", ON),
    ("ssl_ecdh_curve", TLS),
    ("ssl_verify_client", VERIFY),
    ("ssl_session_tickets", ON),
    ("ssl_session_timeout", NUMBER),
    ("ssl_buffer_size", NUMBER),
    ("ssl_early_data", ON),
    ("ssl_reject_handshake", ON),
    ("ssl_stapling", ON),
    ("ssl_stapling_verify", ON),
    ("ssl_ocsp", &[Form::Words(&["on", "off", "leaf"])]),
    ("ssl_preread", ON),
];

const LISTEN: Form = Form::Words(&[
    "ssl",
    "http2",
    "quic",
    "default_server",
    "default",
    "reuseport",
    "proxy_protocol",
    "deferred",
    "bind",
    "udp",
    "ipv6only=on",
    "ipv6only=off",
]);

enum End {
    Statement,
    Open,
    Close,
    /// The file ends within a statement, or nginx would refuse it here.
    Broken,
}

/// Keeps what the lists allow.
pub(super) fn read(text: &str, sheet: &mut Sheet) {
    let mut reader = Reader {
        chars: text.chars().peekable(),
        line: 0,
    };
    let mut blocks: Vec<bool> = Vec::new();
    while let Some((words, line, end)) = reader.statement() {
        let keeps = blocks.iter().all(|keeps| *keeps);
        let name = words.first().filter(|word| word.quote.is_none());
        let name = name.map_or("", |word| word.text.as_str());
        match end {
            End::Statement if !keeps => sheet.leave_silently(),
            End::Statement => match forms(name) {
                Some(forms) => {
                    let values = arguments(forms, words.get(1..).unwrap_or_default());
                    sheet.keep(line, format!("{name} {values}").trim_end());
                    sheet.mark(';');
                }
                None => sheet.leave(line, ";"),
            },
            End::Open if KEPT.contains(&name) => {
                if keeps {
                    let more = if words.len() > 1 { LEFT_OUT } else { "" };
                    let text = format!("{name} {more}");
                    sheet.keep(line, &format!("{} {{", text.trim_end()));
                    sheet.depth += 1;
                } else {
                    sheet.leave_silently();
                }
                blocks.push(true);
            }
            End::Open if LEFT.contains(&name) => {
                if keeps {
                    sheet.leave(line, " {");
                    sheet.depth += 1;
                } else {
                    sheet.leave_silently();
                }
                blocks.push(false);
            }
            End::Close if blocks.pop().is_some() => {
                // The brace of a block that began within one that is left out is not written.
                if blocks.iter().all(|keeps| *keeps) {
                    sheet.depth = sheet.depth.saturating_sub(1);
                    sheet.end(line, "}");
                }
            }
            End::Open | End::Close | End::Broken => {
                sheet.leave(line, "");
                return;
            }
        }
    }
}

fn forms(name: &str) -> Option<&'static [Form]> {
    let find = |list: &'static [(&str, &'static [Form])], name: &str| {
        let found = list.iter().find(|(known, _)| *known == name);
        found.map(|(_, forms)| *forms)
    };
    let of_tls = ["proxy_ssl", "grpc_ssl", "uwsgi_ssl", "ssl"].iter();
    let mut of_tls = of_tls.filter_map(|begin| find(OF_TLS, name.strip_prefix(begin)?));
    find(OTHERS, name).or_else(|| of_tls.next())
}

struct Reader<'t> {
    chars: Peekable<Chars<'t>>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// The next statement with its first line; `None` at the end of the file.
    fn statement(&mut self) -> Option<(Vec<Word>, usize, End)> {
        let mut words = Vec::new();
        let mut first = None;
        loop {
            let Some(&c) = self.chars.peek() else {
                let line = first?;
                return Some((words, line, End::Broken));
            };
            if c.is_whitespace() {
                let _ = self.next();
                continue;
            }
            if c == '#' {
                while self.chars.peek().is_some_and(|c| *c != '\n') {
                    let _ = self.next();
                }
                continue;
            }
            let line = *first.get_or_insert(self.line);
            match c {
                ';' | '{' | '}' => {
                    let _ = self.next();
                    let end = match c {
                        ';' if !words.is_empty() => End::Statement,
                        '{' if !words.is_empty() => End::Open,
                        '}' if words.is_empty() => End::Close,
                        _ => End::Broken,
                    };
                    return Some((words, line, end));
                }
                '"' | '\'' => match self.quoted(c) {
                    Some(word) => words.push(word),
                    None => return Some((words, line, End::Broken)),
                },
                _ => words.push(self.bare()),
            }
        }
    }

    /// A word in quotes; `None` if it has no end, or if something directly follows it.
    fn quoted(&mut self, quote: char) -> Option<Word> {
        let _ = self.next();
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => {
                    text.push('\\');
                    text.push(self.next()?);
                }
                c if c == quote => break,
                c => text.push(c),
            }
        }
        let follows = self.chars.peek();
        follows
            .is_none_or(|c| c.is_whitespace() || ";{".contains(*c))
            .then_some(Word {
                text,
                quote: Some(quote),
            })
    }

    fn bare(&mut self) -> Word {
        let mut text = String::new();
        while let Some(&c) = self.chars.peek() {
            // `${name}` belongs to the word.
            if c.is_whitespace() || c == ';' || (c == '{' && !text.ends_with('$')) {
                break;
            }
            text.push(c);
            let _ = self.next();
            if c == '\\' {
                text.extend(self.next());
            }
        }
        Word::bare(&text)
    }
}
