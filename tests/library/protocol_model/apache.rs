//! mod_ssl of httpd 2.4 with an OpenSSL 3 without SSLv3, on one line.

/// `Err` with the error text, or the bits: 1 TLSv1, 2 TLSv1.1, 4 TLSv1.2, 8 TLSv1.3.
pub(crate) fn configured(text: &[u8]) -> Result<u8, String> {
    let mut line: Vec<u8> = text
        .iter()
        .copied()
        .take_while(|&byte| byte != 0 && byte != b'\n')
        .collect();
    // The file goes on: a last backslash takes the line's end away, unless a NUL
    // hides that.
    let shown = !text.contains(&0);
    if shown && line.ends_with(b"\\\r") {
        line.pop();
        line.pop();
    } else if shown && line.ends_with(b"\\") {
        line.pop();
    }
    while line.first().is_some_and(|&byte| space(byte)) {
        line.remove(0);
    }
    while line.last().is_some_and(|&byte| space(byte)) {
        line.pop();
    }
    line.push(0);
    let mut options = 0;
    let mut at = 0;
    while line[at] != 0 {
        let (word, next) = word(&line, at);
        at = next;
        let mut name = word.as_slice();
        let mut action = 0;
        if name.first() == Some(&b'+') || name.first() == Some(&b'-') {
            action = name[0];
            name = &name[1..];
        }
        let bits = match name.to_ascii_lowercase().as_slice() {
            b"sslv2" if action == b'-' => continue,
            b"sslv2" => return Err("SSLProtocol: SSLv2 is no longer supported".into()),
            b"sslv3" if action == b'-' => continue,
            b"sslv3" => return Err("SSLv3 not supported by this version of OpenSSL".into()),
            b"tlsv1" => 1,
            b"tlsv1.1" => 2,
            b"tlsv1.2" => 4,
            b"tlsv1.3" => 8,
            b"all" => 15,
            _ => return Err("SSLProtocol: Illegal protocol".into()),
        };
        match action {
            b'-' => options &= !bits,
            b'+' => options |= bits,
            _ => options = bits,
        }
    }
    Ok(options)
}

/// What a handshake can use: from the newest down to the first gap.
pub(crate) fn effective(options: u8) -> u8 {
    let mut newest = 3;
    while newest > 0 && options & (1 << newest) == 0 {
        newest -= 1;
    }
    let mut oldest = newest;
    while oldest > 0 && options & (1 << (oldest - 1)) != 0 {
        oldest -= 1;
    }
    (oldest..=newest).map(|bit| options & (1 << bit)).sum()
}

fn space(byte: u8) -> bool {
    byte == b' ' || (9..=13).contains(&byte)
}

fn word(line: &[u8], start: usize) -> (Vec<u8>, usize) {
    let quote = line[start];
    let mut value = Vec::new();
    let mut at = start;
    if quote == b'"' || quote == b'\'' {
        at += 1;
        while line[at] != 0 && line[at] != quote {
            if line[at] == b'\\' && (line[at + 1] == quote || line[at + 1] == b'\\') {
                at += 1;
            }
            value.push(line[at]);
            at += 1;
        }
        if line[at] == quote {
            at += 1;
        }
    } else {
        while line[at] != 0 && !space(line[at]) {
            if line[at] == b'\\' && line[at + 1] == b'\\' {
                at += 1;
            }
            value.push(line[at]);
            at += 1;
        }
    }
    while space(line[at]) {
        at += 1;
    }
    (value, at)
}
