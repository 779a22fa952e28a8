//! The fast path: a section exactly as RFC 7468 writes it.

use super::base64::{LINE, LINE_ROOM, decode_line, decode_quad};
use super::boundary::{Boundary, Flaws, Word};
use crate::encoding::der;
use zeroize::Zeroizing;

/// A section without any flaw.
pub(super) struct Clean {
    pub(super) content: Zeroizing<Vec<u8>>,
    /// Offset after the END line's last dash.
    pub(super) end: usize,
    /// Where the END line begins, and how many line ends precede it.
    pub(super) end_line: usize,
    pub(super) lines: usize,
    pub(super) crlf: bool,
}

/// The BEGIN line at `place`, or after the one line end there, if it is
/// exactly as it should be.
pub(super) fn begin(text: &[u8], place: usize) -> Option<Boundary> {
    let rest = text.get(place..)?;
    let line = match rest {
        [b'\n', line @ ..] | [b'\r', b'\n', line @ ..] => line,
        line => line,
    };
    let start = text.len() - line.len();
    let label = line.strip_prefix(b"-----BEGIN ")?;
    let is_label =
        |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b' ';
    // No known label is longer.
    let len = label.iter().take(24).take_while(is_label).count();
    let (name, behind) = label.split_at_checked(len)?;
    let clean = behind.starts_with(b"-----\n") || behind.starts_with(b"-----\r\n");
    if !clean || name.is_empty() || name.trim_ascii().len() != len {
        return None;
    }
    let label = (start + 11, start + 11 + len);
    Some(Boundary {
        word: Word::Begin,
        start,
        end: label.1 + 5,
        label,
        flaws: Flaws::default(),
    })
}

/// Reads on from a BEGIN line; `None` at the first irregularity.
pub(super) fn read(text: &[u8], begin: &Boundary) -> Option<Clean> {
    let at_line_start = begin.start == 0 || text.get(begin.start - 1) == Some(&b'\n');
    if begin.flaws != Flaws::default() || !at_line_start {
        return None;
    }
    let rest = text.get(begin.end..)?;
    let (crlf, mut rest) = match rest {
        [b'\n', rest @ ..] => (false, rest),
        [b'\r', b'\n', rest @ ..] => (true, rest),
        _ => return None,
    };
    let mut content = Zeroizing::new(Vec::new());
    let mut filled = 0;
    let mut lines = 1;
    while let Some((line, behind)) = rest.split_first_chunk::<LINE>() {
        let Some(behind) = line_end(behind, crlf) else {
            break;
        };
        if content.is_empty() {
            make_room(&mut content, rest, crlf)?;
        }
        let room = content.get_mut(filled..)?.first_chunk_mut::<LINE_ROOM>()?;
        if !decode_line(line, room) {
            break;
        }
        filled += LINE / 4 * 3;
        lines += 1;
        rest = behind;
    }
    if content.is_empty() {
        content.resize(LINE_ROOM, 0);
    }
    if rest.first() != Some(&b'-') {
        rest = last_line(rest, crlf, &mut content, &mut filled)?;
        lines += 1;
    }
    // Bytes after this length are wiped with the rest.
    content.truncate(filled);
    let label = text.get(begin.label.0..begin.label.1)?;
    let end_line = text.len() - rest.len();
    let behind = rest
        .strip_prefix(b"-----END ")?
        .strip_prefix(label)?
        .strip_prefix(b"-----")?;
    // Anything else after the END line is for the tolerant reader to describe.
    if !behind.is_empty() {
        line_end(behind, crlf)?;
    }
    let end = text.len() - behind.len();
    Some(Clean {
        content,
        end,
        end_line,
        lines,
        crlf,
    })
}

fn line_end(rest: &[u8], crlf: bool) -> Option<&[u8]> {
    if crlf {
        rest.strip_prefix(b"\r\n")
    } else {
        rest.strip_prefix(b"\n")
    }
}

/// Makes room for the whole object, once: a buffer that grows later would leave a copy behind. The
/// length is in the object's first bytes, and is believed only if it leads to the END line, so a
/// false length costs nothing.
fn make_room(content: &mut Vec<u8>, rest: &[u8], crlf: bool) -> Option<()> {
    // Eight characters are six bytes: identifier and length of any element
    // that fits into a file.
    let announced = match rest.split_first_chunk::<8>() {
        Some((&[a, b, c, d, e, f, g, h], _)) => {
            let ([a, b, c], [d, e, f]) = (decode_quad([a, b, c, d])?, decode_quad([e, f, g, h])?);
            der::announced_len(&[a, b, c, d, e, f])?
        }
        _ => return None,
    };
    let characters = announced.div_ceil(3).checked_mul(4)?;
    let breaks = characters.div_ceil(64) * if crlf { 2 } else { 1 };
    let end = rest.get(characters.checked_add(breaks)?..)?;
    end.strip_prefix(b"-----END ")?;
    // The last whole line writes two bytes beyond its own.
    let room = announced + 3;
    content.reserve_exact(room);
    content.resize(room, 0);
    Some(())
}

/// The last line of base64: at most 64 characters with its padding, decoded to
/// after `filled`.
fn last_line<'t>(
    rest: &'t [u8],
    crlf: bool,
    content: &mut [u8],
    filled: &mut usize,
) -> Option<&'t [u8]> {
    let len = rest
        .iter()
        .take(LINE + 1)
        .position(|&byte| matches!(byte, b'\n' | b'\r'))?;
    let (line, behind) = rest.split_at_checked(len)?;
    let behind = line_end(behind, crlf)?;
    let (quads, []) = line.as_chunks::<4>() else {
        return None;
    };
    let (last, quads) = quads.split_last()?;
    let mut put = |bytes: &[u8]| -> Option<()> {
        let end = *filled + bytes.len();
        content.get_mut(*filled..end)?.copy_from_slice(bytes);
        *filled = end;
        Some(())
    };
    for chars in quads {
        put(&decode_quad(*chars)?)?;
    }
    // `A` has the value 0, so that padding adds no bits.
    let [a, b, c] = match *last {
        [a, b, b'=', b'='] => decode_quad([a, b, b'A', b'A'])?,
        [a, b, c, b'='] => decode_quad([a, b, c, b'A'])?,
        whole => decode_quad(whole)?,
    };
    match *last {
        [.., b'=', b'='] if b == 0 && c == 0 => put(&[a])?,
        [.., b'='] if c == 0 => put(&[a, b])?,
        // Bits that belong to no byte.
        [.., b'='] => return None,
        _ => put(&[a, b, c])?,
    }
    Some(behind)
}
