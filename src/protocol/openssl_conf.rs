//! SSL_CONF commands in `openssl.cnf`: `Name = value`, in order, separated by `;` or lines (source:
//! 3.0, `ssl_conf.c`, `conf_def.c`; measured: 3.0.19 through `SSL_CONF_cmd`).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, at, bytes, chars, covered, trim};
use super::openssl::{self, BAD_VALUE};
use super::{Dialect, Environment, Library, Version, VersionSet};
use crate::rule;

/// Commands of a file that say nothing about versions (`ssl_conf_cmds`).
const OTHERS: [&str; 22] = [
    "SignatureAlgorithms",
    "ClientSignatureAlgorithms",
    "Curves",
    "Groups",
    "ECDHParameters",
    "CipherString",
    "Ciphersuites",
    "VerifyMode",
    "Certificate",
    "PrivateKey",
    "ServerInfoFile",
    "ChainCAPath",
    "ChainCAFile",
    "VerifyCAPath",
    "VerifyCAFile",
    "RequestCAFile",
    "ClientCAFile",
    "RequestCAPath",
    "ClientCAPath",
    "DHParameters",
    "RecordPadding",
    "NumTickets",
];

/// Flags of the `Options` command, which people mistake for protocol names.
const OPTIONS: [&str; 17] = [
    "SessionTicket",
    "EmptyFragments",
    "Bugs",
    "Compression",
    "ServerPreference",
    "NoResumptionOnRenegotiation",
    "DHSingle",
    "ECDHSingle",
    "UnsafeLegacyRenegotiation",
    "UnsafeLegacyServerConnect",
    "EncryptThenMac",
    "NoRenegotiation",
    "AllowNoDHEKEX",
    "PrioritizeChaCha",
    "MiddleboxCompat",
    "AntiReplay",
    "ExtendedMasterSecret",
];

/// The state of a context after the commands.
struct Context {
    enabled: VersionSet,
    least: Option<Version>,
    most: Option<Version>,
}

impl Context {
    /// The versions that the limits leave.
    fn range(&self) -> VersionSet {
        VersionSet::between(
            self.least.unwrap_or(Version::SSLv2),
            self.most.unwrap_or(Version::TLSv1_3),
        )
    }
}

/// What the commands do to a new context, one after the other. A refused command changes nothing,
/// except for the words of `Protocol` before a bad one.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::OpenSslConf);
    let mut context = Context {
        // OpenSSL builds a new context with every version on. `Protocol` switches single versions,
        // the limits cut off both ends: only both together say what is spoken.
        enabled: openssl::EVERYTHING,
        least: None,
        most: None,
    };
    for command in commands(&chars(text, 0)) {
        run(command, &mut context, environment, &mut answer);
    }
    let range = context.range();
    openssl::finish(
        context.enabled.intersection(range),
        environment,
        &mut answer,
    );
    answer
}

/// A command's name and its value, both unquoted, with their places.
struct Command {
    whole: Word,
    /// The name with its equal sign.
    head: Word,
    name: Vec<u8>,
    value: Option<Vec<Char>>,
}

/// Splits at `;` and line feeds outside quotes; empty pieces are not commands.
fn commands(text: &[Char]) -> Vec<Command> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut quote = 0;
    let mut place = 0;
    while place < text.len() {
        match at(text, place) {
            // A character after a backslash neither ends a piece nor opens a quote.
            b'\\' => place += 1,
            byte @ (b'"' | b'\'' | b'`') if quote == 0 => quote = byte,
            byte if byte == quote => quote = 0,
            b'\n' | b';' if quote == 0 || at(text, place) == b'\n' => {
                pieces.push(text.get(start..place).unwrap_or_default());
                start = place + 1;
                // A quote ends with its line: conf_def.c reads one line at a time.
                quote = 0;
            }
            _ => {}
        }
        place += 1;
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
        .into_iter()
        .map(trim)
        .filter(|piece| !piece.is_empty() && at(piece, 0) != b'#')
        .map(command)
        .collect()
}

fn command(piece: &[Char]) -> Command {
    let word = |piece: &[Char]| Word {
        value: bytes(piece),
        span: covered(piece),
        quoted: false,
    };
    let whole = word(piece);
    let Some(equals) = piece.iter().position(|char| char.byte == b'=') else {
        return Command {
            head: whole.clone(),
            whole,
            name: bytes(piece),
            value: None,
        };
    };
    let (head, value) = piece.split_at(equals + 1);
    // `1.MinProtocol`: the part before the dot only makes names distinct.
    let name = bytes(trim(head.split_last().map_or(head, |(_, name)| name)));
    let name = name.iter().position(|&byte| byte == b'.').map_or_else(
        || name.clone(),
        |dot| name.get(dot + 1..).unwrap_or_default().to_vec(),
    );
    Command {
        whole,
        head: word(head),
        name,
        value: Some(unquoted(trim(value))),
    }
}

