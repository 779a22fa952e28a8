//! BEGIN and END lines, as people and programs write them and damage them.

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Begin,
    End,
}

/// What is wrong with a BEGIN or END line, apart from its label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flaws {
    /// A dash is an en dash, an em dash or a minus sign.
    pub(super) typographic: bool,
    /// Dashes before it, if there are not five.
    pub(super) opening: Option<usize>,
    /// Dashes after it, if there are not five.
    pub(super) closing: Option<usize>,
    /// BEGIN or END is not in capitals.
    pub(super) lower_case: bool,
    /// Not exactly one space after BEGIN or END, or blanks before the dashes.
    pub(super) spacing: bool,
}

/// A BEGIN or END with its label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
    pub(super) word: Word,
    /// Offset of the first dash.
    pub(super) start: usize,
    /// Offset after the last dash.
    pub(super) end: usize,
    pub(super) label: (usize, usize),
    pub(super) flaws: Flaws,
}

/// Labels are at most this long; RFC 7468 names none over 21 characters.
const MAX_LABEL: usize = 96;

/// The length of the dash at `place`, or nothing. `-`, U+2010 to U+2015,
/// U+2212 (minus), U+FE63 and U+FF0D, and Windows-1252's two.
fn dash_at(text: &[u8], place: usize) -> Option<usize> {
    match text.get(place..)? {
        [b'-', ..] => Some(1),
        // Word processors write an en or em dash for two hyphens, so `-----BEGIN` arrives with two
        // or three long dashes.
        [0xe2, 0x80, 0x90..=0x95, ..] | [0xe2, 0x88, 0x92, ..] => Some(3),
        [0xef, 0xb9, 0xa3, ..] | [0xef, 0xbc, 0x8d, ..] => Some(3),
        // Not where it continues a UTF-8 sequence.
        [0x96 | 0x97, ..] => {
            let before = place.checked_sub(1).and_then(|place| text.get(place));
            before
                .is_none_or(|byte| byte.is_ascii() || matches!(byte, 0x96 | 0x97))
                .then_some(1)
        }
        _ => None,
    }
}

/// A run of dashes: how many, where it ends, whether one is not a hyphen.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    dashes: usize,
    typographic: bool,
}

fn run_at(text: &[u8], start: usize) -> Run {
    let mut run = Run {
        start,
        end: start,
        dashes: 0,
        typographic: false,
    };
    while let Some(len) = dash_at(text, run.end) {
        run.typographic |= text.get(run.end) != Some(&b'-');
        run.end += len;
        run.dashes += 1;
    }
    run
}

impl Run {
    /// Whether it may open or close a boundary: a single hyphen may not, but a
    /// single long dash may (editors turn two hyphens into one).
    fn counts(self) -> bool {
        self.dashes >= 2 || self.typographic
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0xa0)
}

/// The next boundary at or after `from`, and how many bytes were looked at.
pub(super) fn next(text: &[u8], from: usize) -> (Option<Boundary>, usize) {
    let mut place = from;
    let mut looked = 0;
    loop {
        let rest = text.get(place..).unwrap_or_default();
        let Some(found) = rest.iter().position(|&byte| byte == b'-' || byte >= 0x80) else {
            return (None, looked + rest.len());
        };
        looked += found;
        let run = run_at(text, place + found);
        looked += run.end - run.start + 1;
        if run.dashes == 0 {
            place += found + 1;
            continue;
        }
        if run.counts() {
            let (boundary, cost) = open(text, run);
            looked += cost;
            if boundary.is_some() {
                return (boundary, looked);
            }
        }
        place = run.end;
    }
}

/// Reads `BEGIN LABEL-----` after a run of dashes.
fn open(text: &[u8], run: Run) -> (Option<Boundary>, usize) {
    let mut place = run.end;
    // Word processors and wikis put blanks after the dashes. More than four is text that happens
    // to follow.
    while text.get(place).copied().is_some_and(is_blank) && place < run.end + 4 {
        place += 1;
    }
    let mut flaws = Flaws {
        spacing: place > run.end,
        ..Flaws::default()
    };
    let rest = text.get(place..).unwrap_or_default();
    let Some((word, len, exact)) = word(rest) else {
        return (None, 6);
    };
    flaws.lower_case = !exact;
    place += len;
    let (label, close, cost) = label(text, place);
    let Some(label) = label else {
        return (None, cost + 6);
    };
    let blanks = label.0 - place;
    flaws.spacing |= blanks != 1 && !(label.0 == label.1 && blanks == 0);
    flaws.typographic = run.typographic;

    if run.dashes != 5 && !run.typographic {
        flaws.opening = Some(run.dashes);
    }
    let end = match close {
        Some(close) => {
            flaws.typographic |= close.typographic;
            closing(text, close, &mut flaws)
        }
        // Without dashes after it, only an otherwise perfect start counts.
        None if run.dashes == 5 && exact && !flaws.spacing && label.1 > label.0 => {
            flaws.closing = Some(0);
            label.1
        }
        None => return (None, cost + 6),
    };
    (
        Some(Boundary {
            word,
            start: run.start,
            end,
            label,
            flaws,
        }),
        cost + 6,
    )
}

