//! One page for people: self-contained, readable without script, network or colours.
//!
//! The verdict first, then findings, chain, dates and clients. Everything that came from an
//! input is text: maud escapes it, and `harmless` makes invisible characters visible. The policy in
//! the page's head allows only its own style and script, by their digests.

mod chain;
mod clients;
mod dates;
mod expiries;
mod several;

use super::harmless::harmless;
use super::outline::{Outline, of_target, told};
use crate::answer::{CheckOutcome, Verdict};
use crate::finding::Severity;
use crate::rule::Finding;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub fn html(outline: &Outline<'_>) -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    let (class, word) = match outline.verdict {
        Verdict::Pass => ("pass", "Pass"),
        Verdict::Fail => ("fail", "Fail"),
        Verdict::Undecided => ("undecided", "Undecided"),
    };
    let title = format!("{word}: certcheck {}", outline.command);
    let at = outline.at.to_string();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header class=(class) {
                    h1 { (word) }
                    p class="headline" { (harmless(&outline.headline())) }
                    p { "certcheck " (outline.command) ", judged for " time datetime=(at) { (at) }
                        ", version " (env!("CARGO_PKG_VERSION")) }
                }
                main {
                    (several::targets(outline))
                    (expiries::expiries(outline))
                    (findings(outline))
                    (several::servers(outline))
                    (several::answers(outline))
                    (chain::chain(outline))
                    (dates::dates(outline))
                    (clients::clients(outline))
                    (checks(outline))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn findings(outline: &Outline<'_>) -> Markup {
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "Findings" }
            @if outline.findings.is_empty() && outline.waived.is_empty() {
                p { "Nothing was found by the checks that ran." }
            }
            @for finding in &outline.findings {
                (one(finding))
            }
            @for more in &outline.omitted {
                p { (more.count) " more of " code { (more.code) } " in " (harmless(&of_target(more.target, more.source))) }
            }
            @for waived in outline.waived {
                article class="notice" {
                    h3 { span class="tag" { "Waived" } " " (harmless(&told(&waived.finding))) }
                    p class="place" { (harmless(&waived.finding.subject.source)) " ("
                        (waived.finding.subject.part.as_str()) ") " code { (waived.finding.code()) } }
                    p { strong { "Reason: " } (harmless(&waived.waiver.reason)) }
                    p { "Until " (harmless(&waived.waiver.until)) ", by "
                        (harmless(&waived.waiver.place())) }
                }
            }
            @if outline.summary.allowed > 0 {
                p { (outline.summary.allowed) " allowed and not shown." }
            }
            @for remark in &outline.remarks {
                p { (harmless(remark)) }
            }
        }
    }
}

fn one(finding: &Finding) -> Markup {
    let subject = &finding.subject;
    let place = subject.lines.map_or_else(String::new, |lines| {
        if lines.first == lines.last {
            format!(", line {}", lines.first)
        } else {
            format!(", lines {} to {}", lines.first, lines.last)
        }
    });
    let (class, word) = match finding.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
        Severity::Notice => ("notice", "Notice"),
    };
    let remedy = finding.remedy();
    html! {
        article class=(class) {
            h3 { span class="tag" { (word) } " " (harmless(&told(finding))) }
            p class="place" { (harmless(&subject.source)) (place) " (" (subject.part.as_str()) ") "
                code { (finding.code()) } }
            @if let Some(why) = &finding.consequence {
                p { strong { "Why: " } (harmless(why)) }
            }
            @if let Some(remedy) = &remedy {
                p { strong { "What to do: " } (harmless(&remedy.text)) }
                @for command in &remedy.commands {
                    pre class="copy" tabindex="0" { code { (harmless(command)) } }
                }
                @if let Some(proven) = finding.proven() {
                    p { "Tried: " (harmless(&proven)) }
                }
            }
            details {
                summary { "Facts and sources of " (finding.code()) }
                dl {
                    @for (name, value) in finding.evidence.fields() {
                        dt { (name.replace('_', " ")) }
                        dd { (harmless(&value.to_string())) }
                    }
                }
                ul {
                    @for reference in finding.references() {
                        li { (harmless(reference)) }
                    }
                    li { "certcheck explain " (finding.code()) }
                }
            }
        }
    }
}

fn checks(outline: &Outline<'_>) -> Markup {
    html! {
        section aria-labelledby="checks" {
            h2 id="checks" { "Checks" }
            div class="wide" tabindex="0" role="group" aria-label="Table of checks" {
                table class="sort" {
                    thead { tr {
                        th scope="col" { "Check" } th scope="col" { "Outcome" } th scope="col" { "Reason" }
                    } }
                    tbody {
                        @for check in outline.checks {
                            @let (class, outcome, reason) = match &check.outcome {
                                CheckOutcome::Ran => ("", "ran", ""),
                                CheckOutcome::NotApplicable { reason } => ("", "not applicable", reason.as_str()),
                                CheckOutcome::NotRun { reason, asked_for: true } => ("undecided", "could not run", reason.as_str()),
                                CheckOutcome::NotRun { reason, .. } => ("", "not asked for", reason.as_str()),
                            };
                            tr {
                                th scope="row" { (harmless(&of_target(check.target.as_deref(), check.name))) }
                                td class=(class) { (outcome) }
                                td { (harmless(reason)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// SHA-256 in base64, as a policy has it.
fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in Sha256::digest(text.as_bytes()).chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = bits << 8 | u32::from(three.get(place).copied().unwrap_or(0));
        }
        for place in 0..4 {
            let letter = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let letter = LETTERS.get(letter).copied().unwrap_or(b'=');
            out.push(if place > three.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    out
}

/// The first characters of a text, for a picture.
fn shortened(text: &str, most: usize) -> String {
    let text = harmless(text);
    if text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_digest_is_written_as_policies_have_it() {
        // printf '' | openssl dgst -sha256 -binary | base64
        assert_eq!(digest(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
