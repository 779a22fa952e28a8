//! `certcheck`: arguments in, one question asked of the library, its answer out.

mod args;
mod clock;
mod failure;
mod host;
mod input;
mod live;
mod output;
mod passphrase;
mod run;
mod users;
mod write;

use args::{Cli, Command};
use clap::{CommandFactory, FromArgMatches};
use failure::Failure;
use output::End;
use std::process::ExitCode;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if let (Command::Verify(args), Some((_, matches))) = (&mut cli.command, matches.subcommand()) {
        args.settle(matches);
    }
    match run(&cli) {
        Ok(End::Good) => ExitCode::SUCCESS,
        Ok(End::Found) => ExitCode::from(1),
        Ok(End::CouldNot) => ExitCode::from(2),
        Err(failure) => {
            output::complain(cli.common.color, failure);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<End, Failure> {
    let common = &cli.common;
    if common.format == args::Format::Sh && !matches!(cli.command, Command::Trust(_)) {
        return Err(Failure::new(
            "--format sh: only `trust plan` writes scripts",
        ));
    }
    match &cli.command {
        Command::Preflight(args) => run::preflight::run(common, args),
        Command::Probe(args) => run::probe::run(common, args),
        Command::Inspect(args) => run::inspect::run(common, args),
        Command::KeyId(args) => run::key_id::run(common, args),
        Command::Match(args) => run::matching::run(common, args),
        Command::Chain(args) => run::chain::run(common, args),
        Command::Convert(args) => run::convert::run(common, args),
        Command::Verify(args) => run::verify::run(common, args),
        Command::Protocols(args) => run::protocols::run(common, args),
        Command::Ciphers(args) => run::ciphers::run(common, args),
        Command::Trust(args) => run::trust::run(common, args),
        Command::Tsm(args) => run::tsm::run(common, args),
        Command::Codes(args) => run::reference::codes(common, args),
        Command::Explain(args) => run::reference::explain(common, args),
        Command::Schema(_) => run::reference::schema(common),
        Command::Completions(args) => run::reference::completions(common, args),
        Command::Man(args) => run::reference::man(common, args),
    }
}
