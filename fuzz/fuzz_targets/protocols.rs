//! Any text is a protocol string of every dialect: what works was configured,
//! what is refused works nowhere, and every word stands where it is said to.
#![no_main]

use certcheck::protocol::{Dialect, Environment, ProtocolString};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for dialect in Dialect::ALL {
        let string = ProtocolString::parse(dialect, bytes);
        let answer = string.evaluate(&Environment::default_for(dialect));
        assert!(
            answer.accepted || !answer.starts,
            "{dialect:?} starts with what it refuses"
        );
        // OpenSSL has applied the words before the one it refuses.
        let applied = matches!(dialect, Dialect::OpenSsl | Dialect::OpenSslConf);
        assert!(
            answer.starts || answer.effective.is_empty() || applied,
            "{dialect:?} works without starting"
        );
        assert!(
            answer.effective.difference(answer.configured).is_empty(),
            "{dialect:?} {answer:?}"
        );
        let mut end = 0;
        for token in &answer.tokens {
            assert!(
                end <= token.span.start && token.span.start <= token.span.end,
                "{dialect:?}"
            );
            assert!(token.span.end <= bytes.len(), "{dialect:?}");
            end = token.span.start;
        }
        if let Some(printed) = answer.canonical() {
            let again = ProtocolString::parse(dialect, &printed)
                .evaluate(&Environment::default_for(dialect));
            assert_eq!(
                (again.accepted, again.configured, again.effective),
                (true, answer.configured, answer.effective),
                "{dialect:?} {printed:?}"
            );
        }
        assert_eq!(
            answer,
            string.evaluate(&Environment::default_for(dialect)),
            "{dialect:?}"
        );
    }
});
