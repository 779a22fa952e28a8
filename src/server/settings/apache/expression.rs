//! The expressions of `SSLRequire` and `<If>`: whether httpd certainly accepts one
//! (`util_expr_parse.y`). httpd evaluates it for each request, after the handshake. Measured: httpd
//! 2.4.71.

/// How deep parentheses may nest.
const DEEPEST: usize = 32;

/// Variables that httpd has in addition to `SSL_…` (`server/util_expr_eval.c`).
const VARIABLES: &[&str] = &[
    "AUTH_TYPE",
    "CONN_REMOTE_ADDR",
    "DOCUMENT_ROOT",
    "HTTPS",
    "HTTP_ACCEPT",
    "HTTP_COOKIE",
    "HTTP_FORWARDED",
    "HTTP_HOST",
    "HTTP_PROXY_CONNECTION",
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REMOTE_HOST",
    "REMOTE_IDENT",
    "REMOTE_USER",
    "REQUEST_FILENAME",
    "REQUEST_METHOD",
    "REQUEST_SCHEME",
    "REQUEST_URI",
    "SERVER_ADMIN",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "SERVER_SOFTWARE",
    "TIME",
    "TIME_DAY",
    "TIME_HOUR",
    "TIME_MIN",
    "TIME_MON",
    "TIME_SEC",
    "TIME_WDAY",
    "TIME_YEAR",
];

const COMPARISONS: &[&str] = &[
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    ">",
    "eq",
    "ne",
    "le",
    "ge",
    "lt",
    "gt",
    "-eq",
    "-ne",
    "-le",
    "-ge",
    "-lt",
    "-gt",
    "-strmatch",
    "-strcmatch",
    "-fnmatch",
];

/// Operators in front of one word. `-R` requires a network, which this reader does not parse.
const UNARY: &[&str] = &[
    "-n", "-z", "-T", "-f", "-d", "-e", "-s", "-L", "-h", "-x", "-U", "-F",
];

/// Functions with one argument.
const FUNCTIONS: &[&str] = &[
    "req", "http", "resp", "reqenv", "osenv", "note", "env", "tolower", "toupper",
];

/// Whether the text is an expression that httpd accepts. `false` means only that this reader does
/// not know.
pub(super) fn is_known(text: &str) -> bool {
    let mut rest = Rest(text);
    expression(&mut rest, DEEPEST) && rest.skip().is_empty()
}

/// The rest of the text.
#[derive(Clone, Copy)]
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn skip(&mut self) -> &'t str {
        self.0 = self.0.trim_start();
        self.0
    }

    /// Consumes `word` if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let Some(behind) = self.skip().strip_prefix(word) else {
            return false;
        };
        let letters = word
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        // A word operator must end where the word ends: `eqx` is not `eq`, and `-n` must not match
        // `-ne`.
        if letters && behind.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_') {
            return false;
        }
        self.0 = behind;
        true
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }
}

fn expression(rest: &mut Rest<'_>, depth: usize) -> bool {
    loop {
        if !term(rest, depth) {
            return false;
        }
        if !rest.take_any(&["&&", "||", "and", "or"]) {
            return true;
        }
    }
}

fn term(rest: &mut Rest<'_>, depth: usize) -> bool {
    // The parser recurses once for each parenthesis, so the depth bounds the stack.
    let Some(deeper) = depth.checked_sub(1) else {
        return false;
    };
    // `!=` is a comparison, not a negation: it must not be split after `!`.
    while rest.take_any(&["not"]) || (!rest.skip().starts_with("!=") && rest.take("!")) {}
    if rest.take("(") {
        return expression(rest, deeper) && rest.take(")");
    }
    if rest.take_any(&["true", "false"]) {
        return true;
    }
    if rest.take_any(UNARY) {
        return word(rest);
    }
    if !word(rest) {
        return false;
    }
    if rest.take_any(&["=~", "!~"]) {
        return regex(rest);
    }
    if rest.take("in") {
        return list(rest);
    }
    rest.take_any(COMPARISONS) && word(rest)
}

/// A number, a string without substitutions, or a variable.
fn word(rest: &mut Rest<'_>) -> bool {
    let text = rest.skip();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        rest.0 = text.get(digits..).unwrap_or_default();
        return true;
    }
    if let Some(behind) = text.strip_prefix("%{") {
        let Some((name, behind)) = behind.split_once('}') else {
            return false;
        };
        rest.0 = behind;
        return is_variable(name);
    }
    if FUNCTIONS.iter().any(|name| text.starts_with(name)) {
        return rest.take_any(FUNCTIONS) && rest.take("(") && word(rest) && rest.take(")");
    }
    for quote in ['"', '\''] {
        let Some(inside) = text.strip_prefix(quote) else {
            continue;
        };
        let Some((inside, behind)) = inside.split_once(quote) else {
            return false;
        };
        rest.0 = behind;
        return is_text(inside);
    }
    false
}

