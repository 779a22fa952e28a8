//! What holds for every protocol string, whatever its bytes.

#[path = "protocol_model/mod.rs"]
mod protocol_model;

use certcheck::protocol::{
    Dialect, Effect, Environment, Evaluation, ProtocolString, Version, VersionSet,
};
use proptest::prelude::*;
use protocol_model as model;

fn evaluate(dialect: Dialect, text: impl AsRef<[u8]>) -> Evaluation {
    ProtocolString::parse(dialect, text).evaluate(&Environment::default_for(dialect))
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (0..Dialect::ALL.len()).prop_map(|index| Dialect::ALL[index])
}

const PIECES: [&str; 44] = [
    "SSLv2",
    "SSLv3",
    "TLSv1",
    "TLSv1.1",
    "TLSv1.2",
    "TLSv1.3",
    "TLSv1.0",
    "TLSv1_2",
    "TLSv1_3",
    "all",
    "ALL",
    "tlsv1.2",
    "+",
    "-",
    "!",
    ",",
    " ",
    " ",
    " ",
    "\t",
    ";",
    ":",
    "\n",
    "\r",
    "\"",
    "'",
    "\\",
    "$",
    "${",
    "}",
    "{",
    "#",
    "=",
    ">=",
    "<=",
    "Protocol = ",
    "MinProtocol = ",
    "ssl_min_protocol_version = ",
    "ssl_max_protocol_version = '",
    "ssl-min-ver ",
    "ssl-max-ver ",
    "no-tlsv13",
    "force-tlsv12",
    "jdk.tls.disabledAlgorithms=",
];

const NAMES: [&str; 14] = [
    "SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1", "TLSv1.1", "TLSv1.2",
    "TLSv1.3", "all", "All", "DTLSv1", "tlsv1.1",
];

/// Words of the dialects in any order, with bytes of any value among them.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => (0..PIECES.len()).prop_map(|index| PIECES[index].as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Names with signs and one separator: mostly what some dialect takes.
fn well_formed() -> impl Strategy<Value = Vec<u8>> {
    let word = (0..6_usize, 0..NAMES.len()).prop_map(|(sign, name)| {
        let sign = ["", "", "+", "-", "-", "!"][sign];
        // Each sign is at home in some dialects only.
        format!("{sign}{}", NAMES[name])
    });
    let plain = prop::collection::vec(word, 0..6);
    (plain, 0..4_usize, any::<bool>()).prop_map(|(words, separator, signs)| {
        let words: Vec<_> = words
            .iter()
            .map(|word| {
                if signs {
                    word.as_str()
                } else {
                    word.trim_start_matches(['+', '-', '!'])
                }
            })
            .collect();
        words.join([" ", ", ", ",", "  "][separator]).into_bytes()
    })
}

/// Settings and options of the dialects that have more than names.
fn settings() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1.0", "SSLv3", "tlsv1.2", "None",
    ];
    let setting = (0..10_usize, 0..names.len()).prop_map(move |(kind, name)| {
        let name = names[name];
        match kind {
            0 => format!("ssl_min_protocol_version = '{name}'"),
            1 => format!("ssl_max_protocol_version = '{name}'"),
            2 => format!("MinProtocol = {name}"),
            3 => format!("MaxProtocol = '{name}'"),
            4 => format!("Protocol = -ALL, {name}"),
            5 => format!("ssl-min-ver {name}"),
            6 => format!("ssl-max-ver {name}"),
            7 => format!("no-{}", name.to_ascii_lowercase().replace('.', "")),
            8 => format!(">={name}"),
            _ => format!("<={name}"),
        }
    });
    (prop::collection::vec(setting, 0..4), any::<bool>())
        .prop_map(|(settings, lines)| settings.join(if lines { "; " } else { " " }).into_bytes())
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![damaged(), well_formed(), settings()]
}

