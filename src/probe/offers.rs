//! What a server answers to the hellos of clients other than the library that makes the handshakes
//! here: one connection for each offer that was recorded, up to what the server chose.

use super::connections::Connections;
use super::failure::failure;
use super::reply::{self, Reply};
use super::share::share;
use super::{Failure, Offered, StartTls, hello, starttls};
use crate::handshake::{ClientHello, Exchange};
use std::io::Write;

/// Asks for every client that decides, all at once; clients with the same offer share a connection.
pub(super) fn ask(probe: &Connections<'_>) -> Vec<Offered> {
    let names = match probe.asked.starttls {
        Some(StartTls::Postgres) => ClientHello::DECIDING_POSTGRES,
        _ => ClientHello::DECIDING,
    };
    let mut offers: Vec<(&ClientHello, Vec<&'static str>)> = Vec::new();
    for client in names.iter().filter_map(|name| ClientHello::of(name)) {
        match offers.iter_mut().find(|(shape, _)| shape.offers_as(client)) {
            Some((_, clients)) => clients.push(client.client),
            None => offers.push((client, vec![client.client])),
        }
    }
    // All at once, so that a server that keeps each hello waiting costs one timeout, not one for
    // each client.
    std::thread::scope(|scope| {
        let asked: Vec<_> = offers
            .into_iter()
            .map(|(client, names)| (scope.spawn(move || of_client(probe, client)), names))
            .collect();
        let mut all = Vec::new();
        for (thread, names) in asked {
            let answer = thread.join().unwrap_or(Err(Failure::TimedOut));
            let exchange = answer.as_ref().ok().and_then(|agreed| agreed.2);
            let answer = answer.map(|(version, suite, _)| (version, suite));
            all.extend(names.into_iter().map(|client| Offered {
                client,
                answer: answer.clone(),
                exchange,
            }));
        }
        all
    })
}

/// Version, suite, and key exchange.
pub(super) type Agreed = (u16, u16, Option<Exchange>);

/// What the server chooses for this offer, after a HelloRetryRequest too: the second hello may fail
/// where the first did not.
pub(super) fn of_client(probe: &Connections<'_>, client: &ClientHello) -> Result<Agreed, Failure> {
    let mut stream = probe.again()?;
    if let Some(way) = probe.asked.starttls {
        starttls::begin(way, &mut stream, probe.name())?;
    }
    let mut random = [[0; 32]; 3];
    // Predictable bytes would also do: nothing is encrypted with them.
    for bytes in &mut random {
        let _ = getrandom::fill(bytes);
    }
    let mut ask = |again| {
        let protocol = probe.asked.alpn.as_deref();
        let hello = hello::of_client(client, probe.name(), protocol, random, again);
        let answer = stream
            .write_all(&hello)
            .and_then(|()| reply::read_choice(&mut stream));
        match answer {
            Ok(Reply::Hello {
                version,
                suite,
                exchange,
                retry,
                ..
            }) => Ok(((version, suite, exchange), retry)),
            Ok(Reply::Alert(alert)) => Err(Failure::Alert(reply::alert_name(alert))),
            Ok(Reply::Garbage(why)) => Err(Failure::Garbage(why.to_owned())),
            Err(error) => Err(failure(&error, &stream)),
        }
    };
    let (agreed, retry) = ask(None)?;
    let group = match (agreed.2, &retry) {
        (Some(Exchange::Group(group)), Some(_)) if share(group, [0; 32]).is_some() => group,
        // A share in another group needs a computation: the request has to be agreement enough.
        _ => return Ok(agreed),
    };
    let cookie = retry.unwrap_or_default();
    let (second, retry) = ask(Some((group, cookie.as_slice())))?;
    if retry.is_some() {
        return Err(Failure::Garbage(
            "it asks for another hello twice".to_owned(),
        ));
    }
    Ok(second)
}
