//! Settings as servers read them: against what TabPy did with each of 78
//! files, and against what stands in testdata/settings for the others.
//!
//! `CERTCHECK_BLESS=1` writes the expectations anew; read the difference.

use certcheck::Lines;
use certcheck::Source;
use certcheck::model::Passphrase;
use certcheck::rule::{self, ConfigFact};
use certcheck::server::Profile;
use certcheck::server::passwords::{PasswordAnswer, PasswordFile};
use certcheck::server::settings::{Context, Scope, Settings};
use std::fmt::Write;
use std::path::Path;

/// A case of a `.cases` file: a heading, lines about the surroundings, and
/// parts behind `---`. `‹0D›` is the byte 0D.
struct Case {
    name: String,
    surroundings: Vec<String>,
    parts: Vec<(String, String)>,
}

impl Case {
    fn part(&self, name: &str) -> Option<&str> {
        let (_, text) = self.parts.iter().find(|(known, _)| known == name)?;
        Some(text)
    }

    fn words(&self, keyword: &str) -> Vec<&str> {
        self.surroundings
            .iter()
            .filter_map(|line| line.strip_prefix(keyword)?.strip_prefix(' '))
            .collect()
    }

    fn settings(&self, server: &str) -> Settings {
        let pairs = |keyword| -> Vec<(&str, &str)> {
            self.words(keyword)
                .into_iter()
                .map(|word| word.split_once('=').unwrap_or((word, "")))
                .collect()
        };
        let (environment, defines) = (pairs("env"), pairs("define"));
        let base = self.words("base").first().copied().unwrap_or("/base");
        let context = Context::at(base)
            .with_environment(&environment)
            .with_defines(&defines);
        let source = Source::new("settings", bytes(self.part("").unwrap()));
        Settings::read(Profile::named(server).unwrap(), &source, &context).unwrap()
    }
}

fn cases(text: &str) -> Vec<Case> {
    let mut found: Vec<Case> = Vec::new();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(name) = bare.strip_prefix("### ") {
            found.push(Case {
                name: name.to_owned(),
                surroundings: Vec::new(),
                parts: Vec::new(),
            });
            continue;
        }
        let case = found.last_mut().expect("a case has a name");
        if let Some(part) = bare.strip_prefix("---") {
            case.parts.push((part.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = case.parts.last_mut() {
            text.push_str(line);
        } else if !bare.is_empty() {
            case.surroundings.push(bare.to_owned());
        }
    }
    found
}

fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('‹') {
        out.extend(before.bytes());
        let (digits, after) = behind.split_once('›').unwrap();
        out.push(u8::from_str_radix(digits, 16).unwrap());
        rest = after;
    }
    out.extend(rest.bytes());
    out
}

/// What TabPy would do, in the words of the table.
fn tabpy(case: &Case) -> (bool, String) {
    // What was on the machine when the table was made; any other path was missing there.
    const FILES: &[&str] = &[
        "/pki/chain_lm.pem",
        "/pki/leaf.key",
        "/pki/cwd/chain_lm.pem",
        "/pki/cwd/leaf.key",
    ];
    let settings = case.settings("tabpy");
    let refused = |facts: &[(ConfigFact, Lines)]| {
        facts.iter().any(|(fact, _)| {
            matches!(
                fact,
                ConfigFact::Refused(rule::config::Refused { .. })
                    | ConfigFact::PasswordEntry(rule::config::PasswordEntry { .. })
            )
        })
    };
    let Some(scope) = settings.scopes.first() else {
        assert!(refused(&settings.facts), "{}", case.name);
        return (false, String::new());
    };
    let files = scope.certificates.iter().chain(&scope.keys);
    let missing = scope.tls
        && files
            .clone()
            .any(|file| !FILES.contains(&file.path.as_str()));
    let passwords = case
        .part("passwords")
        .map(|text| PasswordFile::read(&Source::new("pwd.txt", bytes(text))));
    let locked_out = match (&scope.passwords, &passwords) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(_), Some(file)) => refused(file.facts()),
    };
    if refused(&settings.facts) || missing || locked_out {
        return (false, String::new());
    }
    let speaks = if scope.tls { "HTTPS" } else { "HTTP (no TLS)" };
    let mut speech = format!("port {}: {speaks}", scope.ports[0].value);
    if let Some(file) = passwords {
        // TabPy folds the case of the user's name, and a password may have blanks in it.
        for (user, password) in [("user1", "pa ss"), ("USER1", "pa ss"), ("user1", "bad")] {
            let answer = match file.check(user, &Passphrase::new(password)) {
                PasswordAnswer::Right => "200",
                _ => "401",
            };
            write!(speech, " {user}:{password}->{answer}").unwrap();
        }
    }
    (true, speech)
}

/// The port, HTTPS or HTTP, and what each password led to.
fn spoken(cell: &str) -> String {
    // The version is the client's choice and not the settings'.
    let mut words = cell.replace(" TLSv1.3", "");
    for (from, to) in [
        (" Basic realm=\"TabPy Server\"", ""),
        (";", ""),
        (" None:None->401", ""),
    ] {
        words = words.replace(from, to);
    }
    match words.find(" enabled:") {
        Some(at) => words[..at].to_owned(),
        None => words,
    }
}