/// Text in quotes, with variables in it.
fn is_text(mut text: &str) -> bool {
    while let Some((before, behind)) = text.split_once("%{") {
        let Some((name, behind)) = behind.split_once('}') else {
            return false;
        };
        if !is_variable(name) || before.contains(['%', '\\', '$']) {
            return false;
        }
        text = behind;
    }
    // httpd's lexer also replaces escapes and back-references (`$1`) in quotes, which this reader
    // does not follow.
    !text.contains(['%', '\\', '$'])
}

fn is_variable(name: &str) -> bool {
    let plain = |name: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        !name.is_empty() && name.bytes().all(letter)
    };
    match name.split_once(':') {
        Some((kind, name)) => matches!(kind, "ENV" | "env" | "HTTP" | "SSL") && plain(name),
        None => VARIABLES.contains(&name) || (name.starts_with("SSL_") && plain(name)),
    }
}

/// `m/…/`, `m#…#`, `/…/i`, of characters without special meaning.
fn regex(rest: &mut Rest<'_>) -> bool {
    let text = rest.skip();
    let text = match text.strip_prefix('m') {
        Some(text) => text,
        None if text.starts_with('/') => text,
        None => return false,
    };
    let Some(mark) = text.chars().next().filter(|mark| "/#|,;:!".contains(*mark)) else {
        return false;
    };
    let Some((body, behind)) = text.get(1..).and_then(|text| text.split_once(mark)) else {
        return false;
    };
    rest.0 = behind.strip_prefix('i').unwrap_or(behind);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=/@,:; .^$|()".contains(&byte);
    let opened = body.matches('(').count();
    let mut open = 0_usize;
    let nests = body.chars().all(|letter| match letter {
        '(' => {
            open += 1;
            true
        }
        ')' => match open.checked_sub(1) {
            Some(left) => {
                open = left;
                true
            }
            None => false,
        },
        _ => true,
    });
    nests && open == 0 && opened < 20 && body.bytes().all(plain)
}

/// `{ "a", "b" }` or `PeerExtList("…")`.
fn list(rest: &mut Rest<'_>) -> bool {
    if rest.take("PeerExtList") {
        return rest.take("(") && word(rest) && rest.take(")");
    }
    if !rest.take("{") {
        return false;
    }
    loop {
        if !word(rest) {
            return false;
        }
        if !rest.take(",") {
            return rest.take("}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_known;

    /// What httpd 2.4.71 did with each: accepted or refused.
    #[test]
    fn what_is_known_is_taken_by_httpd() {
        for taken in [
            "true",
            "%{SSL_CIPHER} !~ m/^(EXP|NULL)/",
            "%{SSL_CLIENT_S_DN_O} eq \"Snake Oil\" and %{SSL_CLIENT_S_DN_OU} in {\"Staff\", \"CA\", \"Dev\"}",
            "( %{TIME_WDAY} >= 1 and %{TIME_WDAY} <= 5 )",
            "\"a\" == 1",
            "'a' eq 'b'",
            "128 <= %{SSL_CIPHER_USEKEYSIZE}",
            "\"x\" in PeerExtList(\"1.2.3\") ",
            "%{ENV:X} eq \"a\"",
            "\"a\" =~ /x/i",
            "%{HTTP_HOST} == 'a'",
            "-n %{REMOTE_USER}",
            "! -z %{REMOTE_USER}",
            "req('X') == 'a'",
            "%{REQUEST_URI} -strmatch '/a*'",
            "%{TIME_HOUR} -gt 9 && %{TIME_HOUR} -lt 17",
            "'%{HTTP_HOST}a' == 'b'",
            "-T reqenv('x')",
        ] {
            assert!(is_known(taken), "{taken}");
        }
        for refused in [
            "",
            "(",
            "x",
            "%{HTTP_HOST} =~ m/(/",
            "%{HTTP_HOST} =~ m/[/",
            "%{A",
            "bogus(\"x\") eq \"y\"",
            "\"%{x\" eq \"a\"",
            "%{A} && %{B}",
            "%{A} in OID(\"1.2.3\")",
            "true and",
            "\"a\" =~ \"x\"",
            "%{A}",
            "%{SSL_PROTOCOL} == ",
            "%{HTTP_HOST}",
            "-R '10.0.0.0/99'",
            "%{HTTP_HOST} == 'a",
        ] {
            assert!(!is_known(refused), "{refused}");
        }
        assert!(!is_known(&"(".repeat(100_000)));
    }
}
