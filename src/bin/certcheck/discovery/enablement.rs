//! Which units of systemd start with the machine.
//!
//! An enabled unit has a link in the `.wants` or `.requires` directory of a target
//! (systemd.unit(5), [Install]), unless it is masked. In a tree where no unit has such a link, such
//! as a container image, nothing is known.

use super::{UNIT_DIRECTORIES, UNITS, of_unit};
use crate::tree::Tree;
use certcheck::command::doctor::Starts;
use certcheck::server::settings::Looked;
use std::collections::{HashMap, HashSet};
use std::path::Path;

pub(super) struct Enablement {
    /// The names of the units that some target wants.
    wanted: HashSet<String>,
}

impl Enablement {
    pub(super) fn of(tree: &Tree) -> Self {
        let list = |path: &str| match tree.glance(path) {
            Looked::Directory(names) => names,
            _ => Vec::new(),
        };
        let mut wanted = HashSet::new();
        for directory in UNIT_DIRECTORIES {
            for target in list(directory) {
                if target.ends_with(".wants") || target.ends_with(".requires") {
                    wanted.extend(list(&format!("{directory}/{target}")));
                }
            }
        }
        Self { wanted }
    }

    /// What is known about each server that has a unit.
    pub(super) fn servers(&self, tree: &Tree) -> HashMap<&'static str, Starts> {
        let mut all = HashMap::new();
        for name in UNITS {
            let Some(server) = of_unit(name) else {
                continue;
            };
            let unit = format!("{name}.service");
            let is_there = |directory: &&str| {
                matches!(tree.glance(&format!("{directory}/{unit}")), Looked::Read(_))
            };
            if !UNIT_DIRECTORIES.iter().any(is_there) {
                continue;
            }
            let starts = if self.wanted.is_empty() {
                Starts::Unknown
            } else if self.wanted.contains(&unit) && !is_masked(&unit, tree) {
                Starts::WithTheMachine
            } else {
                Starts::No
            };
            // Of two units of one server, the one that is enabled counts.
            let known = all.entry(server.name()).or_insert(starts);
            if starts == Starts::WithTheMachine {
                *known = starts;
            }
        }
        all
    }
}

/// Whether the first directory that has the unit masks it, by a link to /dev/null or an empty file
/// (systemd.unit(5)).
fn is_masked(unit: &str, tree: &Tree) -> bool {
    for directory in UNIT_DIRECTORIES {
        let path = format!("{directory}/{unit}");
        if tree
            .link(&path)
            .is_some_and(|to| to == Path::new("/dev/null"))
        {
            return true;
        }
        match tree.glance(&path) {
            Looked::Read(source) => return source.bytes().is_empty(),
            Looked::Missing => {}
            _ => return false,
        }
    }
    false
}
