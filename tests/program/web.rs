//! The page that needs no server, in a headless Chromium: `.ci/web` builds it, and installs axe-core.
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

#[test]
fn the_page_judges_and_asks_for_nothing() {
    let (Some(page), Some(modules)) = (
        built("target/web/certcheck.html"),
        built("target/formats/node_modules"),
    ) else {
        return;
    };
    if !here::is_there("chromium") || !here::is_there("node") {
        if !here::own_step("web") {
            let how = "not installed (apt-get install chromium nodejs)";
            here::skipped("chromium", how);
        }
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node");
    node.arg(root.join("tests/program/web.js"))
        .args([&modules, &page])
        .arg(root.join("testdata/pki"));
    node.current_dir(std::env::temp_dir());
    let output = support::run(node, b"");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success() && said.contains("10 answers, 0 complaints"),
        "{said}"
    );
    println!("{said}");
}
