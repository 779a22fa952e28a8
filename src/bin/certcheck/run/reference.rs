//! `codes`, `explain`, `schema`, `completions`, `man`: what the program says about itself.

use crate::args::{Cli, Codes, Common, Completions, Explain, Format, Man, Published, Schema};
use crate::clock;
use crate::failure::Failure;
use crate::input;
use crate::output::{self, End};
use certcheck::answer::Answer;
use certcheck::command::reference::{
    Codes as Table, Completions as Script, Explanation, MOST_BYTES, ManualPage, Unclear,
};
use certcheck::report::{self, json, text};
use certcheck::rule::CodeInfo;
use clap::CommandFactory;
use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

pub(crate) fn codes(common: &Common, args: &Codes) -> Result<End, Failure> {
    let of_area = |info: &&CodeInfo| match &args.area {
        Some(area) => info.code.area() == area,
        None => true,
    };
    let rows: Vec<_> = CodeInfo::all().filter(of_area).collect();
    if rows.is_empty() {
        let area = args.area.as_deref().unwrap_or_default();
        return Err(Failure::new(format!("no such area: `{area}`"))
            .help("`certcheck codes` lists all of them"));
    }
    let width = rows
        .iter()
        .map(|info| info.code.as_str().len())
        .max()
        .unwrap_or(0);
    let table = Table::new(rows);
    listed(common, table, |table| {
        table.codes.iter().fold(String::new(), |mut out, info| {
            let severity = info.severity.as_str();
            let _ = writeln!(out, "{:<width$}  {severity:<8} {}", info.code, info.summary);
            out
        })
    })
}

/// Exit code 1 if no known text resembles the given one, as in `grep`; 2 if there is no text.
pub(crate) fn explain(common: &Common, args: &Explain) -> Result<End, Failure> {
    let explanation = match (&args.code, &args.symptom) {
        (_, Some(given)) => {
            let text = symptom(given)?;
            if text.trim().is_empty() {
                return Err(
                    Failure::new("the text is empty").help("paste the line that the program wrote")
                );
            }
            Explanation::of_symptom(&text)
        }
        (Some(code), None) => Explanation::of(*code),
        (None, None) => return Err(Failure::new("give a code, or --symptom and an error text")),
    };
    let known = !explanation.codes.is_empty() || explanation.elsewhere.is_some();
    listed(common, explanation, |explanation| {
        match explanation.unclear {
            None => text::explanation(explanation, output::detail(common)),
            Some(why) => format!("{}\n{NEXT}", unclear(why)),
        }
    })?;
    Ok(if known { End::Good } else { End::Found })
}

/// The text that `--symptom` means: what is on standard input, in a file, or the value itself if
/// there is no such file.
fn symptom(given: &str) -> Result<Cow<'_, str>, Failure> {
    let path = Path::new(given);
    // An error text is a sentence; a value that begins like a path and has no blank is meant as
    // one, so that a mistyped name is not searched for as a text.
    let is_path = ["/", "./", "../"]
        .iter()
        .any(|prefix| given.starts_with(prefix))
        && !given.contains(char::is_whitespace);
    if given != "-" && !is_path && !path.is_file() {
        return Ok(Cow::Borrowed(given));
    }
    let source = input::read(path)?;
    let bytes = source.bytes();
    // The newest lines of a log are its last.
    let from = bytes.len().saturating_sub(MOST_BYTES);
    let bytes = bytes.get(from..).unwrap_or_default();
    Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
}

/// What to do if no code is known.
const NEXT: &str = "
  certcheck preflight --cert-file CERT --key-file KEY    finds what is wrong with the files
  certcheck codes                                        lists all that can be found
";

fn unclear(why: Unclear) -> &'static str {
    match why {
        Unclear::TooShort => "the text is too short: paste the whole line",
        Unclear::TooGeneral => {
            "too many errors contain these words: paste the whole line, with the text around them"
        }
        _ => "no code is known for this text",
    }
}

/// Rows of the table, as text or as a document.
fn listed<T: json::Reportable>(
    common: &Common,
    rows: T,
    words: impl FnOnce(&T) -> String,
) -> Result<End, Failure> {
    let text = match common.format {
        Format::Text => words(&rows),
        format => {
            let answer = Answer::new(rows, vec![], vec![], []);
            let at = clock::judged_at(common);
            match format {
                Format::Csv => report::csv(&report::Outline::of(&answer, at)),
                Format::Ndjson => report::ndjson(&report::Outline::of(&answer, at)),
                _ => json::document(&answer, at),
            }
        }
    };
    written(output::print(common, &text))
}

pub(crate) fn schema(common: &Common, args: &Schema) -> Result<End, Failure> {
    // The schema as published with the crate. A development build generates it again, because its
    // tables may be newer; a test checks that the two are the same.
    const PUBLISHED: &str = include_str!("../../../../schema/certcheck-1.json");
    const CONFIGURATION: &str = include_str!("../../../../schema/certcheck-toml-1.json");
    if args.of == Published::Configuration {
        if cfg!(debug_assertions) {
            return written(output::print(common, &crate::project::schema()));
        }
        return written(output::print_bytes(CONFIGURATION.as_bytes()));
    }
    if cfg!(debug_assertions) {
        return written(output::print(common, &json::schema()));
    }
    // It has no styles to strip.
    written(output::print_bytes(PUBLISHED.as_bytes()))
}

pub(crate) fn completions(common: &Common, args: &Completions) -> Result<End, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "certcheck", &mut out);
    let script = String::from_utf8_lossy(&out);
    let answer = Script::new(args.shell.to_string(), script);
    listed(common, answer, |script| script.script.clone())
}

pub(crate) fn man(common: &Common, args: &Man) -> Result<End, Failure> {
    let mut command = Cli::command();
    command.build();
    // `trust plan`, or `trust-plan`, the name of its page.
    let all = args.command.join(" ");
    let known = command.find_subcommand(&all).is_some();
    let words: Vec<&str> = if known {
        vec![&all]
    } else {
        all.split([' ', '-'])
            .filter(|part| !part.is_empty())
            .collect()
    };
    for word in words {
        let found = command.find_subcommand(word).cloned();
        command = found.ok_or_else(|| {
            Failure::new(format!("no such command: `{all}`"))
                .help("`certcheck --help` lists the commands")
        })?;
    }
    let name = command.get_display_name().unwrap_or("certcheck").to_owned();
    let mut out = Vec::new();
    clap_mangen::Man::new(command)
        // A page made on demand has no date; without this, its source would be there.
        .date(" ")
        .source(concat!("certcheck ", env!("CARGO_PKG_VERSION")))
        .render(&mut out)
        .map_err(|error| Failure::new(format!("cannot write the page: {error}")))?;
    // clap supports only one text after the options; ours is examples.
    let page = String::from_utf8_lossy(&out).replace("\n.SH EXTRA\n", "\n.SH EXAMPLES\n");
    let page = page.replace("EXAMPLES\nExamples:\n", "EXAMPLES\n");
    listed(common, ManualPage::new(name, page), |page| {
        page.page.clone()
    })
}

fn written(result: std::io::Result<()>) -> Result<End, Failure> {
    match result {
        Ok(()) => Ok(End::Good),
        Err(error) => Err(Failure::new(format!("standard output: {error}"))),
    }
}
