//! A connection that is limited in time and in bytes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The most that is read from one connection, in bytes: a handshake has about 10 kB, and rustls
/// accepts no message above 64 kB.
const MOST: usize = 1 << 20;

/// How much of the beginning is kept, to say what it was.
const KEPT: usize = 256;

/// A connection with limits.
pub(super) struct Watched {
    stream: TcpStream,
    deadline: Instant,
    received: usize,
    first: Vec<u8>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, deadline: Instant) -> Self {
        // Send small packets at once; it works without this, too.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            deadline,
            received: 0,
            first: Vec::new(),
        }
    }

    /// The first bytes that arrived.
    pub(super) fn first(&self) -> &[u8] {
        &self.first
    }

    /// Forgets what has arrived so far: after STARTTLS, TLS begins.
    pub(super) fn begin_anew(&mut self) {
        self.first.clear();
    }

    /// What is read from now on must arrive within that time.
    pub(super) fn hurry(&mut self, within: Duration) {
        self.deadline = self.deadline.min(Instant::now() + within);
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(left)
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.received >= MOST {
            return Err(io::Error::new(ErrorKind::InvalidData, "too much came"));
        }
        // Set before each read: a server that sends a byte a second would otherwise never reach a
        // timeout.
        self.stream.set_read_timeout(Some(self.left()?))?;
        let read = self
            .stream
            .read(buffer)
            .map_err(|error| match error.kind() {
                // What Unix reports for a timeout.
                ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
                _ => error,
            })?;
        self.received += read;
        let room = KEPT.saturating_sub(self.first.len());
        self.first.extend(buffer.iter().take(read.min(room)));
        Ok(read)
    }
}

impl Write for Watched {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
