//! `location`: which expressions compile, and which blocks may contain which
//! (`ngx_http_core_location`, `ngx_http_add_location`, `ngx_http_join_exact_locations`).
//! Measured: nginx 1.22.1.

use super::super::shown;
use super::regex::{self, Answer};
use std::collections::HashSet;

/// How many names of one block are remembered.
const MOST: usize = 4096;

/// What a location matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Exact,
    Prefix,
    Expression,
    Named,
}

/// A block that is open.
#[derive(Debug, Default)]
struct Block {
    /// What it matches, if it is a location.
    own: Option<(Kind, String)>,
    /// The locations in it.
    inside: HashSet<(Kind, String)>,
}

/// PCRE's message about an expression that it certainly refuses.
pub(super) fn expression(pattern: &str) -> Option<String> {
    match regex::compile(pattern) {
        Answer::Refused(why) => Some(format!(
            "pcre2_compile() failed: {why} in \"{}\"",
            shown(pattern)
        )),
        _ => None,
    }
}

/// The open blocks, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Locations {
    open: Vec<Block>,
}

/// What a location's words mean: a modifier, perhaps without a blank after it, and a name.
fn read(arguments: &[String]) -> Result<(Kind, String), String> {
    let kind = |modifier: &str| match modifier {
        "=" => Some(Kind::Exact),
        "^~" => Some(Kind::Prefix),
        "~" | "~*" => Some(Kind::Expression),
        _ => None,
    };
    match arguments {
        [modifier, name] => match kind(modifier) {
            Some(kind) => Ok((kind, name.clone())),
            None => Err(format!("invalid location modifier \"{}\"", shown(modifier))),
        },
        [name] => {
            let glued = ["=", "^~", "~*", "~"]
                .iter()
                .find_map(|start| Some((kind(start)?, name.strip_prefix(start)?)));
            Ok(match glued {
                Some((kind, rest)) => (kind, rest.to_owned()),
                None if name.starts_with('@') => (Kind::Named, name.clone()),
                None => (Kind::Prefix, name.clone()),
            })
        }
        _ => Ok((Kind::Named, String::new())),
    }
}

impl Locations {
    /// Begins a location; returns nginx's message if it refuses it.
    pub(super) fn open(&mut self, arguments: &[String]) -> Option<String> {
        let own = match read(arguments) {
            Ok(own) => own,
            Err(message) => {
                self.open_other();
                return Some(message);
            }
        };
        let message = self.refuses(&own);
        self.open.push(Block {
            own: Some(own),
            inside: HashSet::new(),
        });
        message
    }

    /// Begins another block.
    pub(super) fn open_other(&mut self) {
        self.open.push(Block::default());
    }

    pub(super) fn close(&mut self) {
        let _ = self.open.pop();
    }

    fn refuses(&mut self, own: &(Kind, String)) -> Option<String> {
        let (kind, name) = own;
        if *kind == Kind::Expression {
            return expression(name);
        }
        let around = self.open.last_mut()?;
        let inner = shown(name);
        if let Some((of, outer)) = &around.own {
            let shown = shown(outer);
            match of {
                Kind::Exact => {
                    return Some(format!(
                        "location \"{inner}\" cannot be inside the exact location \"{shown}\""
                    ));
                }
                Kind::Named => {
                    return Some(format!(
                        "location \"{inner}\" cannot be inside the named location \"{shown}\""
                    ));
                }
                _ if *kind == Kind::Named => {
                    return Some(format!(
                        "named location \"{inner}\" can be on the server level only"
                    ));
                }
                Kind::Prefix if !name.starts_with(outer.as_str()) => {
                    return Some(format!(
                        "location \"{inner}\" is outside location \"{shown}\""
                    ));
                }
                _ => {}
            }
        }
        if *kind == Kind::Named || around.inside.len() >= MOST {
            return None;
        }
        (!around.inside.insert(own.clone())).then(|| format!("duplicate location \"{inner}\""))
    }
}
