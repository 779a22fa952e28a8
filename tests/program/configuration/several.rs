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

/// Each with what it must say about both targets, whose finding has the same file and lines.
#[test]
fn every_format_names_the_targets() {
    let dir = refused();
    for (format, needs) in [
        (
            "csv",
            [
                "\r\nfinding,warning,chain.missing-intermediate,leaf.crt,",
                ",NAME\r\n",
            ],
        ),
        (
            "html",
            ["<th scope=\"row\">NAME</th>", "</span> NAME: the issuer of"],
        ),
        (
            "junit",
            [
                "<testsuite name=\"certcheck run: NAME\"",
                "classname=\"certcheck.run.NAME.checks\"",
            ],
        ),
        ("github", ["title=NAME%3A chain.missing-intermediate::", ""]),
        (
            "nagios",
            ["\nNAME: warning[chain.missing-intermediate] leaf.crt", ""],
        ),
        (
            "prometheus",
            [
                "severity=\"warning\",source=\"leaf.crt\",target=\"NAME\"} 1\n",
                "certcheck_target_verdict{command=\"run\",target=\"NAME\",verdict=\"pass\"} 1\n",
            ],
        ),
        ("ndjson", ["\"target\":\"NAME\"", ""]),
        (
            "sarif",
            ["\"text\": \"NAME: the issuer of", "\"target\": \"NAME\""],
        ),
        ("json", ["\"target\": \"NAME\"", ""]),
    ] {
        let output = at(dir.path(), &["run", "--format", format]);
        let text = stdout(&output);
        for name in ["web", "api"] {
            needs
                .iter()
                .for_each(|need| says(&text, &need.replace("NAME", name)));
        }
    }
    let log = json(&at(dir.path(), &["run", "--format", "sarif"]));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let print = |place: usize| results[place]["partialFingerprints"]["certcheck/v1"].clone();
    assert_eq!(results.len(), 2, "{log}");
    assert_ne!(print(0), print(1));
    // The same as when it was the only target, whatever the order.
    let one = json(&at(dir.path(), &["run", "api", "--format", "sarif"]));
    let one = &one["runs"][0]["results"][0]["partialFingerprints"]["certcheck/v1"];
    assert!([print(0), print(1)].contains(one), "{log}");
    let document = json(&at(dir.path(), &["run", "--format", "json"]));
    assert_eq!(document["summary"]["warning"], 2);
}
