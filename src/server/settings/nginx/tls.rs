//! TLS directives other than certificates, keys and versions.

use super::super::openssl::{DH_LABELS, Groups, Meaning, groups, meaning};
use super::super::stapling::is_response;
use super::super::{Context, NamedPath, Placed, Settings, path, shown};
use super::TEST;
use super::zones::size_of;
use crate::handshake::{Closes, Whom};
use crate::source::Lines;

/// A directive whose value nginx checks only if a server uses it, after all lines are read: a block
/// with its own value inherits none.
#[derive(Clone, Debug)]
pub(super) struct Deferred {
    pub(super) name: &'static str,
    pub(super) arguments: Vec<String>,
    pub(super) lines: Lines,
}

/// Those directives.
const DEFERRED: &[&str] = &[
    "client_header_buffer_size",
    "client_header_timeout",
    "http2_max_concurrent_streams",
    "ssl_buffer_size",
    "ssl_conf_command",
    "ssl_crl",
    "ssl_dhparam",
    "ssl_ecdh_curve",
    "ssl_handshake_timeout",
    "ssl_ocsp",
    "ssl_session_ticket_key",
    "ssl_stapling",
    "ssl_stapling_file",
    "ssl_stapling_responder",
];

/// The name as it is stored, if its directive is checked later.
pub(super) fn deferred(name: &str) -> Option<&'static str> {
    DEFERRED.iter().copied().find(|known| *known == name)
}

/// The result of one of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Effect {
    pub(super) groups: Option<Placed<String>>,
    pub(super) dh: Option<(NamedPath, u32)>,
    pub(super) command: Option<Placed<(String, String)>>,
    pub(super) closes: Option<Closes>,
    pub(super) closes_before_name: Option<Closes>,
    pub(super) not_interpreted: Option<Placed<String>>,
}

