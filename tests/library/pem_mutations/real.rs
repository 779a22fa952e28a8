//! The real programs, each with one case at a time, none of them left running.
//!
//! httpd is told to write its PID where there is no directory, and PostgreSQL to
//! listen at an address that the machine does not have: each gets there only
//! after it has loaded its certificate, and then stops at once.

use crate::pem_mutations::case::Case;
use crate::pem_mutations::here;
use crate::support::postgres;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) const PROGRAMS: [&str; 5] = ["nginx", "apache", "haproxy", "postgres", "python"];

/// Which of the programs are installed.
pub(crate) fn installed() -> Vec<&'static str> {
    let only = std::env::var("CERTCHECK_PROGRAMS").unwrap_or_default();
    PROGRAMS
        .into_iter()
        .filter(|name| only.is_empty() || only.split(',').any(|wanted| wanted == *name))
        .filter(|name| match *name {
            "postgres" if postgres::programs().is_none() => {
                here::skipped("postgres", "not installed (apt-get install postgresql)");
                false
            }
            "postgres" => true,
            "apache" => here::have("apache2", "apache2"),
            "python" => here::measured("python"),
            name => here::have(name, name),
        })
        .collect()
}

/// A port that is free now. The programs listen only for a moment.
fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}

/// A folder in which one worker starts its programs.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
    port: Cell<u16>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
            port: Cell::new(free_port()),
        };
        assert!(run(Command::new("chmod").arg("755").arg(bench.folder.path())).0);
        if let Some(programs) = postgres::programs() {
            let data = bench.path("pgdata");
            fs::create_dir(&data).unwrap();
            assert!(run(Command::new("chown").args(["postgres", &data])).0);
            let initdb = programs.join("initdb");
            let made = run(as_postgres(&initdb).args(["-D", &data, "-A", "trust", "--no-sync"]));
            assert!(made.0, "{}", made.1);
        }
        bench.write_settings();
        bench
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write_settings(&self) {
        let folder = self.folder.path().display();
        let port = self.port.get();
        let nginx = |key: &str| {
            format!(
                "daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\n\
                 events {{}} http {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
                 ssl_certificate {folder}/own.pem; ssl_certificate_key {folder}/{key}; }} }}\n"
            )
        };
        let haproxy = format!(
            "global\ndefaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n\
             frontend f\n bind 127.0.0.1:{port} ssl crt {folder}/own.pem\n"
        );
        let apache = |key: &str| {
            format!(
                "ServerRoot {folder}\nServerName localhost\nPidFile {folder}/nowhere/pid\n\
                 LoadModule mpm_prefork_module {MODULES}/mod_mpm_prefork.so\n\
                 LoadModule authz_core_module {MODULES}/mod_authz_core.so\n\
                 LoadModule ssl_module {MODULES}/mod_ssl.so\n\
                 Mutex file:{folder}\nErrorLog /dev/stderr\nListen 127.0.0.1:{port}\nSSLSessionCache none\n\
                 User nobody\nGroup nogroup\n<VirtualHost *:{port}>\nSSLEngine on\n\
                 SSLCertificateFile {folder}/own.pem\n{key}</VirtualHost>\n"
            )
        };
        const MODULES: &str = "/usr/lib/apache2/modules";
        let key = format!("SSLCertificateKeyFile {folder}/own.pem.key\n");
        for (name, text) in [
            ("nginx.conf", nginx("own.pem.key")),
            ("nginx-one.conf", nginx("own.pem")),
            ("haproxy.cfg", haproxy),
            ("apache.conf", apache(&key)),
            ("apache-one.conf", apache("")),
        ] {
            fs::write(self.path(name), text).unwrap();
        }
    }

    /// Whether `program` loads the case, and what it says. Another program may have
    /// taken the port meanwhile, which says nothing about the files.
    pub(crate) fn takes(&self, program: &str, case: &Case) -> (bool, String) {
        for _ in 0..5 {
            let (takes, said) = self.try_once(program, case);
            if !said.contains("ddress already in use") {
                return (takes, said);
            }
            self.port.set(free_port());
            self.write_settings();
        }
        panic!("{program} finds no free port");
    }

    fn try_once(&self, program: &str, case: &Case) -> (bool, String) {
        fs::write(self.path("own.pem"), &case.certificate).unwrap();
        let beside = self.path("own.pem.key");
        match &case.key {
            Some(key) => fs::write(&beside, key).unwrap(),
            None => drop(fs::remove_file(&beside)),
        }
        let one = if case.key.is_some() { "" } else { "-one" };
        match program {
            "nginx" => {
                let settings = self.path(&format!("nginx{one}.conf"));
                run(Command::new("setsid").args(["-w", "nginx", "-t", "-c", &settings]))
            }
            "haproxy" => {
                let settings = self.path("haproxy.cfg");
                run(Command::new("setsid").args(["-w", "haproxy", "-c", "-f", &settings]))
            }
            "apache" => {
                let settings = self.path(&format!("apache{one}.conf"));
                let (_, said) =
                    run(Command::new("setsid").args(["-w", "apache2", "-X", "-f", &settings]));
                (said.contains("AH00099"), said)
            }
            _ => self.postgres(case),
        }
    }

    fn postgres(&self, case: &Case) -> (bool, String) {
        let data = self.path("pgdata");
        for (name, bytes) in [
            ("own.pem", Some(&case.certificate)),
            ("own.key", case.key.as_ref()),
        ] {
            let path = format!("{data}/{name}");
            let bytes = bytes.unwrap_or(&case.certificate);
            fs::write(&path, bytes).unwrap();
        }
        for file in ["own.pem", "own.key"] {
            use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
            let path = format!("{data}/{file}");
            let owner = fs::metadata(&data).unwrap().uid();
            chown(&path, Some(owner), None).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let server = postgres::programs().unwrap().join("postgres");
        let mut command = as_postgres(&server);
        command.args(["-D", &data]);
        for setting in [
            "ssl=on",
            "ssl_cert_file=own.pem",
            "ssl_key_file=own.key",
            "listen_addresses=192.0.2.1",
            "unix_socket_directories=",
            "logging_collector=off",
            &format!("port={}", self.port.get()),
        ] {
            command.args(["-c", setting]);
        }
        let (_, said) = run(&mut command);
        (said.contains("could not create any TCP/IP sockets"), said)
    }
}

fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setsid");
    command.args([
        "-w",
        "setpriv",
        "--reuid",
        "postgres",
        "--regid",
        "postgres",
        "--clear-groups",
    ]);
    command.arg(program);
    command
}

fn run(command: &mut Command) -> (bool, String) {
    let output = command
        .stdin(Stdio::null())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Python loads all cases in one process.
pub(crate) fn python(cases: &[(usize, Case)]) -> BTreeMap<usize, (bool, String)> {
    const SCRIPT: &str = "
import ssl, sys
def asked():
    raise ValueError('asks')
for line in sys.stdin:
    number, certificate, key = line.rstrip('\\n').split('\\t')
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key or None, asked)
        print(number, 'taken', '', sep='\\t')
    except (ssl.SSLError, OSError, ValueError) as error:
        print(number, 'refused', str(error).replace('\\n', ' '), sep='\\t')
";
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for (number, case) in cases {
        let path = |kind: &str| folder.path().join(format!("{number}.{kind}"));
        fs::write(path("crt"), &case.certificate).unwrap();
        let key = case.key.as_ref().map_or(String::new(), |key| {
            fs::write(path("key"), key).unwrap();
            path("key").display().to_string()
        });
        list += &format!("{number}\t{}\t{key}\n", path("crt").display());
    }
    let input = folder.path().join("list");
    fs::write(&input, list).unwrap();
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(fs::File::open(input).unwrap())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (
                fields[0].parse().unwrap(),
                (fields[1] == "taken", fields[2].to_owned()),
            )
        })
        .collect()
}
