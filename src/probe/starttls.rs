//! From clear text to TLS: a few bytes for each protocol, read one by one so
//! that nothing of the handshake is swallowed.

use super::failure::failure;
use super::stream::Watched;
use super::{Failure, StartTls, greeting};
use std::io::{self, Read, Write};

/// The longest line, and the most lines of one answer.
const LONGEST_LINE: usize = 4096;
const MOST_LINES: usize = 100;

/// PostgreSQL: length 8, code 80877103.
const POSTGRES: [u8; 8] = [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f];

/// LDAP: message 1, ExtendedRequest with the name of StartTLS (RFC 4511 4.14.1).
const LDAP: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// MySQL's CLIENT_SSL.
const MYSQL_SSL: u16 = 0x0800;

/// Asks for TLS; afterwards the handshake may begin.
///
/// `name` is that of the server, if it has one: XMPP asks for it.
pub(super) fn begin(
    way: StartTls,
    stream: &mut Watched,
    name: Option<&str>,
) -> Result<(), Failure> {
    let done = match way {
        StartTls::Postgres => postgres(stream),
        StartTls::Smtp => smtp(stream),
        StartTls::Imap => imap(stream),
        StartTls::Ldap => ldap(stream),
        StartTls::MySql => mysql(stream),
        StartTls::Pop3 => pop3(stream),
        StartTls::Ftp => ftp(stream),
        StartTls::Xmpp => xmpp(stream, name),
        StartTls::Sieve => sieve(stream),
    };
    match done {
        Ok(Ok(())) => {
            // Plaintext bytes must not be mistaken for the beginning of the handshake when a
            // failure is explained.
            stream.begin_anew();
            Ok(())
        }
        Ok(Err(why)) => Err(why),
        Err(error) => Err(failure(&error, stream)),
    }
}

type Answer = io::Result<Result<(), Failure>>;

fn refused(why: impl Into<String>) -> Answer {
    Ok(Err(Failure::Refused(why.into())))
}

/// A peer whose answer does not follow the protocol.
fn other(stream: &Watched) -> Answer {
    Ok(Err(greeting::unknown(stream.first())))
}

fn byte(stream: &mut Watched) -> io::Result<u8> {
    let mut one = [0];
    stream.read_exact(&mut one)?;
    let [byte] = one;
    Ok(byte)
}

fn line(stream: &mut Watched) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < LONGEST_LINE {
        match byte(stream)? {
            b'\n' => break,
            b'\r' => {}
            byte => line.push(byte),
        }
    }
    Ok(line)
}

/// `S`, `N`, or an error message of an old server (`E`).
fn postgres(stream: &mut Watched) -> Answer {
    stream.write_all(&POSTGRES)?;
    match byte(stream)? {
        b'S' => Ok(Ok(())),
        b'N' => refused("PostgreSQL answers N: ssl is off"),
        b'E' => refused("PostgreSQL answers with an error, as servers before 7.2 do"),
        _ => other(stream),
    }
}

/// The lines of one SMTP reply: its code, and whether one of them is `STARTTLS`.
fn reply(stream: &mut Watched) -> io::Result<Option<(u16, bool)>> {
    let mut offers = false;
    for _ in 0..MOST_LINES {
        let line = line(stream)?;
        let text = String::from_utf8_lossy(&line);
        let code = text.get(..3).and_then(|code| code.parse().ok());
        let Some(code) = code else { return Ok(None) };
        let rest = text.get(4..).unwrap_or_default();
        // The keyword has its own line (RFC 3207 section 2); SMTP ignores case.
        offers |= rest.trim().eq_ignore_ascii_case("STARTTLS");
        if text.as_bytes().get(3) != Some(&b'-') {
            return Ok(Some((code, offers)));
        }
    }
    Ok(None)
}

fn smtp(stream: &mut Watched) -> Answer {
    match reply(stream)? {
        Some((220, _)) => {}
        Some((code, _)) => return refused(format!("the greeting is {code}, not 220")),
        None => return other(stream),
    }
    // RFC 5321 4.1.4: an address literal if there is no name.
    stream.write_all(b"EHLO [127.0.0.1]\r\n")?;
    match reply(stream)? {
        Some((250, true)) => {}
        Some((250, false)) => return refused("the server does not offer STARTTLS"),
        Some((code, _)) => return refused(format!("the server answers EHLO with {code}")),
        None => return other(stream),
    }
    stream.write_all(b"STARTTLS\r\n")?;
    match reply(stream)? {
        Some((220, _)) => Ok(Ok(())),
        Some((code, _)) => refused(format!("the server answers STARTTLS with {code}")),
        None => other(stream),
    }
}

