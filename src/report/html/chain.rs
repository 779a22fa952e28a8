//! The chain as a picture: what is sent, what is missing, where each client's path ends.

use super::super::harmless::harmless;
use super::super::outline::{Outline, Row};
use super::shortened;
use crate::finding::Code;
use maud::{Markup, html};
use serde_json::Value as Json;

/// A box in the picture.
struct Link {
    sha256: String,
    subject: String,
    note: String,
    kind: &'static str,
    /// The clients whose path ends here.
    ends: Vec<String>,
}

const HEIGHT: usize = 84;
const GAP: usize = 28;

pub(super) fn chain(outline: &Outline<'_>) -> Markup {
    let mut links = sent(&outline.result);
    if links.is_empty() {
        return html! {};
    }
    let rows = outline.clients();
    let refuse: Vec<&Row<'_>> = rows.iter().filter(|row| row.verdict != "accepts").collect();
    let mut elsewhere: Vec<(String, Vec<String>)> = Vec::new();
    // Whether the anchor is the issuer of the last certificate that is sent, whose name is known.
    let mut follows = true;
    for row in rows.iter().filter(|row| row.verdict == "accepts") {
        let path = row.row.get("path").and_then(Json::as_array);
        let Some(last) = path.and_then(|path| path.last()).and_then(Json::as_str) else {
            continue;
        };
        let before = path
            .and_then(|path| path.iter().rev().nth(1))
            .and_then(Json::as_str);
        let end = links.last().map(|link| link.sha256.as_str());
        if !links.iter().any(|link| link.sha256 == last) {
            follows &= before == end;
        }
        let client = row.client.to_owned();
        match links.iter_mut().find(|link| link.sha256 == last) {
            Some(link) if !link.ends.contains(&client) => link.ends.push(client),
            Some(_) => {}
            None => match elsewhere.iter_mut().find(|(sha256, _)| sha256 == last) {
                Some((_, clients)) if !clients.contains(&client) => clients.push(client),
                Some(_) => {}
                None => elsewhere.push((last.to_owned(), vec![client])),
            },
        }
    }
    // For the one above the last sent certificate the name is known, for others only the digest.
    let above = links
        .last()
        .map(|link| link.note.clone())
        .unwrap_or_default();
    let missing = outline
        .findings
        .iter()
        .any(|finding| finding.code() == Code::ChainMissingIntermediate);
    if missing {
        links.push(Link {
            sha256: String::new(),
            subject: above.clone(),
            note: String::new(),
            kind: MISSING,
            ends: Vec::new(),
        });
    }
    let several = elsewhere.len() > 1;
    for (sha256, ends) in elsewhere {
        let short: String = sha256.chars().take(8).collect();
        let subject = if missing || above.is_empty() || several || !follows {
            format!("SHA-256 {short}…")
        } else {
            above.clone()
        };
        links.push(Link {
            subject,
            note: String::new(),
            kind: "trust anchor, not sent",
            ends,
            sha256,
        });
    }
    let height = links.len() * (HEIGHT + GAP);
    let words: Vec<String> = links.iter().map(described).collect();
    html! {
        section aria-labelledby="chain" {
            h2 id="chain" { "Chain" }
            div class="wide" tabindex="0" role="group" aria-label="Picture of the chain" { svg class="chain" role="img" aria-label="The chain, described in the list below" viewBox=(format!("0 0 640 {height}")) {
                @for (place, link) in links.iter().enumerate() {
                    @let top = place * (HEIGHT + GAP) + 2;
                    rect class=(if link.kind == "sent" { "box" } else if link.kind == MISSING { "box missing" } else { "box anchor" })
                        x="2" y=(top) width="400" height=(HEIGHT - 4) rx="6" {}
                    text class="strong" x="14" y=(top + 24) { (shortened(&link.subject, 48)) }
                    text x="14" y=(top + 46) { (link.kind) }
                    text x="14" y=(top + 66) { (link.sha256.chars().take(16).collect::<String>()) }
                    @if place + 1 < links.len() {
                        path class="arrow" d=(format!("M 200 {} v {}", top + HEIGHT - 4, GAP - 2)) {}
                        path class="head" d=(format!("M 194 {} l 6 9 l 6 -9 z", top + HEIGHT + GAP - 14)) {}
                    }
                    @if !link.ends.is_empty() {
                        text class="strong" x="416" y=(top + 24) { (paths(link.ends.len())) }
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
        }
    }
}

const MISSING: &str = "missing: it is not sent";

/// The certificates that are sent, from the first result that has some.
fn sent(result: &Json) -> Vec<Link> {
    let list = ["sent", "certificates"]
        .iter()
        .find_map(|name| result.get(name)?.as_array().filter(|list| !list.is_empty()));
    let text = |row: &Json, name: &str| {
        let text = row.get(name).and_then(Json::as_str);
        text.unwrap_or_default().to_owned()
    };
    let list = list.map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .take(20)
        .map(|row| Link {
            sha256: text(row, "sha256"),
            subject: text(row, "subject"),
            note: text(row, "issuer"),
            kind: "sent",
            ends: Vec::new(),
        })
        .collect()
}

fn described(link: &Link) -> String {
    let subject = harmless(&link.subject);
    let ends = if link.ends.is_empty() {
        String::new()
    } else {
        format!("; {}: {}", paths(link.ends.len()), link.ends.join(", "))
    };
    format!("{subject} ({}){ends}", link.kind)
}

fn paths(count: usize) -> String {
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
