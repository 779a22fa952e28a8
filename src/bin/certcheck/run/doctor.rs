//! `certcheck doctor`.

use super::settings::{Asked, OpenSsl, base, files, openssl_conf};
use super::{anchors, unwritten};
use crate::args::{Common, Doctor as Args};
use crate::discovery::{self, Candidate};
use crate::failure::Failure;
use crate::host;
use crate::installed::Installed;
use crate::output::{self, End};
use crate::tree::Tree;
use crate::{clock, terminal};
use certcheck::Time;
use certcheck::answer::{Answer, Check};
use certcheck::command::doctor::Doctor;
use certcheck::command::issuers::FetchedIssuers;
use certcheck::command::probe::Probe;
use certcheck::command::proof::proven;
use certcheck::command::{trust_plan, trust_status};
use certcheck::encoding::Document;
use certcheck::finding::Code;
use certcheck::preflight::{Found, Preflight, PreflightResult};
use certcheck::probe::{Asked as Call, StartTls, probe};
use certcheck::report::text;
use certcheck::server::settings::{Looked, Scope, Settings};
use certcheck::server::{OpensslConf, ServerVersion, System};
use certcheck::server_name::ServerName;
use certcheck::trust_store::Anchors;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// OpenSSL's own settings, as distributions place them.
const OPENSSL: [&str; 2] = ["/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf"];

/// Where administrators put the certificates that they trust: Debian and Alpine, RHEL,
/// Arch, SUSE.
const ANCHORS: [&str; 4] = [
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
    "/etc/pki/trust/anchors",
];

/// Where OpenSSL looks for anchors by the hash of their subject: Debian, SUSE and Arch, RHEL.
const HASHED: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Where private keys usually are.
const PRIVATE: [&str; 3] = ["/etc/ssl/private", "/etc/pki/tls/private", "/etc/ssl"];

/// The most listeners that `doctor` connects to.
const MOST_LISTENERS: usize = 64;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    let tree = Tree::at(args.root.as_deref())?;
    let candidates = discovery::servers(&tree);
    if candidates.is_empty() {
        let searched = args.root.as_deref().map_or("this machine", |_| "this tree");
        return Err(Failure::new(format!("no server was found on {searched}"))
            .help("name its settings: certcheck preflight --server NAME --config FILE"));
    }
    let progress = terminal::Progress::new();
    let mut doctor = Doctor::default();
    let installed = Installed::of(&tree);
    doctor.system(installed.title());
    let anchors = anchors(&args.anchors, None)?.map(Arc::new);
    for candidate in &candidates {
        progress.say(&format!(
            "{}: {}",
            candidate.server.name(),
            candidate.files.join(" ")
        ));
        // Each has its own allowance of files and bytes.
        let tree = Tree::of(tree.root().map(PathBuf::from));
        let (calls, here) = (args.probe, (&tree, &installed, anchors.as_ref()));
        judge(&mut doctor, candidate, here, at, calls, &progress);
    }
    progress.say("trust store");
    store(&mut doctor, &tree, at);
    machine(&mut doctor, &tree);
    drop(progress);
    output::report(common, at, doctor.finish(), text::doctor).map_err(unwritten)
}

