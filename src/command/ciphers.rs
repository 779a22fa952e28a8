//! How a program reads a cipher string.

use crate::answer::{Answer, Check};
use crate::cipher::{
    Authentication, CipherDialect, Ciphers, Effect, SecurityLevel, Suite, Weakness, meant, suite,
};
use crate::finding::{Part, Severity, Subject};
use crate::handshake::ClientHello;
use crate::protocol::Version;
use crate::rule::{self, CipherFact, Finding};
use std::collections::BTreeMap;

/// The name under which a directly given string is reported.
const GIVEN: &str = "STRING";

/// The suites of Mozilla's "intermediate" recommendation for TLS 1.2, version
/// 5.7 (wiki.mozilla.org/Security/Server_Side_TLS); "modern" has only TLS 1.3.
const INTERMEDIATE: [&str; 9] = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES128-GCM-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-CHACHA20-POLY1305",
];

/// What a cipher string switches on, and for whom.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CiphersResult {
    /// The string.
    pub string: String,
    /// How its program reads it.
    pub ciphers: Ciphers,
    /// The security level that applies: the string's, otherwise the one given.
    pub level: SecurityLevel,
    /// The suites for TLS 1.2 and older that can be used at that level, in order.
    pub suites: Vec<&'static Suite>,
    /// The suites that the string switches on, but that cannot be used.
    pub unusable: Vec<&'static Suite>,
    /// The usable suites that should not be offered, by their weakness.
    pub weak: BTreeMap<Weakness, Vec<&'static Suite>>,
    /// What each recorded client would choose by its own preference in TLS 1.2.
    pub clients: Vec<ClientChoice>,
    /// The usable suites beyond Mozilla's intermediate set.
    pub beyond_intermediate: Vec<&'static Suite>,
    /// The suites of Mozilla's intermediate set that are not usable.
    pub short_of_intermediate: Vec<&'static Suite>,
}

/// What a client and a server with such a string agree on in TLS 1.2.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ClientChoice {
    /// The client and what it offers.
    pub client: &'static ClientHello,
    /// The suite if the server has an RSA key.
    pub rsa: Option<&'static Suite>,
    /// The suite if the server has an EC key.
    pub ecdsa: Option<&'static Suite>,
}

impl CiphersResult {
    /// The string that Mozilla recommends in its place, in OpenSSL's names.
    pub fn intermediate() -> String {
        INTERMEDIATE.join(":")
    }
}

/// Judges a cipher string; `level` is the security level unless the string
/// sets one.
pub fn ciphers(
    string: &str,
    dialect: CipherDialect,
    level: SecurityLevel,
) -> Answer<CiphersResult> {
    let ciphers = Ciphers::of(dialect, string);
    // Java's list has no level: its own rules were applied.
    let level = match dialect {
        CipherDialect::Java => SecurityLevel::NONE,
        _ => ciphers.level.unwrap_or(level),
    };
    let suites: Vec<_> = ciphers.usable(level).collect();
    let (unusable, mut weak) = (without(&ciphers.tls12, &suites), BTreeMap::new());
    for suite in &suites {
        if let Some(weakness) = suite.weakness() {
            weak.entry(weakness).or_insert_with(Vec::new).push(*suite);
        }
    }
    let wanted: Vec<_> = INTERMEDIATE.iter().filter_map(|name| suite(name)).collect();
    let result = CiphersResult {
        clients: choices(&suites),
        beyond_intermediate: without(&suites, &wanted),
        short_of_intermediate: without(&wanted, &suites),
        string: string.to_owned(),
        ciphers,
        level,
        suites,
        unusable,
        weak,
    };
    let findings = findings(&result);
    Answer::new(result, findings, vec![Check::ran("ciphers")], [])
}

fn without(all: &[&'static Suite], some: &[&'static Suite]) -> Vec<&'static Suite> {
    let apart = |suite: &&&'static Suite| !some.contains(suite);
    all.iter().filter(apart).copied().collect()
}