#[test]
fn tabpy_configurations_do_what_tabpy_did() {
    let cases = cases(include_str!("../../testdata/settings/tabpy_config.cases"));
    let rows = include_str!("../../testdata/servers/tabpy_config.tsv")
        .lines()
        .skip(1);
    let (mut compared, mut skipped, mut wrong) = (0, 0, String::new());
    for (case, row) in cases.iter().zip(rows.clone()) {
        let cells: Vec<_> = row.split('\t').collect();
        assert_eq!(case.name, cells[0]);
        if !case.words("skip").is_empty() {
            skipped += 1;
            continue;
        }
        let (starts, speech) = tabpy(case);
        let measured = (cells[1] == "yes", spoken(cells[2]));
        if (starts, speech.clone()) != measured {
            writeln!(
                wrong,
                "{}: {starts} {speech:?}, measured {measured:?}",
                case.name
            )
            .unwrap();
        }
        compared += 1;
    }
    assert_eq!(rows.count(), cases.len());
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!((compared, skipped), (74, 4));
}

fn at(lines: Option<Lines>) -> String {
    match lines {
        Some(lines) if lines.first == lines.last => format!("@{}", lines.first),
        Some(lines) => format!("@{}-{}", lines.first, lines.last),
        None => "@-".to_owned(),
    }
}

fn scope(scope: &Scope, out: &mut String) {
    let tls = if scope.tls { "TLS" } else { "plain" };
    writeln!(out, "{} {} {tls}", scope.name, at(scope.lines)).unwrap();
    let mut line = |text: String| writeln!(out, "  {text}").unwrap();
    for port in &scope.ports {
        line(format!("port {} {}", port.value, at(port.lines)));
    }
    for host in &scope.hosts {
        line(format!("host {} {}", host.value, at(host.lines)));
    }
    let groups = [&scope.certificates, &scope.keys, &scope.ca];
    let single = scope.chain.iter().chain(&scope.passwords);
    for file in groups.into_iter().flatten().chain(single) {
        line(format!("{} {} {}", file.setting, file.path, at(file.lines)));
    }
    if let Some(protocols) = &scope.protocols {
        let global = protocols
            .global
            .as_ref()
            .map_or(String::new(), |global| format!(" global `{global}`"));
        line(format!(
            "protocols {:?} `{}`{global} {}",
            protocols.dialect,
            protocols.string,
            at(protocols.lines)
        ));
    }
    if let Some(auth) = &scope.client_auth {
        line(format!(
            "client certificates {:?} {}",
            auth.value,
            at(auth.lines)
        ));
    }
    if let Some(passphrase) = &scope.passphrase {
        line(format!(
            "passphrase {} {}",
            passphrase.value,
            at(passphrase.lines)
        ));
    }
    if scope.key_first {
        line("key first".to_owned());
    }
}

fn rendered(settings: &Settings) -> String {
    let mut out = String::new();
    for one in &settings.scopes {
        scope(one, &mut out);
    }
    for (fact, lines) in &settings.facts {
        let fields: Vec<_> = fact
            .fields()
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        writeln!(
            out,
            "{} {} {}",
            fact.code(),
            at(Some(*lines)),
            fields.join("; ")
        )
        .unwrap();
    }
    out
}

fn hold(server: &str, least: usize) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/settings/{server}.cases"));
    let text = std::fs::read_to_string(&path).unwrap();
    let cases = cases(&text);
    let bless = std::env::var_os("CERTCHECK_BLESS").is_some();
    let (mut wrong, mut anew) = (String::new(), String::new());
    for case in &cases {
        let found = rendered(&case.settings(server));
        let wanted = case.part("expected").unwrap_or_default();
        if found != wanted {
            writeln!(
                wrong,
                "### {}\n--- found\n{found}--- expected\n{wanted}",
                case.name
            )
            .unwrap();
        }
        writeln!(anew, "### {}", case.name).unwrap();
        for line in &case.surroundings {
            writeln!(anew, "{line}").unwrap();
        }
        write!(anew, "---\n{}--- expected\n{found}", case.part("").unwrap()).unwrap();
    }
    if bless {
        std::fs::write(&path, anew).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(
        cases.len() >= least,
        "only {} cases of {server}",
        cases.len()
    );
}

#[test]
fn rserve() {
    hold("rserve", 20);
}

#[test]
fn tabpy_findings() {
    hold("tabpy", 10);
}

#[test]
fn apache() {
    hold("apache", 20);
}

#[test]
fn nginx() {
    hold("nginx", 15);
}

#[test]
fn postgres() {
    hold("postgres", 15);
}

#[test]
fn haproxy() {
    hold("haproxy", 10);
}

/// Neither hashes nor passwords nor commands that hold them stand in what is said.
#[test]
fn secrets_are_not_repeated() {
    let mut files = 0;
    for case in cases(include_str!("../../testdata/settings/tabpy_config.cases")) {
        let Some(text) = case.part("passwords") else {
            continue;
        };
        files += 1;
        let file = PasswordFile::read(&Source::new("pwd.txt", bytes(text)));
        let said = format!("{file:?}").to_lowercase();
        for secret in ["ac73707ac5", "pa ss"] {
            assert!(!said.contains(secret), "{}: {said}", case.name);
        }
    }
    assert_eq!(files, 20);
    let source = b"ssl = on\nssl_passphrase_command = 'echo hunter2'\nssl_passphrase_command = 'echo hunter2'\n\
        ssl_passphrase_command = hunter2.x\nhunter2hunter2hunter2hunter2hunter2hunter2 hunter2!\n";
    let source = Source::new("postgresql.conf", source.to_vec());
    let profile = Profile::named("postgres").unwrap();
    let settings = Settings::read(profile, &source, &Context::at("/")).unwrap();
    assert!(settings.facts.len() >= 3, "{settings:?}");
    assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
}
