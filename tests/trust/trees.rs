//! Trees made to mislead: links out of them and within, and trees that cannot be written.

use crate::command::{certcheck, debian, held, json, pki, plan, script, text};
use crate::have;
use crate::tree::{difference, sh, snapshot};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

#[test]
fn trees_that_tools_would_not_survive_are_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for name in ["a b", "a\nb", "$(id)", "a'b", "a*"] {
        let tree = scratch.path().join(name);
        fs::create_dir(&tree).unwrap();
        let root = tree.display().to_string();
        let output = plan(
            &[pki("root")],
            &["--root", &root, "--platform", "debian", "--format", "sh"],
            None,
        );
        let (out, err) = text(&output);
        assert_eq!((output.status.code(), out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("scratch tree"), "{err}");
        refused += 1;
    }
    assert_eq!(refused, 5);
}

/// A link in the tree that leads out of it: with root's rights the script would write
/// into the machine.
#[test]
fn links_that_lead_out_of_the_tree_are_not_followed() {
    let mut compared = 0;
    for linked in [
        "usr/local/share/ca-certificates",
        "usr/local",
        "etc/ssl/certs",
        "var/lib",
        "etc",
    ] {
        for exists in [true, false] {
            let scratch = tempfile::tempdir().unwrap();
            let (tree, outside) = (scratch.path().join("tree"), scratch.path().join("outside"));
            fs::create_dir_all(tree.join(linked).parent().unwrap()).unwrap();
            if exists {
                fs::create_dir_all(outside.join("ssl/certs")).unwrap();
            }
            symlink(&outside, tree.join(linked)).unwrap();
            let root = tree.display().to_string();
            let script = script(
                &[pki("root")],
                &["--root", &root, "--platform", "debian"],
                None,
            );
            let before = snapshot(scratch.path());
            let output = sh(&script, None);
            let (_, said) = text(&output);
            assert_eq!(output.status.code(), Some(1), "{linked} {exists}: {said}");
            assert!(said.contains("nothing was changed"), "{linked}: {said}");
            assert_eq!(
                difference(&before, &snapshot(scratch.path())),
                [] as [&str; 0]
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 10);
}

/// A tree that somebody has prepared for whoever runs the script with root's rights.
#[test]
fn a_prepared_tree_reaches_nothing_outside() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let journal = "var/lib/certcheck/trust";
    let traps: &[(&str, &dyn Fn(&Path, &Path))] = &[
        ("the kept bundle is a link", &|tree, outside| {
            fs::create_dir_all(tree.join(journal)).unwrap();
            symlink(outside.join("new"), tree.join(journal).join("before.file")).unwrap();
        }),
        ("a record is a link", &|tree, outside| {
            fs::create_dir_all(tree.join(journal)).unwrap();
            let record = "debian-certcheck-example-root-ca-0bb7fb95d303";
            symlink(outside.join("new"), tree.join(journal).join(record)).unwrap();
        }),
        ("the journal is a link", &|tree, outside| {
            fs::create_dir_all(tree.join("var/lib/certcheck")).unwrap();
            symlink(outside, tree.join(journal)).unwrap();
        }),
        ("the new bundle is a link", &|tree, outside| {
            let new = tree.join("etc/ssl/certs/ca-certificates.crt.new");
            symlink(outside.join("file"), new).unwrap();
        }),
        ("a name that rm would split", &|tree, outside| {
            let odd = tree
                .join("etc/ssl/certs/x ")
                .join(&outside.display().to_string()[1..]);
            fs::create_dir_all(&odd).unwrap();
            let target = tree.join("usr/share/ca-certificates/x");
            symlink(target, odd.join("file")).unwrap();
        }),
        ("a target of three lines", &|tree, outside| {
            let evil = outside.join("made").display().to_string();
            let target = format!("/nowhere\n{evil}\n/etc/passwd\n{evil}2\n/etc/passwd");
            symlink(target, tree.join("etc/ssl/certs/odd.pem")).unwrap();
        }),
        (
            "the journal names directories elsewhere",
            &|tree, outside| {
                fs::create_dir_all(tree.join(journal)).unwrap();
                let empty = outside.join("empty");
                symlink(outside, tree.join("way-out")).unwrap();
                let through = tree.join("way-out/empty2");
                let up = tree.join("../outside/empty3");
                let lines = [&empty, &through, &up].map(|path| format!("{}\n", path.display()));
                fs::write(tree.join(journal).join("directories"), lines.concat()).unwrap();
            },
        ),
    ];
    let prepared = |trap: &dyn Fn(&Path, &Path)| {
        let scratch = debian();
        let outside = scratch.path().join("outside");
        let tree = scratch.path().join("tree");
        for directory in ["empty", "empty2", "empty3"] {
            fs::create_dir_all(outside.join(directory)).unwrap();
        }
        fs::write(outside.join("file"), "precious\n").unwrap();
        fs::create_dir(&tree).unwrap();
        for part in ["etc", "usr"] {
            fs::rename(scratch.path().join(part), tree.join(part)).unwrap();
        }
        trap(&tree, &outside);
        (scratch, tree.display().to_string(), outside)
    };
    let (mut stopped, mut harmed) = (0, Vec::new());
    for (what, trap) in traps {
        let (_scratch, root, outside) = prepared(trap);
        let before = snapshot(&outside);
        for undo in [&[][..], &["--undo"], &[], &["--undo"]] {
            let options = [&["--root", &root][..], undo].concat();
            let output = sh(&script(&[pki("root")], &options, None), None);
            stopped += u32::from(!output.status.success());
            let left = difference(&before, &snapshot(&outside));
            assert_eq!(
                left,
                [] as [&str; 0],
                "{what} {undo:?}: {:?}",
                text(&output)
            );
        }
        // And without the script's guards.
        let (_scratch, root, outside) = prepared(trap);
        let before = snapshot(&outside);
        let mut harm = Vec::new();
        for undo in [&[][..], &["--undo"]] {
            let options = [&["--root", &root][..], undo].concat();
            let script = script(&[pki("root")], &options, None);
            let guards = ["  within ", "  plain_names ", "  no_links "];
            let guarded = |line: &&str| !guards.iter().any(|guard| line.starts_with(guard));
            let unguarded: Vec<_> = script.lines().filter(guarded).collect();
            assert!(unguarded.len() < script.lines().count());
            sh(&(unguarded.join("\n") + "\n"), None);
            harm.extend(difference(&before, &snapshot(&outside)));
        }
        println!("{what}: unguarded {harm:?}");
        harmed.extend((!harm.is_empty()).then_some(*what));
    }
    println!("{} prepared trees, {stopped} scripts stopped", traps.len());
    assert_eq!(stopped, 5 * 4);
    // The others lead nowhere even so: what a script writes it makes beside and renames, which
    // follows no link at the last name, and close_journal removes no directory elsewhere. A link
    // on the way, and what Debian's tool hands to rm, only the guards stop.
    let traps_indeed = ["the journal is a link", "a name that rm would split"];
    assert_eq!(harmed, traps_indeed);
}

/// Status and plan read a tree as those see it who live in it.
#[test]
fn links_are_followed_within_the_tree() {
    let tree = tempfile::tempdir().unwrap();
    let at = |path: &str| tree.path().join(path);
    fs::create_dir_all(at("etc/ssl/certs")).unwrap();
    fs::create_dir_all(at("opt")).unwrap();
    fs::write(at("etc/os-release"), "ID=debian\n").unwrap();
    fs::copy(pki("root"), at("opt/bundle")).unwrap();
    // Absolute, and upwards beyond the root, as nobody but a tree's own sees it.
    symlink("/opt/up", at("etc/ssl/certs/ca-certificates.crt")).unwrap();
    symlink("../../../../opt/bundle", at("opt/up")).unwrap();
    let root = tree.path().display().to_string();
    assert!(held(&root, "root"));

    // Out of the tree, in circles, and a pipe that nobody writes to.
    fs::remove_file(at("opt/up")).unwrap();
    symlink(pki("root"), at("opt/up")).unwrap();
    symlink("loop.pem", at("etc/ssl/certs/loop.pem")).unwrap();
    let made = Command::new("mkfifo")
        .arg(at("etc/ssl/certs/pipe.pem"))
        .status();
    assert!(made.unwrap().success());
    let output = certcheck(
        &[
            "trust",
            "status",
            &pki("root"),
            "--root",
            &root,
            "--format",
            "json",
        ],
        None,
    );
    let document = json(&output);
    assert_eq!(document["result"]["certificates"][0]["held"], false);
    let unread: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "trust.not-read")
        .collect();
    assert_eq!(unread.len(), 1, "{document}");
    assert_eq!(unread[0]["subject"]["source"], "/etc/ssl/certs/loop.pem");
    assert_eq!(unread[0]["severity"], "warning");
}

