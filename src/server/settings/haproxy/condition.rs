//! `.if`, `.elif`, `.else`, `.endif` (the manual, section 2.4).

/// What is known of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

/// A condition that is open.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) now: Truth,
    /// An earlier branch was taken.
    taken: bool,
    pub(super) line: usize,
}

impl Branch {
    pub(super) fn open(truth: Truth, line: usize) -> Self {
        Self {
            now: truth,
            taken: truth == Truth::Yes,
            line,
        }
    }

    /// `.elif` with its own truth, `.else` with `Yes`.
    pub(super) fn otherwise(&mut self, truth: Truth) {
        self.now = match (self.taken, self.now, truth) {
            (true, _, _) => Truth::No,
            (false, Truth::Unknown, Truth::Yes) => Truth::Unknown,
            (false, _, truth) => truth,
        };
        self.taken |= self.now == Truth::Yes;
    }
}

/// What `words` come to; predicates that depend on the build are not known.
pub(super) fn evaluate<'a>(words: &[String], variable: &dyn Fn(&str) -> Option<&'a str>) -> Truth {
    let text = words.join(" ");
    let (negated, text) = match text.trim().strip_prefix('!') {
        Some(rest) => (true, rest.trim().to_owned()),
        None => (false, text.trim().to_owned()),
    };
    let truth = if text.contains("&&") || text.contains("||") {
        Truth::Unknown
    } else if let Ok(number) = text.parse::<i64>() {
        of(number != 0)
    } else if text.is_empty() {
        Truth::No
    } else {
        predicate(&text, variable)
    };
    match (truth, negated) {
        (Truth::Yes, true) => Truth::No,
        (Truth::No, true) => Truth::Yes,
        (truth, _) => truth,
    }
}

fn of(value: bool) -> Truth {
    if value { Truth::Yes } else { Truth::No }
}

fn predicate<'a>(text: &str, variable: &dyn Fn(&str) -> Option<&'a str>) -> Truth {
    let Some((name, inside)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return Truth::Unknown;
    };
    let arguments: Vec<&str> = inside.split(',').map(str::trim).collect();
    match (name, arguments.as_slice()) {
        // What the environment has is not known, but what is set here is.
        ("defined", [one]) if variable(one).is_some() => Truth::Yes,
        ("feature", ["OPENSSL"]) => Truth::Yes,
        ("streq", [left, right]) => of(left == right),
        ("strneq", [left, right]) => of(left != right),
        ("version_atleast", [version]) => match at_least(version) {
            Some(value) => of(value),
            None => Truth::Unknown,
        },
        ("version_before", [version]) => match at_least(version) {
            Some(value) => of(!value),
            None => Truth::Unknown,
        },
        _ => Truth::Unknown,
    }
}

/// Whether 2.6.12 is that version or a newer one; what hangs on the last number is not known.
fn at_least(version: &str) -> Option<bool> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let major = parts.next()?.ok()?;
    let minor = parts.next().and_then(Result::ok).unwrap_or(0);
    if (major, minor) == (2, 6) && parts.next().is_some() {
        return None;
    }
    Some((2, 6) >= (major, minor))
}

#[cfg(test)]
mod tests {
    use super::{Branch, Truth, evaluate};

    #[test]
    fn conditions_as_measured() {
        let says = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            evaluate(&words, &|name| (name == "A").then_some("x"))
        };
        for (text, truth) in [
            ("0", Truth::No),
            ("1", Truth::Yes),
            ("!0", Truth::Yes),
            ("defined(A)", Truth::Yes),
            ("defined(B)", Truth::Unknown),
            ("feature(OPENSSL)", Truth::Yes),
            ("version_atleast(2.4)", Truth::Yes),
            ("version_before(2.4)", Truth::No),
            ("version_atleast(3.0)", Truth::No),
            ("streq(a,a)", Truth::Yes),
            ("1 && 0", Truth::Unknown),
        ] {
            assert_eq!(says(text), truth, "{text}");
        }
        let mut branch = Branch::open(Truth::No, 1);
        branch.otherwise(Truth::Yes);
        assert_eq!(branch.now, Truth::Yes);
        branch.otherwise(Truth::Yes);
        assert_eq!(branch.now, Truth::No);
    }
}
