//! Exactly which certificates a server puts on the wire, from its files.
//!
//! Pure: files are numbers of certificates, and the caller says who issued whom. Measured on the
//! wire with `openssl s_client -showcerts`: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL
//! 15.18, Rserve 1.8-11, TabPy 2.16.0, all with OpenSSL 3.0.19.

use super::{ChainSource, Completion, Profile};

/// How long a chain OpenSSL builds at most (`X509_VERIFY_PARAM` depth of 100).
const DEEPEST: usize = 100;

/// One of the files of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum File {
    /// The file of the server's own certificate.
    Certificate,
    /// The file of the certificates after it: Apache's
    /// SSLCertificateChainFile, a file of HAProxy's issuers-chain-path.
    Chain,
    /// The server's own CA file: SSLCACertificateFile, `ssl_ca_file`, `tls.ca`.
    Ca,
}

/// A certificate: which file, and which one of its certificates, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: File,
    /// Its place among the file's certificates.
    pub index: usize,
}

/// How many certificates each file holds, as the server's reader sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Files {
    /// In the certificate file.
    pub certificate: usize,
    /// In the chain file; `None`: there is no such file.
    pub chain: Option<usize>,
    /// In the CA file; 0 if there is none.
    pub ca: usize,
    /// Whether chain file and certificate file are one and the same: Apache
    /// then leaves out its first certificate.
    pub chain_is_certificate_file: bool,
}

impl Files {
    /// Only a certificate file.
    pub const fn of(certificate: usize) -> Self {
        Self {
            certificate,
            chain: None,
            ca: 0,
            chain_is_certificate_file: false,
        }
    }

    /// The same with a chain file of this many certificates.
    #[must_use]
    pub const fn with_chain(mut self, certificates: usize) -> Self {
        self.chain = Some(certificates);
        self
    }

    /// The same with a CA file of this many certificates.
    #[must_use]
    pub const fn with_ca(mut self, certificates: usize) -> Self {
        self.ca = certificates;
        self
    }

    /// The same, the chain file being the certificate file once more.
    #[must_use]
    pub const fn chain_again(mut self) -> Self {
        self.chain = Some(self.certificate);
        self.chain_is_certificate_file = true;
        self
    }
}

/// What the caller knows about two certificates.
pub trait Issuance {
    /// Whether `issuer` issued `subject`, as in OpenSSL's `check_issued`:
    /// names, key identifiers and key usage.
    fn issued_by(&self, subject: Place, issuer: Place) -> bool;

    /// Whether `place` is valid now: among several issuers OpenSSL takes the
    /// first valid one. Assumed if unknown.
    fn is_valid(&self, _place: Place) -> bool {
        true
    }
}

impl<F: Fn(Place, Place) -> bool> Issuance for F {
    fn issued_by(&self, subject: Place, issuer: Place) -> bool {
        self(subject, issuer)
    }
}

