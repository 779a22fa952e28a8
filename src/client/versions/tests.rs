//! The table of versions is consistent, and its values change what they say.

use super::{Asked, Axis, PROGRAMS, Program, RULES, Value, breaks};
use crate::Release;
use crate::client::Client;
use crate::client::profile::Engine;

fn release(text: &str) -> Release {
    Release::parse(text).unwrap()
}

#[test]
fn every_row_is_of_a_known_client_and_in_order() {
    for rule in RULES {
        assert!(rule.values.len() > 1, "{}: nothing changes", rule.what);
        for client in rule.clients {
            assert!(Client::named(client).is_some(), "{client}");
            let program = Program::of(client).unwrap();
            let first = if rule.axis == Axis::Own {
                program.oldest
            } else {
                "1.1.1"
            };
            assert_eq!(rule.values[0].0, first, "{client}: {}", rule.what);
        }
        let versions: Vec<_> = rule.values.iter().map(|value| release(value.0)).collect();
        assert!(versions.is_sorted(), "{}", rule.what);
    }
    for program in PROGRAMS {
        let oldest = release(program.oldest);
        assert!(
            program
                .measured
                .iter()
                .all(|measured| release(measured) >= oldest)
        );
        assert!(
            program
                .measured
                .iter()
                .any(|measured| release(measured) == release(program.base)
                    || release(program.base).covers(release(measured)))
                || program.clients == ["python-3.13"],
            "{}",
            program.title
        );
    }
}

/// The version of the profile changes nothing in it.
#[test]
fn the_base_is_the_profile() {
    for program in PROGRAMS {
        for name in program.clients {
            let client = Client::named(name).unwrap();
            let asked = Asked::parse(name, program.base).unwrap();
            let applied = asked.applied(*client.base());
            let same = format!("{:?}", client.base()) == format!("{applied:?}");
            // Values that are written out may be the profile's own.
            let hello = applied.hello.is_none();
            assert!(same && hello, "{name}");
            assert!(asked.is_measured(name) || *name == "python-3.13", "{name}");
            for axis in [Axis::Own, Axis::OpenSsl] {
                let bases = breaks(name, axis);
                let bases = bases
                    .iter()
                    .filter(|base| Asked::is_base(name, axis, **base));
                assert_eq!(bases.count(), usize::from(!breaks(name, axis).is_empty()));
            }
        }
    }
}

#[test]
fn values_change_what_they_are_about() {
    let profile = |text: &str| Client::released(text).unwrap().unwrap().profile();
    assert!(profile("go@1.22").facts.negative_serials);
    assert!(!profile("go@1.23").facts.negative_serials);
    assert!(!profile("java@11.0.24").facts.edwards && profile("java@16").facts.edwards);
    assert!(profile("java@27").facts.other_pem);
    assert!(!profile("libpq@14.9").names.addresses && profile("libpq@18").names.addresses);
    assert!(profile("python@3.12+openssl-4.0").facts.plain_roots);
    assert!(!profile("nss@3.87.1").facts.anchors_sign && profile("nss@3.110").facts.anchors_sign);
    let ed25519 = |text: &str| profile(text).facts.ed25519_signatures;
    assert!(!ed25519("nss@3.110") && ed25519("nss@3.132"));
    let doubles = |text: &str| profile(text).facts.drops_doubles;
    assert!(doubles("gnutls@3.7.1") && !doubles("gnutls@3.7.9") && !doubles("gnutls@3.8.13"));
    let mark = |text: &str| profile(text).facts.mark_hides_first;
    assert!(mark("openssl@1.1.1w") && mark("node@16.20.2") && mark("curl@7.74+openssl-1.1.1w"));
    assert!(!mark("openssl@3.0.19") && !mark("node@18.20.8") && !mark("curl@7.74+openssl-3.5"));
    let flags = |text: &str| match profile(text).engine {
        Engine::OpenSsl(flags) => (flags.level, flags.partial_chain, flags.strict),
        _ => panic!("{text}"),
    };
    // Node.js from nodejs.org: level 1 up to 24.4; Python sets its flags from 3.13 on.
    assert_eq!(flags("node@22.23.3").0, 1);
    assert_eq!([flags("node@24.4").0, flags("node@24.5").0], [1, 2]);
    assert_eq!(flags("node@26").0, 2);
    assert!(!flags("python@3.12").1 && !flags("python@3.12").2);
    assert!(flags("python@3.13.5").1 && flags("python@3.14.10").2);
    assert!(profile("node@16").facts.sha1_at_level_1 && !profile("node@18").facts.sha1_at_level_1);
    assert!(!profile("java@21").facts.other_pem && profile("java@25.0.2").facts.other_pem);
    assert!(!profile("python@3.14+openssl-3.6").facts.plain_roots);
    assert!(
        RULES
            .iter()
            .any(|rule| matches!(rule.values[0].1, Value::Profile))
    );
}

#[test]
fn what_is_measured_is_between_runs() {
    let measured = |text: &str| {
        Client::released(text)
            .unwrap()
            .unwrap()
            .holds_by_measurement()
    };
    for text in [
        "java@8",
        "java@21",
        "java@21.0.13",
        "go@1.25",
        "node@22.20",
        "openssl@3.5",
    ] {
        assert!(measured(text), "{text}");
    }
    for text in [
        "java@24",
        "java@17.0.16",
        "java@27",
        "go@1.28",
        "curl@7.61",
        "node@17",
        "nss@3.100",
    ] {
        assert!(!measured(text), "{text}");
    }
}
