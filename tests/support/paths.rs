//! The paths that stand in Rust code: a scanner for `use` trees and `a::b`, no more.

/// A path in code: its names, and the inline modules that it stands in.
pub(crate) struct CodePath {
    pub(crate) names: Vec<String>,
    pub(crate) within: Vec<String>,
}

/// Every path of two names or more, with the trees of `use` spread out.
pub(crate) fn paths(text: &str) -> Vec<CodePath> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                open.retain(|(_, opened)| *opened < depth + 1);
            }
            "mod" if tokens.get(at + 2).is_some_and(|next| next == "{") => {
                open.push((tokens[at + 1].clone(), depth + 1));
            }
            word if is_name(word) && tokens.get(at + 1).is_some_and(|next| next == "::") => {
                let mut names = Vec::new();
                at = tree(&tokens, at, &[], &mut names);
                let within: Vec<String> = open.iter().map(|(name, _)| name.clone()).collect();
                found.extend(names.into_iter().map(|names| CodePath {
                    names,
                    within: within.clone(),
                }));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads one path, with its `{}` if there are any, and returns the place behind it.
fn tree(
    tokens: &[String],
    mut at: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut names = before.to_vec();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = match tokens[at].as_str() {
                        "," => at + 1,
                        "as" => at + 2,
                        _ => tree(tokens, at, &names, found),
                    };
                }
                return at + 1;
            }
            Some(word) if is_name(word) || word == "*" => names.push(word.to_owned()),
            _ => {
                found.push(names);
                // A generic argument (`Vec::<T>`) ends the path; whatever stands here is read on.
                return at.max(1);
            }
        }
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            found.push(names);
            return at;
        }
        at += 1;
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names and signs, without comments, strings and characters.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars()
            .enumerate()
            .all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 1;
            at += 2;
            while at < chars.len() && depth > 0 {
                depth += i32::from(starts(at, "/*")) - i32::from(starts(at, "*/"));
                at += if starts(at, "/*") || starts(at, "*/") {
                    2
                } else {
                    1
                };
            }
        } else if let Some(end) = raw_string(&chars, at) {
            at = end;
        } else if chars[at] == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if chars[at] == '\'' {
            // A character, unless it is a lifetime.
            let escaped = chars.get(at + 1) == Some(&'\\');
            if escaped {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            } else if chars.get(at + 2) == Some(&'\'') {
                at += 3;
            } else {
                at += 1;
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
            }
        } else if chars[at].is_alphanumeric() || chars[at] == '_' {
            let start = at;
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
            tokens.push(chars[start..at].iter().collect());
        } else if starts(at, "::") {
            tokens.push("::".to_owned());
            at += 2;
        } else {
            if !chars[at].is_whitespace() {
                tokens.push(chars[at].to_string());
            }
            at += 1;
        }
    }
    tokens
}

/// The place behind a raw string that begins here.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    if at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') {
        return None;
    }
    let mut place = at + usize::from(matches!(chars[at], 'b' | 'c'));
    if chars.get(place) != Some(&'r') {
        return None;
    }
    place += 1;
    let hashes = chars[place..].iter().take_while(|c| **c == '#').count();
    place += hashes;
    if chars.get(place) != Some(&'"') {
        return None;
    }
    place += 1;
    while place < chars.len() {
        if chars[place] == '"'
            && chars[place + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
        {
            return Some(place + 1 + hashes);
        }
        place += 1;
    }
    Some(chars.len())
}
