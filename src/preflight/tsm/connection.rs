//! The options that say how Tableau Server reaches a service, and the service manager.

use super::command::{Service, Setting};
use super::line::{Given, Reader};
use super::options::{Takes, Use};
use super::suggest::closest;
use crate::finding::Severity;
use crate::rule;
use crate::shown::value as shown;

impl Reader<'_> {
    pub(super) fn judge_type(&mut self, given: &Setting, types: &[&'static str], wrong: Severity) {
        if types.contains(&given.value.as_str()) {
            return;
        }
        let meant = closest(&given.value, types).map_or_else(|| types.join("|"), str::to_owned);
        let option = format!("--connection-type {}", shown(&given.value));
        let suggestion = format!("--connection-type {meant}");
        self.unknown(given.word, option, Some(suggestion), wrong);
    }

    /// A host is a name or an address: no URL, no port.
    pub(super) fn judge_host(&mut self, given: &Setting, wrong: Severity) {
        let value = given.value.as_str();
        let bare = value.split_once("://").map_or(value, |(_, rest)| rest);
        let bare = bare.split(['/', '?', '#']).next().unwrap_or_default();
        let is_ipv6 = bare.parse::<std::net::Ipv6Addr>().is_ok();
        let host = match bare.rsplit_once(':') {
            Some((host, _)) if !is_ipv6 => host,
            _ => bare,
        };
        if host == value {
            return;
        }
        let name = self
            .one(Use::Host)
            .map_or("--host", |option| option.option.name());
        let option = format!("{name} {}", shown(value));
        let suggestion = (!host.is_empty()).then(|| format!("{name} {}", shown(host)));
        self.unknown(given.word, option, suggestion, wrong);
    }

    /// A password that Tableau Server sends over a connection without TLS.
    pub(super) fn judge_password(&mut self, service: Service) {
        let own = |given: &&Given<'_>| given.secret && given.option.long.ends_with("-password");
        let global = |given: &&Given<'_>| given.option.long == "--password";
        let found = self
            .given
            .iter()
            .find(|option| own(option) && !global(option))
            .copied();
        if let Some(given) = found {
            let fact = rule::config::PasswordInClear {
                option: given.option.name().to_owned(),
                service: service.name().to_owned(),
            };
            self.report(given.word, None, fact);
        }
    }

    /// The options that say how `tsm` itself logs in.
    pub(super) fn judge_login(&mut self) {
        if let Some(given) = self.one(Use::TrustController) {
            self.report(given.word, None, rule::config::ControllerUnchecked {});
        }
        let has = |long: &str| self.given.iter().any(|given| given.option.long == long);
        let password = self
            .given
            .iter()
            .find(|given| given.option.long == "--password" && given.option.takes == Takes::Secret);
        if let Some(word) = password.map(|given| given.word)
            && !has("--username")
        {
            self.missing(word, "--username", Severity::Warning);
        }
    }
}
