//! `tsm authentication …`: page "tsm authentication" (cli_authentication_tsm.htm), read to
//! its end.

use super::super::command::FileRole::{CaCertificate, Certificate, Key, Metadata, RevocationList};
use super::super::options::Takes::{Nothing, Secret, Value};
use super::super::options::Use::{self, File, Unused};
use super::super::options::{MAPPING, UrlForm, opt};
use super::{BOOLEAN, Command, Kind, SWITCH, command, listed, open, other};

pub(super) const COMMANDS: &[Command] = &[
    command(
        &["authentication", "saml", "configure"],
        Kind::Saml,
        &[
            opt("--cert-file", Value, File(Certificate)).short("-cf"),
            opt("--key-file", Value, File(Key)).short("-kf"),
            opt("--idp-entity-id", Value, Unused).short("-e"),
            opt("--idp-return-url", Value, Use::Url(UrlForm::Return)).short("-r"),
            opt("--idp-metadata", Value, File(Metadata)).short("-i"),
            opt("--max-auth-age", Value, Use::Number("seconds")).short("-a"),
            opt("--desktop-access", Value, SWITCH).short("-d"),
            opt("--mobile-access", Value, SWITCH).short("-m"),
            opt("--signout", Value, SWITCH).short("-so"),
            opt("--signout-url", Value, Unused).short("-su"),
        ],
    )
    .wants_one(),
    command(
        &["authentication", "mutual-ssl", "configure"],
        Kind::MutualSsl,
        &[
            opt("--ca-cert", Value, File(CaCertificate)).short("-cf"),
            opt("--revocation-file", Value, File(RevocationList)).short("-rf"),
            opt("--fallback-to-basic", Value, BOOLEAN).short("-fb"),
            opt("--user-name-mapping", Value, MAPPING).short("-m"),
        ],
    )
    .wants_one(),
    other(&["authentication", "identity-migration"]),
    other(&["authentication", "identity-pools"]),
    listed(
        &["authentication", "kerberos", "configure"],
        &[opt("--keytab-file", Value, Unused).short("-kt").required()],
    ),
    listed(&["authentication", "kerberos", "disable"], &[]),
    listed(&["authentication", "kerberos", "enable"], &[]),
    other(&["authentication", "legacy-identity-mode"]),
    listed(
        &["authentication", "list"],
        &[opt("--verbose", Nothing, Unused).short("-v")],
    ),
    listed(&["authentication", "mutual-ssl", "disable"], &[]),
    listed(&["authentication", "mutual-ssl", "enable"], &[]),
    listed(
        &["authentication", "openid", "configure"],
        &[
            opt("--client-id", Value, Unused).short("-i"),
            opt("--client-secret", Secret, Unused).short("-cs"),
            opt("--config-url", Value, Use::Url(UrlForm::Provider)).short("-cu"),
            // The reference has --config-file, the guide --metadata-file.
            opt("--config-file", Value, Unused).short("-mf"),
            opt("--metadata-file", Value, Unused),
            opt("--return-url", Value, Use::Url(UrlForm::Return)).short("-r"),
            opt("--client-authentication", Value, Unused).short("-a"),
            opt("--custom-scope-name", Value, Unused).short("-sn"),
            opt("--ignore-domain", Value, BOOLEAN).short("-id"),
            opt("--iframed-idp-enabled", Value, BOOLEAN).short("-if"),
            opt("--ignore-jwk", Value, BOOLEAN).short("-ij"),
        ],
    )
    .wants_one(),
    listed(&["authentication", "openid", "disable"], &[]),
    listed(&["authentication", "openid", "enable"], &[]),
    listed(&["authentication", "openid", "get-redirect-url"], &[]),
    // A shell completion from 2018 has --static-claim too.
    open(
        &["authentication", "openid", "map-claims"],
        Kind::Listed,
        &[
            opt("--id", Value, Unused).short("-i"),
            opt("--user-name", Value, Unused).short("-un"),
        ],
    ),
    other(&["authentication", "pat-impersonation"]),
    listed(&["authentication", "saml", "disable"], &[]),
    listed(&["authentication", "saml", "enable"], &[]),
    listed(
        &["authentication", "saml", "export-metadata"],
        &[
            opt("--file", Value, Use::Output("xml")).short("-f"),
            opt("--overwrite", Nothing, Unused).short("-o"),
        ],
    ),
    listed(
        &["authentication", "saml", "map-assertions"],
        &[
            opt("--user-name", Value, Unused).short("-r"),
            opt("--email", Value, Unused).short("-e"),
            opt("--domain", Value, Unused).short("-o"),
            opt("--display-name", Value, Unused).short("-d"),
        ],
    ),
    listed(&["authentication", "sitesaml", "disable"], &[]),
    listed(&["authentication", "sitesaml", "enable"], &[]),
    listed(&["authentication", "sspi", "disable"], &[]),
    listed(&["authentication", "sspi", "enable"], &[]),
    other(&["authentication", "trusted"]),
];
