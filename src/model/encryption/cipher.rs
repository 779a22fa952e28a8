//! Block ciphers in CBC mode with the padding of RFC 8018 section 6.1.1, and RC4.

use super::Refusal;
use crate::model::Malformed;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit, StreamCipher, consts::U5, consts::U16,
};
use rc2::Rc2;
use rc4::Rc4;
use zeroize::Zeroizing;

/// A cipher: all but RC4 are in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    /// Three keys.
    TripleDes,
    /// Two keys, the first used twice.
    DoubleDes,
    Des,
    /// With as many effective bits as the key has.
    Rc2 {
        key_length: usize,
    },
    Camellia128,
    Camellia192,
    Camellia256,
    Aria128,
    Aria192,
    Aria256,
    /// With 128 bits.
    Rc4,
    /// With 40 bits.
    Rc4Short,
}

impl Cipher {
    /// The length of the key in bytes.
    pub(super) const fn key_length(self) -> usize {
        match self {
            Self::Aes128 | Self::DoubleDes | Self::Camellia128 | Self::Aria128 | Self::Rc4 => 16,
            Self::Aes192 | Self::TripleDes | Self::Camellia192 | Self::Aria192 => 24,
            Self::Aes256 | Self::Camellia256 | Self::Aria256 => 32,
            Self::Des => 8,
            Self::Rc4Short => 5,
            Self::Rc2 { key_length } => key_length,
        }
    }

    /// The length of a block, and of the initialisation vector, in bytes; 0 for a stream
    /// cipher.
    pub(super) const fn block_length(self) -> usize {
        match self {
            Self::TripleDes | Self::DoubleDes | Self::Des | Self::Rc2 { .. } => 8,
            Self::Rc4 | Self::Rc4Short => 0,
            _ => 16,
        }
    }

    /// Refuses a ciphertext that no key could have made.
    pub(super) fn check_length(self, ciphertext: &[u8]) -> Result<(), Refusal> {
        let block = self.block_length().max(1);
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(block) {
            return Err(Refusal::Malformed(Malformed::new(
                "encrypted key",
                format!(
                    "{} bytes are not a whole number of cipher blocks",
                    ciphertext.len()
                ),
            )));
        }
        Ok(())
    }

    /// Decrypts and removes the padding; a wrong padding means a wrong passphrase.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        // A wrong length is damage and a wrong padding a wrong passphrase. If they were confused,
        // an administrator would look for another passphrase in vain.
        self.check_length(ciphertext)?;
        let mut plain = Zeroizing::new(ciphertext.to_vec());
        let length = match self {
            Self::Aes128 => decrypt_in_place::<aes::Aes128Dec>(key, iv, &mut plain),
            Self::Aes192 => decrypt_in_place::<aes::Aes192Dec>(key, iv, &mut plain),
            Self::Aes256 => decrypt_in_place::<aes::Aes256Dec>(key, iv, &mut plain),
            Self::TripleDes => decrypt_in_place::<des::TdesEde3>(key, iv, &mut plain),
            Self::DoubleDes => decrypt_in_place::<des::TdesEde2>(key, iv, &mut plain),
            Self::Des => decrypt_in_place::<des::Des>(key, iv, &mut plain),
            Self::Rc2 { .. } => decrypt_in_place::<Rc2>(key, iv, &mut plain),
            Self::Camellia128 => decrypt_in_place::<camellia::Camellia128>(key, iv, &mut plain),
            Self::Camellia192 => decrypt_in_place::<camellia::Camellia192>(key, iv, &mut plain),
            Self::Camellia256 => decrypt_in_place::<camellia::Camellia256>(key, iv, &mut plain),
            Self::Aria128 => decrypt_in_place::<aria::Aria128>(key, iv, &mut plain),
            Self::Aria192 => decrypt_in_place::<aria::Aria192>(key, iv, &mut plain),
            Self::Aria256 => decrypt_in_place::<aria::Aria256>(key, iv, &mut plain),
            Self::Rc4 => rc4(Rc4::<U16>::new_from_slice(key), &mut plain),
            Self::Rc4Short => rc4(Rc4::<U5>::new_from_slice(key), &mut plain),
        };
        match length {
            Some(length) => {
                plain.truncate(length);
                Ok(plain)
            }
            None => Err(Refusal::WrongPassphrase),
        }
    }
}

/// A stream has no padding to check: the reader of its output will see whether it is right.
fn rc4<E>(cipher: Result<impl StreamCipher, E>, buffer: &mut [u8]) -> Option<usize> {
    cipher.ok()?.apply_keystream(buffer);
    Some(buffer.len())
}

fn decrypt_in_place<C: BlockDecryptMut + BlockCipher + KeyInit>(
    key: &[u8],
    iv: &[u8],
    buffer: &mut [u8],
) -> Option<usize> {
    let decryptor = Decryptor::<C>::new_from_slices(key, iv).ok()?;
    decryptor
        .decrypt_padded_mut::<Pkcs7>(buffer)
        .ok()
        .map(<[u8]>::len)
}
