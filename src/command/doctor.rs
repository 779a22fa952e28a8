//! `doctor`: every server of a machine or a tree, each judged by a preflight of its own
//! settings, and the certificates that administrators added to its store.

mod machine;
mod sockets;

pub use sockets::Starts;

use crate::answer::{Answer, Check, CheckOutcome, Verdict};
use crate::finding::{Code, Severity, Subject};
use crate::preflight::tsm::lenient;
use crate::preflight::{PreflightResult, ScopeResult, StartupOutcome};
use crate::rule::{ConfigFact, Evidence, Finding, ProtocolFact};

/// A server that `doctor` found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerFound {
    /// The server's name.
    pub server: &'static str,
    /// The files that its settings begin with.
    pub config: Vec<String>,
    /// How it was found: a process, a unit, a usual place.
    pub found_by: String,
    /// `pass`, `fail` or `undecided`.
    pub verdict: Verdict,
    /// Whether nothing in its settings speaks TLS.
    pub without_tls: bool,
    /// How many errors and warnings its settings and files have.
    pub errors: usize,
    /// The same of warnings.
    pub warnings: usize,
    /// What certcheck did not check and could matter.
    pub undecided: Vec<String>,
    /// The result of the preflight.
    pub preflight: Option<PreflightResult>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DoctorResult {
    /// The servers, the worst first.
    pub servers: Vec<ServerFound>,
    /// The system, in the words of its `/etc/os-release`; empty if that names none.
    pub system: String,
    /// How many certificates administrators added to the store.
    pub anchors: usize,
    /// Paths that could not be examined, and why.
    pub not_read: Vec<(String, String)>,
}

impl DoctorResult {
    /// `2 servers found`.
    pub fn found(&self) -> String {
        match self.servers.len() {
            1 => "1 server found".to_owned(),
            all => format!("{all} servers found"),
        }
    }
}

/// What was judged, on the way to one answer.
#[derive(Debug, Default)]
pub struct Doctor {
    result: DoctorResult,
    findings: Vec<Finding>,
    checks: Vec<Check>,
    listeners: Vec<sockets::Listener>,
}

impl Doctor {
    /// The system that its servers were judged for.
    pub fn system(&mut self, title: String) {
        self.result.system = title;
    }

