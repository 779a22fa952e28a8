//! Files and directories of CA certificates and revocation lists, and of the certificates
//! and keys for other servers. httpd loads them if TLS or `SSLProxyEngine` is on, after it has read
//! all of a host's settings (`ssl_init_ctx_verify`, `ssl_init_FindCAList`, `ssl_init_proxy_certs`).
//! Measured: httpd 2.4.71.

use super::super::{ClientAuth, Context, Looked, NamedPath, Scope, Settings, path, shown};
use super::Host;
use crate::rule;
use crate::server::authority_file::{Reading, has_names, read_pairs};
use crate::source::Lines;
use std::collections::{HashMap, HashSet};

/// One directive that names an existing file or directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Store {
    pub(super) name: &'static str,
    pub(super) path: String,
    pub(super) line: usize,
}

/// The directives of files that are judged here.
pub(super) const KEPT: &[&str] = &[
    "SSLCADNRequestFile",
    "SSLCARevocationFile",
    "SSLProxyCACertificateFile",
    "SSLProxyCARevocationFile",
    "SSLProxyMachineCertificateChainFile",
    "SSLProxyMachineCertificateFile",
];

/// How many files of a directory are examined. Debian's /etc/ssl/certs has some 300.
const MOST_FILES: usize = 1000;

const NO_NAMES: &str =
    "AH01896: Unable to determine list of acceptable CA certificates for client authentication";

/// The contents of a directory.
struct Contents<'c> {
    /// Its files: their names and contents.
    files: Vec<(&'c str, &'c [u8])>,
    /// Whether all of them could be read.
    whole: bool,
}

/// Conclusions from the contents of a directory.
#[derive(Clone, Copy)]
struct Summary {
    /// Whether one file has the name of a CA; `None` if unknown.
    names: Option<bool>,
    /// Whether OpenSSL may look into one of them: it opens only files named by a hash.
    looked_up: bool,
}

/// The results so far: thousands of hosts may share the main server's directory.
#[derive(Default)]
pub(super) struct Known {
    directories: HashMap<String, Option<Summary>>,
    judged: HashSet<(&'static str, usize)>,
}

impl Known {
    /// Whether this directive is new.
    fn is_new(&mut self, store: &Store) -> bool {
        self.judged.insert((store.name, store.line))
    }

    fn summary(
        &mut self,
        directory: &str,
        context: &Context<'_>,
        settings: &mut Settings,
    ) -> Option<Summary> {
        if let Some(known) = self.directories.get(directory) {
            return *known;
        }
        let found = contents(directory, context, settings).map(|contents| {
            let names = contents.files.iter().any(|(_, bytes)| has_names(bytes));
            let links = contents.files.iter().any(|(name, _)| is_hash_name(name));
            Summary {
                names: (names || contents.whole).then_some(names),
                looked_up: links || !contents.whole,
            }
        });
        let _ = self.directories.insert(directory.to_owned(), found);
        found
    }
}

/// `0b5d0843.0`, as `openssl rehash` links them.
fn is_hash_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(hash, number)| {
        hash.len() == 8
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// What the host's directive names, otherwise the main server's.
fn named<'h>(host: &'h Host, outer: &'h Host, name: &str) -> Option<&'h Store> {
    let last = |host: &'h Host| host.stores.iter().rev().find(|store| store.name == name);
    last(host).or_else(|| last(outer))
}

/// The files of a directory, links followed; subdirectories are skipped.
fn contents<'c>(
    directory: &str,
    context: &Context<'c>,
    settings: &mut Settings,
) -> Option<Contents<'c>> {
    let Some(Looked::Directory(names)) = settings.look(context, directory) else {
        return None;
    };
    let mut found = Contents {
        files: Vec::new(),
        whole: names.len() <= MOST_FILES,
    };
    for name in names.iter().take(MOST_FILES) {
        match settings.look(context, &path::join(directory, name)) {
            Some(Looked::Read(source)) => found.files.push((name, source.bytes())),
            Some(Looked::Missing | Looked::Directory(_)) => {}
            Some(Looked::Unreadable(_)) | None => found.whole = false,
        }
    }
    Some(found)
}

