//! `certcheck preflight`.

use super::settings::Asked;
use super::{anchors, diff, gate, passphrase, settings, unwritten};
use crate::args::{Common, Preflight as Args, ServerFiles, Wire};
use crate::bundle::Bundle;
use crate::failure::Failure;
use crate::fetch::{self, Fetcher};
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::tree::Tree;
use crate::{clock, input, ledger, users, write};
use certcheck::answer::{Answer, CheckOutcome};
use certcheck::client::Client;
use certcheck::command::issuers::{FetchedIssuers, missing_in_preflight};
use certcheck::command::proof::proven;
use certcheck::finding::Severity;
use certcheck::preflight::{Preflight, PreflightResult, Replacement, tsm};
use certcheck::report::{json, text};
use certcheck::rule::Finding;
use certcheck::server_name::ServerName;
use certcheck::{Source, Time};
use std::path::{Path, PathBuf};

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    if let Some(path) = &args.bundle {
        refuse_bundle(path, args)?;
    }
    let _wipes = (args.receipt.is_some() || args.bundle.is_some())
        .then(|| ledger::open(args.bundle.is_some()));
    if let Some(path) = &args.receipt {
        gate::refuse(common, path, args.force)?;
    }
    let preflight = prepare(common, args)?;
    let old = match &args.replaces {
        Some(path) => Some(preflight.with_certificate(replaced(path, args)?)),
        None => None,
    };
    let mut answer = preflight.run();
    let mut fetched = FetchedIssuers::default();
    if let Some(fetcher) = Fetcher::new(&args.fetch) {
        let report;
        (fetched, report) = fetch::upwards(&fetcher, missing_in_preflight(&preflight, &answer));
        answer = fetched
            .noted_in_preflight(&preflight, answer)
            .having_fetched(report);
    }
    let mut answer = proven(&preflight, &fetched, answer);
    if answer.result.server == "tableau" {
        tsm::before_level_2(&mut answer, args.tableau_version);
    }
    if let Some(old) = &old {
        answer = Replacement::of(old, &preflight).join(answer);
    }
    if args.files.has_settings() {
        match &answer.result.client_certificate {
            Some(places) if !places.is_empty() => {}
            _ => {
                let none = PathBuf::from("--server-args");
                no_endpoint(args.files.config.first().unwrap_or(&none), &answer)?;
            }
        }
    }
    let at = clock::judged_at(common);
    let answer = output::judged(common, answer, at);
    if let Some(path) = &args.bundle {
        let (entries, parts) = ledger::shown();
        let sent = answer.result.sent.iter();
        let bundle = Bundle {
            server: answer.result.server,
            document: &json::document(&answer, at),
            presented: sent.map(|sent| sent.der.as_slice()).collect(),
            entries: &entries,
            parts,
            hidden: hidden(args),
        };
        bundle.write(path, args.force)?;
    }
    if let Some(path) = &args.receipt {
        gate::write_receipt(common, (path, args.force), &preflight, &answer)?;
    }
    output::report(common, at, answer, |answer, detail| {
        text::preflight(answer, &answer.result, detail)
    })
    .map_err(unwritten)
}

/// Refuses, before anything is judged, a bundle that could not be written.
fn refuse_bundle(path: &Path, args: &Args) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    if ![".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end)) {
        return Err(Failure::file(path, "--bundle writes tar in gzip")
            .help("give it a name that ends in .tar.gz"));
    }
    if args
        .receipt
        .as_deref()
        .is_some_and(|other| is_same(path, other))
    {
        return Err(
            Failure::file(path, "--bundle and --receipt name the same file")
                .help("give each a file of its own"),
        );
    }
    write::refuse_existing(std::iter::once(path), args.force)
}

/// Whether two paths, of files that may not exist yet, name the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let above = path.parent().and_then(|above| above.canonicalize().ok());
        let below = above
            .zip(path.file_name())
            .map(|(above, name)| above.join(name));
        let path = below.unwrap_or(path);
        path.canonicalize().unwrap_or(path)
    };
    real(one) == real(other)
}

/// The values of options that a bundle leaves out: the server's environment, what it defines,
/// its command line.
fn hidden(args: &Args) -> Vec<&str> {
    let around = &args.files.around;
    let given = around.env.iter().chain(&around.define);
    let given = given.filter_map(|text| text.split_once('=').map(|(_, value)| value));
    let words = around.server_args.as_deref().unwrap_or_default();
    let words = words.split_whitespace();
    let words = words.map(|word| word.split_once('=').map_or(word, |(_, value)| value));
    given.chain(words).collect()
}

