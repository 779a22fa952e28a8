//! TLS to other servers: `proxy_ssl_…`, `grpc_ssl_…`, `uwsgi_ssl_…`.
//!
//! nginx loads what they name if a `…_pass` of the same block speaks TLS, with what the enclosing
//! blocks hand down, even from later lines. So every block is kept with its enclosing one, and
//! judged after all are read.

use super::super::openssl::refuses_ciphers;
use super::super::{Context, Settings, path, shown};
use super::TEST;
use super::listen::Module;
use super::servers;
use super::tls::command;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// The families of directives.
const FAMILIES: &[&str] = &["proxy", "grpc", "uwsgi"];

/// How many blocks of one file may have their own settings.
const MOST: usize = 65_536;

/// How many settings one block has: each once, and OpenSSL commands.
const MOST_SETTINGS: usize = 256;

/// One directive of a family.
#[derive(Debug)]
struct Set {
    family: &'static str,
    /// `verify` of `proxy_ssl_verify`.
    what: String,
    arguments: Vec<String>,
    line: usize,
}

/// The settings of a block with all that is handed down to it.
type Merged = BTreeMap<(&'static str, String), Vec<Rc<Set>>>;

#[derive(Default)]
struct Block {
    around: usize,
    /// The families that speak TLS here.
    passes: Vec<&'static str>,
    own: Vec<Rc<Set>>,
    stream: bool,
}

/// All blocks that are or were open.
pub(super) struct Upstreams {
    blocks: Vec<Block>,
    /// Where the open blocks are in `blocks`.
    open: Vec<usize>,
}

impl Default for Upstreams {
    fn default() -> Self {
        Self {
            blocks: vec![Block::default()],
            open: vec![0],
        }
    }
}

impl Upstreams {
    /// A block begins; a server of stream speaks TLS by a setting, possibly an inherited one.
    pub(super) fn open(&mut self, stream_server: bool) {
        // Its entry is created when a line needs it.
        self.open.push(usize::MAX);
        if stream_server && let Some(block) = self.here() {
            block.stream = true;
        }
    }

    pub(super) fn close(&mut self) {
        if self.open.len() > 1 {
            self.open.pop();
        }
    }

    /// The innermost open block.
    fn here(&mut self) -> Option<&mut Block> {
        let last = self.open.iter().rposition(|&place| place != usize::MAX)?;
        let (known, new) = self.open.split_at_mut(last + 1);
        let mut around = known.last().copied()?;
        for place in new {
            if self.blocks.len() >= MOST {
                return None;
            }
            *place = self.blocks.len();
            self.blocks.push(Block {
                around,
                ..Block::default()
            });
            around = *place;
        }
        self.blocks.get_mut(around)
    }

    /// A directive of the innermost block.
    pub(super) fn directive(
        &mut self,
        name: &str,
        arguments: &[String],
        (within, line): (&str, usize),
        context: &Context<'_>,
        settings: &mut Settings,
    ) {
        let parts = FAMILIES.iter().find_map(|&family| {
            let rest = name.strip_prefix(family)?;
            Some((family, rest))
        });
        let Some((family, rest)) = parts else { return };
        let value = arguments.first().map_or("", String::as_str);
        let stream = Module::of(within) == Module::Stream;
        let set = match rest {
            // A variable may mean any scheme: then nginx is ready for TLS.
            "_pass" if stream => return,
            "_pass" => {
                let speaks = value.contains('$')
                    || ["https://", "grpcs://", "suwsgi://"].iter().any(|scheme| {
                        value
                            .get(..scheme.len())
                            .is_some_and(|value| value.eq_ignore_ascii_case(scheme))
                    });
                if !speaks {
                    return;
                }
                None
            }
            "_ssl" => Some("on"),
            _ => match rest.strip_prefix("_ssl_") {
                Some(what) => Some(what),
                None => return,
            },
        };
        // nginx reads the file when it reads the line.
        if set == Some("password_file") {
            let file = path::join(context.base, value);
            if let Some(bytes) = settings.demanded(context, name, &file, line) {
                servers::password_lines(name, &file, bytes, line, settings);
            }
            return;
        }
        let block = self.here().filter(|block| block.own.len() < MOST_SETTINGS);
        let Some(block) = block else {
            let reason = "certcheck does not check so many settings for upstream servers";
            settings.not_judged(name, reason, line);
            return;
        };
        match set {
            None => block.passes.push(family),
            Some(what) => block.own.push(Rc::new(Set {
                family,
                what: what.to_owned(),
                arguments: arguments.to_vec(),
                line,
            })),
        }
    }

    /// What nginx loads, and its messages.
    pub(super) fn judge(self, context: &Context<'_>, settings: &mut Settings) {
        let mut merged: Vec<Rc<Merged>> = Vec::with_capacity(self.blocks.len());
        let mut judged = HashSet::new();
        for block in &self.blocks {
            let around = merged.get(block.around).cloned().unwrap_or_default();
            let all = if block.own.is_empty() {
                around
            } else {
                Rc::new(block.over(&around))
            };
            for &family in FAMILIES {
                let passes = block.passes.contains(&family);
                let on = all.get(&(family, "on".to_owned()));
                let on = on
                    .and_then(|sets| sets.last())
                    .is_some_and(|set| is_on(set));
                // Blocks inside may switch it off; what is loaded here is loaded anyway.
                if (passes || (block.stream && on)) && judged.insert((Rc::as_ptr(&all), family)) {
                    load(family, &all, context, settings);
                }
            }
            merged.push(all);
        }
    }
}

impl Block {
    fn over(&self, around: &Merged) -> Merged {
        let mut all = around.clone();
        let mut own = HashSet::new();
        for set in &self.own {
            let key = (set.family, set.what.clone());
            let sets = all.entry(key.clone()).or_default();
            // The first one in a block replaces the inherited ones.
            if own.insert(key) {
                sets.clear();
            }
            sets.push(Rc::clone(set));
        }
        all
    }
}

fn is_on(set: &Set) -> bool {
    set.arguments
        .first()
        .is_some_and(|argument| argument.eq_ignore_ascii_case("on"))
}

/// `ngx_http_proxy_set_ssl`
fn load(family: &str, all: &Merged, context: &Context<'_>, settings: &mut Settings) {
    let sets = |what: &str| {
        let found = all.iter().find(|((of, it), _)| *of == family && it == what);
        found.map_or(&[][..], |(_, sets)| sets.as_slice())
    };
    let value = |what: &str| {
        let set = sets(what).last()?;
        Some((set.arguments.first().map_or("", String::as_str), set.line))
    };
    let name = |what: &str| format!("{family}_ssl_{what}");
    if let Some((ciphers, line)) = value("ciphers")
        && refuses_ciphers(ciphers)
    {
        let message = format!(
            "SSL_CTX_set_cipher_list(\"{}\") failed: no cipher match",
            shown(ciphers)
        );
        settings.refuse_at(&name("ciphers"), &message, TEST, line);
    }
    if let Some((certificate, line)) = value("certificate") {
        match value("certificate_key") {
            None => {
                let message = format!(
                    "no \"{}\" is defined for certificate \"{}\"",
                    name("certificate_key"),
                    shown(&path::join(context.base, certificate))
                );
                settings.refuse_at(&name("certificate"), &message, TEST, line);
            }
            Some((key, _)) if certificate.contains('$') || key.contains('$') => {}
            Some((key, key_line)) => {
                let mut there = true;
                for (what, value, line) in [
                    ("certificate", certificate, line),
                    ("certificate_key", key, key_line),
                ] {
                    let elsewhere = ["data:", "engine:", "store:"];
                    if !elsewhere.iter().any(|prefix| value.starts_with(prefix)) {
                        let file = path::join(context.base, value);
                        let found = settings.demanded(context, &name(what), &file, line);
                        there &= found.is_some();
                    }
                }
                if there {
                    let reason = "certcheck does not judge the certificate for upstream servers";
                    settings.not_judged(&name("certificate"), reason, line);
                }
            }
        }
    }
    if sets("verify").last().is_some_and(|set| is_on(set)) {
        let line = value("verify").map_or(1, |(_, line)| line);
        match value("trusted_certificate").filter(|(file, _)| !file.is_empty()) {
            None => {
                let message = format!("no {} for {}", name("trusted_certificate"), name("verify"));
                settings.refuse_at(&name("verify"), &message, TEST, line);
            }
            Some((file, line)) => {
                let file = path::join(context.base, file);
                let name = name("trusted_certificate");
                let _ = settings.authorities(context, &name, &file, line);
            }
        }
        if let Some((file, line)) = value("crl").filter(|(file, _)| !file.is_empty()) {
            let file = path::join(context.base, file);
            settings.lists(context, &name("crl"), &file, line);
        }
    }
    for set in sets("conf_command") {
        command(
            &name("conf_command"),
            &set.arguments,
            (false, set.line),
            settings,
        );
    }
}
