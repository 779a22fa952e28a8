//! The lines that begin with a period: `.if` and its branches, `.alert` and the like.

use super::super::shown;
use super::Reader;
use super::condition::{Branch, Surroundings, Truth, evaluate};

/// `MAXNESTEDCONDS` of 2.6.
const MOST_NESTED: usize = 1024;

impl Reader<'_, '_> {
    pub(super) fn conditional(&mut self, keyword: &str, arguments: &[String], number: usize) {
        if keyword != ".if" && self.branches.is_empty() {
            let message = format!("lone '{keyword}' with no matching '.if'");
            self.refuse(keyword, &message, number);
            return;
        }
        if matches!(keyword, ".else" | ".endif") && !arguments.is_empty() {
            let message = format!("Unexpected argument for '{keyword}'.");
            self.refuse(keyword, &message, number);
        }
        if keyword == ".endif" {
            let _ = self.branches.pop();
            return;
        }
        let hidden = self.hidden();
        if keyword == ".if" {
            if self.branches.len() >= MOST_NESTED {
                self.refuse(keyword, "too many nested '.if'", number);
                return;
            }
            // HAProxy does not even parse a branch that is not taken.
            let (truth, assumed) = if hidden {
                (Truth::No, false)
            } else {
                self.evaluated(keyword, arguments, number)
            };
            self.branches.push(Branch::open(truth, assumed, number));
            return;
        }
        let outside = self.branches.len().saturating_sub(1);
        let outer = self.branches.iter().take(outside);
        let covered = outer.into_iter().any(|outer| outer.now == Truth::No);
        let (last, goes_on) = self
            .branches
            .last()
            .map_or((false, false), |branch| (branch.last, branch.goes_on()));
        if last {
            let message = format!("'{keyword}' after '.else' is not permitted.");
            self.refuse(keyword, &message, number);
        }
        let (truth, assumed) = match keyword {
            ".else" => (Truth::Yes, true),
            _ if covered || !goes_on => (Truth::No, false),
            _ => self.evaluated(keyword, arguments, number),
        };
        if let Some(branch) = self.branches.last_mut() {
            branch.last |= keyword == ".else";
            branch.otherwise(truth, assumed);
        }
    }

    /// What is known about a condition, and its result if variables that nothing sets have no
    /// value.
    fn evaluated(&mut self, keyword: &str, arguments: &[String], number: usize) -> (Truth, bool) {
        let variable = |name: &str| self.environment.get(name).map(String::as_str);
        // If an environment was given, a variable that it lacks is unset.
        let given = !self.context.environment.is_empty();
        let absent = |name: &str| given || self.removed.contains(name);
        let text = arguments.join(" ");
        let with = |absent: &dyn Fn(&str) -> bool| {
            let around = Surroundings {
                variable: &variable,
                absent,
            };
            evaluate(&text, &around)
        };
        match with(&absent) {
            Ok(Truth::Unknown) => (Truth::Unknown, with(&|_| true) == Ok(Truth::Yes)),
            Ok(truth) => (truth, truth == Truth::Yes),
            Err(problem) => {
                self.refuse(keyword, &format!("{problem} in '{keyword}'"), number);
                (Truth::Unknown, false)
            }
        }
    }

    /// `.alert`, `.notice` and the like.
    pub(super) fn spoken(&mut self, keyword: &str, arguments: &[String], number: usize) {
        match keyword {
            ".alert" | ".notice" | ".warning" | ".diag" if arguments.len() > 1 => {
                let message = format!(
                    "Unexpected argument for '{keyword}'. Use quotes if the message should contain spaces."
                );
                self.refuse(keyword, &message, number);
            }
            ".alert" => self.refuse(keyword, "the file itself stops HAProxy here", number),
            ".notice" | ".warning" | ".diag" => {}
            _ => {
                let message = format!("unknown directive '{}'", shown(keyword));
                self.refuse(keyword, &message, number);
            }
        }
    }
}
