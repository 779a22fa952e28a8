//! The options that say which OpenSSL a server runs with, and how.

use super::{Server, borrowed};
use crate::args::Around;
use crate::bundle::Syntax;
use crate::failure::Failure;
use crate::tree::Tree;
use crate::{input, ledger};
use certcheck::Source;
use certcheck::cipher::SecurityLevel;
use certcheck::preflight::Preflight;
use certcheck::server::settings::{Context, Looked, Settings};
use certcheck::server::{Beside, OpensslConf, Profile, System};

/// What options say about the server's OpenSSL.
#[derive(Default)]
pub(in crate::run) struct OpenSsl {
    pub(in crate::run) conf: Option<OpensslConf>,
    pub(super) level: Option<SecurityLevel>,
    pub(in crate::run) system: Option<System>,
}

impl OpenSsl {
    pub(super) fn of(
        server: &Profile,
        around: &Around,
        environment: &[(String, String)],
        tree: &Tree,
    ) -> Result<Self, Failure> {
        let given = [
            ("--openssl-conf", around.openssl_conf.is_some()),
            ("--security-level", around.security_level.is_some()),
            ("--system", around.system.is_some()),
        ];
        if let Some((option, _)) = given.iter().find(|option| option.1) {
            applies(option, server)?;
        }
        let conf = match &around.openssl_conf {
            Some(path) => Some(read(&input::read(path)?, environment, tree)),
            None => None,
        };
        let level = around.security_level.and_then(SecurityLevel::new);
        let system = around.system.as_deref().map(|name| {
            System::named(name).ok_or_else(|| {
                let names: Vec<_> = System::names().collect();
                Failure::new(format!("no such system: {name}"))
                    .help(format!("certcheck knows {}", names.join(", ")))
            })
        });
        Ok(Self {
            conf,
            level,
            system: system.transpose()?,
        })
    }
}

/// Reads an openssl.cnf, with what it includes.
pub(in crate::run) fn read(
    source: &Source,
    environment: &[(String, String)],
    tree: &Tree,
) -> OpensslConf {
    let environment: Vec<_> = borrowed(environment).collect();
    ledger::note_syntax(source.name(), Some(Syntax::OpensslCnf));
    let mut look = |path: &str| match tree.glance(path) {
        Looked::Read(source) => {
            ledger::note_syntax(path, Some(Syntax::OpensslCnf));
            Beside::File(source.bytes().to_vec())
        }
        Looked::Directory(names) => Beside::Directory(names),
        Looked::Missing => Beside::Missing,
        Looked::Unreadable(why) => Beside::Unknown(why),
        _ => Beside::Unknown("it was not read".to_owned()),
    };
    OpensslConf::read_with(source, &environment, &mut look)
}

fn applies(option: &str, server: &Profile) -> Result<(), Failure> {
    if server.sets_openssl() {
        return Ok(());
    }
    let why = format!("{option} does not apply to {}", server.name());
    Err(Failure::new(why).help("it applies to apache, nginx, haproxy and postgres"))
}

/// The preflight with what options say about handshakes, where there are no settings.
pub(in crate::run) fn given(
    preflight: Preflight,
    server: Server,
    around: &Around,
    ciphers: Option<&str>,
    tree: &Tree,
) -> Result<Preflight, Failure> {
    let Server {
        profile: server,
        version,
    } = server;
    let idle = [
        ("--root", around.root.is_some()),
        ("--config-base", around.config_base.is_some()),
        ("--env", !around.env.is_empty()),
        ("--define", !around.define.is_empty()),
    ];
    if let Some((option, _)) = idle.iter().find(|option| option.1) {
        return Err(Failure::new(format!(
            "{option} applies only to the server's own settings"
        ))
        .help("give them with --config FILE"));
    }
    if ciphers.is_some() {
        applies("--ciphers", server)?;
    }
    let openssl = OpenSsl::of(server, around, &[], tree)?;
    let (level, system) = (openssl.level, openssl.system);
    let preflight = match version {
        Some(version) => preflight.server_version(version),
        None => preflight,
    };
    let version = version.filter(|_| server.sets_openssl());
    if ciphers.is_none()
        && level.is_none()
        && openssl.conf.is_none()
        && system.is_none()
        && version.is_none()
    {
        return Ok(preflight);
    }
    let conf = openssl.conf.as_ref();
    let preflight = match system {
        Some(system) => preflight.system(system),
        None => preflight,
    };
    let mut context = Context::at("");
    context.security_level = level;
    context.openssl_conf = conf;
    context.system = system;
    context.version = version;
    Ok(preflight.given(Settings::given_in(server, ciphers, &context)))
}
