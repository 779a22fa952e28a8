//! The words of what was left out, so that they are left out of the answer too: a message may
//! quote a setting, or a part of it.

use super::form::LEFT_OUT;
use certcheck::command::reference::Page;
use certcheck::finding::Code;
use std::collections::HashSet;
use zeroize::Zeroize;

/// Shorter words between blanks and quotes are not looked for.
const LEAST: usize = 4;
/// The same for words between any other characters.
const LEAST_FINE: usize = 6;

/// Words in small letters, as they are between blanks and quotes, and cut at other characters.
#[derive(Clone, Default)]
pub(super) struct Private {
    coarse: HashSet<String>,
    fine: HashSet<String>,
    finest: HashSet<String>,
    /// What is in quotes, or follows the name on a line: a value of several short words.
    spans: HashSet<String>,
    /// What is left out wherever it is, also within words.
    values: Vec<String>,
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || "\"'`;,(){}<>=…".contains(c)
}

fn is_cut(c: char) -> bool {
    !(c.is_alphanumeric() || "_-.".contains(c))
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The words of keys and password files are among these.
impl Drop for Private {
    fn drop(&mut self) {
        let sets = [
            &mut self.coarse,
            &mut self.fine,
            &mut self.finest,
            &mut self.spans,
        ];
        let words = sets.into_iter().flat_map(HashSet::drain);
        words
            .chain(self.values.drain(..))
            .for_each(|mut word| word.zeroize());
    }
}

impl Private {
    /// All words of a text.
    pub(super) fn of(text: &str) -> Self {
        let words = |cut: fn(char) -> bool, least: usize| {
            let words = text.split(cut).filter(move |word| word.len() >= least);
            words.map(str::to_lowercase).collect()
        };
        Self {
            coarse: words(is_blank, LEAST),
            fine: words(is_cut, LEAST_FINE),
            finest: words(is_mark, LEAST_FINE),
            spans: spans(text),
            values: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.coarse.extend(other.coarse.iter().cloned());
        self.fine.extend(other.fine.iter().cloned());
        self.finest.extend(other.finest.iter().cloned());
        self.spans.extend(other.spans.iter().cloned());
        self.values.extend(other.values.iter().cloned());
    }

    /// Adds the value of an option: its words, also within other words.
    pub(super) fn add_value(&mut self, value: &str) {
        self.add(&Self::of(value));
        let words = value.split(is_blank).filter(|word| word.len() >= LEAST);
        self.values.extend(words.map(str::to_owned));
        // A value may contain another one.
        self.values
            .sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// Forgets the words of a text that is shown.
    pub(super) fn without(&mut self, text: &str) {
        let shown = Self::of(text);
        self.coarse.retain(|word| !shown.coarse.contains(word));
        self.fine.retain(|word| !shown.fine.contains(word));
        self.finest.retain(|word| !shown.finest.contains(word));
        self.spans.retain(|span| !shown.spans.contains(span));
        let is_shown = |word: &String| shown.coarse.contains(&word.to_lowercase());
        self.values.retain(|word| !is_shown(word));
    }

    /// Forgets the words of certcheck itself: comments are English too.
    pub(super) fn without_prose(&mut self) {
        self.without(MESSAGES);
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
        let mut text = text.to_owned();
        for value in &self.values {
            text = text.replace(value, LEFT_OUT);
        }
        let text = self.without_spans(&text);
        let text = replaced(&text, is_blank, &self.coarse);
        let text = replaced(&text, is_cut, &self.fine);
        replaced(&text, is_mark, &self.finest)
    }

    /// Without what a message quotes and is in the list as a whole.
    fn without_spans(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(QUOTES) {
            let (before, quoted) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            let quote = quoted.chars().next().unwrap_or_default();
            out.push(quote);
            rest = quoted.get(quote.len_utf8()..).unwrap_or_default();
            let end = rest.find(quote).unwrap_or(rest.len());
            let span = rest.get(..end).unwrap_or_default();
            if self.spans.contains(&span.trim().to_lowercase()) {
                out.push_str(LEFT_OUT);
                rest = rest.get(end..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// What is in quotes on a line, and what follows the first word of a line or the first `=`.
fn spans(text: &str) -> HashSet<String> {
    let mut spans = HashSet::new();
    for line in text.lines() {
        let line = line.trim().trim_end_matches([';', '{', '}']).trim();
        let behind = [line.split_once(char::is_whitespace), line.split_once('=')];
        let behind = behind
            .into_iter()
            .flatten()
            .map(|(_, rest)| rest.trim_start_matches('='));
        let quotes = ['"', '\''].into_iter();
        let quoted = quotes.flat_map(|quote| line.split(quote).skip(1));
        for span in behind.chain(quoted) {
            let span = span.trim().trim_matches(QUOTES);
            if span.len() >= LEAST {
                spans.insert(span.to_lowercase());
            }
        }
    }
    spans
}

/// Words of messages that may be parts of names.
const MESSAGES: &str = "certificate certificates directive parameter setting settings statement \
    argument arguments number invalid unknown expected syntax server client clients private \
    connection protocol version string cipher ciphers listen address configuration refused \
    refuses start starts started before after always default defaults header request response \
    proxy backend frontend location upstream section option options value values password zone";

fn replaced(text: &str, cut: fn(char) -> bool, words: &HashSet<String>) -> String {
    if words.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(cut) {
        let word = piece.trim_end_matches(cut);
        let end = piece.get(word.len()..).unwrap_or_default();
        let small = word.to_lowercase();
        // Messages cut long values.
        let is_begin = end.starts_with('…')
            && word.len() >= LEAST
            && words.iter().any(|private| private.starts_with(&small));
        if is_begin || words.contains(&small) {
            out.push_str(LEFT_OUT);
            out.push_str(end);
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
        let private = Private::of("S3cret-setting on\nLongSecretWord");
        assert_eq!(
            private.left_out("near token \"s3cret\", `LongSe…`"),
            "near token \"[left out]\", `[left out]…`"
        );
        let private = Private::of("my = a b c\nset $x 'd e f';");
        assert_eq!(
            private.left_out("`a b c` is no number: \"d e f\""),
            "`[left out]` is no number: \"[left out]\""
        );
    }

    #[test]
    fn values_of_options() {
        let mut private = Private::default();
        private.add_value("abcd");
        assert_eq!(private.left_out("`xabcd:!aNULL`"), "`x[left out]:!aNULL`");
    }
}
