//! The targets of `run`, the servers of `doctor`, what a live server answered.

use super::super::harmless::harmless;
use super::super::outline::{Outline, Piece, members, words};
use maud::{Markup, html};
use serde_json::Value as Json;

/// A member that is text, made harmless.
fn text(row: &Json, name: &str) -> String {
    harmless(row.get(name).and_then(Json::as_str).unwrap_or_default())
}

fn number(row: &Json, name: &str) -> u64 {
    row.get(name).and_then(Json::as_u64).unwrap_or(0)
}

/// The class of a cell with a verdict.
fn class(verdict: &str) -> &'static str {
    match verdict {
        "pass" => "accepts",
        "fail" | "" => "refuses",
        _ => "undecided",
    }
}

/// Each target with the word of its own report.
pub(super) fn targets(outline: &Outline<'_>) -> Markup {
    let targets = outline.targets();
    if targets.is_empty() {
        return html! {};
    }
    let count = |target: &Json, name: &str| {
        let summary = target.get("document").and_then(|one| one.get("summary"));
        summary.map_or(0, |summary| number(summary, name))
    };
    html! {
        section aria-labelledby="targets" {
            h2 id="targets" { "Targets" }
            div class="wide" tabindex="0" role="group" aria-label="Table of targets" {
                table class="sort" {
                    thead { tr {
                        th scope="col" { "Target" } th scope="col" { "Command" } th scope="col" { "Verdict" }
                        th scope="col" { "Errors" } th scope="col" { "Warnings" } th scope="col" { "Why" }
                    } }
                    tbody {
                        @for target in targets {
                            @let word = text(target, "word");
                            @let class = if word == "no error" { "undecided" } else { class(&text(target, "verdict")) };
                            tr {
                                th scope="row" { (text(target, "name")) }
                                td { (text(target, "command")) }
                                td class=(class) { (if word.is_empty() { "not judged" } else { &word }) }
                                td { (count(target, "error")) }
                                td { (count(target, "warning")) }
                                td { (text(target, "says")) (text(target, "failure")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The servers of a machine, and where each speaks TLS.
pub(super) fn servers(outline: &Outline<'_>) -> Markup {
    let pieces = outline.pieces();
    let servers: Vec<&Piece<'_>> = pieces
        .iter()
        .filter(|one| one.command == "doctor")
        .collect();
    if servers.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="servers" {
            h2 id="servers" { "Servers" }
            @if outline.command == "doctor" { p { (text(&outline.result, "system")) } }
            div class="wide" tabindex="0" role="group" aria-label="Table of servers" {
                table class="sort" {
                    thead { tr {
                        th scope="col" { "Server" } th scope="col" { "Verdict" } th scope="col" { "Found by" }
                        th scope="col" { "Endpoints" } th scope="col" { "Errors" } th scope="col" { "Warnings" }
                        th scope="col" { "What to know" }
                    } }
                    tbody {
                        @for piece in &servers { (server(piece)) }
                    }
                }
            }
            @for (path, why) in members(&outline.result, "not_read").iter().map(|row| (text(row, "path"), text(row, "why"))) {
                p { "Not read: " (path) ": " (why) }
            }
            (endpoints(&servers))
        }
    }
}

fn speaks(endpoint: &&Json) -> bool {
    endpoint.get("tls").and_then(Json::as_bool).unwrap_or(false)
}

fn server(piece: &Piece<'_>) -> Markup {
    let row = piece.result;
    let tls = row.get("tls").and_then(Json::as_bool).unwrap_or(true);
    let verdict = text(row, "verdict");
    let (class, word) = match verdict.as_str() {
        "pass" if !tls => ("", "no TLS"),
        "pass" => ("accepts", "fit"),
        "fail" => ("refuses", "not fit"),
        _ => ("undecided", "undecided"),
    };
    let startup = row.get("startup").filter(|startup| !startup.is_null());
    let outcome = startup.map(|startup| text(startup, "outcome"));
    let outcome = outcome
        .filter(|outcome| outcome != "starts")
        .unwrap_or_default();
    let message = startup
        .map(|startup| text(startup, "message"))
        .unwrap_or_default();
    let reload = startup.and_then(|startup| startup.get("reload"));
    let reload = reload
        .map(|reload| text(reload, "text"))
        .unwrap_or_default();
    let undecided = words(row, "undecided", "; ");
    let known: Vec<String> = [
        outcome.replace('-', " "),
        message,
        reload,
        harmless(&undecided),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect();
    html! {
        tr {
            th scope="row" { (harmless(&piece.title())) }
            td class=(class) { (word) }
            td { (text(row, "found_by")) }
            td { (members(row, "endpoints").iter().filter(speaks).count()) }
            td { (number(row, "errors")) }
            td { (number(row, "warnings")) }
            td { (known.join("; ")) }
        }
    }
}

/// The most endpoints that are listed: a hoster has thousands.
const MOST: usize = 500;

fn endpoints(servers: &[&Piece<'_>]) -> Markup {
    let all = servers.iter().flat_map(|piece| {
        let endpoints = members(piece.result, "endpoints").iter().filter(speaks);
        endpoints.map(move |endpoint| (piece, endpoint))
    });
    let count = all.clone().count();
    if count == 0 {
        return html! {};
    }
    let versions = |endpoint: &Json| {
        let protocols = endpoint.get("protocols").unwrap_or(&Json::Null);
        words(protocols, "reachable", " ")
    };
    html! {
        h3 id="endpoints" { "Endpoints with TLS" }
        div class="wide" tabindex="0" role="group" aria-labelledby="endpoints" {
            table class="sort" {
                thead { tr {
                    th scope="col" { "Endpoint" } th scope="col" { "Server" } th scope="col" { "Names" }
                    th scope="col" { "Versions" } th scope="col" { "Settings" }
                } }
                tbody {
                    @for (piece, endpoint) in all.take(MOST) {
                        @let config = endpoint.get("config").unwrap_or(&Json::Null);
                        tr {
                            th scope="row" { (text(endpoint, "name")) }
                            td { (harmless(&piece.title())) }
                            td { (harmless(&words(endpoint, "names", ", "))) }
                            td { (versions(endpoint)) }
                            td { (text(config, "file")) @if number(config, "line") > 0 { ":" (number(config, "line")) } }
                        }
                    }
                }
            }
        }
        @if count > MOST { p { (count - MOST) " more endpoints." } }
    }
}

/// What live servers answered: the versions, and each client's hello.
pub(super) fn answers(outline: &Outline<'_>) -> Markup {
    let pieces = outline.pieces();
    let probed: Vec<&Piece<'_>> = pieces.iter().filter(|one| one.command == "probe").collect();
    if probed.is_empty() {
        return html! {};
    }
    let unreached = members(&outline.result, "targets")
        .iter()
        .filter_map(|row| {
            let why = row.get("unreachable").and_then(Json::as_str)?;
            Some((text(row, "target"), harmless(why)))
        });
    html! {
        section aria-labelledby="answers" {
            h2 id="answers" { "What the server answers" }
            @if outline.command == "probe" {
                @for (target, why) in unreached { p { (target) ": not reached: " (why) } }
            }
            @for piece in probed.iter().filter(|piece| !piece.result.is_null()) {
                (answer(piece))
            }
        }
    }
}

fn answer(piece: &Piece<'_>) -> Markup {
    let result = piece.result;
    let target = match piece.target {
        Some(target) => harmless(&format!("{target}: {}", text(result, "target"))),
        None => text(result, "target"),
    };
    let sign = |row: &Json, name: &str| match row.get(name).and_then(Json::as_bool) {
        Some(true) => ("accepts", "✓ yes"),
        Some(false) => ("refuses", "✗ no"),
        None => ("undecided", "? not determined"),
    };
    html! {
        h3 { (target) }
        @if !text(result, "failure").is_empty() { p { (text(result, "failure")) } }
        @if let Some(asks) = result.get("asks_client").and_then(Json::as_bool) {
            p { "Client certificate: " (if asks { "asked for" } else { "not asked for" }) }
        }
        div class="wide" tabindex="0" role="group" aria-label=(format!("Versions of {target}")) {
            table {
                thead { tr { th scope="col" { "Version" } th scope="col" { "Accepted" } th scope="col" { "Reason" } } }
                tbody { @for row in members(result, "versions") {
                    @let (_, word) = sign(row, "answers");
                    tr { th scope="row" { (text(row, "version")) } td { (word) } td { (text(row, "reason")) } }
                } }
            }
        }
        @if !members(result, "clients").is_empty() {
            p { "The hello of each client, up to the server's answer:" }
            div class="wide" tabindex="0" role="group" aria-label=(format!("Clients at {target}")) {
                table class="sort" {
                    thead { tr {
                        th scope="col" { "Client" } th scope="col" { "Agrees" } th scope="col" { "Version" }
                        th scope="col" { "Cipher suite" } th scope="col" { "Group" } th scope="col" { "Reason" }
                    } }
                    tbody { @for row in members(result, "clients") {
                        @let (class, word) = sign(row, "agrees");
                        tr {
                            th scope="row" { (text(row, "client")) }
                            td class=(class) { (word) }
                            td { (text(row, "version")) }
                            td { (text(row, "cipher")) }
                            td { (text(row, "group")) }
                            td { (text(row, "reason")) }
                        }
                    } }
                }
            }
        }
    }
}
