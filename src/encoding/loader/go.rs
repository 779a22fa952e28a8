//! `encoding/pem.Decode` and `crypto/tls.X509KeyPair` of Go 1.27.

use super::base64::Rules;
use super::key_block::KeyBlock;
use super::{Run, Seen, find, is_certificate, line};
use zeroize::Zeroizing;

const RULES: Rules = Rules {
    skips: |byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t'),
    padding_needed: true,
    no_trailing_bits: false,
    padding_ignored: false,
};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

struct Block<'b> {
    at: usize,
    label: &'b [u8],
    has_headers: bool,
    content: Zeroizing<Vec<u8>>,
    behind: usize,
}

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let mut place = 0;
    while let Some(block) = next(bytes, place) {
        place = block.behind;
        if block.label != b"CERTIFICATE" {
            continue;
        }
        // Only the first is parsed; the others are sent as they are.
        if run.seen.is_empty() && !is_certificate(&block.content) {
            return run.refuse(block.at);
        }
        run.seen.push(Seen {
            at: block.at,
            content: block.content,
        });
    }
    if run.seen.is_empty() {
        run.refuse(bytes.len())
    } else {
        run
    }
}

/// `CertPool.AppendCertsFromPEM` (crypto/x509/cert_pool.go): what is not a certificate, or has
/// headers, is skipped.
pub(super) fn anchors(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let mut place = 0;
    while let Some(block) = next(bytes, place) {
        place = block.behind;
        if block.label == b"CERTIFICATE" && !block.has_headers && is_certificate(&block.content) {
            run.seen.push(Seen {
                at: block.at,
                content: block.content,
            });
        }
    }
    run
}

/// `tls.X509KeyPair`: the first block whose label ends with `PRIVATE KEY`,
/// whatever precedes it.
pub(super) fn keys(bytes: &[u8]) -> Vec<KeyBlock> {
    let mut place = 0;
    while let Some(block) = next(bytes, place) {
        place = block.behind;
        if block.label == b"PRIVATE KEY" || block.label.ends_with(b" PRIVATE KEY") {
            return vec![KeyBlock::new(block.at, Some(block.content))];
        }
    }
    Vec::new()
}

/// The first sound block; unsound ones are silently skipped.
fn next(bytes: &[u8], from: usize) -> Option<Block<'_>> {
    let mut place = from;
    loop {
        // The END line is looked for first, so that a BEGIN line without one does not swallow the
        // next section.
        let end = find(bytes, END, place)?;
        let behind = end + END.len();
        let block = begin(bytes, place, end).and_then(|at| block(bytes, from, at, end, behind));
        if block.is_some() {
            return block;
        }
        place = behind;
    }
}

/// The last BEGIN before the END line.
fn begin(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let between = bytes.get(from..end)?;
    let at = between
        .windows(BEGIN.len())
        .rposition(|window| window == BEGIN)?;
    Some(from + at)
}

fn block(bytes: &[u8], from: usize, at: usize, end: usize, behind: usize) -> Option<Block<'_>> {
    // At the start of a line, or of what is left.
    if at != from && bytes.get(at.checked_sub(1)?) != Some(&b'\n') {
        return None;
    }
    let (title, mut place) = line(bytes, at + BEGIN.len());
    let label = trimmed(title).strip_suffix(DASHES)?;
    let mut headers = false;
    // Headers that extend beyond END are refused below: none is read after it.
    while place <= end && place < bytes.len() {
        let (header, next) = line(bytes, place);
        if !header.contains(&b':') {
            break;
        }
        headers = true;
        place = next;
    }
    // The newline in front of END may be the one that ends the BEGIN line.
    if headers && place > end {
        return None;
    }
    let (closing, next) = line(bytes, behind);
    if trimmed(closing).strip_prefix(label)? != DASHES {
        return None;
    }
    let data = bytes.get(place..end).unwrap_or_default();
    let content = RULES.decode(data.iter().copied())?;
    Some(Block {
        at,
        label,
        has_headers: headers,
        content,
        behind: next,
    })
}

/// `getLine`: without a CR before the LF, then without blanks.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let kept = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
    line.get(..kept.map_or(0, |last| last + 1))
        .unwrap_or_default()
}