    /// A server and the answer of its preflight.
    pub fn server(
        &mut self,
        server: &'static str,
        config: Vec<String>,
        found_by: String,
        answer: Answer<PreflightResult>,
    ) {
        let without_tls = !answer.result.scopes.iter().any(|scope| scope.tls);
        let mut findings = answer.findings;
        // Settings as a package installs them, in which no one asked for TLS.
        findings.retain(|finding| !(without_tls && is_stock(finding, server)));
        if without_tls && !findings.iter().any(overrides_tls) {
            // Someone decided this.
            let off = findings.iter_mut().filter(|finding| is_off(finding));
            off.for_each(|finding| finding.severity = Severity::Notice);
        }
        let all = findings.clone();
        findings.retain(|finding| !machine::follows(finding, &all));
        // What certbot and Tableau's manual write: it removes protocols that do not exist.
        lenient(&mut findings);
        for finding in &mut findings {
            if is_out_of_reach(finding, &answer.result.scopes) {
                finding.severity = Severity::Notice;
            }
        }
        let count = |severity| {
            let of = |finding: &&Finding| finding.severity == severity;
            findings.iter().filter(of).count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let open = answer
            .checks
            .iter()
            .filter_map(|check| match &check.outcome {
                CheckOutcome::NotRun {
                    reason,
                    asked_for: true,
                } => Some(reason.clone()),
                _ => None,
            });
        // Several checks may stop at the same thing.
        let mut undecided: Vec<String> = Vec::new();
        for reason in open.map(|reason| without_options(&reason)) {
            if !undecided.contains(&reason) {
                undecided.push(reason);
            }
        }
        let verdict = match (errors, undecided.is_empty()) {
            (0, true) => Verdict::Pass,
            (0, false) => Verdict::Undecided,
            _ => Verdict::Fail,
        };
        self.findings.extend(findings);
        self.result.servers.push(ServerFound {
            server,
            config,
            found_by,
            verdict,
            without_tls,
            errors,
            warnings,
            undecided,
            preflight: Some(answer.result),
        });
    }

    /// A server whose settings could not be read.
    pub fn unread(
        &mut self,
        server: &'static str,
        config: Vec<String>,
        found_by: String,
        reason: String,
    ) {
        self.result.servers.push(ServerFound {
            server,
            config,
            found_by,
            verdict: Verdict::Undecided,
            without_tls: false,
            errors: 0,
            warnings: 0,
            undecided: vec![reason],
            preflight: None,
        });
    }

    /// What else was found: in the store, on a live listener.
    pub fn also<T>(&mut self, answer: Answer<T>) {
        self.findings.extend(answer.findings);
    }

    /// A listener or a file that could not be examined.
    pub fn not_read(&mut self, place: String, why: String) {
        let reason = format!("{place}: {why}");
        self.checks.push(Check::impossible("listeners", reason));
        self.result.not_read.push((place, why));
    }

    /// A listener that was not asked, because its settings show that it would not answer.
    pub fn not_asked(&mut self, place: String, why: &str) {
        let reason = format!("{place}: {why}");
        self.checks.push(Check::not_applicable("listeners", reason));
    }

    /// How many certificates were added to the store, and what could not be examined.
    pub fn store(&mut self, anchors: usize, not_read: Vec<(String, String)>) {
        self.result.anchors = anchors;
        self.checks.push(match not_read.first() {
            Some((place, why)) => Check::impossible("stores", format!("{place}: {why}")),
            None => Check::ran("stores"),
        });
        self.result.not_read.extend(not_read);
    }

    /// One answer.
    pub fn finish(mut self) -> Answer<DoctorResult> {
        self.findings.extend(self.address_conflicts());
        // What has to be removed is not installed either.
        let expired: Vec<Subject> = self
            .findings
            .iter()
            .filter(|finding| finding.code() == Code::TrustExpiredAnchor)
            .map(|finding| finding.subject.clone())
            .collect();
        self.findings.retain(|finding| {
            finding.code() != Code::TrustNotInStore || !expired.contains(&finding.subject)
        });
        let rank = |found: &ServerFound| match found.verdict {
            Verdict::Fail => 0,
            Verdict::Undecided => 1,
            Verdict::Pass if found.warnings > 0 => 2,
            Verdict::Pass if !found.without_tls => 3,
            Verdict::Pass => 4,
        };
        self.result.servers.sort_by_key(rank);
        let open = self.result.servers.iter().filter_map(|found| {
            let reason = found.undecided.first()?;
            Some(format!("{}: {reason}", found.config.join(", ")))
        });
        let open: Vec<_> = open.collect();
        self.checks.push(if open.is_empty() {
            Check::ran("servers")
        } else {
            Check::impossible("servers", open.join("; "))
        });
        Answer::new(self.result, self.findings, self.checks, [])
    }
}

/// That TLS is off in PostgreSQL, TabPy or Rserve: this is how they are installed.
fn is_stock(finding: &Finding, server: &str) -> bool {
    match server {
        // A setting that is written there is someone's decision: `ALTER SYSTEM` may have made it.
        "postgres" => is_off(finding) && finding.message().contains("not set"),
        "tabpy" | "rserve" => is_off(finding),
        _ => false,
    }
}

fn is_off(finding: &Finding) -> bool {
    let Evidence::ConfigFact(fact) = &finding.evidence else {
        return false;
    };
    matches!(fact, ConfigFact::TlsOff(_))
}

/// Whether a later line changes what an earlier one sets for TLS.
fn overrides_tls(finding: &Finding) -> bool {
    matches!(&finding.evidence, Evidence::ConfigFact(ConfigFact::Overridden(overridden)) if overridden.setting == "ssl")
}

/// Old versions that the settings allow, and that the security level of this machine's
/// OpenSSL rejects at every endpoint: this is how Debian's Apache and nginx are installed.
fn is_out_of_reach(finding: &Finding, scopes: &[ScopeResult]) -> bool {
    let Evidence::ProtocolFact(ProtocolFact::WeakVersion(weak)) = &finding.evidence else {
        return false;
    };
    scopes.iter().filter(|scope| scope.tls).all(|scope| {
        let reachable = scope.protocols.as_ref().map(|found| &found.reachable);
        reachable.is_some_and(|reachable| {
            !reachable.is_empty() && weak.versions.iter().all(|one| !reachable.contains(one))
        })
    })
}

impl ServerFound {
    /// Whether it would not start.
    pub fn stops(&self) -> bool {
        let startup = self
            .preflight
            .as_ref()
            .and_then(|result| result.startup.as_ref());
        startup.is_some_and(|startup| {
            matches!(
                startup.outcome,
                StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart
            )
        })
    }
}

/// The reason without advice about options, which `preflight` has and `doctor` does not.
fn without_options(reason: &str) -> String {
    const ADVICE: &[&str] = &[
        "; set it with --define",
        "; give it with --env",
        "; if it does, add --run-as",
        ": name the user that runs it with --run-as",
    ];
    let ends = ADVICE.iter().filter_map(|advice| reason.find(advice)).min();
    let kept = ends.and_then(|end| reason.get(..end)).unwrap_or(reason);
    kept.to_owned()
}
