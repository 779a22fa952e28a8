//! A receipt as a separate JSON document, `certcheck-receipt/1`.

use crate::Time;
use crate::answer::Verdict;
use crate::command::gate::{Entry, Receipt, State};
use crate::finding::Fingerprint;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt;

/// The version of the receipt's format, its member `schema`.
pub const RECEIPT_SCHEMA: &str = "certcheck-receipt/1";

/// The largest receipt that is read: about ten thousand files.
pub const MOST_RECEIPT_BYTES: usize = 16 << 20;

/// As many files as a preflight reads, with room to spare.
const MOST_RECEIPT_FILES: usize = 20_000;

/// Why a text is not a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAReceipt {
    /// It is too large.
    TooLarge,
    /// It is not JSON; where and why not.
    NotJson(String),
    /// It is another JSON document.
    Other,
    /// It is a receipt of another version.
    Version(String),
    /// A member is missing, or is not what it should be.
    Member(&'static str),
}

impl fmt::Display for NotAReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(
                f,
                "is larger than {} MiB, and no receipt is",
                MOST_RECEIPT_BYTES >> 20
            ),
            Self::NotJson(why) => write!(f, "is not a receipt: it is not JSON ({why})"),
            Self::Other => write!(
                f,
                "is not a receipt: it lacks \"schema\": \"{RECEIPT_SCHEMA}\""
            ),
            Self::Version(found) => write!(
                f,
                "is a receipt of another form ({found}); this version reads {RECEIPT_SCHEMA}"
            ),
            Self::Member(name) => write!(f, "is a damaged receipt: its member `{name}` is wrong"),
        }
    }
}

impl std::error::Error for NotAReceipt {}

