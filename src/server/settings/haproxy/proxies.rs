//! Properties of a whole proxy, which are known only at its end: its mode, whether it
//! is disabled, and rules that may end connections. Measured: HAProxy 2.6.12.

use super::super::{Scope, Settings, shown};
use super::line::{microseconds, placed};
use super::{Reader, TEST, spots};
use crate::handshake::{Closes, Whom};
use crate::server::versions::rules;
use crate::source::Lines;

/// The settings of a proxy section or a `defaults`.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxy {
    http: bool,
    disabled: bool,
    /// Whether it starts from a `defaults` other than the last one.
    from: bool,
    binds: usize,
    tls: bool,
    /// `proto` of its `bind` lines.
    protocols: Vec<(String, String, usize)>,
    /// Rules that may end a connection.
    rules: Vec<(String, usize)>,
    /// `tcp-request connection expect-proxy`: connections begin with a header of the PROXY
    /// protocol.
    expects_header: Option<usize>,
    /// `timeout client` of less than a second. 0 means none.
    hurries: Option<usize>,
}

/// All proxies of all files.
#[derive(Debug, Default)]
pub(super) struct Proxies {
    /// The last `defaults`.
    defaults: Proxy,
    /// The one being read, and its section; `None` outside a section.
    now: Option<(String, Proxy)>,
    /// How many proxies with `bind` lines are off, and how many are on.
    off: usize,
    on: usize,
    /// The first that is off.
    off_at: Option<usize>,
}

/// Actions of a rule that end a client's connection.
const ENDS: &[&str] = &["reject", "silent-drop"];

impl Proxies {
    /// A section begins: the previous one is complete.
    pub(super) fn begin(&mut self, section: &str, arguments: &[String], settings: &mut Settings) {
        self.close(settings);
        let kind = section.split(' ').next().unwrap_or_default();
        let from = arguments.iter().any(|word| word == "from");
        self.now = match kind {
            "defaults" => Some((section.to_owned(), Proxy::default())),
            "frontend" | "listen" | "backend" => Some((
                section.to_owned(),
                Proxy {
                    from,
                    ..self.defaults.clone()
                },
            )),
            _ => None,
        };
    }

    /// A line of the section.
    pub(super) fn line(&mut self, keyword: &str, arguments: &[String], number: usize) {
        let Some((_, proxy)) = &mut self.now else {
            return;
        };
        let word = |place: usize| arguments.get(place).map_or("", String::as_str);
        match keyword {
            "mode" => proxy.http = word(0) == "http",
            "timeout" if word(0) == "client" => {
                let time = microseconds(word(1)).unwrap_or_default();
                proxy.hurries = (1..1_000_000).contains(&time).then_some(number);
            }
            "disabled" => proxy.disabled = true,
            "enabled" => proxy.disabled = false,
            "bind" => {
                proxy.binds += 1;
                proxy.tls |= arguments.iter().any(|word| word == "ssl");
                let mut words = arguments.iter();
                if words.any(|word| word == "proto")
                    && let Some(name) = words.next()
                {
                    let bind = word(0).to_owned();
                    proxy.protocols.push((bind, name.clone(), number));
                }
            }
            "tcp-request" if word(0) == "connection" && word(1) == "expect-proxy" => {
                proxy.expects_header.get_or_insert(number);
            }
            "tcp-request" if ENDS.contains(&word(1)) => {
                proxy.rules.push((format!("{keyword} {}", word(0)), number));
            }
            // Without a condition, every request ends this way.
            "http-request"
                if ENDS.contains(&word(0))
                    || matches!(word(0), "deny" | "tarpit")
                        && !arguments
                            .iter()
                            .any(|word| word == "if" || word == "unless") =>
            {
                proxy.rules.push((keyword.to_owned(), number));
            }
            _ => {}
        }
    }

