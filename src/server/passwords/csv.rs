//! Python's csv reader with a blank for a delimiter, not strict.

use zeroize::Zeroizing;

/// A row and the line that it begins on.
pub(super) struct Row {
    pub(super) fields: Vec<Zeroizing<String>>,
    pub(super) line: usize,
}

/// The rows of a text. After a quote at the beginning of a field, blanks and line ends belong to
/// the field, also in comments.
pub(super) struct Rows<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
}

enum State {
    Start,
    Field,
    Quoted,
    Quote,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
            line: 1,
        }
    }

    /// The next character; every line end becomes LF.
    fn next_char(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\r' {
            let _ = self.rest.next_if_eq(&'\n');
        }
        if c == '\r' || c == '\n' {
            self.line += 1;
            return Some('\n');
        }
        Some(c)
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let _ = self.rest.peek()?;
        let line = self.line;
        let mut fields: Vec<Zeroizing<String>> = Vec::new();
        let mut field = Zeroizing::new(String::new());
        let mut state = State::Start;
        let mut any = false;
        while let Some(c) = self.next_char() {
            state = match (state, c) {
                (State::Quoted, '"') => State::Quote,
                (State::Quoted, _) => {
                    field.push(c);
                    State::Quoted
                }
                (State::Start, '\n') if !any => return Some(Row { fields, line }),
                (_, '\n') => {
                    fields.push(field);
                    return Some(Row { fields, line });
                }
                (_, ' ') => {
                    fields.push(std::mem::take(&mut field));
                    State::Start
                }
                (State::Start, '"') => State::Quoted,
                (State::Quote, '"') => {
                    field.push('"');
                    State::Quoted
                }
                _ => {
                    field.push(c);
                    State::Field
                }
            };
            any = true;
        }
        fields.push(field);
        Some(Row { fields, line })
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    /// Each was compared with `csv.reader(f, delimiter=" ")` of Python 3.11.
    #[test]
    fn rows_as_python_sees_them() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            let plain = |row: super::Row| row.fields.iter().map(|f| f.to_string()).collect();
            Rows::of(text).map(plain).collect()
        };
        assert_eq!(
            rows("a b\r\n\nc d"),
            [vec!["a", "b"], vec![], vec!["c", "d"]]
        );
        assert_eq!(rows("a  b\n"), [["a", "", "b"]]);
        assert_eq!(rows("a \n"), [["a", ""]]);
        assert_eq!(rows(" a\n"), [["", "a"]]);
        assert_eq!(
            rows("\"a b\" \"c\"\"d\"x e\"f\n"),
            [["a b", "c\"dx", "e\"f"]]
        );
        assert_eq!(rows("# \"x\ny z\" w\n"), [["#", "x\ny z", "w"]]);
        assert_eq!(rows("a \"b"), [["a", "b"]]);
    }
}
