//! haproxy.cfg: `bind` lines and what `global` says about TLS.
//! Measured: HAProxy 2.6.12.

use super::version::Admission;
use super::{Context, Settings, lossy, shown};

mod acl;
mod arguments;
mod beside;
mod bind;
mod certificates;
mod condition;
mod conditionals;
mod crt_list;
mod extras;
mod global;
mod issuers;
mod line;
mod others;
mod outgoing;
mod proxies;
mod sections;
mod spots;
mod stores;
mod table;
mod values;

use condition::{Branch, Truth};
use global::Global;
use outgoing::Server;
use proxies::Proxies;
use std::collections::{BTreeMap, BTreeSet};

const TEST: &str = "by `haproxy -c`";

/// Keywords that may follow `no` and `default` (`readcfgfile` of 2.6.12).
const NEGATED: &[&str] = &[
    "option",
    "log",
    "busy-polling",
    "set-dumpable",
    "strict-limits",
    "insecure-fork-wanted",
    "numa-cpu-mapping",
];

/// Names that must exist once the whole file is read.
#[derive(Default)]
struct Backends {
    known: BTreeSet<String>,
    wanted: Vec<(String, &'static str, usize)>,
}

struct Reader<'a, 'b> {
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    global: Global,
    environment: BTreeMap<String, String>,
    /// Variables that `unsetenv` removed.
    removed: BTreeSet<String>,
    branches: Vec<Branch>,
    section: String,
    /// `default-server` of this section, and of the last `defaults`.
    servers: Server,
    defaults: Server,
    /// Each `defaults` so far, with its name.
    named_defaults: Vec<(String, Server)>,
    /// The sections so far: kind and name.
    names: Vec<(&'static str, String)>,
    /// The servers and the `acl` lines of this section.
    server_names: BTreeSet<String>,
    acls: BTreeSet<String>,
    backends: Backends,
    proxies: Proxies,
}

/// The files in their order, and how many lines precede those of each.
pub(super) fn read(files: &[(usize, &[u8])], context: &Context<'_>, settings: &mut Settings) {
    let mut reader = Reader {
        context,
        settings,
        global: Global::default(),
        environment: context
            .environment
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        removed: BTreeSet::new(),
        branches: Vec::new(),
        section: String::new(),
        servers: Server::default(),
        defaults: Server::default(),
        named_defaults: Vec::new(),
        names: Vec::new(),
        server_names: BTreeSet::new(),
        acls: BTreeSet::new(),
        backends: Backends::default(),
        proxies: Proxies::default(),
    };
    for &(before, bytes) in files {
        reader.file(&lossy(bytes), before);
    }
    reader.end();
    reader.finish_proxies();
}

impl Reader<'_, '_> {
    /// One file. Sections and conditions end with it; `global`, `defaults` and variables continue
    /// into the next one (measured: 2.6.12).
    fn file(&mut self, text: &str, before: usize) {
        self.section.clear();
        self.servers = Server::default();
        for (index, line) in text.split('\n').enumerate() {
            self.line(line, before + index + 1);
        }
        // `fgets` and `strlen`: a line that ends differently was truncated (measured: 2.6.12).
        let lines = text.split('\n').count();
        if !text.is_empty() && !text.ends_with('\n') {
            let message = "Missing LF on last line, file might have been truncated";
            self.refuse("", message, before + lines);
        }
        if let Some(at) = text.split('\n').position(|line| line.contains('\0')) {
            self.refuse("", "Stray NUL character.", before + at + 1);
        }
        if let Some(branch) = self.branches.last() {
            let line = branch.line;
            self.refuse(".if", "non-terminated '.if' block.", line);
        }
        self.branches.clear();
    }

    fn refuse(&mut self, setting: &str, message: &str, number: usize) {
        self.settings.refuse_at(setting, message, TEST, number);
    }

    /// Whether a branch that is certainly not taken hides the line.
    fn hidden(&self) -> bool {
        self.branches.iter().any(|branch| branch.now == Truth::No)
    }

