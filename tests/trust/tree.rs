//! Scratch trees: made, looked at, compared.

use crate::host;
use certcheck::trust_store::HostFacts;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Everything in `root`: directories, files with their bytes and modes, links with
/// their targets.
pub(crate) fn snapshot(root: &Path) -> BTreeMap<String, String> {
    use std::os::unix::fs::PermissionsExt;
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            let meta = fs::symlink_metadata(&path).unwrap();
            let what = if meta.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if meta.is_dir() {
                open.push(path);
                "directory".to_owned()
            } else {
                let bytes = fs::read(&path).unwrap();
                format!(
                    "{:o} {}",
                    meta.permissions().mode(),
                    String::from_utf8_lossy(&bytes)
                )
            };
            all.insert(name, what);
        }
    }
    all
}

/// What differs between two snapshots, by name.
pub(crate) fn difference(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| match (before.get(name), after.get(name)) {
            (None, Some(_)) => format!("+ {name}"),
            (Some(_), None) => format!("- {name}"),
            _ => format!("~ {name}"),
        })
        .collect()
}

/// Asks `root` everything that a plan wants to know, with the program's own eyes.
pub(crate) fn facts(root: &Path, home: Option<&str>) -> HostFacts {
    let root = Some(root).filter(|root| !root.as_os_str().is_empty());
    let seen = host::look(root, home);
    assert!(seen.unread.is_empty(), "{:?}", seen.unread);
    seen.facts
}

/// Runs `script` with dash, Debian's `/bin/sh`.
pub(crate) fn sh(script: &str, home: Option<&Path>) -> Output {
    use std::io::Write;
    let mut command = Command::new("/bin/sh");
    command
        .arg("-s")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(home) = home {
        command.env("HOME", home);
    }
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// As [`sh`], and it must end well. Returns what it said.
pub(crate) fn sh_ok(script: &str, home: Option<&Path>) -> String {
    let output = sh(script, home);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success(),
        "{said}\n--- the script ---\n{script}"
    );
    said
}
