//! Apache: `Name arguments`, `<Section arguments>`, `</Section>`; a backslash at the end of a line
//! continues it, also that of a comment.

use super::form::{Form, LEFT_OUT, SWITCH, Word, arguments};
use super::lines::logical;
use super::sheet::Sheet;

/// Sections whose directives are looked at, with the forms of their arguments.
const KEPT: &[(&str, &[Form])] = &[
    ("virtualhost", &[Form::Many(&Form::Address)]),
    ("ifmodule", &[Form::Name]),
    ("ifdefine", &[Form::Name]),
    ("ifversion", &[]),
    ("iffile", &[Form::Path]),
    // A path of a site may be a token.
    ("location", &[]),
    ("locationmatch", &[]),
    ("directory", &[]),
    ("directorymatch", &[]),
    ("files", &[]),
    ("filesmatch", &[]),
];

/// Sections that are left out with everything in them. After any other one (`<Perl>`) the rest of
/// the file is left out.
const LEFT: &[&str] = &[
    "if",
    "elseif",
    "else",
    "ifsection",
    "ifdirective",
    "macro",
    "proxy",
    "proxymatch",
    "limit",
    "limitexcept",
    "requireall",
    "requireany",
    "requirenone",
    "authnprovideralias",
    "authzprovideralias",
    "mdomainset",
];

const PATH: &[Form] = &[Form::Path];
const TLS: &[Form] = &[Form::Many(&Form::Tls)];
const ON: &[Form] = &[SWITCH];
const NUMBER: &[Form] = &[Form::Number];
const VERIFY: &[Form] = &[Form::Words(&[
    "none",
    "optional",
    "require",
    "optional_no_ca",
])];

const DIRECTIVES: &[(&str, &[Form])] = &[
    ("listen", &[Form::Address, Form::Name]),
    ("servername", &[Form::Address]),
    ("serveralias", &[Form::Many(&Form::Address)]),
    ("serverroot", PATH),
    ("loadmodule", &[Form::Name, Form::Path]),
    ("include", PATH),
    ("includeoptional", PATH),
    ("user", &[Form::Name]),
    ("group", &[Form::Name]),
    (
        "protocols",
        &[Form::Many(&Form::Words(&[
            "h2",
            "h2c",
            "http/1.1",
            "acme-tls/1",
        ]))],
    ),
    ("sslengine", &[Form::Words(&["on", "off", "optional"])]),
    ("sslfips", ON),
    ("sslprotocol", TLS),
    ("sslciphersuite", TLS),
    ("sslhonorcipherorder", ON),
    ("sslcertificatefile", PATH),
    ("sslcertificatekeyfile", PATH),
    ("sslcertificatechainfile", PATH),
    ("sslcacertificatefile", PATH),
    ("sslcacertificatepath", PATH),
    ("sslcadnrequestfile", PATH),
    ("sslcadnrequestpath", PATH),
    ("sslcarevocationfile", PATH),
    ("sslcarevocationpath", PATH),
    (
        "sslcarevocationcheck",
        &[Form::Many(&Form::Words(&[
            "chain",
            "leaf",
            "none",
            "no_crl_for_cert_ok",
        ]))],
    ),
    ("sslverifyclient", VERIFY),
    ("sslverifydepth", NUMBER),
    ("sslusestapling", ON),
    (
        "sslocspenable",
        &[Form::Words(&["on", "off", "leaf", "no_ocsp_for_cert_ok"])],
    ),
    ("sslstrictsnivhostcheck", ON),
    ("sslinsecurerenegotiation", ON),
    ("sslcompression", ON),
    ("sslsessiontickets", ON),
    ("sslsessionticketkeyfile", PATH),
    ("sslrequiressl", &[]),
    (
        "sslopensslconfcmd",
        &[super::settings::CONF_COMMANDS, Form::Tls],
    ),
    ("sslproxyengine", ON),
    ("sslproxyprotocol", TLS),
    ("sslproxyciphersuite", TLS),
    ("sslproxycacertificatefile", PATH),
    ("sslproxycacertificatepath", PATH),
    ("sslproxycarevocationfile", PATH),
    ("sslproxycarevocationpath", PATH),
    ("sslproxymachinecertificatefile", PATH),
    ("sslproxymachinecertificatepath", PATH),
    ("sslproxymachinecertificatechainfile", PATH),
    ("sslproxyverify", VERIFY),
    ("sslproxyverifydepth", NUMBER),
    ("sslproxycheckpeername", ON),
    ("sslproxycheckpeercn", ON),
    ("sslproxycheckpeerexpire", ON),
];

