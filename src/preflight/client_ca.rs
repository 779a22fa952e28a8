//! Can any client's certificate satisfy the server's client CA setting?
//!
//! An intermediate alone, an end-entity, a root that has expired: the server starts, and
//! refuses every certificate that a client shows. certcheck can say so without knowing any client.

use super::Preflight;
use super::as_client::{store::ClientCas, words};
use crate::client::peer::ServerChecks;
use crate::encoding::Document;
use crate::finding::{Severity, Subject};
use crate::model::RevocationList;
use crate::objects::Opened;
use crate::rule::{self, Finding};
use crate::server::settings::{ClientAuth, FileUse, Scope, Settings};
use std::sync::Arc;

/// What a place of the settings asks of clients.
#[derive(Debug)]
pub(super) struct Asked {
    auth: ClientAuth,
    /// The settings of the place.
    scope: Scope,
    lists: Vec<Arc<Document>>,
    /// Whether a list could not be read.
    unread: bool,
    subject: Subject,
}

impl Preflight {
    /// What a place asks; `None` if it does not ask, or accepts any certificate.
    pub(super) fn asked_of_clients(
        &self,
        scope: &Scope,
        config: &str,
        settings: &Settings,
    ) -> Option<Asked> {
        let placed = scope.client_auth.as_ref()?;
        let checks = &scope.client_checks;
        if placed.value == ClientAuth::None || checks.any_issuer || scope.ca_elsewhere {
            return None;
        }
        let mut lists = Vec::new();
        let mut unread = false;
        for path in &checks.lists {
            match self.read_of(&path.path) {
                Ok(document) => lists.push(document),
                Err(_) => unread = true,
            }
        }
        Some(Asked {
            auth: placed.value,
            scope: scope.clone(),
            lists,
            unread,
            subject: super::refused_settings::at_lines(
                config,
                settings,
                placed.lines.or(scope.lines),
            ),
        })
    }

    /// The finding if every client's certificate is refused.
    pub(super) fn client_ca(&self) -> Option<Finding> {
        let endpoint = self.endpoint.as_ref()?;
        let asked = endpoint.asked_of_clients.as_ref()?;
        // A server that does not start refuses no client.
        if endpoint.refused.is_some() {
            return None;
        }
        if endpoint.unread(FileUse::Ca).is_some() || self.ca_files.is_empty() || asked.unread {
            return None;
        }
        // A setting that was not interpreted may skip the list or ignore the error.
        let checks = &asked.scope.client_checks;
        if !checks.overlooked.is_empty()
            || checks.not_interpreted.is_some() && !checks.lists_by_name
        {
            return None;
        }
        let cas = ClientCas::of(self.ca_files.iter().map(|document| &**document));
        let roots = cas.parsed(&self.computed);
        let lists = self.open(&asked.lists, None);
        let lists: Vec<_> = lists.iter().flat_map(Opened::objects).collect();
        let lists: Vec<RevocationList<'_>> = lists
            .iter()
            .filter_map(|list| list.crl().cloned())
            .collect();
        let checks = ServerChecks {
            level: asked.scope.security_level(),
            depth: None,
        };
        let which = asked.scope.client_checks.revocation;
        let Some(hopeless) = cas.hopeless(&roots, &lists, which, self.at, checks) else {
            let closed = cas.closed(&roots, &lists, which, self.at)?;
            let issued_by = match closed.others {
                0 => format!("`{}`", closed.issuer),
                1 => format!("`{}` or another CA of the file", closed.issuer),
                others => format!("`{}` or {others} other CAs of the file", closed.issuer),
            };
            let fact = rule::config::ClientCa {
                setting: words::ca_setting(self.server).to_owned(),
                issued_by: Some(issued_by),
                reason: closed.why.reason,
                says: closed.why.says,
                fix: closed.why.fix.to_owned(),
            };
            let finding = Finding::new(fact, asked.subject.clone());
            return Some(
                finding
                    .with_severity(Severity::Warning)
                    .because("certificates of the other CAs are accepted"),
            );
        };
        let fact = rule::config::ClientCa {
            setting: words::ca_setting(self.server).to_owned(),
            issued_by: None,
            reason: hopeless.reason,
            says: hopeless.says,
            fix: hopeless.fix.to_owned(),
        };
        let finding = Finding::new(fact, asked.subject.clone());
        Some(if asked.auth == ClientAuth::Required {
            finding
        } else {
            finding
                .with_severity(Severity::Warning)
                .because("clients without a certificate are let in")
        })
    }
}
