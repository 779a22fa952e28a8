//! A server's own settings: which files they name, and a preflight of each place.

use super::audience::Audiences;
use super::endpoint::{Endpoint, Nameless};
use super::endpoints::Endpoints;
use super::found::{Found, Kept};
use super::refused_settings::{at_lines, refusal, unplaced};
use super::startup::named;
use super::{Preflight, PreflightResult};
use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::finding::Severity;
use crate::rule::{self, ConfigFact, Evidence, Finding};
use crate::server::settings::{ClientAuth, FileUse, NamedPath, Scope, Selection, Settings};
use crate::server::startup::{Condition, FileState, StartOutcome};
use crate::server_name::ServerName;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most files that are requested for one set of settings: a hoster's thousand virtual hosts
/// with four files each.
const MOST_FILES: usize = 4096;

impl Preflight {
    /// The paths of all files that the settings name and that nothing else was
    /// given for: open each, and pass the result to [`found`](Self::found).
    ///
    /// ```
    /// use certcheck::{Source, preflight::{Found, Preflight}, server::Profile};
    /// use certcheck::server::settings::{Context, Settings};
    /// let rserve = Profile::named("rserve").unwrap();
    /// let conf = Source::new("Rserv.conf", b"tls.port 6312\ntls.cert c.pem\ntls.key k.pem\n".to_vec());
    /// let settings = Settings::read(rserve, &conf, &Context::at("/etc")).unwrap();
    /// let preflight = Preflight::new(rserve, "2026-11-22T00:00:00Z".parse().unwrap())
    ///     .settings("Rserv.conf", settings);
    /// assert_eq!(preflight.questions(), ["/etc/c.pem", "/etc/k.pem"]);
    /// let preflight = preflight.found("/etc/c.pem", Found::Missing).found("/etc/k.pem", Found::Missing);
    /// let codes: Vec<_> = preflight.run().findings.iter().map(|finding| finding.code().as_str()).collect();
    /// assert_eq!(codes, ["config.missing-file", "config.missing-file"]);
    /// ```
    pub fn questions(&self) -> Vec<String> {
        let mut asked = BTreeSet::new();
        let mut paths = Vec::new();
        let scopes = self.settings.iter().flat_map(|setting| &setting.1.scopes);
        for (usage, path) in scopes.flat_map(Scope::files) {
            let given = self.as_client && usage != FileUse::Ca
                || match usage {
                    FileUse::Certificate => !self.certificate_files.is_empty(),
                    FileUse::Key => !self.key_files.is_empty(),
                    FileUse::KeyBeside => {
                        !self.key_files.is_empty() || !self.certificate_files.is_empty()
                    }
                    FileUse::Chain => self.chain_file.is_some(),
                    FileUse::Ca => !self.ca_files.is_empty(),
                    FileUse::Passwords => self.password_file.is_some(),
                    FileUse::Passphrases => self.passphrase.is_some(),
                };
            // Each file is requested once: a thousand hosts usually share one certificate.
            let new = !given && path.is_file() && paths.len() < MOST_FILES;
            if new && asked.insert(path.path.clone()) {
                paths.push(path.path);
            }
        }
        let scopes = self.settings.iter().flat_map(|setting| &setting.1.scopes);
        let checks = scopes
            .filter(|scope| scope.tls)
            .map(|scope| &scope.client_checks);
        for path in checks.flat_map(|checks| {
            (checks.lists.iter())
                .chain(&checks.names)
                .chain(&checks.verify_only)
        }) {
            if path.is_file() && paths.len() < MOST_FILES && asked.insert(path.path.clone()) {
                paths.push(path.path.clone());
            }
        }
        paths
    }

