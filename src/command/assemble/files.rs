//! The files that each server needs, and their usual names.

use super::keystore::{KeystoreKind, written};
use crate::Time;
use crate::encoding::to_pem;
use crate::model::{Passphrase, PrivateKey, Seed, encrypted_pkcs8};
use crate::server::Profile;
use zeroize::Zeroizing;

/// What the files are made for: a server that is known, or a Java program.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    profile: &'static Profile,
    java: bool,
}

impl Wanted {
    /// Everything that files are made for.
    pub const NAMES: [&'static str; 8] = [
        "tableau", "apache", "nginx", "haproxy", "postgres", "tabpy", "rserve", "java",
    ];

    /// The one with this name.
    ///
    /// ```
    /// use certcheck::command::assemble::Wanted;
    /// assert_eq!(Wanted::named("nginx").map(|wanted| wanted.name()), Some("nginx"));
    /// assert!(Wanted::named("generic").is_none());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        if !Self::NAMES.contains(&name) {
            return None;
        }
        let java = name == "java";
        let profile = Profile::named(if java { "generic" } else { name })?;
        Some(Self { profile, java })
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        if self.java {
            "java"
        } else {
            self.profile.name()
        }
    }

    /// The rules by which the files are judged.
    pub(super) const fn profile(self) -> &'static Profile {
        self.profile
    }

    /// Whether a passphrase is needed to write the key.
    pub const fn needs_passphrase(self) -> bool {
        self.java
    }
}

/// The setting that a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Certificate,
    Key,
    Chain,
    Authorities,
}

/// One file to write.
#[non_exhaustive]
pub struct NewFile {
    /// Its usual name.
    pub name: &'static str,
    /// Its contents, which may include a private key.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether a private key is in it: mode 0600.
    pub is_secret: bool,
    /// How many certificates are in it.
    pub certificates: usize,
    pub(super) role: Role,
    /// For a keystore, its certificates and its key as PEM, which a preflight reads.
    pem: Option<(Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>)>,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewFile")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .field("is_secret", &self.is_secret)
            .finish_non_exhaustive()
    }
}

impl NewFile {
    fn new(name: &'static str, role: Role, certificates: usize, bytes: Zeroizing<Vec<u8>>) -> Self {
        Self {
            name,
            is_secret: role == Role::Key,
            certificates,
            role,
            bytes,
            pem: None,
        }
    }

    /// What a preflight judges as this file.
    pub(super) fn judged(&self) -> &[u8] {
        self.pem.as_ref().map_or(&self.bytes, |(text, _)| text)
    }

    /// The key in it, if a preflight judges that separately.
    pub(super) fn judged_key(&self) -> Option<&[u8]> {
        self.pem.as_ref().map(|(_, key)| key.as_slice())
    }
}

/// What the files are made of.
pub(super) struct Ingredients<'h> {
    pub(super) key: &'h PrivateKey,
    pub(super) certificate: &'h [u8],
    pub(super) chain: Vec<&'h [u8]>,
    pub(super) key_passphrase: Option<&'h Passphrase>,
    pub(super) seed: &'h Seed,
    pub(super) keystore: KeystoreKind,
    pub(super) at: Time,
}

/// The files; `None` if the key cannot be written.
pub(super) fn make(wanted: Wanted, of: &Ingredients<'_>) -> Option<Vec<NewFile>> {
    let leaf = pem(&[of.certificate]);
    let chain = pem(&of.chain);
    let full = joined(&[&leaf, &chain]);
    let above = of.chain.len();
    let key = key(of)?;
    if wanted.java {
        return keystore(of, full);
    }
    let certificate = |bytes, count| NewFile::new("server.crt", Role::Certificate, count, bytes);
    let chain_as = |role| {
        let file = NewFile::new("chain.crt", role, above, chain.clone());
        (above > 0).then_some(file)
    };
    let mut files = Vec::new();
    match wanted.name() {
        "haproxy" => {
            // HAProxy reads the key from the same file.
            let mut all = NewFile::new(
                "server.pem",
                Role::Certificate,
                above + 1,
                joined(&[&full, &key]),
            );
            all.is_secret = true;
            return Some(vec![all]);
        }
        "tableau" | "apache" => {
            files.push(certificate(leaf, 1));
            files.extend(chain_as(Role::Chain));
        }
        "rserve" => {
            // Rserve sends only the first certificate, and completes the chain from tls.ca.
            files.push(certificate(leaf, 1));
            files.extend(chain_as(Role::Authorities));
        }
        _ => files.push(certificate(full, above + 1)),
    }
    files.push(NewFile::new("server.key", Role::Key, 0, key));
    Some(files)
}

fn keystore(of: &Ingredients<'_>, text: Zeroizing<Vec<u8>>) -> Option<Vec<NewFile>> {
    let all: Vec<&[u8]> = std::iter::once(of.certificate)
        .chain(of.chain.iter().copied())
        .collect();
    let passphrase = of.key_passphrase?;
    let bytes = written(of.keystore, of.key, &all, passphrase, of.at, of.seed).ok()?;
    let name = match of.keystore {
        KeystoreKind::Pkcs12 => "keystore.p12",
        KeystoreKind::Jks => "keystore.jks",
    };
    let mut file = NewFile::new(name, Role::Certificate, all.len(), bytes);
    file.is_secret = true;
    let key = to_pem("PRIVATE KEY", &of.key.to_pkcs8()?);
    file.pem = Some((text, Zeroizing::new(key.as_bytes().to_vec())));
    Some(vec![file])
}

fn pem(certificates: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let all = certificates.iter();
    let texts: Vec<_> = all.map(|der| to_pem("CERTIFICATE", der)).collect();
    let parts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    joined(&parts)
}

fn joined(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(parts.concat())
}

/// The key as PKCS#8, encrypted if a passphrase was given.
fn key(of: &Ingredients<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let (label, der) = match of.key_passphrase {
        Some(passphrase) => (
            "ENCRYPTED PRIVATE KEY",
            Zeroizing::new(encrypted_pkcs8(of.key, passphrase, of.seed)?),
        ),
        None => ("PRIVATE KEY", of.key.to_pkcs8()?),
    };
    Some(Zeroizing::new(to_pem(label, &der).as_bytes().to_vec()))
}
