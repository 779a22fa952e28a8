//! The configuration file `certcheck.toml`: found, read, and applied to the command line.

mod complaint;
mod find;
mod keys;
mod read;
mod schema;

pub(crate) use schema::schema;

use crate::args::{Cli, Command, Common, Format};
use crate::configured::Configured;
use crate::failure::Failure;
use crate::{clock, output, run};
use certcheck::answer::{Level, Waiver};
use certcheck::command::gate::State;
use certcheck::finding::Code;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use keys::Setting;
use std::path::{Path, PathBuf};

/// The name of the file.
pub(crate) const NAME: &str = "certcheck.toml";

/// What is in the file.
pub(crate) struct Project {
    /// Its name, as messages have it.
    pub(crate) name: String,
    state: State,
    defaults: Vec<Setting>,
    severities: Vec<(Code, Level)>,
    denies_warnings: bool,
    /// Each with the only target that it is for.
    waivers: Vec<(Waiver, Option<String>)>,
    /// In the order of the file.
    pub(crate) targets: Vec<Target>,
}

/// Something to judge.
pub(crate) struct Target {
    pub(crate) name: String,
    /// The command that judges it.
    pub(crate) command: &'static str,
    settings: Vec<Setting>,
    /// Where it begins: `certcheck.toml:12:1`.
    place: String,
}

/// The options that take precedence over a default of the file.
#[derive(Default)]
struct Given {
    /// `--until` or `--expires-within`, which exclude each other.
    date: bool,
    /// The certificate is a client's: what clients trust and which names they ask for is not
    /// the question.
    client: bool,
    /// The keys that the target sets, even to an empty list.
    keys: Vec<String>,
    /// The server does not use OpenSSL as options set it.
    without_openssl: bool,
}

/// The command line with what the file adds to it, and the file.
pub(crate) fn applied(cli: Cli, matches: &ArgMatches) -> Result<(Cli, Option<Project>), Failure> {
    if !concerns(&cli.command) {
        return Ok((cli, None));
    }
    let runs = matches!(cli.command, Command::Run(_));
    let found = match &cli.command {
        Command::Tsm(args) => find::among(&args.words, &cli.common)?,
        _ => find::path(&cli.common)?,
    };
    let Some(path) = found else {
        return Ok((cli, None));
    };
    let (path, directory) = if runs {
        // The paths of targets start at the file.
        find::enter(&path)?
    } else {
        let directory = path.parent().map(Path::to_path_buf);
        (path, directory.unwrap_or_default())
    };
    let project = read::read(&path, &directory, clock::judged_at(&cli.common))?;
    if runs {
        return Ok((with(cli, project.configured(None, false)), Some(project)));
    }
    let Some((name, given)) = matches.subcommand() else {
        return Ok((cli, None));
    };
    let from_user = |id: &str| {
        let known = given.ids().any(|known| known.as_str() == id);
        known && given.value_source(id) == Some(ValueSource::CommandLine)
    };
    let given = Given {
        date: from_user("until") || from_user("expires_within"),
        client: from_user("role"),
        ..Given::default()
    };
    let parsed = |given: &Given| {
        let refused =
            |error| Failure::new(format!("{}: {}", project.name, complaint::words(&error).0));
        let matches = project.with_defaults(name, given).try_get_matches();
        Cli::from_arg_matches(&matches.map_err(refused)?).map_err(refused)
    };
    let mut again = parsed(&given)?;
    let mut configured = project.configured(None, true);
    if lacks_openssl(&again.command) {
        let given = Given {
            without_openssl: true,
            ..given
        };
        again = parsed(&given)?;
        configured.skipped = project.skipped();
    }
    Ok((with(again, configured), Some(project)))
}

/// Whether the options about OpenSSL do not apply to the server of a preflight.
fn lacks_openssl(command: &Command) -> bool {
    let args = match command {
        Command::Preflight(args) => args,
        Command::Handshake(args) => &args.preflight,
        _ => return false,
    };
    let (config, around) = (&args.files.config, &args.files.around);
    run::sets_openssl(args.server.as_deref(), config, around) == Some(false)
}

fn with(mut cli: Cli, configured: Configured) -> Cli {
    cli.common.configured = configured;
    cli
}

/// Whether a command judges something that the file is about.
fn concerns(command: &Command) -> bool {
    matches!(
        command,
        Command::Preflight(_)
            | Command::Handshake(_)
            | Command::Probe(_)
            | Command::Inspect(_)
            | Command::Match(_)
            | Command::Chain(_)
            | Command::Diff(_)
            | Command::Verify(_)
            | Command::Protocols(_)
            | Command::Ciphers(_)
            | Command::Config(_)
            | Command::Doctor(_)
            | Command::Scan(_)
            | Command::Tsm(_)
            | Command::Run(_)
    )
}