fn imap(stream: &mut Watched) -> Answer {
    let greeting = line(stream)?;
    if !greeting.starts_with(b"* ") {
        return other(stream);
    }
    if !greeting.starts_with(b"* OK") {
        return refused("the greeting is not OK");
    }
    stream.write_all(b"a1 STARTTLS\r\n")?;
    for _ in 0..MOST_LINES {
        let line = line(stream)?;
        if let Some(answer) = line.strip_prefix(b"a1 ") {
            return if answer.to_ascii_uppercase().starts_with(b"OK") {
                Ok(Ok(()))
            } else {
                refused("the server does not answer STARTTLS with OK")
            };
        }
        // Untagged lines may come before the answer. Everything else is not IMAP.
        if !line.starts_with(b"* ") {
            return other(stream);
        }
    }
    other(stream)
}

fn pop3(stream: &mut Watched) -> Answer {
    let greeting = line(stream)?;
    if greeting.starts_with(b"-ERR") {
        return refused("the greeting is -ERR");
    }
    if !greeting.starts_with(b"+OK") {
        return other(stream);
    }
    stream.write_all(b"STLS\r\n")?;
    let answer = line(stream)?;
    if answer.starts_with(b"+OK") {
        Ok(Ok(()))
    } else if answer.starts_with(b"-ERR") {
        refused("the server answers STLS with -ERR")
    } else {
        other(stream)
    }
}

/// FTP's replies of several lines end with a line that begins with the same code and a space; the
/// lines between may have any form (RFC 959 section 4.2).
fn ftp_reply(stream: &mut Watched) -> io::Result<Option<u16>> {
    let mut first = None;
    for _ in 0..MOST_LINES {
        let line = line(stream)?;
        let number = line
            .get(..3)
            .and_then(|text| std::str::from_utf8(text).ok());
        let number = number.and_then(|text| text.parse::<u16>().ok());
        let goes_on = line.get(3) == Some(&b'-');
        match (first, number) {
            (None, None) => return Ok(None),
            (None, Some(code)) if goes_on => first = Some(code),
            (None, Some(code)) => return Ok(Some(code)),
            (Some(code), same) if same == Some(code) && !goes_on => return Ok(Some(code)),
            (Some(_), _) => {}
        }
    }
    Ok(None)
}

fn ftp(stream: &mut Watched) -> Answer {
    match ftp_reply(stream)? {
        Some(220) => {}
        Some(code) => return refused(format!("the greeting is {code}, not 220")),
        None => return other(stream),
    }
    stream.write_all(b"AUTH TLS\r\n")?;
    match ftp_reply(stream)? {
        Some(234) => Ok(Ok(())),
        Some(code) => refused(format!("the server answers AUTH TLS with {code}")),
        None => other(stream),
    }
}

/// What arrives up to one of these ends.
fn until(stream: &mut Watched, ends: &[&[u8]]) -> io::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    while read.len() < 4 * LONGEST_LINE {
        read.push(byte(stream)?);
        if ends.iter().any(|end| read.ends_with(end)) {
            return Ok(Some(read));
        }
        // XMPP begins with a tag.
        if read.len() == 1 && read != b"<" {
            return Ok(None);
        }
    }
    Ok(None)
}