fn choices(suites: &[&'static Suite]) -> Vec<ClientChoice> {
    let with = |authentication| -> Vec<&'static Suite> {
        let fits = |suite: &&&'static Suite| suite.authentication == authentication;
        suites.iter().filter(fits).copied().collect()
    };
    let (rsa, ecdsa) = (with(Authentication::Rsa), with(Authentication::Ecdsa));
    ClientHello::ALL
        .iter()
        .filter(|client| client.versions.contains(&Version::TLSv1_2))
        .map(|client| ClientChoice {
            client,
            rsa: client.first_of(&rsa),
            ecdsa: client.first_of(&ecdsa),
        })
        .collect()
}

fn findings(result: &CiphersResult) -> Vec<Finding> {
    let ciphers = &result.ciphers;
    let subject = |index| Subject {
        source: GIVEN.to_owned(),
        part: Part::CipherString,
        index,
        lines: None,
    };
    let mut findings = Vec::new();
    for (index, word) in ciphers.words.iter().enumerate() {
        if word.effect == Effect::Unknown {
            let fact = rule::cipher::UnknownWord {
                token: word.text.clone(),
                meant: meant(&word.text).unwrap_or_default(),
            };
            findings.push(Finding::new(fact, subject(index)));
        }
    }
    if let Some(refusal) = ciphers.refused {
        let last = ciphers.words.last();
        let stopped = last.filter(|word| word.effect == Effect::Refused);
        let fact = rule::cipher::Refused {
            error: refusal.to_string(),
            token: stopped.map(|word| word.text.clone()).unwrap_or_default(),
        };
        findings.push(Finding::new(
            fact,
            subject(stopped.map_or(0, |_| ciphers.words.len() - 1)),
        ));
        return findings;
    }
    if ciphers.tls12.is_empty() {
        return findings;
    }
    if result.suites.is_empty() {
        let fact = rule::cipher::NothingAtLevel {
            level: u64::from(result.level.number()),
            forbidden: names(&result.unusable),
        };
        findings.push(Finding::new(fact, subject(0)));
        return findings;
    }
    for (weakness, suites) in &result.weak {
        let fact = rule::cipher::Weak {
            weakness: weakness.to_string(),
            suites: names(suites),
        };
        let severity = match weakness {
            Weakness::NoForwardSecrecy | Weakness::Cbc => Severity::Notice,
            _ => Severity::Warning,
        };
        findings.push(Finding::new(fact, subject(0)).with_severity(severity));
    }
    findings.extend(cut_off(result).map(|fact| Finding::new(fact, subject(0))));
    findings
}

/// The deciding clients that a string leaves without a suite, although it has suites for a type of
/// key.
fn cut_off(result: &CiphersResult) -> impl Iterator<Item = CipherFact> {
    type Choice = fn(&ClientChoice) -> Option<&'static Suite>;
    let keys: [(&str, Authentication, Choice); 2] = [
        ("RSA", Authentication::Rsa, |choice| choice.rsa),
        ("EC", Authentication::Ecdsa, |choice| choice.ecdsa),
    ];
    keys.into_iter()
        .filter_map(|(key, authentication, choice)| {
            let mut suites = result.suites.iter();
            if !suites.any(|suite| suite.authentication == authentication) {
                return None;
            }
            let clients: Vec<_> = result
                .clients
                .iter()
                .filter(|client| ClientHello::DECIDING.contains(&client.client.client))
                .filter(|client| choice(client).is_none())
                .map(|client| client.client.client.to_owned())
                .collect();
            (!clients.is_empty()).then(|| {
                CipherFact::CutOff(rule::cipher::CutOff {
                    key: key.to_owned(),
                    clients,
                })
            })
        })
}

fn names(suites: &[&'static Suite]) -> Vec<String> {
    suites.iter().map(|suite| suite.iana.to_owned()).collect()
}
