//! Texts as words, and one text in another.

/// How many words may stand where a quoted text has `…`: a path, a name, the
/// noise between two lines of a log.
const GAP: usize = 40;

pub(super) fn share_of(part: usize, whole: usize) -> f64 {
    let number = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// Whether the parts stand in `given` one behind the other, no further apart than
/// [`GAP`] words.
pub(super) fn stand_in(given: &[&str], parts: &[Vec<String>]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    given
        .windows(first.len())
        .enumerate()
        .filter(|(_, window)| window == first)
        .any(|(at, _)| follow(given, at + first.len(), rest))
}

pub(super) fn follow(given: &[&str], from: usize, parts: &[Vec<String>]) -> bool {
    let mut from = from;
    parts.iter().all(|part| {
        let behind = given.get(from..).unwrap_or_default();
        let found = behind
            .windows(part.len())
            .take(GAP)
            .position(|window| window == part);
        match found {
            Some(at) => {
                from += at + part.len();
                true
            }
            None => false,
        }
    })
}

/// Letters and digits in lower case, everything else a blank; `_` too, so that
/// `KEY_VALUES_MISMATCH` is `key values mismatch`.
pub(super) fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// The boundary of a character at or below an offset.
pub(super) trait Boundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        let at = at.min(self.len());
        (0..=at)
            .rev()
            .find(|&at| self.is_char_boundary(at))
            .unwrap_or(0)
    }
}
