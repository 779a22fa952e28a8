//! `.if`, `.elif`, `.else`, `.endif` (the manual, section 2.4; `cfgcond.c` of 2.6).
//!
//! An expression is read as HAProxy reads it, in one pass; its value is yes, no or
//! unknown, where unknown means that it depends on the service's environment or on a version's last
//! number. A parse error stops HAProxy.

/// What is known about a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// A condition that is open.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) now: Truth,
    /// An earlier branch was taken.
    taken: bool,
    /// An earlier branch was perhaps taken.
    perhaps: bool,
    /// `.else` was there.
    pub(super) last: bool,
    pub(super) line: usize,
    /// Whether the branch counts, and one has been taken, if a variable without a value is assumed
    /// unset.
    pub(super) assumed: bool,
    assumed_taken: bool,
}

impl Branch {
    pub(super) fn open(truth: Truth, assumed: bool, line: usize) -> Self {
        Self {
            assumed,
            assumed_taken: assumed,
            now: truth,
            taken: truth == Truth::Yes,
            perhaps: truth == Truth::Unknown,
            last: false,
            line,
        }
    }

    /// Whether the condition of an `.elif` would be evaluated at all.
    pub(super) fn goes_on(&self) -> bool {
        !self.taken
    }

    /// `.elif` with its own truth, `.else` with `Yes`.
    pub(super) fn otherwise(&mut self, truth: Truth, assumed: bool) {
        self.assumed = assumed && !self.assumed_taken;
        self.assumed_taken |= assumed;
        self.now = match (self.taken, self.perhaps, truth) {
            (true, _, _) => Truth::No,
            (false, true, Truth::Yes) => Truth::Unknown,
            (false, _, truth) => truth,
        };
        self.taken |= truth == Truth::Yes;
        self.perhaps |= truth == Truth::Unknown;
    }
}

/// The known context of the expression.
pub(super) struct Surroundings<'a, 'b> {
    pub(super) variable: &'b dyn Fn(&str) -> Option<&'a str>,
    /// Whether a variable without a value certainly has none.
    pub(super) absent: &'b dyn Fn(&str) -> bool,
}

/// How many of HAProxy's 1,024 levels (`MAX_CFG_RECURSION` of 2.6) are followed: no real file nests
/// deeper.
const FOLLOWED: usize = 64;

/// The result of the expression; `Err`: HAProxy cannot parse it.
pub(super) fn evaluate(text: &str, around: &Surroundings<'_, '_>) -> Result<Truth, String> {
    let text = text.trim_matches([' ', '\t']);
    if text.is_empty() {
        return Ok(Truth::No);
    }
    let mut parser = Parser {
        rest: text,
        is_compound: text.contains("&&") || text.contains("||"),
        around,
    };
    let value = parser.expression(FOLLOWED)?;
    parser.blanks();
    if parser.rest.is_empty() {
        Ok(value)
    } else {
        Err("unexpected character at the end of the conditional expression".to_owned())
    }
}

struct Parser<'t, 'a, 'b> {
    rest: &'t str,
    /// Whether a part of the expression may remain unevaluated.
    is_compound: bool,
    around: &'b Surroundings<'a, 'b>,
}

fn unparsable() -> String {
    "unparsable conditional expression".to_owned()
}

