//! `issuers-chain-path`: a certificate without its own chain gets the chain whose first certificate
//! issued it (`ssl_get0_issuer_chain` of 2.6.12).

use super::super::{Context, Looked, NamedPath, Scope, Settings, path};
use super::beside;
use super::global::Global;
use crate::encoding::Document;
use crate::source::{Lines, Source};

/// How many files of the directory are examined.
const MOST: usize = 512;

/// The chain of every certificate of the place.
pub(super) fn complete(
    scope: &mut Scope,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let Some((directory, line)) = &global.issuers else {
        return;
    };
    let mut known = true;
    for (file, selection) in scope.certificates.iter().zip(&mut scope.selections) {
        let Some(Looked::Read(source)) = settings.look(context, &file.path) else {
            continue;
        };
        let document = Document::read(Source::new("", source.bytes().to_vec()));
        let own = beside::certificates(&document);
        let [one] = own.as_slice() else { continue };
        match chain_of(one, directory, context, settings) {
            Ok(found) => {
                selection.chain = found.map(|file| NamedPath {
                    setting: "issuers-chain-path",
                    written: file.clone(),
                    path: file,
                    lines: Some(Lines::new(*line, *line)),
                });
            }
            Err(()) => known = false,
        }
    }
    if known {
        scope.chain = scope.one_chain();
    } else {
        let reason = "certcheck does not judge which chain of this directory each certificate gets";
        settings.not_judged("issuers-chain-path", reason, *line);
    }
}

/// The single file whose first certificate issued this one; `Err`: not known.
fn chain_of(
    own: &crate::model::Certificate<'_>,
    directory: &str,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Result<Option<String>, ()> {
    let Some(Looked::Directory(names)) = settings.look(context, directory) else {
        return Err(());
    };
    if names.len() > MOST {
        return Err(());
    }
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let file = path::join(directory, name);
        match settings.look(context, &file) {
            Some(Looked::Read(source)) => {
                let document = Document::read(Source::new("", source.bytes().to_vec()));
                let chain = beside::certificates(&document);
                // HAProxy finds issuers only by their key identifier.
                let by_key = |certificate: &&crate::model::Certificate<'_>| {
                    certificate.subject_key_id().is_some()
                };
                let wanted = own
                    .authority_key_id()
                    .and_then(|authority_key_id| authority_key_id.key_id);
                let issuer = chain.first().filter(by_key);
                if wanted.is_some() && issuer.is_some_and(|issuer| beside::issued(issuer, own)) {
                    found.push(file);
                }
            }
            Some(Looked::Directory(_) | Looked::Missing) => {}
            _ => return Err(()),
        }
    }
    match found.len() {
        0 => Ok(None),
        1 => Ok(found.pop()),
        _ => Err(()),
    }
}
