//! Every case of x509-limbo that is at hand, both ways: nothing accepted that
//! should not be, nothing refused that should not be.

use crate::support::here;
#[path = "../../examples/limbo/suite.rs"]
mod suite;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

#[test]
fn every_case_as_expected() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/limbo.json");
    let Ok(text) = std::fs::read(&file) else {
        let why = "limbo.json of C2SP/x509-limbo is not in ../shared/conformance";
        here::without("x509-limbo", why);
        return;
    };
    let cases = serde_json::from_slice(&text).expect("limbo.json is JSON");
    // Cases without a time of their own are valid now, whenever that is.
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let now = certcheck::Time::from_unix_seconds(now.try_into().unwrap());
    let outcomes = suite::run(&cases, now);
    assert!(outcomes.len() >= 142, "{} cases", outcomes.len());
    let wrong: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.expected != outcome.found)
        .map(|outcome| {
            format!(
                "{} expected {}: {}",
                outcome.id, outcome.expected, outcome.reason
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let table = suite::table(&outcomes);
    assert_eq!(
        table.values().map(|row| row.right).sum::<usize>(),
        outcomes.len()
    );
    assert!(
        table
            .values()
            .all(|row| row.false_accepts + row.false_rejects == 0)
    );
    assert_eq!(suite::profile("webpki::x").name, "webpki");
}
