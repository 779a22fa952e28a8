//! A scan's expiries by month, as columns; the numbers are in the table below them.

use super::super::outline::{Outline, members};
use crate::Time;
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The months that have a column of their own: two years, longer than a certificate lives.
const MONTHS: usize = 24;
const HEIGHT: usize = 140;
const WIDTH: usize = 640;
/// Room for the name of the first column, which is slanted.
const MARGIN: usize = 30;

/// A column: its name, and how many certificates expire in it.
struct Column {
    name: String,
    count: usize,
    class: &'static str,
}

pub(super) fn expiries(outline: &Outline<'_>) -> Markup {
    let pieces = outline.pieces();
    let scans = pieces.iter().filter(|piece| piece.command == "scan");
    let ends = scans.clone().flat_map(|piece| {
        members(piece.result, "certificates")
            .iter()
            .filter_map(|row| {
                let text = |name: &str| row.get(name).and_then(Json::as_str);
                Some((text("sha256")?, text("not_after")?.parse::<Time>().ok()?))
            })
    });
    // A certificate that several targets have counts once.
    let ends: BTreeSet<(&str, Time)> = ends.collect();
    if ends.is_empty() {
        return html! {};
    }
    let more: u64 = scans
        .filter_map(|piece| {
            piece
                .result
                .get("summary")?
                .get("more_certificates")?
                .as_u64()
        })
        .sum();
    let columns = columns(outline.at, &ends);
    let most = columns
        .iter()
        .map(|column| column.count)
        .max()
        .unwrap_or(1)
        .max(1);
    let wide = (WIDTH - MARGIN) / columns.len().max(1);
    let tall = |count: usize| (count * HEIGHT).div_ceil(most);
    html! {
        section aria-labelledby="expiries" {
            h2 id="expiries" { "Expiries by month" }
            div class="wide" tabindex="0" role="group" aria-label="Chart of expiries" { svg class="months" role="img" aria-label="Certificates that expire in each month; the table below has the numbers" viewBox=(format!("0 0 {WIDTH} {}", HEIGHT + 84)) {
                @for (place, column) in columns.iter().enumerate() {
                    @let left = MARGIN + place * wide;
                    @let top = 20 + HEIGHT - tall(column.count);
                    @if column.count > 0 {
                        rect class=(column.class) x=(left + 2) y=(top) width=(wide.saturating_sub(4)) height=(tall(column.count)) {}
                        text text-anchor="middle" x=(left + wide / 2) y=(top - 5) { (column.count) }
                    }
                    text text-anchor="end" transform=(format!("translate({} {}) rotate(-60)", left + wide / 2 + 4, HEIGHT + 36)) { (column.name) }
                }
                path class="base" d=(format!("M {MARGIN} {} H {}", HEIGHT + 20, MARGIN + wide * columns.len())) {}
            } }
            details {
                summary { "Numbers" }
                div class="wide" tabindex="0" role="group" aria-label="Table of expiries" { table {
                    thead { tr { th scope="col" { "Month" } th scope="col" { "Certificates" } } }
                    tbody { @for column in &columns {
                        tr { th scope="row" { (column.name) } td { (column.count) } }
                    } }
                } }
            }
            @if more > 0 {
                p { (more) " more certificates, which expire later, are not in this chart." }
            }
        }
    }
}

/// What has expired, each month from the moment of judgement to the last with an expiry, and what is
/// later.
fn columns(at: Time, ends: &BTreeSet<(&str, Time)>) -> Vec<Column> {
    let month = |time: Time| -> String { time.to_string().chars().take(7).collect() };
    let past = ends.iter().filter(|(_, end)| *end < at).count();
    let mut left: Vec<String> = ends
        .iter()
        .filter(|(_, end)| *end >= at)
        .map(|(_, end)| month(*end))
        .collect();
    let soon = month(at.plus_days(30));
    let mut columns = Vec::new();
    if past > 0 {
        columns.push(Column {
            name: "expired".to_owned(),
            count: past,
            class: "bar over",
        });
    }
    let mut name = month(at);
    for _ in 0..MONTHS {
        if left.is_empty() {
            break;
        }
        let all = left.len();
        left.retain(|one| *one != name);
        columns.push(Column {
            count: all - left.len(),
            class: if name <= soon { "bar soon" } else { "bar" },
            name: name.clone(),
        });
        name = next(&name);
    }
    if !left.is_empty() {
        columns.push(Column {
            name: "later".to_owned(),
            count: left.len(),
            class: "bar",
        });
    }
    columns
}

/// `2027-01` after `2026-12`.
fn next(month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap_or((month, "01"));
    let (year, number) = (year.parse().unwrap_or(0), number.parse().unwrap_or(1));
    let (year, number): (u32, u32) = match number {
        12.. => (year + 1, 1),
        number => (year, number + 1),
    };
    format!("{year:04}-{number:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_certificate_is_in_one_column() {
        let time = |text: &str| text.parse::<Time>().unwrap();
        let ends = BTreeSet::from([
            ("a", time("2026-11-01T00:00:00Z")),
            ("b", time("2026-11-30T23:59:59Z")),
            ("c", time("2027-01-01T00:00:00Z")),
            ("d", time("2027-01-31T00:00:00Z")),
            ("e", time("2036-01-31T00:00:00Z")),
        ]);
        let columns = columns(time("2026-11-22T00:00:00Z"), &ends);
        let told: Vec<_> = columns
            .iter()
            .filter(|column| column.count > 0)
            .map(|column| (column.name.as_str(), column.count, column.class))
            .collect();
        let expected = [
            ("expired", 1, "bar over"),
            ("2026-11", 1, "bar soon"),
            ("2027-01", 2, "bar"),
            ("later", 1, "bar"),
        ];
        assert_eq!(told, expected);
        assert_eq!(columns.len(), MONTHS + 2);
    }
}
