//! The program itself, from its command line to a store that real tools have written
//! and back, and every way that was thought of to break it.

use crate::tree::{difference, sh, sh_ok, snapshot};
use crate::{have, plan_for, testdata};
use certcheck::trust_store::{HostFacts, Platform};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const AT: &str = "2026-11-22T12:00:00Z";

pub(crate) fn certcheck(words: &[&str], home: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certcheck"));
    // The environment of whoever runs the tests may name other stores (SSL_CERT_FILE, JAVA_HOME).
    command.args(words).env_clear();
    if !words.contains(&"--at") {
        command.args(["--at", AT]);
    }
    if let Some(home) = home {
        command.env("HOME", home);
    }
    command.output().unwrap()
}

pub(crate) fn pki(name: &str) -> String {
    testdata(&format!("pki/{name}.crt")).display().to_string()
}

/// `trust plan`, with these options behind the files.
pub(crate) fn plan(files: &[String], options: &[&str], home: Option<&Path>) -> Output {
    let mut words = vec!["trust", "plan"];
    words.extend(files.iter().map(String::as_str));
    words.extend(options);
    certcheck(&words, home)
}

pub(crate) fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

pub(crate) fn script(files: &[String], options: &[&str], home: Option<&Path>) -> String {
    let output = plan(files, &[options, &["--format", "sh"]].concat(), home);
    let (script, found) = text(&output);
    assert_eq!(output.status.code(), Some(0), "{found}");
    script
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {:?}", text(output)))
}

pub(crate) fn held(root: &str, name: &str) -> bool {
    let file = pki(name);
    let output = certcheck(
        &["trust", "status", &file, "--root", root, "--format", "json"],
        None,
    );
    json(&output)["result"]["certificates"][0]["held"] == true
}

/// What no test may touch: this machine's own store.
pub(crate) fn own_store() -> Vec<(String, Vec<u8>)> {
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/ssl/certs/java/cacerts",
        "/etc/ca-certificates.conf",
    ]
    .into_iter()
    .map(|path| (path.to_owned(), fs::read(path).unwrap_or_default()))
    .collect()
}

/// A Debian tree without links, as testdata has it.
pub(crate) fn debian() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let from = testdata("trust-command/trees/holding");
    let copied = Command::new("cp")
        .args(["-r"])
        .arg(from.join("."))
        .arg(tree.path())
        .status()
        .unwrap();
    assert!(copied.success());
    for directory in ["usr/local", "root"] {
        fs::remove_dir_all(tree.path().join(directory)).unwrap();
    }
    for file in fs::read_dir(tree.path().join("etc/ssl/certs")).unwrap() {
        // The tool makes them: a link that was there before would pass for one that it made.
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    tree
}

#[test]
fn from_the_command_line_into_the_store_and_back() {
    if !have("update-ca-certificates", "ca-certificates") || !have("openssl", "openssl") {
        return;
    }
    let machine = own_store();
    let sets: [&[&str]; 5] = [
        &["root"],
        &["issuing-root"],
        &["hostile"],
        &["self-signed"],
        &["server", "issuing", "root", "self-ca"],
    ];
    let mut runs = 0;
    for names in sets {
        let files: Vec<_> = names.iter().map(|name| pki(name)).collect();
        let tree = debian();
        let root = tree.path().display().to_string();
        let before = snapshot(tree.path());
        let install = script(&files, &["--root", &root], None);
        let said = sh_ok(&install, None);
        assert!(said.contains("installed, and the store holds it"), "{said}");
        for name in names {
            assert!(held(&root, name), "{name}");
        }
        let installed = snapshot(tree.path());
        let again = plan(&files, &["--root", &root, "--format", "json"], None);
        assert_eq!(json(&again)["result"]["steps"], serde_json::json!([]));
        let said = sh_ok(&script(&files, &["--root", &root], None), None);
        assert!(said.contains("nothing to do"), "{said}");
        let said = sh_ok(&install, None);
        assert!(said.contains("nothing to do"), "{said}");
        assert_eq!(
            difference(&installed, &snapshot(tree.path())),
            [] as [&str; 0]
        );
        let said = sh_ok(&script(&files, &["--root", &root, "--undo"], None), None);
        assert!(said.contains("undone"), "{said}");
        assert_eq!(
            difference(&before, &snapshot(tree.path())),
            [] as [&str; 0],
            "{names:?}: {said}"
        );
        for name in names {
            assert!(!held(&root, name), "{name}");
        }
        runs += 1;
    }
    // The only proof that `--root` keeps every tool inside of the tree.
    assert!(machine == own_store(), "this machine's store was touched");
    crate::ran(runs, "update-ca-certificates, from the command line");
    assert_eq!(runs, 5);
}

