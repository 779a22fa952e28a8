//! `server` lines: what HAProxy loads for TLS connections to others. If that fails, it does not
//! start either (`ssl_sock_prepare_srv_ctx` of 2.6.12).

use super::super::openssl::{Tls13, refuses_ciphers, tls13_suites};
use super::super::{Context, NamedPath, Placed, Settings, path, shown};
use super::global::Global;
use super::line::{admitted, base, placed};
use super::{TEST, acl, beside, stores, values};

/// The combined words of a server, those of `default-server` first.
#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    tls: bool,
    checks: bool,
    verify: Option<bool>,
    trusted: bool,
    certificate: Option<String>,
    ciphers: Option<Placed<String>>,
    suites13: Option<Placed<String>>,
    versions: Vec<String>,
    sni: Option<String>,
}

/// The words after name and address of `server`, or after `default-server`; `server` holds the
/// initial values, and then the result.
pub(super) fn line(
    keyword: &str,
    words: &[String],
    server: &mut Server,
    global: &Global,
    number: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let of_default = keyword != "default-server" && server.tls;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let Some(count) = admitted("server", keyword, word, number, settings) else {
            return;
        };
        let value = if count == 0 { None } else { rest.next() };
        let value = value.filter(|value| !value.is_empty());
        if count > 0 && value.is_none() {
            let message = format!("'{}' expects an argument", shown(word));
            settings.refuse_at(keyword, &message, TEST, number);
            return;
        }
        let value = value.map_or("", String::as_str);
        if let Err(message) = values::option("server", word, value) {
            settings.refuse_at(keyword, &message, TEST, number);
            return;
        }
        let from = |own: &str| path::join(base(own, context), value);
        match word.as_str() {
            // `usesrc` and more may follow.
            "source" => return,
            "ssl" => server.tls = true,
            // The context prepared by `default-server ssl` remains, unused (measured: 2.6.12).
            "no-ssl" => server.tls = of_default,
            "check-ssl" => server.checks = true,
            "no-check-ssl" => server.checks = false,
            "verify" => server.verify = Some(value == "required"),
            "ca-file" | "crl-file" => {
                server.trusted |= word == "ca-file";
                if !stores::is_of_system(value, &global.ca_base) {
                    let file = from(&global.ca_base);
                    stores::check(word, &file, number, context, settings);
                }
            }
            "crt" => server.certificate = Some(from(&global.certificate_base)),
            "ciphers" => server.ciphers = placed(value, number),
            "ciphersuites" => server.suites13 = placed(value, number),
            "ssl-min-ver" | "ssl-max-ver" => {
                server.versions.push(word.clone());
                server.versions.push(value.to_owned());
            }
            // `option is not accepted in default-server sections`: it has no effect there, and
            // HAProxy starts (measured: 2.6.12).
            "no-sslv3" | "no-tlsv10" | "no-tlsv11" | "no-tlsv12" | "no-tlsv13"
                if keyword == "default-server" => {}
            "no-sslv3" | "no-tlsv10" | "no-tlsv11" | "no-tlsv12" | "no-tlsv13" | "force-sslv3"
            | "force-tlsv10" | "force-tlsv11" | "force-tlsv12" | "force-tlsv13" => {
                server.versions.push(word.clone());
            }
            "sni" => server.sni = Some(value.to_owned()),
            _ => {}
        }
    }
    // Read for each server, and the last one counts (measured: 2.6.12).
    let sni = server
        .sni
        .as_deref()
        .filter(|_| keyword != "default-server");
    if let Some(value) =
        sni.filter(|value| !fetches(value) || matches!(acl::sample(value), Some(Err(_))))
    {
        let message = format!(
            "error detected while parsing sni expression : '{}'",
            shown(value)
        );
        settings.refuse_at(keyword, &message, TEST, number);
    }
    if keyword != "default-server" && (server.tls || server.checks) {
        prepare(keyword, server, global, number, context, settings);
    }
}

/// Whether an expression may be valid: a name and balanced brackets.
fn fetches(expression: &str) -> bool {
    let name = expression
        .find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
        .unwrap_or(expression.len());
    let open = expression.matches('(').count();
    name > 0 && open == expression.matches(')').count()
}

