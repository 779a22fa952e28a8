//! The chain as a picture: what is sent, what is missing, where each client's path ends.

use super::super::harmless::harmless;
use super::super::outline::{Outline, Piece, Row, members};
use super::shortened;
use crate::finding::Code;
use crate::rule::{ChainFact, Evidence, Finding};
use maud::{Markup, html};
use serde_json::Value as Json;

/// A box in the picture.
#[derive(Default)]
struct Link {
    sha256: String,
    subject: String,
    issuer: String,
    kind: &'static str,
    /// The clients whose path ends here.
    ends: Vec<String>,
    /// Whether the certificate in the next box issued it.
    below: bool,
}

const HEIGHT: usize = 84;
const GAP: usize = 28;

/// The most chains that are drawn: a machine has a handful of servers.
const MOST: usize = 20;

pub(super) fn chain(outline: &Outline<'_>) -> Markup {
    let pieces = outline.pieces();
    let drawn: Vec<_> = pieces
        .iter()
        .filter_map(|piece| Some((piece.title(), picture(outline, piece)?)))
        .collect();
    if drawn.is_empty() {
        return html! {};
    }
    let (count, several) = (drawn.len(), drawn.len() > 1);
    html! {
        section aria-labelledby="chain" {
            h2 id="chain" { (if several { "Chains" } else { "Chain" }) }
            @for (title, picture) in drawn.into_iter().take(MOST) {
                @if !title.is_empty() { h3 { (harmless(&title)) } }
                (picture)
            }
            @if count > MOST { p { (count - MOST) " more chains." } }
        }
    }
}

/// What one server sends; none if it sends nothing, or if the command knows no server.
fn picture(outline: &Outline<'_>, piece: &Piece<'_>) -> Option<Markup> {
    let mut links = sent(piece);
    if links.is_empty() {
        return None;
    }
    let rows = piece.clients();
    let refuse: Vec<&Row<'_>> = rows.iter().filter(|row| row.verdict != "accepts").collect();
    let about = |code: Code| {
        let mut found = outline.findings.iter().copied();
        found.find(|one| one.code() == code && one.target.as_deref() == piece.target)
    };
    // An arrow: neighbours in the path of a client, or names that match where no signature was found
    // wrong (one that was not computed is not known to be wrong).
    let paths: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| {
            members(row.row, "path")
                .iter()
                .filter_map(Json::as_str)
                .collect()
        })
        .collect();
    let adjacent = |one: &str, next: &str| {
        let mut pairs = paths.iter().flat_map(|path| path.windows(2));
        pairs.any(|pair| pair == [one, next])
    };
    let signed = about(Code::ChainBadSignature).is_none();
    let below: Vec<bool> = links
        .windows(2)
        .map(|pair| match pair {
            [one, next] => {
                let named = one.issuer == next.subject && one.issuer != one.subject;
                adjacent(&one.sha256, &next.sha256) || named && signed
            }
            _ => false,
        })
        .collect();
    for (link, below) in links.iter_mut().zip(below) {
        link.below = below;
    }
    let mut elsewhere: Vec<(String, Vec<String>)> = Vec::new();
    for (row, path) in rows
        .iter()
        .zip(&paths)
        .filter(|(row, _)| row.verdict == "accepts")
    {
        let Some(last) = path.last() else {
            continue;
        };
        let client = row.client.to_owned();
        match links.iter_mut().find(|link| link.sha256 == *last) {
            Some(link) if !link.ends.contains(&client) => link.ends.push(client),
            Some(_) => {}
            None => match elsewhere.iter_mut().find(|(sha256, _)| sha256 == last) {
                Some((_, clients)) if !clients.contains(&client) => clients.push(client),
                Some(_) => {}
                None => elsewhere.push(((*last).to_owned(), vec![client])),
            },
        }
    }
    let last_sent = links.len().saturating_sub(1);
    // Where the chain of the server's own certificate ends: what follows does not belong to it.
    let place = links.iter().position(|link| !link.below).unwrap_or(0);
    let end = links.get(place).map(|link| {
        (
            link.sha256.clone(),
            link.issuer.clone(),
            link.subject.clone(),
        )
    });
    let (last, above, subject) = end.unwrap_or_default();
    let missing = about(Code::ChainMissingIntermediate)
        .filter(|one| above != subject && issuer_name(one) == Some(&above));
    if missing.is_some() {
        if let Some(link) = links.last_mut().filter(|_| place == last_sent) {
            link.below = true;
        }
        links.push(Link {
            subject: above.clone(),
            kind: MISSING,
            ..Link::default()
        });
    }
    for (sha256, ends) in elsewhere {
        // For the one above the last sent certificate the name is known, for others only the digest.
        let follows = missing.is_none() && adjacent(&last, &sha256);
        let short: String = sha256.chars().take(8).collect();
        let issues = follows && links.last().is_some_and(|link| link.sha256 == last);
        if let Some(link) = links.last_mut().filter(|_| issues) {
            link.below = true;
        }
        links.push(Link {
            subject: if follows && !above.is_empty() {
                above.clone()
            } else {
                format!("SHA-256 {short}…")
            },
            kind: "trust anchor, not sent",
            ends,
            sha256,
            ..Link::default()
        });
    }
    let height = links.len() * (HEIGHT + GAP);
    let words: Vec<String> = links.iter().map(described).collect();
    Some(html! {
        div class="wide" tabindex="0" role="group" aria-label=(named("Picture of the chain", piece)) { svg class="chain" role="img" aria-label="The chain, described in the list below" viewBox=(format!("0 0 640 {height}")) {
            @for (place, link) in links.iter().enumerate() {
                @let top = place * (HEIGHT + GAP) + 2;
                rect class=(if link.kind == SENT { "box" } else if link.kind == MISSING { "box missing" } else { "box anchor" })
                    x="2" y=(top) width="400" height=(HEIGHT - 4) rx="6" {}
                text class="strong" x="14" y=(top + 24) { (shortened(&link.subject, 48)) }
                text x="14" y=(top + 46) { (link.kind) }
                text x="14" y=(top + 66) { (link.sha256.chars().take(16).collect::<String>()) }
                @if link.below {
                    path class="arrow" d=(format!("M 200 {} v {}", top + HEIGHT - 4, GAP - 2)) {}
                    path class="head" d=(format!("M 194 {} l 6 9 l 6 -9 z", top + HEIGHT + GAP - 14)) {}
                }
                @if !link.ends.is_empty() {
                    text class="strong" x="416" y=(top + 24) { (paths_end(link.ends.len())) }
                    text x="416" y=(top + 46) { (shortened(&link.ends.join(", "), 30)) }
                }
            }
        } }
        ol {
            @for words in &words {
                li { (words) }
            }
        }
        @if !refuse.is_empty() {
            p { "No path, or no answer: " (names(&refuse)) "." }
        }
    })
}

