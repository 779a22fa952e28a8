//! May a CA with these name constraints issue for these names? (RFC 5280 4.2.1.10)

mod within;

use crate::model::{Certificate, GeneralName, NameConstraints, Subtree};
use within::{Answer, contains};

/// Names of one certificate that a constraint may speak of.
pub(super) struct Names<'a> {
    names: Vec<GeneralName<'a>>,
    common: Vec<String>,
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

/// The comparisons that are left.
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

    fn take(&mut self) -> Result<(), Exhausted> {
        if self.made >= self.limit {
            return Err(Exhausted);
        }
        self.made += 1;
        Ok(())
    }
}

impl<'a> Names<'a> {
    /// The subject, if not empty; every subjectAltName; and, without
    /// subjectAltName, the e-mail addresses of the subject.
    ///
    /// For an end-entity without subjectAltName, commonNames that read like a
    /// host are held to constraints on dNSNames as well. RFC 5280 does not ask
    /// for it, but there are clients that fall back to them, and OpenSSL 3
    /// does the same.
    pub(super) fn of(certificate: &Certificate<'a>, end_entity: bool) -> Self {
        let subject = certificate.subject();
        let mut names = Vec::new();
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject));
        }
        match certificate.subject_alt_names() {
            Some(alternative) => names.extend(alternative.iter()),
            None => names.extend(subject.email_addresses().map(GeneralName::Email)),
        }
        if end_entity && certificate.subject_alt_names().is_none() {
            let common = subject
                .common_names()
                .filter(|name| reads_like_a_host(name));
            return Self {
                names,
                common: common.collect(),
            };
        }
        Self {
            names,
            common: Vec::new(),
        }
    }

    /// Whether all of them keep `constraints`: what breaks them, if not.
    pub(super) fn check(
        &self,
        constraints: &NameConstraints<'_>,
        left: &mut Comparisons,
    ) -> Result<Option<Violation>, Exhausted> {
        let common = self.common.iter().map(|name| GeneralName::Dns(name));
        for name in self.names.iter().copied().chain(common) {
            let name = &name;
            if let Some(constraint) = check_one(name, constraints, left)? {
                return Ok(Some(Violation {
                    name: name.to_string(),
                    constraint,
                }));
            }
        }
        Ok(None)
    }
}

fn check_one(
    name: &GeneralName<'_>,
    constraints: &NameConstraints<'_>,
    left: &mut Comparisons,
) -> Result<Option<String>, Exhausted> {
    // What cannot be compared must not be trusted: "the application MUST
    // either process the constraint or reject the certificate".
    let unclear = |tree: &Subtree<'_>| Some(format!("{} cannot be compared with it", tree.base));
    for tree in constraints
        .excluded()
        .filter(|tree| same_form(&tree.base, name))
    {
        left.take()?;
        match within::touches(&tree, name) {
            Answer::No => {}
            Answer::Yes => return Ok(Some(format!("{} is excluded", tree.base))),
            Answer::Unclear => return Ok(unclear(&tree)),
        }
    }
    let mut nearest = None;
    for tree in constraints
        .permitted()
        .filter(|tree| same_form(&tree.base, name))
    {
        left.take()?;
        match contains(&tree, name) {
            Answer::Yes => return Ok(None),
            Answer::No => {
                nearest.get_or_insert_with(|| tree.base.to_string());
            }
            Answer::Unclear => return Ok(unclear(&tree)),
        }
    }
    Ok(nearest.map(|first| format!("only {first} and the like is permitted")))
}

fn same_form(base: &GeneralName<'_>, name: &GeneralName<'_>) -> bool {
    use GeneralName as N;
    let tag = |name: &N<'_>| match name {
        N::Unreadable { tag, .. } => tag & 0x1f,
        N::Other { .. } => 0,
        N::Email(_) => 1,
        N::Dns(_) => 2,
        N::X400(_) => 3,
        N::Directory(_) => 4,
        N::EdiParty(_) => 5,
        N::Uri(_) => 6,
        N::Ip(_) => 7,
        N::Registered(_) => 8,
    };
    tag(base) == tag(name)
}
