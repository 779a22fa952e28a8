//! From one encoding to another without loss: planned here, written elsewhere.
//!
//! A [`Conversion`] turns a [`Document`] into a [`ConversionPlan`]: the bytes of every
//! file to write, what was repaired, what was left out. Before it returns a plan, certcheck reads
//! its bytes back and compared with the objects they came from.

mod name;
mod problem;
mod proof;
mod repair;

pub use problem::ConversionProblem;
pub use repair::Repair;
pub(crate) use repair::words as repair_words;

use super::kind::known_label;
use super::reader::MAX_HEADER;
use super::section::Section;
use super::{Anomaly, Document, SectionKind, der, to_pem, write};
use crate::rule::{self, EncodingFact};
use zeroize::Zeroizing;

/// The encoding to convert to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// PEM as RFC 7468 writes it strictly.
    Pem,
    /// DER, one object to a file.
    Der,
}

/// One file to write.
#[non_exhaustive]
pub struct Output {
    /// A name for it, made from the source's name: letters, digits, `.`, `_` and
    /// `-` only, never a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether it holds a private key, or something that may be one: mode 0600.
    pub is_secret: bool,
    /// The indices of the sections in it.
    pub sections: Vec<usize>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .field("is_secret", &self.is_secret)
            .field("sections", &self.sections)
            .finish()
    }
}

/// What to write, and what that changes.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConversionPlan {
    /// The files, in the order of the objects.
    pub outputs: Vec<Output>,
    /// Anomalies of the source that the outputs no longer have.
    pub repairs: Vec<Repair>,
    /// Sections that are in no output, because they are damaged and the conversion's options omit
    /// damaged ones.
    pub left_out: Vec<usize>,
}

/// How to convert.
///
/// ```
/// use certcheck::{Source, encoding::{Document, convert::Conversion}};
/// let pem = "-----BEGIN X509 CRL-----\r\nMAA=\r\n-----END X509 CRL-----\r\n";
/// let document = Document::read(Source::new("ca.crl", pem.into()));
/// // SEQUENCE {} is not a revocation list.
/// assert!(Conversion::to_der().plan(&document).is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    target: Target,
    split: bool,
    leave_out_damaged: bool,
}

/// One object on its way: the section it comes from, what it is, its bytes.
struct Object<'d> {
    section: usize,
    kind: SectionKind,
    label: String,
    headers: &'d [(String, String)],
    der: &'d [u8],
}

impl Conversion {
    /// To PEM: all objects in one file.
    pub const fn to_pem() -> Self {
        Self::to(Target::Pem)
    }

    /// To DER: there must be one object, unless [`Self::split`] is asked for.
    pub const fn to_der() -> Self {
        Self::to(Target::Der)
    }

    /// To `target`.
    pub const fn to(target: Target) -> Self {
        Self {
            target,
            split: false,
            leave_out_damaged: false,
        }
    }

    /// Every object in a file of its own.
    #[must_use]
    pub const fn split(mut self, split: bool) -> Self {
        self.split = split;
        self
    }

    /// Continue without what is damaged beyond repair; otherwise that is an error.
    #[must_use]
    pub const fn leave_out_damaged(mut self, leave_out: bool) -> Self {
        self.leave_out_damaged = leave_out;
        self
    }

    /// Plans the conversion of `document`, and proves it by reading back.
    ///
    /// # Errors
    /// If something would be lost: a damaged section, the headers of an
    /// encrypted key in DER, several objects for one DER file, a container
    /// that has no PEM form; or if there is nothing to convert.
    pub fn plan(self, document: &Document) -> Result<ConversionPlan, ConversionProblem> {
        let (objects, left_out) = self.objects(document)?;
        let groups: Vec<&[Object<'_>]> = if self.split {
            objects.chunks(1).collect()
        } else if self.target == Target::Der && objects.len() > 1 {
            return Err(ConversionProblem::SeveralObjects {
                objects: objects.len(),
            });
        } else {
            vec![&objects]
        };
        let mut names = name::Names::new(document.source().name(), self.target, groups.len());
        let mut outputs = Vec::new();
        for group in groups {
            let output = self.output(group, &mut names)?;
            // Every file is proven before any is written: if a later one fails, no earlier one may
            // be left behind.
            proof::holds(self.target, group, &output)?;
            outputs.push(output);
        }
        let repairs = repair::repairs(document, self.target, &left_out);
        Ok(ConversionPlan {
            outputs,
            repairs,
            left_out,
        })
    }

