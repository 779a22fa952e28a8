//! `NAME=VALUE` after the method of a record (`parse_hba_auth_opt` of 15.18).

use super::super::super::{UserName, shown};
use super::Kind;

/// Options of a record that stop the start.
#[derive(Default)]
pub(super) struct Options {
    pub(super) certificate: bool,
    /// `clientcert=verify-full`.
    full: bool,
    /// `clientname=DN`.
    by_subject: bool,
    pub(super) unread: bool,
    names: Vec<&'static str>,
}

/// Options and the methods that have them.
const OPTIONS: &[(&str, &[&str])] = &[
    ("map", &["ident", "peer", "gss", "cert"]),
    ("pamservice", &["pam"]),
    ("pam_use_hostname", &["pam"]),
    ("ldapurl", &["ldap"]),
    ("ldaptls", &["ldap"]),
    ("ldapscheme", &["ldap"]),
    ("ldapserver", &["ldap"]),
    ("ldapport", &["ldap"]),
    ("ldapbinddn", &["ldap"]),
    ("ldapbindpasswd", &["ldap"]),
    ("ldapsearchattribute", &["ldap"]),
    ("ldapsearchfilter", &["ldap"]),
    ("ldapbasedn", &["ldap"]),
    ("ldapprefix", &["ldap"]),
    ("ldapsuffix", &["ldap"]),
    ("krb_realm", &["gss"]),
    ("include_realm", &["gss"]),
    ("compat_realm", &[]),
    ("upn_username", &[]),
    ("radiusservers", &["radius"]),
    ("radiusports", &["radius"]),
    ("radiussecrets", &["radius"]),
    ("radiusidentifiers", &["radius"]),
];

impl Options {
    pub(super) fn one(&mut self, text: &str, method: &str, kind: Kind) -> Result<(), String> {
        // A word that is not an option may be a fragment of a secret.
        let Some((name, value)) = text.split_once('=') else {
            return Err("authentication option not in name=value format".to_owned());
        };
        if matches!(name, "clientcert" | "clientname") {
            if kind != Kind::HostSsl {
                return Err(format!(
                    "{name} can only be configured for \"hostssl\" rows"
                ));
            }
            return match (name, value) {
                ("clientcert", "verify-ca") if method == "cert" => Err(
                    "clientcert only accepts \"verify-full\" when using \"cert\" authentication"
                        .to_owned(),
                ),
                ("clientcert", "verify-ca" | "verify-full") => {
                    self.certificate = true;
                    self.full = value == "verify-full";
                    Ok(())
                }
                ("clientname", "CN" | "DN") => {
                    self.by_subject = value == "DN";
                    Ok(())
                }
                _ => Err(format!("invalid value for {name}: \"{}\"", shown(value))),
            };
        }
        let Some(&(name, methods)) = OPTIONS.iter().find(|option| option.0 == name) else {
            return Err(format!(
                "unrecognized authentication option name: \"{}\"",
                shown(name)
            ));
        };
        if !methods.contains(&method) {
            return Err(format!(
                "authentication option \"{name}\" is not valid for authentication method \"{method}\""
            ));
        }
        let digits = value.trim_start().trim_start_matches(['+', '-']);
        if name == "ldapport"
            && !digits
                .trim_start_matches('0')
                .starts_with(|c: char| c.is_ascii_digit())
        {
            return Err("invalid LDAP port number".to_owned());
        }
        // Addresses are looked up, and lists have their own rules.
        self.unread |= name == "ldapurl" || name.starts_with("radius");
        self.names.push(name);
        Ok(())
    }

    /// How the client's certificate is compared with the user's name (`CheckCertAuth`).
    pub(super) fn user(&self, method: &str) -> UserName {
        match method == "cert" || self.full {
            false => UserName::Any,
            true if self.by_subject || self.names.contains(&"map") => UserName::NotJudged,
            true => UserName::CommonName,
        }
    }

    /// Checks the options that a method requires.
    pub(super) fn complete(&self, method: &str) -> Result<(), String> {
        let has = |name: &str| self.names.contains(&name);
        let search = [
            "ldapbasedn",
            "ldapbinddn",
            "ldapbindpasswd",
            "ldapsearchattribute",
            "ldapsearchfilter",
        ];
        match method {
            "ldap" if has("ldapurl") => Ok(()),
            "ldap" if has("ldapprefix") || has("ldapsuffix") => {
                if search.iter().any(|word| has(word)) {
                    return Err("cannot use ldapbasedn and the like together with ldapprefix".to_owned());
                }
                Ok(())
            }
            "ldap" if !has("ldapbasedn") => Err(
                "authentication method \"ldap\" requires argument \"ldapbasedn\", \"ldapprefix\", or \"ldapsuffix\" to be set".to_owned(),
            ),
            "ldap" if has("ldapsearchattribute") && has("ldapsearchfilter") => {
                Err("cannot use ldapsearchattribute together with ldapsearchfilter".to_owned())
            }
            "radius" => match ["radiusservers", "radiussecrets"].iter().find(|option| !has(option)) {
                Some(name) => Err(format!(
                    "authentication method \"radius\" requires argument \"{name}\" to be set"
                )),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
