//! Clients and endpoints: a list if there is one endpoint, otherwise a table of both.

use super::super::harmless::harmless;
use super::super::outline::{Outline, Row};
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

pub(super) fn clients(outline: &Outline<'_>) -> Markup {
    let rows = outline.clients();
    if rows.is_empty() {
        return html! {};
    }
    let mut endpoints: Vec<String> = rows.iter().map(Row::place).collect();
    let mut seen = HashSet::new();
    endpoints.retain(|place| seen.insert(place.clone()));
    html! {
        section aria-labelledby="clients" {
            h2 id="clients" { "Clients" }
            @if endpoints.len() > 1 {
                (map(&rows, &endpoints))
            }
            (list(&rows, endpoints.len() > 1))
        }
    }
}

fn sign(verdict: &str) -> &'static str {
    match verdict {
        "accepts" => "✓",
        "refuses" => "✗",
        _ => "?",
    }
}

fn map(rows: &[Row<'_>], endpoints: &[String]) -> Markup {
    let mut clients: Vec<&str> = Vec::new();
    for row in rows {
        if !clients.contains(&row.client) {
            clients.push(row.client);
        }
    }
    let verdicts: HashMap<(&str, String), &Row<'_>> = rows
        .iter()
        .rev()
        .map(|row| ((row.client, row.place()), row))
        .collect();
    html! {
        div class="wide" tabindex="0" role="group" aria-label="Clients and endpoints" {
            table class="map" {
                caption { "✓ accepts, ✗ refuses, ? undecided" }
                thead { tr {
                    th scope="col" { "Client" }
                    @for endpoint in endpoints { th scope="col" { (harmless(endpoint)) } }
                } }
                tbody {
                    @for client in &clients {
                        tr {
                            th scope="row" { (client) }
                            @for endpoint in endpoints {
                                @if let Some(row) = verdicts.get(&(*client, endpoint.clone())) {
                                    td class=(row.verdict) { (sign(row.verdict)) span class="unseen" { " " (row.verdict) } }
                                } @else {
                                    td { "–" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn list(rows: &[Row<'_>], several: bool) -> Markup {
    let text = |row: &Row<'_>, name: &str| {
        let text = row.row.get(name).and_then(Json::as_str);
        harmless(text.unwrap_or_default())
    };
    html! {
        div class="wide" tabindex="0" role="group" aria-label="Verdicts of the clients" {
            table class="sort" {
                thead { tr {
                    th scope="col" { "Client" }
                    @if several { th scope="col" { "Endpoint" } }
                    th scope="col" { "Verdict" } th scope="col" { "Counts" } th scope="col" { "Accepts until" }
                    th scope="col" { "Protocol" } th scope="col" { "Reason" }
                } }
                tbody {
                    @for row in rows {
                        @let until = text(row, "accepts_until").chars().take(10).collect::<String>();
                        tr {
                            th scope="row" { (row.client) }
                            @if several { td { (harmless(&row.place())) } }
                            td class=(row.verdict) { (sign(row.verdict)) " " (row.verdict) }
                            td { (if row.decides { "decides" } else { "informs" }) }
                            td { (until) }
                            td { (text(row, "protocol")) }
                            td { (text(row, "reason")) @if row.verdict == "accepts" { (text(row, "accepts_until_reason")) } }
                        }
                    }
                }
            }
        }
    }
}
