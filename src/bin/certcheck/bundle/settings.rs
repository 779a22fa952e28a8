//! The statements about TLS in settings: those that a list has for the syntax of the file.
//!
//! The syntax follows from what the server uses the file for, never from the file's name. Each syntax has
//! its own list of whole names, and a form for each value (`form.rs`). In a block that is left out,
//! everything is left out. Of all other statements not even the name is taken over, because the
//! first word of a password file would be a password.

use super::form::Form;
use super::sheet::Sheet;
use super::{apache, haproxy, nginx, openssl_cnf, pairs, postgres};

/// How a file of settings is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Nginx,
    Apache,
    Haproxy,
    Postgres,
    Hba,
    Tabpy,
    Rserve,
    OpensslCnf,
}

/// The commands of `SSL_CONF_cmd` that name no file.
pub(super) const CONF_COMMANDS: Form = Form::Words(&[
    "MinProtocol",
    "MaxProtocol",
    "Protocol",
    "CipherString",
    "Ciphersuites",
    "Options",
    "Groups",
    "Curves",
    "SignatureAlgorithms",
    "ClientSignatureAlgorithms",
]);

impl Syntax {
    /// That of a server's settings.
    pub(crate) fn of(server: &str) -> Option<Self> {
        Some(match server {
            "nginx" => Self::Nginx,
            "apache" => Self::Apache,
            "haproxy" => Self::Haproxy,
            "postgres" => Self::Postgres,
            "tabpy" => Self::Tabpy,
            "rserve" => Self::Rserve,
            _ => return None,
        })
    }

    /// That of the files next to a server's settings that have a syntax of their own. HAProxy's
    /// lists of certificates are not kept.
    pub(crate) fn beside(server: &str) -> Option<Self> {
        (server == "postgres").then_some(Self::Hba)
    }

    /// The statements about TLS, and what that is in words.
    pub(super) fn statements(self, text: &str) -> (Option<String>, String) {
        let mut sheet = Sheet::default();
        let read = match self {
            Self::Nginx => nginx::read,
            Self::Apache => apache::read,
            Self::Haproxy => haproxy::read,
            Self::Postgres => postgres::parameters,
            Self::Hba => postgres::records,
            Self::Tabpy => pairs::tabpy,
            Self::Rserve => pairs::rserve,
            Self::OpensslCnf => openssl_cnf::read,
        };
        // A byte order mark is no part of the first name.
        read(text.trim_start_matches('\u{feff}'), &mut sheet);
        sheet.finish()
    }
}
