//! The real clients on loopback: what they say of a chain, against the prediction.
//!
//! The PKI is made anew in every run and is deeper, renamed, cross-signed,
//! expired, and of other keys than that of the measured tables. Each client
//! that is not installed is counted as skipped, and is a failure in CI.
//!
//! `CLIENTS_ONLY=go,java`, `CLIENTS_RANDOM=900` and `CLIENTS_SEED=7` choose
//! clients, and how many scenarios are made by chance. `CLIENTS_BIN` and `CLIENTS_VERSION` ask
//! other programs, and compare them with the prediction for that version (`.ci/laboratory`).

#[path = "clients_real/browsers.rs"]
pub(crate) mod browsers;
#[path = "clients_real/certificates.rs"]
mod certificates;
use crate::pki as der;
use crate::support::here;
#[path = "clients_real/pki.rs"]
pub(crate) mod made;
#[path = "clients_real/programs.rs"]
pub(crate) mod programs;
#[path = "clients_real/scenarios.rs"]
mod scenarios;

use certcheck::Time;
use certcheck::client::{Client, Presented, Store, Verdict, judge};
use certcheck::model::Certificate;
use made::Pki;
use programs::{Job, Servers};
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// Verdicts compared at least: of every client each scenario.
const LEAST: usize = 60;

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[test]
fn real_clients_say_what_was_predicted() {
    if !here::have("openssl", "openssl") || !here::have("python3", "python3") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let at = now();
    let mut pki = Pki::new(scratch.path(), at);
    certificates::certificates(&mut pki);
    let step = if programs::whole() { 1 } else { 8 };
    let mut scenarios: Vec<_> = scenarios::scenarios().into_iter().step_by(step).collect();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("CLIENTS_SEED").unwrap_or(20_261_122);
    let count = number("CLIENTS_RANDOM").unwrap_or(match (step, here::whole()) {
        (1, true) => 900,
        (1, false) => 60,
        _ => 0,
    });
    println!(
        "{} scenarios, and {count} by chance (CLIENTS_SEED={seed})",
        scenarios.len()
    );
    scenarios.extend(scenarios::random(seed, usize::try_from(count).unwrap()));
    let servers = Servers::start(scratch.path(), &pki, &scenarios);
    let jobs: Vec<Job> = programs::jobs(scratch.path(), &pki, &scenarios, &servers);
    let (mut compared, mut accepted, mut false_ok) = (0, 0, 0);
    let mut wrong = Vec::new();
    let mut per_client: BTreeMap<&str, usize> = BTreeMap::new();
    let mut asked_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (client, answers) in programs::run_all(scratch.path(), &jobs) {
        let version = programs::version().map(|version| format!("{client}@{version}"));
        let profile = Client::released(version.as_deref().unwrap_or(client));
        let profile = profile.unwrap().unwrap();
        let asked = answers.iter().flatten().count();
        let _ = asked_of.insert(client, asked);
        let answered = jobs.iter().zip(&answers);
        for (job, answer) in answered.filter_map(|(job, answer)| Some((job, answer.as_ref()?))) {
            let parse =
                |label: &&'static str| Certificate::parse(&pki.certificates[*label]).unwrap();
            let chain: Vec<_> = job.scenario.0.iter().map(parse).collect();
            let anchors: Vec<_> = job.scenario.1.iter().map(parse).collect();
            let names = [job.scenario.2.parse().unwrap()];
            let predicted = judge(
                profile,
                &Presented::of(&chain).named(&names),
                &Store::of(&anchors),
                Time::from_unix_seconds(at),
            );
            if programs::differs_between_builds(client, &job.scenario) {
                continue;
            }
            compared += 1;
            *per_client.entry(client).or_default() += 1;
            accepted += usize::from(answer.accepted);
            let says_ok = predicted.verdict == Verdict::Accepts;
            false_ok += usize::from(says_ok && !answer.accepted);
            if says_ok != answer.accepted {
                let says = predicted.reason.map_or_else(String::new, |refusal| {
                    format!("{:?} {}", refusal.cause, refusal.says)
                });
                wrong.push(format!(
                    "{client}: sent {:?}, store {:?}, {}: predicted {} {says}; really {} {}",
                    job.scenario.0,
                    job.scenario.1,
                    job.scenario.2,
                    predicted.verdict.as_str(),
                    if answer.accepted {
                        "accepts"
                    } else {
                        "refuses"
                    },
                    answer.text,
                ));
            }
        }
    }
    println!(
        "real clients: {compared} verdicts of {} clients compared ({accepted} accept), {} differ, {false_ok} predicted OK and refused",
        per_client.len(),
        wrong.len()
    );
    for (client, cases) in &per_client {
        let begins = format!("{client}: ");
        let differ = wrong
            .iter()
            .filter(|line| line.starts_with(&begins))
            .count();
        // Some are left out that differ between builds, a few in a hundred.
        here::compared("clients", client, *cases, asked_of[client] * 9 / 10, differ);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= LEAST, "only {compared}");
    if programs::whole() && std::env::var_os("CLIENTS_ONLY").is_none() {
        assert_eq!(per_client.len(), 15, "{per_client:?}");
        assert!(compared >= 3_000, "only {compared}");
    }
}
