//! A relay between a client and a server that copies bytes, and keeps what is in the clear.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The most that is kept of one direction, in bytes: hellos and certificates fit in it.
const KEPT: usize = 1 << 16;

/// PostgreSQL's request for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What one connection sent in each direction.
#[derive(Default)]
pub(crate) struct Wire {
    client: Mutex<Vec<u8>>,
    server: Mutex<Vec<u8>>,
}

impl Wire {
    pub(crate) fn client_bytes(&self) -> Vec<u8> {
        self.client.lock().unwrap().clone()
    }

    pub(crate) fn server_bytes(&self) -> Vec<u8> {
        self.server.lock().unwrap().clone()
    }
}

/// It relays to one server for as long as it lives.
pub(crate) struct Relay {
    pub(crate) port: u16,
    wires: Arc<Mutex<Vec<Arc<Wire>>>>,
    ended: Arc<AtomicBool>,
}

impl Relay {
    /// To a server that speaks TLS at once, or PostgreSQL's protocol first. A client of the
    /// other kind is helped over it, so that every client can meet every server.
    pub(crate) fn to(server: u16, postgres: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wires: Arc<Mutex<Vec<Arc<Wire>>>> = Arc::default();
        let ended: Arc<AtomicBool> = Arc::default();
        let (kept, ends) = (Arc::clone(&wires), Arc::clone(&ended));
        let _ = std::thread::spawn(move || {
            for client in listener.incoming() {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(client) = client else { continue };
                let wire: Arc<Wire> = Arc::default();
                kept.lock().unwrap().push(Arc::clone(&wire));
                let _ = std::thread::spawn(move || carry(client, server, postgres, &wire));
            }
        });
        Self { port, wires, ended }
    }

    /// The connections since the last call.
    pub(crate) fn taken(&self) -> Vec<Arc<Wire>> {
        std::mem::take(&mut self.wires.lock().unwrap())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// One connection, until both sides have ended. What fails ends it, as in a real network.
fn carry(mut client: TcpStream, server: u16, postgres: bool, wire: &Arc<Wire>) -> Option<()> {
    client
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", server)).ok()?;
    server
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    let mut first = [0; 1];
    let asks = client.peek(&mut first).ok()? == 1 && first[0] == 0;
    if postgres {
        server.write_all(&SSL_REQUEST).ok()?;
        let mut answer = [0; 1];
        server.read_exact(&mut answer).ok()?;
        if answer != *b"S" {
            return None;
        }
    }
    if asks {
        client.read_exact(&mut [0; 8]).ok()?;
        client.write_all(b"S").ok()?;
    }
    let (back_from, back_to) = (server.try_clone().ok()?, client.try_clone().ok()?);
    let kept = Arc::clone(wire);
    let back = std::thread::spawn(move || copy(back_from, back_to, &kept.server));
    copy(client, server, &wire.client);
    back.join().ok()
}

fn copy(mut from: TcpStream, mut to: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let part = &buffer[..count];
        let mut kept = kept.lock().unwrap();
        if kept.len() < KEPT {
            kept.extend(part);
        }
        drop(kept);
        if to.write_all(part).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
