//! Why a conversation ended.

use super::stream::Watched;
use super::{Failure, greeting, reply};
use rustls::Error;
use std::io::{self, ErrorKind};

/// Why a conversation ended, from the error and from what had arrived by then.
pub(super) fn failure(error: &io::Error, stream: &Watched) -> Failure {
    let first = stream.first();
    let library = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    // A plaintext service is named, whatever error the library gave.
    if let Some(failure) = greeting::known(first) {
        return failure;
    }
    match (error.kind(), library) {
        (_, Some(library)) => of_library(library, first),
        (ErrorKind::TimedOut | ErrorKind::WouldBlock, _) => Failure::TimedOut,
        (
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe,
            _,
        ) => {
            if first.is_empty() {
                Failure::Closed
            // 20 to 23 are the content types of TLS records (RFC 8446 section 5.1), so the other
            // side speaks TLS.
            } else if matches!(first.first(), Some(20..=23)) {
                Failure::Garbage("the connection ended in the middle of the handshake".to_owned())
            } else {
                greeting::unknown(first)
            }
        }
        _ => Failure::Garbage(error.to_string()),
    }
}

/// Why rustls gave up, if the answer was TLS or began like it.
fn of_library(error: &Error, first: &[u8]) -> Failure {
    match error {
        Error::AlertReceived(alert) => Failure::Alert(reply::alert_name((*alert).into())),
        Error::InvalidMessage(_) if !matches!(first.first(), Some(20..=23)) => {
            greeting::unknown(first)
        }
        error => Failure::Garbage(error.to_string()),
    }
}
