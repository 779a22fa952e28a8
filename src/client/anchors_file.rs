//! The trust anchors that a client's own loader reads from a file.
//!
//! Each client loads such a file in its own way (`encoding::loader::StoreLoader`), and then parses
//! what it found: rustls, GnuTLS and Java refuse the whole file for one certificate that they
//! cannot parse, Go skips it, OpenSSL reads names only. The rules were measured with the real
//! programs on the files of testdata/anchors-file.
//!
//! For systems whose users import certificates into a store, and which were not measured,
//! the answer is undecided if one of the measured loaders would lose something.

use super::known::Client;
use super::messages::Voice;
use super::profile::Engine;
use super::reads::{Family, Place};
use super::refusal::Cause;
use super::webpki;
use crate::encoding::Document;
use crate::encoding::loader::{Fault, StoreFile, StoreLoader};
use crate::key_loading::key_of;
use crate::model::{Certificate, Curve, ExtensionFault, KeyAlgorithm, KeyForm, PublicKey};

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// All certificates that are in the file.
    All,
    /// These, in DER; and where the first one is that it does not get.
    Some(Vec<Vec<u8>>, usize),
    /// Nothing, because it cannot load the file: its error, and where it gives up.
    Refused(String, usize),
    /// certcheck cannot tell what it gets, for this reason.
    Unsure(&'static str),
}

/// How every loader reads one file.
pub(crate) struct AnchorsFile<'d> {
    document: &'d Document,
    read: Vec<(StoreLoader, Answer)>,
}

/// How a loader's parser reads what the loader found.
enum Answer {
    Loaded(StoreFile),
    /// A certificate is not parsed, in the client's words.
    Unparsed(usize, String),
    Unsure(&'static str),
}

impl<'d> AnchorsFile<'d> {
    /// Reads a file; `None` for containers, which no client is given as they are.
    pub(crate) fn read(document: &'d Document) -> Option<Self> {
        let read = |loader: StoreLoader| (loader, parsed(loader, loader.read(document)));
        document.is_anchors_file().then(|| Self {
            document,
            read: StoreLoader::ALL.into_iter().map(read).collect(),
        })
    }

    /// What `client` gets.
    pub(crate) fn loaded(&self, client: Client) -> Loaded {
        let Some(loader) = loader(client) else {
            return self.imported();
        };
        let facts = client.profile().facts;
        if facts.other_pem && !self.is_plain() {
            return Loaded::Unsure("the PEM reader of Java 25 was not measured with such a file");
        }
        let Some((_, answer)) = self.read.iter().find(|(reader, _)| *reader == loader) else {
            return Loaded::All;
        };
        let name = self.document.source().name();
        match answer {
            Answer::Unsure(why) => Loaded::Unsure(why),
            Answer::Unparsed(at, says) => {
                let says = match loader {
                    StoreLoader::OpenSsl => refusal(client, Fault::Damaged(*at), name),
                    _ => says.clone(),
                };
                Loaded::Refused(says, *at)
            }
            Answer::Loaded(file) => match file.fault {
                Some(fault) => {
                    let at = match fault {
                        Fault::Nothing => self.document.source().bytes().len(),
                        Fault::Damaged(at) => at,
                    };
                    Loaded::Refused(refusal(client, fault, name), at)
                }
                None if facts.mark_hides_first => self.behind_mark(client, file),
                None => self.compared(file),
            },
        }
    }

    /// Whether every PEM reader reads it alike: nothing before the first BEGIN line, and nothing
    /// after BEGIN and END on their lines.
    fn is_plain(&self) -> bool {
        let bytes = self.document.source().bytes();
        let lines = bytes.split(|byte| *byte == b'\n');
        let mut armour = lines.filter(|line| line.windows(5).any(|dashes| dashes == b"-----"));
        self.document.form() == crate::encoding::Form::Der
            || bytes.starts_with(b"-----BEGIN ")
                && armour.all(|line| line.starts_with(b"-----") && line.ends_with(b"-----"))
    }

    /// What OpenSSL before 3.0 gets: after a byte order mark it does not find the first BEGIN line.
    fn behind_mark(&self, client: Client, file: &StoreFile) -> Loaded {
        let source = self.document.source();
        if !source.bytes().starts_with(b"\xef\xbb\xbf-----BEGIN ") {
            return self.compared(file);
        }
        let rest: Vec<_> = file.certificates.iter().skip(1).collect();
        if rest.is_empty() {
            return Loaded::Refused(refusal(client, Fault::Nothing, source.name()), 0);
        }
        Loaded::Some(rest.iter().map(|(_, der)| der.clone()).collect(), 0)
    }

