//! `BIO_f_base64` over a whole file, and `d2i_PrivateKey_bio` after it (OpenSSL
//! 3.0, crypto/evp/bio_b64.c and encode.c): how httpd reads a private key that
//! `PEM_read_bio_PrivateKey` does not read (`modssl_read_privatekey`).
//!
//! The filter reads the file in pieces of 1024 bytes, looks for the first line
//! that can be base64, and decodes from there to the first hyphen, across blank
//! lines and whatever the BEGIN line is like. Damage ends it; the output of earlier
//! pieces is kept.

use crate::encoding::reader::sextet;
use zeroize::Zeroizing;

/// `B64_BLOCK_SIZE`.
const PIECE: usize = 1024;

/// `EVP_ENCODE_CTX`: characters that do not make a block yet.
struct Decoder {
    pending: Zeroizing<Vec<u8>>,
}

/// What `EVP_DecodeUpdate` returns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Error,
    End,
    More,
}

impl Decoder {
    fn new() -> Self {
        Self {
            pending: Zeroizing::new(Vec::with_capacity(64)),
        }
    }

    /// `EVP_DecodeUpdate`; what is decoded goes to `out`.
    fn update(&mut self, text: &[u8], out: &mut Vec<u8>) -> Outcome {
        let mut padding = self.pending.iter().filter(|&&byte| byte == b'=').count();
        let mut ended = false;
        for &byte in text {
            // The decoder takes a hyphen for the end of the data (`B64_EOF`), so the END line ends it.
            if byte == b'-' {
                ended = true;
                break;
            }
            let white = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let digit = sextet(byte).is_some();
            if !white && !digit && byte != b'=' {
                return Outcome::Error;
            }
            if byte == b'=' {
                padding += 1;
            // A digit after padding is an error, although padding may be split by blanks.
            } else if padding > 0 && digit {
                return Outcome::Error;
            }
            if padding > 2 {
                return Outcome::Error;
            }
            if white {
                continue;
            }
            self.pending.push(byte);
            if self.pending.len() == 64 && !self.flush(padding, out) {
                return Outcome::Error;
            }
        }
        if !self.pending.is_empty() {
            if self.pending.len().is_multiple_of(4) {
                if !self.flush(padding, out) {
                    return Outcome::Error;
                }
            } else if ended {
                return Outcome::Error;
            }
        }
        if ended || (self.pending.is_empty() && padding > 0) {
            Outcome::End
        } else {
            Outcome::More
        }
    }

    /// `evp_decodeblock_int`, and the bytes that padding removes.
    fn flush(&mut self, padding: usize, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        for four in self.pending.chunks(4) {
            let bits = four
                .iter()
                .fold(0_u32, |sum, &byte| sum << 6 | sextet(byte).unwrap_or(0));
            let [_, a, b, c] = bits.to_be_bytes();
            out.extend_from_slice(&[a, b, c]);
        }
        self.pending.clear();
        let decoded = out.len() - start;
        out.truncate(out.len() - padding.min(decoded));
        padding <= decoded
    }
}

/// All that the filter outputs for a file.
pub(super) fn base64(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut decoder = Decoder::new();
    let mut held: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(2 * PIECE));
    let (mut rest, mut started, mut long_line) = (bytes, false, false);
    loop {
        // The size of the pieces matters: an error loses the piece in which it is, and the bytes of
        // earlier pieces remain.
        let room = PIECE - held.len();
        let (piece, behind) = rest.split_at_checked(room).unwrap_or((rest, &[]));
        rest = behind;
        let ends = piece.is_empty();
        if ends && held.is_empty() {
            return out;
        }
        held.extend_from_slice(piece);
        if !started {
            started = start(&mut held, &mut long_line);
            if !started {
                if ends {
                    return out;
                }
                continue;
            }
        } else if held.len() < PIECE && !ends {
            continue;
        }
        let mut decoded = Zeroizing::new(Vec::with_capacity(PIECE));
        let outcome = decoder.update(&held, &mut decoded);
        held.clear();
        // `b64_read` drops the output of the piece that fails.
        if outcome != Outcome::Error {
            out.extend_from_slice(&decoded);
        }
        if outcome != Outcome::More || ends {
            return out;
        }
    }
}

/// Looks for the line to begin with; what precedes it is dropped.
fn start(held: &mut Vec<u8>, long_line: &mut bool) -> bool {
    let mut place = 0;
    while let Some(newline) = held
        .get(place..)
        .and_then(|rest| rest.iter().position(|&byte| byte == b'\n'))
    {
        let next = place + newline + 1;
        let line = held.get(place..next).unwrap_or_default();
        if std::mem::take(long_line) {
            place = next;
            continue;
        }
        let mut out = Zeroizing::new(Vec::with_capacity(PIECE));
        let said = Decoder::new().update(line, &mut out);
        if said == Outcome::More || !out.is_empty() {
            held.drain(..place);
            return true;
        }
        place = next;
    }
    if place > 0 {
        held.drain(..place);
    } else if held.len() >= PIECE {
        *long_line = true;
        held.clear();
    }
    false
}
