//! `certcheck trust plan`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, texts};
use crate::command::trust_plan::{Served, TrustPlan};
use crate::finding::Shape;
use crate::trust_store::{Action, Check, ClientAnswer, Decision, InstallOutcome, Step};
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for TrustPlan {
    const COMMAND: &'static str = "trust plan";
    /// Those that it writes into the store.
    const HAS_CERTIFICATES: bool = true;

    fn json(&self) -> impl Serialize {
        let plan = self.plan.as_ref();
        let steps = |of: fn(&crate::trust_store::Plan) -> &Vec<Step>| -> Json {
            plan.map_or_else(|| json!([]), |plan| of(plan).iter().map(step).collect())
        };
        let checks = |of: fn(&crate::trust_store::Plan) -> &Vec<Check>| -> Json {
            plan.map_or_else(|| json!([]), |plan| of(plan).iter().map(check).collect())
        };
        let (now, then) = if self.undo {
            (steps(|plan| &plan.undo), checks(|plan| &plan.undo_verify))
        } else {
            (steps(|plan| &plan.steps), checks(|plan| &plan.verify))
        };
        json!({
            "platform": self.platform.as_str(),
            "root": self.root,
            "undoes": self.undo,
            "certificates": plan.map_or_else(
                || json!([]),
                |plan| plan.certificates.iter().map(decision).collect(),
            ),
            "server": self.server.as_ref().map(served),
            "steps": now,
            "verify": then,
            "undo": steps(|plan| &plan.undo),
            "undo_verify": checks(|plan| &plan.undo_verify),
            "journal": plan.and_then(|plan| plan.journal.clone()),
            "notes": plan.map_or_else(|| json!([]), |plan| json!(plan.notes)),
        })
    }
}

fn step(step: &Step) -> Json {
    let is_run = matches!(step.action, Action::Run { .. });
    let sha256 = match &step.action {
        Action::RemoveFile { sha256, .. } => sha256.map(|digest| digest.to_string()),
        _ => None,
    };
    json!({
        "kind": step.kind(),
        "path": step.path(),
        "argv": step.argv(),
        "privileged": step.privileged,
        "why": step.why,
        "changes": step.changes,
        "only": step.guards.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mode": step.mode().map(|mode| format!("{mode:04o}")),
        "content": step.content().filter(|_| !is_run),
        "stdin": step.content().filter(|_| is_run),
        "sha256": sha256,
        "recorded_in": step.journal,
    })
}

fn check(check: &Check) -> Json {
    json!({
        "kind": check.probe.kind(),
        "path": check.probe.path(),
        "sha256": check.probe.sha256().map(|digest| digest.to_string()),
        "expected": check.expected,
        "text": check.to_string(),
    })
}

fn decision(decision: &Decision) -> Json {
    let (reason, instead, found_in) = match &decision.outcome {
        InstallOutcome::Refused { reason, instead } => (Some(reason), Some(instead), None),
        InstallOutcome::AlreadyTrusted { found_in } => (None, None, Some(found_in)),
        _ => (None, None, None),
    };
    json!({
        "source": decision.source,
        "index": decision.index,
        "sha256": decision.sha256.to_string(),
        "subject": decision.subject,
        "role": decision.role.as_str(),
        "outcome": decision.outcome.as_str(),
        "reason": reason,
        "instead": instead,
        "found_in": found_in,
        "name": decision.name,
        "clients": decision.clients.iter().map(client).collect::<Vec<_>>(),
    })
}

pub(super) fn client(answer: &ClientAnswer) -> Json {
    let reason = Some(&answer.reason).filter(|reason| !reason.is_empty());
    json!({"client": answer.client, "verdict": answer.verdict.as_str(), "reason": reason})
}

fn served(served: &Served) -> Json {
    let clients: Vec<_> = served
        .clients
        .iter()
        .map(|client| {
            let reason = Some(&client.reason).filter(|reason| !reason.is_empty());
            json!({"client": client.client, "verdict": client.verdict.as_str(), "reason": reason})
        })
        .collect();
    json!({
        "server": served.server,
        "sent": texts(&served.sent),
        "needed": texts(&served.needed),
        "missing_issuer": served.missing_issuer,
        "clients": clients,
    })
}

const TEXT: Shape = Shape::Text;
const MAYBE: Shape = Shape::Maybe(&Shape::Text);
const TEXTS: Shape = Shape::List(&Shape::Text);

/// The schema of a client's answer.
pub(super) fn client_schema() -> Json {
    object([
        ("client", of(TEXT)),
        (
            "verdict",
            json!({"enum": ["accepts", "refuses", "undecided"]}),
        ),
        ("reason", of(MAYBE)),
    ])
}

pub(super) fn schema() -> Json {
    let digests = || array(of(Shape::Fingerprint));
    let step = || {
        object([
            (
                "kind",
                json!({"enum": ["make-directory", "write-file", "combine-files", "append",
                    "remove-file", "cut-back", "run", "restore-file", "ask-person"]}),
            ),
            ("path", of(MAYBE)),
            ("argv", of(TEXTS)),
            ("privileged", of(Shape::Flag)),
            ("why", of(TEXT)),
            ("changes", of(TEXTS)),
            ("only", of(TEXTS)),
            (
                "mode",
                maybe(json!({"type": "string", "pattern": "^[0-7]{4}$"})),
            ),
            ("content", of(MAYBE)),
            ("stdin", of(MAYBE)),
            ("sha256", of(Shape::Maybe(&Shape::Fingerprint))),
            ("recorded_in", of(MAYBE)),
        ])
    };
    let check = || {
        object([
            (
                "kind",
                json!({"enum": ["exists", "file-content", "bundle", "hash-link", "java-keystore",
                    "nss-database", "keychain", "trust-settings", "windows-store"]}),
            ),
            ("path", of(MAYBE)),
            ("sha256", of(Shape::Maybe(&Shape::Fingerprint))),
            ("expected", of(Shape::Flag)),
            ("text", of(TEXT)),
        ])
    };
    let decision = object([
        ("source", of(TEXT)),
        ("index", of(Shape::Number)),
        ("sha256", of(Shape::Fingerprint)),
        ("subject", of(TEXT)),
        ("role", role()),
        (
            "outcome",
            json!({"enum": ["install", "already-trusted", "repeated", "undo", "refused"]}),
        ),
        ("reason", of(MAYBE)),
        ("instead", of(MAYBE)),
        ("found_in", of(MAYBE)),
        ("name", of(TEXT)),
        ("clients", array(client_schema())),
    ]);
    let server = object([
        ("server", of(MAYBE)),
        ("sent", digests()),
        ("needed", digests()),
        ("missing_issuer", of(MAYBE)),
        ("clients", array(client_schema())),
    ]);
    object([
        ("platform", of(TEXT)),
        ("root", of(MAYBE)),
        ("undoes", of(Shape::Flag)),
        ("certificates", array(decision)),
        ("server", maybe(server)),
        ("steps", array(step())),
        ("verify", array(check())),
        ("undo", array(step())),
        ("undo_verify", array(check())),
        ("journal", of(MAYBE)),
        ("notes", of(TEXTS)),
    ])
}

/// The schema of a certificate's role.
pub(super) fn role() -> Json {
    json!({"enum": ["root", "intermediate", "self-signed-end-entity", "ca-as-server",
        "issued-end-entity", "version-1"]})
}
