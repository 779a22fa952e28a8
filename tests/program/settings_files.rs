//! Settings of several files, in a tree, and on a command line.
#![cfg(all(feature = "cli", unix))]

use crate::support::here;
use crate::support::program::{AT, codes_of, document, pki, put, refused, scratch};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// The arguments of a preflight with these.
fn preflight(words: &[&str]) -> (i32, Value) {
    let anchors = pki("anchors.crt");
    document(&[&["preflight", "--at", AT, "--anchors", &anchors], words].concat())
}

/// `combined.pem` and HAProxy's settings in three files of a directory and one beside it.
fn haproxy(dir: &Path) -> (String, String) {
    fs::create_dir_all(dir.join("d/sub.cfg")).unwrap();
    fs::copy(pki("combined.pem"), dir.join("site.pem")).unwrap();
    let main = "global\n    setenv SITE site.pem\n    ssl-default-bind-options ssl-min-ver TLSv1.3\n\
                defaults\n    mode http\n    timeout client 1s\n    timeout server 1s\n    timeout connect 1s\n";
    let main = put(dir, "main.cfg", main.as_bytes());
    let bind = |port: u16| {
        let dir = dir.display();
        format!("frontend f{port}\n    bind 127.0.0.1:{port} ssl crt {dir}/\"${{SITE}}\"\n")
            .into_bytes()
    };
    let inner = dir.join("d");
    put(&inner, "b.cfg", &bind(44301));
    put(&inner, "B.cfg", &bind(44302));
    put(&inner, ".hidden.cfg", b"nonsense\n");
    put(&inner, "z.cfg~", b"nonsense\n");
    (main, inner.display().to_string())
}

fn scopes(document: &Value) -> Vec<(String, String)> {
    let all = document["result"]["scopes"].as_array().unwrap();
    all.iter()
        .map(|scope| {
            let file = scope["file"].as_str().unwrap_or("the first");
            let file = file.rsplit('/').next().unwrap();
            (file.to_owned(), scope["lines"][0].to_string())
        })
        .collect()
}

#[test]
fn haproxy_reads_files_and_directories_in_its_order() {
    let dir = scratch();
    let (main, inner) = haproxy(dir.path());
    let base = ["--server", "haproxy", "--config", &main, "--config", &inner];
    let (exit, found) = preflight(&base);
    assert_eq!(exit, 0, "{found}");
    let at = |file: &str| (file.to_owned(), "2".to_owned());
    assert_eq!(scopes(&found), [at("B.cfg"), at("b.cfg")]);
    let versions = &found["result"]["scopes"][0]["protocols"]["effective"];
    assert_eq!(versions, &serde_json::json!(["TLSv1.3"]));
    // The same by the command line, and without the file that sets the variable.
    let line = format!("/usr/sbin/haproxy -Ws -f {main} -f {inner} -p /run/pid");
    let (_, same) = preflight(&["--server-args", &line]);
    assert_eq!(same["result"], found["result"]);
    let (exit, without) = preflight(&["--server", "haproxy", "--config", &inner]);
    assert_eq!(
        (exit, &without["verdict"]),
        (1, &"fail".into()),
        "{without}"
    );

    if !here::have("haproxy", "haproxy") {
        return;
    }
    let test = |arguments: &[&str]| {
        let status = Command::new("haproxy")
            .arg("-c")
            .args(arguments)
            .output()
            .unwrap();
        status.status.success()
    };
    assert!(test(&["-f", &main, "-f", &inner]));
    assert!(!test(&["-f", &inner]));
    // A section and a condition end with their file.
    for (name, first, second) in [
        ("section", "frontend f\n", "    bind 127.0.0.1:44303\n"),
        ("condition", "global\n.if streq(a,a)\n", ".endif\n"),
    ] {
        let one = put(dir.path(), "one.cfg", first.as_bytes());
        let two = put(dir.path(), "two.cfg", second.as_bytes());
        assert!(!test(&["-f", &main, "-f", &one, "-f", &two]), "{name}");
        let files = ["--config", &main, "--config", &one, "--config", &two];
        let (exit, found) = preflight(&[&["--server", "haproxy"], &files[..]].concat());
        assert_eq!(exit, 1, "{name}");
        assert_eq!(
            found["result"]["startup"]["outcome"],
            "refuses-at-config-test"
        );
    }
}

