//! A file of variables, read as data: Debian's /etc/apache2/envvars, a systemd
//! `EnvironmentFile`, sysconfig. No shell reads it here, and no command in it is run.

use std::collections::HashSet;

/// The variables of such a file that have the same value in any shell run.
///
/// A value that depends on a command or on a condition is left out, and so is a variable that a
/// file with `export` does not export.
/// In Debian's envvars, `SUFFIX` is empty except for additional instances.
///
/// ```
/// use certcheck::server::settings::environment_file;
/// let text = "if [ x ]; then\nSUFFIX=-a\nfi\nexport RUN=/run/apache2$SUFFIX\nNOW=$(date)\n";
/// assert_eq!(environment_file(text), [("RUN".to_owned(), "/run/apache2".to_owned())]);
/// ```
pub fn environment_file(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut exported: HashSet<String> = HashSet::new();
    let mut conditions = 0usize;
    // systemd's files have no such word, and all of their variables count.
    let mut exports = false;
    let mut all = false;
    for line in text.lines() {
        let line = line.trim();
        match line.split([' ', ';', '\t']).next().unwrap_or_default() {
            "if" | "case" | "while" | "for" => conditions += 1,
            "fi" | "esac" | "done" => conditions = conditions.saturating_sub(1),
            "set" => all |= line.starts_with("set -a") || line.contains("allexport"),
            _ => {}
        }
        // `X=1; export X`, and the words of `export X=1 Y`.
        for words in line
            .split(';')
            .filter_map(|part| part.trim().strip_prefix("export "))
        {
            exports = true;
            let names = words.split_whitespace();
            let names = names.map(|word| word.split('=').next().unwrap_or_default());
            exported.extend(names.map(str::to_owned));
        }
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(plain) || name == "SUFFIX" {
            continue;
        }
        if all {
            exported.insert(name.to_owned());
        }
        found.retain(|(known, _)| known != name);
        if conditions > 0 {
            continue;
        }
        if let Some(value) = value_of(value, &found) {
            found.push((name.to_owned(), value));
        }
    }
    // What a shell does not export does not reach the server (measured: httpd 2.4.71).
    found.retain(|(name, _)| !exports || exported.contains(name));
    found
}

/// A word with quotes and variables; `None` if it needs a shell.
fn value_of(written: &str, known: &[(String, String)]) -> Option<String> {
    const LONGEST: usize = 8192;
    let mut out = String::new();
    let mut quote = None;
    let mut rest = written.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') if out.is_empty() => break,
            (None, c) if c.is_whitespace() || c == ';' => break,
            (None | Some('"'), '`') => return None,
            (None | Some('"'), '\\') => out.extend(rest.next()),
            (None | Some('"'), '$') => {
                let braced = rest.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                if braced && rest.next() != Some('}') || name.is_empty() {
                    return None;
                }
                match known.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => out.push_str(value),
                    None if name == "SUFFIX" => {}
                    None => return None,
                }
            }
            (_, c) => out.push(c),
        }
        if out.len() > LONGEST {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::environment_file;

    #[test]
    fn what_is_not_exported_does_not_reach_the_server() {
        let names = |text: &str| {
            let found = environment_file(text).into_iter();
            found
                .map(|(name, value)| format!("{name}={value} "))
                .collect::<String>()
        };
        for (text, found) in [
            ("A=1\nexport B=$A\n", "B=1 "),
            ("A=1; export A\nC=2\n", "A=1 "),
            ("A=1\nB=2\nC=3\nexport A B\n", "A=1 B=2 "),
            ("set -a\nA=1\nexport B=2\n", "A=1 B=2 "),
            ("A=1\nB=2\n", "A=1 B=2 "),
        ] {
            assert_eq!(names(text), found, "{text}");
        }
    }

    #[test]
    fn debians_envvars() {
        let text = "unset HOME\n\
            if [ \"${APACHE_CONFDIR##/etc/apache2-}\" != \"${APACHE_CONFDIR}\" ] ; then\n\
            \tSUFFIX=\"-${APACHE_CONFDIR##/etc/apache2-}\"\nelse\n\tSUFFIX=\nfi\n\
            export APACHE_RUN_USER=www-data\n: ${APACHE_X:=1}\n\
            export APACHE_RUN_DIR=/var/run/apache2$SUFFIX\n\
            export APACHE_LOG_DIR='/var/log/apache2'\nexport LANG=C\n\
            export APACHE_LOCK_DIR=\"${APACHE_RUN_DIR}/lock\" # here\n#export NO=1\nX=`id`\n";
        let found = environment_file(text);
        let pairs: Vec<_> = found
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("APACHE_RUN_USER", "www-data"),
                ("APACHE_RUN_DIR", "/var/run/apache2"),
                ("APACHE_LOG_DIR", "/var/log/apache2"),
                ("LANG", "C"),
                ("APACHE_LOCK_DIR", "/var/run/apache2/lock"),
            ]
        );
    }
}