    /// The result for a file of [`questions`](Self::questions).
    #[must_use]
    pub fn found(mut self, path: impl Into<String>, found: Found) -> Self {
        let kept = match found {
            Found::Read(source) => Kept::Read(Arc::new(Document::read(source))),
            Found::Missing => Kept::Missing,
            Found::Directory => Kept::Directory,
            Found::Unreadable(reason) => Kept::Unreadable(reason),
        };
        Arc::make_mut(&mut self.found).insert(path.into(), kept);
        self
    }

    /// A preflight of every place of the settings that speaks TLS.
    pub(super) fn in_settings(&self) -> Answer<PreflightResult> {
        let Some(both) = self.settings.clone() else {
            return self.place();
        };
        let (config, settings) = (both.0.as_str(), &both.1);
        let mut all = Endpoints::of(self, config, settings);
        // Chosen once for all places: in HAProxy's settings the choice of one line depends on
        // others.
        let choices: Vec<_> = settings
            .scopes
            .iter()
            .map(|scope| self.choice(scope))
            .collect();
        let asked = if self.server.name() == "haproxy" {
            Audiences::of(self.hosts_by_line(settings, &choices))
        } else {
            self.asked_by_scope(settings)
        };
        for reason in asked.open {
            all.check(Check::impossible("names", reason));
        }
        let places = settings.scopes.iter().zip(&asked.places).zip(&choices);
        for (number, ((scope, asked), choice)) in places.enumerate() {
            let hosts = &asked.hosts;
            if scope.rejects {
                let meant = self.turned_away_by_error(settings, hosts);
                all.rejected(scope, &meant, "ssl_reject_handshake");
            }
            if let Some(choice) = choice {
                let parts = self.parts(scope, choice, hosts);
                all.rejected(scope, &parts.rejected, "strict-sni");
                for (check, reason) in parts.open {
                    all.check(Check::impossible(check, reason));
                }
                for (first, (part, hosts)) in parts.shown.iter().enumerate() {
                    let (place, findings) = self.at(part, config, settings, hosts);
                    all.findings.extend(findings);
                    let is_default = first == 0 && !part.strict;
                    all.add((number, part), is_default, &place, asked);
                }
                if let Some(part) = &parts.unused {
                    let (place, findings) = self.at(part, config, settings, &[]);
                    all.findings.extend(findings);
                    all.unused(&place);
                }
            } else if scope.tls {
                if scope.selections.iter().any(Selection::has_settings) {
                    let reason = "certcheck does not judge the settings of single certificates in a \
                         crt-list";
                    all.check(Check::impossible("settings", reason));
                }
                if self.differs_by_address(scope, settings) {
                    let at = scope.lines.map(|lines| settings.place(lines));
                    let file = at.and_then(|at| at.file).unwrap_or(config);
                    let line = at.map_or(1, |at| at.lines.first);
                    let reason = format!(
                        "{file}:{line}: `listen`: certcheck does not judge each of its addresses, where different servers answer first"
                    );
                    all.check(Check::impossible("settings", reason));
                }
                let scope = &self.with_certificates(scope, settings);
                let (place, findings) = self.at(scope, config, settings, hosts);
                all.findings.extend(findings);
                let only_root = if settings.unprivileged {
                    place.only_root_reads().map(Err)
                } else {
                    place.only_root_could()
                };
                match only_root {
                    Some(Ok(finding)) => all.findings.push(finding),
                    Some(Err(reason)) => all.check(Check::impossible("settings", reason)),
                    None => {}
                }
                all.add((number, scope), true, &place, asked);
            } else {
                if scope.loads_without_tls {
                    let (place, findings) = self.at(scope, config, settings, &[]);
                    all.loaded(&place, findings);
                }
                all.without_tls(scope);
            }
        }
        all.passwords(self, settings);
        let kept = self.kept_from_settings(settings);
        all.findings.extend(kept.findings);
        kept.open.into_iter().for_each(|check| all.check(check));
        if let Some(message) = kept.refusal {
            all.startup(Some(named(StartOutcome::StartFails, &[message])));
        }
        let (found, missed) = self.together_in_settings();
        all.findings.extend(found);
        missed.into_iter().for_each(|check| all.check(check));
        all.finish(self, settings)
    }

