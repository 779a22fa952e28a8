//! The words of what was left out, so that they are left out of the answer too: a message may
//! quote a setting.

use certcheck::command::reference::Page;
use certcheck::finding::Code;
use std::collections::HashSet;

const LEFT_OUT: &str = "[left out]";

/// Shorter words between blanks and quotes are not looked for.
const LEAST: usize = 4;
/// The same for words between any other characters.
const LEAST_FINE: usize = 6;

/// Words, as they are between blanks and quotes, and cut at other characters.
#[derive(Clone, Default)]
pub(super) struct Private {
    coarse: HashSet<String>,
    fine: HashSet<String>,
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || "\"'`;,(){}<>=".contains(c)
}

fn is_cut(c: char) -> bool {
    !(c.is_alphanumeric() || "_-.".contains(c))
}

impl Private {
    /// All words of a text.
    pub(super) fn of(text: &str) -> Self {
        let words = |cut: fn(char) -> bool, least: usize| {
            let words = text.split(cut).filter(move |word| word.len() >= least);
            words.map(str::to_owned).collect()
        };
        Self {
            coarse: words(is_blank, LEAST),
            fine: words(is_cut, LEAST_FINE),
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.coarse.extend(other.coarse);
        self.fine.extend(other.fine);
    }

    /// Forgets the words of a text that is shown.
    pub(super) fn without(&mut self, text: &str) {
        let shown = Self::of(text);
        self.coarse.retain(|word| !shown.coarse.contains(word));
        self.fine.retain(|word| !shown.fine.contains(word));
    }

    /// Forgets the words of certcheck itself: comments are English too.
    pub(super) fn without_prose(&mut self) {
        for &code in Code::ALL {
            let page = Page::of(code);
            self.without(page.breaks);
            self.without(page.whom);
            page.fix.iter().for_each(|text| self.without(text));
            self.without(code.info().summary);
        }
    }

    /// The text without these words.
    pub(super) fn left_out(&self, text: &str) -> String {
        let text = replaced(text, is_blank, &self.coarse);
        replaced(&text, is_cut, &self.fine)
    }
}

fn replaced(text: &str, cut: fn(char) -> bool, words: &HashSet<String>) -> String {
    if words.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(cut) {
        let word = piece.trim_end_matches(cut);
        if words.contains(word) {
            out.push_str(LEFT_OUT);
            out.push_str(piece.get(word.len()..).unwrap_or_default());
        } else {
            out.push_str(piece);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn words_of_what_is_left_out() {
        let mut private =
            Private::of("set $key \"p@ss!\"; proxy_pass http://ada:s3cret-url@127.0.0.1;");
        private.without("listen 127.0.0.1:443");
        assert_eq!(
            private.left_out("invalid port in \"ada:s3cret-url@127.0.0.1\", `p@ss!`"),
            "invalid port in \"ada:[left out]@127.0.0.1\", `[left out]`"
        );
    }
}
