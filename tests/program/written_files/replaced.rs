//! What happens to the file that is replaced: owner, mode, access, kind.

use super::support::{self, program::*};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

/// What replaces a file has its owner, its group, its mode and its access control list.
#[test]
fn a_replaced_file_stays_whose_it_is() {
    let dir = scratch();
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    for (name, source, mode) in [
        ("key", "server.key", 0o600),
        ("shared-key", "server.key", 0o640),
        ("read-only", "server.key", 0o400),
        ("certificate", "server.crt", 0o664),
        ("odd", "server.crt", 0o2751),
    ] {
        let out = put(dir.path(), name, b"old");
        if root {
            std::os::unix::fs::chown(&out, Some(4_321), Some(1_234)).unwrap();
        }
        fs::set_permissions(&out, fs::Permissions::from_mode(mode)).unwrap();
        let before = fs::metadata(&out).unwrap();
        let output = certcheck(&[
            "convert",
            &pki(source),
            "--to",
            "pem",
            "-o",
            &out,
            "--force",
        ]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        let after = fs::metadata(&out).unwrap();
        let of = |facts: &fs::Metadata| (facts.uid(), facts.gid(), facts.mode());
        assert_eq!(of(&after), of(&before), "{name}");
        assert_ne!(
            after.ino(),
            before.ino(),
            "{name}: replaced, not written into"
        );
        assert_ne!(fs::read(&out).unwrap(), b"old", "{name}");
    }
    if !root {
        support::here::without("root", "another's file cannot be made by a user");
        return;
    }
    // The owner of the directory, to whom the file does not belong: refused, since it
    // would become theirs.
    let folder = dir.path().join("theirs");
    fs::create_dir(&folder).unwrap();
    let out = put(&folder, "root.crt", b"old");
    std::os::unix::fs::chown(&folder, Some(4_321), Some(1_234)).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // The program lies where only root may look.
    let own = folder.join("certcheck");
    fs::copy(env!("CARGO_BIN_EXE_certcheck"), &own).unwrap();
    let crt = put(&folder, "new.crt", &fs::read(pki("server.crt")).unwrap());
    let mut command = Command::new(&own);
    std::os::unix::process::CommandExt::uid(&mut command, 4_321);
    std::os::unix::process::CommandExt::gid(&mut command, 1_234);
    command.args(["convert", &crt, "--to", "pem", "-o", &out, "--force"]);
    let output = support::run(command, b"");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("its owner 0:0 cannot be kept"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read(&out).unwrap(), b"old");
    assert_eq!(listing(&folder), ["certcheck", "new.crt", "root.crt"]);
}

#[test]
fn an_access_control_list_is_kept() {
    let dir = scratch();
    let out = put(dir.path(), "out.crt", b"old");
    let set = |words: &[&str]| {
        Command::new("setfacl")
            .args(words)
            .status()
            .is_ok_and(|status| status.success())
    };
    if !set(&["-m", "u:1:r,g:2:rw,m::r", &out]) {
        support::here::skipped(
            "setfacl",
            "not installed (apt-get install acl), or no lists in this file system",
        );
        return;
    }
    // What is made in the directory gets a list of its own, which is not the file's.
    assert!(set(&[
        "-d",
        "-m",
        "u:3:rwx",
        &dir.path().display().to_string()
    ]));
    let list = || {
        let output = Command::new("getfacl")
            .args(["-cpn", &out])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let before = list();
    assert!(before.contains("user:1:r"), "{before}");
    let words = [
        "convert",
        &pki("server.crt"),
        "--to",
        "pem",
        "-o",
        &out,
        "--force",
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    assert_eq!(list(), before);
    let plain = put(dir.path(), "plain.crt", b"old");
    assert!(set(&["-b", &plain]));
    let words = [
        "convert",
        &pki("server.crt"),
        "--to",
        "pem",
        "-o",
        &plain,
        "--force",
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    let output = Command::new("getfacl")
        .args(["-cpn", &plain])
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("user:3"));
}

/// Only regular files are replaced: no device, no pipe, no link, whatever it leads to.
#[test]
fn what_is_no_regular_file_is_not_replaced() {
    let dir = scratch();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let make = |words: &[&str]| {
        Command::new(words[0])
            .args(&words[1..])
            .status()
            .is_ok_and(|status| status.success())
    };
    assert!(make(&["mkfifo", &at("pipe")]));
    let target = put(dir.path(), "target.crt", b"old");
    for (link, to) in [
        ("to-file", &*target),
        ("to-null", "/dev/null"),
        ("to-nothing", "/nowhere/x"),
        ("to-pipe", &at("pipe")),
    ] {
        std::os::unix::fs::symlink(to, dir.path().join(link)).unwrap();
    }
    let socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let mut places = [
        "pipe",
        "to-file",
        "to-null",
        "to-nothing",
        "to-pipe",
        "socket",
    ]
    .map(at)
    .to_vec();
    // A device of our own, should the program do what it must not.
    if make(&["mknod", "-m", "666", &at("device"), "c", "1", "3"]) {
        places.push(at("device"));
    } else {
        support::here::without("root", "a device cannot be made by a user");
    }
    let before = listing_with_kinds(dir.path());
    let (crt, chain) = (
        pki("server.crt"),
        support::testdata()
            .join("chain/reversed/chain.crt")
            .display()
            .to_string(),
    );
    for place in &places {
        for words in [
            &["convert", &crt, "--to", "pem", "-o", place][..],
            &["convert", &crt, "--to", "pem", "-o", place, "--force"],
            &["chain", &chain, "--fix", "-o", place, "--force", "--at", AT],
            &["probe", "localhost:1", "--save", place, "--force"],
        ] {
            refused(words, place);
        }
    }
    for place in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr"] {
        refused(
            &["convert", &crt, "--to", "pem", "-o", place, "--force"],
            "without -o",
        );
    }
    assert_eq!(listing_with_kinds(dir.path()), before);
    assert_eq!(fs::read(&target).unwrap(), b"old");
    drop(socket);
}

fn listing_with_kinds(dir: &Path) -> Vec<String> {
    let kind = |name: &String| {
        format!(
            "{name}: {:?}",
            fs::symlink_metadata(dir.join(name)).unwrap().file_type()
        )
    };
    listing(dir).iter().map(kind).collect()
}
