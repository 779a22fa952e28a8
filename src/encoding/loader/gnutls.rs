//! `gnutls_x509_crt_list_import` of GnuTLS 3.7 (lib/x509/x509.c,
//! lib/x509_b64.c).

use super::base64::Rules;
use super::key_block::KeyBlock;
use super::{Run, Seen, find, is_certificate};
use zeroize::Zeroizing;

const RULES: Rules = Rules {
    // GnuTLS removes four kinds of blank, and nettle ignores the other two.
    skips: |byte| matches!(byte, b'\t'..=b'\r' | b' '),
    padding_needed: true,
    no_trailing_bits: true,
    padding_ignored: false,
};

const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE";
const X509_CERTIFICATE: &[u8] = b"-----BEGIN X509 CERTIFICATE";
const BEGIN: &[u8] = b"-----BEGIN ";
const PLAIN: [&[u8]; 4] = [
    b"RSA PRIVATE KEY",
    b"EC PRIVATE KEY",
    b"DSA PRIVATE KEY",
    b"PRIVATE KEY",
];
const ENCRYPTED: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY";
const DASHES: &[u8] = b"-----";
const END: &[u8] = b"-----END";

/// The next occurrence of a text. The search is repeated only once it has been passed.
struct Ahead {
    text: &'static [u8],
    at: Option<usize>,
    searched: bool,
}

impl Ahead {
    const fn new(text: &'static [u8]) -> Self {
        Self {
            text,
            at: None,
            searched: false,
        }
    }

    fn from(&mut self, bytes: &[u8], place: usize) -> Option<usize> {
        if !self.searched || self.at.is_some_and(|at| at < place) {
            self.at = find(bytes, self.text, place);
            self.searched = true;
        }
        self.at
    }
}

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let (mut plain, mut old) = (Ahead::new(CERTIFICATE), Ahead::new(X509_CERTIFICATE));
    let mut place = 0;
    loop {
        // `X509 CERTIFICATE` counts only if no `CERTIFICATE` follows anywhere.
        let Some(at) = plain.from(bytes, place).or_else(|| old.from(bytes, place)) else {
            return if run.seen.is_empty() {
                run.refuse(bytes.len())
            } else {
                run
            };
        };
        // From there on, the import looks for both labels, whichever one was found.
        let content = plain
            .from(bytes, at)
            .and_then(|at| decode(bytes, at))
            .or_else(|| old.from(bytes, at).and_then(|at| decode(bytes, at)));
        match content.filter(|content| is_certificate(content)) {
            Some(content) => run.seen.push(Seen { at, content }),
            None => return run.refuse(at),
        }
        place = at + 1;
    }
}

/// `gnutls_x509_privkey_import2`: the first section with one of four labels; if there is none,
/// the first encrypted one.
pub(super) fn keys(bytes: &[u8]) -> Vec<KeyBlock> {
    let mut place = 0;
    while let Some(at) = find(bytes, BEGIN, place) {
        let label = bytes.get(at + BEGIN.len()..).unwrap_or_default();
        if PLAIN.iter().any(|plain| label.starts_with(plain)) {
            return vec![KeyBlock::new(at, decode(bytes, at))];
        }
        place = at + 1;
    }
    let encrypted = find(bytes, ENCRYPTED, 0);
    let block = encrypted.map(|at| KeyBlock::new(at, decode(bytes, at)));
    block.into_iter().collect()
}

/// `_gnutls_fbase64_decode`: up to the next `-----END`, whatever label follows.
fn decode(bytes: &[u8], at: usize) -> Option<Zeroizing<Vec<u8>>> {
    let start = find(bytes, DASHES, at + 1)? + DASHES.len();
    let end = find(bytes, END, start)?;
    let data = bytes.get(start..end)?.split(|&byte| byte == b'-').next()?;
    if end - start < 4 {
        return None;
    }
    RULES.decode(data.iter().copied())
}