fn xmpp(stream: &mut Watched, name: Option<&str>) -> Answer {
    const TLS: &[u8] = b"urn:ietf:params:xml:ns:xmpp-tls";
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let to = name.filter(|name| name.chars().all(plain));
    let to = to.map_or_else(String::new, |name| format!(" to='{name}'"));
    let header = format!(
        "<?xml version='1.0'?><stream:stream{to} xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    );
    stream.write_all(header.as_bytes())?;
    let ends: &[&[u8]] = &[
        b"</stream:features>",
        b"<stream:features/>",
        b"</stream:error>",
        b"</stream:stream>",
    ];
    let Some(features) = until(stream, ends)? else {
        return other(stream);
    };
    if features.ends_with(b"</stream:error>") || features.ends_with(b"</stream:stream>") {
        return refused("XMPP answers with a stream error (is --server-name its domain?)");
    }
    if !features.windows(TLS.len()).any(|part| part == TLS) {
        return refused("the server does not offer STARTTLS");
    }
    stream.write_all(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
    match until(stream, &[b">"])? {
        Some(answer) if answer.starts_with(b"<proceed") => Ok(Ok(())),
        Some(_) => refused("the server does not answer STARTTLS with proceed"),
        None => other(stream),
    }
}

/// ManageSieve: capabilities, one a line, then `OK`.
fn sieve(stream: &mut Watched) -> Answer {
    let mut offers = false;
    for _ in 0..MOST_LINES {
        let line = line(stream)?.to_ascii_uppercase();
        offers |= line.starts_with(b"\"STARTTLS\"");
        if line.starts_with(b"OK") && !offers {
            return refused("the server does not offer STARTTLS");
        }
        if line.starts_with(b"OK") {
            stream.write_all(b"STARTTLS\r\n")?;
            let answer = self::line(stream)?.to_ascii_uppercase();
            return match answer {
                answer if answer.starts_with(b"OK") => Ok(Ok(())),
                answer if answer.starts_with(b"NO") || answer.starts_with(b"BYE") => {
                    refused("the server does not answer STARTTLS with OK")
                }
                _ => other(stream),
            };
        }
        if !line.starts_with(b"\"") {
            break;
        }
    }
    other(stream)
}

fn ldap(stream: &mut Watched) -> Answer {
    stream.write_all(LDAP)?;
    if byte(stream)? != 0x30 {
        return other(stream);
    }
    // Short form, or one or two bytes: an answer has about 50 bytes.
    let length = match byte(stream)? {
        length @ 0..=0x7f => usize::from(length),
        0x81 => usize::from(byte(stream)?),
        0x82 => usize::from(u16::from_be_bytes([byte(stream)?, byte(stream)?])),
        // OpenLDAP writes four.
        0x84 => {
            let high = [byte(stream)?, byte(stream)?];
            if high != [0, 0] {
                return other(stream);
            }
            usize::from(u16::from_be_bytes([byte(stream)?, byte(stream)?]))
        }
        _ => return other(stream),
    };
    let mut answer = vec![0; length.min(LONGEST_LINE)];
    stream.read_exact(&mut answer)?;
    // messageID 1, ExtendedResponse, and its resultCode.
    let Some(response) = answer.strip_prefix(&[2, 1, 1, 0x78]) else {
        return other(stream);
    };
    let behind = response.iter().position(|&byte| byte == 0x0a);
    let code = behind
        .and_then(|at| response.get(at..))
        .and_then(|field| match field {
            [0x0a, 1, code, ..] => Some(*code),
            _ => None,
        });
    match code {
        Some(0) => Ok(Ok(())),
        Some(code) => refused(format!("LDAP answers with result code {code}")),
        None => other(stream),
    }
}

fn mysql(stream: &mut Watched) -> Answer {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let [low, high, top, number] = header;
    let length = usize::from(u16::from_le_bytes([low, high]));
    if top != 0 || number != 0 || !(1..=LONGEST_LINE).contains(&length) {
        return other(stream);
    }
    let mut packet = vec![0; length];
    stream.read_exact(&mut packet)?;
    if packet.first() == Some(&0xff) {
        return refused("the server greets with an error (is this host allowed?)");
    }
    // Version, name up to a zero, thread (4), salt (8), a zero, capabilities.
    let capabilities = packet
        .strip_prefix(&[10])
        .and_then(|rest| rest.iter().position(|&byte| byte == 0).map(|at| (rest, at)))
        .and_then(|(rest, at)| rest.get(at + 14..at + 16))
        .map(|two| {
            two.iter()
                .rev()
                .fold(0, |sum, &byte| sum << 8 | u16::from(byte))
        });
    match capabilities {
        None => other(stream),
        Some(capabilities) if capabilities & MYSQL_SSL == 0 => {
            refused("the server does not offer CLIENT_SSL: it has no TLS")
        }
        Some(_) => {
            // 32 bytes, packet 1: protocol 4.1, SSL, 4.1 passwords; 16 MB; utf8mb4.
            let mut request = vec![32, 0, 0, 1, 0x00, 0x8a, 0, 0, 0, 0, 0, 1, 45];
            request.resize(36, 0);
            stream.write_all(&request)?;
            Ok(Ok(()))
        }
    }
}
