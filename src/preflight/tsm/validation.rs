//! From options to a command and what is wrong with their values.

use super::arguments::{Reached, Route};
use super::command::{
    FileArgument, FileRole, PassphraseOption, ServerFiles, ServiceConnection, Setting, TsmCommand,
};
use super::effects::effects;
use super::line::{Given, Reader, asks_for_help};
use super::options::{MAPPING, Need, Use};
use super::table::{Command, Kind};
use super::{TsmLine, aws, configuration_key, url};
use crate::finding::{Part, Severity, Subject};
use crate::rule::{self, Finding};
use crate::shown::value as shown;

impl<'w> Reader<'w> {
    /// The last option given for `used`.
    pub(super) fn one(&self, used: Use) -> Option<Given<'w>> {
        self.given
            .iter()
            .rev()
            .find(|given| given.option.used == used)
            .copied()
    }

    fn setting(&self, used: Use) -> Option<Setting> {
        let given = self.one(used)?;
        Some(Setting {
            value: given.value?.to_owned(),
            word: self.place(given.word),
        })
    }

    fn file(&self, role: FileRole) -> Option<FileArgument> {
        let given = self.one(Use::File(role))?;
        Some(FileArgument {
            role,
            path: given.value?.to_owned(),
            word: self.place(given.word),
        })
    }

    /// A protocol string with the words that the shell cut off.
    fn whole(&self, mut setting: Setting) -> Setting {
        if let Some(whole) = &self.protocols {
            setting.value.clone_from(whole);
        }
        setting
    }

    fn server_files(&self) -> ServerFiles {
        ServerFiles {
            certificate: self.file(FileRole::Certificate),
            key: self.file(FileRole::Key),
            chain: self.file(FileRole::Chain),
            metadata: self.file(FileRole::Metadata),
            protocols: self
                .setting(Use::Protocols)
                .map(|setting| self.whole(setting)),
            passphrase: match self.one(Use::Passphrase) {
                None => PassphraseOption::Absent,
                Some(given) if given.secret => PassphraseOption::OnCommandLine,
                Some(_) => PassphraseOption::Bare,
            },
        }
    }

    fn command(&mut self, command: &'static Command) -> TsmCommand {
        match command.kind {
            Kind::Listed | Kind::Other => TsmCommand::NothingToCheck,
            Kind::Login => TsmCommand::Login,
            Kind::Apply => TsmCommand::PendingChangesApply,
            Kind::ExternalSsl => TsmCommand::ExternalSslEnable(self.server_files()),
            Kind::CustomTsmSsl => TsmCommand::CustomTsmSslEnable(self.server_files()),
            Kind::Saml => TsmCommand::SamlConfigure(self.server_files()),
            Kind::MutualSsl => TsmCommand::MutualSslConfigure {
                ca: self.file(FileRole::CaCertificate),
                revocation_list: self.file(FileRole::RevocationList),
                mapping: self.setting(MAPPING),
            },
            Kind::CustomCert => TsmCommand::CustomCertAdd {
                ca: self.file(FileRole::CaCertificate),
            },
            Kind::RepositorySsl => TsmCommand::RepositorySslEnable {
                internal_only: self.one(Use::InternalOnly).is_some(),
            },
            Kind::Hana => TsmCommand::HanaDelegation {
                certificate: self.file(FileRole::Certificate),
                key: self.file(FileRole::DerKey),
            },
            Kind::ExternalRepository => {
                let without_tls = self.one(Use::NoTls).is_some();
                self.judge_repository(without_tls);
                TsmCommand::ExternalRepository {
                    ca: self.file(FileRole::CaCertificate),
                    without_tls,
                }
            }
            Kind::SetPorts => TsmCommand::SetPorts {
                name: self.setting(Use::PortName),
                port: self.port(),
            },
            Kind::SetConfiguration => {
                let key = self.setting(Use::ConfigKey);
                let judged = key
                    .as_ref()
                    .is_some_and(|key| TsmCommand::is_judged_key(&key.value));
                self.judge_key(key.as_ref());
                let file = key.as_ref().zip(self.one(Use::ConfigValue));
                let file = file.and_then(|(key, given)| {
                    configuration_key::command(&key.value, given.value?, self.place(given.word))
                });
                if let Some(command) = file {
                    return command;
                }
                let value = judged.then(|| self.setting(Use::ConfigValue)).flatten();
                TsmCommand::SetConfiguration {
                    key,
                    value: value.map(|value| self.whole(value)),
                }
            }
            Kind::KmsAws => {
                let region = self.setting(Use::Region);
                let key_arn = self.setting(Use::KeyArn);
                self.judge_kms(region.as_ref(), key_arn.as_ref());
                TsmCommand::KmsAws { region, key_arn }
            }
            Kind::Service(service, types) => {
                let connection_type = self.setting(Use::ConnectionType);
                let secure = connection_type
                    .as_ref()
                    .is_some_and(|setting| setting.value.ends_with("-secure"));
                let certificate = self.file(FileRole::Peer);
                let wrong = self.likely(command);
                if let Some(given) = &connection_type {
                    self.judge_type(given, types, wrong);
                }
                let host = self.setting(Use::Host);
                if let Some(given) = &host {
                    self.judge_host(given, wrong);
                }
                if !secure {
                    self.judge_password(service);
                    if connection_type.is_some() {
                        self.judge_unused(command);
                    }
                }
                let wanted = secure && self.wants_certificate(command);
                if wanted && self.one(Use::File(FileRole::Peer)).is_none() {
                    // The page has only this name for it.
                    let word = connection_type.as_ref().map_or(0, |setting| setting.word);
                    let wrong = if self.version.is_some() {
                        Severity::Error
                    } else {
                        wrong
                    };
                    self.missing(word, "-cf", wrong);
                }
                TsmCommand::ServiceEnable(ServiceConnection {
                    service,
                    connection_type,
                    secure,
                    host,
                    port: self.port(),
                    certificate,
                })
            }
        }
    }

    /// An error if the page says so, a warning if the row is from memory.
    fn likely(&self, command: &Command) -> Severity {
        let by_memory = command.options.iter().any(|o| o.need == Need::Likely);
        if by_memory {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    fn port(&mut self) -> Option<u16> {
        let given = self.one(Use::Port)?;
        let value = given.value?;
        let port = value
            .parse::<u16>()
            .ok()
            .filter(|port| *port > 0 && value.bytes().all(|b| b.is_ascii_digit()));
        if port.is_none() {
            let fact = rule::config::Port {
                option: given.option.name().to_owned(),
                value: shown(value),
                reason: "a port is a number from 1 to 65535".into(),
            };
            self.report(given.word, None, fact);
        }
        port
    }

    fn judge_kms(&mut self, region: Option<&Setting>, key_arn: Option<&Setting>) {
        let key_region = key_arn.and_then(|given| {
            let (key_region, problem) = aws::key_arn(&given.value);
            if let Some(problem) = problem {
                let severity = (!problem.certain).then_some(Severity::Warning);
                let fact = rule::config::KmsArn {
                    arn: shown(&given.value),
                    reason: problem.reason,
                };
                self.report(given.word, severity, fact);
            }
            key_region
        });
        let Some(given) = region else { return };
        let reason = aws::region_problem(&given.value).or_else(|| {
            key_region
                .filter(|key_region| *key_region != given.value)
                .map(|key_region| format!("the key is in {key_region}"))
        });
        if let Some(reason) = reason {
            let fact = rule::config::KmsRegion {
                region: shown(&given.value),
                reason,
            };
            self.report(given.word, None, fact);
        }
    }

    /// The address of Tableau Services Manager, if it can be one.
    fn server(&mut self) -> Option<Setting> {
        let given = self.setting(Use::Server)?;
        let Some(reason) = url::problem(&given.value) else {
            return Some(given);
        };
        let fact = rule::config::TsmUrl {
            url: shown(&url::without_credentials(&given.value)),
            reason,
        };
        self.report(given.word, None, fact);
        None
    }

    pub(super) fn finish(mut self, route: &Route) -> TsmLine {
        let help = self.one(Use::Help).is_some()
            || matches!(route.reached, Reached::End) && asks_for_help(self.words);
        let mut command = TsmCommand::Unknown;
        if let Reached::Command(row) = route.reached {
            let at = route.words.last().copied().unwrap_or_default();
            for option in row.options {
                let absent = self
                    .given
                    .iter()
                    .all(|given| given.option.long != option.long);
                let severity = match option.need {
                    Need::Required => Severity::Error,
                    Need::Likely => Severity::Warning,
                    Need::Optional => continue,
                };
                if absent && !help {
                    self.missing(at, option.name(), severity);
                }
            }
            let own = |given: &Given<'_>| {
                let mut options = row.options.iter();
                options.any(|option| option.long == given.option.long)
            };
            if row.wants_one && !help && !self.given.iter().any(own) {
                // The first options in a row are those of a first configuration.
                let names = row.options.iter().take(5).map(|option| option.long);
                let names: Vec<_> = names.collect();
                self.missing(at, names.join("|"), Severity::Error);
            }
            command = self.command(row);
            if !help {
                self.judge_version(row, at);
            }
        }
        self.values();
        let server = self.server();
        self.judge_login();
        self.findings.sort_by_key(|finding| finding.subject.index);
        if self.unseen > 0 {
            let fact = rule::config::UnknownOption {
                command: self.name.clone(),
                option: format!("{} more like these", self.unseen),
                suggestion: None,
            };
            let subject = Subject {
                source: "tsm".into(),
                part: Part::Setting,
                index: self.place(self.words.len()),
                lines: None,
            };
            self.findings.push(Finding::new(fact, subject));
        }
        let is_output = |given: &&Given<'_>| matches!(given.option.used, Use::Output(_));
        let outputs = self.given.iter().filter(is_output);
        let outputs = outputs
            .filter_map(|given| given.value.map(str::to_owned))
            .collect();
        let trusts_any_controller = self.one(Use::TrustController).is_some();
        let effects = match route.reached {
            Reached::Command(row) if !help => effects(row.path, &command, self.version),
            _ => Vec::new(),
        };
        TsmLine {
            name: self.name,
            command,
            findings: self.findings,
            ours: self.ours,
            help,
            server,
            trusts_any_controller,
            effects,
            outputs,
            secrets: self.secrets,
        }
    }
}
