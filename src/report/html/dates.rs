//! Validity as bars on one timeline, with the moment of judgement and the first expiry.

use super::super::harmless::harmless;
use super::super::outline::{Dated, Outline, members, of_target};
use super::super::when::when;
use super::shortened;
use crate::Time;
use maud::{Markup, html};
use serde_json::Value as Json;

/// The most bars: more would be unreadable.
const MOST: usize = 60;
const LEFT: i64 = 10;
const WIDTH: i64 = 620;
const ROW: i64 = 40;

pub(super) fn dates(outline: &Outline<'_>) -> Markup {
    let mut all = outline.certificates();
    let mut seen = std::collections::HashSet::new();
    all.retain(|certificate| seen.insert(certificate.sha256.clone()));
    all.sort_by_key(|certificate| certificate.not_after);
    let shown: Vec<&Dated> = all.iter().take(MOST).collect();
    let Some(first) = shown.first() else {
        return html! {};
    };
    let begin = |dated: &&Dated| dated.not_before.unwrap_or(dated.not_after);
    let from = shown
        .iter()
        .map(begin)
        .min()
        .unwrap_or(outline.at)
        .min(outline.at);
    let until = shown
        .iter()
        .map(|certificate| certificate.not_after)
        .max()
        .unwrap_or(outline.at)
        .max(outline.at);
    let span = (until.unix_seconds() - from.unix_seconds()).max(1);
    let at = |time: Time| {
        let part = i128::from(time.unix_seconds() - from.unix_seconds()) * i128::from(WIDTH);
        LEFT + i64::try_from(part / i128::from(span)).unwrap_or(0)
    };
    let rows = i64::try_from(shown.len()).unwrap_or(0);
    let bottom = rows * ROW + 20;
    let announced = announced(outline);
    html! {
        section aria-labelledby="dates" {
            h2 id="dates" { "Validity" }
            div class="wide" tabindex="0" role="group" aria-label="Picture of validity" { svg class="dates" role="img" aria-label="Bars of validity; the table below has the dates" viewBox=(format!("0 0 640 {}", bottom + 44)) {
                @for (place, certificate) in (0_i64..).zip(&shown) {
                    @let top = place * ROW + 8;
                    @let (start, end) = (at(begin(certificate)), at(certificate.not_after));
                    text x=(LEFT) y=(top + 10) { (shortened(&certificate.subject, 70)) }
                    rect class=(bar(certificate, outline.at)) x=(start) y=(top + 16) width=((end - start).max(2)) height="12" rx="3" {}
                }
                path class="today" d=(format!("M {} 0 V {bottom}", at(outline.at))) {}
                text class="today-text" x=(at(outline.at).clamp(LEFT, 480)) y=(bottom + 14) { "judged for " (day(outline.at)) }
                path class="first" d=(format!("M {} 0 V {bottom}", at(first.not_after))) {}
                text class="first-text" x=(at(first.not_after).clamp(LEFT, 480)) y=(bottom + 34) { "first end " (day(first.not_after)) }
            } }
            @if !announced.is_empty() {
                p { "Announced for certificates of public CAs:" }
                ul { @for (date, what, source) in &announced {
                    li { (date) ": " (what) " (" (source) ")" }
                } }
            }
            div class="wide" tabindex="0" role="group" aria-label="Table of dates" {
                table class="sort" {
                    thead { tr {
                        th scope="col" { "Certificate" } th scope="col" { "From" } th scope="col" { "Until" }
                        th scope="col" { "Ends" } th scope="col" { "File" }
                    } }
                    tbody {
                        @for certificate in &all {
                            tr {
                                th scope="row" { (harmless(&certificate.subject)) }
                                td { (certificate.not_before.map(day).unwrap_or_default()) }
                                td { (day(certificate.not_after)) }
                                td data-order=(certificate.not_after.unix_seconds()) { (when(outline.at, certificate.not_after)) }
                                td { (harmless(&of_target(certificate.target.as_deref(), &certificate.source))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Day, words and address.
fn announced<'o>(outline: &'o Outline<'_>) -> Vec<(String, &'o str, &'o str)> {
    let list = members(&outline.result, "announced");
    let row = |row: &'o Json| {
        let text = |name: &str| row.get(name).and_then(Json::as_str);
        let date = text("date")?.chars().take(10).collect();
        Some((date, text("what")?, text("source")?))
    };
    list.iter().filter_map(row).collect()
}

fn bar(certificate: &Dated, at: Time) -> &'static str {
    let early = certificate.not_before.is_some_and(|begin| begin > at);
    match at.days_until(certificate.not_after) {
        left if left < 0 || early => "bar over",
        left if left < 30 => "bar soon",
        _ => "bar",
    }
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}
