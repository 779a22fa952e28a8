//! Values that mod_ssl refuses, whatever the files contain. Measured: httpd 2.4.71, each
//! directive with 25 values in four places (`ssl_engine_config.c`).

use super::super::{ProtocolSetting, Scope, Settings, shown};
use crate::protocol::{Dialect, Environment, ProtocolString};
use crate::source::Lines;

/// httpd's message about a value; `None` if it accepts it.
pub(super) fn refusal(name: &str, words: &[String], place: Spot) -> Option<String> {
    let value = words.first().map_or("", String::as_str);
    let any_of = |known: &[&str]| known.iter().any(|known| value.eq_ignore_ascii_case(known));
    let invalid = || format!("{name}: Invalid argument '{}'", shown(value));
    match name {
        "SSLLog" | "SSLLogLevel" => Some(format!(
            "{name} directive is no longer supported - use {}.",
            if name == "SSLLog" {
                "ErrorLog"
            } else {
                "LogLevel"
            }
        )),
        _ if place == Spot::Host && GLOBAL.contains(&name) => {
            Some(format!("{name} cannot occur within <VirtualHost> section"))
        }
        "SSLCACertificateFile" | "SSLCACertificatePath" if place == Spot::Directory => {
            Some("Your SSL library does not have support for per-directory CA".to_owned())
        }
        "SSLCipherSuite" | "SSLProxyCipherSuite" => match suites(words)?.0 {
            "TLSv1.3" if place == Spot::Directory && name == "SSLCipherSuite" => {
                Some("TLSv1.3 ciphers cannot be set inside a directory context".to_owned())
            }
            "SSL" | "TLSv1.3" => None,
            other => Some(format!("protocol '{}' not supported", shown(other))),
        },
        "SSLVerifyDepth" | "SSLProxyVerifyDepth" => is_negative(value).then(invalid),
        "SSLRenegBufferSize" => {
            is_negative(value).then(|| format!("Invalid size for {name}: {}", shown(value)))
        }
        "SSLSessionCacheTimeout" => is_negative(value).then(|| format!("{name}: Invalid argument")),
        "SSLStaplingResponseTimeSkew"
        | "SSLStaplingResponseMaxAge"
        | "SSLStaplingStandardCacheTimeout"
        | "SSLStaplingErrorCacheTimeout"
        | "SSLStaplingResponderTimeout"
        | "SSLOCSPResponseTimeSkew"
        | "SSLOCSPResponseMaxAge"
        | "SSLOCSPResponderTimeout" => {
            is_negative(value).then(|| format!("{name}: invalid argument"))
        }
        "SSLVerifyClient" | "SSLProxyVerify" => {
            let known = ["none", "off", "optional", "require", "on", "optional_no_ca"];
            (!any_of(&known)).then(invalid)
        }
        "SSLVHostSNIPolicy" => (!any_of(&["strict", "secure", "authonly", "insecure"]))
            .then(|| format!("Invalid SSLVhostSNIPolicy argument '{}'", shown(value))),
        "SSLCARevocationCheck" | "SSLProxyCARevocationCheck" => flags(
            name,
            words,
            &["none", "leaf", "chain"],
            "no_crl_for_cert_ok",
        ),
        "SSLOCSPEnable" => flags(name, words, &["off", "leaf", "on"], "no_ocsp_for_cert_ok"),
        "SSLOptions" => {
            let strange = words.iter().find(|word| {
                let bare = word.trim_start_matches(['+', '-']);
                !OPTIONS.iter().any(|known| known.eq_ignore_ascii_case(bare))
            })?;
            Some(format!("SSLOptions: Illegal option '{}'", shown(strange)))
        }
        "SSLPassPhraseDialog" => {
            let command = value
                .strip_prefix('|')
                .or_else(|| value.strip_prefix("exec:"));
            let fits = any_of(&["builtin"]) || command.is_some_and(|command| !command.is_empty());
            (!fits).then(|| format!("{name}: Invalid argument"))
        }
        _ => None,
    }
}

/// `[SSL|TLSv1.3] SUITES`: the protocol and the suites.
pub(super) fn suites(words: &[String]) -> Option<(&str, &str)> {
    match words {
        [list] => Some(("SSL", list)),
        // An empty word counts as missing.
        [list, none] if none.is_empty() => Some(("SSL", list)),
        [protocol, list] => Some((protocol, list)),
        _ => None,
    }
}

/// Where a directive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The main server.
    Main,
    /// A virtual host.
    Host,
    /// `<Directory>`, `<Location>` and the like.
    Directory,
}

