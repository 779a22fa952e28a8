//! Which findings a string gives, with the word that each is about.

use certcheck::Finding;
use certcheck::finding::Subject;
use certcheck::protocol::{Dialect, Environment, ProtocolString};

/// `code/severity@word` of every finding, in order; `@` alone for the whole string.
fn found(dialect: Dialect, text: &str, environment: &Environment) -> Vec<String> {
    let answer = ProtocolString::parse(dialect, text).evaluate(environment);
    let shown = answer.observations.iter().map(|seen| {
        let finding = Finding::new(seen.fact.clone(), Subject::file("x"));
        let severity = seen.severity.unwrap_or(finding.severity);
        assert!(!finding.message().is_empty());
        let word = seen.span.map_or("", |span| &text[span.start..span.end]);
        let code = finding.code().to_string().replace("protocol.", "");
        format!("{code}/{}@{word}", severity.as_str())
    });
    shown.collect()
}

#[test]
fn what_surprises_is_found() {
    use Dialect::{
        Apache, HaProxy, Java, Nginx, OpenSsl, OpenSslConf, Postfix, Postgres, TabPy, Tomcat, Tsm,
    };
    let mut compared = 0;
    let mut differ = Vec::new();
    for (dialect, text, expected) in [
        (Apache, "+TLSv1.2 +TLSv1.3", vec![]),
        (
            Apache,
            "all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1",
            vec!["ignored-value/notice@-SSLv2", "ignored-value/notice@-SSLv3"],
        ),
        (
            Apache,
            "TLSv1.2 TLSv1.3",
            vec!["replaces-earlier/warning@TLSv1.3"],
        ),
        (Apache, "all, -SSLv3", vec!["separator/error@all,"]),
        (
            Apache,
            "all,foo",
            vec!["illegal-name/error@all,foo", "separator/error@all,foo"],
        ),
        (Apache, "all;-TLSv1", vec!["separator/error@all;-TLSv1"]),
        (
            Apache,
            "TLSv1.0 SSLv2 +SSLv3",
            vec![
                "illegal-name/error@TLSv1.0",
                "sslv2/error@SSLv2",
                "sslv3/error@+SSLv3",
            ],
        ),
        (Apache, "all -TLSv1.2", vec!["hole-closed/warning@"]),
        (Apache, "-all", vec!["empty-set/error@"]),
        (Apache, "", vec!["empty-set/error@"]),
        (Apache, "all", vec!["weak-version/warning@"]),
        (
            Apache,
            "TLSv1.1",
            vec!["weak-version/warning@", "no-modern-version/error@"],
        ),
        (
            Apache,
            "+TLSv1.2 ${X}",
            vec!["undefined-variable/warning@${X}", "illegal-name/error@${X}"],
        ),
        (Tsm, "all, -TLSv1, -TLSv1.1", vec!["separator/notice@"]),
        (Tsm, "all -TLSv1 -TLSv1.1", vec![]),
        (Nginx, "TLSv1.2 TLSv1.3", vec![]),
        (Nginx, "TLSv1.2, TLSv1.3", vec!["separator/error@TLSv1.2,"]),
        (Nginx, "all -SSLv3", vec!["illegal-name/error@all"]),
        (
            Nginx,
            "SSLv3",
            vec![
                "ignored-value/warning@SSLv3",
                "sslv3/error@SSLv3",
                "empty-set/error@",
            ],
        ),
        (Nginx, "", vec!["illegal-name/error@"]),
        (OpenSsl, "-ALL,TLSv1.2,TLSv1.3", vec![]),
        (
            OpenSsl,
            "TLSv1.3",
            vec!["ignored-value/warning@TLSv1.3", "weak-version/warning@"],
        ),
        (
            OpenSsl,
            "-ALL TLSv1.3",
            vec!["separator/error@-ALL TLSv1.3"],
        ),
        (
            OpenSslConf,
            "MinProtocol = tlsv1.2",
            vec!["illegal-name/error@MinProtocol = tlsv1.2"],
        ),
        (
            OpenSslConf,
            "MinProtocol = TLSv1.3; MaxProtocol = TLSv1.2",
            vec!["empty-set/error@"],
        ),
        (Postgres, "", vec![]),
        (
            Postgres,
            "ssl_min_protocol_version = 'TLSv1.3'; ssl_max_protocol_version = 'TLSv1.2'",
            vec!["empty-set/error@"],
        ),
        (
            Postgres,
            "ssl_min_protocol_version = 'TLSv1.0'",
            vec!["illegal-name/error@ssl_min_protocol_version = 'TLSv1.0'"],
        ),
        (HaProxy, "", vec![]),
        (HaProxy, "no-tlsv11", vec!["ignored-value/notice@no-tlsv11"]),
        (
            HaProxy,
            "ssl-min-ver TLSv1.2 no-tlsv12",
            vec!["ignored-value/warning@no-tlsv12"],
        ),
        (
            HaProxy,
            "ssl-min-ver TLSv1",
            vec!["illegal-name/error@ssl-min-ver"],
        ),
        (HaProxy, "force-sslv3", vec!["empty-set/error@"]),
        (Postfix, ">=TLSv1.2", vec![]),
        (Postfix, "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1", vec![]),
        (Postfix, "all", vec!["illegal-name/error@all"]),
        (TabPy, "TLSv1_2", vec![]),
        (TabPy, "TLSv1.3", vec!["ignored-value/warning@TLSv1.3"]),
        (TabPy, "TLSv1", vec!["ignored-value/warning@TLSv1"]),
        (Java, "TLSv1.2,TLSv1.3", vec![]),
        (
            Java,
            "TLSv1.1",
            vec!["ignored-value/warning@TLSv1.1", "empty-set/error@"],
        ),
        (Java, "tlsv1.2", vec!["illegal-name/error@tlsv1.2"]),
        (Tomcat, "TLSv1.2+TLSv1.3", vec![]),
        (Tomcat, "", vec!["empty-set/error@"]),
        (
            Tomcat,
            "TLSv1.2,tlsv1.3",
            vec!["ignored-value/warning@,tlsv1.3"],
        ),
    ] {
        let seen = found(dialect, text, &Environment::default_for(dialect));
        if seen != expected {
            differ.push(format!("{dialect} {text:?}: {seen:?}, not {expected:?}"));
        }
        compared += 1;
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert_eq!(compared, 45);
}

#[test]
fn an_old_library_changes_the_findings() {
    let old = Environment::httpd_24_openssl_102();
    assert_eq!(
        found(Dialect::Apache, "all -TLSv1 -TLSv1.1", &old),
        ["sslv3/error@all"]
    );
    assert_eq!(
        found(Dialect::Apache, "all -SSLv3 -TLSv1.1", &old),
        ["weak-version/warning@"]
    );
    assert_eq!(
        found(Dialect::Apache, "TLSv1.3", &old),
        ["illegal-name/error@TLSv1.3"]
    );
}
