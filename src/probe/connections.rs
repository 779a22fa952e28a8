//! Connections to one server, one after the other.

use super::stream::Watched;
use super::{Asked, Failure};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

/// The requested server, where it was found, and when to stop asking.
pub(super) struct Connections<'a> {
    pub(super) asked: &'a Asked,
    pub(super) address: SocketAddr,
    pub(super) end: Instant,
}

impl Connections<'_> {
    pub(super) fn watched(&self, stream: TcpStream) -> Watched {
        let deadline = Instant::now() + self.asked.timeout;
        // The sooner of the two: one connection's own time, and the end of all of them.
        Watched::new(stream, deadline.min(self.end))
    }

    pub(super) fn again(&self) -> Result<Watched, Failure> {
        let left = self.end.saturating_duration_since(Instant::now());
        let left = left.min(self.asked.timeout);
        if left.is_zero() {
            return Err(Failure::TimedOut);
        }
        let stream =
            TcpStream::connect_timeout(&self.address, left).map_err(|_| Failure::TimedOut)?;
        Ok(self.watched(stream))
    }

    /// The name to ask for; `None` for an address.
    pub(super) fn name(&self) -> Option<&str> {
        let name = self.asked.server_name.as_str();
        let is_address = name.parse::<std::net::IpAddr>().is_ok();
        (!is_address).then_some(name)
    }
}
