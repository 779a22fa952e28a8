//! What the section that `openssl_conf` names does, module by module, until one fails.
//!
//! Source: OpenSSL 3.0, crypto/conf/conf_mod.c, ssl/ssl_mcnf.c and the `*_conf.c` of each
//! module; measured with 3.0.19 under nginx, httpd and HAProxy.

use super::lines::{Entry, Sections};
use super::{Command, OpensslConf};
use crate::source::Lines;

/// The modules, in OpenSSL's order: a name selects the first module whose name it begins with.
const MODULES: [&str; 7] = [
    "oid_section",
    "stbl_section",
    "engines",
    "alg_section",
    "ssl_conf",
    "providers",
    "random",
];

/// The next module is not reached.
struct Stops;

/// Applies the sections.
pub(super) fn run(sections: &Sections, conf: &mut OpensslConf) {
    let Some(init) = sections.value("default", "openssl_conf") else {
        return;
    };
    let all = sections.get(&init.value).unwrap_or_default();
    let stopped = all.iter().any(|entry| one(sections, entry, conf).is_err());
    let heard = sections.value("default", "config_diagnostics");
    if let Some(heard) = heard
        && (stopped || sections.get(&init.value).is_none())
        && heard.value != "0"
    {
        conf.open(
            "certcheck does not judge what config_diagnostics does with the error",
            heard.line,
        );
    }
}

fn one(sections: &Sections, entry: &Entry, conf: &mut OpensslConf) -> Result<(), Stops> {
    // `ssl_conf.1`: the part after the last dot only makes names distinct.
    let name = entry
        .name
        .rsplit_once('.')
        .map_or(&*entry.name, |parts| parts.0);
    let Some(module) = MODULES.into_iter().find(|module| module.starts_with(name)) else {
        // OpenSSL looks for a provider library with this name.
        if sections.value(&entry.value, "path").is_some() {
            let why = format!(
                "certcheck does not know the module {}",
                crate::shown::value(name)
            );
            conf.open(&why, entry.line);
        }
        return Err(Stops);
    };
    if module == "ssl_conf" {
        conf.commands = commands(sections, &entry.value)?;
        return Ok(());
    }
    let section = sections.get(&entry.value).ok_or(Stops)?;
    match module {
        "oid_section" => section.iter().try_for_each(|entry| object(entry, conf)),
        "engines" => section
            .iter()
            .try_for_each(|entry| engine(sections, entry, conf)),
        "alg_section" => section.iter().try_for_each(|entry| algorithms(entry, conf)),
        "providers" => providers(sections, section, conf),
        "random" => section.iter().try_for_each(|entry| random(entry, conf)),
        _ => {
            if let Some(entry) = section.first() {
                conf.open("types of strings are not followed", entry.line);
            }
            Ok(())
        }
    }
}

/// The commands for every context. If any of its sections is missing or empty, the module fails and
/// no command remains.
fn commands(sections: &Sections, section: &str) -> Result<Vec<Command>, Stops> {
    let filled = |name: &str| sections.get(name).filter(|entries| !entries.is_empty());
    let names = filled(section).ok_or(Stops)?;
    if names.iter().any(|entry| filled(&entry.value).is_none()) {
        return Err(Stops);
    }
    let system = names.iter().find(|entry| entry.name == "system_default");
    let commands = system.and_then(|entry| filled(&entry.value));
    let command = |entry: &Entry| Command {
        // `1.Options`: the part before the dot only makes names distinct.
        name: entry
            .name
            .split_once('.')
            .map_or(&*entry.name, |(_, name)| name)
            .to_owned(),
        value: entry.value.clone(),
        lines: Lines::new(entry.line, entry.line),
    };
    Ok(commands.into_iter().flatten().map(command).collect())
}

