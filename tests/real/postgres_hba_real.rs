//! pg_hba.conf as it is read here, against `pg_hba_file_rules` of a running server:
//! files made from a fixed seed, error or no error.

use crate::support::chance::Chance;
use crate::support::here;

use certcheck::Source;
use certcheck::rule::{self, ConfigFact};
use certcheck::server::Profile;
use certcheck::server::settings::{Context, Looked, Looks, Settings};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How many files are compared; fewer fail.
const FILES: usize = 240;

/// One record, mostly sound: of each part's words the first ones are taken most often.
fn record(dice: &mut Chance) -> String {
    let mut mostly = |sound: usize, words: &[&'static str]| -> &'static str {
        let most = if dice.below(16) == 0 {
            words.len()
        } else {
            sound
        };
        words[dice.below(most)]
    };
    let kind = mostly(
        6,
        &[
            "host",
            "hostssl",
            "hostnossl",
            "hostgssenc",
            "hostnogssenc",
            "local",
            "\"host\"",
            "Host",
            "host,local",
            "bogus",
        ],
    );
    let names = [
        "all",
        "\"all\"",
        "a,b",
        "a, b",
        "replication",
        "sameuser",
        "\"x y\"",
        "@names",
        "a\"b\"c",
        "\"\"",
        "+group",
        "@nowhere",
        "@",
        "\"",
    ];
    let (database, role) = (mostly(11, &names), mostly(11, &names));
    let address = mostly(
        13,
        &[
            "all",
            "127.0.0.1/32",
            "::1/128",
            "samehost",
            "samenet",
            "example.com",
            ".example.com",
            "10.0.0.0/8",
            "127.0.0.1 255.255.255.0",
            "::1 ffff::",
            "::/0",
            "0.0.0.0/0",
            "1.2.3/24",
            "10.0.0.0/33",
            "127.0.0.1",
            "127.0.0.1 ffff::",
            "example.com/8",
            "127.0.0.1/",
            "127.0.0.1/x",
            "1.2.3.4.5/8",
            "\"all\"",
            "10/8",
            "0x7f.1/8",
            "127.0.0.1/-1",
            "a,b",
            "fe80::1%lo/64",
            "256.1.1.1/8",
            "127.0.0.1/+8",
        ],
    );
    let method = mostly(
        7,
        &[
            "trust",
            "md5",
            "scram-sha-256",
            "reject",
            "password",
            "pam",
            "\"trust\"",
            "cert",
            "gss",
            "peer",
            "ident",
            "sspi",
            "ldap",
            "bsd",
            "radius",
            "bogus",
            "trust,md5",
        ],
    );
    // Some go together, and are sound then.
    let together = mostly(
        8,
        &[
            "",
            "",
            "",
            "",
            "",
            "hostssl",
            "ldap",
            "local",
            "clientcert=verify-ca",
            "clientcert=1",
            "clientcert=0",
            "clientname=X",
            "map=m",
            "x=y",
            "x",
            "krb_realm=R",
            "ldapserver=s",
            "ldapprefix=a ldapbasedn=b",
            "ldapport=0",
            "pamservice=p",
            "include_realm=1",
            "compat_realm=1",
            "=",
            "map=",
            "# comment",
        ],
    );
    let (kind, method, options) = match together {
        "hostssl" => (
            "hostssl",
            mostly(2, &["cert", "md5", "trust"]),
            mostly(
                3,
                &[
                    "clientcert=verify-full",
                    "clientname=DN",
                    "clientname=CN",
                    "clientcert=verify-ca",
                    "clientcert=no-verify",
                    "clientcert=1",
                    "clientname=dn",
                ],
            ),
        ),
        "ldap" => (
            kind,
            "ldap",
            mostly(
                4,
                &[
                    "ldapserver=s ldapbasedn=\"dc=x\"",
                    "ldapserver=s ldapprefix=p",
                    "ldapport=389 ldapprefix=\"\"",
                    "ldapbasedn=b ldaptls=1",
                    "ldapport=x ldapprefix=p",
                    "ldapsearchattribute=a ldapsearchfilter=b ldapbasedn=c",
                    "ldapserver=s",
                ],
            ),
        ),
        "local" => (
            "local",
            mostly(2, &["peer", "ident", "gss"]),
            mostly(2, &["map=m", "", "map"]),
        ),
        other => (kind, method, other),
    };
    let address = if kind == "local" { "" } else { address };
    let blank = mostly(4, &[" ", "\t", "   ", " \\\n  ", ","]);
    format!("{kind}{blank}{database} {role} {address} {method} {options}")
}

fn file(dice: &mut Chance) -> String {
    let mut text = String::new();
    let count = 1 + dice.below(2);
    for _ in 0..count {
        let mut line = record(dice);
        match dice.below(24) {
            0 => line.truncate(dice.below(line.len())),
            1 => line.insert(dice.below(line.len()), '"'),
            2 => line.insert(dice.below(line.len()), '#'),
            3 => line.insert(dice.below(line.len()), ','),
            4 => line.push_str(&"x".repeat(10234 + dice.below(12))),
            5 => line.push('\\'),
            _ => {}
        }
        text.push_str(&line);
        text.push_str(dice.of(&["\n", "\n", "\r\n", "\n\n", "\n# c\n", ""]));
        if !text.ends_with('\n') {
            break;
        }
    }
    text
}

struct Server {
    directory: tempfile::TempDir,
    programs: PathBuf,
    child: Option<Child>,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let data = self.data();
            let _ = self.run(
                "pg_ctl",
                &["-D", data.to_str().unwrap(), "-m", "immediate", "stop"],
            );
            let _ = child.wait();
        }
    }
}

