//! httpd.conf: `SSL…` of each virtual host. Measured: httpd 2.4.71.

use super::effective::AllWritten;
use super::{ClientAuth, Context, NamedPath, Placed, ProtocolSetting, Settings, lossy, shown};
use crate::source::Lines;
use std::collections::HashMap;

mod address;
mod authorities;
mod cache;
mod directive;
mod expression;
mod extras;
mod include;
mod lines;
mod listening;
mod loads;
mod merge;
mod modules;
mod pairs;
mod present;
mod proxied;
mod section;
mod section_end;
mod seed;
mod ssl;
mod table;
mod types;
mod values;
mod written;

use address::{Listen, Spot};
use include::Macro;
use modules::{Known, Later, Modules};

/// What one server, the main one or a virtual host, sets itself.
#[derive(Clone, Debug, Default)]
struct Host {
    name: String,
    lines: Option<Lines>,
    engine: Option<(bool, usize)>,
    /// `SSLEngine optional`: TLS is off, as intended.
    optional: bool,
    /// The addresses of the virtual host.
    at: Vec<Spot>,
    /// Whether httpd ignores all of its addresses.
    ignored: bool,
    /// All `Listen`s; only the main server has them.
    listens: Vec<Listen>,
    /// Whether that list is complete; only the main server has this too.
    is_whole: bool,
    /// Whether mod_md gets certificates; only the main server has this.
    managed: bool,
    /// Whether `Protocol` says https.
    protocol_https: Option<bool>,
    certificates: Vec<NamedPath>,
    keys: Vec<NamedPath>,
    chain: Option<NamedPath>,
    ca: Option<NamedPath>,
    ca_path: bool,
    /// Files and directories of CA certificates, lists and pairs, in addition to `ca`.
    stores: Vec<authorities::Store>,
    /// What is reported about connections to other servers.
    proxied: proxied::Proxied,
    /// `SSLProxyEngine`.
    proxies: Option<bool>,
    protocol: Option<ProtocolSetting>,
    verify: Option<Placed<ClientAuth>>,
    /// Whether `SSLVerifyClient` says `optional_no_ca`.
    any_issuer: bool,
    verify_depth: Option<u32>,
    /// `SSLVerifyClient` or `SSLVerifyDepth` for some requests only, and its line.
    verify_below: Option<(String, usize)>,
    lists: Option<NamedPath>,
    lists_path: Option<NamedPath>,
    names: Option<NamedPath>,
    names_path: Option<usize>,
    ocsp: Option<usize>,
    passphrase: Option<Placed<&'static str>>,
    ports: Vec<Placed<u16>>,
    hosts: Vec<Placed<String>>,
    /// `ServerName`, which is also among `hosts`.
    server_name: Option<Placed<String>>,
    ciphers: Option<Placed<String>>,
    suites13: Option<Placed<String>>,
    prefers_own_order: Option<bool>,
    /// Whether `Protocols` names HTTP/2.
    http2: Option<bool>,
    /// `H2ModernTLSOnly`.
    http2_modern_only: Option<bool>,
    /// `RemoteIPProxyProtocol`.
    proxied_by_header: Option<Option<Lines>>,
    dh: Option<(NamedPath, u32)>,
    /// OpenSSL commands, in order.
    commands: Vec<Placed<(String, String)>>,
    not_interpreted: Option<Placed<String>>,
    /// `SSLOpenSSLConfCmd Certificate` and `PrivateKey`.
    command_certificates: Vec<NamedPath>,
    command_keys: Vec<NamedPath>,
    /// `SSLOpenSSLConfCmd ChainCAFile`.
    chain_store: Option<NamedPath>,
    /// `TypesConfig`, which counts only in the main server.
    types: Option<(String, usize)>,
    revocation_check: Option<(bool, usize)>,
    /// `SSLCARevocationCheck` in its own words.
    revocation_words: Option<String>,
    stapling: Option<(bool, usize)>,
    stapling_cache: bool,
    /// Whether the settings name a responder, which replaces the certificate's own.
    stapling_forced: bool,
    /// `SSLStaplingReturnResponderErrors` and `SSLStaplingFakeTryLater`.
    stapling_errors: Option<bool>,
    stapling_try_later: Option<bool>,
    /// All of its TLS settings, as written.
    written: AllWritten,
}