#[test]
fn one_main_file_where_the_server_has_one() {
    let dir = scratch();
    let one = put(dir.path(), "a.conf", b"events {}\n");
    for server in ["nginx", "apache", "tabpy", "rserve"] {
        let words = [
            "preflight",
            "--server",
            server,
            "--config",
            &one,
            "--config",
            &one,
        ];
        refused(&words, "reads one main file of settings, but 2 were given");
        let inside = dir.path().display().to_string();
        refused(
            &["preflight", "--server", server, "--config", &inside],
            "is a directory",
        );
    }
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let empty = empty.display().to_string();
    refused(
        &["preflight", "--server", "haproxy", "--config", &empty],
        "there are no settings in it",
    );
    refused(
        &[
            "preflight",
            "--cert-file",
            &pki("server.crt"),
            "--root",
            &empty,
        ],
        "--root applies only to the server's own settings",
    );
    refused(
        &["preflight", "--server", "nginx", "--server-args", "-g x"],
        "--server-args names no file",
    );
}

/// A tree with nginx's settings: `link` is where its certificate leads.
fn tree(dir: &Path, link: &str) -> String {
    let root = dir.join("root");
    fs::create_dir_all(root.join("etc/nginx/conf.d")).unwrap();
    fs::create_dir_all(root.join("etc/ssl")).unwrap();
    put(
        &root.join("etc/nginx"),
        "nginx.conf",
        b"events {}\nhttp { include conf.d/*.conf; }\n",
    );
    let site = b"server {\n listen 443 ssl;\n server_name www.example.test;\n ssl_certificate /etc/ssl/site.crt;\n ssl_certificate_key ../ssl/site.key;\n}\n";
    put(&root.join("etc/nginx/conf.d"), "site.conf", site);
    fs::copy(pki("fullchain.crt"), root.join("etc/ssl/real.crt")).unwrap();
    fs::copy(pki("server.key"), root.join("etc/ssl/site.key")).unwrap();
    let _ = fs::remove_file(root.join("etc/ssl/site.crt"));
    symlink(link, root.join("etc/ssl/site.crt")).unwrap();
    root.display().to_string()
}

#[test]
fn a_tree_is_read_from_its_root_and_nothing_outside() {
    let dir = scratch();
    let root = tree(dir.path(), "/etc/ssl/real.crt");
    let there = format!("{root}/etc/nginx/nginx.conf");
    for config in ["/etc/nginx/nginx.conf", "etc/nginx/nginx.conf", &there] {
        let (exit, found) = preflight(&["--server", "nginx", "--root", &root, "--config", config]);
        assert_eq!(exit, 0, "{config}: {found}");
        let scope = &found["result"]["scopes"][0];
        assert_eq!(scope["file"], "/etc/nginx/conf.d/site.conf");
        assert_eq!(found["result"]["sent"][0]["source"], "/etc/ssl/site.crt");
    }
    // Links lead from the root, however many steps up they take.
    let outside = put(
        dir.path(),
        "outside.crt",
        &fs::read(pki("fullchain.crt")).unwrap(),
    );
    for link in [outside.as_str(), "../../../../../outside.crt"] {
        tree(dir.path(), link);
        let words = [
            "--server",
            "nginx",
            "--root",
            &root,
            "--config",
            "/etc/nginx/nginx.conf",
        ];
        let (exit, found) = preflight(&words);
        assert_eq!(exit, 1, "{link}");
        assert!(codes_of(&found).contains(&"config.missing-file"), "{found}");
    }
    // A pipe is not opened: nobody writes to it.
    let pipe = Path::new(&root).join("etc/nginx/conf.d/x.conf");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    tree(dir.path(), "real.crt");
    let words = [
        "--server",
        "nginx",
        "--root",
        &root,
        "--config",
        "/etc/nginx/nginx.conf",
    ];
    let (exit, found) = preflight(&words);
    assert_eq!(
        (exit, &found["verdict"]),
        (1, &"undecided".into()),
        "{found}"
    );
}

