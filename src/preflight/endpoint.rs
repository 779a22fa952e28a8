//! One place of a server's settings, without its files and names.

use crate::cipher::SecurityLevel;
use crate::handshake::ServerOffer;
use crate::server::settings::{FileUse, ProtocolSetting, Staples};
use crate::server::startup::{Condition, StartOutcome};

/// A virtual host, a `bind` line, or the server.
/// What a client that asks for no name is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Nameless {
    /// The same as one that asks for the endpoint's name.
    #[default]
    Same,
    /// This one of the endpoint's certificates, and no other (HAProxy's `default_ctx`).
    Only(usize),
    /// Another certificate, or none.
    Other,
}

#[derive(Debug, Default)]
pub(super) struct Endpoint {
    /// The file of settings in which the protocol versions are set.
    pub(super) protocols_in: String,
    /// The conditions that missing files cause.
    pub(super) conditions: Vec<Condition>,
    /// Files that could not be read here, though the server may be able to.
    pub(super) unread: Vec<(FileUse, String)>,
    /// The private key is loaded before the certificate.
    pub(super) key_first: bool,
    /// A setting tells the server where to get the passphrase.
    pub(super) passphrase: bool,
    /// It starts without a certificate.
    pub(super) certificate_optional: bool,
    /// The server rejects a client without a certificate.
    pub(super) client_auth: bool,
    /// What is asked of clients' certificates.
    pub(super) asked_of_clients: Option<super::client_ca::Asked>,
    /// What a client that asks for no name is given.
    pub(super) nameless: Nameless,
    /// Which OCSP responses it staples.
    pub(super) staples: Staples,
    /// The PROXY protocol is required before TLS.
    pub(super) proxy_protocol: bool,
    /// The directive of each file of CA certificates, in their order.
    pub(super) ca_directives: Vec<&'static str>,
    /// CA certificates come from somewhere other than its CA files.
    pub(super) ca_elsewhere: bool,
    pub(super) protocols: Option<ProtocolSetting>,
    /// What the server offers in a handshake, except its keys; `None` if a setting
    /// that affects it is not understood.
    pub(super) offer: Option<ServerOffer>,
    /// The name that a client asks for chooses among the certificates.
    pub(super) by_name: bool,
    /// The security level that the settings set before the certificates are loaded;
    /// `None` if they do not.
    pub(super) level: Option<SecurityLevel>,
    /// The outcome that the settings alone already cause.
    pub(super) refused: Option<(StartOutcome, String)>,
}

impl Endpoint {
    /// Why a file of this use could not be looked at.
    pub(super) fn unread(&self, usage: FileUse) -> Option<&str> {
        let (_, reason) = self.unread.iter().find(|(of, _)| *of == usage)?;
        Some(reason)
    }

    /// Whether the other one is the same but for the place of the setting of protocol versions.
    /// What is asked of clients is at its own lines, and is not compared.
    pub(super) fn differs_only_in_lines(&self, other: &Self) -> bool {
        let Self {
            protocols_in: _,
            conditions,
            unread,
            key_first,
            passphrase,
            certificate_optional,
            client_auth,
            asked_of_clients,
            nameless,
            staples,
            proxy_protocol,
            ca_directives,
            ca_elsewhere,
            protocols,
            offer,
            by_name,
            level,
            refused,
        } = self;
        let same_protocols = match (protocols, &other.protocols) {
            (Some(own), Some(other)) => {
                let ProtocolSetting {
                    dialect,
                    string,
                    global,
                    lines: _,
                } = own;
                *dialect == other.dialect && *string == other.string && *global == other.global
            }
            (own, other) => own.is_none() && other.is_none(),
        };
        same_protocols
            && asked_of_clients.is_none()
            && other.asked_of_clients.is_none()
            && *conditions == other.conditions
            && *unread == other.unread
            && *key_first == other.key_first
            && *passphrase == other.passphrase
            && *certificate_optional == other.certificate_optional
            && *client_auth == other.client_auth
            && *nameless == other.nameless
            && *staples == other.staples
            && *proxy_protocol == other.proxy_protocol
            && *ca_directives == other.ca_directives
            && *ca_elsewhere == other.ca_elsewhere
            && *offer == other.offer
            && *by_name == other.by_name
            && *level == other.level
            && *refused == other.refused
    }
}
