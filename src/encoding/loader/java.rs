//! `CertificateFactory.generateCertificates` of OpenJDK 17
//! (sun/security/provider/X509Factory.java).

use super::base64::Rules;
use super::{Run, Seen, is_certificate};
use crate::encoding::der::{self, Shape};
use zeroize::Zeroizing;

const RULES: Rules = Rules {
    // Vertical tab and form feed are not among its blanks.
    skips: |byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '),
    padding_needed: false,
    no_trailing_bits: false,
    padding_ignored: false,
};

/// One block, as `readOneBlock` returns it.
enum Next {
    Block {
        at: usize,
        content: Zeroizing<Vec<u8>>,
        behind: usize,
    },
    End,
    Error(usize),
}

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let mut place = 0;
    loop {
        match next(bytes, place) {
            Next::End if run.seen.is_empty() => return run.refuse(bytes.len()),
            Next::End => return run,
            Next::Error(at) => return run.refuse(at),
            Next::Block {
                at,
                content,
                behind,
            } => {
                // `parseX509orPKCS7Cert` accepts a PKCS#7 container only in first place. After a
                // certificate, only certificates may follow.
                let certificates = der::pkcs7_certificates(&content);
                if run.seen.is_empty() && !certificates.is_empty() {
                    for one in certificates {
                        run.seen.push(Seen {
                            at,
                            content: Zeroizing::new(one.to_vec()),
                        });
                    }
                    return run;
                }
                if !is_certificate(&content) {
                    return run.refuse(at);
                }
                run.seen.push(Seen { at, content });
                place = behind;
            }
        }
    }
}

fn next(bytes: &[u8], from: usize) -> Next {
    let rest = bytes.get(from..).unwrap_or_default();
    // A byte 0x30 begins DER, wherever it is: DER and PEM may alternate in one stream.
    if rest.first() == Some(&0x30) {
        return match der::shape(rest) {
            Shape::Whole { len, .. } => {
                let content = Zeroizing::new(rest.get(..len).unwrap_or_default().to_vec());
                Next::Block {
                    at: from,
                    content,
                    behind: from + len,
                }
            }
            _ => Next::Error(from),
        };
    }
    let Some(at) = header(bytes, from) else {
        return Next::End;
    };
    pem(bytes, at)
}

/// Step 1: five hyphens at the start of a line.
fn header(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut hyphens, mut last) = (0, b'\n');
    for (index, &byte) in bytes.get(from..)?.iter().enumerate() {
        if byte == b'-' {
            hyphens += 1;
        } else {
            (hyphens, last) = (0, byte);
        }
        if hyphens == 5 && matches!(last, b'\r' | b'\n') {
            return Some(from + index - 4);
        }
    }
    None
}

/// Steps 2 to 4: the header's line, the data up to a hyphen, the footer's line.
fn pem(bytes: &[u8], at: usize) -> Next {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(len) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return Next::Error(at);
    };
    let (header, behind) = rest.split_at_checked(len).unwrap_or_default();
    let (lone_cr, data) = match behind {
        [b'\r', b'\n', data @ ..] => (false, data),
        [b'\r', data @ ..] => (true, data),
        [_, data @ ..] => (false, data),
        [] => return Next::Error(at),
    };
    let Some(hyphen) = data.iter().position(|&byte| byte == b'-') else {
        return Next::Error(at);
    };
    let (data, footer) = data.split_at_checked(hyphen).unwrap_or_default();
    let ends = |byte: &u8| *byte == b'\n' || (lone_cr && *byte == b'\r');
    let len = footer.iter().position(ends);
    let behind = bytes.len() - footer.len() + len.map_or(footer.len(), |len| len + 1);
    let footer = footer
        .get(..len.unwrap_or(footer.len()))
        .unwrap_or_default();
    let title = |line: &[u8], start: &[u8]| -> Option<Vec<u8>> {
        let line: Vec<u8> = line.iter().copied().filter(|&byte| byte != b'\r').collect();
        let kept = line.iter().rposition(|&byte| !is_whitespace(byte))?;
        let line = line.get(..=kept)?;
        Some(line.strip_prefix(start)?.strip_suffix(b"-----")?.to_vec())
    };
    let label = title(header, b"-----BEGIN ");
    if label.is_none() || label != title(footer, b"-----END ") {
        return Next::Error(at);
    }
    match RULES.decode(data.iter().copied()) {
        Some(content) => Next::Block {
            at,
            content,
            behind,
        },
        None => Next::Error(at),
    }
}

/// `Character.isWhitespace` of one byte, which `String.stripTrailing` uses.
const fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | 0x1c..=b' ')
}
