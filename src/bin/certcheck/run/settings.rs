//! A server's settings: which files they are, and reading them round by round.

mod openssl;

pub(super) use openssl::{OpenSsl, given, read as openssl_conf};

use crate::args::Around;
use crate::bundle::Syntax;
use crate::failure::Failure;
use crate::ledger;
use crate::tree::Tree;
use certcheck::Source;
use certcheck::preflight::Preflight;
use certcheck::server::settings::{
    CommandLine, Context, Looked, Looks, Settings, base_directory, environment_file,
};
use certcheck::server::{Profile, ServerVersion};
use std::path::{Path, PathBuf};

/// How often the settings are read again because they name more files: as deep
/// as Apache and nginx let files include files in practice.
const ROUNDS: usize = 20;

/// A server, and the version of it that was asked for.
#[derive(Clone, Copy)]
pub(super) struct Server {
    pub(super) profile: &'static Profile,
    pub(super) version: Option<ServerVersion>,
}

impl From<&'static Profile> for Server {
    fn from(profile: &'static Profile) -> Self {
        Self {
            profile,
            version: None,
        }
    }
}

/// The server that was named; otherwise, if its settings were named, the one whose
/// settings usually have that name.
pub(super) fn server(
    name: Option<&str>,
    configs: &[PathBuf],
    around: &Around,
) -> Result<Server, Failure> {
    let version = name.map(ServerVersion::named).transpose();
    let version = version
        .map_err(|error| Failure::new(error.to_string()))?
        .flatten();
    let first = configs.first().map(PathBuf::as_path);
    let on_the_line = around.server_args.as_deref().map(Path::new);
    let name = match (name, first.or(on_the_line)) {
        (Some(name), _) => name.split('@').next().unwrap_or_default(),
        (None, None) => "generic",
        (None, Some(path)) => {
            by_name(&path.to_string_lossy().to_ascii_lowercase()).ok_or_else(|| {
                let why = "the file name does not show which server the settings are for";
                let failure = match first {
                    Some(file) => Failure::file(file, why),
                    None => Failure::new("--server-args does not show which server it belongs to"),
                };
                failure.help("name the server with --server")
            })?
        }
    };
    let profile = Profile::named(name);
    let profile = profile.ok_or_else(|| Failure::new(format!("no such server: {name}")))?;
    Ok(Server { profile, version })
}

/// Whether options about OpenSSL apply to the server; `None` if it is not known which one it is.
pub(crate) fn sets_openssl(
    name: Option<&str>,
    configs: &[PathBuf],
    around: &Around,
) -> Option<bool> {
    let server = server(name, configs, around).ok()?;
    Some(server.profile.sets_openssl())
}

fn by_name(path: &str) -> Option<&'static str> {
    let known = [
        ("rserv", "rserve"),
        ("tabpy", "tabpy"),
        ("postgres", "postgres"),
        ("haproxy", "haproxy"),
        ("nginx", "nginx"),
        ("httpd", "apache"),
        ("apache", "apache"),
    ];
    let found = known.iter().find(|(part, _)| path.contains(part));
    found.map(|&(_, server)| server)
}

/// What settings are read from, and all that they depend on.
pub(super) struct Asked {
    pub(super) server: &'static Profile,
    pub(super) version: Option<ServerVersion>,
    pub(super) files: Vec<Source>,
    pub(super) base: String,
    pub(super) arguments: CommandLine,
    pub(super) environment: Vec<(String, String)>,
    pub(super) defines: Vec<(String, String)>,
    pub(super) openssl: OpenSsl,
}

