//! Rserv.conf. Measured: Rserve 1.8-11 on Debian 12.
//!
//! A line is a keyword, ONE blank, tab, `=` or `:`, then blanks and the value: `tls.port = 6312`
//! therefore sets the port to "= 6312", which is not a port. Rserve does not report lines that it
//! does not understand.

use super::{
    ClientAuth, Context, Listens, NamedPath, Placed, Scope, Settings, effective, lossy, path,
    port_fact, shown,
};
use crate::rule;
use crate::source::Lines;

/// Rserve reads with `fgets` into 512 bytes: the rest of a longer line is a
/// line of its own (measured: a keyword after 510 bytes of comment works).
const LINE: usize = 510;

/// Keywords that mean TLS, and their other spellings.
const KEYWORDS: &[(&str, &str)] = &[
    ("tls.key", "tls.key"),
    ("tls.cert", "tls.cert"),
    ("tls.ca", "tls.ca"),
    ("tls.client", "tls.client"),
    ("tls.port", "tls.port"),
    ("qap.tls.port", "tls.port"),
    ("http.tls.port", "http.tls.port"),
    ("https.port", "http.tls.port"),
    ("websockets.tls.port", "websockets.tls.port"),
    ("switch.qap.tls", "switch.qap.tls"),
];

/// Other settings that decide which ports open (`standalone.c`).
#[derive(Default)]
struct Listening {
    /// `switch.qap.tls`: a client of QAP may ask for TLS later.
    switch: bool,
    /// `websockets.qap`, `websockets.text`: without one of them no port for WebSockets opens.
    frames: [bool; 2],
    /// `remote`: QAP listens at every address, otherwise only at 127.0.0.1. The ports
    /// for HTTP and WebSockets are open to all (measured: 1.8-11).
    remote: bool,
    /// `socket`: QAP listens at that file instead of a port.
    socket: bool,
    /// Whether a port for TLS is set and does not open.
    shut: bool,
    /// `qap disable`: no port for QAP without TLS opens; the one with TLS does.
    no_qap: bool,
    /// `port`, if it is valid: QAP without TLS.
    port: Option<u16>,
    /// `http.port`.
    http: Option<u16>,
}

/// Where Rserve listens without TLS if no setting says otherwise.
const PLAIN: u16 = 6311;

impl Listening {
    fn set(&mut self, keyword: &str, value: &str) {
        let yes = matches!(value.bytes().next(), Some(b'e' | b'y' | b'1' | b'T'));
        match keyword {
            "switch.qap.tls" => self.switch = yes,
            "remote" => self.remote = yes,
            "websockets.qap" => self.frames[0] = yes,
            "websockets.text" => self.frames[1] = yes,
            "websockets" if yes => self.frames = [true; 2],
            "socket" => self.socket = !value.is_empty(),
            "qap" => self.no_qap = !yes,
            // Measured: `port 0` leaves the port as it was.
            "port" | "qap.port" => self.port = whole(value).or(self.port),
            "http.port" => self.http = whole(value).or(self.http),
            _ => {}
        }
    }

    /// The port of QAP without TLS; `None`: there is none.
    fn plain(&self) -> Option<u16> {
        (!self.no_qap && !self.socket).then(|| self.port.unwrap_or(PLAIN))
    }

    /// Ports that stay open next to TLS, or keep it from opening.
    fn beside(&self, ports: &[Port], settings: &mut Settings) {
        let plain = [("port", self.plain()), ("http.port", self.http)];
        let ports = || {
            ports
                .iter()
                .filter(|port| self.shuts(port.setting).is_none())
        };
        for port in ports() {
            let line = port.placed.lines.map_or(1, |lines| lines.first);
            let twice = plain
                .iter()
                .find(|(_, other)| *other == Some(port.placed.value));
            if let Some((setting, _)) = twice {
                let fact = rule::config::Port {
                    option: port.setting.to_owned(),
                    value: port.placed.value.to_string(),
                    reason: format!(
                        "Rserve listens there without TLS too (`{setting}`), cannot bind the port twice, and ends \
                         (`bind error #98(address already in use)`)"
                    ),
                };
                settings.note(fact, line);
            }
        }
        if let (true, Some(open), Some(first)) = (self.remote, self.plain(), ports().next()) {
            let line = first.placed.lines.map_or(1, |lines| lines.first);
            let fact = rule::config::PlaintextPort {
                port: open.into(),
                setting: "qap disable".to_owned(),
            };
            if ports().all(|port| port.placed.value != open) {
                settings.note(fact, line);
            }
        }
    }

    /// The address at which a port opens; Rserve listens for IPv4.
    fn address(&self, setting: &str, port: u16) -> String {
        let all = self.remote || setting != "tls.port";
        format!("{}:{port}", if all { "0.0.0.0" } else { "127.0.0.1" })
    }