    fn line(&mut self, line: &str, number: usize) {
        // A scope: a mark for people and tools.
        if line.trim_start().starts_with('[') {
            if !line.contains(']') {
                let reason = "certcheck does not know whether HAProxy reads this as a scope";
                self.settings.not_judged("[", reason, number);
            }
            return;
        }
        let mut unset = Vec::new();
        let variable = |name: &str| self.environment.get(name).map(String::as_str);
        let words = match arguments::split(line, &variable, &mut unset) {
            Ok(words) => words,
            Err(message) => {
                self.refuse("", message, number);
                return;
            }
        };
        let Some((keyword, arguments)) = words.split_first() else {
            return;
        };
        if matches!(keyword.as_str(), ".if" | ".elif" | ".else" | ".endif") {
            self.conditional(keyword, arguments, number);
            return;
        }
        if self.hidden() {
            return;
        }
        let unknown = self
            .branches
            .iter()
            .find(|branch| branch.now == Truth::Unknown);
        if let Some(branch) = unknown {
            let (at, word) = (branch.line, shown(keyword));
            let reason =
                format!("certcheck does not know whether this holds, and `{word}` depends on it");
            if !self
                .settings
                .not_judged
                .iter()
                .any(|judged| judged.lines.first == at)
            {
                self.settings.not_judged(".if", reason, at);
            }
            // An error there stops HAProxy only perhaps, and a variable that nothing sets is empty.
            if self.branches.iter().all(|branch| branch.assumed) {
                let before = self.settings.facts.len();
                self.directive(keyword, arguments, unset, number);
                self.settings.facts.truncate(before);
            }
            return;
        }
        self.directive(keyword, arguments, unset, number);
    }

    fn directive(
        &mut self,
        keyword: &str,
        arguments: &[String],
        unset: Vec<String>,
        number: usize,
    ) {
        if keyword.starts_with('.') {
            self.spoken(keyword, arguments, number);
            return;
        }
        if matches!(keyword, "no" | "default") {
            let what = arguments.first().map_or("", String::as_str);
            if !NEGATED.contains(&what) {
                let message = format!(
                    "negation/default currently supported only for {}.",
                    NEGATED.join(", ")
                );
                self.refuse(what, &message, number);
            } else if what == "option" {
                let option = arguments.get(1).map_or("", String::as_str);
                self.negated(option, number);
            }
            return;
        }
        // The service's environment is unknown; HAProxy replaces an unset variable with nothing.
        let concerns =
            keyword == "bind" || keyword.starts_with("ssl-") || keyword.ends_with("-base");
        for name in unset {
            if concerns {
                let reason = format!("nothing sets ${} here; give it with --env", shown(&name));
                self.settings.not_judged(keyword, reason, number);
            }
        }
        self.keyword(keyword, arguments, number);
    }

    /// The beginning of a section.
    fn section(&mut self, keyword: &str, name: &str) {
        self.section = match name {
            "" => keyword.to_owned(),
            name => format!("{keyword} {name}"),
        };
        if matches!(keyword, "backend" | "listen" | "frontend") {
            let _ = self.backends.known.insert(name.to_owned());
        }
        self.servers = match keyword {
            // Only proxies inherit from a `defaults`.
            "backend" | "listen" | "frontend" => self.defaults.clone(),
            _ => Server::default(),
        };
    }

