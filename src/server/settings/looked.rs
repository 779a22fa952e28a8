//! What the caller found at the paths that settings need before they can be
//! read: included files, directories, files whose absence stops the server.

use super::openssl::dh_bits;
use super::{Context, NotJudged, Settings, shown};
use crate::rule;
use crate::source::{Lines, Source};
use std::collections::BTreeMap;

/// What exists at a path.
#[derive(Debug)]
#[non_exhaustive]
pub enum Looked {
    /// A file with its contents.
    Read(Source),
    /// Nothing.
    Missing,
    /// A directory, and the names in it.
    Directory(Vec<String>),
    /// Something that could not be read here: why.
    Unreadable(String),
}

/// What was found at each path of [`Settings::wanted`].
pub type Looks = BTreeMap<String, Looked>;

/// How many paths the settings ask for. A hoster's directory of a thousand
/// sites is included file by file.
const MOST_WANTED: usize = 4096;

/// How many settings that were not judged are listed; a single one already leaves the verdict
/// undecided.
const MOST_NOT_JUDGED: usize = 64;

impl Settings {
    /// What exists at `path`; if no one has looked, requests the path.
    pub(super) fn look<'c>(&mut self, context: &Context<'c>, path: &str) -> Option<&'c Looked> {
        let known = context.looked.and_then(|looked| looked.get(path));
        if known.is_none() && self.wanted.len() < MOST_WANTED && self.asked.insert(path.to_owned())
        {
            self.wanted.push(path.to_owned());
        }
        known
    }

    /// The files with passphrases and passwords, and the programs that print passphrases: a
    /// digest of one would help to guess them.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let places = self.scopes.iter();
        let named = places.flat_map(|scope| scope.passphrases.iter().chain(&scope.passwords));
        let named = named.map(|named| named.path.as_str());
        named.chain(self.secrets.iter().map(String::as_str))
    }

    /// Records that this file may contain a passphrase.
    pub(super) fn hold_secret(&mut self, path: &str) {
        self.secrets.push(path.to_owned());
    }

    /// Records a setting that could change what the server does, and was not judged.
    pub(super) fn not_judged(&mut self, setting: &str, reason: impl Into<String>, line: usize) {
        self.open(setting, reason.into(), line, false);
    }

    /// The same, if a predicted handshake would decide it: the setting is read
    /// into [`Negotiation`](super::Negotiation).
    pub(super) fn negotiated(&mut self, setting: &str, reason: &str, line: usize) {
        self.open(setting, reason.to_owned(), line, true);
    }

    fn open(&mut self, setting: &str, reason: String, line: usize, negotiated: bool) {
        self.uninterpreted += usize::from(!negotiated);
        let one = NotJudged {
            setting: shown(setting),
            reason,
            lines: Lines::new(line, line),
            negotiated,
        };
        if self.not_judged.len() < MOST_NOT_JUDGED && !self.not_judged.contains(&one) {
            self.not_judged.push(one);
        }
    }

    /// The contents of a file without which the server does not start; a
    /// missing one is a finding, one that could not be read is not judged.
    pub(super) fn demanded<'c>(
        &mut self,
        context: &Context<'c>,
        setting: &str,
        path: &str,
        line: usize,
    ) -> Option<&'c [u8]> {
        match self.look(context, path) {
            Some(Looked::Read(source)) => return Some(source.bytes()),
            // Names are read as UTF-8: the caller looked for another name.
            Some(Looked::Missing) if path.contains('\u{fffd}') => {
                let reason = format!("the name {} is not in UTF-8", shown(path));
                self.not_judged(setting, reason, line);
            }
            Some(Looked::Missing) => {
                let fact = rule::config::MissingFile {
                    setting: setting.to_owned(),
                    path: shown(path),
                    problem: "there is no such file".to_owned(),
                };
                self.note(fact, line);
            }
            Some(Looked::Directory(_)) => {
                let reason = format!("{} is a directory", shown(path));
                self.not_judged(setting, reason, line);
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = format!("{}: {reason}", shown(path));
                self.not_judged(setting, reason, line);
            }
            None => {
                let reason = format!("{} was not read", shown(path));
                self.not_judged(setting, reason, line);
            }
        }
        None
    }

    /// The CAs that an OpenSSL command names (in lower case: `chaincafile`). A file to build
    /// or verify chains with must have a certificate; a file whose names are sent needs none
    /// (measured: 3.0.19 under nginx 1.22.1 and httpd 2.4.71).
    pub(super) fn command_authorities(
        &mut self,
        context: &Context<'_>,
        (setting, kind): (&str, &str),
        path: &str,
        (noticed, line): (&str, usize),
    ) {
        let refused = match (kind, self.look_at(kind, context, path)) {
            ("chaincafile" | "verifycafile", Some(Looked::Read(source))) => {
                let text = String::from_utf8_lossy(source.bytes());
                let labels = [
                    "CERTIFICATE",
                    "X509 CERTIFICATE",
                    "TRUSTED CERTIFICATE",
                    "X509 CRL",
                ];
                !labels
                    .iter()
                    .any(|label| text.contains(&format!("-----BEGIN {label}-----")))
            }
            (_, Some(Looked::Missing)) => !matches!(kind, "chaincapath" | "verifycapath"),
            _ => return,
        };
        if refused {
            let message = format!(
                "SSL_CONF_cmd failed: bad value: OpenSSL finds no CA in {}",
                shown(path)
            );
            self.refuse_at(setting, &message, noticed, line);
        }
    }

    fn look_at<'c>(&mut self, kind: &str, context: &Context<'c>, path: &str) -> Option<&'c Looked> {
        let names = kind.ends_with("cafile") || kind.ends_with("capath");
        names.then(|| self.look(context, path)).flatten()
    }

    /// The size of the prime in a file of Diffie-Hellman parameters, which must exist and have a
    /// section with one of these labels.
    pub(super) fn demanded_prime(
        &mut self,
        context: &Context<'_>,
        (setting, path): (&str, &str),
        labels: &[&str],
        (noticed, line): (&str, usize),
    ) -> Option<u32> {
        let bytes = self.demanded(context, setting, path, line)?;
        let bits = dh_bits(bytes, labels);
        if bits.is_none() {
            let text = String::from_utf8_lossy(bytes);
            let begins = |label: &&str| text.contains(&format!("-----BEGIN {label}-----"));
            if labels.iter().any(begins) {
                let reason = format!("{} could not be read here", shown(path));
                self.not_judged(setting, reason, line);
            } else {
                let message = format!("no start line: {} has no DH PARAMETERS", shown(path));
                self.refuse_at(setting, &message, noticed, line);
            }
        }
        bits
    }
}
