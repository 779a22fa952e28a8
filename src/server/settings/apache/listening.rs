//! `Listen`s that cannot be beside each other. Measured: httpd 2.4.71 on Linux, where
//! an address without a number takes both families.

use super::address::Listen;

/// What httpd says when it starts with `listen` after `earlier`, and when it does.
pub(super) fn conflict(listen: &Listen, earlier: &[Listen]) -> Option<Conflict> {
    let mut same_port = earlier
        .iter()
        .filter(|other| other.spot.port == listen.spot.port);
    same_port.find_map(|other| {
        if other.host == listen.host {
            return Some(Conflict::Twice);
        }
        match (other.reach(), listen.reach()) {
            // httpd leaves out `0.0.0.0` behind the address that takes both families.
            (Reach::Both, Reach::All4) | (Reach::All4, Reach::All6) => None,
            (Reach::Both | Reach::All6, Reach::One4 | Reach::One6)
            | (Reach::One4 | Reach::One6, Reach::Both | Reach::All6)
            | (Reach::All4, Reach::One4 | Reach::Both)
            | (Reach::One4, Reach::All4) => Some(Conflict::InUse),
            _ => None,
        }
    })
}

/// How two `Listen`s get in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The same address twice: the configuration test says so.
    Twice,
    /// One takes the other's address: httpd does not start.
    InUse,
}

/// Which addresses a `Listen` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Written without an address.
    Both,
    All4,
    All6,
    One4,
    One6,
    /// A name.
    Unknown,
}

impl Listen {
    fn reach(&self) -> Reach {
        match (self.host.as_str(), self.spot.is_ipv4()) {
            ("*", _) => Reach::Both,
            ("0.0.0.0", _) => Reach::All4,
            ("::", _) => Reach::All6,
            (_, Some(true)) => Reach::One4,
            (_, Some(false)) => Reach::One6,
            (_, None) => Reach::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflict, conflict};
    use crate::server::settings::apache::address::Listen;

    #[test]
    fn addresses_conflict_as_httpd_says() {
        let listen = |text: &str| Listen::read(&[text.to_owned()]).unwrap();
        for (first, second, says) in [
            ("443", "443", Some(Conflict::Twice)),
            ("*:443", "443", Some(Conflict::Twice)),
            ("127.0.0.1:443", "127.0.0.1:443", Some(Conflict::Twice)),
            ("443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("127.0.0.1:443", "443", Some(Conflict::InUse)),
            ("0.0.0.0:443", "443", Some(Conflict::InUse)),
            ("443", "0.0.0.0:443", None),
            ("[::]:443", "0.0.0.0:443", None),
            ("0.0.0.0:443", "[::]:443", None),
            ("0.0.0.0:443", "[::1]:443", None),
            ("0.0.0.0:443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("[::]:443", "[::1]:443", Some(Conflict::InUse)),
            ("[::]:443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("443", "8443", None),
        ] {
            let earlier = [listen(first)];
            assert_eq!(
                conflict(&listen(second), &earlier),
                says,
                "{first} {second}"
            );
        }
    }
}
