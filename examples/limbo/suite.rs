//! The cases of x509-limbo, and the verifier's verdict on each.

use certcheck::Time;
use certcheck::chain::{PathProfile, Purpose, Request, Revocation, Verification, verify};
use certcheck::model::{Certificate, RevocationList};
use certcheck::server_name::ServerName;
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, CertificateRevocationListDer};
use serde_json::Value;
use std::collections::BTreeMap;

/// One case, and what became of it.
pub(crate) struct Outcome {
    pub(crate) id: String,
    pub(crate) expected: bool,
    pub(crate) found: bool,
    /// The first reason, or what kept the case from being read.
    pub(crate) reason: String,
}

/// Counts of a namespace.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) right: usize,
    pub(crate) false_accepts: usize,
    pub(crate) false_rejects: usize,
}

/// `webpki::*` is what the Baseline Requirements demand; everything else
/// what RFC 5280 does. No one profile can pass both.
pub(crate) fn profile(id: &str) -> &'static PathProfile {
    if id.starts_with("webpki::") {
        &PathProfile::WEBPKI
    } else {
        &PathProfile::RFC5280_STRICT
    }
}

pub(crate) fn run(suite: &Value, now: Time) -> Vec<Outcome> {
    let cases = suite["testcases"].as_array().map_or(&[][..], Vec::as_slice);
    let run = |case: &Value| {
        let id = case["id"].as_str().unwrap_or("?").to_owned();
        let answer = judge(case, profile(&id), now);
        Outcome {
            expected: case["expected_result"] == "SUCCESS",
            found: answer.as_ref().is_ok_and(|answer| answer.valid),
            reason: match answer {
                Ok(answer) => answer
                    .reasons
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                Err(error) => error,
            },
            id,
        }
    };
    cases.iter().map(run).collect()
}

/// The namespace's counts, by the first part of the id.
pub(crate) fn table(outcomes: &[Outcome]) -> BTreeMap<String, Row> {
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    for outcome in outcomes {
        let mut parts = outcome.id.split("::");
        let first = parts.next().unwrap_or_default();
        let name = match (first, parts.next(), parts.next()) {
            ("rfc5280" | "webpki", Some(second), Some(_)) => format!("{first}::{second}"),
            _ => first.to_owned(),
        };
        let row = table.entry(name).or_default();
        match (outcome.expected, outcome.found) {
            (true, false) => row.false_rejects += 1,
            (false, true) => row.false_accepts += 1,
            _ => row.right += 1,
        }
    }
    table
}

pub(crate) fn judge(
    case: &Value,
    profile: &'static PathProfile,
    now: Time,
) -> Result<Verification, String> {
    let ders = |field: &str| -> Result<Vec<CertificateDer<'static>>, String> {
        let texts = case[field].as_array().cloned().unwrap_or_default();
        let der =
            |text: &Value| CertificateDer::from_pem_slice(text.as_str().unwrap_or("").as_bytes());
        texts
            .iter()
            .map(|text| der(text).map_err(|error| format!("{error:?}")))
            .collect()
    };
    let leaf = case["peer_certificate"].as_str().unwrap_or_default();
    let leaf = CertificateDer::from_pem_slice(leaf.as_bytes()).map_err(|e| format!("{e:?}"))?;
    let (anchors, others) = (ders("trusted_certs")?, ders("untrusted_intermediates")?);
    let texts = case["crls"].as_array().cloned().unwrap_or_default();
    let texts = texts
        .iter()
        .map(|text| text.as_str().unwrap_or_default().as_bytes());
    let lists: Result<Vec<_>, _> = texts
        .map(CertificateRevocationListDer::from_pem_slice)
        .collect();
    let lists = lists.map_err(|error| format!("{error:?}"))?;
    let lists: Result<Vec<_>, _> = lists.iter().map(|der| RevocationList::parse(der)).collect();
    let lists = lists.map_err(|error| error.to_string())?;
    let leaf = Certificate::parse(&leaf).map_err(|error| error.to_string())?;
    let (anchors, intermediates) = (readable(&anchors), readable(&others));
    let at = match case["validation_time"].as_str() {
        Some(text) => text.parse::<Time>().map_err(|error| error.to_string())?,
        None => now,
    };
    // One name for a server, a list of them for a client: a case has either.
    let named = case["expected_peer_name"].as_object().into_iter();
    let all = case["expected_peer_names"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let names = named
        .map(|name| name["value"].clone())
        .chain(all.iter().map(|case| case["value"].clone()));
    let names: Result<Vec<ServerName>, _> = names
        .map(|name| {
            name.as_str()
                .unwrap_or_default()
                .parse()
                .map_err(|e| format!("{e}"))
        })
        .collect();
    let names = names?;
    let mut request = Request::new(&leaf, &intermediates, &anchors, at);
    request.profile = profile;
    request.names = &names;
    request.purpose = match case["validation_kind"].as_str() {
        Some("CLIENT") => Purpose::Client,
        _ => Purpose::Server,
    };
    request.max_depth = case["max_chain_depth"]
        .as_u64()
        .and_then(|depth| depth.try_into().ok());
    if !lists.is_empty() {
        request.crls = &lists;
        request.revocation = Revocation::Available;
    }
    Ok(verify(&request))
}

/// What cannot be read cannot be part of a path.
fn readable<'d>(ders: &'d [CertificateDer<'static>]) -> Vec<Certificate<'d>> {
    ders.iter()
        .filter_map(|der| Certificate::parse(der).ok())
        .collect()
}