    fn keyword(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let first = arguments.first().map_or("", String::as_str);
        if let Some(known) = table::named_section(keyword) {
            self.begins(known, arguments, number);
            self.section(keyword, first);
            self.defaults_of(keyword, arguments, number);
            self.proxies.begin(&self.section, arguments, self.settings);
            return;
        }
        let kind = self.section.split(' ').next().unwrap_or_default();
        // A section of a later version: its first line is listed as not judged.
        let is_section = table::LATER_SECTIONS.contains(&keyword);
        if is_section {
            self.settings.depends_on(keyword, number);
        }
        if is_section && self.settings.admission(keyword, false) == Admission::NotJudged {
            self.settings.known_by_name(keyword, number);
            self.section(keyword, first);
            return;
        }
        let Some(kind) = table::section(kind) else {
            if !table::LATER_SECTIONS.contains(&kind) {
                line::unknown(keyword, "out of section", number, self.settings);
            }
            return;
        };
        let is_known = table::knows(kind, keyword);
        self.settings.depends_on(keyword, number);
        match self.settings.admission(keyword, is_known) {
            Admission::Takes => {}
            Admission::NotJudged => return self.settings.known_by_name(keyword, number),
            Admission::Refuses => {
                let place = self.section.clone();
                return line::unknown(keyword, &place, number, self.settings);
            }
        }
        // An empty word ends these lines, as an unset `${NAME[*]}` does (measured: 2.6.12).
        let arguments = match keyword {
            "bind" | "server" | "default-server" => {
                let mut words = arguments.split(String::is_empty);
                words.next().unwrap_or_default()
            }
            _ => arguments,
        };
        self.settings.haproxy_decides(keyword, arguments);
        self.proxies.line(keyword, arguments, number);
        if kind == "proxy" {
            self.conditions(keyword, arguments, number);
        }
        match keyword {
            "bind" | "server" | "server-template" if self.section.starts_with("defaults") => {
                let message = format!("'{keyword}' not allowed in 'defaults' section.");
                self.refuse(keyword, &message, number);
            }
            "acl"
            | "http-request"
            | "http-response"
            | "http-after-response"
            | "tcp-request"
            | "tcp-response"
                if self.section == "defaults" =>
            {
                let message = format!("'{keyword}' not allowed in anonymous 'defaults' section.");
                self.refuse(keyword, &message, number);
            }
            "bind" if kind != "global" => bind::read(
                arguments,
                number,
                &self.section,
                &self.global,
                self.context,
                self.settings,
            ),
            "server" | "server-template" | "default-server" if matches!(kind, "proxy" | "ring") => {
                let skip = match keyword {
                    "server" => 2,
                    "server-template" => 3,
                    _ => 0,
                };
                if keyword == "server" && kind == "proxy" {
                    self.names_server(arguments, number);
                }
                let words = arguments.get(skip..).unwrap_or_default();
                let mut server = self.servers.clone();
                outgoing::line(
                    keyword,
                    words,
                    &mut server,
                    &self.global,
                    number,
                    self.context,
                    self.settings,
                );
                if keyword == "default-server" {
                    if self.section.starts_with("defaults") {
                        self.defaults = server.clone();
                        self.hand_to_servers(&server);
                    }
                    self.servers = server;
                }
            }
            "default_backend" | "use_backend" => self.backend(keyword, first, number),
            "stats" if kind == "global" => self.statistics(arguments, number),
            "default-path" if kind == "global" => self.default_path(arguments, number),
            "log" if matches!(kind, "global" | "proxy") => self.logs(arguments, number),
            _ if kind == "global" => self.global(keyword, arguments, number),
            _ => self.other(kind, keyword, arguments, number),
        }
    }

    fn backend(&mut self, keyword: &str, name: &str, number: usize) {
        let certain = self.branches.iter().all(|branch| branch.now == Truth::Yes);
        let fixed = !name.contains(['%', '$']);
        if certain && fixed && self.backends.wanted.len() < super::MOST_SCOPES {
            let keyword = if keyword == "use_backend" {
                "use_backend"
            } else {
                "default_backend"
            };
            self.backends
                .wanted
                .push((name.to_owned(), keyword, number));
        }
    }

    fn end(&mut self) {
        let wanted = std::mem::take(&mut self.backends.wanted);
        for (name, keyword, line) in wanted {
            if !self.backends.known.contains(&name) {
                let message = format!("unable to find required {keyword}: '{}'.", shown(&name));
                self.refuse(keyword, &message, line);
            }
        }
    }
}