impl<'t> Parser<'t, '_, '_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn takes(&mut self, token: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expression(&mut self, depth: usize) -> Result<Truth, String> {
        let mut value = self.conjunction(depth)?;
        while self.takes("||") {
            let other = self.conjunction(depth)?;
            // De Morgan, so that three-valued logic is defined once: "unknown or yes" is yes.
            value = value.not().and(other.not()).not();
        }
        Ok(value)
    }

    fn conjunction(&mut self, depth: usize) -> Result<Truth, String> {
        let mut value = self.term(depth)?;
        while self.takes("&&") {
            value = value.and(self.term(depth)?);
        }
        Ok(value)
    }

    fn term(&mut self, depth: usize) -> Result<Truth, String> {
        let mut negated = false;
        while self.takes("!") {
            negated = !negated;
        }
        self.blanks();
        let value = if let Some(number) = self.number() {
            of(number)
        } else if self.takes("(") {
            // cfgcond.c has such a limit too (`maxdepth`): it bounds the recursion.
            if depth == 0 {
                return Err(unparsable());
            }
            let value = self.expression(depth - 1)?;
            if !self.takes(")") {
                return Err("expected ')' after conditional expression".to_owned());
            }
            value
        } else {
            self.predicate()?
        };
        Ok(if negated { value.not() } else { value })
    }

    /// `strtol` with base 0: whether the number is not 0.
    fn number(&mut self) -> Option<bool> {
        let unsigned = self.rest.strip_prefix(['+', '-']).unwrap_or(self.rest);
        let hex = unsigned
            .strip_prefix("0x")
            .or_else(|| unsigned.strip_prefix("0X"))
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
        let (digits, inside): (&str, fn(char) -> bool) = match hex {
            Some(rest) => (rest, |c| c.is_ascii_hexdigit()),
            None if unsigned.starts_with('0') => (unsigned, |c| ('0'..='7').contains(&c)),
            None => (unsigned, |c| c.is_ascii_digit()),
        };
        let end = digits.find(|c| !inside(c)).unwrap_or(digits.len());
        let (number, rest) = digits.split_at_checked(end)?;
        if number.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(number.contains(|c| c != '0'))
    }

    fn predicate(&mut self) -> Result<Truth, String> {
        const NAMES: &[(&str, usize)] = &[
            ("defined", 1),
            ("feature", 1),
            ("openssl_version_atleast", 1),
            ("openssl_version_before", 1),
            ("ssllib_name_startswith", 1),
            ("streq", 2),
            ("strneq", 2),
            ("version_atleast", 1),
            ("version_before", 1),
        ];
        let open = self.rest.find('(').ok_or_else(unparsable)?;
        let (name, inside) = self.rest.split_at_checked(open).ok_or_else(unparsable)?;
        let &(name, count) = NAMES
            .iter()
            .find(|known| known.0 == name)
            .ok_or_else(unparsable)?;
        let inside = inside.strip_prefix('(').unwrap_or_default();
        let close = inside
            .find(')')
            .ok_or_else(|| format!("expected ')' of predicate '{name}'"))?;
        let (list, rest) = inside.split_at_checked(close).ok_or_else(unparsable)?;
        self.rest = rest.strip_prefix(')').unwrap_or_default();
        // Quotes may hold commas and parentheses; HAProxy's argument lists support more than this
        // reader.
        if list.contains(['"', '\'', '\\']) {
            return Ok(Truth::Unknown);
        }
        let arguments: Vec<&str> = list.split(',').collect();
        let got = arguments.len();
        if got < count {
            return Err(format!(
                "missing arguments (got {got}/{count}) of predicate '{name}'"
            ));
        }
        if got > count {
            return Err(format!(
                "too many arguments (got {got}/{count}) of predicate '{name}'"
            ));
        }
        // A version of fewer than three numbers, even none (measured: 2.6.12).
        if name.starts_with("openssl_version") && list.matches('.').count() < 2 {
            if self.is_compound {
                return Ok(Truth::Unknown);
            }
            return Err(format!(
                "HAProxy 2.6 crashes (segmentation fault): '{name}' needs three numbers, as in \
                 3.0.0, and has '{list}'"
            ));
        }
        Ok(match (name, arguments.as_slice()) {
            ("defined", [one]) if (self.around.variable)(one).is_some() => Truth::Yes,
            // HAProxy sets it itself (measured: 2.6.12).
            ("defined", ["HAPROXY_LOCALPEER"]) => Truth::Yes,
            ("defined", [one]) if one.is_empty() || (self.around.absent)(one) => Truth::No,
            // Without an argument, which HAProxy accepts (measured: 2.6.12).
            ("feature" | "version_atleast" | "ssllib_name_startswith", [""]) => Truth::Yes,
            ("version_before", [""]) => Truth::No,
            ("feature", [one]) => feature(one),
            ("streq", [left, right]) => of(left == right),
            ("strneq", [left, right]) => of(left != right),
            ("version_atleast", [version]) => at_least(version, HAPROXY),
            ("version_before", [version]) => at_least(version, HAPROXY).not(),
            ("openssl_version_atleast", [version]) => at_least(version, OPENSSL),
            ("openssl_version_before", [version]) => at_least(version, OPENSSL).not(),
            // `OpenSSL_version(OPENSSL_VERSION)` is `OpenSSL 3.0.19 27 Jan 2026`.
            ("ssllib_name_startswith", [one]) if "OpenSSL 3.0.".starts_with(one) => Truth::Yes,
            ("ssllib_name_startswith", [one]) if !one.starts_with("OpenSSL") => Truth::No,
            _ => Truth::Unknown,
        })
    }
}