impl Asked {
    /// What the options name.
    pub(super) fn of(
        server: impl Into<Server>,
        configs: &[PathBuf],
        around: &Around,
        tree: &Tree,
    ) -> Result<Self, Failure> {
        let Server {
            profile: server,
            version,
        } = server.into();
        let line = around.server_args.as_deref();
        let arguments = line.map_or_else(CommandLine::default, |line| {
            CommandLine::parse(server, line)
        });
        let mut named = configs.to_vec();
        if named.is_empty() {
            named.extend(arguments.files(server).into_iter().map(PathBuf::from));
        }
        if named.is_empty() {
            return Err(Failure::new("--server-args names no file of settings")
                .help("give it with --config FILE"));
        }
        let files = files(server, &named, tree)?;
        let base = match (&around.config_base, arguments.base(server)) {
            (Some(directory), _) => directory.to_string_lossy().into_owned(),
            (None, Some(directory)) => directory.to_owned(),
            (None, None) => base(
                server,
                named.first().map_or(Path::new(""), PathBuf::as_path),
                tree,
            ),
        };
        let defined = around.define.iter().map(|text| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            (name.to_owned(), value.to_owned())
        });
        let given = environment(&around.env, tree)?;
        Ok(Self {
            server,
            version,
            files,
            base,
            arguments,
            openssl: OpenSsl::of(server, around, &given, tree)?,
            environment: given,
            defines: defined.collect(),
        })
    }

    /// The name of the first file.
    pub(super) fn name(&self) -> &str {
        self.files.first().map_or("", Source::name)
    }

    /// The settings, with all files that they continue in.
    pub(super) fn read(&self, tree: &Tree) -> Result<Settings, Failure> {
        let environment: Vec<_> = borrowed(&self.environment).collect();
        let defines: Vec<_> = borrowed(&self.defines).collect();
        let mut context = Context::at(&self.base)
            .with_environment(&environment)
            .with_defines(&defines)
            .with_arguments(&self.arguments);
        if let Some(conf) = &self.openssl.conf {
            context = context.with_openssl_conf(conf);
        }
        if let Some(level) = self.openssl.level {
            context = context.with_security_level(level);
        }
        if let Some(system) = self.openssl.system {
            context = context.with_system(system);
        }
        if let Some(version) = self.version {
            context = context.with_version(version);
        }
        let mut looks = Looks::new();
        let read = |looks: &Looks| {
            Settings::read_all(self.server, &self.files, &context.with_looked(looks))
        };
        let mut settings = read(&looks).ok_or_else(|| self.unknown())?;
        // What an included file includes is known only once it has been read.
        for _ in 0..ROUNDS {
            let wanted: Vec<_> = settings
                .wanted
                .iter()
                .filter(|path| !looks.contains_key(*path))
                .cloned()
                .collect();
            if wanted.is_empty() {
                break;
            }
            for path in wanted {
                let looked = tree.glance(&path);
                let _ = looks.insert(path, looked);
            }
            settings = read(&looks).unwrap_or(settings);
        }
        Ok(settings)
    }

    /// Notes for a bundle which files are settings.
    fn note_syntaxes(&self, settings: &Settings, tree: &Tree) {
        let server = self.server.name();
        if let Some(syntax) = Syntax::of(server) {
            // Those that were given are noted by their place in the tree.
            let given = self
                .files
                .iter()
                .map(|file| tree.within(Path::new(file.name())));
            given.for_each(|path| ledger::note_syntax(&path, Some(syntax)));
            settings
                .files()
                .for_each(|path| ledger::note_syntax(path, Some(syntax)));
        }
        let beside = Syntax::beside(server);
        settings
            .files_beside()
            .for_each(|path| ledger::note_syntax(path, beside));
    }

    fn unknown(&self) -> Failure {
        let (file, server) = (self.name(), self.server.name());
        if self.files.len() > 1 {
            let why = format!(
                "{server} reads one main file of settings, but {} were given",
                self.files.len()
            );
            return Failure::new(why)
                .help("give --config its main file: certcheck follows what it includes");
        }
        let failure = Failure::new(format!(
            "{file}: certcheck reads no configuration file for {server}"
        ));
        match server {
            "tableau" => failure.help("Tableau Server is configured by commands: certcheck tsm …"),
            _ => failure.help("name the server: apache, nginx, haproxy, postgres, tabpy, rserve"),
        }
    }

    /// The preflight with these settings, and the files that they name.
    pub(super) fn judge(&self, preflight: Preflight, tree: &Tree) -> Result<Preflight, Failure> {
        let settings = self.read(tree)?;
        settings.secrets().for_each(ledger::note_secret);
        self.note_syntaxes(&settings, tree);
        let preflight = match self.openssl.system {
            Some(system) => preflight.system(system),
            None => preflight,
        };
        let preflight = match self.version {
            Some(version) => preflight.server_version(version),
            None => preflight,
        };
        let Some(first) = self.files.first() else {
            return Ok(preflight);
        };
        let above = first.directories().iter();
        let above = above.map(|directory| directory.path.clone());
        let mut preflight = preflight.settings(first.name(), settings).below(above);
        if let Some(uid) = owner(first) {
            preflight = preflight.settings_owner(uid);
        }
        if is_in_place(first) {
            preflight = preflight.settings_in_place();
        }
        for path in preflight.questions() {
            let found = tree.look(&path);
            preflight = preflight.found(path, found);
        }
        Ok(preflight)
    }
}

