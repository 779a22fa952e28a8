//! `certcheck chain`.

use super::{anchors, checked, documents, unwritten};
use crate::args::{Chain, Common};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::write::{self, Manner};
use crate::{clock, input};
use certcheck::command::chain::{chain, corrected_pem};
use certcheck::report::text;
use certcheck::server::Profile;

pub(crate) fn run(common: &Common, args: &Chain) -> Result<End, Failure> {
    let server = Profile::named(&args.server)
        .ok_or_else(|| Failure::new(format!("no server is called {}", args.server)))?;
    let documents = documents(input::read_all(&args.files)?);
    let anchors = anchors(&args.anchors)?;
    let at = clock::judged_at(common);
    let answer = checked(chain(&documents, server, anchors.as_ref(), at), &documents)?;
    if let Some(path) = args.output.as_deref().filter(|_| args.fix) {
        let pem = corrected_pem(&documents, &answer.result);
        if pem.is_empty() {
            return Err(Failure::file(path, "there is no chain to write"));
        }
        write::write(
            path,
            pem.as_bytes(),
            Manner {
                secret: false,
                force: args.force,
            },
        )?;
    }
    output::answer(common, at, "chain", answer, text::chain).map_err(unwritten)
}