/// The issuer that a finding says is missing.
fn issuer_name(finding: &Finding) -> Option<&String> {
    match &finding.evidence {
        Evidence::ChainFact(ChainFact::MissingIntermediate(fact)) => Some(&fact.issuer_name),
        _ => None,
    }
}

/// A label that several pictures do not share.
fn named(what: &str, piece: &Piece<'_>) -> String {
    match piece.title() {
        title if title.is_empty() => what.to_owned(),
        title => format!("{what}: {}", harmless(&title)),
    }
}

const SENT: &str = "sent";
const MISSING: &str = "missing: it is not sent";

/// The certificates that are sent. A tree of files, or a list of certificates, is no chain.
fn sent(piece: &Piece<'_>) -> Vec<Link> {
    let list = match piece.command {
        "probe" => members(piece.result, "certificates"),
        "preflight" | "tsm" | "doctor" => members(piece.result, "sent"),
        _ => &[],
    };
    let text = |row: &Json, name: &str| {
        let text = row.get(name).and_then(Json::as_str);
        text.unwrap_or_default().to_owned()
    };
    list.iter()
        .take(20)
        .map(|row| Link {
            sha256: text(row, "sha256"),
            subject: text(row, "subject"),
            issuer: text(row, "issuer"),
            kind: SENT,
            ..Link::default()
        })
        .collect()
}

fn described(link: &Link) -> String {
    let subject = harmless(&link.subject);
    let below = if link.below {
        "; the next one issued it"
    } else {
        ""
    };
    let ends = if link.ends.is_empty() {
        String::new()
    } else {
        format!("; {}: {}", paths_end(link.ends.len()), link.ends.join(", "))
    };
    format!("{subject} ({}){below}{ends}", link.kind)
}

fn paths_end(count: usize) -> String {
    match count {
        1 => "1 client's path ends here".to_owned(),
        count => format!("{count} clients' paths end here"),
    }
}

fn names(rows: &[&Row<'_>]) -> String {
    let mut names: Vec<&str> = rows.iter().map(|row| row.client).collect();
    names.dedup();
    names.join(", ")
}