    /// The certificates that a loader gets, compared with those that are in the file.
    fn compared(&self, file: &StoreFile) -> Loaded {
        let taken = |der: &[u8]| file.certificates.iter().any(|(_, it)| it == der);
        let stands = |der: &[u8]| self.document.certificates().any(|(_, it)| it == der);
        let lost = self.document.certificates().find(|(_, der)| !taken(der));
        let more = file.certificates.iter().find(|(_, der)| !stands(der));
        match lost.map(|(at, _)| at).or(more.map(|(at, _)| *at)) {
            None => Loaded::All,
            Some(at) => {
                let all = file.certificates.iter().map(|(_, der)| der.clone());
                Loaded::Some(all.collect(), at)
            }
        }
    }

    /// For a store into which a person imports certificates.
    fn imported(&self) -> Loaded {
        let whole = self.read.iter().all(|(loader, answer)| match answer {
            // What Go's parser ignores affects only Go.
            Answer::Loaded(file) if *loader == StoreLoader::Go => file.fault.is_none(),
            Answer::Loaded(file) => file.fault.is_none() && self.compared(file) == Loaded::All,
            Answer::Unparsed(..) => true,
            Answer::Unsure(_) => true,
        });
        // In DER, which systems import, there is nothing to lose.
        if whole || self.document.form() == crate::encoding::Form::Der {
            Loaded::All
        } else {
            Loaded::Unsure("how it imports such a file of trust anchors was not measured")
        }
    }
}

/// How a client loads such a file, if that was measured.
fn loader(client: Client) -> Option<StoreLoader> {
    let profile = client.profile();
    match (&profile.engine, profile.voice) {
        // A directory of hashed names: certificate by certificate.
        (Engine::OpenSsl(_), _) if profile.known_as() == "openssl-capath" => None,
        (Engine::OpenSsl(_), Voice::Node) => Some(StoreLoader::Node),
        (Engine::OpenSsl(_), _) => Some(StoreLoader::OpenSsl),
        (Engine::GnuTls, _) => Some(StoreLoader::GnuTls),
        (Engine::Webpki(_), _) => Some(StoreLoader::Rustls),
        (Engine::Search(rules), _) => match rules.family {
            Family::Go => Some(StoreLoader::Go),
            Family::Java => Some(StoreLoader::Java),
            _ => None,
        },
        (Engine::Nss(_), _) => Some(StoreLoader::Nss),
        (Engine::Each(_) | Engine::Pinned, _) => None,
    }
}

/// A client's error for a file that it cannot load.
fn refusal(client: Client, fault: Fault, name: &str) -> String {
    let nothing = fault == Fault::Nothing;
    match (client.profile().voice, loader(client)) {
        (Voice::Curl, _) => format!("curl: (77) error setting certificate file: {name}"),
        (Voice::Python, _) if nothing => {
            "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found".to_owned()
        }
        (Voice::Python, _) => "[X509] PEM lib".to_owned(),
        (Voice::LibPq, _) if nothing => {
            format!("could not read root certificate file \"{name}\": no certificate or crl found")
        }
        (Voice::LibPq, _) => format!("could not read root certificate file \"{name}\""),
        (_, Some(StoreLoader::OpenSsl)) if nothing => {
            "X509_load_cert_crl_file_ex:no certificate or crl found".to_owned()
        }
        (_, Some(StoreLoader::OpenSsl)) => "X509_load_cert_crl_file_ex:PEM lib".to_owned(),
        (_, Some(StoreLoader::GnuTls)) if nothing => {
            "Error setting the x509 trust file: No certificate was found.".to_owned()
        }
        (_, Some(StoreLoader::GnuTls)) => "Error setting the x509 trust file".to_owned(),
        (_, Some(StoreLoader::Go)) => {
            "AppendCertsFromPEM returns false: no certificate was parsed".to_owned()
        }
        // No error: its store stays empty.
        (_, Some(StoreLoader::Rustls)) if nothing => "UnknownIssuer".to_owned(),
        (_, Some(StoreLoader::Rustls)) => "pem_file_iter ends with an error".to_owned(),
        (_, Some(StoreLoader::Java)) => {
            "java.security.cert.CertificateException of generateCertificates".to_owned()
        }
        (_, Some(StoreLoader::Nss)) => "SEC_ERROR_UNKNOWN_ISSUER".to_owned(),
        _ => "it cannot load the file".to_owned(),
    }
}

fn parsed(loader: StoreLoader, mut file: StoreFile) -> Answer {
    if file.fault.is_some() {
        return Answer::Loaded(file);
    }
    for key in &file.keys {
        match KeyForm::sniff(key) {
            None => return Answer::Loaded(file.damaged(0)),
            Some(_) if key_of(key).is_none() => {
                return Answer::Unsure(
                    "certcheck did not judge whether OpenSSL reads the private key in it",
                );
            }
            Some(_) => {}
        }
    }
    if loader == StoreLoader::Go {
        file.certificates
            .retain(|(_, der)| unparsed(loader, der).is_none());
        if file.certificates.is_empty() {
            file.fault = Some(Fault::Nothing);
        }
        return Answer::Loaded(file);
    }
    let mut unsure = false;
    for (at, der) in &file.certificates {
        match unparsed(loader, der) {
            Some(Unparsed::Refuses(_)) if loader == StoreLoader::Node => {
                let at = *at;
                // It keeps what came before.
                file.certificates.retain(|(place, _)| *place < at);
                return Answer::Loaded(file);
            }
            Some(Unparsed::Refuses(says)) => return Answer::Unparsed(*at, says),
            Some(Unparsed::Unknown) => unsure = true,
            None => {}
        }
    }
    if unsure {
        return Answer::Unsure(
            "certcheck does not know whether it parses every certificate of the file",
        );
    }
    Answer::Loaded(file)
}

/// Why a certificate is not parsed.
enum Unparsed {
    Refuses(String),
    /// certcheck cannot parse it itself.
    Unknown,
}

fn unparsed(loader: StoreLoader, der: &[u8]) -> Option<Unparsed> {
    if loader == StoreLoader::Rustls {
        return (!webpki::takes_anchor(der))
            .then(|| Unparsed::Refuses("InvalidCertificate(BadEncoding)".to_owned()));
    }
    let Ok(it) = Certificate::parse(der) else {
        // OpenSSL's loader has read it as OpenSSL reads; Go may or may not ignore it.
        return match loader {
            StoreLoader::GnuTls | StoreLoader::Java => Some(Unparsed::Unknown),
            _ => None,
        };
    };
    let family = match loader {
        StoreLoader::OpenSsl | StoreLoader::Node => Family::OpenSsl,
        StoreLoader::GnuTls => Family::GnuTls,
        StoreLoader::Go => Family::Go,
        StoreLoader::Java => Family::Java,
        // NSS parses when it builds a path.
        StoreLoader::Rustls | StoreLoader::Nss => return None,
    };
    let names_unread = loader == StoreLoader::GnuTls
        && it.extension_problems().iter().any(|problem| {
            problem.oid == "2.5.29.17"
                && matches!(
                    problem.fault,
                    ExtensionFault::NameForm
                        | ExtensionFault::Trailing
                        | ExtensionFault::Unreadable
                )
        });
    if names_unread {
        let says = "Error setting the x509 trust file: ASN1 parser: Error in TAG.";
        return Some(Unparsed::Refuses(says.to_owned()));
    }
    if loader == StoreLoader::Java
        && let Ok(key) = PublicKey::parse(it.spki_der())
        && let KeyAlgorithm::Ec(Curve::Other(name)) = key.algorithm()
        && !java_names(name)
    {
        let says =
            format!("java.security.cert.CertificateParsingException: Unknown named curve: {name}");
        return Some(Unparsed::Refuses(says));
    }
    let (cause, says) = family.unread(&it, Place::Above, false)?;
    let at_load = matches!(
        cause,
        Cause::Encoding | Cause::MalformedExtension | Cause::Version
    );
    let at_load = at_load || loader == StoreLoader::Go;
    at_load.then(|| {
        Unparsed::Refuses(match loader {
            StoreLoader::GnuTls => {
                let error = says.trim_start_matches("*** Fatal error: ");
                format!("Error setting the x509 trust file: {error}")
            }
            StoreLoader::Java => format!("java.security.cert.CertificateException: {says}"),
            _ => says,
        })
    })
}
/// Whether Java has a name for the curve, and so reads the certificate, whatever it then does with
/// the key (measured: 17.0.15, with the 79 curves of OpenSSL 3.0.19).
fn java_names(curve: &str) -> bool {
    let twisted = curve.starts_with("brainpoolP") && curve.ends_with("t1");
    let numbered = |prefix: &str, known: &[&str]| {
        curve
            .strip_prefix(prefix)
            .is_some_and(|last| known.contains(&last))
    };
    let named = ["P-", "secp", "sect", "brainpoolP"];
    named.iter().any(|prefix| curve.starts_with(prefix)) && !twisted
        // SEC 2, X9.62 over primes, its tri- and pentanomial curves, RFC 5639.
        || curve.starts_with("1.3.132.0.")
        || curve.starts_with("1.2.840.10045.3.1.")
        || numbered(
            "1.2.840.10045.3.0.",
            &["5", "6", "7", "11", "12", "13", "18", "20"],
        )
        || numbered(
            "1.3.36.3.3.2.8.1.1.",
            &["1", "3", "5", "7", "9", "11", "13"],
        )
}