    fn output(
        self,
        group: &[Object<'_>],
        names: &mut name::Names,
    ) -> Result<Output, ConversionProblem> {
        let bytes = match (self.target, group.first()) {
            (Target::Der, Some(object)) => {
                let section = object.section;
                if !object.headers.is_empty() {
                    return Err(ConversionProblem::HeadersLost { section });
                }
                let whole = matches!(der::shape(object.der), der::Shape::Whole { len, .. } if len == object.der.len());
                if !whole || object.kind == SectionKind::OpenSshPrivateKey {
                    return Err(ConversionProblem::NotDer { section });
                }
                Zeroizing::new(object.der.to_vec())
            }
            _ => pem_of(group),
        };
        let mut sections: Vec<usize> = group.iter().map(|object| object.section).collect();
        // Several objects one after another in the same section have the same number.
        sections.dedup();
        Ok(Output {
            name: names.next(group),
            bytes,
            is_secret: group.iter().any(|object| object.kind.may_be_secret()),
            sections,
        })
    }

    /// Every object of the document, and the sections without one.
    fn objects<'d>(
        self,
        document: &'d Document,
    ) -> Result<(Vec<Object<'d>>, Vec<usize>), ConversionProblem> {
        let mut objects = Vec::new();
        let too_large = |anomaly: &Anomaly| {
            matches!(
                anomaly.fact,
                EncodingFact::TooLarge(rule::encoding::TooLarge { .. })
            )
        };
        // Content beyond a limit was never read. A conversion would lose it silently.
        if document.anomalies().iter().any(too_large) {
            return Err(ConversionProblem::NotAllRead);
        }
        let mut damaged = Vec::new();
        for (index, section) in document.sections().iter().enumerate() {
            if let SectionKind::Jks | SectionKind::Pkcs12 = section.kind() {
                return Err(ConversionProblem::Container {
                    kind: section.kind(),
                });
            }
            if section.kind() == SectionKind::SshPublicKey && section.label().is_none() {
                return Err(ConversionProblem::NoForm {
                    section: index,
                    kind: section.kind(),
                });
            }
            match section.der().filter(|der| is_sound(section, der)) {
                Some(der) => {
                    objects.push(object(index, section, section.kind(), der));
                    objects.extend(behind(index, section));
                }
                None => damaged.push(index),
            }
        }
        if !damaged.is_empty() && !self.leave_out_damaged {
            return Err(ConversionProblem::Damaged { sections: damaged });
        }
        if objects.is_empty() {
            return Err(ConversionProblem::NothingFound);
        }
        Ok((objects, damaged))
    }
}

fn object<'d>(section: usize, read: &'d Section, kind: SectionKind, der: &'d [u8]) -> Object<'d> {
    let label = kind
        .canonical_label()
        .unwrap_or_else(|| written_label(read))
        .to_owned();
    // Two kinds have two labels that are both good.
    let label = match (kind, read.label()) {
        (SectionKind::Pkcs7, Some("CMS")) => "CMS".to_owned(),
        (SectionKind::DhParameters, Some("X9.42 DH PARAMETERS")) => {
            "X9.42 DH PARAMETERS".to_owned()
        }
        _ => label,
    };
    // Only the headers of encryption are needed to read the content.
    let headers = if read.has_dek_info() {
        read.headers()
    } else {
        &[]
    };
    Object {
        section,
        kind,
        label,
        headers,
        der,
    }
}

/// The section's own label, for an object without a better one. RFC 7468 section 3: it
/// neither begins nor ends with a hyphen.
fn written_label(section: &Section) -> &str {
    let written = section.label().map(|label| label.trim_matches(['-', ' ']));
    written.filter(|label| !label.is_empty()).unwrap_or("DATA")
}

/// Whole objects that follow the first one in the same section.
fn behind(index: usize, section: &Section) -> Vec<Object<'_>> {
    let mut objects = Vec::new();
    let mut rest = section.behind();
    // After a trusted certificate come OpenSSL's trust settings (X509_CERT_AUX), which are not a
    // separate object.
    while section.kind() != SectionKind::TrustedCertificate
        && let der::Shape::Whole { kind, len } = der::shape(rest)
        && kind != SectionKind::Unknown
    {
        let (der, more) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        objects.push(object(index, section, kind, der));
        rest = more;
    }
    objects
}

/// Whether the content has the structure of its kind.
fn is_sound(section: &Section, der: &[u8]) -> bool {
    match section.kind() {
        // Unknown bytes under a known label would not read back as what they
        // were.
        SectionKind::Unknown if known_label(written_label(section).as_bytes()).is_some() => false,
        SectionKind::Unknown if !section.has_dek_info() => true,
        _ if section.has_dek_info() => !der.is_empty() && headers_are_sound(section.headers()),
        SectionKind::OpenSshPrivateKey => true,
        _ => {
            matches!(der::shape(der), der::Shape::Whole { kind, .. } if kind != SectionKind::Unknown)
        }
    }
}

/// Whether headers read back as written: one line each, in the form that RFC 1421 section 4.4
/// allows; none looks like a boundary or would be cut.
fn headers_are_sound(headers: &[(String, String)]) -> bool {
    let printable = |text: &str| {
        text.len() <= MAX_HEADER
            && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
            && !text.contains("--")
    };
    headers
        .iter()
        .all(|(name, value)| printable(name) && printable(value))
}

fn pem_of(group: &[Object<'_>]) -> Zeroizing<Vec<u8>> {
    let texts: Vec<Zeroizing<String>> = group
        .iter()
        .map(|object| match object.headers {
            [] => to_pem(&object.label, object.der),
            headers => write::to_pem_with_headers(&object.label, headers, object.der),
        })
        .collect();
    let mut bytes = Zeroizing::new(Vec::with_capacity(
        texts.iter().map(|text| text.len()).sum(),
    ));
    texts
        .iter()
        .for_each(|text| bytes.extend_from_slice(text.as_bytes()));
    bytes
}
