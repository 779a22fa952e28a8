//! What the page asks.
//!
//! ```json
//! {"ask": "preflight", "at": 1796083200, "server": "nginx", "clients": ["go"],
//!  "hosts": ["www.example.com"], "passphrase": "…", "protocols": "…",
//!  "files": [{"role": "certificate", "name": "server.crt", "base64": "…"}]}
//! ```
//! `role` is `certificate`, `key`, `chain`, `anchors` or `settings`. The other questions are `lists`,
//! `{"ask": "protocols", "dialect", "text"}` and `{"ask": "ciphers", "dialect", "text"}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use certcheck::answer::Answer;
use certcheck::cipher::{CipherDialect, SecurityLevel};
use certcheck::client::Client;
use certcheck::command;
use certcheck::encoding::Document;
use certcheck::model::Passphrase;
use certcheck::preflight::{Found, Preflight};
use certcheck::protocol::{Dialect, Environment, ProtocolString};
use certcheck::report::json::Reportable;
use certcheck::report::{Outline, html};
use certcheck::server::Profile;
use certcheck::server::settings::{Context, Looked, Looks, Settings};
use certcheck::trust_store::Anchors;
use certcheck::{Source, Time};
use serde_json::{Value, json};

type Answered = Result<Value, String>;

pub(crate) fn answer(question: &[u8]) -> Answered {
    let question: Value =
        serde_json::from_slice(question).map_err(|error| format!("the question: {error}"))?;
    let at = || {
        let seconds = question.get("at").and_then(Value::as_i64);
        seconds.map(Time::from_unix_seconds).ok_or("no time")
    };
    match text(&question, "ask") {
        "lists" => Ok(lists()),
        "protocols" => {
            let name = text(&question, "dialect");
            let dialect: Dialect = name.parse().map_err(|_| unknown("program", name))?;
            let string = ProtocolString::parse(dialect, text(&question, "text"));
            let environment = Environment::default_for(dialect);
            let answer = command::protocols::string(&string, &environment, None, None);
            Ok(reported(&answer, at()?))
        }
        "ciphers" => {
            let name = text(&question, "dialect");
            let dialect: CipherDialect = name.parse().map_err(|_| unknown("program", name))?;
            let level = SecurityLevel::DEBIAN;
            let answer = command::ciphers::ciphers(text(&question, "text"), dialect, level);
            Ok(reported(&answer, at()?))
        }
        "preflight" => preflight(&question, at()?),
        other => Err(unknown("question", other)),
    }
}

fn lists() -> Value {
    let servers: Vec<_> = Profile::all().map(|server| server.name()).collect();
    let clients: Vec<_> = Client::ALL.iter().map(|client| client.name()).collect();
    let dialects: Vec<_> = Dialect::ALL
        .iter()
        .map(|dialect| dialect.as_str())
        .collect();
    let ciphers: Vec<_> = CipherDialect::ALL
        .iter()
        .map(|dialect| dialect.as_str())
        .collect();
    json!({
        "servers": servers,
        "clients": clients,
        "protocols": dialects,
        "ciphers": ciphers,
        "version": env!("CARGO_PKG_VERSION"),
    })
}

fn preflight(question: &Value, at: Time) -> Answered {
    let name = text(question, "server");
    let server = Profile::named(name).ok_or_else(|| unknown("server", name))?;
    let mut preflight = Preflight::new(server, at);
    let (mut anchors, mut chain, mut configured) = (None::<Anchors>, Vec::new(), None);
    for file in list(question, "files") {
        let name = text(file, "name");
        let bytes = STANDARD
            .decode(text(file, "base64"))
            .map_err(|error| format!("{name}: {error}"))?;
        let source = Source::new(name, bytes.clone());
        preflight = match text(file, "role") {
            "certificate" => {
                chain.push(Document::read(Source::new(name, bytes)));
                preflight.certificate_file(source)
            }
            "key" => preflight.key_file(source),
            "chain" => {
                chain.push(Document::read(Source::new(name, bytes)));
                preflight.chain_file(source)
            }
            "anchors" => {
                anchors.get_or_insert_default().add_file(source);
                preflight
            }
            "settings" => {
                configured = Some(source);
                preflight
            }
            other => return Err(unknown("role", other)),
        };
    }
    if chain.is_empty() {
        return Err("Give a certificate first.".to_owned());
    }
    for name in words(question, "clients") {
        let client = Client::named(name).ok_or_else(|| unknown("client", name))?;
        preflight = preflight.client(client);
    }
    for name in words(question, "hosts") {
        let host = name.parse().map_err(|_| unknown("host name", name))?;
        preflight = preflight.host(host);
    }
    let protocols = text(question, "protocols");
    if !protocols.is_empty() {
        preflight = preflight.protocols(protocols);
    }
    let passphrase = text(question, "passphrase");
    if !passphrase.is_empty() {
        preflight = preflight.passphrase(Passphrase::new(passphrase));
    }
    if let Some(source) = configured {
        let settings = settings(server, &source)?;
        preflight = preflight.settings(source.name(), settings);
        for path in preflight.questions() {
            preflight = preflight.found(path, Found::Unreadable(ABSENT.to_owned()));
        }
    }
    let fixed = fixed(&chain, server, anchors.as_ref(), at);
    if let Some(anchors) = anchors {
        preflight = preflight.anchors(anchors);
    }
    let mut report = reported(&preflight.run(), at);
    if let (Some(fixed), Some(report)) = (fixed, report.as_object_mut()) {
        report.insert("fixed".to_owned(), fixed);
    }
    Ok(report)
}

/// Why a file that settings name is not looked at: what depends on it is undecided.
const ABSENT: &str = "the page has only the files that you give it";

/// The settings of one file, with nothing that they include.
fn settings(server: &'static Profile, source: &Source) -> Result<Settings, String> {
    let (context, mut looks) = (Context::at(""), Looks::new());
    // What is not there includes nothing: the second reading is complete.
    for _ in 0..2 {
        let read = Settings::read(server, source, &context.with_looked(&looks));
        let wanted = read.map(|settings| settings.wanted).unwrap_or_default();
        for path in wanted {
            looks.insert(path, Looked::Unreadable(ABSENT.to_owned()));
        }
    }
    Settings::read(server, source, &context.with_looked(&looks))
        .ok_or_else(|| format!("certcheck reads no settings of {}", server.name()))
}

/// The corrected chain, if an edit is needed and no private key is in it.
fn fixed(
    chain: &[Document],
    server: &'static Profile,
    anchors: Option<&Anchors>,
    at: Time,
) -> Option<Value> {
    let fix = command::chain::fix(chain, server, anchors, at)?;
    let bytes = fix.secret_bytes();
    let same = chain.len() == 1 && chain.first()?.source().bytes() == bytes;
    let text = std::str::from_utf8(bytes).ok()?;
    (!same && !fix.is_secret()).then(|| json!(text))
}

fn reported<T: Reportable>(answer: &Answer<T>, at: Time) -> Value {
    json!({
        "verdict": answer.verdict().as_str(),
        "html": html(&Outline::of(answer, at)),
    })
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn words<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    let words = list(value, name).iter().filter_map(Value::as_str);
    words.filter(|word| !word.is_empty())
}

fn unknown(what: &str, name: &str) -> String {
    format!("unknown {what}: {name:?}")
}
