//! Object identifiers.

use super::der::plain::Der;
use std::fmt;

/// An object identifier, as the contents of its DER form.
///
/// ```
/// use certcheck::model::Oid;
/// assert_eq!(Oid::from_der_contents(&[0x55, 0x1d, 0x11]).to_string(), "2.5.29.17");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    /// The identifier whose DER contents these are; they are not checked.
    pub const fn from_der_contents(contents: &'a [u8]) -> Self {
        Self(contents)
    }

    /// The contents of the DER form.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// Refuses contents that are empty, end within an arc or pad one.
    pub(crate) fn read(contents: &'a [u8]) -> Der<Self> {
        let mut start = true;
        for &byte in contents {
            if start && byte == 0x80 {
                return Err("an OBJECT IDENTIFIER has a padded arc");
            }
            start = byte & 0x80 == 0;
        }
        if contents.is_empty() || !start {
            return Err("an OBJECT IDENTIFIER ends too early");
        }
        Ok(Self(contents))
    }
}

impl fmt::Display for Oid<'_> {
    /// Dotted decimal; `?` for contents that no reader can make sense of, and
    /// for what comes after an arc beyond 64 bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: u64 = 0;
        let mut first = true;
        for &byte in self.0 {
            if arc > u64::MAX >> 7 {
                return f.write_str(".?");
            }
            arc = (arc << 7) | u64::from(byte & 0x7f);
            if byte & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2);
                write!(f, "{root}.{}", arc - root * 40)?;
                first = false;
            } else {
                write!(f, ".{arc}")?;
            }
            arc = 0;
        }
        if first { f.write_str("?") } else { Ok(()) }
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The DER contents of a dotted object identifier, for names that users type.
///
/// `None` if it is not one, or has an arc of more than 64 bits.
pub fn oid_contents(dotted: &str) -> Option<Vec<u8>> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().ok());
    let (root, second) = (arcs.next()??, arcs.next()??);
    if root > 2 || (root < 2 && second > 39) {
        return None;
    }
    let mut contents = Vec::new();
    push_arc(&mut contents, second.checked_add(root * 40)?);
    for arc in arcs {
        push_arc(&mut contents, arc?);
    }
    Some(contents)
}

fn push_arc(contents: &mut Vec<u8>, arc: u64) {
    let groups = (64 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let digits = u8::try_from((arc >> (7 * group)) & 0x7f).unwrap_or(0);
        contents.push(if group == 0 { digits } else { digits | 0x80 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for dotted in ["2.5.29.17", "1.2.840.113549.1.1.11", "2.999.1", "0.0"] {
            let contents = oid_contents(dotted).unwrap();
            assert_eq!(Oid::read(&contents).unwrap().to_string(), dotted);
        }
        for wrong in ["", "1", "3.1", "1.40", "1.2.x", "1..2"] {
            assert_eq!(oid_contents(wrong), None, "{wrong}");
        }
        assert!(Oid::read(&[0x80, 1]).is_err() && Oid::read(&[0x81]).is_err());
    }
}