impl Server {
    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// As the user postgres, where this one is root: the server refuses root.
    fn command(&self, program: &str, words: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if here::is_there("setpriv") && root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(words).current_dir(self.directory.path());
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, program: &str, words: &[&str]) -> Output {
        self.command(program, words).output().unwrap()
    }

    fn start(programs: PathBuf) -> Self {
        let mut server = Self {
            directory: tempfile::tempdir().unwrap(),
            programs,
            child: None,
            port: TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port(),
        };
        let path = server.directory.path().to_str().unwrap().to_owned();
        if root() {
            let done = Command::new("chown").args(["postgres", &path]).status();
            assert!(done.unwrap().success());
        }
        let data = server.data();
        let made = server.run(
            "initdb",
            &[
                "-D",
                data.to_str().unwrap(),
                "-A",
                "trust",
                "-U",
                "postgres",
            ],
        );
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        for (from, to) in [
            ("fullchain.crt", "server.crt"),
            ("server.key", "server.key"),
        ] {
            fs::copy(pki.join(from), data.join(to)).unwrap();
            let to = data.join(to);
            let to = to.to_str().unwrap();
            assert!(
                Command::new("chmod")
                    .args(["600", to])
                    .status()
                    .unwrap()
                    .success()
            );
            if root() {
                assert!(
                    Command::new("chown")
                        .args(["postgres", to])
                        .status()
                        .unwrap()
                        .success()
                );
            }
        }
        fs::write(data.join("names"), "a, b # c\nd\n").unwrap();
        let port = server.port.to_string();
        let child = server
            .command(
                "postgres",
                &[
                    "-D",
                    data.to_str().unwrap(),
                    "-p",
                    &port,
                    "-h",
                    "127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "ssl=on",
                    "-c",
                    "fsync=off",
                ],
            )
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        server.child = Some(child);
        let begun = Instant::now();
        while server.asked("select 1").trim() != "1" {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "it does not start"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    fn asked(&self, query: &str) -> String {
        let port = self.port.to_string();
        let words = [
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-XAtc",
            query,
        ];
        String::from_utf8_lossy(&self.run("psql", &words).stdout).into_owned()
    }

    /// Whether the server takes its pg_hba.conf, as it is now, and what it says.
    fn takes(&self, text: &str) -> (bool, String) {
        fs::write(self.data().join("pg_hba.conf"), text).unwrap();
        let query = "select count(*), count(*) filter (where error is not null or type is null), \
                     max(error) from pg_hba_file_rules";
        let said = self.asked(query);
        let mut cells = said.trim().split('|');
        let mut number = || cells.next().unwrap().parse::<usize>().unwrap();
        let (rows, errors) = (number(), number());
        (rows > 0 && errors == 0, said)
    }
}

fn root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}

/// Whether certcheck takes it; none: undecided.
fn judged(text: &str) -> Option<bool> {
    let source = Source::new("postgresql.conf", b"ssl = on\n".to_vec());
    let mut looks = Looks::new();
    let read = |text: &str| Looked::Read(Source::new("x", text.as_bytes().to_vec()));
    let _ = looks.insert("/d/pg_hba.conf".to_owned(), read(text));
    let _ = looks.insert("/d/names".to_owned(), read("a, b # c\nd\n"));
    let _ = looks.insert("/d/postgresql.auto.conf".to_owned(), Looked::Missing);
    let profile = Profile::named("postgres").unwrap();
    loop {
        let context = Context::at("/d").with_looked(&looks);
        let settings = Settings::read(profile, &source, &context).unwrap();
        if !settings.wanted.is_empty() {
            for path in settings.wanted {
                let _ = looks.insert(path, Looked::Missing);
            }
            continue;
        }
        let refused = settings.facts.iter().any(|(fact, _)| {
            matches!(fact, ConfigFact::Refused(rule::config::Refused { setting, .. }) if setting == "hba_file")
        });
        // Whom the records let in is another question than whether the file is taken.
        let mut open = settings.not_judged.iter();
        let read = open.all(|one| one.reason.starts_with("over TLS, pg_hba.conf admits "));
        return match (refused, read) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        };
    }
}

#[test]
fn files_as_the_server_reads_them() {
    let programs = PathBuf::from("/usr/lib/postgresql/15/bin");
    if !programs.join("postgres").is_file() {
        here::skipped(
            "postgres",
            "PostgreSQL 15 is not installed (apt-get install postgresql)",
        );
        return;
    }
    let server = Server::start(programs);
    let mut dice = Chance(0x6862_6131_3500_0001);
    let (mut compared, mut sound, mut open) = (0, 0, 0);
    let mut differ = Vec::new();
    for _ in 0..FILES {
        let text = file(&mut dice);
        let (takes, said) = server.takes(&text);
        compared += 1;
        sound += usize::from(takes);
        match judged(&text) {
            None => open += 1,
            Some(own) if own != takes => {
                differ.push(format!(
                    "server {takes}, here {own}: {text:?}: {}",
                    said.trim()
                ));
            }
            Some(_) => {}
        }
    }
    println!(
        "{compared} files: {sound} sound, {open} undecided, {} differ",
        differ.len()
    );
    here::compared("pg_hba.conf", "postgres", compared, FILES, differ.len());
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(
        sound * 5 >= compared && sound * 5 <= compared * 4,
        "{sound} of {compared} are sound"
    );
    assert!(open * 10 <= compared, "{open} of {compared} are undecided");
}
