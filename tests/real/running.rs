//! A server that a test has started, until the test ends.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A server that runs, its settings, and how it is ended.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
    pub(crate) config: String,
    stop: Option<Command>,
}

impl Running {
    /// Starts it, and waits until it accepts connections. `what` is for the message where it
    /// does not; `stop` ends a server that a wrapper started.
    pub(crate) fn start(
        mut command: Command,
        port: u16,
        config: String,
        stop: Option<Command>,
        what: &str,
    ) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command
            .stderr(Stdio::null())
            .env("OPENSSL_CONF", "/dev/null")
            .spawn()
            .unwrap();
        let mut running = Self {
            child,
            port,
            config,
            stop,
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = running.child.try_wait().unwrap();
            assert!(
                ended.is_none() && begun.elapsed() < Duration::from_secs(30),
                "{what} does not start: {}",
                std::fs::read_to_string(&running.config).unwrap()
            );
            std::thread::sleep(Duration::from_millis(30));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut stop) = self.stop.take() {
            let _ = stop.stdin(Stdio::null()).output();
        } else {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
