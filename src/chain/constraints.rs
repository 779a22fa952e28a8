//! May a CA with these name constraints issue for these names? (RFC 5280 4.2.1.10)

mod within;

use super::profile::Constraints;
use crate::model::{Certificate, GeneralName, NameConstraints, Subtree};
use within::Answer;

/// Names of one certificate that a constraint may apply to.
pub(super) struct Names<'a> {
    names: Vec<GeneralName<'a>>,
    common: Vec<String>,
    reading: Constraints,
}

/// Labels with at least one dot between them.
fn reads_like_a_host(name: &str) -> bool {
    name.contains('.') && super::rules::is_preferred_name(name)
}

/// A name that breaks a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) name: String,
    pub(super) constraint: String,
}

/// How many comparisons are left.
pub(super) struct Comparisons {
    limit: u64,
    made: u64,
}

/// They are spent.
pub(super) struct Exhausted;

impl Comparisons {
    pub(super) const fn new(limit: u64) -> Self {
        Self { limit, made: 0 }
    }

    pub(super) const fn made(&self) -> u64 {
        self.made
    }

    pub(super) const fn limit(&self) -> u64 {
        self.limit
    }

    /// Counts comparisons that were made elsewhere.
    pub(super) fn spend(&mut self, elsewhere: &Self) {
        self.made = self.made.saturating_add(elsewhere.made);
    }

    fn take(&mut self, cost: u64) -> Result<(), Exhausted> {
        // Refused before it is spent: the caller reports the limit, and the count never exceeds
        // it.
        if self.made.saturating_add(cost) > self.limit {
            return Err(Exhausted);
        }
        self.made += cost;
        Ok(())
    }
}

impl<'a> Names<'a> {
    /// The subject, if not empty; every subjectAltName; and, if none of them is an rfc822Name, the
    /// e-mail addresses of the subject. RFC 5280 4.2.1.10 requires it if there is no subjectAltName
    /// at all; OpenSSL, GnuTLS and NSS do it whenever there is no rfc822Name (measured).
    ///
    /// `with_common`: without subjectAltName, commonNames that read like a host
    /// count as dNSNames as well (`PathProfile::common_names_constrained`).
    pub(super) fn of(
        certificate: &Certificate<'a>,
        with_common: bool,
        reading: Constraints,
    ) -> Self {
        let subject = certificate.subject();
        let mut names = Vec::new();
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject));
        }
        let others = certificate.subject_alt_names();
        names.extend(others.iter().flat_map(|others| others.iter()));
        // Go reads no other forms, whatever they contain (measured: 1.27.3).
        if reading == Constraints::Go {
            names.retain(|name| {
                matches!(
                    name,
                    GeneralName::Dns(_)
                        | GeneralName::Email(_)
                        | GeneralName::Uri(_)
                        | GeneralName::Ip(_)
                )
            });
        }
        let is_email = |name: &GeneralName<'_>| matches!(name, GeneralName::Email(_));
        if reading == Constraints::Rfc5280 && !names.iter().any(is_email) {
            names.extend(subject.email_addresses().map(GeneralName::Email));
        }
        // A commonName counts only if there is no subjectAltName at all: with one, the host's
        // names are in it.
        if with_common && others.is_none() {
            let common = subject
                .common_names()
                .filter(|name| reads_like_a_host(name));
            return Self {
                names,
                common: common.collect(),
                reading,
            };
        }
        Self {
            names,
            common: Vec::new(),
            reading,
        }
    }

    /// Whether all of them comply with `constraints`; if not, the violation.
    pub(super) fn check(
        &self,
        constraints: &NameConstraints<'_>,
        left: &mut Comparisons,
    ) -> Result<Option<Violation>, Exhausted> {
        let trees = Trees::of(constraints, self.reading);
        // Reading them is cheaper than comparing, but not free: ten thousand CAs,
        // each with a constraint of a form that no name has, are fifty million pairs.
        left.take(1 + trees.count() / 16)?;
        let common = self.common.iter().map(|name| GeneralName::Dns(name));
        for name in self.names.iter().copied().chain(common) {
            if let Some(constraint) = trees.check(&name, left)? {
                return Ok(Some(Violation {
                    name: name.to_string(),
                    constraint,
                }));
            }
        }
        Ok(None)
    }
}

/// The subtrees of one certificate, by the form of their names.
struct Trees<'a> {
    permitted: [Vec<Tree<'a>>; FORMS],
    excluded: [Vec<Tree<'a>>; FORMS],
}

struct Tree<'a> {
    subtree: Subtree<'a>,
    /// For directory names, the form in which they are compared.
    canonical: Vec<u8>,
    /// What a comparison costs.
    cost: u64,
}

