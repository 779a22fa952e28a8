//! Environment variables. Nearly all replace the system's store, so they must name a file that also
//! contains the store.

use super::drop_in::bundle_holds;
use super::item::Item;
use super::layout;
use super::location::Location;
use super::personal;
use super::plan::Plan;
use super::platform::Platform;
use super::step::{Action, Check, Guard, Step};
use crate::model::sha256;

/// Variables that name the whole store.
const REPLACE: &[&str] = &[
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
];

/// Every variable whose file a status looks at, and the client families that read it.
const READERS: &[(&str, &[&str])] = &[
    (
        "SSL_CERT_FILE",
        &["openssl", "python", "python-3.13", "curl", "go", "rustls"],
    ),
    ("CURL_CA_BUNDLE", &["curl"]),
    ("NODE_EXTRA_CA_CERTS", &["node"]),
    ("REQUESTS_CA_BUNDLE", &[]),
    ("GIT_SSL_CAINFO", &[]),
    ("PIP_CERT", &[]),
    ("AWS_CA_BUNDLE", &[]),
    ("CARGO_HTTP_CAINFO", &[]),
];

/// The names of these variables.
pub(super) fn variables() -> impl Iterator<Item = &'static str> {
    READERS.iter().map(|(name, _)| *name)
}

/// The client families that read the file which the variable names.
pub(super) fn readers(variable: &str) -> &'static [&'static str] {
    READERS
        .iter()
        .find(|(name, _)| *name == variable)
        .map_or(&[], |(_, readers)| readers)
}

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = personal::journal(location);
    plan.journal = Some(journal.clone());
    let all: Vec<&Item> = install.iter().chain(undo).collect();
    let content: String = all.iter().map(|item| item.pem.as_str()).collect();
    // The name depends on the content: another set of certificates creates another file, and
    // programs that use the older one keep it.
    let digits: String = sha256(content.as_bytes())
        .to_string()
        .chars()
        .take(12)
        .collect();
    let record = |name: &str| format!("{journal}/env-certcheck-{digits}-{name}");
    let directory = location.at("~/.local/share/certcheck");
    let own = format!("{directory}/certcheck-{digits}.pem");
    let whole = format!("{directory}/certcheck-{digits}-and-system.pem");
    let system = Platform::detect(location.host)
        .and_then(|platform| layout::bundles(platform).first().copied())
        .unwrap_or("/etc/ssl/certs/ca-certificates.crt");
    let make = Action::MakeDirectory { path: directory };
    plan.steps.push(Step::new(make, "it may not exist"));
    let write = Action::WriteFile {
        path: own.clone(),
        mode: 0o644,
        content: content.clone(),
    };
    plan.steps.push(
        Step::new(
            write,
            "for NODE_EXTRA_CA_CERTS, which adds to what Node trusts",
        )
        .journal(&record("own")),
    );
    let combine = Action::CombineFiles {
        path: whole.clone(),
        mode: 0o644,
        first: location.at(system),
        content: content.clone(),
    };
    plan.steps.push(
        Step::new(combine, "for the variables that replace the system's store: its bundle, followed by the certificates")
            .journal(&record("whole")),
    );
    let mut instruction = String::from("Set in the environment of the programs that need it:\n\n");
    for name in REPLACE {
        instruction.push_str(&format!("export {name}='{whole}'\n"));
    }
    instruction.push_str(&format!("export NODE_EXTRA_CA_CERTS='{own}'\n"));
    plan.steps.push(Step::new(
        Action::AskPerson { instruction },
        "certcheck cannot know whose environment it is",
    ));
    for (path, sum, name) in [
        (&own, Some(sha256(content.as_bytes())), "own"),
        // No digest: the combined file holds the system's bundle from the day of its creation.
        (&whole, None, "whole"),
    ] {
        let action = Action::RemoveFile {
            path: path.clone(),
            sha256: sum,
        };
        let step = Step::new(action, "only if the plan wrote it and it is unchanged");
        plan.undo
            .push(step.guard(Guard::Recorded).journal(&record(name)));
    }
    for item in all {
        plan.verify
            .push(Check::present(bundle_holds(own.clone(), item)));
        plan.verify
            .push(Check::present(bundle_holds(whole.clone(), item)));
    }
    plan.notes.push("the combined file does not follow updates of the system's bundle: run the plan again after them".into());
    plan.notes.push("Java, GnuTLS (wget, Debian's git) read none of these variables; Go, Python and curl read SSL_CERT_FILE".into());
}
