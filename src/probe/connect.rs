//! Connections, one for each question.

use super::connections::Connections;
use super::failure::failure;
use super::reply::{self, Reply};
use super::stream::Watched;
use super::{Answered, Asked, Failure, Handshake, KeyKind, Observed, Seen, Unreachable};
use super::{greeting, hello, offers, starttls, tls};
use crate::cipher::numbered;
use crate::handshake::ClientHello;
use crate::protocol::Version;
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// How many addresses of one name are tried.
const MOST_ADDRESSES: usize = 8;

/// All connections together may take this many times the time of one: a server that keeps each of
/// them waiting is not asked for every version.
const PATIENCE: u32 = 3;

/// The versions that are requested, oldest first; SSL 2.0 has a different hello,
/// and no live server answers it.
const VERSIONS: [Version; 5] = [
    Version::SSLv3,
    Version::TLSv1,
    Version::TLSv1_1,
    Version::TLSv1_2,
    Version::TLSv1_3,
];

/// Looks at a live server: its chain, and which protocol versions answer.
///
/// # Errors
/// If there is no connection. Whatever a server says on one is in the result.
pub fn probe(asked: &Asked) -> Result<Seen, Unreachable> {
    let end = Instant::now() + asked.timeout * PATIENCE;
    let (address, stream) = connect(asked)?;
    let probe = Connections {
        asked,
        address,
        end,
    };
    let mut stream = probe.watched(stream);
    // With everything that the library supports, as an ordinary current client would ask.
    let first = probe.handshake(&mut stream, rustls::ALL_VERSIONS, None);
    drop(stream);
    let speaks = match &first {
        Ok(_) | Err(Failure::Alert(_)) => true,
        // Old servers close the connection if they do not like the hello.
        Err(Failure::Closed) => asked.starttls.is_some(),
        Err(_) => false,
    };
    let mut seen = Seen {
        address: address.to_string(),
        handshake: first,
        versions: Vec::new(),
        others: Vec::new(),
        not_asked: Vec::new(),
        offers: Vec::new(),
    };
    // Only something that speaks TLS is asked for versions: an SSH server would only
    // get strange connections.
    if speaks {
        for version in VERSIONS {
            probe.version(version, &mut seen);
        }
        probe.kinds(&mut seen);
        if seen.handshake.is_ok() {
            seen.offers = offers::ask(&probe);
        }
    }
    Ok(seen)
}

fn connect(asked: &Asked) -> Result<(SocketAddr, TcpStream), Unreachable> {
    let found = (asked.host.as_str(), asked.port).to_socket_addrs();
    let found = found.map_err(|error| Unreachable::NoAddress(error.to_string()))?;
    let mut last = Unreachable::NoAddress("there is none".to_owned());
    let end = Instant::now() + asked.timeout;
    for address in found.take(MOST_ADDRESSES) {
        // All addresses share one timeout, so a name with eight dead addresses does not take eight
        // times as long.
        let left = end.saturating_duration_since(Instant::now());
        match TcpStream::connect_timeout(&address, left.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok((address, stream)),
            Err(error) => {
                last = match error.kind() {
                    ErrorKind::ConnectionRefused => Unreachable::Refused,
                    ErrorKind::TimedOut | ErrorKind::WouldBlock => Unreachable::TimedOut,
                    _ => Unreachable::Other(error.to_string()),
                }
            }
        }
    }
    Err(last)
}