impl Host {
    /// Whether `SSLCARevocationFile` or `SSLCARevocationPath` names revocation lists.
    const fn names_lists(&self) -> bool {
        self.lists.is_some() || self.lists_path.is_some()
    }
}

/// A section that is open.
struct Open {
    name: String,
    /// Whether its contents count.
    counts: bool,
    /// Whether it is a directory or the like, where `SSL…` applies to requests, not to the server.
    directory: bool,
    /// Whether it may apply to every request: `<Location />`, `<Files *>`, `<Directory …>`.
    everywhere: bool,
    /// Set if `counts` is only assumed: the condition and its line.
    doubt: Option<(String, usize)>,
}

/// What the settings say about users whose names come from their certificates.
#[derive(Default)]
struct ByCertificate {
    /// `Require user`, `valid-user` or `group`.
    users: bool,
    /// `SSLUserName` or `SSLOptions FakeBasicAuth`.
    names: bool,
    /// `Require ssl-verify-client`.
    verified: bool,
    /// `SSLVerifyClient optional_no_ca`.
    any_issuer: bool,
}

struct Reader<'a, 'b> {
    by_certificate: ByCertificate,
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    defines: HashMap<String, String>,
    /// How many of the open sections do not count, and how many are directories: counted, since
    /// every line needs them, at any nesting depth.
    uncounted: usize,
    directories: usize,
    root: String,
    main: Host,
    hosts: Vec<Host>,
    illegal_protocols: values::Illegal,
    open: Vec<Open>,
    /// How many of them began outside the file being read.
    open_outside: usize,
    in_host: bool,
    modules: Modules,
    /// The modules and files loaded, in order.
    loads: Vec<loads::Load>,
    /// An included file could not be read.
    unread: bool,
    /// Whether it is unknown what a `Listen` opens.
    open_listen: bool,
    /// This reading requested a file; what depends on it is known in the next one.
    pending: bool,
    macros: HashMap<String, Macro>,
    open_macro: Option<(String, Macro)>,
    /// How many of the open sections are in doubt, and how many are for proxies.
    doubts: usize,
    proxies: usize,
    /// The `<Proxy>` section that is open, and those that were: the enclosing virtual host's place,
    /// and what the section says about other servers.
    proxy_section: Option<(Option<usize>, Host)>,
    proxy_sections: Vec<(Option<usize>, Host)>,
    depth: usize,
    read_lines: usize,
    /// Files that must be there because they are named.
    checked: Vec<NamedPath>,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let before = settings.clone();
    let late = read_with(bytes, context, settings, Later::default());
    // httpd knows the directives of all modules, even of those that a later line loads.
    if !late.is_empty() {
        *settings = before;
        let _ = read_with(bytes, context, settings, late);
    }
}

