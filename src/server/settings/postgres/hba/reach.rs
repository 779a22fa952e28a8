//! Whom a record is for: which connections an earlier record leaves to a later one.

use super::{Record, Token, ip};
use std::net::IpAddr;

/// Databases or users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Names {
    all: bool,
    /// Only `replication`, which is not a database.
    replication: bool,
    /// Each looks like a keyword or an expression, but is a name: `"all"` in
    /// quotes, `/^p` before PostgreSQL 16.
    odd: bool,
    /// Keywords, and names with a quote in front.
    list: Vec<String>,
}

impl Names {
    pub(super) fn databases(tokens: &[Token]) -> Self {
        Self::of(
            tokens,
            &["all", "sameuser", "samerole", "samegroup", "replication"],
        )
    }

    pub(super) fn roles(tokens: &[Token]) -> Self {
        Self::of(tokens, &["all"])
    }

    fn of(tokens: &[Token], keywords: &[&str]) -> Self {
        let keyword = |token: &Token| keywords.contains(&token.text.as_str());
        let odd = |token: &Token| (token.quoted && keyword(token)) || token.text.starts_with('/');
        let list = tokens.iter().map(|token| {
            let mark = if token.quoted || !keyword(token) {
                "\""
            } else {
                ""
            };
            format!("{mark}{}", token.text)
        });
        Self {
            all: tokens.iter().any(|token| token.is("all")),
            replication: keywords.len() > 1 && tokens.iter().all(|token| token.is("replication")),
            odd: tokens.iter().all(odd),
            list: list.collect(),
        }
    }

    fn covers(&self, other: &Self) -> bool {
        self.all || (!other.all && other.list.iter().all(|list| self.list.contains(list)))
    }
}

/// Where clients come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Address {
    All,
    /// Addresses whose bits under the mask are these.
    V4(u32, u32),
    V6(u128, u128),
    /// `samehost`, `samenet`, a host's name.
    Other(String),
}

/// The two kinds of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Family {
    V4,
    V6,
}

impl Address {
    /// The contents of the address field, if no separate mask follows.
    pub(super) fn of(token: &Token) -> Self {
        if token.is("all") {
            return Self::All;
        }
        let text = token.text.as_str();
        let network = || {
            let (address, bits) = text.split_once('/')?;
            let (own, bits) = (ip(address)?, bits.trim_start().parse::<u32>().ok()?);
            let mask = match own {
                IpAddr::V4(_) => IpAddr::V4(high32(bits)?.into()),
                IpAddr::V6(_) => IpAddr::V6(high128(bits)?.into()),
            };
            Some(Self::masked(own, mask))
        };
        network().unwrap_or_else(|| Self::Other(text.to_owned()))
    }

    /// An address and its mask.
    pub(super) fn masked(own: IpAddr, mask: IpAddr) -> Self {
        match (own, mask) {
            (IpAddr::V4(own), IpAddr::V4(mask)) => {
                Self::V4(u32::from(own) & u32::from(mask), mask.into())
            }
            (IpAddr::V6(own), IpAddr::V6(mask)) => {
                Self::V6(u128::from(own) & u128::from(mask), mask.into())
            }
            _ => Self::Other(own.to_string()),
        }
    }

    /// Whether only clients on this machine have such an address.
    fn is_of_this_machine(&self) -> bool {
        match self {
            Self::V4(own, mask) => own >> 24 == 127 && mask >> 24 == 255,
            Self::V6(own, mask) => *own == 1 && *mask == u128::MAX,
            Self::Other(name) => matches!(name.as_str(), "samehost" | "localhost"),
            Self::All => false,
        }
    }

    fn has(&self, family: Family) -> bool {
        match self {
            Self::V4(..) => family == Family::V4,
            Self::V6(..) => family == Family::V6,
            Self::All | Self::Other(_) => true,
        }
    }

    /// Whether every address of `other` that is of this family is one of these.
    fn covers(&self, other: &Self, family: Family) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::V4(own, mask), Self::V4(theirs, longer)) => {
                mask & longer == *mask && theirs & mask == *own
            }
            (Self::V6(own, mask), Self::V6(theirs, longer)) => {
                mask & longer == *mask && theirs & mask == *own
            }
            (Self::V4(_, 0), _) => family == Family::V4,
            (Self::V6(_, 0), _) => family == Family::V6,
            (Self::Other(own), Self::Other(theirs)) => own == theirs,
            _ => false,
        }
    }
}

/// The mask of the first `bits` of an IPv4 address.
fn high32(bits: u32) -> Option<u32> {
    // A shift by all 32 bits overflows: the mask of `/0` is empty.
    Some(u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0))
}

/// The mask of the first `bits` of an IPv6 address.
fn high128(bits: u32) -> Option<u128> {
    Some(
        u128::MAX
            .checked_shl(128_u32.checked_sub(bits)?)
            .unwrap_or(0),
    )
}

impl Record {
    /// Whether only clients on this machine match it.
    pub(in super::super) fn is_of_this_machine(&self) -> bool {
        self.address.is_of_this_machine()
    }

    /// Whether it is for connections to databases, and not only for replication.
    pub(in super::super) fn is_ordinary(&self) -> bool {
        !self.databases.replication
    }

    /// Whether its names look like something other than names.
    pub(in super::super) fn is_odd(&self) -> bool {
        self.databases.odd || self.roles.odd
    }

    /// Whether its address is the name of a host, which PostgreSQL looks up.
    pub(in super::super) fn is_by_name(&self) -> bool {
        matches!(&self.address, Address::Other(name) if name != "samehost" && name != "samenet")
    }

    /// Whether an address of the family reaches this record.
    pub(in super::super) fn is_reached(&self, earlier: &[&Self], family: Family) -> bool {
        // `check_hba` (hba.c) takes the first matching record and ignores later ones. This checks
        // only whether a single earlier record covers all of this one: if several cover it
        // together, it still counts as reached, which at worst makes the answer undecided.
        let taken = earlier.iter().any(|earlier| {
            earlier.databases.covers(&self.databases)
                && earlier.roles.covers(&self.roles)
                && earlier.address.covers(&self.address, family)
        });
        self.address.has(family) && !taken
    }
}
