//! Every parameter of PostgreSQL 15, and the values it accepts.
//!
//! `parameters.tsv` is `pg_settings` of 15.18 as Debian 12 builds it: name,
//! vartype, unit, min_val, max_val, enumvals, context.

use super::boolean;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One parameter.
pub(super) struct Parameter {
    kind: &'static str,
    unit: &'static str,
    least: Option<f64>,
    most: Option<f64>,
    words: &'static str,
    context: &'static str,
}

static TABLE: LazyLock<HashMap<String, Parameter>> = LazyLock::new(|| {
    let rows = include_str!("parameters.tsv").lines();
    rows.map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let name = cell().to_ascii_lowercase();
        let parameter = Parameter {
            kind: cell(),
            unit: cell(),
            least: cell().parse().ok(),
            most: cell().parse().ok(),
            words: cell(),
            context: cell(),
        };
        (name, parameter)
    })
    .collect()
});

/// Parameters that `pg_settings` hides, and old names that are still accepted.
const HIDDEN: &[&str] = &[
    "default_with_oids",
    "is_superuser",
    "role",
    "seed",
    "session_authorization",
    "sort_mem",
    "ssl_renegotiation_limit",
    "vacuum_mem",
];

/// The parameter of that name, in lower case.
pub(super) fn named(name: &str) -> Option<&'static Parameter> {
    TABLE.get(name)
}

/// Whether PostgreSQL may accept the name although the table lacks it.
pub(super) fn is_hidden(name: &str) -> bool {
    HIDDEN.contains(&name)
}

/// Names that exist in other versions.
pub(super) fn of_other_versions(name: &str) -> Option<&'static str> {
    Some(match name {
        "ssl_sni" => "PostgreSQL 19 and newer know it",
        "wal_keep_segments" => "PostgreSQL 12 and older knew it",
        "checkpoint_segments" => "PostgreSQL 9.4 and older knew it",
        _ => return None,
    })
}

/// How PostgreSQL reads a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Taken {
    Yes,
    No(String),
    /// Hidden words of an enumeration are not in the table.
    Perhaps,
}

impl Parameter {
    pub(super) fn takes(&self, name: &str, value: &str) -> Taken {
        let shown = super::shown(value);
        let invalid = || {
            Taken::No(format!(
                "invalid value for parameter \"{name}\": \"{shown}\""
            ))
        };
        if self.context == "internal" {
            return Taken::No(format!("parameter \"{name}\" cannot be changed"));
        }
        match self.kind {
            "bool" if boolean(value).is_none() => {
                Taken::No(format!("parameter \"{name}\" requires a Boolean value"))
            }
            "enum"
                if !self
                    .words
                    .split(',')
                    .any(|part| part.eq_ignore_ascii_case(value)) =>
            {
                Taken::Perhaps
            }
            "integer" | "real" => match number(value, self.unit) {
                None => invalid(),
                Some(number) => {
                    // PostgreSQL rounds values, so half a unit is tolerated.
                    let low = self.least.is_some_and(|least| number < least - 0.5);
                    let high = self.most.is_some_and(|most| number > most + 0.5);
                    if low || high {
                        Taken::No(format!(
                            "{shown} is outside the valid range for parameter \"{name}\""
                        ))
                    } else {
                        Taken::Yes
                    }
                }
            },
            _ => Taken::Yes,
        }
    }
}

/// A whole number without a unit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the bounds of the parameters are below two to the power of 31"
)]
pub(super) fn whole(text: &str) -> Option<i64> {
    number(text, "").map(|value| value.round() as i64)
}

/// A number with its unit, in the parameter's own unit (`parse_int`, `convert_to_base_unit`).
fn number(text: &str, base: &str) -> Option<f64> {
    let text = text.trim();
    let (negative, bare) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (value, unit) =
        if let Some(hex) = bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")) {
            let end = hex
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(hex.len());
            let (digits, unit) = hex.split_at_checked(end)?;
            (u32::from_str_radix(digits, 16).ok().map(f64::from)?, unit)
        } else {
            let number = |c: char| c.is_ascii_digit() || c == '.';
            let mut end = bare.find(|c: char| !number(c)).unwrap_or(bare.len());
            // An exponent, if digits follow it.
            if let Some(rest) = bare.get(end..)
                && let Some(rest) = rest.strip_prefix(['e', 'E'])
            {
                let sign = usize::from(rest.starts_with(['+', '-']));
                let digits = rest.get(sign..).unwrap_or_default();
                let length = digits
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(digits.len());
                if length > 0 {
                    end += 1 + sign + length;
                }
            }
            let (digits, unit) = bare.split_at_checked(end)?;
            let octal = digits.len() > 1
                && digits.starts_with('0')
                && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
            let value = if octal {
                f64::from(u32::from_str_radix(digits, 8).ok()?)
            } else {
                digits.parse::<f64>().ok()?
            };
            (value, unit)
        };
    let unit = unit.trim();
    let factor = if unit.is_empty() {
        1.0
    } else {
        size(unit, base).or_else(|| duration(unit, base))?
    };
    let value = value * factor;
    Some(if negative { -value } else { value })
}

fn size(unit: &str, base: &str) -> Option<f64> {
    let bytes = |unit: &str| {
        Some(match unit {
            "B" => 1.0,
            "kB" => 1024.0,
            "8kB" => 8192.0,
            "MB" => 1_048_576.0,
            "GB" => 1_073_741_824.0,
            "TB" => 1_099_511_627_776.0,
            _ => return None,
        })
    };
    Some(bytes(unit).filter(|_| unit != "8kB")? / bytes(base)?)
}

fn duration(unit: &str, base: &str) -> Option<f64> {
    let seconds = |unit: &str| {
        Some(match unit {
            "us" => 0.000_001,
            "ms" => 0.001,
            "s" => 1.0,
            "min" => 60.0,
            "h" => 3600.0,
            "d" => 86400.0,
            _ => return None,
        })
    };
    Some(seconds(unit)? / seconds(base)?)
}

#[cfg(test)]
mod tests {
    use super::{Taken, named};

    /// What `postgres -C port` of 15.18 said.
    #[test]
    fn values_as_measured() {
        let takes = |name: &str, value: &str| named(name).map(|setting| setting.takes(name, value));
        for (name, value) in [
            ("shared_buffers", "128MB"),
            ("shared_buffers", "0x100"),
            ("checkpoint_timeout", "5min"),
            ("work_mem", "1.5MB"),
            ("fsync", "off"),
            ("wal_level", "LOGICAL"),
            ("seq_page_cost", "1e0"),
        ] {
            assert_eq!(takes(name, value), Some(Taken::Yes), "{name} = {value}");
        }
        for (name, value) in [
            ("shared_buffers", "foo"),
            ("shared_buffers", "10"),
            ("checkpoint_timeout", "5MB"),
            ("work_mem", "1mb"),
            ("fsync", "o"),
            ("ssl_library", "x"),
            ("max_connections", "-1"),
            ("max_connections", "1s"),
        ] {
            assert!(
                matches!(takes(name, value), Some(Taken::No(_))),
                "{name} = {value}"
            );
        }
        assert!(named("ssl_groups").is_none());
    }
}
