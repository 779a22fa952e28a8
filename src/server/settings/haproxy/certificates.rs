//! What `crt` and `crt-list` name: a file, a directory of files, a bundle of
//! `NAME.rsa`, `NAME.ecdsa` and `NAME.dsa`, or a list of them
//! (`ssl_sock_load_cert` and `crtlist_parse_file` of 2.6).

use super::super::{Context, Looked, Path, Settings, path, shown};
use super::table;
use crate::finding::ConfigFact;

/// Endings that a directory's files are not certificates with (`ssl_sock_load_files`).
const BESIDE: &[&str] = &[".issuer", ".ocsp", ".sctl", ".key"];

/// How many certificates one line may name: hosters have some thousand.
const MOST: usize = 4096;

/// The files that `crt` comes to; none: it is not known here, and that is said.
pub(super) fn of(
    written: &Path,
    bundles: bool,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Vec<Path> {
    match settings.look(context, &written.path) {
        Some(Looked::Directory(names)) => {
            let mut names: Vec<&String> = names
                .iter()
                .filter(|it| !it.starts_with('.') && !BESIDE.iter().any(|end| it.ends_with(end)))
                .collect();
            names.sort();
            names
                .into_iter()
                .take(MOST)
                .map(|name| Path {
                    path: path::join(&written.path, name),
                    ..written.clone()
                })
                .collect()
        }
        Some(Looked::Missing) if bundles => {
            let mut found = Vec::new();
            for kind in ["rsa", "dsa", "ecdsa"] {
                let file = format!("{}.{kind}", written.path);
                match settings.look(context, &file) {
                    Some(Looked::Read(_)) => found.push(Path {
                        path: file,
                        ..written.clone()
                    }),
                    Some(Looked::Missing) => {}
                    _ => {
                        let reason = format!("{} was not read", shown(&file));
                        settings.not_judged("crt", reason, line);
                    }
                }
            }
            if found.is_empty() {
                vec![written.clone()]
            } else {
                found
            }
        }
        _ => vec![written.clone()],
    }
}

/// The files of a `crt-list`.
pub(super) fn listed(
    list: &Path,
    base: &str,
    bundles: bool,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Vec<Path> {
    let Some(bytes) = settings.demanded(context, "crt-list", &list.path, line) else {
        if settings
            .not_judged
            .iter()
            .any(|it| it.setting == "crt-list" && it.lines.first == line)
        {
            let fact = ConfigFact::IncludeNotRead {
                directive: "crt-list".to_owned(),
                path: shown(&list.written),
            };
            settings.note(fact, line);
        }
        return Vec::new();
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut found = Vec::new();
    for row in text.lines().map(str::trim) {
        if row.is_empty() || row.starts_with('#') || found.len() >= MOST {
            continue;
        }
        let name = row.split([' ', '\t', '[']).next().unwrap_or_default();
        if let Some((_, rest)) = row.split_once('[') {
            options(rest.split(']').next().unwrap_or_default(), line, settings);
        }
        let file = Path {
            written: name.to_owned(),
            path: path::join(base, name),
            ..list.clone()
        };
        found.extend(of(&file, bundles, line, context, settings));
    }
    found
}

/// What a line of the list says for its own certificate.
fn options(text: &str, line: usize, settings: &mut Settings) {
    let mut words = text.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let Some(count) = table::arguments("bind", word) else {
            let message = format!("unknown keyword '{}' in a crt-list", shown(word));
            settings.refuse_at("crt-list", &message, "by `haproxy -c`", line);
            return;
        };
        for _ in 0..count {
            let _ = words.next();
        }
        if !matches!(word, "alpn" | "npn" | "allow-0rtt" | "no-ca-names") {
            let reason = format!("`{}` for single certificates is not judged", shown(word));
            settings.not_judged("crt-list", reason, line);
        }
    }
}