/// Whether these files and directories together have the name of a CA, without which httpd
/// does not start.
fn demand_names(
    stores: &[&Store],
    known: &mut Known,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let Some(first) = stores.first().filter(|first| known.is_new(first)) else {
        return;
    };
    let mut all = true;
    for store in stores {
        let found = match settings.look(context, &store.path) {
            Some(Looked::Read(source)) => Some(has_names(source.bytes())),
            _ => known
                .summary(&store.path, context, settings)
                .and_then(|summary| summary.names),
        };
        match found {
            Some(true) => return,
            Some(false) => {}
            None => all = false,
        }
    }
    if all {
        settings.refuse(first.name, NO_NAMES, first.line);
    } else {
        let reason = format!(
            "certcheck does not know whether {} has a CA certificate: it did not read all of it",
            shown(&first.path)
        );
        settings.not_judged(first.name, reason, first.line);
    }
}

/// Checks what a host that speaks TLS loads for its clients; returns the files that may complete
/// its chain.
pub(super) fn of_clients(
    host: &Host,
    outer: &Host,
    scope: &Scope,
    known: &mut Known,
    (context, settings): (&Context<'_>, &mut Settings),
) -> Vec<NamedPath> {
    let store = |name| named(host, outer, name);
    if let Some(list) = store("SSLCARevocationFile") {
        // Without a check, httpd loads it but never uses it (measured: 2.4.71).
        let checks = matches!(
            host.revocation_check.or(outer.revocation_check),
            Some((true, _))
        );
        let checked = Store {
            name: "SSLCARevocationCheck",
            ..list.clone()
        };
        if checks && known.is_new(&checked) {
            settings.lists(context, list.name, &list.path, list.line);
        } else if !checks && known.is_new(list) {
            let _ = settings.authorities(context, list.name, &list.path, list.line);
        }
    }
    let directory = store("SSLCACertificatePath");
    let asked = [store("SSLCADNRequestFile"), store("SSLCADNRequestPath")];
    let asked: Vec<&Store> = asked.into_iter().flatten().collect();
    let file = scope.ca.first().map(|file| Store {
        name: "SSLCACertificateFile",
        path: file.path.clone(),
        line: file.lines.map_or(1, |lines| lines.first),
    });
    if !asked.is_empty() {
        // Without a CA setting httpd does not open them (`ssl_init_ctx_verify`).
        if file.is_some() || directory.is_some() {
            demand_names(&asked, known, context, settings);
        }
    } else if let Some(directory) = directory {
        // A single file is judged with all findings about it.
        let both: Vec<&Store> = [Some(directory), file.as_ref()]
            .into_iter()
            .flatten()
            .collect();
        demand_names(&both, known, context, settings);
    }
    directory.map_or_else(Vec::new, |directory| {
        lookups(directory, scope, known, (context, settings))
    })
}

/// What OpenSSL finds in `SSLCACertificatePath`, by the hash of a name: the CA of a client,
/// and the issuers of the server's own certificate if its file has none.
fn lookups(
    store: &Store,
    scope: &Scope,
    known: &mut Known,
    (context, settings): (&Context<'_>, &mut Settings),
) -> Vec<NamedPath> {
    let Some(found) = known.summary(&store.path, context, settings) else {
        return Vec::new();
    };
    if found.looked_up {
        let alone = scope.chain.is_none()
            && scope.certificates.iter().any(|file| {
                let looked = settings.look(context, &file.path);
                !matches!(looked, Some(Looked::Read(source)) if has_several(source.bytes()))
            });
        if !alone {
            return Vec::new();
        }
        let reason = "certcheck does not judge which certificates of this directory httpd sends after its \
             own";
        settings.not_judged(store.name, reason, store.line);
        let links = contents(&store.path, context, settings).map(|contents| contents.files);
        let links = links.unwrap_or_default().into_iter();
        return links
            .filter(|(name, bytes)| is_hash_name(name) && has_names(bytes))
            .map(|(name, _)| NamedPath {
                setting: store.name,
                written: name.to_owned(),
                path: path::join(&store.path, name),
                lines: Some(Lines::new(store.line, store.line)),
            })
            .collect();
    }
    if found.names != Some(true) {
        return Vec::new();
    }
    let reason = "no file in this directory is named by a hash, as `openssl rehash` names its \
        links: OpenSSL finds none of its CAs, and no client certificate can be verified with them";
    settings.ignored(store.name, &store.path, reason, store.line);
    if let Some(auth) = &scope.client_auth
        && auth.value == ClientAuth::Required
        && scope.ca.is_empty()
    {
        let fact = rule::config::ClientAuthWithoutCa {
            setting: "SSLVerifyClient".to_owned(),
            ca_setting: "SSLCACertificateFile".to_owned(),
        };
        settings.note(fact, auth.lines.map_or(store.line, |lines| lines.first));
    }
    Vec::new()
}

fn has_several(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.matches("-----BEGIN CERTIFICATE-----").count() > 1
}

/// What a host loads to connect to other servers.
pub(super) fn for_others(
    host: &Host,
    outer: &Host,
    known: &mut Known,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    if !host.proxies.or(outer.proxies).unwrap_or_default() {
        return;
    }
    let store = |name| named(host, outer, name);
    let file = store("SSLProxyCACertificateFile");
    match (file, store("SSLProxyCACertificatePath")) {
        (None, Some(directory)) => demand_names(&[directory], known, context, settings),
        (Some(file), _) if known.is_new(file) => {
            let _ = settings.authorities(context, file.name, &file.path, file.line);
        }
        _ => {}
    }
    if let Some(list) = store("SSLProxyCARevocationFile").filter(|list| known.is_new(list)) {
        settings.lists(context, list.name, &list.path, list.line);
    }
    let file = store("SSLProxyMachineCertificateFile");
    let directory = store("SSLProxyMachineCertificatePath");
    let mut new = false;
    for store in [file, directory].into_iter().flatten() {
        new |= known.is_new(store);
    }
    if new {
        pairs(file, directory, context, settings);
    }
}

/// The file's pairs come before the directory's, and all are judged together.
fn pairs(
    file: Option<&Store>,
    directory: Option<&Store>,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let Some(place) = file.or(directory) else {
        return;
    };
    let mut files: Vec<&[u8]> = Vec::new();
    let mut whole = true;
    if let Some(file) = file {
        match settings.look(context, &file.path) {
            Some(Looked::Read(source)) => files.push(source.bytes()),
            _ => whole = false,
        }
    }
    if let Some(directory) = directory {
        match contents(&directory.path, context, settings) {
            Some(contents) => {
                whole &= contents.whole;
                files.extend(contents.files.iter().map(|(_, bytes)| *bytes));
            }
            None => whole = false,
        }
    }
    match read_pairs(&files) {
        Reading::Refused(_, message) => settings.refuse(place.name, &message, place.line),
        Reading::Unsure(reason) => {
            settings.not_judged(place.name, reason, place.line);
        }
        Reading::Taken { .. } if !whole => {
            let reason = "certcheck did not read all of its files";
            settings.not_judged(place.name, reason, place.line);
        }
        Reading::Taken { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::is_hash_name;

    #[test]
    fn names_of_links() {
        for name in ["0b5d0843.0", "ABCDEF01.12"] {
            assert!(is_hash_name(name), "{name}");
        }
        for name in [
            "0b5d0843",
            "0b5d0843.r0",
            "0b5d084.0",
            "root.pem",
            "0b5d0843.",
            "x.0",
        ] {
            assert!(!is_hash_name(name), "{name}");
        }
    }
}
