//! What is kept of a file of settings: each statement on its own line, at the depth of its block.

use super::form::LEFT_OUT;

#[derive(Default)]
pub(super) struct Sheet {
    out: String,
    /// The number of lines that end before the current position.
    ended: usize,
    pub(super) depth: usize,
    kept: usize,
    left: usize,
}

impl Sheet {
    /// Writes on this line, counted from 0.
    fn put(&mut self, line: usize, text: &str) {
        while self.ended < line {
            self.out.push('\n');
            self.ended += 1;
        }
        if self.out.is_empty() || self.out.ends_with('\n') {
            self.out.push_str(&"  ".repeat(self.depth.min(20)));
        } else {
            self.out.push(' ');
        }
        self.out.push_str(text);
    }

    /// Keeps a statement.
    pub(super) fn keep(&mut self, line: usize, text: &str) {
        self.kept += 1;
        self.put(line, text);
    }

    /// Writes directly after what was kept.
    pub(super) fn mark(&mut self, mark: char) {
        self.out.push(mark);
    }

    /// What only ends a block is not counted.
    pub(super) fn end(&mut self, line: usize, text: &str) {
        self.put(line, text);
    }

    /// Leaves a statement out; `end` is what follows it.
    pub(super) fn leave(&mut self, line: usize, end: &str) {
        self.left += 1;
        self.put(line, &format!("{LEFT_OUT}{end}"));
    }

    /// Leaves a statement out, with nothing in its place.
    pub(super) fn leave_silently(&mut self) {
        self.left += 1;
    }

    /// The text, and what it is in words.
    pub(super) fn finish(mut self) -> (Option<String>, String) {
        if self.kept == 0 {
            return (None, format!("nothing: {} left out", plural(self.left)));
        }
        self.out.push('\n');
        let what = format!("{}, {} left out", plural(self.kept), self.left);
        (Some(self.out), what)
    }
}

fn plural(count: usize) -> String {
    let noun = if count == 1 {
        "statement"
    } else {
        "statements"
    };
    format!("{count} {noun}")
}