    /// Of the names that a place rejects, those that nothing serves: a place that rejects a name at
    /// one port says nothing about another port, and if the user did not name the host and others
    /// are served, the rejection is intended.
    fn turned_away_by_error(&self, settings: &Settings, hosts: &[ServerName]) -> Vec<ServerName> {
        let serving = settings
            .scopes
            .iter()
            .filter(|scope| scope.tls && !scope.rejects && !scope.is_unreachable);
        if self.hosts.is_empty() && serving.clone().next().is_some() {
            return Vec::new();
        }
        let served = |host: &&ServerName| serving.clone().any(|scope| scope.names(host));
        let kept = hosts.iter().filter(|host| !served(host));
        kept.cloned().collect()
    }

    /// Whether what a place inherits from the one that answers first depends on the address
    /// that a client reaches: certificates of nginx, and what is agreed before the name is
    /// known. One address is judged.
    fn differs_by_address(&self, scope: &Scope, settings: &Settings) -> bool {
        let firsts = settings.firsts_at(scope);
        let Some((judged, others)) = firsts.split_first() else {
            return false;
        };
        let bare = self.server.name() == "nginx" && scope.certificates.is_empty() && !scope.rejects;
        let offer = |first: &Scope| self.server.offer_at(scope, first);
        let shown = |first: &Scope| bare.then(|| (first.certificates.clone(), first.keys.clone()));
        others
            .iter()
            .any(|other| offer(other) != offer(judged) || shown(other) != shown(judged))
    }

    /// The place with the certificates that it presents: in nginx, a server without its own
    /// presents those of the server that answers first at its address (measured: 1.22.1).
    fn with_certificates(&self, scope: &Scope, settings: &Settings) -> Scope {
        let mut scope = scope.clone();
        if self.server.name() == "nginx" && scope.certificates.is_empty() && !scope.rejects {
            let first = settings.first_at(&scope);
            let (certificates, keys) = (first.certificates.clone(), first.keys.clone());
            scope.passphrases = first.passphrases.clone();
            (scope.certificates, scope.keys) = (certificates, keys);
        }
        scope
    }

