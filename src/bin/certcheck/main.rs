//! `certcheck`: arguments in, one question asked of the library, its answer out.

mod archive;
mod args;
mod bounded;
mod bundle;
mod clock;
mod configured;
mod discovery;
mod failure;
mod fetch;
mod host;
mod input;
mod installed;
mod kept;
mod ledger;
mod live;
mod output;
mod parallel;
mod passphrase;
mod project;
mod random;
mod rooted;
mod run;
mod scan;
mod terminal;
mod tree;
mod unpacked;
mod users;
mod walk;
mod watch;
mod write;

use args::{Cli, Command, Format};
use certcheck::shown;
use clap::{CommandFactory, FromArgMatches};
use failure::Failure;
use output::End;
use project::Project;
use std::process::ExitCode;
use zeroize::Zeroizing;
use zeroizing_alloc::ZeroAlloc;

/// All of the heap is wiped when it is freed: keys and passphrases pass through buffers
/// that grow, and through the big integers of libraries that wipe nothing.
#[global_allocator]
static HEAP: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let code = answer();
    wipe_stack();
    code
}

/// Writes over what [`answer`] and all that it called left on the stack: decrypted blocks,
/// and saved registers that held the numbers of keys.
#[inline(never)]
fn wipe_stack() {
    /// Deeper than any run of the tests writes (tests/program/secrets/memory.rs).
    const DEPTH: usize = 256 << 10;
    // A variable: a constant would not be on the stack.
    let stack = [0_u8; DEPTH];
    std::hint::black_box(&stack);
}

#[inline(never)]
fn answer() -> ExitCode {
    let matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let color = cli.common.color;
    let ended = match key_in_arguments() {
        Some(failure) => Err(failure),
        None => project::applied(cli, &matches).and_then(|(mut cli, project)| {
            if let (Command::Verify(args), Some((_, matches))) =
                (&mut cli.command, matches.subcommand())
            {
                args.settle(matches);
            }
            run(&cli, project.as_ref())
        }),
    };
    match ended {
        Ok(End::Good) => ExitCode::SUCCESS,
        Ok(End::Found) => ExitCode::from(1),
        Ok(End::State(state)) => ExitCode::from(state.exit_code()),
        Ok(End::CouldNot) => ExitCode::from(2),
        Err(failure) => {
            output::complain(color, &failure);
            output::could_not(monitor(), &failure.to_string())
        }
    }
}

/// The format, if its reader sees only standard output; found even if the arguments are
/// not understood or are those of `tsm`.
fn monitor() -> Option<Format> {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let asks = |name: &str| {
        let joined = format!("--format={name}");
        let apart = |pair: &[std::ffi::OsString]| matches!(pair, [option, value] if option == "--format" && value == name);
        words.iter().any(|word| *word == *joined) || words.windows(2).any(apart)
    };
    [Format::Nagios, Format::Github]
        .into_iter()
        .find(|format| asks(&format.name()))
}

/// Why nothing is done if the text of a key is given in place of a file name:
/// every user of the machine can read it there. What an error text or a variable
/// holds (`--symptom`, `NAME=VALUE`) is not ours to judge.
fn key_in_arguments() -> Option<Failure> {
    let mut before = None;
    for argument in std::env::args_os().skip(1) {
        let text = Zeroizing::new(argument.to_string_lossy().into_owned());
        let value = match text
            .strip_prefix("--")
            .and_then(|prefix| prefix.split_once('='))
        {
            Some((option, value)) => {
                before = Some(format!("--{option}"));
                value
            }
            None => text.as_str(),
        };
        let variable = value.split_once('=').is_some_and(|(name, value)| {
            let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !value.trim_matches('=').is_empty() && name.chars().all(of_name)
        });
        let is_text = before.as_deref() == Some("--symptom") || variable;
        if !is_text
            && shown::holds_key(value)
            && std::path::Path::new(value).symlink_metadata().is_err()
        {
            let place = before.filter(|word| word.starts_with("--"));
            let place = place.unwrap_or_else(|| "an argument".to_owned());
            let what = shown::value(value);
            return Some(Failure::new(format!("{place}: {what}, not a name")).help(
                "Give the name of the file. A key that was typed on a command line is in \
                     the process list and the shell's history: replace it.",
            ));
        }
        before = text.starts_with("--").then(|| text.to_string());
    }
    None
}

