//! `[…]`: a set of characters.

use super::{POSIX, Read, Reader, Stop};

/// What is in a class.
enum Element {
    One(char),
    /// `\d`, `[:alpha:]`: not the end of a range.
    Several,
    /// `\E`.
    Nothing,
}

impl Reader {
    pub(super) fn class(&mut self) -> Read<()> {
        // `[:alpha:]` outside of a class.
        if matches!(self.peek(0), Some(':' | '.' | '=')) {
            let posix = self.posix(0);
            return Err(match posix {
                Some(_) => Stop::Refused("POSIX named classes are supported only within a class"),
                None => Stop::Unsure,
            });
        }
        let _ = self.takes("^");
        let mut first = true;
        loop {
            let Some(c) = self.next() else {
                return Err(Stop::Refused("missing terminating ] for character class"));
            };
            if c == ']' && !first {
                break;
            }
            first = false;
            let low = self.element(c)?;
            let range = self.peek(0) == Some('-') && !matches!(self.peek(1), Some(']') | None);
            if !range || matches!(low, Element::Nothing) {
                continue;
            }
            self.at += 1;
            let Some(c) = self.next() else { continue };
            let high = self.element(c)?;
            match (low, high) {
                (Element::One(low), Element::One(high)) if !low.is_ascii() || !high.is_ascii() => {
                    return Err(Stop::Unsure);
                }
                (Element::One(low), Element::One(high)) if high < low => {
                    return Err(Stop::Refused("range out of order in character class"));
                }
                (Element::One(_), Element::One(_)) => {}
                (_, Element::Nothing) => return Err(Stop::Unsure),
                _ => return Err(Stop::Refused("invalid range in character class")),
            }
        }
        self.repeatable = true;
        Ok(())
    }

    fn element(&mut self, c: char) -> Read<Element> {
        match c {
            '[' if matches!(self.peek(0), Some(':' | '.' | '=')) => {
                let Some((name, length)) = self.posix(0) else {
                    return Ok(Element::One('['));
                };
                if self.peek(0) != Some(':') {
                    return Err(Stop::Refused("POSIX collating elements are not supported"));
                }
                if !POSIX.contains(&name.trim_start_matches('^')) {
                    return Err(match name.as_str() {
                        "<" | ">" => Stop::Unsure,
                        _ => Stop::Refused("unknown POSIX class name"),
                    });
                }
                self.at += length;
                Ok(Element::Several)
            }
            '\\' => match self.next() {
                None => Err(Stop::Refused("\\ at end of pattern")),
                Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'h' | 'H' | 'v' | 'V') => {
                    Ok(Element::Several)
                }
                Some('b') => Ok(Element::One('\u{8}')),
                Some('E') => Ok(Element::Nothing),
                Some(c) => self.character(c).map(Element::One),
            },
            _ => Ok(Element::One(c)),
        }
    }

    /// The name in `:name:]` at this place, and how long all of it is.
    fn posix(&self, from: usize) -> Option<(String, usize)> {
        let end = self.peek(from)?;
        let mut name = String::new();
        for ahead in from + 1.. {
            let c = self.peek(ahead)?;
            if c == end && self.peek(ahead + 1) == Some(']') {
                return Some((name, ahead + 2 - from));
            }
            if matches!(c, '[' | ']' | '\\') || name.len() > 64 {
                return None;
            }
            name.push(c);
        }
        None
    }
}
