//! Missing issuers, by the addresses in the certificates that they issued (caIssuers, RFC 5280
//! section 4.2.2.1).

use super::Fetcher;
use super::cache::hash;
use certcheck::Source;
use certcheck::command::assemble::{Fetched, MissingIssuer};
use certcheck::encoding::Document;

/// The most levels of issuers.
const LEVELS: usize = 5;
/// The most addresses of one certificate that are tried.
const URLS: usize = 3;

/// Adds to `documents` each missing issuer that can be fetched, and reports what was fetched and
/// what was not; `missing` says which issuer is missing.
pub(crate) fn issuers(
    fetcher: &Fetcher,
    documents: &mut Vec<Document>,
    missing: impl Fn(&[Document]) -> Option<MissingIssuer>,
) -> Vec<Fetched> {
    let mut report = Vec::new();
    for _ in 0..LEVELS {
        let Some(wanted) = missing(documents) else {
            break;
        };
        let Some(found) = kept(fetcher, &wanted).or_else(|| got(fetcher, &wanted, &mut report))
        else {
            break;
        };
        if report.iter().any(|one| one.sha256 == found.entry.sha256) {
            // Its signature is right, but the chain does not use it.
            break;
        }
        documents.push(Document::read(Source::new(found.from.as_str(), found.der)));
        report.push(found.entry);
    }
    report
}

struct Found {
    from: String,
    der: Vec<u8>,
    entry: Fetched,
}

fn kept(fetcher: &Fetcher, wanted: &MissingIssuer) -> Option<Found> {
    let all = fetcher.cache.as_ref()?.all().into_iter();
    let mut proven = all.filter_map(|der| {
        let document = Document::read(Source::new("", der));
        wanted.proven(&document).ok()
    });
    let der = proven.next()?;
    let from = format!("fetched earlier, {}", hash(&der));
    let entry = Fetched::kept(&wanted.name, &hash(&der));
    Some(Found { from, der, entry })
}

fn got(fetcher: &Fetcher, wanted: &MissingIssuer, report: &mut Vec<Fetched>) -> Option<Found> {
    if wanted.urls.is_empty() {
        report.push(Fetched::failed(
            &wanted.name,
            None,
            "the certificate names no address of its issuer",
        ));
    }
    for url in wanted.urls.iter().take(URLS) {
        let proven = fetcher.get(url).and_then(|bytes| {
            let document = Document::read(Source::new(url.as_str(), bytes));
            wanted.proven(&document).map_err(|why| why.to_string())
        });
        match proven {
            Ok(der) => {
                let mut entry = Fetched::from(&wanted.name, url, &hash(&der));
                if let Some(cache) = &fetcher.cache {
                    entry.why = cache.keep(&der).err();
                }
                let from = url.clone();
                return Some(Found { from, der, entry });
            }
            Err(why) => report.push(Fetched::failed(&wanted.name, Some(url), &why)),
        }
    }
    None
}
