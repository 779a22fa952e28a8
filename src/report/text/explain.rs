//! The page of a code, and the possible causes of a symptom.

use super::style::{DIM, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::command::reference::{Explained, Explanation, Likelihood};
use std::fmt::Write;

/// How many codes are shown with what to do; the others only by name.
const IN_FULL: usize = 5;

/// A code's page in full, or the codes that an error text may come from.
pub fn explanation(explanation: &Explanation, detail: Detail) -> String {
    let mut out = String::new();
    match (&explanation.symptom, explanation.codes.as_slice()) {
        (None, codes) => codes
            .iter()
            .for_each(|code| write_page(&mut out, code, detail)),
        (Some(_), codes) => {
            if let Some(elsewhere) = &explanation.elsewhere {
                let _ = writeln!(
                    out,
                    "{STRONG}not a certificate problem:{STRONG:#} {}\n",
                    elsewhere.name.replace('-', " ")
                );
                paragraph(&mut out, elsewhere.what, detail);
                heading(&mut out, "What to do");
                paragraph(&mut out, elsewhere.fix, detail);
                let text = format!(
                    "{DIM}`{}` of {}{DIM:#}",
                    printable(elsewhere.text),
                    elsewhere.program
                );
                out.push('\n');
                out.push_str(&wrapped("  ", &text, "    ", detail.width()));
                if !codes.is_empty() {
                    let _ = writeln!(out, "\nLess likely, the files are at fault:\n");
                }
            }
            for (place, code) in codes.iter().enumerate() {
                if place == IN_FULL {
                    let _ = writeln!(out, "Less likely:\n");
                }
                write_candidate(&mut out, place + 1, code, detail);
            }
        }
    }
    out
}

fn write_page(out: &mut String, explained: &Explained, detail: Detail) {
    let Explained { info, page, .. } = explained;
    let style = severity_style(info.severity);
    let _ = writeln!(
        out,
        "{STRONG}{}{STRONG:#}: {}\nDefault severity: {style}{}{style:#}",
        info.code,
        info.summary,
        info.severity.as_str()
    );
    heading(out, "What breaks");
    paragraph(out, page.breaks, detail);
    heading(out, "For whom");
    paragraph(out, page.whom, detail);
    if !page.seen.is_empty() {
        heading(out, "How it looks from outside");
        for symptom in &page.seen {
            let often = match symptom.likelihood {
                Likelihood::Typical => "",
                Likelihood::Sometimes => "; other faults cause it too",
                Likelihood::Rarely => "; this fault rarely causes it",
            };
            let _ = writeln!(
                out,
                "  {}\n      {DIM}{}{often} ({}){DIM:#}",
                printable(symptom.text),
                symptom.program,
                symptom.source
            );
        }
    }
    heading(out, "What to do");
    page.fix.iter().for_each(|fix| paragraph(out, fix, detail));
    for run in &page.run {
        let _ = writeln!(out, "      {STRONG}{run}{STRONG:#}");
    }
    if !info.fields.is_empty() {
        heading(out, "Evidence in JSON");
        let names: Vec<_> = info.fields.iter().map(|(name, _)| *name).collect();
        paragraph(out, &names.join(", "), detail);
    }
}

fn write_candidate(out: &mut String, place: usize, explained: &Explained, detail: Detail) {
    let Explained {
        info, page, fits, ..
    } = explained;
    let first = format!("{place}. {STRONG}{}{STRONG:#}: ", info.code);
    out.push_str(&wrapped(&first, info.summary, "   ", detail.width()));
    if place > IN_FULL {
        return;
    }
    if let Some((symptom, score)) = fits {
        // 100 is an exact match of the text. Below 100, words are missing or differ.
        let how = if *score >= 100 { "" } else { "similar to " };
        let text = format!(
            "{DIM}{how}`{}` of {}{DIM:#}",
            printable(symptom.text),
            symptom.program
        );
        out.push_str(&wrapped("   ", &text, "     ", detail.width()));
    }
    for run in &page.run {
        let _ = writeln!(out, "   run: {STRONG}{run}{STRONG:#}");
    }
    let _ = writeln!(out, "   {DIM}certcheck explain {}{DIM:#}\n", info.code);
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "\n{STRONG}{text}{STRONG:#}");
}

fn paragraph(out: &mut String, text: &str, detail: Detail) {
    out.push_str(&wrapped("  ", text, "  ", detail.width()));
}
