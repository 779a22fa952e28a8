//! Missing issuers, by the addresses in the certificates that they issued (caIssuers, RFC 5280
//! section 4.2.2.1).

use super::Fetcher;
use super::cache::hash;
use certcheck::Source;
use certcheck::answer::Fetched;
use certcheck::command::issuers::{FetchedIssuer, FetchedIssuers, MissingIssuer};
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

/// What can be fetched of the issuers that are missing, each with those above it, and the report.
pub(crate) fn upwards(
    fetcher: &Fetcher,
    missing: Vec<MissingIssuer>,
) -> (FetchedIssuers, Vec<Fetched>) {
    let (mut all, mut report) = (FetchedIssuers::default(), Vec::new());
    for first in missing {
        let mut above = Vec::new();
        let mut wanted = Some(first.clone());
        while let Some(next) = wanted.take() {
            // The topmost issuer is a root, which has no address.
            let is_end = !above.is_empty() && next.urls.is_empty();
            if is_end || above.len() >= LEVELS {
                break;
            }
            let found = kept(fetcher, &next).or_else(|| got(fetcher, &next, &mut report));
            let Some(found) = found else {
                break;
            };
            if above.iter().any(|one: &FetchedIssuer| one.der == found.der) {
                break;
            }
            wanted = MissingIssuer::of(&found.der);
            if !report.contains(&found.entry) {
                report.push(found.entry);
            }
            above.push(FetchedIssuer::new(found.place, found.answer, found.der));
        }
        all.add(&first, above);
    }
    (all, report)
}

struct Found {
    from: String,
    /// The file in the cache, or the address.
    place: String,
    answer: Vec<u8>,
    der: Vec<u8>,
    entry: Fetched,
}

fn kept(fetcher: &Fetcher, wanted: &MissingIssuer) -> Option<Found> {
    let cache = fetcher.cache.as_ref()?;
    let all = cache.all().into_iter();
    let mut proven = all.filter_map(|der| {
        let document = Document::read(Source::new("", der));
        wanted.proven(&document).ok()
    });
    let der = proven.next()?;
    let from = format!("fetched earlier, {}", hash(&der));
    let entry = Fetched::kept(&wanted.name, &hash(&der));
    Some(Found {
        from,
        place: cache.path(&der).to_string_lossy().into_owned(),
        answer: der.clone(),
        der,
        entry,
    })
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
            let document = Document::read(Source::new(url.as_str(), bytes.clone()));
            let der = wanted.proven(&document).map_err(|why| why.to_string())?;
            Ok((bytes, der))
        });
        match proven {
            Ok((answer, der)) => {
                let mut entry = Fetched::from(&wanted.name, url, &hash(&der));
                let from = url.clone();
                let mut found = Found {
                    place: url.clone(),
                    from,
                    answer,
                    der,
                    entry: entry.clone(),
                };
                if let Some(cache) = &fetcher.cache {
                    entry.why = cache.keep(&found.der).err();
                    if entry.why.is_none() {
                        found.place = cache.path(&found.der).to_string_lossy().into_owned();
                        found.answer.clone_from(&found.der);
                    }
                    found.entry = entry;
                }
                return Some(found);
            }
            Err(why) => report.push(Fetched::failed(&wanted.name, Some(url), &why)),
        }
    }
    None
}