/// The scripts of testdata are those that the program prints.
#[test]
fn the_program_prints_the_library_s_scripts() {
    let names = ["root", "issuing"];
    let files: Vec<_> = names.iter().map(|name| pki(name)).collect();
    let here = crate::host::look(None, None).facts;
    let own = Platform::detect(&here);
    let mut compared = 0;
    for platform in Platform::ALL {
        use Platform::{Containers, Env, Java, Nss, PostgresClient};
        let anywhere = matches!(platform, Containers | Env | Java | Nss | PostgresClient);
        // Of another machine nothing is known.
        let host = if anywhere || Some(*platform) == own {
            here.clone()
        } else {
            HostFacts::unknown()
        };
        let expected = plan_for(*platform, &names, &host, None);
        for (more, expected) in [
            (&[][..], expected.install_script()),
            (&["--undo"], {
                let documents = crate::documents(&names);
                let certificates = crate::candidates(&documents);
                let request = certcheck::trust_store::Request::new(
                    &certificates,
                    *platform,
                    &host,
                    crate::now(),
                );
                certcheck::trust_store::plan(&request.with_undo(true))
                    .unwrap()
                    .undo_script()
            }),
        ] {
            let options = [&["--platform", platform.as_str()][..], more].concat();
            let output = plan(&files, &[&options[..], &["--format", "sh"]].concat(), None);
            let (printed, found) = text(&output);
            assert_eq!(output.status.code(), Some(0), "{platform}: {found}");
            assert!(printed == expected, "{platform} {more:?}: {printed}");
            compared += 1;
        }
        for format in ["text", "json"] {
            let options = ["--platform", platform.as_str(), "--format", format];
            assert_eq!(plan(&files, &options, None).status.code(), Some(0));
        }
    }
    println!("{compared} scripts are the library's");
    assert_eq!(compared, 2 * Platform::ALL.len());
}

#[test]
fn a_key_in_the_input_is_in_no_output() {
    let file = testdata("trust-command/with-key/ca.crt");
    let source = fs::read_to_string(&file).unwrap();
    let secret: Vec<_> = source
        .lines()
        .skip_while(|line| !line.contains("PRIVATE KEY"))
        .skip(1)
        .take_while(|line| !line.contains("PRIVATE KEY"))
        .collect();
    // An empty list would make the search below pass whatever is printed.
    assert!(secret.len() > 20);
    let file = file.display().to_string();
    let mut looked = 0;
    for platform in Platform::ALL {
        for format in ["text", "json", "sh"] {
            for undo in [&[][..], &["--undo"]] {
                let options = ["--platform", platform.as_str(), "--format", format, "-v"];
                let output = plan(
                    std::slice::from_ref(&file),
                    &[&options[..], undo].concat(),
                    None,
                );
                let (out, err) = text(&output);
                for line in &secret {
                    assert!(!out.contains(line) && !err.contains(line), "{platform}");
                }
                looked += 1;
            }
        }
    }
    assert_eq!(looked, Platform::ALL.len() * 6);
}