/// Where a boundary ends whose closing dashes are `close`.
fn closing(text: &[u8], close: Run, flaws: &mut Flaws) -> usize {
    if close.typographic {
        return close.end;
    }
    // A boundary may follow at once; the run then belongs to both.
    // `cat` of a file without a final line feed puts `-----BEGIN` after `-----` on one line.
    if close.dashes >= 5 && word(text.get(close.end..).unwrap_or_default()).is_some() {
        if close.dashes != 10 {
            flaws.closing = Some(close.dashes - 5);
        }
        return close.end - 5;
    }
    if close.dashes != 5 {
        flaws.closing = Some(close.dashes);
    }
    close.end
}

/// `BEGIN` or `END`, its length, and whether it is in capitals.
fn word(rest: &[u8]) -> Option<(Word, usize, bool)> {
    for (word, letters) in [(Word::Begin, &b"BEGIN"[..]), (Word::End, b"END")] {
        let found = rest.get(..letters.len()).unwrap_or_default();
        let behind = rest.get(letters.len()).copied();
        // A word of prose such as `BEGINNING` or `ENDS` is not a boundary.
        let stops = behind.is_some_and(|byte| is_blank(byte) || byte == b'-' || byte >= 0x80);
        if found.eq_ignore_ascii_case(letters) && stops {
            return Some((word, letters.len(), found == letters));
        }
    }
    None
}

/// The label from `start` to the dashes or the end of the line.
#[allow(clippy::type_complexity)]
fn label(text: &[u8], start: usize) -> (Option<(usize, usize)>, Option<Run>, usize) {
    let mut place = start;
    let close = loop {
        if place - start > MAX_LABEL {
            return (None, None, place - start);
        }
        match text.get(place) {
            // A backslash or a quote ends the line where PEM is within JSON or source code.
            None | Some(b'\n' | b'\r' | b'\\' | b'"') => break None,
            Some(byte) if *byte == b'-' || *byte >= 0x80 => {
                let run = run_at(text, place);
                if run.counts() {
                    break Some(run);
                }
                place = run.end.max(place + 1);
            }
            Some(_) => place += 1,
        }
    };
    let inside = text.get(start..place).unwrap_or_default();
    let front = inside.iter().take_while(|&&byte| is_blank(byte)).count();
    let back = inside
        .iter()
        .rev()
        .take_while(|&&byte| is_blank(byte))
        .count();
    let label = (
        start + front,
        (place.saturating_sub(back)).max(start + front),
    );
    (
        Some(label),
        close,
        place - start + close.map_or(0, |run| run.end - run.start),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(Word, String, Flaws)> {
        let mut found = Vec::new();
        let mut from = 0;
        while let (Some(boundary), _) = next(text.as_bytes(), from) {
            let label = text[boundary.label.0..boundary.label.1].to_owned();
            found.push((boundary.word, label, boundary.flaws));
            from = boundary.end;
        }
        found
    }

    #[test]
    fn glued_boundaries_share_no_dash() {
        let found = all("-----END A----------BEGIN B-----\n-----END A-----BEGIN B-----");
        let clean = Flaws::default();
        assert_eq!(found[0], (Word::End, "A".into(), clean));
        assert_eq!(found[1], (Word::Begin, "B".into(), clean));
        assert_eq!(found[2].2.closing, Some(0));
        assert_eq!(found[3], (Word::Begin, "B".into(), clean));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn flaws_are_named() {
        let flaws = |text: &str| all(text).pop().unwrap().2;
        assert!(flaws("—-BEGIN A—-").typographic);
        assert_eq!(flaws("----BEGIN A-----").opening, Some(4));
        assert_eq!(flaws("-----BEGIN A---").closing, Some(3));
        assert_eq!(flaws("-----BEGIN A").closing, Some(0));
        assert!(flaws("-----begin A-----").lower_case);
        assert!(flaws("---- BEGIN A ----").spacing);
    }

    #[test]
    fn prose_is_no_boundary() {
        for text in [
            "BEGIN X",
            "- BEGIN X -",
            "--BEGIN X",
            "-- the BEGINNING --",
            "----------",
            "",
        ] {
            assert!(all(text).is_empty(), "{text}");
        }
    }
}