/// Quotes are removed, a backslash makes what follows literal, `#` begins a comment
/// (`def_load_bio`, `str_copy`).
fn unquoted(raw: &[Char]) -> Vec<Char> {
    let mut value = Vec::with_capacity(raw.len());
    let mut kept = 0;
    let mut quote = 0;
    let mut place = 0;
    while let Some(&char) = raw.get(place) {
        place += 1;
        match char.byte {
            byte if quote != 0 && byte == quote => quote = 0,
            b'#' if quote == 0 => break,
            byte @ (b'"' | b'\'' | b'`') if quote == 0 => quote = byte,
            b'\\' => {
                if let Some(&next) = raw.get(place) {
                    place += 1;
                    let byte = match next.byte {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 0x08,
                        other => other,
                    };
                    value.push(Char { byte, ..next });
                }
            }
            _ => {
                value.push(char);
                if quote == 0 && super::lexer::is_space(char.byte) {
                    continue;
                }
            }
        }
        kept = value.len();
    }
    // White space before a comment is not part of the value.
    value.truncate(kept);
    value
}

/// One command; the set shown after each of its words stays within the limits set by earlier
/// commands.
fn run(
    command: Command,
    context: &mut Context,
    environment: &Environment,
    answer: &mut Evaluation,
) {
    let before = answer.tokens.len();
    obey(command, context, environment, answer);
    let range = context.range();
    for token in answer.tokens.iter_mut().skip(before) {
        token.after = token.after.intersection(range);
    }
}

fn obey(
    command: Command,
    context: &mut Context,
    environment: &Environment,
    answer: &mut Evaluation,
) {
    let is = |name: &str| command.name.eq_ignore_ascii_case(name.as_bytes());
    let Some(value) = &command.value else {
        return refuse(&command, "missing equal sign", context, answer);
    };
    let limits = environment.library > Library::OpenSsl102;
    if is("Protocol") {
        answer.token(&command.head, Effect::Neutral, context.enabled);
        let end = command.whole.span.end;
        openssl::apply(value, end, &mut context.enabled, environment, answer);
    } else if limits && (is("MinProtocol") || is("MaxProtocol")) {
        limit(
            is("MinProtocol"),
            &command,
            value,
            context,
            environment,
            answer,
        );
    } else if is("Options") {
        options(&command, value, context, answer);
    } else if OTHERS.iter().any(|other| is(other)) {
        answer.token(&command.whole, Effect::Neutral, context.enabled);
    } else {
        refuse(&command, "SSL routines::unknown cmd name", context, answer);
    }
}

fn limit(
    lower: bool,
    command: &Command,
    value: &[Char],
    context: &mut Context,
    environment: &Environment,
    answer: &mut Evaluation,
) {
    let name = bytes(value);
    let datagram = matches!(name.as_slice(), b"DTLSv1" | b"DTLSv1.2");
    if datagram && environment.library >= Library::OpenSsl3 {
        let reason = "a DTLS version does not limit TLS".to_owned();
        let token = command.whole.text();
        answer.observe(
            rule::protocol::IgnoredValue {
                token,
                reason: reason.clone(),
            },
            Some(command.whole.span),
        );
        return answer.token(&command.whole, Effect::Ignored(reason), context.enabled);
    }
    let version = Version::named_exactly(&name).filter(|&version| version != Version::SSLv2);
    let known =
        version.is_some_and(|version| version != Version::TLSv1_3 || environment.has(version));
    if name != b"None" && !known {
        return refuse(command, BAD_VALUE, context, answer);
    }
    let (bound, effect) = if lower {
        (&mut context.least, Effect::Minimum(version))
    } else {
        (&mut context.most, Effect::Maximum(version))
    };
    *bound = version;
    if version == Some(Version::SSLv3) && environment.has(Version::SSLv3) {
        let token = command.whole.text();
        answer.observe(rule::protocol::Sslv3 { token }, Some(command.whole.span));
    }
    answer.token(&command.whole, effect, context.enabled);
}

fn options(command: &Command, value: &[Char], context: &Context, answer: &mut Evaluation) {
    let known = value.split(|char| char.byte == b',').all(|element| {
        let element = bytes(trim(element));
        let flag = element
            .strip_prefix(b"+")
            .or_else(|| element.strip_prefix(b"-"))
            .unwrap_or(&element);
        OPTIONS
            .iter()
            .any(|option| flag.eq_ignore_ascii_case(option.as_bytes()))
    });
    if known {
        answer.token(&command.whole, Effect::Neutral, context.enabled);
    } else {
        refuse(command, BAD_VALUE, context, answer);
    }
}

fn refuse(command: &Command, error: &str, context: &Context, answer: &mut Evaluation) {
    answer.observe(
        rule::protocol::IllegalName {
            names: Vec::new(),
            token: command.whole.text(),
            error: error.to_owned(),
        },
        Some(command.whole.span),
    );
    answer.token(&command.whole, Effect::Refused, context.enabled);
    answer.refuse(error);
}