/// Only what may stand between words.
fn is_between(dialect: Dialect, byte: u8) -> bool {
    let space = byte == b' ' || (9..=13).contains(&byte);
    space
        || match dialect {
            Dialect::Apache => byte == b'\\',
            Dialect::Tsm | Dialect::OpenSsl => byte == b',',
            Dialect::Nginx | Dialect::Postgres => byte == b';',
            Dialect::OpenSslConf => b";,\"'`\\".contains(&byte),
            Dialect::Postfix => byte == b',' || byte == b':',
            Dialect::Java => byte == b',' || byte == b';',
            // A prefix of its own, and one character, are no token.
            Dialect::Tomcat => true,
            _ => false,
        }
}

fn set_of(bits: u8) -> VersionSet {
    let versions = [
        Version::TLSv1,
        Version::TLSv1_1,
        Version::TLSv1_2,
        Version::TLSv1_3,
    ];
    versions
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, version)| version)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_consistent(dialect in dialect(), text in text()) {
        let answer = evaluate(dialect, &text);
        prop_assert!(answer.accepted || answer.message.is_some());
        prop_assert!(!answer.starts || answer.accepted);
        prop_assert!(answer.starts || !answer.observations.is_empty(), "no finding for a string that stops the server");
        let refused_library = !answer.accepted && matches!(dialect, Dialect::OpenSsl | Dialect::OpenSslConf);
        prop_assert!(answer.starts || answer.effective.is_empty() || refused_library);
        // SSLv3 lives in Java alone; the others are built without it.
        let java = matches!(dialect, Dialect::Java | Dialect::Tomcat);
        prop_assert!(java || answer.effective.difference(VersionSet::TLS).is_empty());
        prop_assert!(answer.effective.difference(answer.configured).is_empty());
    }

    #[test]
    fn tokens_lie_in_order_inside_the_text_and_cover_it(dialect in dialect(), text in text()) {
        let answer = evaluate(dialect, &text);
        let mut end = 0;
        let mut covered = vec![false; text.len()];
        for token in &answer.tokens {
            prop_assert!(token.span.start >= end && token.span.end >= token.span.start, "{:?}", answer.tokens);
            prop_assert!(token.span.end <= text.len());
            end = token.span.end;
            covered[token.span.start..token.span.end].fill(true);
        }
        // Comments and what a NUL hides are no words; an unfinished quote is none either.
        let plain = !text.iter().any(|byte| matches!(byte, b'#' | 0)) && (answer.accepted || dialect != Dialect::Nginx);
        let plain = plain && (answer.accepted || !matches!(dialect, Dialect::HaProxy | Dialect::Postgres | Dialect::Apache));
        // `\\t` of openssl.cnf is a blank that is written with two characters.
        let plain = plain && (dialect != Dialect::OpenSslConf || !text.contains(&b'\\'));
        if plain {
            for (place, &byte) in text.iter().enumerate() {
                prop_assert!(covered[place] || is_between(dialect, byte), "byte {place} of {:?}: {:?}", text.escape_ascii().to_string(), answer.tokens);
            }
        }
        for seen in &answer.observations {
            prop_assert!(seen.span.is_none_or(|span| span.start <= span.end && span.end <= text.len()));
        }
    }

    #[test]
    fn printed_and_read_again_it_says_the_same(dialect in dialect(), text in text()) {
        let answer = evaluate(dialect, &text);
        if let Some(printed) = answer.canonical() {
            let again = evaluate(dialect, &printed);
            prop_assert!(again.accepted, "{printed:?}: {:?}", again.message);
            prop_assert_eq!((again.starts, again.configured, again.effective), (answer.starts, answer.configured, answer.effective), "{}", printed);
            let twice = again.canonical();
            prop_assert_eq!(twice.as_deref(), Some(printed.as_str()));
        }
    }

    /// Whatever stands in a word, HAProxy reads it again as it is printed.
    #[test]
    fn haproxys_words_are_printed_as_they_are(word in prop::collection::vec(prop::sample::select(b"ab '\"\\$#\r\n\t\x0b\x0c\0{}nrtx0d;\xc3\xa9".to_vec()), 0..16)) {
        let text = [&b"name "[..], &word].concat();
        let answer = evaluate(Dialect::HaProxy, &text);
        if let Some(printed) = answer.canonical() {
            let again = evaluate(Dialect::HaProxy, &printed);
            let read = |answer: &Evaluation| -> Vec<String> {
                let tokens = answer.tokens.iter().filter(|token| token.effect != Effect::NotReached);
                tokens.map(|token| token.text.clone()).collect()
            };
            prop_assert_eq!(read(&again), read(&answer), "{:?}", printed);
        }
    }

    #[test]
    fn apache_is_its_model(text in text()) {
        // Variables and further lines are not in the model.
        let text: Vec<u8> = text.into_iter().filter(|byte| !b"{
".contains(byte)).collect();
        let answer = evaluate(Dialect::Apache, &text);
        match model::apache::configured(&text) {
            Ok(options) => {
                prop_assert!(answer.accepted, "{:?}", answer.message);
                prop_assert_eq!(answer.configured, set_of(options));
                prop_assert_eq!(answer.effective, set_of(model::apache::effective(options)));
                prop_assert_eq!(answer.starts, options != 0);
            }
            Err(error) => {
                prop_assert!(!answer.accepted);
                prop_assert!(answer.message.unwrap().starts_with(&error));
            }
        }
    }

    #[test]
    fn nginx_is_its_model(text in text()) {
        // The model reads one directive, and the name only before the text.
        let text: Vec<u8> = text.into_iter().filter(|&byte| byte != b';').collect();
        let answer = evaluate(Dialect::Nginx, &text);
        let modelled = model::nginx::configured(&text);
        prop_assert_eq!(answer.accepted, modelled.is_some(), "{:?}", answer.message);
        let names: VersionSet = modelled.unwrap_or_default().iter().map(|name| name.parse::<Version>().unwrap()).collect();
        prop_assert_eq!(answer.configured, names);
    }

    #[test]
    fn openssl_is_its_model(text in text()) {
        let answer = evaluate(Dialect::OpenSsl, &text);
        let (accepted, off) = model::openssl::switched_off(&text);
        prop_assert_eq!(answer.accepted, accepted);
        prop_assert_eq!(answer.effective, set_of(!(off >> 1) & 15));
    }

    #[test]
    fn haproxy_is_its_model(options in prop::collection::vec((0..8_usize, 0..6_usize), 0..5)) {
        let names = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1"];
        let shorts = ["sslv3", "tlsv10", "tlsv11", "tlsv12", "tlsv13", "tlsv1"];
        let words: Vec<String> = options.iter().flat_map(|&(kind, version)| match kind {
            0 | 1 => vec!["ssl-min-ver".to_owned(), names[version].to_owned()],
            2 | 3 => vec!["ssl-max-ver".to_owned(), names[version].to_owned()],
            4 => vec![format!("force-{}", shorts[version])],
            _ => vec![format!("no-{}", shorts[version])],
        }).collect();
        let answer = evaluate(Dialect::HaProxy, words.join(" "));
        let modelled = model::haproxy::enabled(&words);
        prop_assert_eq!(answer.accepted, modelled.is_some(), "{:?}", words);
        let bits = modelled.unwrap_or_default().iter().map(|version| 1 << (version - 2)).sum();
        prop_assert_eq!(answer.effective, set_of(bits));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_shortest_equivalent_is_equivalent_and_no_longer(dialect in dialect(), text in text()) {
        let environment = Environment::default_for(dialect);
        let string = ProtocolString::parse(dialect, &text);
        let answer = string.evaluate(&environment);
        let works = answer.accepted && answer.starts && !answer.effective.is_empty();
        let short = string.shortest_equivalent(&environment);
        prop_assert_eq!(works, short.is_some());
        if let Some(short) = short {
            prop_assert_eq!(short.evaluate(&environment).effective, answer.effective);
            prop_assert!(short.as_bytes().len() <= text.len() || std::str::from_utf8(&text).is_err());
        }
    }

    #[test]
    fn translations_say_the_same_or_why_not(from in dialect(), to in dialect(), text in text()) {
        let (here, there) = (Environment::default_for(from), Environment::default_for(to));
        let string = ProtocolString::parse(from, &text);
        let effective = string.evaluate(&here).effective;
        match string.translate(&here, to, &there) {
            Ok(written) => {
                let answer = written.evaluate(&there);
                prop_assert!(answer.accepted && answer.starts);
                prop_assert_eq!(answer.effective, effective);
            }
            Err(cannot) => prop_assert_eq!(cannot.versions, effective),
        }
    }
}

/// What people read should be what they would have written.
#[test]
fn the_shortest_says_what_it_does() {
    for (dialect, text, expected) in [
        (Dialect::Apache, "all -TLSv1 -TLSv1.1", "TLSv1.2 +TLSv1.3"),
        (Dialect::Apache, "all -TLSv1 -TLSv1.1 -TLSv1.2", "TLSv1.3"),
        (Dialect::Apache, "all -SSLv2 -SSLv3", "all"),
        (
            Dialect::HaProxy,
            "ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.3",
            "",
        ),
        (
            Dialect::OpenSsl,
            "-ALL, +TLSv1.2, +TLSv1.3",
            "-TLSv1,-TLSv1.1",
        ),
        (Dialect::TabPy, "MINIMUM_SUPPORTED", "TLSv1_2"),
    ] {
        let string = ProtocolString::parse(dialect, text);
        let short = string
            .shortest_equivalent(&Environment::default_for(dialect))
            .unwrap();
        assert_eq!(short.to_string(), expected, "{text}");
    }
    let modern = VersionSet::MODERN;
    for (dialect, expected) in [
        (Dialect::Apache, "TLSv1.2 +TLSv1.3"),
        (Dialect::Nginx, "TLSv1.2 TLSv1.3"),
        (Dialect::OpenSslConf, "MinProtocol = TLSv1.2"),
        (Dialect::Postgres, "ssl_min_protocol_version = 'TLSv1.2'"),
        (Dialect::HaProxy, "ssl-min-ver TLSv1.2"),
        (Dialect::Postfix, ">=TLSv1.2"),
        (Dialect::TabPy, "TLSv1_2"),
        (Dialect::Tomcat, "TLSv1.2+TLSv1.3"),
    ] {
        let written = ProtocolString::write(dialect, modern, &Environment::default_for(dialect));
        assert_eq!(written.unwrap().to_string(), expected);
    }
}

/// Every set of the four versions of today, in every dialect.
#[test]
fn what_each_dialect_can_say() {
    let mut said = Vec::new();
    for dialect in Dialect::ALL {
        let environment = Environment::default_for(dialect);
        let sets = (1..16)
            .filter(|&bits| ProtocolString::write(dialect, set_of(bits), &environment).is_ok());
        said.push((dialect.as_str(), sets.count()));
    }
    assert_eq!(
        said,
        [
            // Without holes: 4 + 3 + 2 + 1.
            ("tsm", 10),
            ("apache", 10),
            ("nginx", 15),
            ("openssl", 15),
            ("openssl-conf", 15),
            ("postgres", 10),
            ("haproxy", 10),
            ("postfix", 15),
            // TLSv1.2 and TLSv1.3, or TLSv1.3.
            ("tabpy", 2),
            // TLSv1 and TLSv1.1 are disabled by the runtime.
            ("java", 3),
            ("tomcat", 3),
        ]
    );
}

/// Found by the property above: behind a command the next name begins a part of its own.
#[test]
fn a_name_behind_javas_own_list_is_no_part_of_it() {
    let answer = evaluate(Dialect::Java, b"jdk.tls.disabledAlgorithms=;SSLv3");
    let printed = answer.canonical().unwrap();
    assert_eq!(printed, "jdk.tls.disabledAlgorithms=;SSLv3");
    assert_eq!(
        evaluate(Dialect::Java, &printed).effective,
        answer.effective
    );
}