/// Directives that are not allowed in a virtual host (`GLOBAL_ONLY`).
const GLOBAL: &[&str] = &[
    "SSLCryptoDevice",
    "SSLFIPS",
    "SSLPassPhraseDialog",
    "SSLRandomSeed",
    "SSLSessionCache",
    "SSLStaplingCache",
    "SSLVHostSNIPolicy",
];

const OPTIONS: &[&str] = &[
    "StdEnvVars",
    "ExportCertData",
    "FakeBasicAuth",
    "StrictRequire",
    "OptRenegotiate",
    "LegacyDNStringFormat",
    "ExportBothCertData",
];

/// The mode comes first, and only its flag may follow.
fn flags(name: &str, words: &[String], modes: &[&str], flag: &str) -> Option<String> {
    let is = |word: &str, known: &&str| word.eq_ignore_ascii_case(known);
    let mode = words.first().map_or("", String::as_str);
    let strange = if modes.iter().any(|known| is(mode, known)) {
        let mut rest = words.iter().skip(1);
        rest.find(|word| !is(word, &flag))?
    } else {
        mode
    };
    Some(format!("{name}: Invalid argument '{}'", shown(strange)))
}

/// Numbers are read with `atoi`, so anything else counts as 0.
fn is_negative(value: &str) -> bool {
    let number = value.trim_start();
    number
        .strip_prefix('-')
        .is_some_and(|digits| digits.starts_with(|digit: char| matches!(digit, '1'..='9')))
}

/// The illegal protocol strings of a file, each with httpd's message and its lines.
pub(super) type Illegal = Vec<(String, Lines)>;

/// httpd checks each `SSLProtocol` as it reads the file, even one that a host overrides or that no
/// TLS uses (measured: 2.4.71). A place that speaks TLS is judged by its own.
pub(super) fn refuse_protocols(illegal: Illegal, settings: &mut Settings) {
    for (message, lines) in illegal {
        let judged = |scope: &Scope| {
            let own = scope.protocols.as_ref().and_then(|setting| setting.lines);
            scope.tls && own == Some(lines)
        };
        if !settings.scopes.iter().any(judged) {
            settings.refuse_at("SSLProtocol", &message, "by `apachectl -t`", lines.first);
        }
    }
}

/// httpd's message about a protocol string with an unknown word; `None` if it still contains a
/// variable.
pub(super) fn illegal_protocol(setting: &ProtocolSetting) -> Option<String> {
    if setting.string.contains("${") {
        return None;
    }
    let string = ProtocolString::parse(Dialect::Apache, setting.string.as_bytes());
    let read = string.evaluate(&Environment::default_for(Dialect::Apache));
    read.message.filter(|_| !read.accepted)
}

#[cfg(test)]
mod tests {
    use super::{Spot, refusal};

    #[test]
    fn values_are_taken_and_refused_as_httpd_does() {
        for (line, place, says) in [
            ("SSLVerifyDepth -1", Spot::Main, "Invalid argument '-1'"),
            ("SSLVerifyDepth x", Spot::Host, ""),
            (
                "SSLStaplingResponseMaxAge -2",
                Spot::Host,
                "invalid argument",
            ),
            ("SSLRenegBufferSize -1", Spot::Directory, "Invalid size"),
            (
                "SSLVHostSNIPolicy strict",
                Spot::Host,
                "within <VirtualHost>",
            ),
            ("SSLVHostSNIPolicy STRICT", Spot::Main, ""),
            ("SSLVHostSNIPolicy x", Spot::Main, "SSLVhostSNIPolicy"),
            (
                "SSLCARevocationCheck none no_crl_for_cert_ok",
                Spot::Host,
                "",
            ),
            ("SSLCARevocationCheck leaf none", Spot::Host, "'none'"),
            ("SSLOCSPEnable x", Spot::Host, "'x'"),
            ("SSLProxyVerify x", Spot::Host, "'x'"),
            (
                "SSLCACertificateFile a",
                Spot::Directory,
                "per-directory CA",
            ),
            (
                "SSLCipherSuite TLSv1.3 X",
                Spot::Directory,
                "directory context",
            ),
            ("SSLPassPhraseDialog foo", Spot::Main, "Invalid argument"),
            ("SSLPassPhraseDialog |", Spot::Main, "Invalid argument"),
            ("SSLPassPhraseDialog |x", Spot::Main, ""),
            ("SSLOptions +Foo", Spot::Directory, "Illegal option '+Foo'"),
        ] {
            let mut words = line.split(' ').map(str::to_owned);
            let name = words.next().unwrap();
            let words: Vec<_> = words.collect();
            let answer = refusal(&name, &words, place);
            match answer {
                None => assert_eq!(says, "", "{line}"),
                Some(answer) => assert!(
                    !says.is_empty() && answer.contains(says),
                    "{line}: {answer}"
                ),
            }
        }
    }
}