fn of(value: bool) -> Truth {
    if value { Truth::Yes } else { Truth::No }
}

/// The features that every Debian build of 2.6 has or lacks (`haproxy -vv`).
fn feature(name: &str) -> Truth {
    match name {
        "OPENSSL" | "LUA" | "PCRE2" | "EPOLL" | "GETADDRINFO" | "THREAD" | "SLZ" | "SYSTEMD"
        | "PROMEX" | "TFO" | "NS" | "TPROXY" => Truth::Yes,
        "QUIC" | "WURFL" | "DEVICEATLAS" | "51DEGREES" | "KQUEUE" | "EVPORTS" | "ZLIB"
        | "ENGINE" => Truth::No,
        _ => Truth::Unknown,
    }
}

const HAPROXY: (u32, u32) = (2, 6);
const OPENSSL: (u32, u32) = (3, 0);

/// Whether `own` is that version or a newer one; a result that depends on the last number is
/// unknown, except that .0 is always reached.
fn at_least(version: &str, own: (u32, u32)) -> Truth {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let Some(Ok(major)) = parts.next() else {
        return Truth::Unknown;
    };
    let minor = match parts.next() {
        None => 0,
        Some(Ok(minor)) => minor,
        Some(Err(_)) => return Truth::Unknown,
    };
    match parts.next() {
        None | Some(Ok(0)) => of(own >= (major, minor)),
        Some(_) if own == (major, minor) => Truth::Unknown,
        Some(_) => of(own >= (major, minor)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Branch, Surroundings, Truth, evaluate};

    fn says(text: &str) -> Result<Truth, String> {
        let around = Surroundings {
            variable: &|name| (name == "A").then_some("x"),
            absent: &|name| name == "C",
        };
        evaluate(text, &around)
    }

    #[test]
    fn conditions_as_measured() {
        for (text, truth) in [
            ("", Truth::No),
            ("0", Truth::No),
            ("1", Truth::Yes),
            ("0x10", Truth::Yes),
            ("!0", Truth::Yes),
            ("defined(A)", Truth::Yes),
            ("defined(B)", Truth::Unknown),
            ("defined(C)", Truth::No),
            ("!defined(C) && 1", Truth::Yes),
            ("feature(OPENSSL)", Truth::Yes),
            ("version_atleast(2.4)", Truth::Yes),
            ("version_atleast(2.6)", Truth::Yes),
            ("version_before(2.4)", Truth::No),
            ("version_atleast(3.0)", Truth::No),
            ("version_atleast(2.6.5)", Truth::Unknown),
            ("openssl_version_before(1.1.1)", Truth::No),
            ("ssllib_name_startswith(wolfSSL)", Truth::No),
            ("streq(a,a)", Truth::Yes),
            ("feature()", Truth::Yes),
            ("version_before()", Truth::No),
            ("openssl_version_atleast(3.0.0)", Truth::Yes),
            ("0 && openssl_version_atleast(3.0)", Truth::No),
            ("1 && 0", Truth::No),
            ("1 && 0 || 1", Truth::Yes),
            ("!(1 && 0)", Truth::Yes),
            ("0 && defined(B)", Truth::No),
            ("1 || defined(B)", Truth::Yes),
        ] {
            assert_eq!(says(text), Ok(truth), "{text}");
        }
        for text in [
            "bogus",
            "nonsense(",
            "streq(a)",
            "streq(a,b,c)",
            "openssl_version_atleast(3.0)",
            "openssl_version_before(3)",
            "openssl_version_before()",
            "1 1",
            "(1",
            "1 &&",
        ] {
            assert!(says(text).is_err(), "{text}");
        }
        assert!(says(&"(".repeat(10_000)).is_err());
    }

    #[test]
    fn one_branch_is_taken() {
        let mut branch = Branch::open(Truth::No, false, 1);
        branch.otherwise(Truth::Yes, true);
        assert_eq!(branch.now, Truth::Yes);
        branch.otherwise(Truth::Yes, true);
        assert_eq!(branch.now, Truth::No);
        let mut branch = Branch::open(Truth::Unknown, false, 1);
        branch.otherwise(Truth::No, false);
        assert_eq!(branch.now, Truth::No);
        branch.otherwise(Truth::Yes, true);
        assert_eq!(branch.now, Truth::Unknown);
        assert!(branch.assumed);
    }
}