impl Connections<'_> {
    fn handshake(
        &self,
        stream: &mut Watched,
        versions: &[&'static rustls::SupportedProtocolVersion],
        kind: Option<KeyKind>,
    ) -> Result<Handshake, Failure> {
        if let Some(way) = self.asked.starttls {
            starttls::begin(way, stream, self.name())?;
        }
        tls::handshake(stream, self.asked, versions, kind)
    }

    /// Whether one version answers, and its chain if there is none yet.
    fn version(&self, version: Version, seen: &mut Seen) {
        let known = seen
            .handshake
            .as_ref()
            .ok()
            .and_then(|handshake| handshake.version);
        // The first handshake has answered for its own version.
        let answer = if known == Some(version) {
            Ok(None)
        } else {
            self.ask(version)
        };
        let (answered, reason) = match &answer {
            Ok(_) => (Answered::Yes, None),
            // A server that did not answer in time has not refused. The version remains unknown.
            Err(Failure::TimedOut) => (Answered::Unknown, Some(Failure::TimedOut.to_string())),
            Err(failure) => (Answered::No, Some(failure.to_string())),
        };
        seen.versions.push(Observed {
            version,
            answered,
            reason,
        });
        if let Ok(Some(handshake)) = answer
            && seen
                .handshake
                .as_ref()
                .map_or(true, |handshake| handshake.certificates.is_empty())
        {
            seen.handshake = Ok(handshake);
        }
    }

    fn ask(&self, version: Version) -> Result<Option<Handshake>, Failure> {
        let library = match version {
            Version::TLSv1_3 => Some(&rustls::version::TLS13),
            Version::TLSv1_2 => Some(&rustls::version::TLS12),
            _ => None,
        };
        if let Some(library) = library {
            let seen = self
                .again()
                .and_then(|mut stream| self.handshake(&mut stream, &[library], None));
            match seen {
                Ok(handshake) => return Ok(Some(handshake)),
                // Even if rustls lacks the ciphers or the groups, the server may have the version.
                Err(Failure::Alert(_) | Failure::Closed) if version == Version::TLSv1_2 => {}
                Err(failure @ (Failure::Alert(_) | Failure::Closed)) => {
                    return self.in_other_groups().ok_or(failure).map(Some);
                }
                Err(failure) => return Err(failure),
            }
        }
        // No library here speaks older versions. A hello by hand is enough to see what the
        // server chooses.
        self.by_hand(version, None)
    }

    /// TLS 1.3 with suites and groups that rustls does not have, up to the ServerHello.
    fn in_other_groups(&self) -> Option<Handshake> {
        const GROUPS: &[u16] = &[
            0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104,
        ];
        const SUITES: &[u16] = &[0x1301, 0x1302, 0x1303, 0x1304, 0x1305];
        const ALL: ClientHello = ClientHello::like("openssl", "a hello by hand")
            .with_versions(&[Version::TLSv1_3])
            .with_suites(SUITES)
            .with_groups(GROUPS, &[]);
        let named = |suite| {
            let known = numbered(suite).map(|suite| suite.iana.to_owned());
            known.unwrap_or_else(|| hello::suite_name(suite))
        };
        let (version, suite, _) = offers::of_client(self, &ALL).ok()?;
        (hello::wire_number(Version::TLSv1_3) == Some(version)).then(|| Handshake {
            version: Some(Version::TLSv1_3),
            cipher: Some(named(suite)),
            failure: Some("certcheck made only the beginning of a handshake".to_owned()),
            ..Handshake::default()
        })
    }

    /// The certificate for each other kind of key. A client that accepts only one kind gets a
    /// certificate of that kind, or an alert.
    fn kinds(&self, seen: &mut Seen) {
        let kind = |handshake: &Handshake| {
            handshake
                .certificates
                .first()
                .and_then(|certificate| KeyKind::of_der(certificate))
        };
        let Ok(known) = seen.handshake.as_ref().map(kind) else {
            return;
        };
        let answers: Vec<Version> = seen
            .versions
            .iter()
            .filter(|version| version.answered == Answered::Yes)
            .map(|version| version.version)
            .collect();
        for asked in KeyKind::ALL {
            if Some(asked) == known {
                continue;
            }
            match self.of_kind(asked, &answers) {
                // A server with one certificate sends it whatever the client asks for. Only an
                // answer of the requested kind is a further certificate.
                Ok(Some(handshake)) if kind(&handshake) == Some(asked) => {
                    seen.others.push(handshake);
                }
                Err(Failure::TimedOut) => seen.not_asked.push(asked.as_str()),
                _ => {}
            }
        }
    }

    fn of_kind(&self, kind: KeyKind, answers: &[Version]) -> Result<Option<Handshake>, Failure> {
        let modern = answers.iter().any(|version| *version >= Version::TLSv1_2);
        if modern {
            let seen = self.again().and_then(|mut stream| {
                self.handshake(&mut stream, rustls::ALL_VERSIONS, Some(kind))
            });
            match seen {
                Ok(handshake) => return Ok(Some(handshake)),
                Err(Failure::TimedOut) => return Err(Failure::TimedOut),
                // In TLS 1.3 the kind does not depend on the cipher suite.
                Err(failure) if answers.contains(&Version::TLSv1_3) => return Err(failure),
                Err(_) => {}
            }
        }
        // Older suites know only RSA and ECDSA.
        match answers.last() {
            Some(version) if matches!(kind, KeyKind::Rsa | KeyKind::Ecdsa) => {
                self.by_hand(*version, Some(kind))
            }
            _ => Ok(None),
        }
    }

    fn by_hand(
        &self,
        version: Version,
        kind: Option<KeyKind>,
    ) -> Result<Option<Handshake>, Failure> {
        let Some(number) = hello::number(version) else {
            return Err(Failure::TimedOut);
        };
        let mut stream = self.again()?;
        if let Some(way) = self.asked.starttls {
            starttls::begin(way, &mut stream, self.name())?;
        }
        let mut random = [0; 32];
        // Predictable bytes would also do: nothing is encrypted with them.
        let _ = getrandom::fill(&mut random);
        let hello = hello::client_hello(number, self.name(), kind, random);
        let answer = stream
            .write_all(&hello)
            .and_then(|()| reply::read(&mut stream));
        match answer {
            Ok(Reply::Hello {
                version: chosen,
                suite,
                certificates,
                ..
            }) if chosen == number => Ok(Some(Handshake {
                certificates,
                version: Some(version),
                cipher: Some(hello::suite_name(suite)),
                failure: Some("certcheck made only the beginning of a handshake".to_owned()),
                ..Handshake::default()
            })),
            // A server that chose a version other than the requested one does not have it.
            Ok(Reply::Hello { version, .. }) => Err(Failure::Garbage(format!(
                "it answers with version {version:04x}"
            ))),
            Ok(Reply::Alert(alert)) => Err(Failure::Alert(reply::alert_name(alert))),
            Ok(Reply::Garbage(why)) => {
                Err(greeting::known(stream.first())
                    .unwrap_or_else(|| Failure::Garbage(why.to_owned())))
            }
            Err(error) => Err(failure(&error, &stream)),
        }
    }
}
