//! pg_hba.conf: who may connect, and how (`hba.c` of PostgreSQL 15.18, built for Debian).
//!
//! A line is cut into fields at blanks, a field into tokens at commas; `"…"` quotes, `\` at the end
//! of a line continues it, and `@FILE` inserts the tokens of a file. A record with an error stops
//! the start.

use super::super::{UserName, shown};
use address::{ip, with_mask};
use options::Options;
use reach::{Address, Names};
use std::net::IpAddr;
use token::{Fields, Token, fields, logical};

mod address;
mod options;
pub(super) mod reach;
mod token;

/// How many errors are kept; one stops the server.
const MOST_ERRORS: usize = 16;

/// How many records are kept.
const MOST_RECORDS: usize = 4096;

/// What exists at `@FILE`.
pub(super) enum Named {
    Text(String),
    Missing,
    /// It was not read here.
    Unknown,
}

/// Which connections a record is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Local,
    Host,
    HostSsl,
    HostNoSsl,
    HostGss,
    HostNoGss,
}

/// A record, for connections over TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) rejects: bool,
    /// The databases that it is for.
    pub(super) databases: Names,
    /// The users that it is for.
    pub(super) roles: Names,
    /// Where clients may come from.
    pub(super) address: Address,
    /// A certificate of the client is required.
    pub(super) certificate: bool,
    /// How the certificate is compared with the user's name.
    pub(super) user: UserName,
    /// Its method is SCRAM, also for `md5` where the password is kept so (auth.c, `ClientAuthentication`).
    pub(super) scram: bool,
    /// Its method depends on more than this build (`radius`, `ldap`): a part of it was not read.
    pub(super) unread: bool,
}

impl Record {
    /// Whether it is for connections over TCP and TLS.
    pub(super) fn over_tls(&self) -> bool {
        matches!(self.kind, Kind::Host | Kind::HostSsl | Kind::HostNoGss)
    }
}

/// The result of the file.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub(super) records: Vec<Record>,
    pub(super) errors: Vec<(usize, String)>,
    /// A file of names that was not read.
    pub(super) unread: bool,
}

/// Reads the file; `named` returns what exists at a path.
pub(super) fn read(text: &str, named: &mut dyn FnMut(&str) -> Named) -> Access {
    let mut access = Access::default();
    for (line, whole) in logical(text) {
        if access.errors.len() >= MOST_ERRORS || access.records.len() >= MOST_RECORDS {
            break;
        }
        let record = fields(&whole, named, &mut access.unread, 0).and_then(|fields| {
            if fields.is_empty() {
                return Ok(None);
            }
            record(&fields, line).map(Some)
        });
        match record {
            Ok(record) => access.records.extend(record),
            Err(problem) => access.errors.push((line, problem)),
        }
    }
    // `load_hba` refuses a file without a record: no one could ever connect.
    if access.errors.is_empty() && access.records.is_empty() && !access.unread {
        access.errors.push((1, "it contains no entries".to_owned()));
    }
    access
}

const METHODS: &[&str] = &[
    "trust",
    "ident",
    "peer",
    "password",
    "gss",
    "reject",
    "md5",
    "scram-sha-256",
    "pam",
    "ldap",
    "cert",
    "radius",
];

