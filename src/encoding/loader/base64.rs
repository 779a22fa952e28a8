//! The loaders' own rules for base64.

use crate::encoding::reader::sextet;
use zeroize::Zeroizing;

/// How strict a decoder is.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What it ignores.
    pub(super) skips: fn(u8) -> bool,
    /// Whether four characters must be complete, with padding.
    pub(super) padding_needed: bool,
    /// Whether bits after the last byte must be zero.
    pub(super) no_trailing_bits: bool,
    /// Whether superfluous padding is ignored.
    pub(super) padding_ignored: bool,
}

/// Decodes base64 with blanks and line ends in it, padded or not.
#[cfg(feature = "scan")]
pub(in crate::encoding) fn plain(
    text: impl Iterator<Item = u8> + Clone,
) -> Option<Zeroizing<Vec<u8>>> {
    let rules = Rules {
        skips: |byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t'),
        padding_needed: false,
        no_trailing_bits: false,
        padding_ignored: false,
    };
    rules.decode(text)
}

impl Rules {
    /// The bytes of `text`; `None` if these rules refuse it.
    ///
    /// It is read twice, so that the buffer never moves.
    pub(super) fn decode(
        self,
        text: impl Iterator<Item = u8> + Clone,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let characters = text.clone().filter(|&byte| sextet(byte).is_some()).count();
        let mut out = Zeroizing::new(Vec::with_capacity(characters / 4 * 3 + 3));
        let (mut bits, mut pending, mut padding) = (0_u32, 0_u32, 0_u32);
        for byte in text {
            match sextet(byte) {
                Some(_) if padding > 0 => return None,
                Some(value) => {
                    bits = bits << 6 | value;
                    pending += 1;
                }
                None if byte == b'=' => padding += 1,
                None if (self.skips)(byte) => continue,
                None => return None,
            }
            if pending == 4 {
                let [_, a, b, c] = bits.to_be_bytes();
                out.extend_from_slice(&[a, b, c]);
                (bits, pending) = (0, 0);
            }
        }
        let needed = if pending == 0 { 0 } else { 4 - pending };
        let wrong = if self.padding_ignored {
            pending == 1
        } else {
            pending == 1 || (padding != needed && (self.padding_needed || padding > 0))
        };
        if wrong {
            return None;
        }
        let left = match pending {
            2 => {
                let [.., byte] = (bits >> 4).to_be_bytes();
                out.push(byte);
                bits & 0xf
            }
            3 => {
                let [.., a, b] = (bits >> 2).to_be_bytes();
                out.extend_from_slice(&[a, b]);
                bits & 0x3
            }
            _ => 0,
        };
        (left == 0 || !self.no_trailing_bits).then_some(out)
    }
}
