//! Reads a file or a pipe up to a limit, into buffers that are wiped.

use std::io::{ErrorKind, Read};
use zeroize::Zeroizing;

/// The size of the first buffer, in bytes, if the length is not known.
const FIRST: usize = 1 << 14;

/// Reads at most `most` bytes of a file that should have `length` bytes (0: not known). Returns
/// them, and whether they are the whole file.
pub(crate) fn read(
    mut file: impl Read,
    length: u64,
    most: u64,
) -> std::io::Result<(Zeroizing<Vec<u8>>, bool)> {
    let fits = length <= most;
    let length = usize::try_from(length.min(most)).unwrap_or(0);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    // Room for one more byte: if it stays empty, the file ends where it should.
    let first = if length > 0 { length + 1 } else { FIRST };
    let mut bytes = Zeroizing::new(vec![0; first.min(most.saturating_add(1))]);
    let mut filled = 0;
    loop {
        if filled == bytes.len() {
            if filled > most {
                bytes.truncate(most);
                return Ok((bytes, false));
            }
            let mut larger = Zeroizing::new(vec![0; (filled * 2).min(most.saturating_add(1))]);
            if let Some(start) = larger.get_mut(..filled) {
                start.copy_from_slice(&bytes);
            }
            bytes = larger;
        }
        match file.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // There was room for one more byte, and none came: the file ends where it should.
        if fits && filled == length && length > 0 {
            break;
        }
    }
    bytes.truncate(filled.min(most));
    Ok((bytes, filled <= most))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn no_more_than_allowed_and_no_less_than_is_there() {
        for (there, said, most, expected) in [
            (10_usize, 10, 20, (10, true)),
            (10, 0, 20, (10, true)),
            (40_000, 0, 50_000, (40_000, true)),
            (10, 20, 20, (10, true)),
            (21, 21, 20, (20, false)),
            (21, 0, 20, (20, false)),
            (50, 10, 20, (20, false)),
            (0, 0, 20, (0, true)),
        ] {
            let bytes = vec![b'x'; there];
            let (found, whole) = read(bytes.as_slice(), said, most).unwrap();
            assert_eq!((found.len(), whole), expected, "{there} {said} {most}");
        }
    }
}
