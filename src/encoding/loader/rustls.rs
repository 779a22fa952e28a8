//! `CertificateDer::pem_slice_iter` of rustls-pki-types 1.15 (src/pem.rs).

use super::base64::Rules;
use super::{Run, Seen, is_certificate};

const RULES: Rules = Rules {
    skips: |byte| matches!(byte, b'\t'..=b'\r' | b' '),
    padding_needed: false,
    no_trailing_bits: false,
    padding_ignored: false,
};

/// Labels whose base64 is decoded, so that damage in them is an error; the
/// content of others is not looked at.
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

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
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
            let Some(label) = label(line) else {
                return run.refuse(start);
            };
            open = Some((start, label));
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
        if !KNOWN.contains(&label) {
            continue;
        }
        match RULES.decode(text.iter().flat_map(|line| line.iter().copied())) {
            Some(content) if label == b"CERTIFICATE" => run.seen.push(Seen { at, content }),
            Some(_) => {}
            None => return run.refuse(at),
        }
    }
    match (open, run.seen.first()) {
        (Some((at, _)), _) => run.refuse(at),
        // rustls parses the first; the others it sends as they are.
        (None, Some(first)) if is_certificate(&first.content) => run,
        (None, _) => run.refuse(bytes.len()),
    }
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
