//! The edit as a diff of sections.

use super::bytes::Text;
use super::{Action, Change, Edit};
use crate::encoding::SectionKind;
use crate::objects::Object;
use std::collections::{BTreeMap, HashSet};

/// What happens to the sections of the edited file, and which of the others are not used.
pub(super) fn changes(
    edit: &Edit<'_, '_>,
    text: &Text,
    reasons: &BTreeMap<usize, String>,
) -> (Vec<Change>, Vec<Change>) {
    let own: Vec<usize> = edit.own().collect();
    let is_own = |place: &usize| {
        edit.get(*place)
            .is_some_and(|certificate| edit.is_own(certificate))
    };
    // The longest increasing run of sections stays in place. Everything
    // else is shown as removed and added.
    let in_place: HashSet<usize> = {
        let sections: Vec<usize> = edit.sections.iter().copied().filter(is_own).collect();
        longest_rising(&sections).into_iter().collect()
    };
    let used: HashSet<usize> = edit.sections.iter().copied().collect();
    let mut changes = Vec::new();
    let mut gone = own.iter().copied().peekable();
    let remove = |place: usize| {
        let object = edit.get(place)?;
        let why = if used.contains(&place) {
            "moved".to_owned()
        } else {
            reasons
                .get(&place)
                .cloned()
                .unwrap_or_else(|| why_not(edit, object))
        };
        Some(change(Action::Remove, object, Some(why)))
    };
    for (index, &place) in edit.sections.iter().enumerate() {
        let Some(object) = edit.get(place) else {
            continue;
        };
        let rewritten = text.rewritten.get(&place);
        if !in_place.contains(&place) {
            let why = match (index, is_own(&place)) {
                (0, true) if object.certificate().is_some() => {
                    "the server's own certificate comes first".to_owned()
                }
                _ => why_here(edit, index, object),
            };
            changes.push(change(Action::Add, object, Some(why)));
            continue;
        }
        // A removed section is shown where it was, as in a diff of lines.
        while let Some(before) = gone.next_if(|before| *before < place) {
            changes.extend(remove(before));
        }
        gone.next_if(|before| *before == place);
        match rewritten {
            None => changes.push(change(Action::Keep, object, None)),
            Some(why) => {
                changes.push(change(Action::Remove, object, Some("as it was".to_owned())));
                changes.push(change(Action::Add, object, Some(why.clone())));
            }
        }
    }
    changes.extend(gone.filter_map(remove));
    let unused = edit
        .objects
        .iter()
        .enumerate()
        .filter(|(place, object)| !edit.is_own(object) && !used.contains(place))
        .map(|(place, object)| {
            let why = reasons.get(&place).cloned();
            let why = why.unwrap_or_else(|| why_not(edit, object));
            change(Action::Leave, object, Some(why))
        })
        .collect();
    (changes, unused)
}

fn change(action: Action, object: &Object<'_>, why: Option<String>) -> Change {
    let certificate = object.certificate();
    Change {
        action,
        kind: if certificate.is_some() {
            SectionKind::Certificate.words()
        } else {
            object.section.kind().words()
        },
        subject: certificate.map(|certificate| certificate.subject().to_string()),
        sha256: certificate.map(crate::model::Certificate::sha256),
        source: object.document.source().name().to_owned(),
        index: object.index,
        lines: object.section.lines(),
        why,
    }
}

/// Why something that is not a certificate of the chain is left out.
fn why_not(edit: &Edit<'_, '_>, object: &Object<'_>) -> String {
    let kind = object.section.kind();
    let source = object.document.source().name();
    if object.section.der().is_none()
        || (object.private_key().is_none() && object.problem().is_some())
    {
        return format!("damaged: it cannot be read, and stays in {source}");
    }
    if kind.is_private_key() {
        let name = edit.server.name();
        return if edit.is_own(object) {
            format!("left out: {name} reads its key from a separate file; it stays in {source}")
        } else {
            // Copying a key would make a second place where it can be stolen.
            format!("certcheck does not copy a key into another file; it stays in {source}")
        };
    }
    match kind {
        SectionKind::Pkcs7 | SectionKind::Pkcs12 | SectionKind::Jks => {
            "a container, which no server reads from this file".to_owned()
        }
        kind => format!("{} is not part of a chain", kind.with_article()),
    }
}

/// Why something is in a new place.
fn why_here(edit: &Edit<'_, '_>, index: usize, object: &Object<'_>) -> String {
    if object.certificate().is_none() {
        return "moved".to_owned();
    }
    let before = edit.sections.get(..index).unwrap_or_default().iter().rev();
    let below = before
        .filter_map(|place| edit.get(*place)?.certificate())
        .find(|below| {
            object
                .certificate()
                .is_some_and(|certificate| certificate.subject().matches(&below.issuer()))
        });
    match below {
        Some(below) => format!("the issuer of {}", below.subject()),
        None => "belongs to the chain".to_owned(),
    }
}

/// The longest increasing subsequence of `numbers`: the sections that can stay in place.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    // For each length, the place of the smallest number that ends such a subsequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers.get(*end) < Some(number));
        before.push(
            length
                .checked_sub(1)
                .and_then(|line| ends.get(line))
                .copied(),
        );
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut found = Vec::with_capacity(ends.len());
    let mut place = ends.last().copied();
    while let Some(at) = place {
        found.extend(numbers.get(at));
        place = before.get(at).copied().flatten();
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn what_need_not_be_moved() {
        assert_eq!(longest_rising(&[2, 1, 0]).len(), 1);
        assert_eq!(longest_rising(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(longest_rising(&[0, 4, 1, 2, 5]), [0, 1, 2, 5]);
        assert!(longest_rising(&[]).is_empty());
    }
}