/// The certificate in use, which `--replaces` names.
fn replaced(path: &Path, args: &Args) -> Result<Source, Failure> {
    if args.role == "client" {
        return Err(Failure::new("--replaces compares certificates of servers")
            .help("leave out --as client, or --replaces"));
    }
    let wire = Wire {
        starttls: None,
        server_name: args.host.first().cloned(),
        timeout: 10,
    };
    diff::source(path, &wire, false, None)
}

/// Settings in which nothing speaks TLS, and nothing is wrong: there was nothing to judge.
fn no_endpoint(path: &Path, answer: &Answer<PreflightResult>) -> Result<(), Failure> {
    let wrong = |finding: &Finding| finding.severity == Severity::Error;
    if answer.result.scopes.iter().any(|scope| scope.tls) || answer.findings.iter().any(wrong) {
        return Ok(());
    }
    let failure = Failure::file(
        path,
        "it configures no TLS endpoint, so there is nothing to check",
    );
    let open = answer.checks.iter().find_map(|check| match &check.outcome {
        CheckOutcome::NotRun { reason, .. } if check.name == "settings" => Some(reason),
        _ => None,
    });
    Err(match open {
        Some(reason) => failure.help(format!(
            "not followed: {reason}; pass the file with the TLS endpoint to --config"
        )),
        None => failure.help(
            "all files that it includes were read; give --config the file with the TLS endpoint, \
             or --cert-file and --key-file",
        ),
    })
}

pub(super) fn prepare(common: &Common, args: &Args) -> Result<Preflight, Failure> {
    let password_file = args.passwords.password_file.as_ref();
    if args.files.cert_file.is_empty() && !args.files.has_settings() && password_file.is_none() {
        return Err(Failure::new("nothing to check: --cert-file is missing")
            .help("give --cert-file FILE, or --config FILE with the server's own settings"));
    }
    let as_client = args.role == "client";
    if as_client {
        fit_for_client(args)?;
    }
    let all = inputs(&args.files).chain(&args.crl).chain(password_file);
    let settings = all.clone().chain(&args.files.config);
    let passphrase = passphrase(&args.passphrase, Opens::Keys, settings)?;
    let sources = input::read_all(all)?.into_iter();
    let mut sources: Vec<_> = sources.map(input::with_directories).collect();
    let password_file = password_file.and_then(|_| sources.pop());
    if let Some(source) = &password_file {
        ledger::note_secret(source.name());
    }
    let lists = sources.split_off(sources.len() - args.crl.len());
    let at = clock::judged_at(common);
    let hosts = host_names(&args.host)?;
    if let Some(until) = args.until.filter(|until| at.days_until(*until) < 0) {
        let (until, at) = (until.to_string(), at.to_string());
        let day = |time: &str| time.get(..10).map(str::to_owned).unwrap_or_default();
        return Err(Failure::new(format!(
            "--until {}: the day is before {}, the day of judgement",
            day(&until),
            day(&at)
        ))
        .help("give a day in the future"));
    }
    let within = args.expires_within.or_else(|| {
        let days = at.days_until(args.until?).saturating_add(1);
        Some(u32::try_from(days.max(0)).unwrap_or(u32::MAX))
    });
    let mut preflight = files(
        &args.files,
        args.server.as_deref(),
        at,
        sources,
        |preflight| {
            let mut preflight = preflight.forecast().saml(args.saml).expires_within(within);
            for host in hosts {
                preflight = preflight.host(host);
            }
            if as_client {
                preflight = preflight.as_client();
            }
            preflight
        },
    )?;
    for list in lists {
        preflight = preflight.crl_file(list);
    }
    let versioned = tableau_clients(args)?;
    for name in &args.client {
        let pinned = versioned && TABLEAU_CLIENTS.contains(&name.as_str());
        preflight = preflight.client(client(if pinned { PINNED } else { name })?);
    }
    if let Some(user) = &args.run_as {
        preflight = preflight.run_as(users::named(user)?);
    }
    if let Some(list) = super::blocklist::blocklist(&args.blocklists)? {
        preflight = preflight.blocklist(list);
    }
    if let Some(anchors) = anchors(&args.anchors, passphrase.as_ref())? {
        preflight = preflight.anchors(anchors);
    }
    if let Some(passphrase) = passphrase {
        preflight = preflight.passphrase(passphrase);
    }
    if let Some(user) = &args.passwords.check_user {
        preflight = preflight.user(user.as_str());
    }
    if let Some(source) = password_file {
        preflight = preflight.password_file(source);
    }
    Ok(preflight)
}

