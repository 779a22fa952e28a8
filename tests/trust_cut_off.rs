//! Trust scripts that are killed, run on a full disk, or raced: Debian's real tool in a
//! scratch tree.
//!
//! Linux. Own main, so that what is skipped is seen: the full disk needs a tmpfs, and
//! that needs root.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "support/here.rs"]
mod here;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const BUNDLE: &str = "etc/ssl/certs/ca-certificates.crt";

/// How often, whole (`CERTCHECK_WHOLE`) and as the sample that `cargo test` runs.
fn so_many(whole: usize, sample: usize) -> usize {
    if here::whole() { whole } else { sample }
}

fn main() -> ExitCode {
    let tool = Path::new("/usr/sbin/update-ca-certificates");
    if !cfg!(target_os = "linux") || !tool.exists() {
        here::skipped(
            "update-ca-certificates",
            "not installed (apt-get install ca-certificates)",
        );
        return ExitCode::SUCCESS;
    }
    let dir = tempfile::tempdir().unwrap();
    killed(dir.path());
    raced(dir.path());
    full_disk(dir.path());
    ExitCode::SUCCESS
}

/// The scripts of a tree, and what it looks like before and after.
struct Plan {
    tree: PathBuf,
    install: String,
    undo: String,
    before: Snapshot,
    installed: Snapshot,
}

type Snapshot = BTreeMap<String, String>;

impl Plan {
    fn of(tree: &Path) -> Self {
        let script = |more: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
                .args([
                    "trust",
                    "plan",
                    "--platform",
                    "debian",
                    "--format",
                    "sh",
                    "--root",
                ])
                .args([
                    &tree.display().to_string(),
                    &pki("root.crt"),
                    "--at",
                    "2026-11-22T12:00:00Z",
                ])
                .args(more)
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let (install, undo) = (script(&[]), script(&["--undo"]));
        let before = snapshot(tree);
        ok(&run(&install), "install");
        let installed = snapshot(tree);
        ok(&run(&undo), "undo");
        assert_eq!(difference(&before, &snapshot(tree)), Vec::<String>::new());
        Self {
            tree: tree.to_owned(),
            install,
            undo,
            before,
            installed,
        }
    }

    fn is(&self, wanted: &Snapshot, what: &str) {
        let now = snapshot(&self.tree);
        // Empty directories in which the journal was: who is killed between removing it
        // and them has lost the list of those that are ours.
        let empty = |name: &String| {
            let inside = format!("{name}/");
            name.starts_with("var")
                && now
                    .get(name)
                    .is_some_and(|state| state.ends_with(" directory"))
                && !now
                    .iter()
                    .any(|(path, what)| path.starts_with(&inside) && !what.ends_with(" directory"))
        };
        // For the same reason the list itself may lack some.
        let list = |name: &String| name.ends_with("/directories");
        let differs: Vec<_> = difference(wanted, &now)
            .into_iter()
            .filter(|name| !empty(name) && !list(name))
            .collect();
        assert!(differs.is_empty(), "{what}: {differs:?}");
    }

    fn bundle(&self) -> Vec<u8> {
        fs::read(self.tree.join(BUNDLE)).unwrap()
    }
}

fn pki(name: &str) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    dir.join(name).display().to_string()
}

/// Killed at random points, a script run again comes to the same end as one that was not.
fn killed(dir: &Path) {
    let plan = Plan::of(&make_tree(&dir.join("killed")));
    let (before, installed) = (dir.join("before"), dir.join("installed"));
    copy(&plan.tree, &before);
    let start = Instant::now();
    ok(&run(&plan.install), "install");
    // How long a run takes changes with what else the machine does: a run that ended before it was
    // killed was faster than that.
    let mut long = start.elapsed().as_micros() as u64;
    copy(&plan.tree, &installed);
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut within, mut changed) = (0, 0);
    let kills = so_many(200, 30);
    for number in 0..kills {
        let undoes = number % 2 == 1;
        let (script, from, wanted) = if undoes {
            (&plan.undo, &installed, &plan.before)
        } else {
            (&plan.install, &before, &plan.installed)
        };
        copy(from, &plan.tree);
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let cut = kill_after(script, Duration::from_micros(chance % (long * 11 / 10)));
        within += usize::from(cut);
        if !cut {
            long = (long * 9 / 10).max(1000);
        }
        let what = format!(
            "kill {number} ({})",
            if undoes { "undo" } else { "install" }
        );
        assert!(is_whole(&plan.bundle()), "{what}: the bundle is cut");
        let started = if undoes {
            &plan.installed
        } else {
            &plan.before
        };
        changed += usize::from(!difference(started, &snapshot(&plan.tree)).is_empty());
        let healed = run(script);
        ok(&healed, &what);
        plan.is(wanted, &what);
        if number % 10 == 0 {
            ok(&run(&plan.undo), &what);
            plan.is(&plan.before, &format!("{what}, undone"));
        }
    }
    println!(
        "killed: {kills} times at random points of {} ms, {within} before the end, {changed} with something changed; all healed",
        long / 1000
    );
    assert!(
        within * 2 >= kills && changed * 4 >= kills,
        "{within} {changed}"
    );
}