/// Help on standard output, or what is wrong with the arguments on standard error.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    let message = error.to_string();
    output::refuse(&message);
    let first = certcheck::shown::without_keys(message.lines().next().unwrap_or_default());
    output::could_not(monitor(), first.trim_start_matches("error: "))
}

/// Whether a command writes this format.
fn fits(format: Format, command: &Command) -> Result<(), Failure> {
    let (name, others): (_, &[Format]) = match command {
        Command::Codes(_) => ("codes", &[Format::Csv, Format::Ndjson]),
        Command::Explain(_) => ("explain", &[]),
        Command::Schema(_) => ("schema", &[]),
        Command::Completions(_) => ("completions", &[]),
        Command::Man(_) => ("man", &[]),
        Command::Trust(_) => return Ok(()),
        Command::Watch(_) if format != Format::Text => {
            return Err(
                Failure::new("--format: `watch` writes one line of text for each change")
                    .help("--textfile FILE writes metrics"),
            );
        }
        _ if format == Format::Sh => {
            return Err(Failure::new(
                "--format sh: only `trust plan` writes scripts",
            ));
        }
        _ => return Ok(()),
    };
    if [Format::Text, Format::Json].contains(&format) || others.contains(&format) {
        return Ok(());
    }
    let names: Vec<_> = [Format::Text, Format::Json]
        .iter()
        .chain(others)
        .map(|format| format.name())
        .collect();
    Err(Failure::new(format!(
        "--format {}: `{name}` has no findings to report",
        format.name()
    ))
    .help(format!("its formats are {}", names.join(", "))))
}

fn run(cli: &Cli, project: Option<&Project>) -> Result<End, Failure> {
    let common = &cli.common;
    fits(common.format, &cli.command)?;
    if let Some(project) = project {
        project.announce(common, matches!(cli.command, Command::Run(_)));
    }
    match &cli.command {
        Command::Preflight(args) => run::preflight::run(common, args),
        Command::Handshake(args) => run::handshake::run(common, args),
        Command::Probe(args) => run::probe::run(common, args),
        Command::Inspect(args) => run::inspect::run(common, args),
        Command::KeyId(args) => run::key_id::run(common, args),
        Command::Match(args) => run::matching::run(common, args),
        Command::Chain(args) => run::chain::run(common, args),
        Command::Convert(args) => run::convert::run(common, args),
        Command::Assemble(args) => run::assemble::run(common, args),
        Command::Diff(args) => run::diff::run(common, args),
        Command::Gate(args) => run::gate::run(common, args),
        Command::Verify(args) => run::verify::run(common, args),
        Command::Protocols(args) => run::protocols::run(common, args),
        Command::Ciphers(args) => run::ciphers::run(common, args),
        Command::Config(args) => run::config::run(common, args),
        Command::Doctor(args) => run::doctor::run(common, args),
        Command::Scan(args) => run::scan::run(common, args),
        Command::Stream(args) => run::stream::run(common, args),
        Command::Watch(args) => run::watch::run(common, args),
        Command::Trust(args) => run::trust::run(common, args),
        Command::Tsm(args) => run::tsm::run(common, args),
        Command::Codes(args) => run::reference::codes(common, args),
        Command::Explain(args) => run::reference::explain(common, args),
        Command::Schema(args) => run::reference::schema(common, args),
        Command::Run(args) => run::targets::run(common, args, project),
        Command::Completions(args) => run::reference::completions(common, args),
        Command::Man(args) => run::reference::man(common, args),
    }
}
