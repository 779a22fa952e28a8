//! What this machine has, and an account of what it has not.
//!
//! libtest hides what a test prints that passes. Each part that is not run is therefore
//! written to a file of its own run of cargo, and tests/zz_skipped.rs, the binary that
//! cargo runs last, prints them all with their number. Where `CI` is set a missing part
//! is a failure.
#![allow(
    clippy::print_stdout,
    reason = "what is skipped and what is compared is printed"
)]
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// With what the tables and rules were measured: name, how it tells its version, and the
/// versions that do the same. Another version may rightly do something else.
const MEASURED: &[(&str, &[&str], &[&str])] = &[
    // Debian 12's own Go 1.19 reads several damaged files of testdata/loaders otherwise.
    ("go", &["go", "version"], &["go1.27."]),
    ("node", &["node", "--version"], &["v18.", "v20."]),
    ("java", &["java", "-version"], &["\"17."]),
    ("nginx", &["nginx", "-v"], &["nginx/1.22."]),
    ("python", &["python3", "--version"], &["Python 3.11."]),
    (
        "openssl",
        &[
            "python3",
            "-c",
            "import ctypes; f = ctypes.CDLL('libcrypto.so.3').OpenSSL_version; \
             f.restype = ctypes.c_char_p; print(f(0).decode())",
        ],
        &["OpenSSL 3.0."],
    ),
    (
        "gnutls",
        &[
            "python3",
            "-c",
            "import ctypes; f = ctypes.CDLL('libgnutls.so.30').gnutls_check_version; \
             f.restype = ctypes.c_char_p; print('GnuTLS', f(None).decode())",
        ],
        &["GnuTLS 3.7."],
    ),
];

/// Whether nothing may be missing.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Whether `.ci/run` runs this part in a step of its own, so that the tests need not.
pub(crate) fn own_step(part: &str) -> bool {
    std::env::var("CERTCHECK_OWN_STEP").is_ok_and(|all| all.split(',').any(|one| one == part))
}

/// Whether `program` is in `PATH`, or where Debian has the programs of root. If it is not,
/// the part of this test that needs it is written down as skipped.
#[track_caller]
pub(crate) fn have(program: &str, package: &str) -> bool {
    let there = is_there(program);
    if !there {
        skipped(
            program,
            &format!("not installed (apt-get install {package})"),
        );
    }
    there
}

/// Whether `program` can be found, without a word.
pub(crate) fn is_there(program: &str) -> bool {
    std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|directory| directory.join(program).is_file())
}

/// Whether the program or library is here in a version that the tables know; if it is
/// not, its part is written down as skipped.
#[track_caller]
pub(crate) fn measured(name: &str) -> bool {
    let Some((_, words, versions)) = MEASURED.iter().find(|known| known.0 == name) else {
        return true;
    };
    let output = Command::new(words[0])
        .args(&words[1..])
        .env("GOTOOLCHAIN", "local")
        .stdin(Stdio::null())
        .output();
    let said = output.ok().filter(|output| output.status.success());
    let said = said.map(|output| {
        // Java prints it on standard error.
        let both = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&both)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    match said {
        None => skipped(name, "not installed"),
        Some(said) if !versions.iter().any(|version| said.contains(version)) => {
            let versions: Vec<_> = versions
                .iter()
                .map(|version| version.trim_matches(['.', '"']))
                .collect();
            let why = format!(
                "another version than the one measured: {said}, not {}",
                versions.join(" or ")
            );
            skipped(name, &why);
        }
        Some(_) => return true,
    }
    false
}

/// Writes down that a part of this test was not run, and why. A failure where `CI` is set.
#[track_caller]
pub(crate) fn skipped(part: &str, why: &str) {
    without(part, why);
    assert!(!in_ci(), "SKIPPED {part}: {why}; in CI every part must run");
}

/// The same for what cannot be had everywhere, as data that is not ours to hand on: no
/// failure in CI, but counted there too.
pub(crate) fn without(part: &str, why: &str) {
    println!("SKIPPED {part}: {why}");
    let file = record();
    let binary = module();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    // One write of one line: several tests, and several binaries, may do so at once.
    let line = format!("{binary}\t{part}\t{}\n", why.replace(['\t', '\n'], " "));
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(file)
        .unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

/// The binary, and of its modules the one with the test that runs: libtest names the
/// test's thread for it.
fn module() -> String {
    let binary = env!("CARGO_CRATE_NAME");
    match std::thread::current().name().unwrap_or("").split_once("::") {
        Some((module, _)) => format!("{binary}::{module}"),
        None => binary.to_owned(),
    }
}

/// Whether the long comparisons run whole (`.ci/full`), and not as a sample.
pub(crate) fn whole() -> bool {
    std::env::var_os("CERTCHECK_WHOLE").is_some()
}

/// Says how many cases were compared with a real program, and how many of them differ
/// without an explanation: `.ci/full` writes a table of these lines.
///
/// A comparison of fewer cases than there should have been has failed, whatever it found.
#[track_caller]
pub(crate) fn compared(what: &str, program: &str, cases: usize, least: usize, differ: usize) {
    println!("\nCOMPARED\t{what}\t{program}\t{cases}\t{differ}");
    assert!(
        cases >= least,
        "{what}: only {cases} cases were compared with {program}, not {least}"
    );
}

/// The account of this run: all test binaries of one `cargo test` have one parent, which
/// its number, its start (field 22 of proc(5)'s stat, counted from the machine's start) and
/// that start's own name tell from any other, also from one before the last reboot. A
/// script that calls cargo several times names one account for all in `CERTCHECK_SKIPPED`.
pub(crate) fn record() -> PathBuf {
    if let Some(name) = std::env::var_os("CERTCHECK_SKIPPED") {
        return folder().join(name);
    }
    let parent = std::os::unix::process::parent_id();
    let stat = fs::read_to_string(format!("/proc/{parent}/stat")).unwrap_or_default();
    let behind_the_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let start = behind_the_name.split_whitespace().nth(19).unwrap_or("0");
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let boot: String = boot.chars().take(8).collect();
    folder().join(format!("{parent}-{start}-{boot}"))
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped")
}
