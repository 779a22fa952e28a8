//! `CertificateDer::pem_slice_iter` of rustls-pki-types 1.15 (src/pem.rs).

use super::base64::Rules;
use super::key_block::KeyBlock;
use super::{Run, Seen, is_certificate};
use zeroize::Zeroizing;

const RULES: Rules = Rules {
    skips: |byte| matches!(byte, b'\t'..=b'\r' | b' '),
    padding_needed: false,
    no_trailing_bits: false,
    padding_ignored: false,
};

/// Labels whose base64 is decoded, so that damage in them is an error; the content of others is
/// ignored.
const KNOWN: [&[u8]; 8] = [
    b"CERTIFICATE",
    b"PUBLIC KEY",
    b"RSA PRIVATE KEY",
    b"PRIVATE KEY",
    b"EC PRIVATE KEY",
    b"X509 CRL",
    b"CERTIFICATE REQUEST",
    b"ECHCONFIG",
];

/// A section as it is returned, with its content if the label is known.
struct Block<'b> {
    at: usize,
    label: &'b [u8],
    content: Option<Zeroizing<Vec<u8>>>,
}

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let walked = walk(bytes, |block| {
        if let (b"CERTIFICATE", Some(content)) = (block.label, block.content) {
            let at = block.at;
            run.seen.push(Seen { at, content });
        }
        true
    });
    match (walked, run.seen.first()) {
        (Err(at), _) => run.refuse(at),
        // rustls parses the first; it sends the others as they are.
        (Ok(()), Some(first)) if is_certificate(&first.content) => run,
        (Ok(()), _) => run.refuse(bytes.len()),
    }
}

/// `CertificateDer::pem_file_iter`, whose first error ends it; its output is added with
/// `RootCertStore::add`, each certificate by itself.
pub(super) fn anchors(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let walked = walk(bytes, |block| {
        if let (b"CERTIFICATE", Some(content)) = (block.label, block.content) {
            let at = block.at;
            run.seen.push(Seen { at, content });
        }
        true
    });
    match walked {
        Err(at) => run.refuse(at),
        Ok(()) => run,
    }
}

/// `PrivateKeyDer::from_pem_slice`: the first section of a key that it knows;
/// damage before it is an error.
pub(super) fn keys(bytes: &[u8]) -> Vec<KeyBlock> {
    let mut found = Vec::new();
    let walked = walk(bytes, |block| {
        let known = matches!(
            block.label,
            b"PRIVATE KEY" | b"RSA PRIVATE KEY" | b"EC PRIVATE KEY"
        );
        if known {
            found.push(KeyBlock::new(block.at, block.content));
        }
        !known
    });
    if let Err(at) = walked {
        found.push(KeyBlock::new(at, None));
    }
    found
}

/// Passes on section after section until the caller stops it; an error says where it gave up.
fn walk(bytes: &[u8], mut take: impl FnMut(Block<'_>) -> bool) -> Result<(), usize> {
    let mut open: Option<(usize, &[u8])> = None;
    // The lines of the open section. A BEGIN line does not clear them.
    let mut lines: Vec<&[u8]> = Vec::new();
    let mut place = 0;
    while place < bytes.len() {
        let start = place;
        let rest = bytes.get(place..).unwrap_or_default();
        let newline = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let line = rest
            .get(..newline.unwrap_or(rest.len()))
            .unwrap_or_default();
        place = start + line.len() + 1;
        if line.starts_with(b"-----BEGIN ") {
            open = Some((start, label(line).ok_or(start)?));
            continue;
        }
        let Some((at, label)) = open else { continue };
        let end = line
            .strip_prefix(b"-----END ")
            .and_then(|rest| rest.strip_prefix(label));
        if !end.is_some_and(|rest| rest.starts_with(b"-----")) {
            lines.push(line);
            continue;
        }
        open = None;
        let text = std::mem::take(&mut lines);
        let content = if KNOWN.contains(&label) {
            let text = text.iter().flat_map(|line| line.iter().copied());
            Some(RULES.decode(text).ok_or(at)?)
        } else {
            None
        };
        if !take(Block { at, label, content }) {
            return Ok(());
        }
    }
    // A file that ends within a section is an error (MissingSectionEnd), however many sections came
    // before.
    open.map_or(Ok(()), |(at, _)| Err(at))
}

/// The label, if the line ends with exactly five dashes and blanks.
fn label(line: &[u8]) -> Option<&[u8]> {
    let mut dashes = 0;
    let mut end = line.len();
    for (index, &byte) in line.iter().enumerate().rev() {
        match byte {
            b'-' => {
                dashes += 1;
                end = index;
            }
            b' ' => {}
            _ => break,
        }
    }
    if dashes == 5 { line.get(11..end) } else { None }
}
