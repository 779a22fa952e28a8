//! `certcheck config`.

use super::settings::{self, Asked};
use super::unwritten;
use crate::args::{Common, Config};
use crate::clock;
use crate::failure::Failure;
use crate::output::{self, End};
use crate::tree::Tree;
use certcheck::command::config::config;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Config) -> Result<End, Failure> {
    let server = settings::server(args.server.as_deref(), &args.files, &args.around)?;
    let tree = Tree::at(args.around.root.as_deref())?;
    let asked = Asked::of(server, &args.files, &args.around, &tree)?;
    let answer = config(server.profile, asked.name(), &asked.read(&tree)?);
    if answer.result.endpoints.is_empty() && answer.findings.is_empty() {
        let failure = Failure::new(format!("{}: it configures no endpoint", asked.name()));
        return Err(failure.help("give the main file: certcheck follows what it includes"));
    }
    let detail = output::detail(common);
    let at = clock::judged_at(common);
    output::answer(common, at, "config", answer, |result| {
        text::config(result, detail)
    })
    .map_err(unwritten)
}
