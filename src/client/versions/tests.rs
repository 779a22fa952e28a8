//! The table of versions is consistent, and its values change what they say.

use super::{Asked, Axis, PROGRAMS, Program, RULES, Value, breaks};
use crate::Release;
use crate::client::Client;

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
    assert!(profile("nss@3.110").facts.anchors_sign);
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
