//! Plans for trust stores, and where certificates are, for people.

use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::command::trust_plan::TrustPlan;
use crate::command::trust_predict::Predicted;
use crate::command::trust_status::TrustStatus;
use crate::finding::Severity;
use crate::trust_store::{
    Action, Check, ClientAnswer, Decision, Holding, InstallOutcome, Plan, Status, Step,
    StoreStatus, Verdict,
};
use std::fmt::Write;

/// The steps, why each is taken, how to see that they worked, and how to undo them.
pub fn trust_plan(result: &TrustPlan, detail: Detail) -> String {
    let width = detail.width();
    let mut out = String::new();
    let place = result
        .root
        .as_deref()
        .map_or_else(String::new, |root| format!(", in {}", printable(root)));
    let _ = writeln!(out, "{STRONG}{}{STRONG:#}{place}", result.platform);
    if let Some(served) = &result.server {
        let _ = writeln!(
            out,
            "\n{STRONG}{}{STRONG:#} sends {}; clients need {}",
            served.server.unwrap_or("the server"),
            certificates(served.sent.len()),
            match (served.needed.len(), &served.missing_issuer) {
                (0, Some(_)) => "an issuer that was not found".to_owned(),
                (count, _) => certificates(count),
            }
        );
        let listed: Vec<_> = served.clients.iter().map(predicted_client).collect();
        write_clients(&mut out, &listed, width);
    }
    let Some(plan) = &result.plan else {
        return out;
    };
    for decision in &plan.certificates {
        write_decision(&mut out, decision, width);
    }
    if result.undo {
        write_steps(&mut out, "To undo", &plan.undo, width);
        write_checks(&mut out, &plan.undo_verify, width);
    } else if plan.is_empty() {
        out.push_str("\nnothing to do\n");
    } else {
        write_steps(&mut out, "Steps", &plan.steps, width);
        write_checks(&mut out, &plan.verify, width);
    }
    if !result.undo && !plan.undo.is_empty() {
        write_steps(&mut out, "To undo", &plan.undo, width);
    }
    write_notes(&mut out, plan, width);
    out
}

fn certificates(count: usize) -> String {
    format!("{count} certificate{}", if count == 1 { "" } else { "s" })
}

fn write_decision(out: &mut String, decision: &Decision, width: usize) {
    let _ = writeln!(
        out,
        "\n{STRONG}{}{STRONG:#} {}",
        printable(&decision.source),
        printable(&decision.subject)
    );
    let _ = writeln!(
        out,
        "  {}, SHA-256 {DIM}{}{DIM:#}",
        decision.role.words(),
        decision.sha256
    );
    match &decision.outcome {
        InstallOutcome::Install => {
            let _ = writeln!(out, "  {GOOD}installed{GOOD:#} as {}", decision.name);
        }
        InstallOutcome::AlreadyTrusted { found_in } => {
            let _ = writeln!(
                out,
                "  {GOOD}already in the store{GOOD:#}: {}",
                printable(found_in)
            );
        }
        InstallOutcome::Repeated => out.push_str("  the same certificate as an earlier one\n"),
        InstallOutcome::Undo => out.push_str("  removed, if an earlier plan installed it\n"),
        InstallOutcome::Refused { reason, instead } => {
            let style = severity_style(Severity::Error);
            let first = format!("  {style}not installed{style:#}: ");
            out.push_str(&wrapped(&first, &printable(reason), "    ", width));
            out.push_str(&wrapped("  instead: ", &printable(instead), "    ", width));
        }
    }
    if !matches!(
        decision.outcome,
        InstallOutcome::Repeated | InstallOutcome::Undo
    ) {
        let listed: Vec<_> = decision.clients.iter().map(answered).collect();
        write_clients(out, &listed, width);
    }
}

/// A client, its verdict, and the reason.
type NamedClient<'t> = (&'t str, Verdict, &'t str);

fn answered(answer: &ClientAnswer) -> NamedClient<'_> {
    (answer.client, answer.verdict, &answer.reason)
}

fn predicted_client(predicted: &Predicted) -> NamedClient<'_> {
    (predicted.client, predicted.verdict, &predicted.reason)
}

/// Clients that will trust it on one line; those that will not, by reason.
fn write_clients(out: &mut String, clients: &[NamedClient<'_>], width: usize) {
    for (verdict, words) in [
        (Verdict::Accepts, "trusted by"),
        (Verdict::Refuses, "refused by"),
        (Verdict::Undecided, "unknown for"),
    ] {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for (client, _, reason) in clients.iter().filter(|(_, it, _)| *it == verdict) {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, names)) => names.push(client),
                None => reasons.push((reason, vec![client])),
            }
        }
        for (reason, names) in reasons {
            let reason = if reason.is_empty() {
                String::new()
            } else {
                format!(": {}", printable(reason))
            };
            let first = format!("  {DIM}{words:<11}{DIM:#} ");
            let text = format!("{}{reason}", names.join(", "));
            out.push_str(&wrapped(&first, &text, "              ", width));
        }
    }
}