fn judge(
    doctor: &mut Doctor,
    found: &Candidate,
    (tree, installed, anchors): (&Tree, &Installed, Option<&Arc<Anchors>>),
    at: Time,
    calls: bool,
    progress: &terminal::Progress,
) {
    let name = found.server.name();
    let (version, open) = installed.version(found, tree);
    let judged = asked(found, tree, installed.system, version).and_then(|asked| {
        let settings = asked.read(tree)?;
        let mut preflight = Preflight::new(found.server, at);
        // The other servers read their files as root.
        if name == "postgres"
            && let Some(user) = discovery::user("postgres", tree)
        {
            preflight = preflight.run_as(user);
        }
        if let Some(anchors) = anchors {
            preflight = preflight.anchors(Arc::clone(anchors));
        }
        let preflight = asked.judge(preflight, tree)?;
        let answer = proven(&preflight, &FetchedIssuers::default(), preflight.run());
        Ok((settings, answer))
    });
    match judged {
        Ok((settings, mut answer)) => {
            let system = installed.open().filter(|_| found.server.sets_openssl());
            let open = open.into_iter().chain(system);
            let open = open.map(|reason| Check::impossible("settings", reason));
            answer.checks.extend(open);
            doctor.listens(found.server, &found.files, &settings, found.starts);
            if calls {
                progress.say(&format!("{name}: connecting to its listeners"));
                call(doctor, found, &settings, &answer, at);
            }
            doctor.server(name, found.files.clone(), found.found_by.clone(), answer);
        }
        Err(failure) => {
            let mut reason = failure.what().to_owned();
            if reason.ends_with("permission denied") {
                reason.push_str("; run as root to see it");
            }
            doctor.unread(name, found.files.clone(), found.found_by.clone(), reason);
        }
    }
}

/// The settings, arguments and environment with which the server starts.
fn asked(
    found: &Candidate,
    tree: &Tree,
    system: Option<System>,
    version: Option<ServerVersion>,
) -> Result<Asked, Failure> {
    let named: Vec<PathBuf> = found.files.iter().map(PathBuf::from).collect();
    let sources = files(found.server, &named, tree)?;
    let own = found.arguments.base(found.server).map(str::to_owned);
    let first = named.first().cloned().unwrap_or_default();
    let mut openssl = OpenSsl::default();
    if found.server.sets_openssl() {
        openssl.system = system;
        let conf = OPENSSL.iter().find_map(|path| match tree.glance(path) {
            Looked::Read(source) => Some(openssl_conf(&source, &found.environment, tree)),
            _ => None,
        });
        // In a tree without the policy's own file, the policy is known by its name.
        let policy = || system.is_some_and(|system| system.conf().is_some());
        openssl.conf = conf.filter(|conf| conf.not_followed.is_none() || !policy());
    }
    Ok(Asked {
        version,
        server: found.server,
        files: sources,
        base: own.unwrap_or_else(|| base(found.server, &first, tree)),
        arguments: found.arguments.clone(),
        environment: found.environment.clone(),
        defines: Vec::new(),
        openssl,
    })
}

/// Asks the listeners of this machine, and compares what they send with the files.
fn call(
    doctor: &mut Doctor,
    found: &Candidate,
    settings: &Settings,
    answer: &Answer<PreflightResult>,
    at: Time,
) {
    let speaks = settings.scopes.iter().zip(&answer.result.scopes);
    let speaks = speaks.enumerate().filter(|(_, (scope, _))| scope.tls);
    for (place, (scope, result)) in speaks.take(MOST_LISTENERS) {
        // It rejects every client, as its settings require.
        if scope.rejects {
            continue;
        }
        let Some((host, port)) = address(scope, settings) else {
            continue;
        };
        if scope.proxied.is_some() {
            let why = "every connection must begin with a header of the PROXY protocol, which \
                 certcheck does not send";
            doctor.not_asked(format!("tls://{host}:{port}"), why);
            continue;
        }
        // A pattern is not a name that can be asked for.
        let mut names = result.hosts.iter();
        let name = names.find_map(|name| name.parse::<ServerName>().ok());
        // If another host has the name, that host is asked.
        if name
            .as_ref()
            .is_some_and(|name| !settings.answers(place, name))
        {
            continue;
        }
        let mut call = Call::of(host, port);
        call.timeout = Duration::from_secs(5);
        call.starttls = (found.server.name() == "postgres").then_some(StartTls::Postgres);
        if let Some(name) = &name {
            call.server_name = name.to_string();
        }
        let seen = match probe(&call) {
            Ok(seen) => seen,
            Err(why) => {
                let listener = format!("tls://{}:{port}", call.host);
                doctor.not_read(listener, why.to_string());
                continue;
            }
        };
        let mut question = Probe::of(&call, &seen, at);
        // Clients do not use the address to which certcheck connects: without a name in the
        // settings, nothing says which name the certificate must have.
        question.names_known = name.is_some();
        question.hosts.extend(name);
        // If a variable names the file, it is not known what is sent.
        question.predicted = (!result.presented.is_empty())
            .then(|| answer.result.clone().of_scope(result.clone(), port));
        doctor.also(question.judge());
    }
}