/// The clients whose trust `--tableau-version` decides.
const TABLEAU_CLIENTS: &[&str] = &[
    "tableau",
    "tableau-linux",
    "tableau-windows",
    "tableau-mac",
    "tableau-prep",
];
/// What they are before 2020.1, for TabPy and Rserve.
const PINNED: &str = "tableau-pinned";

/// Whether the Tableau clients compare the certificate with one that they were given.
fn tableau_clients(args: &Args) -> Result<bool, Failure> {
    let Some(version) = args.tableau_version else {
        return Ok(false);
    };
    if args.server.as_deref() == Some("tableau") {
        return Ok(false);
    }
    let named = |name: &String| name == PINNED || TABLEAU_CLIENTS.contains(&name.as_str());
    if !args.client.iter().any(named) {
        return Err(Failure::new(
            "--tableau-version is for --server tableau, or for the Tableau clients of --client",
        )
        .help("--client tableau-linux --tableau-version 2024.2"));
    }
    let pinned = version < tsm::TRUST_STORE;
    if !pinned && args.client.iter().any(|name| name == PINNED) {
        return Err(Failure::new(format!(
            "tableau-pinned is for versions before {}, not for {version}",
            tsm::TRUST_STORE
        ))
        .help("--client tableau: the system's trust decides"));
    }
    Ok(pinned)
}

/// The client of that name, which may carry a version.
pub(super) fn client(name: &str) -> Result<Client, Failure> {
    let client = Client::released(name);
    let client = client.ok_or_else(|| Failure::new(format!("no such client: {name}")))?;
    client.map_err(|error| Failure::new(error.to_string()))
}

/// Whether the options fit a client's own certificate.
fn fit_for_client(args: &Args) -> Result<(), Failure> {
    let files = &args.files;
    let server = settings::server(args.server.as_deref(), &files.config, &files.around)?;
    if !server.profile.sets_openssl() {
        let why = format!(
            "--as client: certcheck does not know how {} judges clients",
            server.profile.name()
        );
        return Err(Failure::new(why)
            .help("name the server with --server: apache, nginx, haproxy or postgres"));
    }
    if !files.has_settings() && files.ca_file.is_none() {
        return Err(Failure::new("--as client: the server's client CA setting is missing")
            .help("give the server's settings (--config), or the file of its client CA setting (--ca-file)"));
    }
    if files.cert_file.len() != 1 {
        return Err(
            Failure::new("--as client: give exactly one client certificate")
                .help("--cert-file FILE, and --chain-file FILE with its intermediates"),
        );
    }
    Ok(())
}

/// The names that the option holds.
pub(super) fn host_names(given: &[String]) -> Result<Vec<ServerName>, Failure> {
    given
        .iter()
        .map(|host| {
            host.parse()
                .map_err(|error| Failure::new(format!("--host: {error}")))
        })
        .collect()
}

/// Every file that the options name except the settings, in the order that [`files`] uses.
pub(super) fn inputs(args: &ServerFiles) -> impl Iterator<Item = &PathBuf> + Clone {
    args.cert_file
        .iter()
        .chain(&args.key_file)
        .chain(&args.chain_file)
        .chain(&args.ca_file)
}

/// A preflight of these files, and of those that the settings among them name;
/// `more` adds the rest before the settings are read.
pub(super) fn files(
    args: &ServerFiles,
    server: Option<&str>,
    at: Time,
    sources: Vec<certcheck::Source>,
    more: impl FnOnce(Preflight) -> Preflight,
) -> Result<Preflight, Failure> {
    let server = settings::server(server, &args.config, &args.around)?;
    let mut preflight = more(Preflight::new(server.profile, at));
    let mut sources = sources.into_iter();
    for source in sources.by_ref().take(args.cert_file.len()) {
        preflight = preflight.certificate_file(source);
    }
    for source in sources.by_ref().take(args.key_file.len()) {
        preflight = preflight.key_file(source);
    }
    if args.chain_file.is_some()
        && let Some(source) = sources.next()
    {
        preflight = preflight.chain_file(source);
    }
    if args.ca_file.is_some()
        && let Some(source) = sources.next()
    {
        preflight = preflight.ca_file(source);
    }
    if let Some(text) = &args.protocols {
        preflight = preflight.protocols(text.as_str());
    }
    let tree = Tree::at(args.around.root.as_deref())?;
    if !args.has_settings() {
        return settings::given(
            preflight,
            server,
            &args.around,
            args.ciphers.as_deref(),
            &tree,
        );
    }
    if inputs(args)
        .chain(&args.config)
        .filter(|path| path.as_os_str() == "-")
        .count()
        > 1
    {
        return Err(Failure::new("-: standard input can be read only once"));
    }
    Asked::of(server, &args.config, &args.around, &tree)?.judge(preflight, &tree)
}