    /// Why the port of a setting does not open.
    fn shuts(&self, setting: &str) -> Option<&'static str> {
        match setting {
            "websockets.tls.port" if self.frames == [false; 2] => Some(
                "Rserve opens no port for WebSockets without `websockets.qap enable` or `websockets.text enable`",
            ),
            "tls.port" if self.socket => {
                Some("with `socket`, Rserve listens for QAP on that socket file and on no port")
            }
            _ => None,
        }
    }
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let mut scope = Scope {
        name: "Rserve".to_owned(),
        ..Scope::default()
    };
    let mut listening = Listening::default();
    let mut ports: Vec<Port> = Vec::new();
    for (number, line) in lines(bytes) {
        let text = lossy(line);
        let (written, value) = split(&text);
        let keyword = written.to_ascii_lowercase();
        let at = Some(Lines::new(number, number));
        listening.set(&keyword, value);
        if keyword == "chroot" && !value.is_empty() {
            // R needs its own files there (measured: without them Rserve does not start).
            let reason = "certcheck did not look for R's files in this directory";
            settings.not_judged("chroot", reason, number);
        }
        let Some(&(_, setting)) = KEYWORDS.iter().find(|(name, _)| *name == keyword) else {
            unknown(&keyword, number, settings);
            continue;
        };
        effective::write(&mut scope.written, setting, value, at);
        if value.starts_with(['=', ':']) && !setting.is_empty() {
            settings.ignored(
                setting,
                value,
                "Rserve accepts one separator: with blanks around it, `=` becomes part of the value; \
                 write `keyword value` or `keyword=value`",
                number,
            );
            // The server still uses the value: a path that does not exist.
        }
        match setting {
            "tls.key" | "tls.cert" | "tls.ca" => {
                if value.is_empty() {
                    settings.ignored(setting, value, "it names no file", number);
                    continue;
                }
                let file = NamedPath {
                    setting,
                    written: value.to_owned(),
                    path: path::join(context.base, value),
                    lines: at,
                };
                place(file, &mut scope);
            }
            "tls.client" => client(value, at, &mut scope, settings, number),
            "switch.qap.tls" => {}
            _ => port(setting, value, at, &mut ports, settings, number),
        }
    }
    listening.beside(&ports, settings);
    for port in ports {
        match listening.shuts(port.setting) {
            Some(reason) => {
                listening.shut = true;
                let line = port.placed.lines.map_or(1, |lines| lines.first);
                settings.ignored(port.setting, &port.placed.value.to_string(), reason, line);
            }
            None => {
                if port.placed.value != 0 {
                    let address = listening.address(port.setting, port.placed.value);
                    scope.bound.push(address);
                }
                scope.ports.push(port.placed);
            }
        }
    }
    finish(scope, &listening, settings);
}

fn finish(mut scope: Scope, listening: &Listening, settings: &mut Settings) {
    let first = |path: &NamedPath| path.lines.map_or(1, |lines| lines.first);
    if let (Some(key), Some(certificate)) = (scope.keys.last(), scope.certificates.last()) {
        scope.key_first = first(key) < first(certificate);
        if scope.key_first {
            let at = first(key);
            let fact = rule::config::KeyBeforeCertificate {
                key_setting: "tls.key".to_owned(),
                certificate_setting: "tls.cert".to_owned(),
            };
            settings.note(fact, at);
        }
    }
    // Measured: with `switch.qap.tls` alone a client that begins with TLS meets plain QAP.
    scope.tls = !scope.ports.is_empty();
    if !scope.tls && (!scope.certificates.is_empty() || !scope.keys.is_empty()) {
        let line = scope
            .certificates
            .iter()
            .chain(&scope.keys)
            .map(first)
            .min();
        let fact = rule::config::TlsOff {
            setting: "tls.port".to_owned(),
            reason: if listening.switch {
                "with only `switch.qap.tls`, TLS begins when a QAP client asks for it, not with the first byte"
            } else if listening.shut {
                "the configured port does not open, and there is no other TLS port"
            } else {
                "without a TLS port, Rserve listens only on its plaintext port"
            }
            .to_owned(),
        };
        settings.note(fact, line.unwrap_or(1));
    }
    if let Some(auth) = &scope.client_auth
        && auth.value == ClientAuth::Required
        && scope.ca.is_empty()
    {
        let line = auth.lines.map_or(1, |lines| lines.first);
        let fact = rule::config::ClientAuthWithoutCa {
            setting: "tls.client".to_owned(),
            ca_setting: "tls.ca".to_owned(),
        };
        settings.note(fact, line);
    }
    settings.add(scope);
}