/// Alpine's and other small systems' shell and tools: every script that busybox runs
/// must do there what it does elsewhere.
#[test]
fn busybox_runs_the_scripts_as_well() {
    if !have("busybox", "busybox") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let tools = tempfile::tempdir().unwrap();
    let busybox = Command::new("sh")
        .args(["-c", "command -v busybox"])
        .output()
        .unwrap();
    let busybox = String::from_utf8(busybox.stdout).unwrap();
    let wanted = "sh awk base64 cat chmod cp cut dirname find grep head ln mkdir mktemp mv od printf \
        readlink rm rmdir sed sha256sum tail tr wc";
    for tool in wanted.split_whitespace().filter(|tool| *tool != "\\") {
        symlink(busybox.trim(), tools.path().join(tool)).unwrap();
    }
    let only = |script: &str| {
        let mut command = Command::new(busybox.trim());
        let file = tools.path().join("script");
        // Debian's own tool needs Debian's own tools.
        let script = script.replace("with_bundle ", "PATH=$OWN with_bundle ");
        let script = script.replace("PATH=$PATH:/usr/sbin:/sbin", "PATH=$TOOLS:$OPENSSL");
        fs::write(&file, script).unwrap();
        command.arg("sh").arg(&file).env_clear();
        command.env("TOOLS", tools.path());
        command.env("OPENSSL", tools.path().join("more"));
        command.env("OWN", "/usr/sbin:/usr/bin:/sbin:/bin");
        let output = command.output().unwrap();
        let (out, err) = text(&output);
        assert!(output.status.success(), "{out}{err}");
        out
    };
    fs::create_dir(tools.path().join("more")).unwrap();
    for (tool, path) in [
        ("openssl", "/usr/bin/openssl"),
        ("update-ca-certificates", "/usr/sbin/update-ca-certificates"),
    ] {
        symlink(path, tools.path().join("more").join(tool)).unwrap();
    }
    let tree = debian();
    let root = tree.path().display().to_string();
    let before = snapshot(tree.path());
    let files = [pki("root"), pki("self-ca")];
    let said = only(&script(&files, &["--root", &root], None));
    assert!(said.contains("installed, and the store holds it"), "{said}");
    assert!(held(&root, "root") && held(&root, "self-ca"));
    let said = only(&script(&files, &["--root", &root, "--undo"], None));
    assert!(said.contains("undone"), "{said}");
    assert_eq!(difference(&before, &snapshot(tree.path())), [] as [&str; 0]);
    crate::ran(1, "update-ca-certificates, the script by busybox");
}