/// Where a place of the settings answers on this machine: its first address for TCP. None if
/// another place has the address to itself.
fn address(scope: &Scope, settings: &Settings) -> Option<(String, u16)> {
    let port = scope.ports.first().map(|port| port.value);
    let port = port.filter(|port| *port != 0)?;
    let any = |host: &str| matches!(host, "" | "*" | "0.0.0.0" | "[::]" | "::");
    let hosts = |scope: &Scope| -> Vec<String> {
        let listens = scope.listens();
        let hosts = listens.iter().filter_map(|text| text.rsplit_once(':'));
        let tcp = hosts.filter(|(host, _)| !host.starts_with("unix"));
        tcp.map(|(host, _)| host.to_owned()).collect()
    };
    let own = hosts(scope);
    match own.first().filter(|host| !any(host)) {
        Some(host) => Some((host.trim_matches(['[', ']']).to_owned(), port)),
        None => {
            const HERE: &str = "127.0.0.1";
            let others = settings.scopes.iter().filter(|other| {
                let same = other.ports.iter().any(|other| other.value == port);
                same && hosts(other).iter().any(|host| host == HERE)
            });
            (others.count() == 0).then(|| (HERE.to_owned(), port))
        }
    }
}

/// The certificates that administrators added to the store.
fn store(doctor: &mut Doctor, tree: &Tree, at: Time) {
    let mut documents = Vec::new();
    for directory in ANCHORS {
        let Looked::Directory(mut names) = tree.glance(directory) else {
            continue;
        };
        names.sort();
        for name in names {
            if let Looked::Read(source) = tree.glance(&format!("{directory}/{name}")) {
                documents.push(trust_plan::opened(Document::read(source)));
            }
        }
    }
    // The stores of the machine, not those of the user who runs certcheck.
    let seen = host::look(tree.root(), None);
    if !documents.is_empty() {
        let question =
            trust_status::StatusRequest::new(&documents, &seen.facts, at).unread(&seen.unread);
        if let Ok(mut answer) = question.ask() {
            // Stray anchors and empty stores are judged below, even if nothing was added.
            answer.findings.retain(|finding| {
                !matches!(
                    finding.code(),
                    Code::TrustStrayAnchor | Code::TrustEmptyStore
                )
            });
            doctor.also(answer);
        }
    }
    doctor.anchors(&documents, at);
    for directory in HASHED {
        let Looked::Directory(mut names) = tree.glance(directory) else {
            continue;
        };
        names.sort();
        let entry = |name: String| {
            let found = match tree.glance(&format!("{directory}/{name}")) {
                Looked::Read(source) => Some(Document::read(source)),
                Looked::Missing => None,
                _ => return None,
            };
            Some((name, found))
        };
        let entries: Vec<_> = names.into_iter().filter_map(entry).collect();
        doctor.hashed_directory(directory, &entries);
    }
    doctor.strays(&seen.facts);
    doctor.empty_stores(&seen.facts);
    doctor.store(documents.len(), seen.unread);
}

/// Keys in the usual places, and OpenSSL's own settings.
fn machine(doctor: &mut Doctor, tree: &Tree) {
    for directory in PRIVATE {
        let Looked::Directory(mut names) = tree.glance(directory) else {
            continue;
        };
        names.sort();
        for name in names {
            if let Found::Read(source) = tree.look(&format!("{directory}/{name}")) {
                doctor.key(source);
            }
        }
    }
    for path in OPENSSL {
        if let Looked::Read(source) = tree.glance(path) {
            doctor.openssl_conf(path, &OpensslConf::read(&source));
        }
    }
}