/// How nginx loads such a directive.
pub(super) fn load(
    Deferred {
        name,
        arguments,
        lines,
    }: &Deferred,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Effect {
    let mut effect = Effect::default();
    let before = settings.uninterpreted;
    let (lines, line) = (*lines, lines.first);
    let value = arguments.first().map_or("", String::as_str);
    let file = path::join(context.base, value);
    match *name {
        "ssl_ecdh_curve" if value == "auto" => {}
        "ssl_ecdh_curve" => match groups(value) {
            Groups::Good => effect.groups = placed(value, lines),
            Groups::Refused(strange) => {
                let message = format!(
                    "SSL_CTX_set1_curves_list(\"{}\") failed: OpenSSL 3.0 has no group `{}`",
                    shown(value),
                    shown(&strange)
                );
                settings.refuse_at(name, &message, TEST, line);
            }
            Groups::Unusual => {
                let reason = "clients may share none of these groups with the server";
                settings.negotiated(name, reason, line);
                effect.groups = placed(value, lines);
            }
        },
        "ssl_dhparam" | "ssl_crl" if value.is_empty() => {}
        "ssl_dhparam" => {
            let bits = settings.demanded_prime(context, (name, &file), &DH_LABELS, (TEST, line));
            effect.dh = bits.map(|bits| {
                let file = NamedPath {
                    setting: "ssl_dhparam",
                    written: value.to_owned(),
                    path: file,
                    lines: Some(lines),
                };
                (file, bits)
            });
        }
        "ssl_crl" => settings.lists(context, name, &file, line),
        "ssl_stapling_file" => {
            let found = settings.demanded(context, name, &file, line);
            if found.is_some_and(|bytes| !is_response(bytes)) {
                let reason = "certcheck cannot read the OCSP response in it";
                settings.not_judged(name, reason, line);
            }
        }
        "ssl_session_ticket_key" => {
            let found = settings.demanded(context, name, &file, line);
            if let Some(length) = found.map(<[u8]>::len)
                && !matches!(length, 48 | 80)
            {
                let message = format!("\"{}\" must be 48 or 80 bytes", shown(&file));
                settings.refuse_at(name, &message, TEST, line);
            }
        }
        "ssl_conf_command" => {
            command(name, arguments, (true, line), settings);
            if let [command, value] = arguments.as_slice() {
                let kind = command.to_ascii_lowercase();
                // OpenSSL itself opens it, from nginx's working directory.
                if value.starts_with('/') {
                    settings.command_authorities(context, (name, &kind), value, (TEST, line));
                }
                effect.command = Some(Placed {
                    value: (command.clone(), value.clone()),
                    lines: Some(lines),
                });
            }
        }
        // Measured with 1.22.1: clients connect, which is what a verdict is about.
        "ssl_buffer_size" if size_of(value) == Some(0) => {
            let reason = "handshakes succeed, but nginx then never sends a byte of an answer";
            settings.ignored(name, value, reason, line);
        }
        // Here nginx closes the connection instead; HTTP/2 has its own buffer.
        "client_header_buffer_size" if size_of(value) == Some(0) => {
            let setting = format!("{name} {}", shown(value));
            effect.closes = Some(Closes::new(setting, Whom::NotHttp2));
        }
        "http2_max_concurrent_streams" if size_of(value) == Some(0) => {
            let setting = format!("{name} {}", shown(value));
            effect.closes = Some(Closes::new(setting, Whom::Http2));
        }
        // The timer runs from the first byte on: the handshake ends early. The first server at the
        // address sets it (measured).
        "client_header_timeout" => match shortness(value) {
            Shortness::Nothing => {
                let setting = format!("{name} {}", shown(value));
                effect.closes_before_name = Some(Closes::new(setting, Whom::All));
            }
            Shortness::Moment => {
                let reason = "nginx ends the handshakes of clients that need longer, and certcheck does not know how fast they are";
                settings.not_judged(name, reason, line);
            }
            Shortness::Usual => {}
        },
        // For `stream`, known only from its source.
        "ssl_handshake_timeout" if !matches!(shortness(value), Shortness::Usual) => {
            let reason = "nginx ends the handshakes of clients that need longer, and certcheck does not know how fast they are";
            settings.not_judged(name, reason, line);
        }
        "ssl_ocsp" if !value.eq_ignore_ascii_case("off") => {
            settings.not_judged(
                name,
                "certcheck does not judge OCSP for client certificates",
                line,
            );
        }
        _ => {}
    }
    if settings.uninterpreted > before {
        effect.not_interpreted = placed(name, lines);
    }
    effect
}

/// How long a timer runs.
enum Shortness {
    Nothing,
    /// Less than a second.
    Moment,
    Usual,
}

fn shortness(value: &str) -> Shortness {
    let zero = |c: char| !('1'..='9').contains(&c);
    let milliseconds = value
        .strip_suffix("ms")
        .map(str::parse::<u64>)
        .is_some_and(|number| number.is_ok_and(|number| number < 1000));
    if value.chars().all(zero) {
        Shortness::Nothing
    } else if milliseconds {
        Shortness::Moment
    } else {
        Shortness::Usual
    }
}

fn placed(value: &str, lines: Lines) -> Option<Placed<String>> {
    Some(Placed {
        value: value.to_owned(),
        lines: Some(lines),
    })
}

/// `SSL_CONF_cmd` in a server's context: which commands OpenSSL 3.0 knows, and
/// the few whose effect is known here.
pub(super) fn command(
    name: &str,
    arguments: &[String],
    (own, line): (bool, usize),
    settings: &mut Settings,
) {
    let (Some(command), Some(value)) = (arguments.first(), arguments.get(1)) else {
        return;
    };
    match meaning(command, value) {
        Meaning::Nothing | Meaning::Negotiates { usual: true } => {}
        Meaning::Negotiates { usual: false } => {
            let reason = format!(
                "certcheck does not judge whether clients agree with `{}`",
                shown(command)
            );
            if own {
                settings.negotiated(name, &reason, line);
            } else {
                settings.not_judged(name, reason, line);
            }
        }
        Meaning::Refused(message) => {
            let message = format!(
                "SSL_CONF_cmd(\"{}\", \"{}\") failed: {message}",
                shown(command),
                shown(value)
            );
            settings.refuse_at(name, &message, TEST, line);
        }
        Meaning::Unknown => {
            let reason = format!(
                "certcheck does not judge what OpenSSL's `{}` changes",
                shown(command)
            );
            settings.not_judged(name, reason, line);
        }
    }
}
