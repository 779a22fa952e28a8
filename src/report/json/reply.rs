//! The answer to one record, on one line.

use super::escaped::Escaped;
use super::results::{Body, Listed, One};
use super::{MOST_ALIKE, check, finding};
use crate::command::stream::{Id, Reply};
use crate::shown::without_keys;
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};

/// A reply of [`Stream`](crate::command::stream::Stream) as one line of JSON with its
/// newline: `id`, `verdict`, `error`, `objects`, `findings`, `omitted`, `checks`, `chain`.
pub fn reply(reply: &Reply) -> String {
    let mut out = Vec::new();
    let form = Escaped::on_one_line();
    // Writing to a vector cannot fail.
    let _ = Row(reply).serialize(&mut serde_json::Serializer::with_formatter(&mut out, form));
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

struct Row<'r>(&'r Reply);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reply = self.0;
        let mut members = serializer.serialize_map(None)?;
        match &reply.id {
            Id::None => members.serialize_entry("id", &())?,
            Id::Text(text) => members.serialize_entry("id", &without_keys(text))?,
            Id::Number(number) => members.serialize_entry("id", number)?,
            Id::Flag(flag) => members.serialize_entry("id", flag)?,
        }
        members.serialize_entry("verdict", reply.verdict().as_str())?;
        members.serialize_entry("error", &reply.error.as_deref().map(without_keys))?;
        members.serialize_entry("objects", &Objects(reply))?;
        let findings = reply.findings();
        let shown = findings.get(..findings.len().min(MOST_ALIKE));
        let shown = shown.unwrap_or_default();
        members.serialize_entry("findings", &Listed(shown, finding))?;
        members.serialize_entry("omitted", &(findings.len() - shown.len()))?;
        members.serialize_entry("checks", &Listed(&reply.answer.checks, check))?;
        let chain = reply.chain.as_ref().map(Body::json);
        members.serialize_entry("chain", &chain)?;
        members.end()
    }
}

struct Objects<'r>(&'r Reply);

impl Serialize for Objects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.objects.iter().map(One))
    }
}
