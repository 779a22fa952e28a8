//! httpd.conf: `SSL…` of each virtual host. Measured: httpd 2.4.71.

use super::{
    ClientAuth, Context, Listens, Path, Placed, ProtocolSetting, Settings, lossy, port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::source::Lines;
use std::collections::HashMap;

mod directive;
mod lines;
mod merge;
mod ssl;

/// What one server, the main one or a virtual host, says itself.
#[derive(Clone, Debug, Default)]
struct Host {
    name: String,
    lines: Option<Lines>,
    engine: Option<(bool, usize)>,
    certificates: Vec<Path>,
    keys: Vec<Path>,
    chain: Option<Path>,
    ca: Option<Path>,
    ca_path: bool,
    protocol: Option<ProtocolSetting>,
    verify: Option<Placed<ClientAuth>>,
    passphrase: Option<Placed<&'static str>>,
    ports: Vec<Placed<u16>>,
    hosts: Vec<Placed<String>>,
}

/// A section that is open.
struct Open {
    name: String,
    /// Whether what stands in it counts.
    counts: bool,
    /// Whether it is a place of its own, where `SSL…` means requests, not the server.
    directory: bool,
}

struct Reader<'a, 'b> {
    context: &'a Context<'a>,
    settings: &'b mut Settings,
    defines: HashMap<String, String>,
    /// How many of the open sections do not count, and how many are places of
    /// their own: asked on every line, however deep they nest.
    uncounted: usize,
    directories: usize,
    root: String,
    main: Host,
    hosts: Vec<Host>,
    open: Vec<Open>,
    in_host: bool,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let text = lossy(bytes);
    let defines = context
        .defines
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut reader = Reader {
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
        open: Vec::new(),
        in_host: false,
    };
    for line in lines::joined(&text) {
        reader.line(&line);
    }
    reader.end();
    let Reader { main, hosts, .. } = reader;
    merge::scopes(&main, &hosts, settings);
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &lines::Line) {
        let text = line.text.trim();
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
        let concerns = expanded.to_ascii_lowercase().starts_with("ssl");
        if counts && concerns {
            for name in unknown {
                let directive = expanded.split_whitespace().next().unwrap_or_default();
                self.settings.ignored(
                    directive,
                    &format!("${{{name}}}"),
                    "nothing defines it here, so it stays as it is written (AH00111); \
                     it may come from the environment or another file",
                    line.first,
                );
            }
        }
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
        match self.hosts.last_mut() {
            Some(host) if self.in_host => host,
            _ => &mut self.main,
        }
    }

    fn opening(&mut self, section: &str, line: &lines::Line) {
        let section = section.trim_end();
        let inner = section.strip_suffix('>').unwrap_or(section);
        let words = lines::words(inner);
        let Some((name, arguments)) = words.split_first() else {
            return;
        };
        let name = name.to_ascii_lowercase();
        let first = arguments.first().map_or("", String::as_str);
        let mut counts = true;
        match name.as_str() {
            "virtualhost" if self.counts() => {
                self.in_host = true;
                let ports = self.ports(arguments, line.first);
                self.hosts.push(Host {
                    name: format!("<VirtualHost {}>", shown(&arguments.join(" "))),
                    lines: Some(Lines::new(line.first, line.last)),
                    ports,
                    ..Host::default()
                });
            }
            "ifmodule" => counts = module(first),
            "ifdefine" => {
                let (wanted, name) = match first.strip_prefix('!') {
                    Some(name) => (false, name),
                    None => (true, first),
                };
                let defined = self.defines.contains_key(name);
                counts = defined == wanted;
                // `-D NAME` of the command line may define it nonetheless.
                if self.counts() && !defined {
                    self.settings.note(
                        ConfigFact::ConditionAssumed {
                            condition: format!("<IfDefine {}>", shown(first)),
                            assumed: counts,
                        },
                        line.first,
                    );
                }
            }
            _ => {}
        }
        let directory = matches!(
            name.as_str(),
            "directory"
                | "directorymatch"
                | "files"
                | "filesmatch"
                | "location"
                | "locationmatch"
                | "proxy"
                | "proxymatch"
                | "limit"
                | "limitexcept"
                | "if"
                | "elseif"
                | "else"
        );
        self.uncounted += usize::from(!counts);
        self.directories += usize::from(directory);
        self.open.push(Open {
            name,
            counts,
            directory,
        });
    }

    fn close(&mut self, section: &str, line: &lines::Line) {
        let name = section
            .trim_end_matches(['>', ' ', '\t'])
            .to_ascii_lowercase();
        match self.open.last() {
            Some(open) if open.name == name => {
                let counted = self.counts();
                if let Some(open) = self.open.pop() {
                    self.uncounted -= usize::from(!open.counts);
                    self.directories -= usize::from(open.directory);
                }
                if name == "virtualhost" && counted {
                    self.in_host = false;
                    if let Some(host) = self.hosts.last_mut()
                        && let Some(lines) = &mut host.lines
                    {
                        lines.last = line.last;
                    }
                }
            }
            _ => {
                let message = format!("</{0}> without matching <{0}> section", shown(&name));
                self.refuse("", &message, line.first);
            }
        }
    }

    fn end(&mut self) {
        if let Some(open) = self.open.pop() {
            let message = format!("<{}> was not closed.", shown(&open.name));
            let line = self
                .hosts
                .last()
                .and_then(|host| host.lines)
                .map_or(1, |lines| lines.first);
            self.refuse("", &message, line);
        }
    }

    /// The ports of `*:443 [::]:443`; an address without one serves any.
    fn ports(&mut self, addresses: &[String], line: usize) -> Vec<Placed<u16>> {
        let mut found = Vec::new();
        for address in addresses {
            let port = match address.rsplit_once(':') {
                Some((_, port)) if !port.ends_with(']') => port,
                _ => continue,
            };
            match port.parse::<u16>() {
                Ok(value) if value != 0 => found.push(Placed {
                    value,
                    lines: Some(Lines::new(line, line)),
                }),
                _ if port == "*" => {}
                _ => self
                    .settings
                    .note(port_fact("<VirtualHost>", address, Listens::Nowhere), line),
            }
        }
        found
    }

    fn directive(&mut self, text: &str, line: &lines::Line) {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        let (written, raw) = text.split_at_checked(end).unwrap_or((text, ""));
        let name = written.to_ascii_lowercase();
        let words = lines::words(raw);
        let first = words.first().cloned().unwrap_or_default();
        if name.starts_with("ssl") {
            self.ssl(written, raw, &words, line);
            return;
        }
        if written.starts_with('\u{feff}') {
            let message =
                "Invalid command '\\xef\\xbb\\xbf…': the file begins with a byte order mark";
            self.refuse("", message, line.first);
            return;
        }
        let at = Some(Lines::new(line.first, line.last));
        match name.as_str() {
            "define" => {
                let value = words.get(1).cloned().unwrap_or_default();
                let _ = self.defines.insert(first, value);
            }
            "undefine" => {
                let _ = self.defines.remove(&first);
            }
            "serverroot" => self.root = first,
            "servername" | "serveralias" => {
                for word in &words {
                    // ServerName may carry a scheme and a port.
                    let bare = word.rsplit("://").next().unwrap_or(word);
                    let bare = bare.split(':').next().unwrap_or(bare);
                    let value = bare.to_owned();
                    self.host().hosts.push(Placed { value, lines: at });
                }
            }
            "listen" if !self.in_host => {
                let address = if first.contains(':') {
                    first
                } else {
                    format!(":{first}")
                };
                let ports = self.ports(&[address], line.first);
                self.main.ports.extend(ports);
            }
            "include" | "includeoptional" => self.settings.note(
                ConfigFact::IncludeNotRead {
                    directive: shown(written),
                    path: shown(&first),
                },
                line.first,
            ),
            _ => {}
        }
    }
}

/// Whether `<IfModule …>` counts: mod_ssl is there, else none of this
/// matters; of the others we know nothing and take them for loaded.
fn module(condition: &str) -> bool {
    !condition.starts_with('!')
}