impl Profile {
    /// The certificates that the server sends, first to last.
    ///
    /// Empty if its certificate file holds none: then there is no handshake.
    ///
    /// ```
    /// use certcheck::server::{Profile, wire::{File, Files, Place}};
    /// // leaf, intermediate and root in one file, and nothing else:
    /// let files = Files::of(3);
    /// let no_place = |_: Place, _: Place| false;
    /// let sent = |name| Profile::named(name).unwrap().presented(&files, &no_place).len();
    /// assert_eq!((sent("rserve"), sent("tabpy")), (1, 3));
    /// ```
    pub fn presented(&self, files: &Files, issuance: &dyn Issuance) -> Vec<Place> {
        let own = |index| Place {
            file: File::Certificate,
            index,
        };
        let behind = |index| Place {
            file: File::Chain,
            index,
        };
        if files.certificate == 0 {
            return Vec::new();
        }
        let chain = files.chain.unwrap_or(0);
        let mut sent = vec![own(0)];
        match self.chain {
            ChainSource::FirstOnly => {}
            ChainSource::WholeFile => sent.extend((1..files.certificate).map(own)),
            ChainSource::ChainFileElseRest => match files.chain {
                // An empty one too: measured with a chain file in DER.
                Some(_) => {
                    // `ssl_use_certificate_chain(…, skip_first)` of mod_ssl: the server's own
                    // certificate is there already.
                    let skipped = usize::from(files.chain_is_certificate_file);
                    sent.extend((skipped..chain).map(behind));
                }
                None => sent.extend((1..files.certificate).map(own)),
            },
            ChainSource::RestElseIssuers => {
                sent.extend((1..files.certificate).map(own));
                // HAProxy uses a file of issuers-chain-path only for a lone certificate, and only
                // if its first certificate is the issuer (`ssl_get0_issuer_chain`).
                if sent.len() == 1 && chain > 0 && issuance.issued_by(own(0), behind(0)) {
                    sent.extend((0..chain).map(behind));
                }
            }
            ChainSource::Everything => {
                sent.extend((1..files.certificate).map(own));
                sent.extend((0..chain).map(behind));
            }
        }
        // `ssl_add_cert_chain` builds a chain only if no extra certificate was set
        // (`SSL_MODE_NO_AUTO_CHAIN` is off): one intermediate in the file ends the completion.
        if sent.len() == 1 && self.completion == Completion::FromCaFile {
            complete(&mut sent, files.ca, issuance);
        }
        sent
    }
}

/// What OpenSSL adds to a lone certificate (`ssl_add_cert_chain`): issuers
/// from the store of CA certificates for as long as there are any.
fn complete(sent: &mut Vec<Place>, ca: usize, issuance: &dyn Issuance) {
    let mut taken = vec![false; ca];
    while let Some(&last) = sent.last()
        && sent.len() <= DEEPEST
        && !issuance.issued_by(last, last)
    {
        let issuers = || {
            (0..ca)
                // Two CAs that signed each other would otherwise be added in turn up to the limit.
                .filter(|&index| taken.get(index) == Some(&false))
                .map(|index| Place {
                    file: File::Ca,
                    index,
                })
                .filter(|&place| issuance.issued_by(last, place))
        };
        let Some(next) = issuers()
            .find(|&place| issuance.is_valid(place))
            .or_else(|| issuers().next())
        else {
            return;
        };
        if let Some(flag) = taken.get_mut(next.index) {
            *flag = true;
        }
        sent.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_cross_signed_authorities_ends() {
        let all = |_: Place, issuer: Place| issuer.file == File::Ca;
        let files = Files::of(1).with_ca(5000);
        let rserve = Profile::named("rserve").unwrap();
        let loops = |subject: Place, issuer: Place| subject != issuer && all(subject, issuer);
        assert_eq!(rserve.presented(&files, &loops).len(), DEEPEST + 1);
        assert_eq!(
            rserve.presented(&files, &all).len(),
            2,
            "a self-signed one ends it"
        );
    }

    #[test]
    fn an_expired_issuer_is_taken_where_there_is_no_other() {
        struct Expired(usize);
        impl Issuance for Expired {
            fn issued_by(&self, subject: Place, issuer: Place) -> bool {
                subject.file == File::Certificate && issuer.file == File::Ca
            }
            fn is_valid(&self, place: Place) -> bool {
                place.index != self.0
            }
        }
        let rserve = Profile::named("rserve").unwrap();
        let second = |files, expired| rserve.presented(&files, &Expired(expired))[1].index;
        assert_eq!(second(Files::of(1).with_ca(2), 0), 1);
        assert_eq!(second(Files::of(1).with_ca(1), 0), 0);
    }

    #[test]
    fn no_certificate_no_chain() {
        for profile in Profile::all() {
            let sent = profile.presented(&Files::of(0).with_ca(3), &|_: Place, _: Place| true);
            assert!(sent.is_empty(), "{}", profile.name());
        }
    }
}