/// The context that the server's connections are made with.
fn prepare(
    keyword: &str,
    server: &Server,
    global: &Global,
    number: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    if let Some(file) = &server.certificate
        && let Some(bytes) = settings.demanded(context, "crt", file, number)
    {
        if !beside::holds_key(bytes) {
            let file = NamedPath {
                setting: "crt",
                written: file.clone(),
                path: file.clone(),
                lines: None,
            };
            beside::key(&file, number, global, context, settings);
        }
        let reason = "certcheck does not judge the certificate for other servers";
        settings.not_judged("crt", reason, number);
    }
    let verifies = server.verify.unwrap_or(!global.servers_unverified);
    if verifies && !server.trusted {
        let by_default = match server.verify {
            None => " by default",
            Some(_) => "",
        };
        let message = format!("verify is enabled{by_default} but no CA file specified");
        settings.refuse_at(keyword, &message, TEST, number);
    }
    let line = |placed: &Placed<String>| placed.lines.map_or(number, |lines| lines.first);
    let ciphers = server.ciphers.as_ref().or(global.server_ciphers.as_ref());
    if let Some(placed) = ciphers.filter(|cipher| refuses_ciphers(&cipher.value)) {
        let message = format!(
            "unable to set SSL cipher list to '{}'",
            shown(&placed.value)
        );
        settings.refuse_at("ciphers", &message, TEST, line(placed));
    }
    let suites = server.suites13.as_ref().or(global.server_suites13.as_ref());
    if let Some(placed) = suites.filter(|suite| tls13_suites(&suite.value) == Tls13::Refused) {
        let message = format!(
            "unable to set TLS 1.3 cipher suites to '{}'",
            shown(&placed.value)
        );
        settings.refuse_at("ciphersuites", &message, TEST, line(placed));
    }
    if none_left(&server.versions, &global.server_options) {
        let message = "all SSL/TLS versions are disabled for server";
        settings.refuse_at(keyword, message, TEST, number);
    }
}

/// Whether no version is left: the bounds of the line, otherwise those of `global`; without any,
/// what either switches off. HAProxy ignores `no-…` if there is a bound, and its OpenSSL has no
/// SSLv3 (measured: 2.6.12).
fn none_left(own: &[String], global: &[String]) -> bool {
    const WORDS: &[&str] = &["sslv3", "tlsv10", "tlsv11", "tlsv12", "tlsv13"];
    const VALUES: &[&str] = &["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    let (mut least, mut most) = (None, None);
    let mut off = [true, false, false, false, false];
    for words in [global, own] {
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            let at = |names: &[&str], name: &str| names.iter().position(|known| *known == name);
            if let Some(name) = word.strip_prefix("no-") {
                if let Some(flag) = at(WORDS, name).and_then(|at| off.get_mut(at)) {
                    *flag = true;
                }
            } else if let Some(name) = word.strip_prefix("force-") {
                least = at(WORDS, name);
                most = least;
            } else if matches!(word.as_str(), "ssl-min-ver" | "ssl-max-ver") {
                let value = rest.next().and_then(|value| at(VALUES, value));
                if word == "ssl-min-ver" {
                    least = value;
                } else {
                    most = value;
                }
            }
        }
    }
    if least.or(most).is_none() {
        return off.iter().all(|&off| off);
    }
    let (least, most) = (least.unwrap_or(1).max(1), most.unwrap_or(4));
    least > most
}

#[cfg(test)]
mod tests {
    use super::{fetches, none_left};

    #[test]
    fn versions_as_measured() {
        let words = |line: &str| -> Vec<String> {
            line.split_ascii_whitespace().map(str::to_owned).collect()
        };
        let none = |own: &str, global: &str| none_left(&words(own), &words(global));
        assert!(none("no-sslv3 no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13", ""));
        assert!(none("ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2", ""));
        assert!(!none("no-tlsv12", "force-tlsv12") && !none("force-tlsv13 no-tlsv13", ""));
        assert!(!none(
            "ssl-max-ver TLSv1.2 no-tlsv12 no-tlsv11 no-tlsv10",
            ""
        ));
        assert!(!none("", "") && !none("force-tlsv13", "force-tlsv12"));
        assert!(none("no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13", "") && none("force-sslv3", ""));
        assert!(fetches("str(x)") && fetches("ssl_fc_sni") && !fetches("bogus("));
    }
}
