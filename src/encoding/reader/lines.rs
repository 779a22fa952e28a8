//! Which line and column an offset is on, counted as the reader moves on.

/// A place whose line is known, from which later places are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineCounter {
    offset: usize,
    line: usize,
    line_start: usize,
}

impl LineCounter {
    pub(super) const fn new() -> Self {
        Self {
            offset: 0,
            line: 1,
            line_start: 0,
        }
    }

    /// The same counter moved to `offset`, which is not before the current one.
    ///
    /// Lines end with LF, CR LF or a lone CR.
    #[must_use]
    pub(super) fn at(self, text: &[u8], offset: usize) -> Self {
        let mut counter = self;
        let passed = text.get(self.offset..offset).unwrap_or_default();
        for (index, &byte) in passed.iter().enumerate() {
            let place = self.offset + index;
            let ends = match byte {
                b'\n' => true,
                b'\r' => text.get(place + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                counter.line += 1;
                counter.line_start = place + 1;
            }
        }
        counter.offset = offset.max(self.offset);
        counter
    }

    /// The counter at `offset`, after `lines` more lines, the last of which
    /// begins at `line_start`.
    #[must_use]
    pub(super) const fn skip(self, lines: usize, line_start: usize, offset: usize) -> Self {
        Self {
            offset,
            line: self.line + lines,
            line_start,
        }
    }

    pub(super) const fn line(self) -> usize {
        self.line
    }

    /// Counted from 1.
    pub(super) const fn column(self) -> usize {
        self.offset - self.line_start + 1
    }

    pub(super) const fn offset(self) -> usize {
        self.offset
    }

    pub(super) const fn line_start(self) -> usize {
        self.line_start
    }
}

#[cfg(test)]
mod tests {
    use super::LineCounter;

    #[test]
    fn every_kind_of_line_end() {
        let text = b"a\nb\r\nc\rd";
        let places: Vec<_> = (0..=8)
            .map(|offset| LineCounter::new().at(text, offset))
            .map(|place| (place.line(), place.column()))
            .collect();
        assert_eq!(
            places,
            [
                (1, 1),
                (1, 2),
                (2, 1),
                (2, 2),
                (2, 3),
                (3, 1),
                (3, 2),
                (4, 1),
                (4, 2)
            ]
        );
    }
}