/// Rserve loads all of them: for certificates and keys, the last one of each kind of key stays; CA
/// files add up (measured).
fn place(file: NamedPath, scope: &mut Scope) {
    match file.setting {
        "tls.cert" => scope.certificates.push(file),
        "tls.key" => scope.keys.push(file),
        _ => scope.ca.push(file),
    }
}

fn client(
    value: &str,
    at: Option<Lines>,
    scope: &mut Scope,
    settings: &mut Settings,
    number: usize,
) {
    let auth = match value {
        "none" => ClientAuth::None,
        "request" => ClientAuth::Optional,
        "require" => ClientAuth::Required,
        _ if ["match:", "prefix:", "suffix:"]
            .iter()
            .any(|kind| value.starts_with(kind)) =>
        {
            ClientAuth::Required
        }
        _ => {
            settings.ignored(
                "tls.client",
                value,
                "Rserve knows none, request, require, match:, prefix: and suffix:; it warns and continues",
                number,
            );
            return;
        }
    };
    scope.client_auth = Some(Placed {
        value: auth,
        lines: at,
    });
}

/// A port as `strtol` and a 16-bit field yield it.
struct Port {
    setting: &'static str,
    placed: Placed<u16>,
}

fn port(
    setting: &'static str,
    value: &str,
    at: Option<Lines>,
    ports: &mut Vec<Port>,
    settings: &mut Settings,
    number: usize,
) {
    let asked = integer(value);
    if asked <= 0 {
        // A port set earlier stays (measured: 1.8-11).
        if ports.iter().any(|known| known.setting == setting) {
            settings.ignored(
                setting,
                value,
                "the port of an earlier line remains",
                number,
            );
        } else {
            settings.note(port_fact(setting, value, Listens::Nowhere), number);
        }
        return;
    }
    let port = u16::try_from(asked & 0xffff).unwrap_or(0);
    if asked > 0xffff {
        settings.note(port_fact(setting, value, port.into()), number);
    } else if value
        .strip_prefix('+')
        .unwrap_or(value)
        .split_whitespace()
        .next()
        != Some(&port.to_string())
    {
        settings.ignored(
            setting,
            value,
            &format!("Rserve reads the number as C does, and listens on {port}"),
            number,
        );
    }
    // A later line replaces an earlier one of its kind.
    ports.retain(|known| known.setting != setting);
    ports.push(Port {
        setting,
        placed: Placed {
            value: port,
            lines: at,
        },
    });
}

/// C's `strtol` with base 0, as Rserve reads numbers: hexadecimal after
/// `0x`, octal after `0` (measured: `034990` is 28).
fn integer(text: &str) -> i64 {
    let text = text.trim_start_matches([' ', '\t', '\u{b}', '\u{c}', '\r']);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(rest) => (rest, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let value = digits
        .chars()
        .map_while(|c| c.to_digit(radix))
        .fold(0i64, |sum, digit| {
            sum.saturating_mul(i64::from(radix))
                .saturating_add(i64::from(digit))
        });
    if negative { -value } else { value }
}

/// A port, if it is valid.
fn whole(value: &str) -> Option<u16> {
    u16::try_from(integer(value) & 0xffff)
        .ok()
        .filter(|port| *port > 0)
}

/// A keyword that looks like one of ours is worth a finding; Rserve has some
/// dozens that have nothing to do with TLS.
fn unknown(keyword: &str, number: usize, settings: &mut Settings) {
    let bare = keyword.trim_start_matches('\u{feff}');
    // Any keyword meant for TLS contains one of these.
    let ours = ["tls", "https"].iter().any(|part| bare.contains(part));
    if keyword.starts_with('#') || (!ours && bare == keyword) {
        return;
    }
    let suggestion = KEYWORDS
        .iter()
        .map(|&(name, _)| name)
        .find(|name| *name == bare || name.replace('.', "") == bare.replace(['.', '_', '-'], ""))
        .map(str::to_owned);
    settings.note(
        rule::config::UnknownSetting {
            setting: shown(keyword),
            suggestion,
        },
        number,
    );
}

/// Keyword and value of a line.
fn split(line: &str) -> (&str, &str) {
    let line = line.trim_start_matches([' ', '\t']);
    let end = line.find([' ', '\t', '=', ':']).unwrap_or(line.len());
    let (keyword, rest) = line.split_at_checked(end).unwrap_or((line, ""));
    let mut rest = rest.chars();
    let _separator = rest.next();
    let value = rest.as_str().trim_start_matches([' ', '\t']);
    (keyword, value.trim_end())
}

/// The lines as `fgets` gives them, with the number of the real line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    bytes
        .split(|&byte| byte == b'\n')
        .enumerate()
        .flat_map(|(index, line)| line.chunks(LINE).map(move |piece| (index + 1, piece)))
}