    /// The preflight of one place, and the findings about its files by name.
    pub(super) fn at(
        &self,
        scope: &Scope,
        config: &str,
        settings: &Settings,
        hosts: &[ServerName],
    ) -> (Self, Vec<Finding>) {
        let mut place = self.clone();
        // The place already has what the settings say about it, and must not be read as the whole
        // file again.
        place.settings = None;
        place.hosts = hosts.to_vec();
        let mut findings = Vec::new();
        let mut protocols = scope.protocols.clone();
        let mut file = config;
        if let Some(setting) = &mut protocols {
            let place = setting.lines.map(|lines| settings.place(lines));
            file = place.and_then(|place| place.file).unwrap_or(config);
            setting.lines = place.map(|place| place.lines);
        }
        let mut endpoint = Endpoint {
            protocols_in: file.to_owned(),
            key_first: scope.key_first,
            passphrase: scope.passphrase.is_some(),
            certificate_optional: scope.certificate_optional && scope.certificates.is_empty(),
            client_auth: scope
                .client_auth
                .as_ref()
                .is_some_and(|auth| auth.value == ClientAuth::Required),
            asked_of_clients: self.asked_of_clients(scope, config, settings),
            nameless: nameless(scope, settings),
            staples: scope.negotiation.staples,
            proxy_protocol: scope.proxied.is_some(),
            ca_elsewhere: scope.ca_elsewhere,
            protocols,
            offer: self.server.offer_of_lines(scope, settings.first_at(scope)),
            by_name: scope.by_name,
            level: self.server.level_at_load(scope),
            refused: refusal(settings),
            ..Endpoint::default()
        };
        let mut passphrases = None;
        for (usage, path) in scope.files() {
            let documents = match usage {
                FileUse::Certificate if self.certificate_files.is_empty() => {
                    &mut place.certificate_files
                }
                FileUse::Key | FileUse::KeyBeside if self.key_files.is_empty() => {
                    &mut place.key_files
                }
                FileUse::Ca if self.ca_files.is_empty() => &mut place.ca_files,
                FileUse::Chain if self.chain_file.is_none() => {
                    if let Some(Kept::Read(document)) = self.found.get(&path.path) {
                        place.chain_file = Some(Arc::clone(document));
                        continue;
                    }
                    &mut Vec::new()
                }
                FileUse::Passphrases if self.passphrase.is_none() => {
                    match self.found.get(&path.path) {
                        Some(Kept::Read(document)) => {
                            passphrases = Some(Arc::clone(document));
                        }
                        found => self.not_there(usage, &path, found, &mut endpoint, &mut findings),
                    }
                    continue;
                }
                _ => continue,
            };
            match self.found.get(&path.path) {
                Some(Kept::Read(document)) => {
                    documents.push(Arc::clone(document));
                    if usage == FileUse::Ca {
                        endpoint.ca_directives.push(path.setting);
                    }
                }
                // A key file next to the certificate is optional: the certificate's own file may
                // hold the key.
                Some(Kept::Missing) if usage == FileUse::KeyBeside => {}
                found => self.not_there(usage, &path, found, &mut endpoint, &mut findings),
            }
        }
        if self.server.loads_each_alone {
            place.missing_beside_another(&mut endpoint, &mut findings);
        }
        for finding in &mut findings {
            finding.subject = at_lines(config, settings, finding.subject.lines);
        }
        if let Some(document) = passphrases {
            place.passphrase = place.passphrase_of(document.source().bytes());
        }
        place.endpoint = Some(Arc::new(endpoint));
        (place, findings)
    }

    /// A missing file does not affect another of its kind if each line loads its own file.
    fn missing_beside_another(&self, endpoint: &mut Endpoint, findings: &mut [Finding]) {
        let of_certificates = !self.certificate_files.is_empty();
        let of_keys = !self.key_files.is_empty();
        endpoint.conditions.retain(|condition| match condition {
            Condition::Certificate(_) => !of_certificates,
            Condition::Key(_) => !of_keys,
            _ => true,
        });
        for finding in findings {
            if let Evidence::ConfigFact(ConfigFact::MissingFile(fact)) = &finding.evidence
                && (of_certificates && fact.setting == "tls.cert"
                    || of_keys && fact.setting == "tls.key")
            {
                finding.severity = Severity::Warning;
            }
        }
    }

