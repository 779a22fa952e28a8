//! Servers of one machine that conflict with each other.

use super::Doctor;
use crate::finding::Subject;
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::settings::{Settings, Socket};

/// Whether a server is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Starts {
    /// Its unit is enabled: it starts with the machine.
    WithTheMachine,
    /// It runs.
    Runs,
    /// Its unit is not enabled, and it does not run.
    No,
    /// Nothing shows whether it starts.
    #[default]
    Unknown,
}

/// What a server listens on.
#[derive(Debug)]
pub(super) struct Listener {
    server: &'static Profile,
    starts: Starts,
    /// Whether it speaks TLS anywhere.
    tls: bool,
    /// Each socket, and the file and the line that say so.
    sockets: Vec<(Socket, String, Option<crate::source::Lines>)>,
}

/// The most pairs of sockets that are compared: a machine has a handful.
const MOST_PAIRS: usize = 1 << 22;

impl Doctor {
    /// What a server listens on, and whether it is started.
    pub fn listens(
        &mut self,
        server: &'static Profile,
        config: &[String],
        settings: &Settings,
        starts: Starts,
    ) {
        let place = |socket: Socket| {
            let place = socket.lines.map(|lines| settings.place(lines));
            let file = place.as_ref().and_then(|place| place.file);
            let file = file.or_else(|| config.first().map(String::as_str));
            let lines = place.as_ref().map(|place| place.lines);
            (socket, file.unwrap_or_default().to_owned(), lines)
        };
        self.listeners.push(Listener {
            server,
            starts,
            tls: settings.scopes.iter().any(|scope| scope.tls),
            sockets: settings.sockets().into_iter().map(place).collect(),
        });
    }

    /// Pairs of servers of which only one can start.
    pub(super) fn address_conflicts(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut left = MOST_PAIRS;
        for (number, first) in self.listeners.iter().enumerate() {
            for second in self.listeners.iter().skip(number + 1) {
                let pairs = first.sockets.len().saturating_mul(second.sockets.len());
                let Some(rest) = left.checked_sub(pairs) else {
                    return found;
                };
                left = rest;
                found.extend(conflict(first, second));
            }
        }
        found
    }
}

fn conflict(first: &Listener, second: &Listener) -> Option<Finding> {
    // Servers without TLS are not judged.
    if !first.tls && !second.tls {
        return None;
    }
    let started = match (first.starts, second.starts) {
        (Starts::No, _) | (_, Starts::No) => return None,
        // As packages leave an image: which of them is started is decided elsewhere.
        (Starts::Unknown, Starts::Unknown) => return None,
        // Settings of the same server that nothing starts are often a copy.
        (Starts::Unknown, _) | (_, Starts::Unknown)
            if first.server.name() == second.server.name() =>
        {
            return None;
        }
        (Starts::Unknown, _) | (_, Starts::Unknown) => {
            "one of them is started, and certcheck does not know whether the other one is"
        }
        (Starts::Runs, Starts::Runs) => {
            "both run now, so the settings were changed, or they do not share their network"
        }
        (Starts::WithTheMachine, Starts::WithTheMachine) => "both start with the machine",
        _ => "one of them runs, and the other one starts with the machine",
    };
    let mut at = None;
    let mut ports: Vec<u64> = Vec::new();
    for (own, own_file, own_lines) in &second.sockets {
        let other = first.sockets.iter().find(|other| own.excludes(&other.0));
        let Some((_, other_file, other_lines)) = other else {
            continue;
        };
        let port = u64::from(own.port);
        if !ports.contains(&port) {
            ports.push(port);
        }
        at.get_or_insert(((own_file, *own_lines), (other_file, *other_lines)));
    }
    let ((file, lines), (other_file, other_lines)) = at?;
    ports.sort_unstable();
    let fact = rule::config::AddressInUse {
        server: second.server.program().to_owned(),
        other: first.server.program().to_owned(),
        other_at: match other_lines {
            Some(lines) => format!("{other_file}:{}", lines.first),
            None => other_file.clone(),
        },
        ports,
        started: started.to_owned(),
    };
    let mut subject = Subject::file(file);
    subject.lines = lines;
    Some(Finding::new(fact, subject))
}
