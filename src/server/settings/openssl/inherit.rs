//! What a place has from `openssl.cnf`, which OpenSSL applies to every new context
//! before the server's own settings. Measured below the versions of Debian 12: nginx,
//! httpd and HAProxy set versions themselves, PostgreSQL the oldest; all but HAProxy
//! always set a cipher string. A security level stays until another string names one.

use super::super::{Dh, Scope, Settings};
use super::{Meaning, apply, meaning};
use crate::cipher::{CipherList, SecurityLevel};
use crate::server::OpensslConf;

impl Settings {
    /// The same below an `openssl.cnf`.
    pub(in super::super) fn inherit(&mut self, conf: &OpensslConf) {
        const SETTING: &str = "openssl.cnf";
        if let Some((reason, lines)) = &conf.not_followed {
            let reason = format!("openssl.cnf, line {}: {reason}", lines.first);
            self.not_judged(SETTING, reason, 1);
        }
        let mut given = Scope::default();
        for command in &conf.commands {
            match meaning(&command.name, &command.value) {
                Meaning::Nothing | Meaning::Refused(_) => {}
                Meaning::Negotiates { .. } => {
                    apply(&command.name, &command.value, None, &mut given);
                }
                Meaning::Unknown => {
                    let reason = format!(
                        "openssl.cnf, line {}: certcheck does not judge what `{}` changes",
                        command.lines.first, command.name
                    );
                    self.not_judged(SETTING, reason, 1);
                }
            }
        }
        let (server, mut unjudged) = (self.server, false);
        for scope in &mut self.scopes {
            take(&given, server, scope);
            let level = scope.negotiation.inherited_level;
            unjudged |= level.is_some_and(|level| level > SecurityLevel::DEBIAN)
                && matches!(scope.negotiation.dh, Dh::Prime { file: Some(_), .. });
        }
        if unjudged {
            let reason =
                "certcheck does not judge whether its level accepts the parameters for DHE";
            self.not_judged(SETTING, reason, 1);
        }
    }
}

fn take(given: &Scope, server: &str, scope: &mut Scope) {
    if let Some(placed) = &given.ciphers {
        scope.negotiation.inherited_level = CipherList::openssl(&placed.value).level;
        if server == "haproxy" && scope.ciphers.is_none() {
            scope.ciphers = Some(placed.clone());
        }
    }
    let (of, own) = (&given.negotiation, &mut scope.negotiation);
    own.suites13 = own.suites13.take().or_else(|| of.suites13.clone());
    own.groups = own.groups.take().or_else(|| of.groups.clone());
    own.schemes = own.schemes.take().or_else(|| of.schemes.clone());
    own.prefers_own_order |= of.prefers_own_order;
    let limited = scope.protocols.as_ref().is_some_and(|protocols| {
        let value = protocols.string.split_once("ssl_max_protocol_version = '");
        value.is_some_and(|(_, value)| !value.starts_with('\''))
    });
    if server == "postgres" && !limited {
        own.newest = own.newest.take().or_else(|| of.newest.clone());
    }
}
