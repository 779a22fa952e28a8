//! `certcheck trust plan` and `certcheck trust status`.

use super::{documents, holds, lacks, may_hold_certificates, unwritten};
use crate::args::{Common, Format, Trust, TrustCommand, TrustPlan, TrustStatus, platforms};
use crate::failure::Failure;
use crate::host::{self, Seen};
use crate::output::{self, End};
use crate::{clock, input, tree};
use certcheck::answer::Answer;
use certcheck::command::{trust_plan, trust_status};
use certcheck::encoding::Document;
use certcheck::finding::Fingerprint;
use certcheck::report::text;
use certcheck::server::Profile;
use certcheck::trust_store::{HostFacts, PlanError, Platform, native};
use std::path::{Path, PathBuf};

pub(crate) fn run(common: &Common, args: &Trust) -> Result<End, Failure> {
    match &args.command {
        TrustCommand::Plan(args) => plan(common, args),
        TrustCommand::Status(args) => status(common, args),
    }
}

fn plan(common: &Common, args: &TrustPlan) -> Result<End, Failure> {
    let (files, store) = (files(&args.files)?, files(&args.store)?);
    if let Some(empty) = store
        .iter()
        .find(|exported| !holds(exported, may_hold_certificates))
    {
        return Err(lacks(empty, "holds no certificate of a store"));
    }
    let root = tree::checked(args.root.as_deref())?;
    let seen = machine(root.as_deref());
    let platform = match args.platform.or_else(|| Platform::detect(&seen.facts)) {
        Some(platform) => platform,
        None => {
            let whose = args.root.as_deref().map_or("this system", |_| "that tree");
            return Err(Failure::new(format!(
                "certcheck does not know the trust store of {whose}"
            ))
            .help(format!("name one with --platform: {}", platforms())));
        }
    };
    let host = known(platform, root.is_some(), seen.facts);
    if args.keystore.is_some() && platform != Platform::Java {
        return Err(Failure::new(format!(
            "--keystore: platform {platform} has no Java keystore"
        ))
        .help("--platform java --keystore FILE"));
    }
    let at = clock::judged_at(common);
    let answer = trust_plan::PlanRequest::new(&files, platform, &host, at)
        .root(root.as_deref())
        .undo(args.undo)
        .keystore(args.keystore.as_deref())
        .store(&store)
        .server(sends(args)?)
        .ask()
        .map_err(|problem| refused(&args.files, &problem))?;
    if common.format == Format::Sh {
        return script(common, answer);
    }
    output::answer(common, at, "trust plan", answer, |plan| {
        text::trust_plan(plan, output::detail(common))
    })
    .map_err(unwritten)
}

fn status(common: &Common, args: &TrustStatus) -> Result<End, Failure> {
    if common.format == Format::Sh {
        return Err(Failure::new(
            "--format sh: only `trust plan` writes scripts",
        ));
    }
    let files = files(&args.files)?;
    let root = tree::checked(args.root.as_deref())?;
    let mut seen = machine(root.as_deref());
    let mut own = None;
    if root.is_none() {
        seen = seen.with_environment();
        // A source that was read completely is not read again.
        let store = native::of_files(&seen.facts)
            .filter(|store| seen.is_whole(&store.places))
            .unwrap_or_else(native::load);
        own = Some(trust_status::Native {
            certificates: store.certificates,
            problems: store.problems,
            places: store.places,
        });
    }
    let at = clock::judged_at(common);
    let answer = trust_status::StatusRequest::new(&files, &seen.facts, at)
        .unread(&seen.unread)
        .native(own)
        .ask()
        .map_err(|problem| refused(&args.files, &problem))?;
    output::answer(common, at, "trust status", answer, |status| {
        text::trust_status(status, output::detail(common))
    })
    .map_err(unwritten)
}

fn files(paths: &[PathBuf]) -> Result<Vec<Document>, Failure> {
    let documents = documents(input::read_all(paths)?);
    Ok(documents.into_iter().map(trust_plan::opened).collect())
}

/// In a tree, only root's home counts.
fn machine(root: Option<&str>) -> Seen {
    match root {
        Some(root) => host::look(Some(Path::new(root)), Some("/root")),
        None => {
            let home = std::env::var("HOME").ok();
            let home = home.as_deref().filter(|home| home.starts_with('/'));
            host::look(None, home)
        }
    }
}

/// What is known about the machine that the plan is for: nothing, if it is another machine.
fn known(platform: Platform, is_tree: bool, facts: HostFacts) -> HostFacts {
    let anywhere = matches!(
        platform,
        Platform::Nss
            | Platform::Java
            | Platform::PostgresClient
            | Platform::Env
            | Platform::Containers
    );
    if is_tree || anywhere || Platform::detect(&facts) == Some(platform) {
        facts
    } else {
        HostFacts::unknown()
    }
}

fn sends(args: &TrustPlan) -> Result<Option<trust_plan::Sends>, Failure> {
    if let Some(name) = &args.for_server {
        let profile =
            Profile::named(name).ok_or_else(|| Failure::new(format!("no such server: {name}")))?;
        return Ok(Some(trust_plan::Sends::Like(profile)));
    }
    let Some(path) = &args.from else {
        return Ok(None);
    };
    if path.as_os_str() == "-" && args.files.iter().any(|file| file.as_os_str() == "-") {
        return Err(Failure::new("-: standard input can be read only once"));
    }
    let source = input::read(path)?;
    let presented = presented(source.bytes())
        .filter(|presented| !presented.is_empty())
        .ok_or_else(|| {
            Failure::file(path, "is not a certcheck document that describes what a server \
                sends").help(
                "give the output of `certcheck preflight --format json` or `certcheck probe --format json`",
            )
        })?;
    Ok(Some(trust_plan::Sends::Presented(presented)))
}

/// `result.presented` of a document: digests, as `preflight` writes them, or objects
/// with a digest in `sha256`.
fn presented(bytes: &[u8]) -> Option<Vec<Fingerprint>> {
    let document: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    if document.get("schema")?.as_str()? != certcheck::report::json::SCHEMA {
        return None;
    }
    let presented = document.get("result")?.get("presented")?.as_array()?;
    presented
        .iter()
        .map(|item| digest(item.as_str().or_else(|| item.get("sha256")?.as_str())?))
        .collect()
}

fn digest(text: &str) -> Option<Fingerprint> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in digest.iter_mut().enumerate() {
        let digits = text.get(2 * place..2 * place + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(Fingerprint::from_digest(digest))
}

fn refused(files: &[PathBuf], problem: &trust_plan::Problem) -> Failure {
    let names: Vec<_> = files.iter().map(|path| path.to_string_lossy()).collect();
    match problem {
        trust_plan::Problem::Plan(PlanError::Path { reason }) => {
            Failure::new(format!("--root: {reason}"))
        }
        trust_plan::Problem::NotGiven { .. } => {
            Failure::new(problem.to_string()).help("name the files that hold them as well")
        }
        _ => Failure::new(format!("{}: {problem}", names.join(", "))),
    }
}

/// Writes the script to standard output, and the findings to standard error.
fn script(common: &Common, answer: Answer<trust_plan::TrustPlan>) -> Result<End, Failure> {
    let answer = answer.judged_by(&output::levels(common));
    let script = answer.result.script();
    let detail = output::detail(common);
    output::remark(common.color, &text::answer("trust plan", &answer, detail));
    output::print_bytes(script.as_bytes()).map_err(unwritten)?;
    Ok(output::end(&answer))
}