/// Runs a script, and kills it and all that it started; whether it still ran.
fn kill_after(script: &str, delay: Duration) -> bool {
    let mut child = shell(script);
    std::thread::sleep(delay);
    let running = child.try_wait().unwrap().is_none();
    let group = format!("-{}", child.id());
    let _ = Command::new("kill")
        .args(["-KILL", "--", &group])
        .stderr(Stdio::null())
        .status();
    child.wait().unwrap();
    running
}

/// Somebody who may write where the script writes puts links in place of its
/// temporary names: nothing is written through them.
fn raced(dir: &Path) {
    let plan = Plan::of(&make_tree(&dir.join("raced")));
    let (fresh, victim) = (dir.join("fresh"), dir.join("victim"));
    copy(&plan.tree, &fresh);
    fs::write(&victim, "precious").unwrap();
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o600)).unwrap();
    let places = [
        "usr/local/share/ca-certificates",
        "etc/ssl/certs",
        "var/lib/certcheck/trust",
    ];
    let places: Vec<_> = places.iter().map(|place| plan.tree.join(place)).collect();
    let races = so_many(40, 8);
    let (done, planted) = (
        AtomicBool::new(false),
        std::sync::atomic::AtomicUsize::new(0),
    );
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for place in &places {
                    let Ok(entries) = fs::read_dir(place) else {
                        continue;
                    };
                    for entry in entries.flatten() {
                        let path = entry.path();
                        let name = entry.file_name().to_string_lossy().into_owned();
                        let temporary = name.starts_with(".certcheck")
                            || name.ends_with(".crt.new") && !name.starts_with("ca-");
                        if temporary && !path.is_symlink() && fs::remove_file(&path).is_ok() {
                            let _ = symlink(&victim, &path);
                            planted.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            }
        });
        let mut ended = 0;
        for number in 0..races {
            copy(&fresh, &plan.tree);
            // The names that were once used: the shell's number.
            for place in &places {
                let last: u32 = Command::new("sh")
                    .args(["-c", "echo $$"])
                    .output()
                    .map(|output| {
                        String::from_utf8_lossy(&output.stdout)
                            .trim()
                            .parse()
                            .unwrap()
                    })
                    .unwrap();
                for pid in last..last + 200 {
                    let _ = symlink(&victim, place.join(format!(".certcheck-new.{pid}")));
                }
            }
            for script in [&plan.install, &plan.undo] {
                ended += usize::from(run(script).status.success());
            }
            let facts = fs::metadata(&victim).unwrap();
            assert_eq!(
                (fs::read(&victim).unwrap(), facts.mode() & 0o777),
                (b"precious".to_vec(), 0o600),
                "race {number}"
            );
        }
        done.store(true, Ordering::Relaxed);
        ended
    });
    println!(
        "raced: {races} times, {} links planted, {ended} of {} scripts reached their end; nothing was written through a link",
        planted.load(Ordering::Relaxed),
        races * 2
    );
    assert!(
        planted.load(Ordering::Relaxed) >= races,
        "the race was not run"
    );
}

/// On a disk with any room left a script ends well, or says that it did not and leaves
/// the store whole; with room again it goes on, and undoing gives back what was there.
fn full_disk(dir: &Path) {
    let disk = dir.join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        here::without("full disk", "a tmpfs cannot be mounted: that needs root");
        return;
    }
    let outcome = std::panic::catch_unwind(|| on_full_disk(&disk, dir));
    let _ = Command::new("umount").arg("-l").arg(&disk).status();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

fn on_full_disk(disk: &Path, dir: &Path) {
    let plan = Plan::of(&make_tree(&disk.join("tree")));
    let (before, installed) = (dir.join("disk-before"), dir.join("disk-installed"));
    copy(&plan.tree, &before);
    ok(&run(&plan.install), "install");
    copy(&plan.tree, &installed);
    let filler = disk.join("filler");
    let (mut failed, mut ended) = (0, 0);
    for pages in (0..70).step_by(so_many(1, 7)) {
        for undoes in [false, true] {
            let (script, from, wanted) = if undoes {
                (&plan.undo, &installed, &plan.before)
            } else {
                (&plan.install, &before, &plan.installed)
            };
            let _ = fs::remove_file(&filler);
            copy(from, &plan.tree);
            let old = plan.bundle();
            fill(&filler, pages * 4096);
            let output = run(script);
            let what = format!(
                "{pages} pages of room, {}: {}",
                if undoes { "undo" } else { "install" },
                String::from_utf8_lossy(&output.stderr)
            );
            if output.status.success() {
                ended += 1;
                plan.is(wanted, &what);
            } else {
                failed += 1;
                let now = plan.bundle();
                assert!(is_whole(&now), "{what}");
                assert!(
                    now == old || sections(&now) >= sections(&old) - 1,
                    "{what}: {} of {}",
                    sections(&now),
                    sections(&old)
                );
            }
            fs::remove_file(&filler).unwrap();
            ok(&run(script), &what);
            plan.is(wanted, &what);
            ok(&run(&plan.undo), &what);
            plan.is(&plan.before, &format!("{what}, undone"));
        }
    }
    println!(
        "full disk: {failed} runs ended with an error and a whole store, {ended} had room; all went on and were undone"
    );
    assert!(
        failed * 4 >= failed + ended && ended * 4 >= failed + ended,
        "{failed} {ended}"
    );
}

