//! For each clause of path validation one path that keeps it and one that
//! breaks it, and nothing else: RFC 5280 6.1 and 6.3, RFC 3279, RFC 9618.
//!
//! The sections of NIST PKITS that test the same clause stand beside it. The
//! cases are made here; none is NIST's.

mod basics;
mod case;
mod constraints;
use crate::dsa_keys;
mod lists;
mod names;
use crate::pki;
mod points;
mod policies;

use case::Clause;
use std::collections::BTreeSet;

/// As many clauses as there are at least: a table that is lost fails.
const LEAST: usize = 100;

fn clauses() -> Vec<Clause> {
    [
        basics::clauses(),
        names::clauses(),
        constraints::clauses(),
        policies::clauses(),
        lists::clauses(),
        points::clauses(),
    ]
    .concat()
}

#[test]
fn each_clause_has_one_good_and_one_bad_path() {
    let clauses = clauses();
    let mut wrong = Vec::new();
    for it in &clauses {
        let found = (it.good)().judge();
        if !found.valid {
            let line = format!("{}: good, but refused: {:?}", it.title(), found.reasons);
            wrong.push(line);
        }
        let found = (it.bad)().judge();
        if found.valid || !found.reasons.iter().any(|each| it.why.is(&each.reason)) {
            let line = format!(
                "{}: bad, but {:?} and not {:?}",
                it.title(),
                found.reasons,
                it.why
            );
            wrong.push(line);
        }
    }
    println!("{} clauses, a good and a bad path each", clauses.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(clauses.len() >= LEAST, "only {} clauses", clauses.len());
    let titles: BTreeSet<_> = clauses.iter().map(Clause::title).collect();
    assert_eq!(titles.len(), clauses.len(), "a clause stands twice");
}

/// Every section of PKITS stands beside a clause.
#[test]
fn every_section_of_pkits_has_its_clauses() {
    let sections: BTreeSet<u32> = clauses()
        .iter()
        .filter_map(|clause| {
            clause
                .pkits
                .strip_prefix("4.")?
                .split('.')
                .next()?
                .parse()
                .ok()
        })
        .collect();
    assert_eq!(sections, (1..=16).collect());
}