impl Project {
    /// Severities, and the waivers for one target, or for none in particular.
    pub(crate) fn configured(&self, target: Option<&str>, waives: bool) -> Configured {
        let fits = |only: &Option<String>| match only {
            None => true,
            Some(only) => Some(only.as_str()) == target,
        };
        let waivers = self.waivers.iter().filter(|(_, only)| waives && fits(only));
        Configured {
            file: Some((self.name.clone(), self.state.clone())),
            severities: self.severities.clone(),
            denies_warnings: self.denies_warnings,
            waivers: waivers.map(|(waiver, _)| waiver.clone()).collect(),
            ..Configured::default()
        }
    }

    /// The defaults that do not apply to a server without settings of OpenSSL.
    fn skipped(&self) -> Vec<String> {
        let skipped = self
            .defaults
            .iter()
            .filter(|one| keys::is_of_openssl(&one.key));
        skipped
            .map(|one| format!("{}: `{}` does not apply to this server", one.place, one.key))
            .collect()
    }

    /// Says on standard error that the file is used, where no member of JSON says so: also with
    /// `--quiet`, as it can change the verdict.
    pub(crate) fn announce(&self, common: &Common, runs: bool) {
        let lowered = self.configured(None, false).lets_pass();
        if common.format == Format::Json || runs && lowered.is_empty() {
            return;
        }
        let text = match lowered.as_slice() {
            [] => format!("using {}", self.name),
            lowered => format!("using {}, which sets {}", self.name, lowered.join(", ")),
        };
        output::note(common.color, &text);
        if common.verbose {
            let skipped = common.configured.skipped.iter();
            skipped.for_each(|skipped| output::note(common.color, skipped));
        }
    }

    /// All waivers.
    pub(crate) fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter().map(|(waiver, _)| waiver)
    }

    /// The command line's description, with the defaults of the file as defaults of its options.
    fn with_defaults(&self, name: &str, given: &Given) -> clap::Command {
        let mut command = Cli::command();
        for setting in &self.defaults {
            let dated = ["until", "expires-within"].contains(&setting.key.as_str());
            if given.keys.contains(&setting.key)
                || given.date && dated
                || given.without_openssl && keys::is_of_openssl(&setting.key)
                || !keys::applies(&setting.key, name, given.client)
            {
                continue;
            }
            let sub = command.find_subcommand(name);
            let id = sub.and_then(|sub| {
                let mut all = sub.get_arguments();
                let argument = all.find(|one| one.get_long() == Some(setting.key.as_str()))?;
                Some(argument.get_id().clone())
            });
            if let Some(id) = id {
                let values = setting.values.clone();
                command = command.mut_subcommand(name, |sub| {
                    sub.mut_arg(id, |argument| argument.default_values(values))
                });
            }
        }
        command
    }

    /// The command line of a target.
    pub(crate) fn command_line(&self, target: &Target, common: &Common) -> Result<Cli, Failure> {
        let has = |key: &str| target.settings.iter().any(|one| one.key == key);
        let client = |one: &Setting| one.key == "as" && one.values == ["client"];
        let given = Given {
            date: has("until") || has("expires-within"),
            client: target.settings.iter().any(client),
            keys: target.settings.iter().map(|one| one.key.clone()).collect(),
            without_openssl: false,
        };
        let words = ["certcheck".to_owned(), target.command.to_owned()];
        let words = words.into_iter().chain(keys::words(&target.settings));
        let words: Vec<_> = words.collect();
        let refused = |error: clap::Error| {
            let (what, help) = complaint::words(&error);
            let place = complaint::argument(&error)
                .and_then(|key| target.settings.iter().find(|one| one.key == key))
                .map_or(&target.place, |setting| &setting.place);
            let failure = Failure::new(format!("{place}: target `{}`: {what}", target.name));
            match help {
                Some(help) => failure.help(help),
                None => failure,
            }
        };
        let parsed = |given: &Given| {
            let command = self.with_defaults(target.command, given);
            let matches = command.try_get_matches_from(&words).map_err(refused)?;
            Cli::from_arg_matches(&matches).map_err(refused)
        };
        let mut cli = parsed(&given)?;
        let mut configured = self.configured(Some(&target.name), true);
        if lacks_openssl(&cli.command) {
            let given = Given {
                without_openssl: true,
                ..given
            };
            cli = parsed(&given)?;
            configured.skipped = self.skipped();
        }
        cli.common = common.clone();
        if common.verbose {
            let skipped = configured.skipped.iter();
            skipped.for_each(|skipped| output::note(common.color, skipped));
        }
        cli.common.configured = configured;
        Ok(cli)
    }
}

/// A path of the file, which starts in the file's directory.
fn below(directory: &Path, path: &str) -> String {
    if directory.as_os_str().is_empty() {
        return path.to_owned();
    }
    let joined: PathBuf = directory.join(path);
    joined.to_string_lossy().into_owned()
}
