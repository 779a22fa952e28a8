//! The page that needs no server, in headless browsers: `.ci/web` builds it, and installs axe-core.
#![cfg(all(feature = "cli", unix))]

use crate::support;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::here;

fn built(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if path.exists() {
        return Some(path);
    }
    if !here::own_step("web") {
        here::skipped(name, "not there (.ci/web makes it)");
    }
    None
}

/// Runs a script of this directory, and looks for its last line.
fn complains_of_nothing(script: &str, arguments: &[&Path], last: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node");
    node.arg(root.join("tests/program").join(script))
        .args(arguments)
        .arg(root.join("testdata/pki"));
    node.current_dir(std::env::temp_dir());
    let output = support::run(node, b"");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains(last), "{said}");
    println!("{said}");
}

/// Whether this browser and Node.js are here; what is missing is counted as skipped.
fn installed(browser: &str) -> bool {
    let there = here::is_there(browser) && here::is_there("node");
    if !there && !here::own_step("web") {
        let how = format!("not installed (apt-get install {browser} nodejs)");
        here::skipped(browser, &how);
    }
    there
}

#[test]
fn the_page_judges_and_asks_for_nothing() {
    let (Some(page), Some(modules)) = (
        built("target/web/certcheck.html"),
        built("target/formats/node_modules"),
    ) else {
        return;
    };
    if installed("chromium") {
        complains_of_nothing("web.js", &[&modules, &page], "10 answers, 0 complaints");
    }
}

#[test]
fn the_page_judges_in_firefox() {
    let Some(page) = built("target/web/certcheck.html") else {
        return;
    };
    if installed("firefox-esr") {
        complains_of_nothing("web_firefox.js", &[&page], "2 answers, 0 complaints");
    }
}