fn record(fields: &Fields, line: usize) -> Result<Record, String> {
    let mut rest = fields.iter();
    let mut next = |what: &str| {
        rest.next()
            .ok_or_else(|| format!("end-of-line before {what}"))
    };
    let kind = only(next("connection type")?, "connection type")?;
    let kind = match kind.text.as_str() {
        "local" => Kind::Local,
        "host" => Kind::Host,
        "hostssl" => Kind::HostSsl,
        "hostnossl" => Kind::HostNoSsl,
        "hostgssenc" => Kind::HostGss,
        "hostnogssenc" => Kind::HostNoGss,
        other => return Err(format!("invalid connection type \"{}\"", shown(other))),
    };
    let databases = next("database specification")?;
    let roles = next("role specification")?;
    let mut reach = Address::All;
    if kind != Kind::Local {
        // The mask is a separate field only after a plain address: `10.0.0.0/8`, `all` and host
        // names have none.
        let address = only(next("IP address specification")?, "host address")?;
        reach = Address::of(address);
        if !["all", "samehost", "samenet"]
            .iter()
            .any(|keyword| address.is(keyword))
            && let Some(own) = with_mask(&address.text)?
        {
            let mask = only(next("netmask specification")?, "netmask")?;
            let mask: IpAddr = ip(&mask.text)
                .ok_or_else(|| format!("invalid IP mask \"{}\"", shown(&mask.text)))?;
            // An IPv4 mask does not fit an IPv6 address; PostgreSQL compares the families
            // before it opens a port.
            if mask.is_ipv4() != own.is_ipv4() {
                return Err("IP address and mask do not match".to_owned());
            }
            reach = Address::masked(own, mask);
        }
    }
    let method = only(next("authentication method")?, "authentication type")?;
    let method = method.text.as_str();
    if !METHODS.contains(&method) {
        return Err(format!(
            "invalid authentication method \"{}\"",
            shown(method)
        ));
    }
    match (method, kind) {
        ("gss", Kind::Local) => {
            return Err("gssapi authentication is not supported on local sockets".to_owned());
        }
        ("peer", it) if it != Kind::Local => {
            return Err("peer authentication is only supported on local sockets".to_owned());
        }
        ("cert", it) if it != Kind::HostSsl => {
            return Err("cert authentication is only supported on hostssl connections".to_owned());
        }
        _ => {}
    }
    // `ident` on a local socket is `peer`.
    let mut options = Options::default();
    // Options may be in fields or in tokens of one field: `clientcert=verify-ca,map=x` is two.
    for token in rest.flatten() {
        options.one(&token.text, method, kind)?;
    }
    options.complete(method)?;
    Ok(Record {
        line,
        kind,
        rejects: method == "reject",
        databases: Names::databases(databases),
        roles: Names::roles(roles),
        address: reach,
        certificate: method == "cert" || options.certificate,
        user: options.user(method),
        scram: matches!(method, "scram-sha-256" | "md5"),
        unread: options.unread,
    })
}

fn only<'t>(tokens: &'t [Token], what: &str) -> Result<&'t Token, String> {
    match tokens {
        [one] => Ok(one),
        _ => Err(format!("multiple values specified for {what}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Named, read};

    fn access(text: &str) -> Access {
        read(text, &mut |file| match file {
            "names" => Named::Text("a, b # c\nd\n".to_owned()),
            _ => Named::Missing,
        })
    }

    /// What PostgreSQL 15.18 said.
    #[test]
    fn files_as_measured() {
        for text in [
            "host all all all trust",
            "host all all 127.0.0.1/32 md5 # c",
            "host all all 127.0.0.1 255.255.255.255 scram-sha-256",
            "host \"a b\",all \"all\" ::1/128 trust\n",
            "local all all peer map=x",
            "host all \\\nall all trust",
            "host @names all example.com trust",
            "hostssl all all all cert clientcert=verify-full map=x",
            "hostssl all all .example.com md5 clientcert=verify-ca clientname=DN",
            "host all all all ldap ldapserver=x ldapbasedn=\"dc=x\"",
            "host all all 10 255.0.0.0 trust",
        ] {
            assert_eq!(access(text).errors, [], "{text}");
        }
        for text in [
            "",
            "# nothing",
            "bogus all all all trust",
            "host all all trust",
            "host all all 127.0.0.1 trust",
            "host all all 127.0.0.1/33 trust",
            "host all all example.com/8 trust",
            "host all all all bogus",
            "host all all all cert",
            "hostssl all all all md5 clientcert=1",
            "host all all all md5 clientcert=verify-ca",
            "host all all all trust x",
            "host all all all trust x=y",
            "host all all all peer",
            "host all all all ldap",
            "host,hostssl all all all trust",
            "host @nowhere all all trust",
        ] {
            assert!(!access(text).errors.is_empty(), "{text}");
        }
        let long = format!("host {} all all trust", "a".repeat(10240));
        assert!(!access(&long).errors.is_empty());
    }

    #[test]
    fn who_is_let_in() {
        let found =
            access("local all all trust\nhostssl all all all cert\nhost all all all reject\n");
        let says: Vec<_> = found
            .records
            .iter()
            .map(|record| {
                (
                    record.line,
                    record.over_tls(),
                    record.rejects,
                    record.certificate,
                )
            })
            .collect();
        assert_eq!(
            says,
            [
                (1, false, false, false),
                (2, true, false, true),
                (3, true, true, false)
            ]
        );
    }
}
