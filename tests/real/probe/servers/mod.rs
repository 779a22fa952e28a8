//! Servers for the probe: OpenSSL's, and some that behave badly.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn pki(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("testdata/pki")
        .join(name)
        .to_str()
        .unwrap()
        .to_owned()
}

/// A server on a free port of loopback, ended with the value.
pub(crate) struct OpenSsl {
    child: Child,
    pub(crate) port: u16,
}

impl OpenSsl {
    /// `openssl s_server` with certificate, further certificates, key, and options.
    pub(crate) fn start(certificate: &str, chain: Option<&str>, key: &str, more: &[&str]) -> Self {
        Self::of(|port| {
            let mut command = Command::new("openssl");
            command.args([
                "s_server",
                "-accept",
                &format!("127.0.0.1:{port}"),
                "-quiet",
            ]);
            command.args(["-cert", certificate, "-key", key]).args(more);
            if let Some(chain) = chain {
                command.args(["-cert_chain", chain]);
            }
            command
        })
    }

    /// A server whose settings name its port; it gets the signal to end.
    pub(crate) fn on(port: u16, mut command: Command) -> Self {
        let child = command.spawn().unwrap();
        let server = Self { child, port };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "the server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// Any server that stays in the foreground, given its port.
    pub(crate) fn of(command: impl Fn(u16) -> Command) -> Self {
        for _ in 0..5 {
            let port = free_port();
            let mut command = command(port);
            let child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("{command:?}: {error}"));
            let mut server = Self { child, port };
            let end = Instant::now() + Duration::from_secs(20);
            while Instant::now() < end {
                if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return server;
                }
                if server.child.try_wait().unwrap().is_some() {
                    break; // somebody else took the port
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("the server does not start");
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        // Dovecot ends the processes that it started.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let end = Instant::now() + Duration::from_secs(1);
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A server that does `what` with each connection; it lives as long as the test.
pub(crate) fn fake(what: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let what = what.clone();
            std::thread::spawn(move || what(stream));
        }
    });
    port
}

/// Says `greeting` at once and reads until the other side is gone.
pub(crate) fn greets(greeting: &'static [u8]) -> u16 {
    fake(move |mut stream| {
        let _ = stream.write_all(greeting);
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// Reads something, and answers.
pub(crate) fn answers(answer: &'static [u8]) -> u16 {
    fake(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer);
    })
}

/// A conversation before TLS: what is expected, and what is said to it; then
/// everything goes to the server behind.
pub(crate) fn relay(talk: &'static [(&'static [u8], &'static [u8])], behind: Option<u16>) -> u16 {
    fake(move |mut stream| {
        for (expected, said) in talk {
            let mut heard = vec![0; expected.len()];
            if stream.read_exact(&mut heard).is_err() || heard != *expected {
                return;
            }
            if stream.write_all(said).is_err() {
                return;
            }
        }
        let Some(port) = behind else { return };
        let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)) else {
            return;
        };
        let (mut one, mut other) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
        let up = std::thread::spawn(move || {
            let _ = std::io::copy(&mut one, &mut other);
            let _ = other.shutdown(std::net::Shutdown::Write);
        });
        let _ = std::io::copy(&mut server, &mut stream);
        let _ = stream.shutdown(std::net::Shutdown::Both);
        let _ = up.join();
    })
}
