//! NSS databases: Firefox, and Chromium on Linux. Measured: certutil of NSS 3.110, Chromium 156,
//! Firefox ESR 153.8.

use super::clients::ClientAnswer;
use super::verdict::Verdict;

use super::host::HostFacts;
use super::item::Item;
use super::location::Location;
use super::personal;
use super::plan::Plan;
use super::role::Role;
use super::step::{Check, Guard, Probe, Step};

/// Databases of one user, below the home directory. Chromium 146 uses the second
/// unless the first exists.
pub(super) const DATABASES: &[&str] = &[
    ".pki/nssdb",
    ".local/share/pki/nssdb",
    "snap/chromium/current/.pki/nssdb",
];
/// Directories of profiles, each with its own database.
pub(super) const PROFILES: &[&str] = &[
    ".mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    "Library/Application Support/Firefox/Profiles",
];

pub(super) fn build(location: &Location<'_>, install: &[Item], undo: &[Item], plan: &mut Plan) {
    let journal = personal::journal(location);
    plan.journal = Some(journal.clone());
    for (number, database) in databases(location).iter().enumerate() {
        let exists = Probe::Exists {
            path: format!("{database}/cert9.db"),
        };
        // `sql:` names the format of cert9.db. Without it an old certutil would create a cert8.db
        // next to it.
        let directory = format!("sql:{database}");
        for item in install.iter().chain(undo) {
            let record = format!("{journal}/nss-{}-{number}", item.stem);
            let entry = format!("{database} {}", item.stem);
            let holds = Probe::DatabaseHolds {
                directory: database.clone(),
                nickname: item.stem.clone(),
                certificate: item.sha256,
            };
            // A CA's certificate as a CA (`C`), a server's own as a trusted peer (`P`): as `C`
            // NSS and Chromium refuse it with SEC_ERROR_UNKNOWN_ISSUER. Firefox looks only for `C`,
            // and refuses a peer with MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT.
            let trust = match item.role {
                Role::IssuedEndEntity | Role::SelfSignedEndEntity if !is_of_firefox(database) => {
                    "P,,"
                }
                _ => "C,,",
            };
            let add = Step::run(
                [
                    "certutil", "-A", "-d", &directory, "-t", trust, "-n", &item.stem, "-a",
                ],
                format!(
                    "one certificate at a time, since certutil imports only the first: {}",
                    item.subject
                ),
            );
            plan.steps.push(
                add.stdin(&item.pem)
                    .changes([database])
                    // The plan creates no database: a browser would mistake an empty profile for a
                    // real one.
                    .guard(Guard::If(exists.clone()))
                    .guard(Guard::Unless(holds.clone()))
                    .entry(&record, entry.clone()),
            );
            plan.verify
                .push(Check::present(holds.clone()).only_if(exists.clone()));
            let delete = Step::run(
                ["certutil", "-D", "-d", &directory, "-n", &item.stem],
                "by the nickname that the plan gave it",
            );
            plan.undo.push(
                delete
                    .changes([database])
                    .guard(Guard::Recorded)
                    .entry(&record, entry),
            );
            plan.undo_verify
                .push(Check::absent(holds).only_if(exists.clone()));
        }
    }
    plan.notes.push("close the browser first, and restart it afterwards; Fedora's Firefox reads p11-kit's store instead".into());
    plan.notes.push(
        "policies.json (Certificates.Install) also installs certificates in Firefox, without a database"
            .into(),
    );
}

/// Whether Firefox has the database.
fn is_of_firefox(database: &str) -> bool {
    let profiles = PROFILES.iter();
    let mut profiles = profiles.map(|profiles| format!("/{profiles}/"));
    profiles.any(|profiles| database.contains(&profiles))
}

/// Without a database of Firefox, a plan changes nothing for it.
pub(super) fn without_firefox(location: &Location<'_>, answers: &mut [ClientAnswer]) {
    if databases(location)
        .iter()
        .any(|database| is_of_firefox(database))
    {
        return;
    }
    let firefox = answers
        .iter_mut()
        .filter(|answer| answer.client == "firefox");
    for answer in firefox.filter(|answer| answer.verdict == Verdict::Accepts) {
        answer.verdict = Verdict::Undecided;
        answer.reason =
            "certcheck found no profile of Firefox in the home directory: the plan adds nothing there"
                .into();
    }
}

/// The existing databases; if nothing is known, the usual ones, each checked on the machine.
fn databases(location: &Location<'_>) -> Vec<String> {
    let found = location
        .host
        .home()
        .map(|home| found(location.host, home))
        .unwrap_or_default();
    if found.is_empty() {
        return DATABASES
            .iter()
            .map(|database| location.at(&format!("~/{database}")))
            .collect();
    }
    let root = location.root.as_deref().unwrap_or_default();
    found
        .iter()
        .map(|database| format!("{root}{database}"))
        .collect()
}

/// The databases of the user whose home directory that is.
pub(super) fn found(host: &HostFacts, home: &str) -> Vec<String> {
    let home = home.trim_end_matches('/');
    let mut found: Vec<String> = DATABASES
        .iter()
        .map(|database| format!("{home}/{database}"))
        .filter(|database| host.exists(&format!("{database}/cert9.db")))
        .collect();
    for profiles in PROFILES {
        found.extend(host.names_in(&format!("{home}/{profiles}"), "cert9.db"));
    }
    found
}