/// Keeps what the lists allow.
pub(super) fn read(text: &str, sheet: &mut Sheet) {
    // The sections around, in small letters, and whether they are kept.
    let mut sections: Vec<(String, bool)> = Vec::new();
    for (line, text) in logical(text) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let keeps = sections.iter().all(|(_, keeps)| *keeps);
        if let Some(name) = text.strip_prefix("</") {
            let written = name.trim_end_matches('>').trim();
            let name = written.to_ascii_lowercase();
            if sections.pop().is_none_or(|(open, _)| open != name) {
                sheet.leave(line, "");
                return;
            }
            if sections.iter().all(|(_, keeps)| *keeps) {
                sheet.depth = sheet.depth.saturating_sub(1);
                let known = KEPT.iter().any(|(known, _)| *known == name);
                let name = if known { written } else { LEFT_OUT };
                sheet.end(line, &format!("</{name}>"));
            }
            continue;
        }
        if let Some(inner) = text.strip_prefix('<') {
            let end = inner.find(|c: char| c.is_whitespace() || c == '>');
            let (written, rest) = inner
                .split_at_checked(end.unwrap_or(inner.len()))
                .unwrap_or_default();
            let name = written.to_ascii_lowercase();
            let kept = KEPT.iter().find(|(known, _)| *known == name);
            match (kept, rest.strip_suffix('>')) {
                (Some((_, forms)), Some(rest)) => {
                    if keeps {
                        let values = arguments(forms, &words(rest));
                        sheet.keep(
                            line,
                            &format!("<{}>", format!("{written} {values}").trim_end()),
                        );
                        sheet.depth += 1;
                    } else {
                        sheet.leave_silently();
                    }
                    sections.push((name, true));
                }
                (None, Some(_)) if LEFT.contains(&name.as_str()) => {
                    if keeps {
                        sheet.leave(line, "");
                        sheet.depth += 1;
                    } else {
                        sheet.leave_silently();
                    }
                    sections.push((name, false));
                }
                _ => {
                    sheet.leave(line, "");
                    return;
                }
            }
            continue;
        }
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (written, rest) = text.split_at_checked(end).unwrap_or_default();
        let name = written.to_ascii_lowercase();
        let known = DIRECTIVES.iter().find(|(known, _)| *known == name);
        match known {
            _ if !keeps => sheet.leave_silently(),
            Some((_, forms)) => {
                let values = arguments(forms, &words(rest));
                sheet.keep(line, format!("{written} {values}").trim_end());
            }
            None => sheet.leave(line, ""),
        }
    }
}

/// Words between blanks. One that begins with a quote and does not end with it, and all after it,
/// is one word, which no form fits.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let quote = Some(first).filter(|c| *c == '"' || *c == '\'');
        let begin = quote.map_or(0, char::len_utf8);
        let behind = rest.get(begin..).unwrap_or_default();
        let end = match quote {
            Some(quote) => behind.find(quote),
            None => Some(behind.find(char::is_whitespace).unwrap_or(behind.len())),
        };
        let after = end.and_then(|end| behind.get(end + begin..));
        let (Some(end), Some(after)) = (end, after) else {
            words.push(Word::bare(rest));
            return words;
        };
        if !(after.is_empty() || after.starts_with(char::is_whitespace)) {
            words.push(Word::bare(rest));
            return words;
        }
        words.push(Word {
            text: behind.get(..end).unwrap_or_default().to_owned(),
            quote,
        });
        rest = after.trim_start();
    }
    words
}
