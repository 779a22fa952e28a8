//! Scratch files, real programs, handshakes.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a program printed and how it ended.
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) text: String,
}

/// A directory of its own, removed at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("certcheck-differential-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let scratch = Self(path);
        let made = run(Command::new("openssl").current_dir(&scratch.0).args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-subj",
            "/CN=localhost",
            "-days",
            "30",
        ]));
        assert_eq!(made.code, 0, "openssl req: {}", made.text);
        let both = [scratch.read("cert.pem"), scratch.read("key.pem")].concat();
        scratch.write("both.pem", &both);
        scratch
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.0.join(name), bytes).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether a program can be run by that name.
pub(crate) fn found(program: &str) -> bool {
    let path = format!(
        "{}:/usr/sbin:/usr/local/sbin",
        std::env::var("PATH").unwrap_or_default()
    );
    path.split(':')
        .any(|directory| Path::new(directory).join(program).is_file())
        || Path::new(program).is_file()
}

/// A program with an empty OpenSSL configuration, and `sbin` in its path.
pub(crate) fn program(name: &str) -> Command {
    let path = format!(
        "{}:/usr/sbin:/usr/local/sbin",
        std::env::var("PATH").unwrap_or_default()
    );
    let mut command = Command::new(name);
    command
        .env("OPENSSL_CONF", "/dev/null")
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

/// Runs to the end, standard output and error together.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Output {
        code: output.status.code().unwrap_or(-1),
        text,
    }
}

/// Loopback ports that nobody listens on just now.
pub(crate) fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<_> = (0..count)
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    listeners
        .iter()
        .map(|listener| listener.local_addr().unwrap().port())
        .collect()
}

/// A server in the foreground; ended when dropped.
pub(crate) struct Server(Child);

impl Server {
    /// Starts it and waits until it listens, or says why not.
    pub(crate) fn start(command: &mut Command, port: u16) -> Result<Self, String> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut server = Self(child.unwrap_or_else(|error| panic!("{command:?}: {error}")));
        let deadline = Instant::now() + Duration::from_secs(15);
        // httpd listens before it looks at its protocols, and then ends.
        let mut quiet = None;
        loop {
            if server.0.try_wait().unwrap().is_some() {
                let mut text = String::new();
                let _ = server.0.stderr.take().unwrap().read_to_string(&mut text);
                let _ = server.0.stdout.take().unwrap().read_to_string(&mut text);
                return Err(text);
            }
            if quiet.is_some_and(|since: Instant| since.elapsed() > Duration::from_millis(250)) {
                return Ok(server);
            }
            if quiet.is_none() && TcpStream::connect(("127.0.0.1", port)).is_ok() {
                quiet = Some(Instant::now());
            }
            assert!(
                Instant::now() < deadline,
                "{command:?} does not listen on {port}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(Some(_)) = self.0.try_wait() {
            return;
        }
        // TERM lets a parent process end its children.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.0.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The versions with which a handshake works, as `TLSv1 TLSv1.2`.
pub(crate) fn handshakes(port: u16, starttls: Option<&str>) -> String {
    let versions = [
        ("TLSv1", "-tls1"),
        ("TLSv1.1", "-tls1_1"),
        ("TLSv1.2", "-tls1_2"),
        ("TLSv1.3", "-tls1_3"),
    ];
    let mut spoken = Vec::new();
    for (name, option) in versions {
        let mut client = program("openssl");
        client.args([
            "s_client",
            "-brief",
            "-connect",
            &format!("127.0.0.1:{port}"),
            option,
            "-cipher",
            "ALL:@SECLEVEL=0",
        ]);
        if let Some(protocol) = starttls {
            client.args(["-starttls", protocol]);
        }
        if run(&mut client)
            .text
            .contains(&format!("Protocol version: {name}\n"))
        {
            spoken.push(name);
        }
    }
    spoken.join(" ")
}

/// Calls `work` for every item on two threads; the results in their order.
pub(crate) fn on_two_threads<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let half = |parity: usize| {
        let work = &work;
        move || -> Vec<(usize, R)> {
            let mine = items
                .iter()
                .enumerate()
                .filter(|(index, _)| index % 2 == parity);
            mine.map(|(index, item)| (index, work(index, item)))
                .collect()
        }
    };
    let mut results = std::thread::scope(|scope| {
        let other = scope.spawn(half(1));
        let mut results = half(0)();
        results.extend(other.join().unwrap());
        results
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Feeds `input` to a program and reads what it prints.
pub(crate) fn pipe(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Output {
        code: output.status.code().unwrap_or(-1),
        text,
    }
}

/// Whether this is root, whom some programs refuse.
pub(crate) fn root() -> bool {
    run(Command::new("id").arg("-u")).text.trim() == "0"
}
