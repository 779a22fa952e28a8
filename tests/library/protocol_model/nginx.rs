//! nginx 1.22: the configuration's state machine with its flags, and the mask.

/// The names of the versions switched on, in the order of the file; `None`
/// where nginx refuses `ssl_protocols TEXT;` inside a server block.
pub(crate) fn configured(text: &[u8]) -> Option<Vec<String>> {
    let file = [b"ssl_protocols ".as_slice(), text, b";\n}\n"].concat();
    let mut words: Vec<Vec<u8>> = Vec::new();
    let mut word = Vec::new();
    let (mut last_space, mut need_space, mut comment, mut escaped) = (true, false, false, false);
    let (mut double, mut single, mut variable) = (false, false, false);
    for &byte in &file {
        if comment {
            comment = byte != b'\n';
            continue;
        }
        if escaped {
            escaped = false;
            word.push(byte);
            continue;
        }
        if need_space {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    last_space = true;
                    need_space = false;
                    continue;
                }
                b';' => return names(&words),
                b'{' => return None,
                b')' => {
                    last_space = true;
                    need_space = false;
                }
                _ => return None,
            }
        }
        if last_space {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b';' => return names(&words),
                b'{' | b'}' => return None,
                b'#' => {
                    comment = true;
                    continue;
                }
                b'"' => double = true,
                b'\'' => single = true,
                _ => {
                    escaped = byte == b'\\';
                    variable = byte == b'$';
                    word.push(byte);
                }
            }
            last_space = false;
            continue;
        }
        if byte == b'{' && variable {
            word.push(byte);
            continue;
        }
        variable = byte == b'$';
        if byte == b'\\' {
            escaped = true;
            word.push(byte);
            continue;
        }
        let mut found = false;
        if double && byte == b'"' {
            (double, need_space, found) = (false, true, true);
        } else if single && byte == b'\'' {
            (single, need_space, found) = (false, true, true);
        } else if !double && !single && matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{') {
            (last_space, found) = (true, true);
        }
        if !found {
            word.push(byte);
            continue;
        }
        words.push(std::mem::take(&mut word));
        if byte == b';' {
            return names(&words);
        }
        if byte == b'{' {
            return None;
        }
    }
    None
}

fn names(words: &[Vec<u8>]) -> Option<Vec<String>> {
    if words.len() < 2 {
        return None;
    }
    let mut on = Vec::new();
    for word in &words[1..] {
        let word = String::from_utf8_lossy(word).to_ascii_lowercase();
        let known = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
        let name = known
            .iter()
            .find(|name| name.to_ascii_lowercase() == word)?;
        if !on.contains(&(*name).to_string()) {
            on.push((*name).to_string());
        }
    }
    Some(on)
}
