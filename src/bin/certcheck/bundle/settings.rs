//! The statements about TLS in settings: those whose name is in a list. Of all others not even the
//! name is taken over, because the first word of a password file would be a password.

/// Longer settings are not taken over.
const LONGEST: usize = 4 << 20;

const LEFT_OUT: &str = "[left out]";

/// Names of nginx, Apache, HAProxy, PostgreSQL, TabPy, Rserve and OpenSSL, in lower case.
const NAMES: &[&str] = &[
    // nginx
    "http",
    "stream",
    "mail",
    "events",
    "server",
    "location",
    "upstream",
    "listen",
    "server_name",
    "include",
    "user",
    "http2",
    "http3",
    "ssl",
    "load_module",
    "protocol",
    // Apache
    "virtualhost",
    "ifmodule",
    "ifdefine",
    "ifversion",
    "else",
    "servername",
    "serveralias",
    "serverroot",
    "loadmodule",
    "includeoptional",
    "group",
    "protocols",
    // HAProxy
    "global",
    "defaults",
    "frontend",
    "backend",
    "bind",
    "mode",
    "ca-base",
    "crt-base",
    "default-server",
    "crt-store",
    "load",
    "chroot",
    // PostgreSQL
    "listen_addresses",
    "port",
    "include_if_exists",
    "include_dir",
    "data_directory",
    "hba_file",
    "ident_file",
    "local",
    "host",
    "hostssl",
    "hostnossl",
    "hostgssenc",
    "hostnogssenc",
    // TabPy
    "tabpy",
    "tabpy_transfer_protocol",
    "tabpy_certificate_file",
    "tabpy_key_file",
    "tabpy_port",
    "tabpy_pwd_file",
    "tabpy_minimum_tls_version",
    // Rserve
    "remote",
    "plaintext",
    "pwdfile",
    // OpenSSL
    "openssl_conf",
    "ssl_conf",
    "system_default",
    "minprotocol",
    "maxprotocol",
    "cipherstring",
    "ciphersuites",
    "options",
    "groups",
    "curves",
    "signaturealgorithms",
    "providers",
    "activate",
    "default",
    "legacy",
    "fips",
];

/// Beginnings of names.
const BEGINNINGS: &[&str] = &[
    "ssl",
    "tune.ssl",
    "proxy_ssl",
    "grpc_ssl",
    "uwsgi_ssl",
    "quic",
    "tls.",
    "http.tls.",
];

/// Those among them that may hold a secret: commands, expressions.
const PRIVATE: &[&str] = &[
    "ssl_passphrase_command",
    "sslpassphrasedialog",
    "sslrequire",
    "sslproxypassphrase",
];

/// The statements about TLS, and what that is in words; nothing of a file that is no text.
pub(super) fn statements(path: &str, bytes: &[u8], braces: bool) -> (Option<String>, String) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.len() <= LONGEST && !text.contains('\0') => text,
        _ => return (None, "nothing".to_owned()),
    };
    let of_openssl = path.ends_with(".cnf");
    let (out, kept, left) = if braces && !of_openssl {
        in_braces(text)
    } else {
        in_lines(text)
    };
    if kept == 0 {
        return (None, "nothing".to_owned());
    }
    let statements = if kept == 1 { "statement" } else { "statements" };
    (Some(out), format!("{kept} {statements}, {left} left out"))
}

fn is_kept(statement: &str) -> bool {
    let begin = statement.trim_start_matches(['<', '/', '[', ' ', '\t']);
    let ends = |c: char| c.is_whitespace() || "=>]:{;".contains(c);
    let name = begin.split(ends).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if PRIVATE.iter().any(|private| name.starts_with(private)) {
        return false;
    }
    // HAProxy's lists of users have `user NAME password …`.
    if ["user", "group"].contains(&name.as_str()) && statement.split_whitespace().count() > 2 {
        return false;
    }
    !name.is_empty()
        && (NAMES.contains(&name.as_str()) || BEGINNINGS.iter().any(|one| name.starts_with(one)))
}

/// One statement per line; `#` and `;` begin comments, a backslash continues.
fn in_lines(text: &str) -> (String, usize, usize) {
    let mut out = String::new();
    let (mut kept, mut left) = (0, 0);
    let mut follows = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if follows.is_none() && (trimmed.is_empty() || trimmed.starts_with(['#', ';'])) {
            out.push('\n');
            continue;
        }
        let keeps = follows.unwrap_or_else(|| is_kept(trimmed));
        follows = trimmed.ends_with('\\').then_some(keeps);
        if keeps {
            kept += 1;
            out.push_str(&line_of(line));
        } else {
            left += 1;
            out.push_str(LEFT_OUT);
        }
        out.push('\n');
    }
    (out, kept, left)
}

/// A line without its comment, and without what follows the method of pg_hba.conf.
fn line_of(line: &str) -> String {
    let end = [" #", "\t#", " ;"]
        .iter()
        .filter_map(|mark| line.find(mark))
        .min();
    let line = end.and_then(|end| line.get(..end)).unwrap_or(line);
    let mut words = line.split_whitespace();
    let of_hba = words.next().is_some_and(|word| {
        [
            "local",
            "host",
            "hostssl",
            "hostnossl",
            "hostgssenc",
            "hostnogssenc",
        ]
        .contains(&word)
    });
    if !of_hba {
        // HAProxy's `server … cookie VALUE`.
        return match line.split_once(" cookie ") {
            Some((before, _)) => format!("{before} cookie {LEFT_OUT}"),
            None => line.trim_end().to_owned(),
        };
    }
    let words = line
        .split_whitespace()
        .map(|word| match word.split_once('=') {
            Some((name, _)) if !["clientcert", "clientname", "map"].contains(&name) => {
                format!("{name}={LEFT_OUT}")
            }
            _ => word.to_owned(),
        });
    words.collect::<Vec<_>>().join(" ")
}

/// nginx: `name arguments;`, `name arguments {`, `}`; `#` begins a comment where a word may begin.
fn in_braces(text: &str) -> (String, usize, usize) {
    let mut out = String::new();
    let (mut kept, mut left) = (0, 0);
    let mut statement = String::new();
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (_, '\\') => {
                statement.push(c);
                statement.extend(chars.next());
            }
            (Some(open), _) => {
                statement.push(c);
                quote = quote.filter(|_| c != open);
            }
            (None, '#')
                if statement
                    .chars()
                    .next_back()
                    .is_none_or(char::is_whitespace) =>
            {
                // The comment goes, its line stays.
                chars.by_ref().find(|c| *c == '\n');
                statement.push('\n');
            }
            (None, '"' | '\'') => {
                statement.push(c);
                quote = Some(c);
            }
            (None, ';' | '{' | '}') => {
                let lines = statement.matches('\n').count();
                if statement.trim().is_empty() {
                    out.push_str(&statement);
                } else if is_kept(statement.trim()) {
                    kept += 1;
                    out.push_str(&statement);
                } else {
                    left += 1;
                    out.push_str(&"\n".repeat(lines));
                    out.push_str(LEFT_OUT);
                }
                out.push(c);
                statement.clear();
            }
            (None, _) => statement.push(c),
        }
    }
    // What has no end is not taken over.
    left += usize::from(!statement.trim().is_empty());
    (out, kept, left)
}
