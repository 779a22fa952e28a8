//! The places of a server that ask clients for certificates, and the files that they name.

use super::words;
use crate::answer::Check;
use crate::encoding::Document;
use crate::finding::Subject;
use crate::handshake::ServerOffer;
use crate::preflight::Preflight;
use crate::preflight::found::Kept;
use crate::preflight::refused_settings::at_lines;
use crate::rule::{self, Finding};
use crate::server::authority_file::{Reading, read};
use crate::server::settings::{ClientAuth, Scope, Selection, Settings};
use crate::server::startup::StartOutcome;
use std::sync::Arc;

/// One place of the server, for clients' certificates.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) subject: Subject,
    pub(super) scope: Scope,
    /// The files of its CA certificates, and the directive of each.
    pub(super) cas: Vec<(&'static str, Arc<Document>)>,
    /// Files whose CA names are sent instead.
    pub(super) names: Vec<Arc<Document>>,
    pub(super) lists: Vec<Arc<Document>>,
    pub(super) unread: Option<String>,
    /// What the server offers; `None` if a setting that affects it is not understood.
    pub(super) offer: Option<ServerOffer>,
}

impl Preflight {
    /// The places that the names select; without settings, one that requires a certificate.
    pub(super) fn places(&self, checks: &mut Vec<Check>) -> Vec<Place> {
        let Some(both) = &self.settings else {
            return vec![self.without_settings()];
        };
        let (config, settings) = (both.0.as_str(), &both.1);
        let asked = self.asked_by_scope(settings);
        checks.extend(
            asked
                .open
                .into_iter()
                .map(|reason| Check::impossible("names", reason)),
        );
        if let Some(reason) = &settings.not_asked {
            checks.push(Check::impossible("client-access", reason.clone()));
        }
        if let Some(reason) = &settings.later {
            checks.push(Check::impossible("client-access", reason.clone()));
        }
        let chosen = settings.scopes.iter().zip(&asked.places);
        chosen
            .filter(|(scope, asked)| {
                scope.tls && !scope.rejects && (self.hosts.is_empty() || !asked.hosts.is_empty())
            })
            .map(|(scope, _)| self.place_of(scope, config, settings))
            .collect()
    }

    fn without_settings(&self) -> Place {
        let scope = self.given.as_ref().and_then(|given| given.scopes.first());
        let mut scope = scope.cloned().unwrap_or_default();
        scope.client_auth = Some(crate::server::settings::Placed {
            value: ClientAuth::Required,
            lines: None,
        });
        if !self.crl_files.is_empty() {
            scope.client_checks.revocation = crate::server::settings::ListsFor::Chain;
        }
        let setting = words::ca_setting(self.server);
        let source = self.ca_files.first();
        Place {
            name: self.server.name().to_owned(),
            subject: Subject::file(source.map_or("options", |document| document.source().name())),
            scope,
            cas: self
                .ca_files
                .iter()
                .map(|document| (setting, Arc::clone(document)))
                .collect(),
            names: Vec::new(),
            lists: self.crl_files.clone(),
            unread: None,
            offer: self.offer(),
        }
    }

    fn place_of(&self, scope: &Scope, config: &str, settings: &Settings) -> Place {
        let mut place = Place {
            name: scope.name.clone(),
            subject: at_lines(
                config,
                settings,
                scope
                    .client_auth
                    .as_ref()
                    .and_then(|auth| auth.lines)
                    .or(scope.lines),
            ),
            scope: scope.clone(),
            cas: Vec::new(),
            names: Vec::new(),
            lists: self.crl_files.clone(),
            unread: None,
            offer: self.server.offer_at(scope, settings.first_at(scope)),
        };
        if scope.ca_elsewhere && scope.client_checks.verify_only.is_empty() {
            let reason = "its CA certificates come from a directory or a store, which certcheck \
                did not read";
            place.unread = Some(reason.to_owned());
        }
        let own = |selection: &Selection| {
            selection.client_auth.is_some() || selection.ca.is_some() || selection.ca_elsewhere
        };
        if scope.selections.iter().any(own) {
            let reason = "single lines of the crt-list ask for client certificates, which certcheck did \
                 not judge";
            place.unread = Some(reason.to_owned());
        }
        if scope.selections.iter().any(Selection::has_settings) && place.unread.is_none() {
            let reason = "single lines of the crt-list change what the server accepts, which certcheck \
                 did not judge for clients' certificates";
            place.unread = Some(reason.to_owned());
        }
        if !self.crl_files.is_empty() {
            place.scope.client_checks.revocation = crate::server::settings::ListsFor::Chain;
        }
        for path in &scope.ca {
            if !self.ca_files.is_empty() {
                break;
            }
            match self.read_of(&path.path) {
                Ok(document) => place.cas.push((path.setting, document)),
                Err(reason) => place.unread = Some(reason),
            }
        }
        for path in &scope.client_checks.verify_only {
            match self.read_of(&path.path) {
                Ok(document) => place.cas.push((path.setting, document)),
                Err(reason) => place.unread = Some(reason),
            }
        }
        let setting = words::ca_setting(self.server);
        let given = self.ca_files.iter().map(|file| (setting, Arc::clone(file)));
        place.cas.extend(given);
        for (files, into) in [
            (&scope.client_checks.lists, &mut place.lists),
            (&scope.client_checks.names, &mut place.names),
        ] {
            for path in files {
                match self.read_of(&path.path) {
                    Ok(document) => into.push(document),
                    Err(reason) => place.unread = Some(reason),
                }
            }
        }
        place
    }

    /// A file of CA certificates that the server refuses when it starts.
    pub(super) fn refused_file(&self, place: &Place) -> Option<(StartOutcome, String, Finding)> {
        let auth = place.scope.client_auth.as_ref();
        if auth.is_none_or(|auth| auth.value == ClientAuth::None) {
            return None;
        }
        place.cas.iter().find_map(|(setting, document)| {
            let source = document.source();
            match read(self.server.name(), setting, source.name(), source.bytes())? {
                Reading::Refused(outcome, message) => {
                    let fact = rule::config::Refused {
                        setting: (*setting).to_owned(),
                        message: message.clone(),
                        noticed: outcome.noticed().to_owned(),
                    };
                    let finding = Finding::new(fact, Subject::file(source.name()));
                    Some((outcome, message, finding))
                }
                _ => None,
            }
        })
    }

    /// What was read at the path of a setting.
    pub(in crate::preflight) fn read_of(&self, path: &str) -> Result<Arc<Document>, String> {
        match self.found.get(path) {
            Some(Kept::Read(document)) => Ok(Arc::clone(document)),
            Some(Kept::Unreadable(reason)) => Err(format!("{path}: {reason}")),
            Some(Kept::Missing) => Err(format!("{path}: there is no such file")),
            Some(Kept::Directory) => Err(format!("{path} is a directory")),
            None => Err(format!("certcheck did not check {path}")),
        }
    }
}
