//! `certcheck chain`.

use super::{anchors, checked, documents, unwritten};
use crate::args::{Chain, Common};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::write::{self, Manner};
use crate::{clock, input};
use certcheck::Source;
use certcheck::command::chain::{Plan, chain, fix};
use certcheck::encoding::Document;
use certcheck::report::text;
use certcheck::server::Profile;

pub(crate) fn run(common: &Common, args: &Chain) -> Result<End, Failure> {
    let server = Profile::named(&args.server)
        .ok_or_else(|| Failure::new(format!("no server is called {}", args.server)))?;
    let documents = documents(input::read_all(&args.files)?);
    let anchors = anchors(&args.anchors)?;
    let at = clock::judged_at(common);
    let answer = checked(chain(&documents, server, anchors.as_ref(), at), &documents)?;
    let answer = if args.fix {
        let plan = fix(&documents, server, anchors.as_ref(), at).ok_or_else(|| {
            let names: Vec<_> = documents.iter().map(|it| it.source().name()).collect();
            Failure::new(format!("{}: there is no chain to write", names.join(", ")))
        })?;
        let (written, path) = written(&plan, args)?;
        plan.checked(&written, path.as_deref(), server, anchors.as_ref(), at)
    } else {
        answer
    };
    output::answer(common, at, "chain", answer, text::chain).map_err(unwritten)
}

/// Writes what was planned and reads it back; without a file to write, what
/// would be read.
fn written(plan: &Plan, args: &Chain) -> Result<(Document, Option<String>), Failure> {
    let Some(path) = args.output.as_deref() else {
        let name = format!("{} (corrected)", plan.name());
        let source = Source::new(name, plan.secret_bytes().to_vec());
        return Ok((Document::read(source), None));
    };
    let manner = Manner {
        secret: plan.is_secret(),
        force: args.force,
    };
    write::write(path, plan.secret_bytes(), manner)?;
    let document = Document::read(input::read(path)?);
    if document.source().bytes() != plan.secret_bytes() {
        return Err(Failure::file(path, "what was written reads back different"));
    }
    Ok((document, Some(path.to_string_lossy().into_owned())))
}