/// A tree that may be read and not written: it fails, and says so, and nothing is half done.
#[test]
fn a_read_only_tree_is_left_as_it_was() {
    if !have("setpriv", "util-linux") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let mut compared = 0;
    for closed in ["usr/local/share", "var/lib", "."] {
        let tree = debian();
        let at = |path: &str| tree.path().join(path);
        for path in ["usr/local/share", "var/lib"] {
            fs::create_dir_all(at(path)).unwrap();
        }
        let root = tree.path().display().to_string();
        let install = script(&[pki("root")], &["--root", &root], None);
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, &install).unwrap();
        let before = snapshot(tree.path());
        let output = sh(
            &format!(
                "path={}\ncd {root}\nchmod 644 $path\n[ \"$(id -u)\" != 0 ] || chown -R 65534:65534 .\nchmod -R a-w {closed}\nif [ \"$(id -u)\" != 0 ]; then sh $path; else setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs sh $path; fi\nstatus=$?\nchmod -R u+w .\nexit $status\n",
                file.path().display()
            ),
            None,
        );
        let (_, said) = text(&output);
        assert_ne!(output.status.code(), Some(0), "{closed}: {said}");
        assert!(!said.is_empty());
        let changed: Vec<_> = difference(&before, &snapshot(tree.path()))
            .into_iter()
            .filter(|line| {
                line.contains("certcheck-example") || line.contains("ca-certificates.crt")
            })
            .collect();
        assert_eq!(changed, [] as [&str; 0], "{closed}: {said}");
        compared += 1;
    }
    assert_eq!(compared, 3);
}