    fn close(&mut self, settings: &mut Settings) {
        let Some((section, proxy)) = self.now.take() else {
            return;
        };
        if section.starts_with("defaults") {
            self.defaults = proxy;
            return;
        }
        if proxy.binds == 0 {
            return;
        }
        if proxy.disabled {
            self.off += 1;
            let prefix = format!("{} bind ", shown(&section));
            let of = |name: &str| name.starts_with(&prefix);
            let scopes = &settings.scopes;
            let at = scopes.iter().find(|scope| of(&scope.name));
            let line = at
                .and_then(|scope| scope.lines)
                .map_or(1, |lines| lines.first);
            self.off_at.get_or_insert(line);
            // The last one stays, so that the refusal has a place to refer to.
            if self.on > 0 {
                settings.scopes.retain(|scope| !of(&scope.name));
            }
            return;
        }
        self.on += 1;
        // Since 2.8 `h2,http/1.1` is the default of an HTTP proxy (measured: 2.2 and 2.6 offer
        // nothing, 3.0 and 3.2 offer it, and none offers it in `mode tcp`).
        if proxy.http {
            let by_default = settings.has_version("2.8");
            let prefix = format!("{} bind ", shown(&section));
            let mut first = None;
            for scope in &mut settings.scopes {
                let says = scope.written.iter().any(|one| one.name == "alpn");
                if scope.name.starts_with(&prefix) && !says {
                    scope.negotiation.http2 |= by_default;
                    first = first.or(scope.lines.filter(|_| scope.tls));
                }
            }
            if let Some(lines) = first {
                settings.depends_on(rules::DEFAULT_ALPN, lines.first);
            }
        }
        if let Some(line) = proxy.expects_header {
            let prefix = format!("{} bind ", shown(&section));
            for scope in &mut settings.scopes {
                if scope.name.starts_with(&prefix) {
                    scope.proxied.get_or_insert(Lines::new(line, line));
                }
            }
        }
        for (bind, name, line) in &proxy.protocols {
            let usable = match (name.as_str(), proxy.http) {
                ("h1" | "h2", http) => http,
                ("none", http) => !http,
                _ => true,
            };
            if proxy.from {
                let reason = "certcheck does not know whether its mode has this protocol";
                settings.not_judged("proto", reason, *line);
            } else if !usable {
                let message = format!(
                    "MUX protocol '{}' is not usable for 'bind {}'",
                    shown(name),
                    shown(bind)
                );
                settings.refuse_at("proto", &message, TEST, *line);
            }
        }
        spoken(&section, &proxy, settings);
        // Measured: with 5 ms it cuts every handshake.
        if let Some(line) = proxy.hurries.filter(|_| proxy.tls) {
            let reason = "HAProxy ends the handshakes of clients that need longer, and certcheck does not know how fast they are";
            settings.not_judged("timeout client", reason, line);
        }
        for (rule, line) in proxy.rules.iter().filter(|_| proxy.tls) {
            let reason = "certcheck does not know which connections this rule ends";
            settings.not_judged(rule, reason, *line);
        }
    }

    fn finish(&mut self, settings: &mut Settings) {
        self.close(settings);
        if self.on == 0
            && let Some(line) = self.off_at
        {
            let message = "No enabled listener found (check for 'bind' directives) ! Exiting.";
            settings.refuse_at("disabled", message, TEST, line);
        }
        spots::shared(settings);
    }
}

/// What a proxy in `mode http` speaks if `proto` fixes it, regardless of ALPN
/// (measured: 2.6.12).
fn spoken(section: &str, proxy: &Proxy, settings: &mut Settings) {
    let prefix = format!("{} bind ", shown(section));
    for (_, name, line) in proxy.protocols.iter().filter(|_| proxy.http && !proxy.from) {
        let mut open = false;
        let of_line = |scope: &&mut Scope| {
            let at = scope.lines.is_some_and(|lines| lines.first == *line);
            at && scope.tls && scope.name.starts_with(&prefix)
        };
        for scope in settings.scopes.iter_mut().filter(of_line) {
            let negotiation = &mut scope.negotiation;
            match name.as_str() {
                "h1" => negotiation.closes = Some(Closes::new("proto h1", Whom::Http2)),
                "h2" if !negotiation.http2 => {
                    negotiation.closes = Some(Closes::new("proto h2", Whom::All));
                }
                "h2" => {
                    let unread = &mut negotiation.not_interpreted;
                    *unread = unread.take().or_else(|| placed("proto", *line));
                    open = true;
                }
                _ => {}
            }
        }
        if open {
            let reason = "only clients that choose HTTP/2 get an answer, and certcheck does not know all of these";
            settings.not_judged("proto", reason, *line);
        }
    }
}

impl Reader<'_, '_> {
    /// Called at the end of all files.
    pub(super) fn finish_proxies(&mut self) {
        self.proxies.finish(self.settings);
        spots::look_up(self.context, self.settings);
    }
}
