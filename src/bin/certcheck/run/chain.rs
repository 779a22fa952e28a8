//! `certcheck chain`.

use super::several::{Files, Shows};
use super::{anchors, documents, not_all_read, passphrase, taken_out};
use crate::args::{Chain, Common};
use crate::failure::Failure;
use crate::fetch::{self, Fetcher};
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::write::{self, WriteOptions};
use crate::{clock, input};
use certcheck::Source;
use certcheck::command::chain::{ChainFix, chain, fix};
use certcheck::command::issuers::missing_issuers;
use certcheck::command::proof::proven_chain;
use certcheck::encoding::Document;
use certcheck::report::text;
use certcheck::server::Profile;
use certcheck::trust_store::Anchors;

pub(crate) fn run(common: &Common, args: &Chain) -> Result<End, Failure> {
    let server = Profile::named(&args.server)
        .ok_or_else(|| Failure::new(format!("no such server: {}", args.server)))?;
    let output = args.output.as_deref();
    if output.is_some_and(|path| path.as_os_str() == "-") {
        return Err(Failure::new("-o -: the diff goes to standard output")
            .help("name the file to write: -o fixed.crt"));
    }
    let passphrase = passphrase(&args.passphrase, Opens::Containers, args.files.iter())?;
    let documents = documents(input::read_all(&args.files)?);
    let documents = taken_out(documents, passphrase.as_ref())?;
    let anchors = anchors(&args.anchors, passphrase.as_ref())?;
    let at = clock::judged_at(common);
    let mut answer = chain(&documents, server, anchors.as_ref(), at);
    if args.fix
        && let Some(document) = documents.iter().find(|document| not_all_read(document))
    {
        return Err(Failure::new(format!(
            "{}: it has more sections than certcheck reads, and the rest would be lost; nothing was written",
            document.source().name()
        ))
        .help("split the file"));
    }
    if args.fix && !answer.result.presented.is_empty() {
        let plan =
            fix(&documents, server, anchors.as_ref(), at).ok_or_else(|| no_plan(&documents))?;
        let (written, path) = written(&plan, args)?;
        answer = plan.checked(&written, path.as_deref(), server, anchors.as_ref(), at);
    }
    // With --fix, the answer describes the new file.
    if let Some(fetcher) = Fetcher::new(&args.fetch).filter(|_| !args.fix) {
        let missing = missing_issuers(&answer.findings, documents.iter());
        let (fetched, report) = fetch::upwards(&fetcher, missing);
        let trusted: Vec<_> = anchors.iter().flat_map(Anchors::certificates).collect();
        answer = fetched
            .noted(answer, documents.iter(), &trusted)
            .having_fetched(report);
        answer = proven_chain(&documents, &fetched, (server, anchors.as_ref(), at), answer);
    }
    Files::whole(documents).answer(
        common,
        ("chain", Shows::Report),
        answer,
        |chain| chain.presented.is_empty(),
        |chain| text::chain(chain, output::detail(common)),
    )
}

/// Why nothing is written, though there are certificates.
fn no_plan(documents: &[Document]) -> Failure {
    let names: Vec<_> = documents
        .iter()
        .map(|document| document.source().name())
        .collect();
    Failure::new(format!(
        "{}: the result would not read back the same; nothing was written",
        names.join(", ")
    ))
}

/// Writes what was planned and reads it back; without an output file, gives what would be read.
fn written(plan: &ChainFix, args: &Chain) -> Result<(Document, Option<String>), Failure> {
    let Some(path) = args.output.as_deref() else {
        let source = Source::new(plan.name(), plan.secret_bytes().to_vec());
        return Ok((Document::read(source), None));
    };
    let options = WriteOptions {
        secret: plan.is_secret(),
        force: args.force,
    };
    write::write(path, plan.secret_bytes(), options)?;
    let document = Document::read(input::read(path)?);
    if document.source().bytes() != plan.secret_bytes() {
        return Err(Failure::file(
            path,
            "the written file reads back differently",
        ));
    }
    Ok((document, Some(path.to_string_lossy().into_owned())))
}
