//! `certcheck preflight`.

use super::{anchors, passphrase, settings, unwritten};
use crate::args::{Common, Preflight as Args};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input, users};
use certcheck::client::Client;
use certcheck::preflight::Preflight;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let answer = prepare(common, args)?.run();
    let found = !answer.findings.is_empty();
    let judged = answer.result.scopes.iter().any(|scope| scope.tls);
    if let Some(path) = &args.settings.config
        && !found
        && !judged
    {
        return Err(Failure::file(
            path,
            "no TLS is configured in it: there is nothing to check",
        ));
    }
    output::answer(
        common,
        clock::judged_at(common),
        "preflight",
        answer,
        text::preflight,
    )
    .map_err(unwritten)
}

pub(super) fn prepare(common: &Common, args: &Args) -> Result<Preflight, Failure> {
    let server = settings::server(args.server.as_deref(), args.settings.config.as_deref())?;
    let mut preflight = Preflight::new(server, clock::judged_at(common))
        .saml(args.saml)
        .expires_within(args.expires_within);
    let files = args.cert_file.iter().chain(&args.key_file);
    let files = files.chain(&args.chain_file).chain(&args.ca_file);
    let files = files
        .chain(&args.crl)
        .chain(&args.settings.config)
        .chain(&args.settings.password_file);
    crate::passphrase::refuse_shared_stdin(&args.passphrase, files)?;
    let certificates = args.cert_file.len();
    let mut sources = input::read_all(
        args.cert_file
            .iter()
            .chain(&args.key_file)
            .chain(&args.chain_file)
            .chain(&args.ca_file)
            .chain(&args.settings.config)
            .chain(&args.settings.password_file)
            .chain(&args.crl),
    )?
    .into_iter();
    for source in sources.by_ref().take(certificates) {
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
    let config = args.settings.config.as_ref().and_then(|_| sources.next());
    let password_file = args
        .settings
        .password_file
        .as_ref()
        .and_then(|_| sources.next());
    for source in sources {
        preflight = preflight.crl_file(source);
    }
    for host in &args.host {
        let name = host
            .parse()
            .map_err(|error| Failure::new(format!("--host: {error}")))?;
        preflight = preflight.host(name);
    }
    for name in &args.client {
        let client = Client::named(name)
            .ok_or_else(|| Failure::new(format!("no client is called {name}")))?;
        preflight = preflight.client(client);
    }
    if let Some(user) = &args.run_as {
        preflight = preflight.run_as(users::named(user)?);
    }
    if let Some(text) = &args.protocols {
        preflight = preflight.protocols(text.as_str());
    }
    if let Some(anchors) = anchors(&args.anchors)? {
        preflight = preflight.anchors(anchors);
    }
    if let Some(passphrase) = passphrase(&args.passphrase)? {
        preflight = preflight.passphrase(passphrase);
    }
    if let Some(user) = &args.settings.check_user {
        preflight = preflight.user(user.as_str());
    }
    if let Some(source) = password_file {
        preflight = preflight.password_file(source);
    }
    if let Some(source) = config {
        preflight = settings::read(preflight, server, &source, &args.settings)?;
    }
    Ok(preflight)
}
