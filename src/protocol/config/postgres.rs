//! `ssl_min_protocol_version` and `ssl_max_protocol_version` in
//! `postgresql.conf`: the last of each counts (measured: 15.18).

use super::Scan;
use crate::protocol::lexer::{bytes, chars, covered};
use crate::protocol::postgres_line::settings;
use crate::protocol::{Dialect, Environment};
use crate::source::Source;

/// The one scope of a PostgreSQL configuration. Lines that PostgreSQL cannot
/// read are part of it, since they stop the server.
pub fn postgres(source: &Source, environment: &Environment) -> Scan {
    let mut scan = Scan::new();
    let text = chars(source.bytes(), 0);
    let mut kept = Vec::new();
    let mut lines = Vec::new();
    for setting in settings(&text, false) {
        let span = covered(setting.raw);
        let raw = bytes(setting.raw);
        let name = setting
            .read
            .as_ref()
            .map(|(name, _)| name.to_ascii_lowercase());
        match name.as_deref() {
            Ok(b"ssl_min_protocol_version" | b"ssl_max_protocol_version") | Err(_) => {
                lines.push(source.lines(span));
                kept.push(raw);
            }
            Ok(b"include" | b"include_dir" | b"include_if_exists") => {
                scan.skip(source, span, &raw, "another file is included");
            }
            Ok(_) => {}
        }
    }
    let text = kept.join(&b'\n');
    let name = "the server".to_owned();
    if let Some(mut scope) = scan.scope(name, &text, Dialect::Postgres, environment) {
        scope.own = !lines.is_empty();
        scope.lines = lines;
        scan.scopes.push(scope);
    }
    scan
}
