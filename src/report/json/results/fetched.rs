//! What `--fetch` fetched.

use crate::answer::Fetched;
use serde_json::{Value as Json, json};

pub(in crate::report::json) fn fetched(fetched: &Fetched) -> Json {
    json!({
        "issuer": fetched.issuer,
        "url": fetched.url,
        "sha256": fetched.sha256,
        "why": fetched.why,
    })
}
