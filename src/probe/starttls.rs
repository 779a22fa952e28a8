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
pub(super) fn begin(way: StartTls, stream: &mut Watched) -> Result<(), Failure> {
    let done = match way {
        StartTls::Postgres => postgres(stream),
        StartTls::Smtp => smtp(stream),
        StartTls::Imap => imap(stream),
        StartTls::Ldap => ldap(stream),
        StartTls::MySql => mysql(stream),
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
