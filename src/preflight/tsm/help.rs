//! What a command accepts, as `certcheck tsm … --help` shows it.

use super::arguments::{Reached, route};
use super::command::FileRole;
use super::options::{GLOBAL, Need, Opt, Takes, Use};
use super::table::{Command, Kind, children, command_at};
use super::version::SPANS;
use std::fmt::Write;

/// Synopsis and options of the command that the words begin, or the commands of its group;
/// `None` if no command is named.
pub fn help<W: AsRef<str>>(words: &[W]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let words: Vec<&str> = words
        .into_iter()
        .filter(|word| !matches!(*word, "-h" | "--help"))
        .skip_while(|word| super::is_program(word))
        .collect();
    let words = match words.as_slice() {
        ["help", rest @ ..] => rest,
        all => all,
    };
    let route = route(words, false);
    if route.path.is_empty() {
        return None;
    }
    Some(match route.reached {
        Reached::Command(row) => command(row),
        _ => group(&route.path),
    })
}

fn group(path: &[&str]) -> String {
    let mut out = format!("tsm {}: its commands\n\n", path.join(" "));
    let mut paths: Vec<Vec<&str>> = vec![path.to_vec()];
    while let Some(at) = paths.pop() {
        if command_at(&at).is_some() {
            let _ = writeln!(out, "  tsm {}", at.join(" "));
            continue;
        }
        for name in children(&at).into_iter().rev() {
            paths.push(at.iter().copied().chain([name]).collect());
        }
    }
    out.push_str("\nAdd --help to a command to see its options.\n");
    out
}

fn command(row: &Command) -> String {
    let name = format!("tsm {}", row.path.join(" "));
    let mut out = format!("Check `{name}` before you run it\n\nUsage: certcheck {name}");
    for option in row.options.iter().filter(|option| is_required(option)) {
        let _ = write!(out, " {}", shape(row, option));
    }
    if row.options.iter().any(|option| !is_required(option)) {
        out.push_str(" [options]");
    }
    out.push_str(" [global options]\n");
    let versions = SPANS.iter().filter(|span| row.path.starts_with(span.path));
    for span in versions {
        let what = span.option.unwrap_or("The command");
        if let Some(since) = span.since {
            let _ = writeln!(out, "\n{what} exists from Tableau Server {since} on.");
        }
        if let Some(gone) = span.gone {
            let _ = writeln!(out, "\n{what} exists only before Tableau Server {gone}.");
        }
    }
    if !row.options.is_empty() {
        out.push_str("\nOptions:\n");
        for option in row.options {
            line(&mut out, row, option);
        }
    }
    out.push_str("\nGlobal options:\n");
    for option in GLOBAL {
        line(&mut out, row, option);
    }
    if row.kind == Kind::Other {
        out.push_str("\ncertcheck judges the global options of this command only.\n");
    } else if row.open {
        out.push_str("\ntsm may know more options of this command than certcheck does.\n");
    }
    let page = match row.path {
        ["security", ..] => "cli_security_tsm.htm",
        ["authentication", ..] => "cli_authentication_tsm.htm",
        ["data-access", ..] => "cli_data-access.htm",
        ["user-identity-store", ..] => "cli_user-identity_tsm.htm",
        ["configuration", ..] => "cli_configuration-set_tsm.htm",
        _ => "tsm_overview.htm",
    };
    let _ = writeln!(
        out,
        "\nSource: https://help.tableau.com/current/server/en-us/{page}\n`certcheck tsm --help` lists certcheck's own options."
    );
    out
}

fn is_required(option: &Opt) -> bool {
    option.need != Need::Optional
}

/// `--cert-file FILE`.
fn shape(row: &Command, option: &Opt) -> String {
    let name = row.spelt(option.long);
    match option.takes {
        Takes::Nothing => name.to_owned(),
        Takes::Secret => format!("{name} SECRET"),
        Takes::MaybeSecret => format!("{name} [SECRET]"),
        Takes::Value => format!("{name} {}", value(row, option)),
    }
}

fn value(row: &Command, option: &Opt) -> String {
    match option.used {
        Use::File(_) | Use::Output(_) => "FILE".to_owned(),
        Use::Protocols => "STRING".to_owned(),
        Use::ConnectionType => match row.kind {
            Kind::Service(_, types) => types.join("|"),
            _ => "TYPE".to_owned(),
        },
        Use::Host => "HOST".to_owned(),
        Use::Port => "PORT".to_owned(),
        Use::Region => "REGION".to_owned(),
        Use::KeyArn => "ARN".to_owned(),
        Use::Server => "https://NAME:8850".to_owned(),
        Use::Url(_) => "URL".to_owned(),
        Use::Number(units) => units.to_uppercase(),
        Use::OneOf(words) => words.join("|"),
        _ => "VALUE".to_owned(),
    }
}

fn line(out: &mut String, row: &Command, option: &Opt) {
    let short = option
        .short
        .filter(|short| *short != row.spelt(option.long));
    let names = match short {
        Some(short) => format!("{short}, {}", shape(row, option)),
        None => shape(row, option),
    };
    let what = about(option);
    let text = match (is_required(option), what) {
        (true, "") => "required".to_owned(),
        (true, what) => format!("required; {what}"),
        (false, what) => what.to_owned(),
    };
    let _ = writeln!(out, "  {names:<44} {text}").map(|()| trim(out));
}

fn trim(out: &mut String) {
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
}

/// What an option's value is for, if certcheck judges it.
const fn about(option: &Opt) -> &'static str {
    match option.used {
        Use::File(FileRole::Certificate) => "the server's own certificate: PEM, .crt",
        Use::File(FileRole::Key) => "its private key: RSA, PEM, .key by convention",
        Use::File(FileRole::DerKey) => "its private key: PKCS#8, DER, without passphrase, .der",
        Use::File(FileRole::Chain) => {
            "the intermediates: PEM, .crt; Tableau Desktop on the Mac needs them"
        }
        Use::File(FileRole::CaCertificate) => "certificates to trust",
        Use::File(FileRole::RevocationList) => "revocation list: PEM or DER",
        Use::File(FileRole::Metadata) => "what the identity provider publishes: XML",
        Use::File(FileRole::Peer) => "certificates to trust for the service: PEM",
        Use::Protocols => "protocol versions, as in `all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1`",
        Use::Passphrase => "of the private key: never on the command line",
        Use::TrustController => "skips the check of the controller's certificate",
        Use::Help => "this text",
        Use::InternalOnly => "direct connections may stay without TLS",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn every_command_says_what_it_takes() {
        let of = |line: &str| help(&line.split(' ').collect::<Vec<_>>());
        let enable = of("security external-ssl enable --help").unwrap();
        assert!(
            enable.contains("--cert-file FILE --key-file FILE [options]"),
            "{enable}"
        );
        assert!(enable.contains("Global options:"), "{enable}");
        let vizql = of("security vizql-extsvc-ssl enable -h").unwrap();
        assert!(
            vizql.contains("only before Tableau Server 2020.2"),
            "{vizql}"
        );
        let group = of("help security kms").unwrap();
        assert!(
            group.contains("  tsm security kms set-mode aws\n"),
            "{group}"
        );
        assert_eq!(of("--help"), None);
        assert_eq!(of("nonsense --help"), None);
    }
}