/// The document.
pub fn receipt(receipt: &Receipt) -> String {
    let files: Vec<_> = receipt.files.iter().map(entry).collect();
    let ends = receipt.ends.iter();
    let document = json!({
        "schema": RECEIPT_SCHEMA,
        "program": "certcheck",
        "version": receipt.version,
        "at": receipt.at.to_string(),
        "verdict": receipt.verdict.as_str(),
        "server": receipt.server,
        "system": receipt.system,
        "clients": receipt.clients.iter()
            .map(|(client, version)| json!({"client": client, "version": version}))
            .collect::<Vec<_>>(),
        "options": receipt.options,
        "files": files,
        "ends": ends
            .map(|(what, at)| json!({"what": what, "at": at.to_string()}))
            .collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn entry(entry: &Entry) -> Json {
    let (sha256, bytes) = match &entry.state {
        State::File { sha256, bytes } => (Some(sha256), Some(*bytes)),
        State::Directory { names_sha256 } => (Some(names_sha256), None),
        State::Store { sha256 } => (Some(sha256), None),
        State::Present | State::Missing | State::Unreadable => (None, None),
    };
    json!({
        "path": entry.path,
        "root": entry.root,
        "kind": entry.state.kind(),
        "sha256": sha256.map(ToString::to_string),
        "bytes": bytes,
    })
}

/// Reads a receipt.
///
/// # Errors
/// If it is not a receipt, or is damaged. Unknown members are an error, too: they may cover what
/// this version does not check.
pub fn read_receipt(text: &[u8]) -> Result<Receipt, NotAReceipt> {
    if text.len() > MOST_RECEIPT_BYTES {
        return Err(NotAReceipt::TooLarge);
    }
    let document: Json =
        serde_json::from_slice(text).map_err(|error| NotAReceipt::NotJson(error.to_string()))?;
    match document.get("schema").and_then(Json::as_str) {
        Some(RECEIPT_SCHEMA) => {}
        Some(other) if other.starts_with("certcheck-receipt/") => {
            return Err(NotAReceipt::Version(other.to_owned()));
        }
        _ => return Err(NotAReceipt::Other),
    }
    known(
        &document,
        "schema",
        &[
            "schema", "program", "version", "at", "verdict", "server", "system", "clients",
            "options", "files", "ends",
        ],
    )?;
    let verdict = match text_of(&document, "verdict")? {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        "undecided" => Verdict::Undecided,
        _ => return Err(NotAReceipt::Member("verdict")),
    };
    let mut receipt = Receipt::empty(time(&document, "at")?, verdict);
    text_of(&document, "version")?.clone_into(&mut receipt.version);
    text_of(&document, "server")?.clone_into(&mut receipt.server);
    receipt.system = maybe(&document, "system")?;
    for client in list(&document, "clients")? {
        known(client, "clients", &["client", "version"])?;
        let name = text_of(client, "client")?.to_owned();
        receipt.clients.push((name, maybe(client, "version")?));
    }
    // Receipts from the first versions have none.
    let options = match document.get("options") {
        None => &[],
        Some(_) => list(&document, "options")?,
    };
    for option in options {
        let option = option.as_str().ok_or(NotAReceipt::Member("options"))?;
        receipt.options.push(option.to_owned());
    }
    for file in list(&document, "files")? {
        receipt.files.push(read_entry(file)?);
    }
    let places: BTreeSet<_> = receipt
        .files
        .iter()
        .map(|entry| (&entry.path, &entry.root))
        .collect();
    // A receipt without files would always pass. One that names a file twice, or an unlimited number of
    // files, would cause unlimited work.
    if receipt.files.is_empty()
        || places.len() < receipt.files.len()
        || places.len() > MOST_RECEIPT_FILES
    {
        return Err(NotAReceipt::Member("files"));
    }
    for end in list(&document, "ends")? {
        known(end, "ends", &["what", "at"])?;
        let what = text_of(end, "what")?.to_owned();
        receipt.ends.push((what, time(end, "at")?));
    }
    Ok(receipt)
}

fn read_entry(file: &Json) -> Result<Entry, NotAReceipt> {
    known(file, "files", &["path", "root", "kind", "sha256", "bytes"])?;
    let digest = || -> Result<Fingerprint, NotAReceipt> {
        let text = text_of(file, "sha256")?;
        unhex(text).ok_or(NotAReceipt::Member("sha256"))
    };
    let state = match text_of(file, "kind")? {
        "file" => State::File {
            sha256: digest()?,
            bytes: file
                .get("bytes")
                .and_then(Json::as_u64)
                .ok_or(NotAReceipt::Member("bytes"))?,
        },
        "directory" => State::Directory {
            names_sha256: digest()?,
        },
        "store" => State::Store { sha256: digest()? },
        "present" => State::Present,
        "missing" => State::Missing,
        "unreadable" => State::Unreadable,
        _ => return Err(NotAReceipt::Member("kind")),
    };
    let path = text_of(file, "path")?;
    Ok(Entry::new(path, maybe(file, "root")?, state))
}

/// Refuses an object with a member that is not in `names`.
fn known(object: &Json, of: &'static str, names: &[&str]) -> Result<(), NotAReceipt> {
    let members = object.as_object().ok_or(NotAReceipt::Member(of))?;
    match members.keys().all(|name| names.contains(&name.as_str())) {
        true => Ok(()),
        false => Err(NotAReceipt::Member(of)),
    }
}

fn text_of<'j>(object: &'j Json, name: &'static str) -> Result<&'j str, NotAReceipt> {
    let text = object.get(name).and_then(Json::as_str);
    text.ok_or(NotAReceipt::Member(name))
}

fn maybe(object: &Json, name: &'static str) -> Result<Option<String>, NotAReceipt> {
    match object.get(name) {
        Some(Json::Null) | None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(NotAReceipt::Member(name)),
    }
}

fn list<'j>(object: &'j Json, name: &'static str) -> Result<&'j [Json], NotAReceipt> {
    let list = object.get(name).and_then(Json::as_array);
    list.map(Vec::as_slice).ok_or(NotAReceipt::Member(name))
}

fn time(object: &Json, name: &'static str) -> Result<Time, NotAReceipt> {
    let text = text_of(object, name)?;
    text.parse().map_err(|_| NotAReceipt::Member(name))
}

/// 64 lower-case hexadecimal digits.
fn unhex(text: &str) -> Option<Fingerprint> {
    let mut digest = [0; 32];
    if text.len() != 64
        || !text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    for (to, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *to = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(Fingerprint::from_digest(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Receipt {
        let mut sample = Receipt::empty(Time::from_unix_seconds(1_000_000), Verdict::Pass);
        sample.version = "0.1.0".into();
        sample.server = "nginx".into();
        sample.clients = vec![("go".into(), Some("Go 1.27".into()))];
        sample.options = vec!["--warn certificate.expired".into()];
        sample.files = vec![
            Entry::new("a", None, State::of_file(b"x")),
            Entry::new(
                "conf.d",
                Some("/srv".into()),
                State::of_directory(&["b".into()]),
            ),
            Entry::new("native", None, State::of_store([b"c".as_slice()])),
            Entry::new("gone", None, State::Missing),
            Entry::new("passphrases", None, State::Present),
        ];
        sample.ends = vec![("CN=a".into(), Time::from_unix_seconds(2_000_000))];
        sample
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read_receipt(receipt(&sample()).as_bytes()), Ok(sample()));
    }

    #[test]
    fn no_change_of_a_member_is_read_as_a_receipt_for_anything_else() {
        let text = receipt(&sample());
        let whole: Json = serde_json::from_str(&text).unwrap();
        let names: Vec<_> = whole.as_object().unwrap().keys().cloned().collect();
        for name in names {
            for value in [json!(17), json!([17]), json!({"x": 1})] {
                let mut other = whole.clone();
                other[&name] = value;
                let read = read_receipt(other.to_string().as_bytes());
                assert!(read.is_err() || name == "program", "{name}: {read:?}");
            }
        }
        for text in [
            "",
            "{}",
            "[]",
            "null",
            "{\"schema\": \"certcheck/1\"}",
            "\u{feff}{}",
        ] {
            assert!(read_receipt(text.as_bytes()).is_err(), "{text}");
        }
        let later = text.replace(RECEIPT_SCHEMA, "certcheck-receipt/2");
        assert!(matches!(
            read_receipt(later.as_bytes()),
            Err(NotAReceipt::Version(_))
        ));
        let deep = "[".repeat(100_000);
        assert!(matches!(
            read_receipt(deep.as_bytes()),
            Err(NotAReceipt::NotJson(_))
        ));
    }
}
