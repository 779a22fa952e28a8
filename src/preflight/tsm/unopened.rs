//! Words of a command that name files which nothing here opens.

use super::TsmLine;
use super::arguments::split;
use super::options::OURS;
use crate::shown::value as shown;

/// Extensions of files that `tsm` accepts.
const ENDINGS: &[&str] = &[
    "cer",
    "conf",
    "crl",
    "crt",
    "csr",
    "der",
    "jks",
    "json",
    "key",
    "keytab",
    "p12",
    "p7b",
    "p7c",
    "pem",
    "pfx",
    "properties",
    "tsbak",
    "txt",
    "xml",
    "yaml",
    "yml",
    "zip",
];

/// Commands that write the file that they name.
const WRITE: &[&[&str]] = &[
    &["maintenance", "backup"],
    &["maintenance", "ziplogs"],
    &["settings", "export"],
    &["licenses", "get-offline-activation-file"],
    &["licenses", "get-offline-deactivation-file"],
    &["topology", "export"],
];

/// The files that the words of `line` name and that are not judged; with `server`, certificate, key
/// and chain are judged.
pub fn unopened<W: AsRef<str>>(line: &TsmLine, words: &[W], server: bool) -> Vec<String> {
    /// What is shown of a long line.
    const MOST: usize = 16;
    let judged: Vec<&str> = if server {
        line.files().iter().map(|file| file.path.as_str()).collect()
    } else {
        line.opened()
            .iter()
            .map(|file| file.path.as_str())
            .collect()
    };
    // Commands whose files tsm writes (pages "tsm maintenance", "tsm settings", "tsm licenses").
    let texts: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let writes = |path: &&[&str]| texts.windows(path.len()).any(|words| *words == **path);
    if WRITE.iter().any(writes) {
        return Vec::new();
    }
    let mut found: Vec<(String, String)> = Vec::new();
    // If an option is given twice, the last file is judged.
    let mut answered: Vec<String> = Vec::new();
    let mut option = "";
    for word in words.iter().map(AsRef::as_ref) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with('-') => (name, value),
            _ if word.starts_with('-') => {
                option = word;
                continue;
            }
            _ => (std::mem::take(&mut option), word),
        };
        // Our own options are read by the code that uses them.
        // `--config-file` is also an option of tsm.
        let is_own = |word: &String| split(word).0 == name;
        let known = OURS.iter().any(|option| option.long == name);
        let ours = known && (name != "--config-file" || line.ours.iter().any(is_own))
            || ["--server", "-s"].contains(&name);
        // A value that may be a secret is not repeated.
        if judged.contains(&value) {
            answered.push(name.to_owned());
        }
        let secret = name.contains("pass") || name.contains("secret") || name == "-p";
        let written = line.outputs.iter().any(|output| output == value);
        if ours || secret || written || judged.contains(&value) || value.contains("://") {
            continue;
        }
        let by_option = name.ends_with("-file") || name.ends_with("-metadata");
        if (by_option || looks_like_a_file(value)) && !value.is_empty() && found.len() < MOST {
            found.push((name.to_owned(), shown(value)));
        }
    }
    found.retain(|(name, _)| name.is_empty() || !answered.contains(name));
    found.into_iter().map(|(_, value)| value).collect()
}

fn looks_like_a_file(value: &str) -> bool {
    let mut letters = value.chars();
    let drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('\\' | '/'));
    let rooted = ["/", "./", "../", "~/"]
        .iter()
        .any(|prefix| value.starts_with(prefix));
    let ending = value.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && ENDINGS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
    });
    drive || rooted || ending
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::unopened;

    #[test]
    fn files_that_nothing_opens_are_named() {
        let of = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            unopened(&read(&words), &words, false)
        };
        assert_eq!(of("settings import -f /tmp/s.json"), ["/tmp/s.json"]);
        assert_eq!(of("authentication openid configure --config-file=o"), ["o"]);
        assert_eq!(
            of("authentication kerberos configure -kt C:\\a.keytab"),
            ["C:\\a.keytab"]
        );
        assert!(of("configuration set -k gateway.public.host -v www.example.test").is_empty());
        assert!(of("status -s https://tsm.example.test:8850").is_empty());
        assert!(of("security custom-cert add -c ca.crt").is_empty());
        assert!(of("login -u admin -p /a.key").is_empty());
    }
}
