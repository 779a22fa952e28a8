//! The rules on disk are the rules in the program.

mod english;

use super::CodeInfo;
use crate::finding::Code;
use std::collections::BTreeSet;
use std::path::Path;

/// Where the steps are.
const ADVICE: &str = " (see `A new finding` in CONTRIBUTING.md)";

#[test]
fn each_code_has_one_rule_with_a_summary() {
    let declared: Vec<Code> = CodeInfo::all().map(|info| info.code).collect();
    for (place, code) in Code::ALL.iter().enumerate() {
        let area = code.area();
        assert!(
            declared.contains(code),
            "{code} has no rule: list it in `facts!` in src/rule/{area}/mod.rs{ADVICE}"
        );
        assert_eq!(
            declared.get(place),
            Some(code),
            "{code} is in another place in `facts!` in src/rule/{area}/mod.rs than in src/finding/code.rs: \
             put both in the same order"
        );
    }
    assert_eq!(
        declared.len(),
        Code::ALL.len(),
        "a rule is listed twice in `facts!`"
    );
    for info in CodeInfo::all() {
        assert!(
            info.summary.len() > 10,
            "{}: write one sentence as its summary in `rule!`",
            info.code
        );
    }
}

#[test]
fn codes_are_unique_and_well_formed() {
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        let text = code.as_str();
        assert!(seen.insert(text), "{text} is listed twice");
        assert_eq!(text.parse(), Ok(*code));
        let (area, name) = text.split_once('.').expect(text);
        let letter = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        for part in [area, name] {
            assert!(!part.is_empty() && part.bytes().all(letter), "{text}");
        }
    }
    assert!(seen.len() > 100, "only {} codes", seen.len());
}

/// Whoever looks for a code finds its file by name, and its page beside it.
#[test]
fn each_code_is_the_name_of_its_file() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rule");
    let mut named = BTreeSet::new();
    for code in Code::ALL {
        let file = code.as_str().replace('.', "/").replace('-', "_");
        let rule = std::fs::read_to_string(rules.join(format!("{file}.rs"))).unwrap_or_else(|_| {
            panic!("src/rule/{file}.rs is missing: write the rule of {code}{ADVICE}")
        });
        let first = rule.lines().next().unwrap_or_default();
        assert!(
            first.starts_with(&format!("//! `{code}`")),
            "src/rule/{file}.rs must begin with //! `{code}`, and begins with {first}"
        );
        assert!(
            rules.join(format!("{file}.txt")).exists(),
            "src/rule/{file}.txt is missing: write its page{ADVICE}"
        );
        named.insert(file);
    }
    for area in std::fs::read_dir(&rules).unwrap() {
        let area = area.unwrap().path();
        if area.ends_with("tests") {
            continue;
        }
        for file in std::fs::read_dir(&area).into_iter().flatten() {
            let file = file.unwrap().path().with_extension("");
            let inside = file
                .strip_prefix(&rules)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let shared = inside.ends_with("/mod");
            assert!(
                shared || named.contains(&inside),
                "src/rule/{inside} has no code: list it in src/finding/code.rs, or remove the file{ADVICE}"
            );
        }
    }
}