fn write_steps(out: &mut String, title: &str, steps: &[Step], width: usize) {
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{STRONG}{title}{STRONG:#}");
    for (number, step) in (1..).zip(steps) {
        let privileged = if step.privileged {
            "  [needs root]"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "{number:>3}. {STRONG}{}{STRONG:#}{DIM}{privileged}{DIM:#}",
            printable(&step.to_string())
        );
        let inside = "     ";
        out.push_str(&wrapped(inside, &printable(&step.why), inside, width));
        let own = step.path();
        let others: Vec<_> = step
            .changes
            .iter()
            .map(String::as_str)
            .filter(|path| Some(*path) != own)
            .collect();
        if !others.is_empty() {
            let first = format!("{inside}{DIM}changes{DIM:#} ");
            let text = others.join(", ");
            out.push_str(&wrapped(&first, &printable(&text), "       ", width));
        }
        for guard in &step.guards {
            let _ = writeln!(out, "     {DIM}{}{DIM:#}", printable(&guard.to_string()));
        }
        if let Action::AskPerson { instruction } = &step.action {
            for line in instruction.lines() {
                let _ = writeln!(out, "     | {}", printable(line));
            }
        }
    }
}

fn write_checks(out: &mut String, checks: &[Check], width: usize) {
    if checks.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{STRONG}To verify{STRONG:#}");
    for check in checks {
        let text = check.to_string();
        out.push_str(&wrapped("   - ", &printable(&text), "     ", width));
    }
}

fn write_notes(out: &mut String, plan: &Plan, width: usize) {
    if plan.notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{STRONG}Worth knowing{STRONG:#}");
    for note in &plan.notes {
        out.push_str(&wrapped("   - ", &printable(note), "     ", width));
    }
}

/// Each certificate, and each store that was found.
pub fn trust_status(result: &TrustStatus, detail: Detail) -> String {
    let mut out = String::new();
    let platform = result
        .platform
        .map_or("unknown system", |platform| platform.as_str());
    let _ = writeln!(out, "{STRONG}{platform}{STRONG:#}");
    for status in &result.certificates {
        write_status(&mut out, status, detail.width());
    }
    if let Some(count) = result.native_anchors {
        let places = match result.native_places.as_slice() {
            [] => "the system's store".to_owned(),
            places => places.join(", "),
        };
        let _ = writeln!(
            out,
            "\nrustls-native-certs loads {count} anchors from {}",
            printable(&places)
        );
    }
    for (name, path) in &result.environment {
        let _ = writeln!(
            out,
            "the environment sets {}={}",
            printable(name),
            printable(path)
        );
    }
    out
}

fn write_status(out: &mut String, status: &Status, width: usize) {
    let _ = writeln!(
        out,
        "\n{STRONG}{}{STRONG:#} {}",
        printable(&status.source),
        printable(&status.subject)
    );
    let _ = writeln!(
        out,
        "  {}, SHA-256 {DIM}{}{DIM:#}",
        status.role.words(),
        status.sha256
    );
    for store in &status.stores {
        write_store(out, store, width);
    }
    match status.native {
        Some(true) => out.push_str("  rustls-native-certs loads it\n"),
        Some(false) => out.push_str("  rustls-native-certs does not load it\n"),
        None => {}
    }
}

fn write_store(out: &mut String, store: &StoreStatus, width: usize) {
    let style = match store.holding {
        Holding::Holds => GOOD,
        Holding::Blocked => severity_style(Severity::Error),
        Holding::NotTakenUp | Holding::Stray => severity_style(Severity::Warning),
        _ => DIM,
    };
    let word = match &store.holding {
        Holding::NotLookedAt { .. } => "not checked",
        other => other.as_str(),
    };
    let _ = writeln!(
        out,
        "  {style}{word:<12}{style:#} {} {DIM}({}){DIM:#}",
        printable(&store.path),
        store.platform
    );
    if let Holding::NotLookedAt { reason, argv } = &store.holding {
        let _ = writeln!(
            out,
            "    {}; {}",
            printable(reason),
            printable(&argv.join(" "))
        );
    }
    let listed: Vec<_> = store.clients.iter().map(answered).collect();
    let mut lines = String::new();
    write_clients(&mut lines, &listed, width.saturating_sub(2));
    for line in lines.lines() {
        let _ = writeln!(out, "  {line}");
    }
}
