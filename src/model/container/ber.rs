//! Converts BER to DER, in the forms that containers use (X.690 section 8.1.3.6, 8.7.3).
//!
//! NSS (Firefox, Thunderbird) and OpenSSL's streaming writer give lengths as "indefinite" and cut
//! an OCTET STRING into pieces. This module joins the pieces and writes definite lengths. It does
//! not change the content of an OCTET STRING, so signatures and authentication codes stay valid.

use crate::model::Malformed;
use zeroize::Zeroizing;

/// How deep elements are followed: a PKCS#12 file of NSS has twelve levels down
/// to its ciphertext.
const MOST_DEPTH: usize = 32;

const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xa0;
const CONSTRUCTED: u8 = 0x20;

/// `bytes` with DER lengths; `None` if they already have them.
pub(super) fn normalized(bytes: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Malformed> {
    if !is_indefinite(bytes) {
        return Ok(None);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut rest = bytes;
    element(&mut rest, None, 0, &mut out)?;
    Ok(Some(out))
}

/// Whether the first element, or one that begins where its content does, has an
/// indefinite length: all writers that use it begin with it.
fn is_indefinite(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    // In a PKCS#12 file these are PFX, its AuthenticatedSafe's ContentInfo and the content; so a
    // DER file is neither copied nor walked.
    for _ in 0..4 {
        match head(&mut rest) {
            Ok((_, None)) => return true,
            Ok((tag, Some(_))) if tag & CONSTRUCTED != 0 => {}
            _ => return false,
        }
    }
    false
}

fn malformed(reason: &str) -> Malformed {
    Malformed::new("BER", reason)
}

/// Tag and length; `None` for an indefinite one.
fn head(rest: &mut &[u8]) -> Result<(u8, Option<usize>), Malformed> {
    let mut take = || {
        let (first, behind) = rest
            .split_first()
            .ok_or_else(|| malformed("it is cut off"))?;
        *rest = behind;
        Ok::<u8, Malformed>(*first)
    };
    let tag = take()?;
    if tag & 0x1f == 0x1f {
        return Err(malformed("a tag of several octets"));
    }
    let length = match take()? {
        // A length that is not in its shortest form is legal BER (X.690 8.1.3.5, note 2), and is
        // written in the shortest.
        short @ 0..0x80 => usize::from(short),
        0x80 => return Ok((tag, None)),
        long @ 0x81..=0x84 => {
            let mut length = 0_usize;
            for _ in 0..long & 0x7f {
                length = (length << 8) | usize::from(take()?);
            }
            length
        }
        _ => return Err(malformed("a length of more than four octets")),
    };
    Ok((tag, Some(length)))
}

/// Writes the first element of `rest`, removes it there, and returns its tag; `previous` is the tag
/// of the element before it.
fn element(
    rest: &mut &[u8],
    previous: Option<u8>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<u8, Malformed> {
    // The only recursion over a container's bytes: 32 levels at most, whatever the file says.
    if depth > MOST_DEPTH {
        return Err(malformed("elements are nested too deeply"));
    }
    let (tag, length) = head(rest)?;
    let mut inside = match length {
        Some(length) => {
            let (inside, behind) = rest
                .split_at_checked(length)
                .ok_or_else(|| malformed("it is cut off"))?;
            *rest = behind;
            Some(inside)
        }
        None => None,
    };
    if tag & CONSTRUCTED == 0 {
        // X.690 8.1.3.2 (a): a primitive element has a definite length.
        let content = inside.ok_or_else(|| malformed("an indefinite length without elements"))?;
        write(tag, content, out);
        return Ok(tag);
    }
    let mut content = Zeroizing::new(Vec::new());
    let mut last = None;
    loop {
        match inside.as_mut() {
            Some([]) => break,
            Some(inside) => last = Some(element(inside, last, depth + 1, &mut content)?),
            None => {
                // The end-of-contents octets (X.690 8.1.5).
                if let Some(behind) = rest.strip_prefix(&[0, 0]) {
                    *rest = behind;
                    break;
                }
                last = Some(element(rest, last, depth + 1, &mut content)?);
            }
        }
    }
    // `[0] IMPLICIT OCTET STRING`, a ciphertext in pieces, follows its algorithm; the `[0]
    // EXPLICIT` of a ContentInfo follows its type.
    let implicit = tag == CONTEXT_0 && previous == Some(SEQUENCE);
    // Without any piece, an empty element of any kind would look like an empty string.
    match pieces(&content).filter(|_| !content.is_empty()) {
        Some(joined) if tag == OCTET_STRING | CONSTRUCTED => write(OCTET_STRING, &joined, out),
        Some(joined) if implicit => write(tag & !CONSTRUCTED, &joined, out),
        _ => write(tag, &content, out),
    }
    Ok(tag)
}

/// The contents of OCTET STRINGs, and nothing else, one after another.
fn pieces(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut joined = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut rest = content;
    while !rest.is_empty() {
        let (tag, length) = head(&mut rest).ok()?;
        let (piece, behind) = rest.split_at_checked(length?)?;
        if tag != OCTET_STRING {
            return None;
        }
        joined.extend_from_slice(piece);
        rest = behind;
    }
    Some(joined)
}

fn write(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let length = content.len();
    if length < 0x80 {
        out.extend(u8::try_from(length));
    } else {
        let bytes = length.to_be_bytes();
        let used = bytes.iter().position(|&byte| byte != 0).unwrap_or(0);
        let bytes = bytes.get(used..).unwrap_or_default();
        out.extend(u8::try_from(bytes.len()).map(|count| 0x80 | count));
        out.extend_from_slice(bytes);
    }
    out.extend_from_slice(content);
}