/// A new object identifier (`do_create`): a number, whose name must be new.
fn object(entry: &Entry, conf: &mut OpensslConf) -> Result<(), Stops> {
    let number = entry
        .value
        .rsplit_once(',')
        .map_or(&*entry.value, |parts| parts.1);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = number.trim().split('.');
    if !(parts.clone().count() > 1 && parts.all(digits)) {
        return Err(Stops);
    }
    // `1.2.3.4` is not assigned: OpenSSL's own example.
    if !number.trim().starts_with("1.2.3.4.") {
        let why = "certcheck does not know whether OpenSSL already has this object identifier";
        conf.open(why, entry.line);
    }
    Ok(())
}

fn engine(sections: &Sections, entry: &Entry, conf: &mut OpensslConf) -> Result<(), Stops> {
    let commands = sections.get(&entry.value).ok_or(Stops)?;
    if !commands.is_empty() {
        conf.open("certcheck does not judge engines", entry.line);
    }
    Ok(())
}

fn algorithms(entry: &Entry, conf: &mut OpensslConf) -> Result<(), Stops> {
    // Here a part before a dot has no special meaning.
    match entry.name.as_str() {
        "fips_mode" => {
            let value = entry.value.as_str();
            match value {
                "TRUE" | "true" | "Y" | "y" | "YES" | "yes" => fips_alone(conf, entry),
                "FALSE" | "false" | "N" | "n" | "NO" | "no" => {}
                _ => return Err(Stops),
            }
            Ok(())
        }
        "default_properties" => {
            let value = entry.value.replace(' ', "");
            match value.as_str() {
                // `?` makes a property optional; none of these requires FIPS (3.0.19).
                "" | "fips=no" | "?fips=yes" => {}
                "fips=yes" | "fips" => fips_alone(conf, entry),
                _ => conf.open("certcheck does not judge default_properties", entry.line),
            }
            Ok(())
        }
        _ => Err(Stops),
    }
}

/// Only algorithms of a FIPS provider count from here on.
fn fips_alone(conf: &mut OpensslConf, entry: &Entry) {
    conf.fips_alone = Some(Lines::new(entry.line, entry.line));
}

fn random(entry: &Entry, conf: &mut OpensslConf) -> Result<(), Stops> {
    let known = [
        "random",
        "cipher",
        "digest",
        "properties",
        "seed",
        "seed_properties",
    ];
    if !known
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&entry.name))
    {
        return Err(Stops);
    }
    let generators = ["CTR-DRBG", "HASH-DRBG", "HMAC-DRBG"];
    let usual = entry.name == "random" && generators.contains(&entry.value.as_str());
    if !usual {
        let why = "certcheck does not know whether OpenSSL has this random number generator";
        conf.open(why, entry.line);
    }
    Ok(())
}

/// Providers, in order. After the first activation, OpenSSL no longer loads the default provider
/// implicitly: only activated providers count.
fn providers(sections: &Sections, section: &[Entry], conf: &mut OpensslConf) -> Result<(), Stops> {
    for entry in section {
        let Some(commands) = sections.get(&entry.value) else {
            return Err(Stops);
        };
        let find = |name: &str| commands.iter().find(|entry| entry.name == name);
        let own = entry
            .name
            .split_once('.')
            .map_or(&*entry.name, |(_, name)| name);
        let identity = find("identity").map_or(own, |entry| entry.value.as_str());
        // Only the presence of the word counts, even with the value 0 (measured: 3.0.19).
        if find("activate").is_none() {
            continue;
        }
        let lines = Lines::new(entry.line, entry.line);
        conf.activated.get_or_insert(lines);
        match (identity, find("module")) {
            ("default", None) => conf.default_activated = true,
            ("base" | "null" | "legacy", None) => {}
            (identity, _) => {
                conf.others_activated = true;
                // The provider may be one that TLS needs, or may fail to load, which ends the reading.
                let why = format!(
                    "certcheck does not know whether OpenSSL finds the provider {}, and what it \
                     offers",
                    crate::shown::value(identity)
                );
                conf.open(&why, entry.line);
            }
        }
    }
    Ok(())
}
