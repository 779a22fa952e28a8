//! Versions of programs, as the programs number them.

use std::cmp::Ordering;
use std::fmt;

/// The most numbers in a version: `1.8.0.504`.
const MOST: usize = 5;
/// The longest text of a version.
const LONGEST: usize = 16;

/// A version: `8`, `22.20`, `1.1.1w`, `8u504`.
///
/// ```
/// use certcheck::Release;
/// let [old, new] = ["1.1.1w", "3.0"].map(|text| Release::parse(text).unwrap());
/// assert!(old < new && Release::parse("3").unwrap().covers(new));
/// assert_eq!(old.to_string(), "1.1.1w");
/// assert!(Release::parse("latest").is_none());
/// ```
#[derive(Clone, Copy)]
pub struct Release {
    text: [u8; LONGEST],
    numbers: [u32; MOST],
    count: usize,
}

/// Why a version of a client or a server cannot be requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRelease {
    message: String,
}

impl UnknownRelease {
    pub(crate) const fn new(message: String) -> Self {
        Self { message }
    }
}

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownRelease {}

impl Release {
    /// The version with this text: numbers with dots between them, one letter at the end, or
    /// a `u` before Java's updates.
    pub fn parse(text: &str) -> Option<Self> {
        let mut kept = [0; LONGEST];
        kept.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let mut numbers = [0; MOST];
        let mut count = 0;
        let mut rest = text;
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            // More digits than any version has could overflow.
            let number = rest.get(..digits.min(9))?.parse().ok()?;
            *numbers.get_mut(count)? = number;
            count += 1;
            rest = rest.get(digits.min(9)..)?;
            match rest.as_bytes() {
                [] => break,
                [b'.' | b'u', _, ..] => rest = rest.get(1..)?,
                [letter @ b'a'..=b'z'] => {
                    *numbers.get_mut(count)? = u32::from(*letter - b'a') + 1;
                    count += 1;
                    break;
                }
                _ => return None,
            }
        }
        Some(Self {
            text: kept,
            numbers,
            count,
        })
    }

    /// Whether the other version begins with all of its numbers: `22` means any 22.
    pub fn covers(self, other: Self) -> bool {
        let own = self.numbers.get(..self.count);
        self.count <= other.count && own == other.numbers.get(..self.count)
    }

    fn as_str(&self) -> &str {
        let text = std::str::from_utf8(&self.text).unwrap_or_default();
        text.trim_end_matches('\0')
    }
}

impl PartialEq for Release {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl Eq for Release {}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Release {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    fn of(text: &str) -> Release {
        Release::parse(text).unwrap()
    }

    #[test]
    fn they_are_in_order() {
        let all = [
            "1.1.1", "1.1.1k", "1.1.1w", "3.0", "3.0.19", "3.5", "8", "8u504", "11", "11.0.30",
            "22.9", "22.20", "24",
        ];
        for pair in all.windows(2) {
            let [a, b] = pair else { panic!() };
            assert!(of(a) < of(b), "{a} {b}");
        }
        assert_eq!(of("3"), of("3.0"));
        assert!(of("22").covers(of("22.20")) && !of("22.2").covers(of("22.20")));
        assert!(of("17").covers(of("17")) && !of("17.0.1").covers(of("17")));
    }

    #[test]
    fn nonsense_is_none() {
        for text in [
            "",
            ".",
            "1.",
            ".1",
            "x",
            "1x2",
            "1..2",
            "1.2.3.4.5.6",
            "9999999999",
            "-1",
            "1w2",
            "12345678901234567",
            "u1",
            "1.w",
            "\u{661}",
        ] {
            assert!(Release::parse(text).is_none(), "{text}");
        }
    }
}