#[test]
fn what_a_command_line_sets_counts() {
    let dir = scratch();
    for name in ["fullchain.crt", "server.key", "combined.pem"] {
        fs::copy(pki(name), dir.path().join(name)).unwrap();
        crate::support::give_away(&dir.path().join(name));
    }
    let at = dir.path().display().to_string();
    let files = format!("ssl_cert_file = '{at}/fullchain.crt'\nssl_key_file = '{at}/server.key'\n");
    let file = put(dir.path(), "postgresql.conf", files.as_bytes());
    let (exit, off) = preflight(&["--config", &file]);
    assert_eq!((exit, codes_of(&off)[0]), (1, "config.tls-off"));
    for line in [
        format!("-D {at} -c ssl=on"),
        format!("postgres -D {at} --ssl=on"),
        format!("-c config_file={file} -l"),
    ] {
        let (exit, found) = preflight(&["--server", "postgres", "--server-args", &line]);
        assert_eq!(exit, 0, "{line}: {found}");
        assert_eq!(found["result"]["scopes"][0]["tls"], true);
    }
    let bad = format!("-D {at} -c ssl=on -c ssl_min_protocol_version=SSLv2");
    let (exit, found) = preflight(&["--server", "postgres", "--server-args", &bad]);
    assert_eq!(exit, 1);
    assert_eq!(
        found["findings"][0]["subject"]["source"], "command line",
        "{found}"
    );
    let (_, found) = preflight(&[
        "--server",
        "postgres",
        "--server-args",
        &format!("{bad} what"),
    ]);
    assert!(
        found["checks"]
            .to_string()
            .contains("does not know this word of the command line")
    );

    let host = format!(
        "LoadModule ssl_module mod_ssl.so\n<IfDefine TLS>\nSSLEngine on\n</IfDefine>\n\
         SSLCertificateFile {at}/combined.pem\n"
    );
    let file = put(dir.path(), "httpd.conf", host.as_bytes());
    let on = |line: &str| {
        let words = [
            "--server",
            "apache",
            "--config",
            &file,
            "--server-args",
            line,
        ];
        let (_, found) = preflight(&words);
        found["result"]["scopes"][0]["tls"].clone()
    };
    assert_eq!(on("-D TLS -k start"), true);
    assert_eq!(on("-c 'SSLEngine on'"), true);
    let (exit, found) = preflight(&[
        "--server",
        "apache",
        "--config",
        &file,
        "--server-args",
        "-c 'SSLEngine maybe'",
    ]);
    let there = found["findings"].as_array().unwrap().iter();
    let there = there.filter(|finding| finding["subject"]["source"] == "command line");
    assert_eq!((exit, there.count()), (1, 1), "{found}");
}

#[test]
fn variables_come_from_a_file_as_data() {
    let dir = scratch();
    fs::copy(pki("combined.pem"), dir.path().join("site.pem")).unwrap();
    let at = dir.path().display();
    let host = "Listen 443\n<VirtualHost *:443>\nServerName www.example.test\nSSLEngine on\nSSLCertificateFile ${SITE}\n</VirtualHost>\n";
    let file = put(dir.path(), "httpd.conf", host.as_bytes());
    let ran = dir.path().join("ran");
    let text = format!(
        "export BASE={at}\nX=$(touch {})\nexport SITE=\"$BASE/site.pem\"\n",
        ran.display()
    );
    let vars = put(dir.path(), "envvars", text.as_bytes());
    let (exit, found) = preflight(&["--server", "apache", "--config", &file, "--env", &vars]);
    assert_eq!(exit, 0, "{found}");
    assert!(!ran.exists());
    refused(
        &[
            "preflight",
            "--server",
            "apache",
            "--config",
            &file,
            "--env",
            "nothing",
        ],
        "--env nothing: there is no such file",
    );
}

/// nginx's settings with one sound server and another line in `http`.
fn nginx(dir: &Path, line: &str) -> String {
    let text = format!(
        "events {{}}\nhttp {{\n server {{ listen 127.0.0.1:44301 ssl; server_name www.example.test; \
         ssl_certificate {}; ssl_certificate_key {}; }}\n {line}\n}}\n",
        pki("fullchain.crt"),
        pki("server.key")
    );
    put(dir, "nginx.conf", text.as_bytes())
}

