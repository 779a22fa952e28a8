//! What nginx 1.22.1 said about `server_name "~…"` (measured).

use super::{Answer, compile};

#[test]
fn what_pcre_compiles() {
    for good in [
        "a]",
        "a*+",
        "a*?",
        "|a",
        "a|",
        "()",
        r"\p{Lu}",
        "a{,2}",
        "x{a}",
        "[[:alpha:]]",
        "[]a]",
        "[^]a]",
        "(?i)a",
        "(?:a)",
        "(?=a)",
        "(?!a)+",
        "(?<=ab|c)b",
        "(?>a)",
        "(?#x)",
        "(?R)",
        "(a)(?1)",
        "(*FAIL)",
        "(*UTF8)a",
        r"\Qa(\E",
        r"\Qa(",
        r"^(?<sub>.+)\.example\.com$",
        r"^www\d+\.example\.com$",
        r"^(www|api)\.[a-z0-9-]{1,63}\.com$",
        r"^(?P<x>[^.]+)\.",
        r"^(?<!www)\.example$",
        r"(?<a>x)\k<a>(y)\2",
    ] {
        assert!(!matches!(compile(good), Answer::Refused(_)), "{good}");
    }
    let Answer::Compiles { groups, names } = compile(r"^(?<sub>.+)\.(example|test)(?:x)$") else {
        panic!("a common name is known");
    };
    assert_eq!((groups, names), (2, vec!["sub".to_owned()]));
}

#[test]
fn what_real_names_use_is_known() {
    for usual in [
        r"^(?<sub>.+)\.example\.com$",
        r"^www\d+\.example\.com$",
        r"^(www|api)\.[a-z0-9-]{1,63}\.com$",
        r"^(?P<x>[^.]+)\.",
        r"^(?!www\.)(.+)$",
        r"^(?<!www)\.example$",
        r"^[\w-]+\.example\.(com|net)$",
        r"^([A-Za-z0-9_]+)\.x$",
        "^$",
        ".*",
        "^.+?$",
    ] {
        assert!(matches!(compile(usual), Answer::Compiles { .. }), "{usual}");
    }
}

#[test]
fn what_pcre_refuses() {
    for bad in [
        "^(a",
        "^a)",
        "[a",
        "*a",
        "+a",
        "?",
        "a**",
        "a+*",
        "(?P<n>a)(?P<n>b)",
        "(?<n>a)(?<n>b)",
        "(?<1n>a)",
        "(?<n-m>a)",
        "(?<n>a",
        "(?<>a)",
        "a\\",
        "a{2,1}",
        "a{2}{3}",
        "{2}",
        "a{2,70000}",
        "a{65536}",
        "a|*",
        "^*",
        "^+a",
        "$*",
        r"\b*",
        r"\1",
        r"(a)\2",
        r"\k<x>",
        r"\c",
        r"\q",
        r"\L",
        r"\u1234",
        "[[:foo:]]",
        "[:alpha:]",
        "[z-a]",
        r"[a-\d]",
        r"[\d-z]",
        "[]",
        "[^]",
        "(?z)a",
        "(?#x",
        r"\E*",
    ] {
        assert!(matches!(compile(bad), Answer::Refused(_)), "{bad}");
    }
    // Refused by PCRE and unknown to certcheck: it must not accept them.
    for bad in [
        "(?<=a*)b",
        "(?1)",
        "(?(1)a)",
        "(a)(?(1)b|c|d)",
        "(?&n)",
        "(*BOGUS)",
        "(*a)",
        r"\p{Foo}",
        r"\N{x}",
    ] {
        assert_eq!(compile(bad), Answer::Unsure, "{bad}");
    }
}

#[test]
fn a_hostile_pattern_ends() {
    assert!(matches!(compile(&"(".repeat(4000)), Answer::Refused(_)));
    assert!(matches!(compile(&"[".repeat(4000)), Answer::Refused(_)));
    assert!(matches!(compile(&"[[:".repeat(1300)), Answer::Refused(_)));
}