fn borrowed(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The files that these paths name, those in directories in the server's order.
pub(super) fn files(
    server: &Profile,
    named: &[PathBuf],
    tree: &Tree,
) -> Result<Vec<Source>, Failure> {
    let mut files = Vec::new();
    for path in named {
        let Looked::Directory(names) = look_at(path, tree) else {
            files.push(tree.given(path)?);
            continue;
        };
        let Some(suffix) = server.directory_suffix() else {
            return Err(Failure::file(path, "is a directory")
                .help(format!("give --config the main file of {}", server.name())));
        };
        let mut names: Vec<_> = names
            .into_iter()
            .filter(|name| name.ends_with(suffix) && !name.starts_with('.'))
            .collect();
        names.sort();
        for name in names {
            let inner = path.join(name);
            if !matches!(look_at(&inner, tree), Looked::Directory(_)) {
                files.push(tree.given(&inner)?);
            }
        }
    }
    if files.is_empty() {
        let names: Vec<_> = named.iter().map(|path| path.to_string_lossy()).collect();
        return Err(Failure::new(format!(
            "{}: there are no settings in it",
            names.join(", ")
        )));
    }
    Ok(files)
}

fn look_at(path: &Path, tree: &Tree) -> Looked {
    if path.as_os_str() == "-" {
        return Looked::Missing;
    }
    let within = tree.within(path);
    match tree.resolved(&within).map(|on_disk| on_disk.is_dir()) {
        Ok(true) => tree.glance(&within),
        _ => Looked::Missing,
    }
}

/// Where relative paths start, by the path of the settings.
pub(super) fn base(server: &Profile, config: &Path, tree: &Tree) -> String {
    base_directory(server, &tree.within(config))
}

/// Who owns these settings. PostgreSQL requires that its data directory belongs to its own user and
/// is closed to others, so such a directory shows the owner even if root wrote the file.
fn owner(source: &Source) -> Option<u32> {
    let file = source.file()?;
    let above = source.directories().iter();
    let nearest = above.max_by_key(|directory| directory.path.len());
    let data = nearest.filter(|directory| {
        file.uid == 0 && directory.facts.uid != 0 && directory.facts.mode & 0o027 == 0
    });
    Some(data.map_or(file.uid, |directory| directory.facts.uid))
}

/// Whether PostgreSQL uses these settings where they are: in the directory of a package, or
/// in one that a user other than root owns.
fn is_in_place(source: &Source) -> bool {
    const PACKAGES: &[&str] = &[
        "/etc/postgresql/",
        "/var/lib/postgresql/",
        "/var/lib/pgsql/",
    ];
    let nearest = source.directories().iter();
    let nearest = nearest.max_by_key(|directory| directory.path.len());
    PACKAGES.iter().any(|at| source.name().starts_with(at))
        || nearest.is_some_and(|directory| directory.facts.uid != 0)
}

/// `NAME=VALUE`, or a file of such lines.
fn environment(given: &[String], tree: &Tree) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    for text in given {
        if let Some((name, value)) = text.split_once('=') {
            found.push((name.to_owned(), value.to_owned()));
            continue;
        }
        ledger::note_syntax(&tree.within(Path::new(text)), None);
        let source = tree.given(Path::new(text)).map_err(|failure| {
            Failure::new(format!("--env {}", failure.what()))
                .help("write NAME=VALUE, or name a file of such lines")
        })?;
        found.extend(environment_file(&String::from_utf8_lossy(source.bytes())));
    }
    Ok(found)
}