/// Leaves so many bytes of room.
fn fill(filler: &Path, room: usize) {
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(room as u64)).unwrap();
}

fn sections(bundle: &[u8]) -> usize {
    String::from_utf8_lossy(bundle)
        .matches("-----BEGIN ")
        .count()
}

/// Every section has an end, and is a certificate.
fn is_whole(bundle: &[u8]) -> bool {
    pem::parse_many(bundle).is_ok_and(|all| all.len() == sections(bundle))
}

fn shell(script: &str) -> std::process::Child {
    let mut child = Command::new("/bin/sh")
        .arg("-s")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let script = script.to_owned();
    // Who is killed reads no more.
    std::thread::spawn(move || drop(input.write_all(script.as_bytes())));
    child
}

fn run(script: &str) -> Output {
    shell(script).wait_with_output().unwrap()
}

#[track_caller]
fn ok(output: &Output, what: &str) {
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `to` is made what `from` is.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let status = Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(status.success());
}

fn snapshot(root: &Path) -> Snapshot {
    let mut all = Snapshot::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let facts = fs::symlink_metadata(&path).unwrap();
            let mode = facts.permissions().mode();
            let what = if facts.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if facts.is_dir() {
                open.push(path.clone());
                format!("{mode:o} directory")
            } else {
                format!(
                    "{mode:o} {}",
                    String::from_utf8_lossy(&fs::read(&path).unwrap())
                )
            };
            let name = path.strip_prefix(root).unwrap().display().to_string();
            all.insert(name, what);
        }
    }
    all
}

fn difference(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differ = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name));
    differ.cloned().collect()
}

/// A small Debian: some shipped certificates, one of them large, one by hand, a link of
/// somebody else, links as on a machine of its own.
fn make_tree(tree: &Path) -> PathBuf {
    let at = |path: &str| tree.join(path);
    for directory in [
        "etc/ssl/certs",
        "usr/share/ca-certificates/mozilla",
        "usr/local/share/ca-certificates",
        "etc/elsewhere",
    ] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    fs::write(at("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n").unwrap();
    for name in ["constrained", "sub"] {
        fs::copy(
            pki(&format!("{name}.crt")),
            at(&format!("usr/share/ca-certificates/mozilla/{name}.crt")),
        )
        .unwrap();
    }
    // Many pages long, so that a disk may end anywhere in it.
    let large = "words in front of it\n".repeat(2_000)
        + &fs::read_to_string(pki("other-root.crt"))
            .unwrap_or_else(|_| fs::read_to_string(pki("ca-as-server.crt")).unwrap());
    fs::write(at("usr/share/ca-certificates/mozilla/large.crt"), large).unwrap();
    fs::write(
        at("etc/ca-certificates.conf"),
        "mozilla/constrained.crt\nmozilla/large.crt\nmozilla/sub.crt\n",
    )
    .unwrap();
    fs::copy(
        pki("ca-as-server.crt"),
        at("usr/local/share/ca-certificates/by hand (1).crt"),
    )
    .unwrap();
    let root = tree.display().to_string();
    let output = Command::new("/usr/sbin/update-ca-certificates")
        .args(["--certsconf", &format!("{root}/etc/ca-certificates.conf")])
        .args(["--certsdir", &format!("{root}/usr/share/ca-certificates")])
        .args([
            "--localcertsdir",
            &format!("{root}/usr/local/share/ca-certificates"),
        ])
        .args([
            "--etccertsdir",
            &format!("{root}/etc/ssl/certs"),
            "--hooksdir",
            "/dev/null",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    for entry in fs::read_dir(at("etc/ssl/certs")).unwrap() {
        let link = entry.unwrap().path();
        if let Ok(target) = fs::read_link(&link)
            && let Ok(inside) = target.strip_prefix(&root)
        {
            fs::remove_file(&link).unwrap();
            symlink(Path::new("/").join(inside), &link).unwrap();
        }
    }
    fs::copy(pki("sub.crt"), at("etc/elsewhere/sub.pem")).unwrap();
    symlink("/etc/elsewhere/sub.pem", at("etc/ssl/certs/elsewhere.pem")).unwrap();
    tree.to_owned()
}