/// What is not read for a limit leaves the verdict undecided, and ends.
#[test]
fn limits_are_never_passed() {
    let dir = scratch();
    let undecided = |words: &[&str]| {
        let (exit, found) = preflight(words);
        let verdict = &found["verdict"];
        assert!(
            (exit, verdict.as_str()) == (1, Some("undecided")),
            "{words:?}: {found}"
        );
        found["checks"].to_string()
    };
    let of = |line: &str| {
        let file = nginx(dir.path(), line);
        undecided(&["--server", "nginx", "--config", &file])
    };
    // A cycle, and files in files, deeper than any person writes.
    put(dir.path(), "cycle.conf", b"include cycle.conf;\n");
    assert!(of("include cycle.conf;").contains("too many files are included"));
    for depth in 0..40 {
        let text = format!("include d{}.conf;\n", depth + 1);
        put(dir.path(), &format!("d{depth}.conf"), text.as_bytes());
    }
    put(dir.path(), "d40.conf", b"\n");
    assert!(of("include d0.conf;").contains("too many files are included"));
    // A device never ends.
    symlink("/dev/zero", dir.path().join("zero.conf")).unwrap();
    assert!(of("include zero.conf;").contains("not a regular file"));
    // Names of one directory, files, and bytes of all files together.
    let apache = |pattern: &str| {
        let text = format!(
            "Listen 44301\n<VirtualHost *:44301>\nServerName www.example.test\nSSLEngine on\n\
             SSLCertificateFile {}\nSSLCertificateKeyFile {}\n</VirtualHost>\nInclude {pattern}\n",
            pki("fullchain.crt"),
            pki("server.key")
        );
        let file = put(dir.path(), "httpd.conf", text.as_bytes());
        undecided(&["--server", "apache", "--config", &file])
    };
    for directory in ["a", "b"] {
        let inner = dir.path().join(directory);
        fs::create_dir(&inner).unwrap();
        for number in 0..5_001 {
            put(&inner, &format!("{number}.conf"), b"#\n");
        }
    }
    assert!(apache("[ab]/*.conf").contains("certcheck reads at most 10000 files"));
    let inner = dir.path().join("a");
    for number in 5_001..10_001 {
        put(&inner, &format!("{number}.conf"), b"#\n");
    }
    assert!(apache("a/*.conf").contains("the directory has too many entries"));
    let inner = dir.path().join("large");
    fs::create_dir(&inner).unwrap();
    let line = format!("#{}\n", "x".repeat(7_998));
    let text = line.repeat(500);
    for number in 0..17 {
        put(&inner, &format!("{number:02}.conf"), text.as_bytes());
    }
    assert!(apache("large/*.conf").contains("certcheck reads at most 64 MiB of all files"));
}

/// Neither a link nor `..` leads an include, a pattern or a directory out of a tree.
#[test]
fn settings_do_not_lead_out_of_a_tree() {
    let dir = scratch();
    let outside = dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    put(&outside, "secret.conf", b"server { listen 44399 ssl; }\n");
    let root = tree(dir.path(), "real.crt");
    let etc = Path::new(&root).join("etc/nginx");
    symlink(&outside, etc.join("by-link")).unwrap();
    symlink("../../../outside", etc.join("by-steps")).unwrap();
    let at = outside.display();
    for named in [
        "by-link/*.conf".to_owned(),
        "by-steps/*.conf".to_owned(),
        "../../../outside/*.conf".to_owned(),
        format!("{at}/*.conf"),
    ] {
        let text = format!("events {{}}\nhttp {{ include {named}; include conf.d/*.conf; }}\n");
        put(&etc, "nginx.conf", text.as_bytes());
        let words = ["config", "--root", &root, "/etc/nginx/nginx.conf"];
        let (_, found) = document(&words);
        let text = found.to_string();
        assert!(
            !text.contains("44399") && !text.contains("secret.conf"),
            "{text}"
        );
        assert_eq!(
            found["result"]["files"].as_array().unwrap().len(),
            2,
            "{named}"
        );
    }
}
