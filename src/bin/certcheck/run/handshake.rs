//! `certcheck handshake`.

use super::{preflight, unwritten};
use crate::args::{Common, Handshake};
use crate::clock;
use crate::failure::Failure;
use crate::output::{self, End};
use certcheck::command::handshake::handshake;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Handshake) -> Result<End, Failure> {
    if args.preflight.role == "client" {
        return Err(Failure::new("--as client is for `preflight`"));
    }
    let only = &args.preflight;
    if only.replaces.is_some() || only.receipt.is_some() || only.bundle.is_some() {
        return Err(Failure::new(
            "--replaces, --receipt and --bundle are for `preflight`",
        ));
    }
    if only.tableau_version.is_some() && only.server.as_deref() == Some("tableau") {
        return Err(Failure::new(
            "--tableau-version with --server tableau is for `preflight` and `tsm`",
        ));
    }
    let answer = handshake(&preflight::prepare(common, &args.preflight)?);
    output::answer(
        common,
        clock::judged_at(common),
        "handshake",
        answer,
        text::handshake,
    )
    .map_err(unwritten)
}
