//! `--bundle`: what a report of a wrong prediction needs, and no secret.
//!
//! Nothing is searched for secrets and removed, which would miss some. Instead, only what is known to
//! be public is taken over: certificates and revocation lists, each written again from its bytes; and
//! of settings, the statements about TLS (`settings.rs`). The words of what is left out are left out of the
//! answer as well (`private.rs`).

mod apache;
mod form;
mod haproxy;
mod lines;
mod nginx;
mod openssl_cnf;
mod pairs;
mod part;
mod postgres;
mod private;
mod public;
mod scrub;
mod settings;
mod sheet;

pub(crate) use part::{Part, Shown};
pub(crate) use settings::Syntax;

use crate::failure::Failure;
use crate::installed::Installed;
use crate::tree::Tree;
use crate::write::{self, WriteOptions};
use certcheck::command::gate::Entry;
use private::Private;
use scrub::scrubbed;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::Path;

/// The most bytes of all files together.
const LIMIT: usize = 64 << 20;

/// An answer, and what is behind it.
pub(crate) struct Bundle<'b> {
    pub(crate) server: &'static str,
    /// The document of the answer.
    pub(crate) document: &'b str,
    /// The certificates that the server would send.
    pub(crate) presented: Vec<&'b [u8]>,
    pub(crate) entries: &'b [Entry],
    pub(crate) parts: Vec<Shown>,
    /// The values of options that are left out.
    pub(crate) hidden: Vec<&'b str>,
}

impl Bundle<'_> {
    /// Writes it as tar in gzip.
    pub(crate) fn write(self, path: &Path, force: bool) -> Result<(), Failure> {
        write::refuse_inputs(std::iter::once(path))?;
        let bytes = self.packed();
        let bytes = bytes.map_err(|error| Failure::file(path, format!("not packed: {error}")))?;
        // Its owner reads it before it is sent.
        let options = WriteOptions {
            secret: true,
            force,
        };
        write::write(path, &bytes, options)
    }

    fn packed(self) -> std::io::Result<Vec<u8>> {
        let mut private = Private::default();
        for part in &self.parts {
            private.add(&part.private);
        }
        for value in &self.hidden {
            private.add_value(value);
        }
        for part in &self.parts {
            private.without(part.text.as_deref().unwrap_or_default());
            private.without(&part.names);
        }
        private.without_prose();
        let path = |path: &str| private.left_out(&scrubbed(path));
        let mut members: Vec<(String, String)> = Vec::new();
        let mut files = Vec::new();
        let mut total = 0;
        for entry in self.entries {
            let mut parts = self.parts.iter();
            let part = parts.find(|part| part.path == entry.path && part.root == entry.root);
            let text = part.and_then(|part| part.text.as_ref());
            let text = text.filter(|text| total + text.len() <= LIMIT);
            let member = text.map(|text| {
                total += text.len();
                let member = format!(
                    "files/{:03}-{}",
                    members.len() + 1,
                    plain(&path(&entry.path))
                );
                members.push((member.clone(), text.clone()));
                member
            });
            files.push(json!({
                "path": path(&entry.path),
                "found": entry.state.kind(),
                "member": member,
                "kept": part.map_or("nothing", |part| &part.what),
            }));
        }
        // Standard input has no path.
        if let Some(part) = self.parts.iter().find(|part| part.path == "-") {
            files.push(json!({
                "path": "-", "found": "standard input", "member": null, "kept": part.what,
            }));
        }
        let installed = Installed::of(&Tree::of(None));
        let about = json!({
            "bundle": "certcheck-bundle/1",
            "version": env!("CARGO_PKG_VERSION"),
            "os": std::env::consts::OS,
            "arch": std::env::consts::ARCH,
            "system": installed.title(),
            "server": self.server,
            "installed": installed.packaged(self.server),
            "words": words(std::env::args_os().skip(1), &private),
            "files": files,
        });
        let mut document: Json = serde_json::from_str(self.document).unwrap_or_default();
        clean(&mut document, &private);
        let presented = self
            .presented
            .iter()
            .map(|der| public::pem("CERTIFICATE", der));
        members.insert(0, ("README.txt".to_owned(), README.to_owned()));
        members.insert(1, ("about.json".to_owned(), format!("{about:#}\n")));
        members.insert(2, ("answer.json".to_owned(), format!("{document:#}\n")));
        members.insert(3, ("presented.pem".to_owned(), presented.collect()));
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let mut archive = tar::Builder::new(gzip);
        for (name, text) in &members {
            let mut header = tar::Header::new_gnu();
            header.set_mode(0o644);
            header.set_size(u64::try_from(text.len()).unwrap_or(u64::MAX));
            let name = format!("certcheck-bundle/{name}");
            archive.append_data(&mut header, name, text.as_bytes())?;
        }
        let mut gzip = archive.into_inner()?;
        gzip.flush()?;
        gzip.finish()
    }
}

const README: &str = "\
What certcheck judged, for a report of a prediction that differs from what happened.

answer.json    the answer (schema certcheck/1)
about.json     versions, the options, and each place that was read: what was there, what was kept
presented.pem  the certificates that the server would send
files/         the public parts of the files, and the settings about TLS

Left out: private keys, passphrases, password files, containers, comments, and every
statement of settings that is not about TLS. Host names, paths and addresses are not
secret to certcheck, and are included: read the files before you send them.

Add what really happened: the error, and the version of the server or client.
";

/// The options of the command line without values that may be secret.
fn words(all: impl Iterator<Item = std::ffi::OsString>, private: &Private) -> Vec<String> {
    /// The server's environment and its command line.
    const PRIVATE: [&str; 3] = ["--env", "--define", "--server-args"];
    let mut words = Vec::new();
    let mut hides = false;
    for word in all {
        let word = word.to_string_lossy().into_owned();
        let name = word.split('=').next().unwrap_or_default();
        if PRIVATE.contains(&name) {
            hides = name == word;
            words.push(format!("{name}=[left out]"));
        } else if !std::mem::take(&mut hides) {
            words.push(private.left_out(&scrubbed(&word)));
        }
    }
    words
}

/// The last part of a path, in characters that every system accepts.
fn plain(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    last.chars()
        .take(80)
        .map(|c| if safe(c) { c } else { '_' })
        .collect()
}

/// Scrubs every text of a document that may quote what was read.
fn clean(value: &mut Json, private: &Private) {
    /// The words of certcheck itself.
    const OWN: [&str; 13] = [
        "schema",
        "version",
        "command",
        "at",
        "verdict",
        "severity",
        "outcome",
        "check",
        "code",
        "stage",
        "client",
        "references",
        "part",
    ];
    match value {
        Json::String(text) => *text = private.left_out(&scrubbed(text)),
        Json::Array(values) => values.iter_mut().for_each(|value| clean(value, private)),
        Json::Object(members) => {
            let quoting = members.iter_mut();
            let quoting = quoting.filter(|(name, _)| !OWN.contains(&name.as_str()));
            quoting.for_each(|(_, value)| clean(value, private));
        }
        _ => {}
    }
}