/// The same, given the modules known to be loaded after their directives; returns those that were.
fn read_with(bytes: &[u8], context: &Context<'_>, settings: &mut Settings, later: Later) -> Later {
    let text = lossy(bytes);
    let given = context.defines.iter();
    let on_the_line = context.arguments.iter().flat_map(|line| &line.defines);
    let defines = given
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .chain(on_the_line.map(|name| (name.clone(), String::new())))
        .collect();
    let mut reader = Reader {
        by_certificate: ByCertificate::default(),
        context,
        settings,
        defines,
        uncounted: 0,
        directories: 0,
        root: context.base.to_owned(),
        main: Host {
            name: "main server".to_owned(),
            ..Host::default()
        },
        hosts: Vec::new(),
        illegal_protocols: Vec::new(),
        open: Vec::new(),
        open_outside: 0,
        in_host: false,
        modules: Modules::expecting(later),
        loads: Vec::new(),
        unread: false,
        open_listen: false,
        pending: false,
        macros: HashMap::new(),
        open_macro: None,
        doubts: 0,
        proxies: 0,
        proxy_section: None,
        proxy_sections: Vec::new(),
        depth: 0,
        read_lines: 0,
        checked: Vec::new(),
    };
    reader.arguments(|arguments| &arguments.before);
    for line in lines::joined(&text) {
        reader.line(&line);
    }
    reader.arguments(|arguments| &arguments.behind);
    reader.end();
    let late = reader.modules.late();
    if !late.is_empty() {
        return late;
    }
    reader.main.is_whole = reader.modules.has_mpm() && !reader.unread && !reader.open_listen;
    reader.none_listens();
    let Reader {
        main,
        hosts,
        illegal_protocols,
        checked,
        proxy_sections,
        ..
    } = reader;
    let mut known = merge::scopes(&main, &hosts, context, settings);
    values::refuse_protocols(illegal_protocols, settings);
    proxied::check(
        (&main, &hosts),
        &proxy_sections,
        &mut known,
        context,
        settings,
    );
    present::check(&checked, context, settings);
    late
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &lines::Line) {
        let text = line.text.trim();
        // A macro's body is kept unparsed until `Use`: its arguments and variables have no values
        // yet.
        if let Some((name, mut body)) = self.open_macro.take() {
            let lower = text.to_ascii_lowercase();
            let ends = lower.starts_with("</macro");
            if ends && body.within == 0 {
                let _ = self.macros.insert(name, body);
                return;
            }
            // A macro within a macro is defined when the outer one is used.
            body.within -= usize::from(ends);
            body.within += usize::from(lower.split_whitespace().next() == Some("<macro"));
            body.body.push(text.to_owned());
            self.open_macro = Some((name, body));
            return;
        }
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let lookup = |name: &str| {
            self.defines
                .get(name)
                .map(String::as_str)
                .or_else(|| self.context.variable(name))
        };
        let Some((expanded, unknown)) = lines::expand(text, &lookup) else {
            self.refuse("", "the line is too long", line.first);
            return;
        };
        let counts = self.counts();
        // A section that does not count may name variables that exist only where it does.
        if counts {
            self.undefined(&expanded, &unknown, line.first);
        }
        self.doubted(&expanded);
        if let Some(section) = expanded.strip_prefix("</") {
            self.close(section, line);
        } else if let Some(section) = expanded.strip_prefix('<') {
            self.opening(section, line);
        } else if counts {
            self.directive(&expanded, line);
        }
    }

    fn counts(&self) -> bool {
        self.uncounted == 0
    }

    fn refuse(&mut self, setting: &str, message: &str, line: usize) {
        self.settings
            .refuse_at(setting, message, "by `apachectl -t`", line);
    }

    fn host(&mut self) -> &mut Host {
        if let Some((_, section)) = &mut self.proxy_section {
            return section;
        }
        match self.hosts.last_mut() {
            Some(host) if self.in_host => host,
            _ => &mut self.main,
        }
    }

    /// Names that nothing defines, in a line that matters: `${NAME}` stays as it
    /// is written (AH00111), unless the environment or another file has it.
    fn undefined(&mut self, line: &str, unknown: &[String], at: usize) {
        let (directive, _) = lines::first_word(line);
        let directive = directive.as_str();
        let lower = directive.to_ascii_lowercase();
        // The place of the session cache does not matter.
        let cache = matches!(lower.as_str(), "sslsessioncache" | "sslstaplingcache");
        let matters = (lower.starts_with("ssl") && !cache)
            || lower.starts_with("include")
            || matches!(lower.as_str(), "listen" | "<virtualhost" | "use");
        if !matters {
            return;
        }
        for name in unknown {
            if lower.starts_with("ssl") {
                self.settings.ignored(
                    directive,
                    &format!("${{{name}}}"),
                    "nothing defines it here, so it stays as it is written (AH00111); \
                     it may come from the environment or another file",
                    at,
                );
            }
            let reason = format!(
                "nothing defines ${{{}}} here; give it with --env or --define",
                shown(name)
            );
            self.settings.not_judged(directive, reason, at);
        }
    }
}
