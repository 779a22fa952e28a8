//! Random bytes from the system, and key exchange with them.
//!
//! aws-lc's own generator is seeded with the jitter of the processor's clock, which it gathers for
//! about 20 ms in each process: six times what the rest of a probe takes. The system's generator
//! (getrandom(2), ProcessPrng, …) is seeded already, and *ring* makes its keys from it, too. So the
//! secrets of these handshakes are the system's bytes; aws-lc computes with them and generates no
//! random bytes itself here.

use aws_lc_rs::agreement::{self, PrivateKey, PublicKey, UnparsedPublicKey};
use rustls::crypto::{
    ActiveKeyExchange, CryptoProvider, GetRandomFailed, SecureRandom, SharedSecret,
    SupportedKxGroup,
};
use rustls::{Error, NamedGroup, PeerMisbehaved};
use zeroize::Zeroizing;

/// The largest secret here: one of P-521.
const LARGEST: usize = 66;

/// Some bytes are not a valid secret for a curve: for P-256, one in 2³².
const TRIES: usize = 8;

/// The system's generator.
#[derive(Debug)]
struct System;

impl SecureRandom for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        getrandom::fill(bytes).map_err(|_| GetRandomFailed)
    }
}

/// Takes all randomness from the system where possible: groups that are not here (ML-KEM) come
/// after these, and are used if a server has nothing else.
pub(super) fn from_system(provider: &mut CryptoProvider) {
    provider.secure_random = &System;
    let ours: [&'static dyn SupportedKxGroup; 4] = [&X25519, &P256, &P384, &P521];
    let others = provider
        .kx_groups
        .iter()
        .copied()
        .filter(|other| ours.iter().all(|group| group.name() != other.name()));
    provider.kx_groups = ours.into_iter().chain(others).collect();
}

#[derive(Debug)]
struct Group {
    name: NamedGroup,
    algorithm: &'static agreement::Algorithm,
    secret: usize,
    /// The bits of the secret's first byte.
    first: u8,
    /// How the other side's key begins, and how long it is (RFC 8446 section 4.2.8.2): aws-lc would
    /// accept compressed points, too.
    begins: &'static [u8],
    public: usize,
}

static X25519: Group = Group {
    name: NamedGroup::X25519,
    algorithm: &agreement::X25519,
    secret: 32,
    first: 0xff,
    begins: &[],
    public: 32,
};

static P256: Group = Group {
    name: NamedGroup::secp256r1,
    algorithm: &agreement::ECDH_P256,
    secret: 32,
    first: 0xff,
    begins: &[4],
    public: 65,
};

static P384: Group = Group {
    name: NamedGroup::secp384r1,
    algorithm: &agreement::ECDH_P384,
    secret: 48,
    first: 0xff,
    begins: &[4],
    public: 97,
};

/// Rustls does not have it, and a server may have nothing else.
static P521: Group = Group {
    name: NamedGroup::secp521r1,
    algorithm: &agreement::ECDH_P521,
    secret: LARGEST,
    first: 1,
    begins: &[4],
    public: 133,
};

impl SupportedKxGroup for Group {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut bytes = Zeroizing::new([0; LARGEST]);
        let secret = bytes.get_mut(..self.secret).ok_or(GetRandomFailed)?;
        // Candidates are tested and thrown away, not reduced, which would favour small secrets (NIST
        // SP 800-56A 5.6.1.2.2).
        for _ in 0..TRIES {
            System.fill(secret)?;
            if let Some(byte) = secret.first_mut() {
                *byte &= self.first;
            }
            if let Ok(own) = PrivateKey::from_private_key(self.algorithm, secret) {
                let public = own.compute_public_key().map_err(|_| GetRandomFailed)?;
                let group = Self { ..*self };
                return Ok(Box::new(Exchange { group, own, public }));
            }
        }
        Err(GetRandomFailed.into())
    }

    fn ffdhe_group(&self) -> Option<rustls::ffdhe_groups::FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        self.name
    }
}

struct Exchange {
    group: Group,
    own: PrivateKey,
    public: PublicKey,
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let broken = || Error::from(PeerMisbehaved::InvalidKeyShare);
        if peer.len() != self.group.public || !peer.starts_with(self.group.begins) {
            return Err(broken());
        }
        let peer = UnparsedPublicKey::new(self.group.algorithm, peer);
        agreement::agree(&self.own, peer, broken(), |secret| {
            Ok(SharedSecret::from(secret))
        })
    }

    fn pub_key(&self) -> &[u8] {
        self.public.as_ref()
    }

    fn group(&self) -> NamedGroup {
        self.group.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::crypto::aws_lc_rs;

    /// Both sides derive the same secret, and the other side is rustls' own.
    #[test]
    fn a_secret_is_agreed_on() {
        let mut provider = aws_lc_rs::default_provider();
        let theirs = provider.kx_groups.clone();
        from_system(&mut provider);
        // aws-lc-rs's default provider has no P-521.
        assert_eq!(provider.kx_groups.len(), theirs.len() + 1);
        for group in [&X25519, &P256, &P384] {
            let other = theirs
                .iter()
                .find(|other| other.name() == group.name)
                .unwrap();
            let (ours, other) = (group.start().unwrap(), other.start().unwrap());
            let keys = (ours.pub_key().to_vec(), other.pub_key().to_vec());
            let secret = ours.complete(&keys.1).unwrap();
            let same = other.complete(&keys.0).unwrap();
            assert_eq!(secret.secret_bytes(), same.secret_bytes());
            for wrong in [&keys.1[1..], &[], &[2; 33], &[0; 32]] {
                assert!(group.start().unwrap().complete(wrong).is_err());
            }
        }
    }
}
