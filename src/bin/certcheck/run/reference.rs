//! `codes`, `explain`, `schema`, `completions`, `man`: what the program says of itself.

use crate::args::{Cli, Codes, Common, Completions, Explain, Format};
use crate::failure::Failure;
use crate::output::{self, End};
use certcheck::finding::{Code, CodeInfo};
use certcheck::report::json;
use clap::CommandFactory;
use std::fmt::Write;

pub(crate) fn codes(common: &Common, args: &Codes) -> Result<End, Failure> {
    let of_area = |info: &&CodeInfo| match &args.area {
        Some(area) => info.code.split('.').next() == Some(area.as_str()),
        None => true,
    };
    let rows: Vec<_> = Code::all().filter(of_area).collect();
    if rows.is_empty() {
        let area = args.area.as_deref().unwrap_or_default();
        return Err(Failure::new(format!("there is no area `{area}`"))
            .help("`certcheck codes` lists all of them"));
    }
    let text = match common.format {
        Format::Json => json::codes(&rows),
        Format::Text => rows.iter().fold(String::new(), |mut out, info| {
            let _ = writeln!(
                out,
                "{:<42} {:<8} {}",
                info.code,
                info.severity.as_str(),
                info.summary
            );
            out
        }),
    };
    written(output::print(common, &text))
}

pub(crate) fn explain(common: &Common, args: &Explain) -> Result<End, Failure> {
    let info = args.code.info();
    let text = match common.format {
        Format::Json => json::codes(&[info]),
        Format::Text => {
            let mut out = format!(
                "{}: {}\n\nDefault severity: {}\n",
                info.code,
                info.summary,
                info.severity.as_str()
            );
            if !info.fields.is_empty() {
                out.push_str("\nEvidence:\n");
                for (name, _) in info.fields {
                    let _ = writeln!(out, "  {name}");
                }
            }
            out
        }
    };
    written(output::print(common, &text))
}

pub(crate) fn schema(common: &Common) -> Result<End, Failure> {
    written(output::print(common, &json::schema()))
}

pub(crate) fn completions(args: &Completions) -> Result<End, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "certcheck", &mut out);
    written(output::print_bytes(&out))
}

pub(crate) fn man() -> Result<End, Failure> {
    let mut out = Vec::new();
    let written_page = clap_mangen::Man::new(Cli::command()).render(&mut out);
    written(written_page.and_then(|()| output::print_bytes(&out)))
}

fn written(result: std::io::Result<()>) -> Result<End, Failure> {
    match result {
        Ok(()) => Ok(End::Good),
        Err(error) => Err(Failure::new(format!("standard output: {error}"))),
    }
}
