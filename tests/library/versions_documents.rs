//! The tables of docs/clients.md and docs/servers.md are made from the tables of versions.
//!
//! `CERTCHECK_WRITE=1 cargo test --test library versions_documents` writes them anew.

use certcheck::client::{Change, Client, KnownProgram};
use certcheck::server::ServerChange;
use std::fmt::Write;
use std::path::Path;

/// `a, b and c` in code.
fn names(all: &[&str]) -> String {
    let all: Vec<_> = all.iter().map(|name| format!("`{name}`")).collect();
    all.join(", ")
}

fn known_versions() -> String {
    let mut text = String::from(
        "| client | known from | without a version | measured |\n| --- | --- | --- | --- |\n",
    );
    for program in KnownProgram::all() {
        let KnownProgram {
            clients,
            title,
            oldest,
            base,
            measured,
            ..
        } = program;
        writeln!(
            text,
            "| {} | {title} {oldest} | {base} | {} |",
            names(clients),
            measured.join(", ")
        )
        .unwrap();
    }
    let versioned = |client: &&Client| {
        KnownProgram::all().any(|program| program.clients.contains(&client.name()))
    };
    let others = Client::ALL.iter().filter(|client| !versioned(client));
    let others: Vec<_> = others.map(|client| client.name()).collect();
    writeln!(text, "\nNot known by version: {}.", names(&others)).unwrap();
    text
}

fn changes() -> String {
    let mut text = String::from(
        "| client | rule | from version: value | known from |\n| --- | --- | --- | --- |\n",
    );
    for change in Change::all() {
        let of = if change.of_openssl { "OpenSSL " } else { "" };
        let values = change.values.iter();
        let values: Vec<_> = values
            .map(|(since, value)| format!("{of}{since}: {value}"))
            .collect();
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            names(change.clients),
            change.what,
            values.join("; "),
            change.source
        )
        .unwrap();
    }
    text
}

/// The block of a document between `<!-- table: NAME -->` and `<!-- end -->`.
fn check(file: &str, name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- table: {name} -->\n");
    let (before, rest) = text.split_once(&begin).expect(name);
    let (block, after) = rest.split_once("<!-- end -->").expect(name);
    let table = format!("\n{table}\n");
    if block == table {
        return;
    }
    if std::env::var_os("CERTCHECK_WRITE").is_some() {
        let text = format!("{before}{begin}{table}<!-- end -->{after}");
        std::fs::write(&path, text).unwrap();
        return;
    }
    panic!(
        "docs/{file}: the table `{name}` is not that of the program: run this test with CERTCHECK_WRITE=1"
    );
}

fn server_changes() -> String {
    let mut text = String::from(
        "| server | setting | from | what it and later versions do | what earlier ones do | known from |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for change in ServerChange::all() {
        let ServerChange {
            server,
            setting,
            from,
            later,
            before,
            source,
            ..
        } = change;
        writeln!(
            text,
            "| `{server}` | `{setting}` | {from} | {later} | {before} | {source} |"
        )
        .unwrap();
    }
    text
}

#[test]
fn the_servers_document_has_the_table() {
    check("servers.md", "server changes", &server_changes());
}

#[test]
fn the_clients_document_has_the_tables() {
    check("clients.md", "client versions", &known_versions());
    check("clients.md", "client changes", &changes());
}