fn group<'a>(trees: impl Iterator<Item = Subtree<'a>>) -> [Vec<Tree<'a>>; FORMS] {
    let mut grouped: [Vec<Tree<'a>>; FORMS] = Default::default();
    for subtree in trees {
        // The canonical form is made once for each subtree: ten thousand names against ten
        // thousand subtrees would otherwise decode each name ten thousand times.
        let canonical = canonical(&subtree.base);
        let length = match subtree.base {
            GeneralName::Email(text) | GeneralName::Dns(text) | GeneralName::Uri(text) => {
                text.len()
            }
            _ => canonical.len(),
        };
        if let Some(group) = grouped.get_mut(form(&subtree.base)) {
            group.push(Tree {
                subtree,
                canonical,
                // Long bases cost more to compare. A 256th of their length keeps an attacker's
                // megabyte from counting as one comparison, and leaves ordinary names at one.
                cost: 1 + u64::try_from(length / 256).unwrap_or(u64::MAX),
            });
        }
    }
    grouped
}

fn canonical(name: &GeneralName<'_>) -> Vec<u8> {
    match name {
        GeneralName::Directory(name) => name.canonical(),
        _ => Vec::new(),
    }
}

impl<'a> Trees<'a> {
    fn of(constraints: &NameConstraints<'a>, reading: Constraints) -> Self {
        // Go skips a minimum and a maximum.
        let read = |tree: Subtree<'a>| Subtree {
            bounded: tree.bounded && reading != Constraints::Go,
            ..tree
        };
        Self {
            permitted: group(constraints.permitted().map(read)),
            excluded: group(constraints.excluded().map(read)),
        }
    }

    fn count(&self) -> u64 {
        let all = self.permitted.iter().chain(&self.excluded);
        u64::try_from(all.map(Vec::len).sum::<usize>()).unwrap_or(u64::MAX)
    }

    /// The constraint that `name` breaks, in words.
    fn check(
        &self,
        name: &GeneralName<'_>,
        left: &mut Comparisons,
    ) -> Result<Option<String>, Exhausted> {
        // What cannot be compared must not be trusted: "the application MUST
        // either process the constraint or reject the certificate".
        let unclear =
            |tree: &Tree<'_>| Some(format!("{} cannot be compared with it", tree.subtree.base));
        let (own, form) = (canonical(name), form(name));
        let compare =
            |tree: &Tree<'_>, plain: fn(&Subtree<'_>, &GeneralName<'_>) -> Answer| match tree
                .subtree
                .base
            {
                GeneralName::Directory(_) if !tree.subtree.bounded => {
                    // A directory name lies below another if its first RDNs are equal (RFC 5280
                    // 4.2.1.10, X.501): with canonical forms this is a comparison of prefixes.
                    own.starts_with(&tree.canonical).into()
                }
                _ => plain(&tree.subtree, name),
            };
        // Exclusions come first: RFC 5280 4.2.1.10 refuses an excluded name whatever is permitted,
        // and one match ends the work.
        for tree in self.excluded.get(form).into_iter().flatten() {
            left.take(tree.cost)?;
            match compare(tree, within::touches) {
                Answer::No => {}
                Answer::Yes => return Ok(Some(format!("{} is excluded", tree.subtree.base))),
                Answer::Unclear => return Ok(unclear(tree)),
            }
        }
        let permitted = self.permitted.get(form).map_or(&[][..], Vec::as_slice);
        for tree in permitted {
            left.take(tree.cost)?;
            match compare(tree, within::contains) {
                // One permitted subtree is enough. The forms are separate: a constraint on
                // dNSNames says nothing about an address, which therefore passes.
                Answer::Yes => return Ok(None),
                Answer::No => {}
                Answer::Unclear => return Ok(unclear(tree)),
            }
        }
        Ok(permitted.first().map(|first| {
            format!(
                "only {} and names below it are permitted",
                first.subtree.base
            )
        }))
    }
}

/// How many forms a name can have.
const FORMS: usize = 9;

/// The number of a name's form, that of its tag.
fn form(name: &GeneralName<'_>) -> usize {
    use GeneralName as N;
    match name {
        // The tag is known although the contents are not, so that the name still meets the
        // constraints of its form and makes them unclear.
        N::Unreadable { tag, .. } => usize::from(tag & 0x1f),
        N::Other { .. } => 0,
        N::Email(_) => 1,
        N::Dns(_) => 2,
        N::X400(_) => 3,
        N::Directory(_) => 4,
        N::EdiParty(_) => 5,
        N::Uri(_) => 6,
        N::Ip(_) => 7,
        N::Registered(_) => 8,
    }
}
