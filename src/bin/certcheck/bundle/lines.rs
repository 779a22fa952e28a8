//! Lines of settings, with those that a backslash at the end continues.

/// Each line with its number, counted from 0, and with those that continue it.
pub(super) fn logical(text: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut continues = false;
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        let (line, goes_on) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match out.last_mut() {
            Some((_, before)) if continues => before.push_str(line),
            _ => out.push((number, line.to_owned())),
        }
        continues = goes_on;
    }
    out
}