    /// A file that is not there, or could not be looked at.
    fn not_there(
        &self,
        usage: FileUse,
        path: &NamedPath,
        found: Option<&Kept>,
        endpoint: &mut Endpoint,
        findings: &mut Vec<Finding>,
    ) {
        let of = |state| match usage {
            FileUse::Certificate => Some(Condition::Certificate(state)),
            FileUse::Key => Some(Condition::Key(state)),
            FileUse::Chain => Some(Condition::Chain(state)),
            FileUse::Ca => Some(Condition::Ca(state)),
            FileUse::Passphrases => Some(Condition::Passphrases(state)),
            FileUse::KeyBeside | FileUse::Passwords => None,
        };
        let (state, problem) = match found {
            // Names are read as UTF-8: the file was looked for under another name.
            Some(Kept::Missing) if path.path.contains('\u{fffd}') => {
                let reason = format!("the name {} is not in UTF-8", path.path);
                endpoint.unread.push((usage, reason));
                return;
            }
            Some(Kept::Missing) => (FileState::Missing, "there is no such file"),
            // Every file of the directory is loaded.
            Some(Kept::Directory) if self.server.combined_files => {
                let fact = rule::config::IncludeNotRead {
                    directive: path.setting.to_owned(),
                    path: path.path.clone(),
                };
                findings.push(Finding::new(fact, unplaced(path.lines)));
                endpoint
                    .unread
                    .push((usage, format!("{} is a directory", path.path)));
                return;
            }
            Some(Kept::Directory) => (FileState::NotAFile, "it is a directory"),
            Some(Kept::Unreadable(reason)) => {
                endpoint
                    .unread
                    .push((usage, format!("{}: {reason}", path.path)));
                return;
            }
            _ if path.is_file() => {
                endpoint
                    .unread
                    .push((usage, format!("certcheck did not check {}", path.path)));
                return;
            }
            _ => {
                endpoint
                    .unread
                    .push((usage, format!("`{}` is not a file", path.written)));
                return;
            }
        };
        let condition = of(state);
        let stops = condition.is_some_and(|condition| {
            self.server.startup(&[condition]).outcome != StartOutcome::Serves
        });
        endpoint.conditions.extend(condition);
        let fact = rule::config::MissingFile {
            setting: path.setting.to_owned(),
            path: path.path.clone(),
            problem: problem.to_owned(),
        };
        let severity = if stops {
            Severity::Error
        } else {
            Severity::Warning
        };
        findings.push(Finding::new(fact, unplaced(path.lines)).with_severity(severity));
    }
}

/// What a client that asks for no name is given here.
fn nameless(scope: &Scope, settings: &Settings) -> Nameless {
    let first = match settings.server {
        // Its first certificate is for those who ask for no name.
        "haproxy" => {
            let mut same = settings.scopes.iter();
            same.find(|other| other.tls && other.lines == scope.lines)
        }
        _ => Some(settings.first_at(scope)),
    };
    let Some(first) = first else {
        return if scope.strict {
            Nameless::Other
        } else {
            Nameless::Same
        };
    };
    // HAProxy sorts a name's certificates, and gives the first of its line to these clients.
    let given = first.certificates.first().map(|file| &file.path);
    let mut own = scope.certificates.iter().map(|file| Some(&file.path));
    let place = own.position(|path| path == given);
    match place {
        _ if scope.strict || first.lines != scope.lines => Nameless::Other,
        _ if settings.server != "haproxy" && !own_files(first).eq(own_files(scope)) => {
            Nameless::Other
        }
        Some(place) if settings.server == "haproxy" && scope.certificates.len() > 1 => {
            Nameless::Only(place)
        }
        Some(_) => Nameless::Same,
        None if scope.certificates.is_empty() && first.certificates.is_empty() => Nameless::Same,
        None => Nameless::Other,
    }
}

fn own_files(scope: &Scope) -> impl Iterator<Item = &str> {
    scope.certificates.iter().map(|file| file.path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Profile;
    use crate::server::settings::Context;
    use crate::source::Source;

    /// A thousand places have a thousand files: a copy of the list for each made a million entries.
    #[test]
    fn places_share_what_was_found() {
        let server = Profile::named("apache").unwrap();
        let text = "Listen 443\n<VirtualHost *:443>\nServerName a.example.com\nSSLEngine on\n\
                    SSLCertificateFile /a.crt\n</VirtualHost>\n";
        let source = Source::new("apache2.conf", text.as_bytes().to_vec());
        let settings = Settings::read(server, &source, &Context::at("/")).unwrap();
        let scopes = settings.scopes.clone();
        let preflight = Preflight::new(server, "2026-11-22T00:00:00Z".parse().unwrap())
            .settings("apache2.conf", settings.clone())
            .found("/a.crt", Found::Missing);
        let tls = scopes.iter().find(|scope| scope.tls).unwrap();
        let (place, _) = preflight.at(tls, "apache2.conf", &settings, &[]);
        assert_eq!(place.found.len(), 1);
        assert!(Arc::ptr_eq(&place.found, &preflight.found));
        assert!(Arc::ptr_eq(&place.computed, &preflight.computed));
    }
}
