//! Which version of the server an answer applies to, and what others would do.

use super::printable;
use super::wrap::wrapped;
use crate::preflight::{PreflightResult, ServerBoundary};

/// Two kinds of lines, for `-v`.
pub(super) fn write(out: &mut String, result: &PreflightResult, width: usize) {
    // A requested version has its own line.
    if let (Some(version), None) = (result.judged_version, result.server_version) {
        let basis = if version.is_measured() {
            "measured"
        } else {
            "documented"
        };
        let assumed = version.assumed();
        let assumed = assumed.map_or_else(String::new, |assumed| format!("; {assumed}"));
        let line = format!("judged as {version}, {basis}{assumed}");
        out.push_str(&wrapped("  ", &line, "  ", width));
    }
    for row in &result.server_boundaries {
        out.push_str(&wrapped("  ", &boundary(row), "    ", width));
    }
}

/// `nginx 1.29.2 and later obey … (site.conf:3, and 4 more; https://…)`.
fn boundary(row: &ServerBoundary) -> String {
    let place = row.line.map(|line| {
        let file = printable(row.file.as_deref().unwrap_or_default());
        let more = match row.places {
            0 | 1 => String::new(),
            places => format!(", and {} more", places.saturating_sub(1)),
        };
        format!(" ({file}:{line}{more})")
    });
    format!("{}{}", row.says, place.unwrap_or_default())
}