/// A certificate of that subject and of that key.
fn made(directory: &Path, name: &str, subject: &str, key: &Path) -> String {
    let out = directory.join(name);
    let done = Command::new("openssl")
        .args(["req", "-x509", "-days", "30000", "-subj", subject, "-key"])
        .arg(key)
        .arg("-out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    out.display().to_string()
}

#[test]
fn two_of_one_name_do_not_meet_in_one_file() {
    if !have("openssl", "openssl") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let key = testdata("pki/p256.key");
    let files = [
        made(scratch.path(), "a.crt", "/CN=Twin CA", &key),
        // The file's name is made of letters and digits alone, so that this subject gives the same
        // name as the other two.
        made(scratch.path(), "b.crt", "/CN=twin  ca!", &key),
        made(scratch.path(), "c.crt", "/CN=Twin CA", &key),
    ];
    let tree = debian();
    let root = tree.path().display().to_string();
    let before = snapshot(tree.path());
    // They are valid from the moment of this test on.
    let options = ["--root", &root, "--at", "2050-01-01T00:00:00Z"];
    sh_ok(&script(&files, &options, None), None);
    let written = fs::read_dir(tree.path().join("usr/local/share/ca-certificates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect::<Vec<_>>();
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(
        written
            .iter()
            .all(|name| name.starts_with("certcheck-twin-ca-"))
    );
    let undo = [&options[..], &["--undo"]].concat();
    sh_ok(&script(&files, &undo, None), None);
    assert_eq!(difference(&before, &snapshot(tree.path())), [] as [&str; 0]);
}

#[test]
fn a_thousand_certificates() {
    let scratch = tempfile::tempdir().unwrap();
    let one = fs::read_to_string(pki("root")).unwrap();
    let same = scratch.path().join("same.crt").display().to_string();
    fs::write(&same, one.repeat(1000)).unwrap();
    let started = Instant::now();
    let document = json(&plan(
        std::slice::from_ref(&same),
        &["--platform", "rpm", "--format", "json"],
        None,
    ));
    let result = &document["result"];
    let writes = |step: &&Value| step["kind"] == "write-file";
    assert_eq!(
        result["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(writes)
            .count(),
        1
    );
    assert_eq!(result["certificates"].as_array().unwrap().len(), 1000);

    // A thousand that differ are no plan but a programme; where they are can be told.
    let der = pem::parse(&one).unwrap().into_contents();
    let mut many = String::new();
    for number in 0..1000_u16 {
        let mut other = der.clone();
        let last = other.len() - 2;
        other[last..].copy_from_slice(&number.to_be_bytes());
        many.push_str(&pem::encode(&pem::Pem::new("CERTIFICATE", other)));
    }
    let file = scratch.path().join("many.crt").display().to_string();
    fs::write(&file, many).unwrap();
    let output = plan(
        std::slice::from_ref(&file),
        &["--platform", "rpm", "--format", "sh"],
        None,
    );
    let (out, err) = text(&output);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("1000 certificates are too many"), "{err}");
    let root = testdata("trust-command/trees/holding")
        .display()
        .to_string();
    let output = certcheck(
        &[
            "trust", "status", &file, "--root", &root, "--format", "json",
        ],
        None,
    );
    let found = json(&output);
    let certificates = found["result"]["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 1000);
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_script_is_withheld_where_an_input_is_damaged() {
    let file = testdata("files/truncated/chain.crt").display().to_string();
    let output = plan(&[file], &["--platform", "rpm", "--format", "sh"], None);
    let (script, found) = text(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(found.contains("encoding.missing-end"), "{found}");
    let ran = sh(&script, None);
    assert_eq!(ran.status.code(), Some(1));
    assert!(text(&ran).1.contains("nothing was changed"));

    // What is refused by its content is in the script as a comment alone.
    let output = plan(
        &[pki("server")],
        &["--platform", "rpm", "--format", "sh"],
        None,
    );
    let (script, found) = text(&output);
    assert_eq!(output.status.code(), Some(1), "{found}");
    assert!(script.contains("REFUSED") && !script.contains("BEGIN CERT"));
    assert!(sh_ok(&script, None).contains("nothing to do"));
}

/// A home directory whose name a shell would like to run, and a root.crt that is a link.
#[test]
fn homes_with_odd_names_and_linked_files() {
    if !have("certutil", "libnss3-tools") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path().join("it's a $(touch pwned) \"home\"");
    let database = home.join(".pki/nssdb");
    fs::create_dir_all(&database).unwrap();
    fs::create_dir_all(home.join(".postgresql")).unwrap();
    let made = Command::new("certutil")
        .args(["-N", "--empty-password", "-d"])
        .arg(format!("sql:{}", database.display()))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let shared = scratch.path().join("shared.crt");
    fs::copy(pki("other-root"), &shared).unwrap();
    symlink("../../shared.crt", home.join(".postgresql/root.crt")).unwrap();
    let listed = || {
        let listed = Command::new("certutil")
            .args(["-L", "-d"])
            .arg(format!("sql:{}", database.display()))
            .output()
            .unwrap();
        String::from_utf8(listed.stdout).unwrap()
    };
    let all = || {
        let mut all = snapshot(scratch.path());
        all.retain(|name, _| !name.contains("nssdb/"));
        all
    };
    let (before, before_listed) = (all(), listed());
    let files = [pki("root"), pki("issuing")];
    let mut runs = 0;
    for platform in ["nss", "postgres-client"] {
        let options = ["--platform", platform];
        let said = sh_ok(&script(&files, &options, Some(&home)), Some(&home));
        assert!(said.contains("the store holds it"), "{said}");
        if platform == "nss" {
            assert_eq!(listed().matches("certcheck-").count(), 2);
        } else {
            let text = fs::read_to_string(&shared).unwrap();
            assert_eq!(text.matches("-----BEGIN CERT").count(), 3);
        }
        let said = sh_ok(
            &script(&files, &[&options[..], &["--undo"]].concat(), Some(&home)),
            Some(&home),
        );
        assert!(said.contains("undone"), "{said}");
        assert_eq!(
            difference(&before, &all()),
            [] as [&str; 0],
            "{platform}: {said}"
        );
        runs += 1;
    }
    assert_eq!(listed(), before_listed);
    assert!(!Path::new("pwned").exists() && !home.join("pwned").exists());
    assert_eq!(runs, 2);
    crate::ran(runs, "certutil and root.crt, in an odd home");
}

/// Every file of a directory is an anchor for rustls-native-certs: what it loads more
/// than OpenSSL is what status calls stray.
#[test]
fn what_is_called_stray_is_what_rustls_loads_more() {
    use certcheck::trust_store::{native, strays};
    let tree = testdata("trust-command/trees/debian");
    let host = crate::host::look(Some(&tree), None).facts;
    let directory = tree.join("etc/ssl/certs");
    let bundle: PathBuf = directory.join("ca-certificates.crt");
    let loaded = native::load_from(Some(&bundle), Some(&directory));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let of_openssl = native::load_from(Some(&bundle), None);
    let more: Vec<_> = loaded
        .certificates
        .iter()
        .filter(|certificate| !of_openssl.certificates.contains(certificate))
        .collect();
    let strays = strays(&host);
    assert_eq!((more.len(), strays.len()), (1, 1));
    let parsed = certcheck::model::Certificate::parse(more[0]).unwrap();
    assert_eq!(parsed.sha256(), strays[0].sha256);
}
