//! `certcheck run`: every format says which target a finding is about.

use super::*;

/// Two servers with the same files, whose clients all refuse; no finding fails.
const REFUSED: &str = r#"
[severity]
"chain.missing-intermediate" = "warn"

[defaults]
anchors = "root.crt"

[[target]]
name = "web"
server = "apache"
cert-file = "leaf.crt"
key-file = "server.key"

[[target]]
name = "api"
server = "nginx"
cert-file = "leaf.crt"
key-file = "server.key"

[[target]]
name = "sound"
server = "nginx"
cert-file = "fullchain.crt"
key-file = "server.key"
"#;

fn refused() -> tempfile::TempDir {
    let dir = project(REFUSED);
    fs::copy(pki("server.crt"), dir.path().join("leaf.crt")).unwrap();
    dir
}

#[test]
fn the_summary_has_the_word_of_each_report() {
    let dir = refused();
    let output = at(dir.path(), &["run"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 0, "{text}");
    says(&text, "no error: 8 of 8 clients refuse");
    says(
        &text,
        "3 targets: 2 without error, but clients refuse, 1 fit\n",
    );
    for name in ["web", "api"] {
        let line = format!("  no error   {name} 8 of 8 clients refuse, 1 warning\n");
        says(&text, &line);
    }
    says(&text, "  fit        sound\n");
    let quiet = stdout(&at(dir.path(), &["run", "-q"]));
    says(&quiet, "no error   web 8 of 8 clients refuse");
}
