//! The certificates that the scenarios are made of.

use super::der::{extension, seq};
use super::made::{Pki, Want};

pub(crate) fn certificates(pki: &mut Pki) {
    for (name, kind) in [
        ("rsa root", "RSA 2048"),
        ("rsa issuing", "RSA 2048"),
        ("rsa leaf", "RSA 2048"),
        ("weak", "RSA 1024"),
        ("p384 root", "EC P-384"),
        ("ed root", "ED25519"),
    ] {
        pki.key(name, kind);
    }
    // Three deep, and seven.
    pki.make(Want::ca("root", "root"));
    pki.make(Want::ca("policy", "root"));
    pki.make(Want::ca("issuing", "policy"));
    pki.make(Want::server("leaf", "issuing"));
    pki.make(Want::server("short", "root"));
    for (own, above) in [
        ("d1", "root"),
        ("d2", "d1"),
        ("d3", "d2"),
        ("d4", "d3"),
        ("d5", "d4"),
        ("d6", "d5"),
    ] {
        pki.make(Want::ca(own, above));
    }
    pki.make(Want::server("deep", "d6"));
    pki.make(Want::ca("stranger", "stranger"));
    // The same names with other keys, with key identifiers and without.
    pki.make(
        Want::ca("issuing", "policy")
            .label("rekeyed")
            .key("rekeyed"),
    );
    pki.make(
        Want::ca("issuing", "policy")
            .label("rekeyed no id")
            .key("rekeyed")
            .without("ski"),
    );
    pki.make(Want::server("leaf no id", "issuing").without("aki"));
    pki.make(
        Want::ca("root", "root")
            .label("mimic")
            .key("mimic")
            .signed_by("mimic"),
    );
    pki.make(Want::server("encoded", "root").printable_issuer());
    // Cross-signed: a root's key under another root, and the dates of AddTrust.
    pki.make(Want::ca("old", "old").days(-900, -30));
    pki.make(Want::ca("other", "other"));
    pki.make(Want::ca("root", "other").label("cross"));
    pki.make(Want::ca("root", "old").label("cross old").days(-800, -30));
    pki.make(Want::ca("root", "root").label("root old").days(-900, -30));
    pki.make(Want::ca("root", "root").label("root again").days(-10, 500));
    pki.make(Want::server("below old", "old"));
    // Dates.
    pki.make(Want::server("expired", "issuing").days(-60, -3));
    pki.make(Want::server("future", "issuing").days(3, 60));
    pki.make(
        Want::ca("issuing", "policy")
            .label("issuing old")
            .days(-60, -3),
    );
    pki.make(Want::ca("policy", "root").label("policy old").days(-60, -3));
    pki.make(Want::server("long", "root").days(-30, 3650));
    // Self-signed.
    let alone = |label| Want::server(label, "server").signed_by("leaf-key");
    pki.make(alone("self"));
    pki.make(
        alone("self ca")
            .with("bc", ca_constraints())
            .without("ku")
            .without("eku"),
    );
    pki.make(
        alone("self plain")
            .without("bc")
            .without("ku")
            .without("eku"),
    );
    pki.make(alone("self old").days(-60, -3));
    pki.make(alone("self client").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::ca("v1 root", "v1 root").version_1());
    pki.make(Want::ca("v1 issuing", "root").version_1());
    pki.make(Want::server("below v1", "v1 root"));
    pki.make(Want::server("below v1 issuing", "v1 issuing"));
    // CAs that are none, or not for this.
    pki.make(Want::ca("no bc", "root").without("bc"));
    pki.make(Want::server("below no bc", "no bc"));
    pki.make(Want::ca("no bc root", "no bc root").without("bc"));
    pki.make(Want::server("below no bc root", "no bc root"));
    pki.make(Want::ca("any ca", "root").purpose("2.5.29.37.0"));
    pki.make(Want::server("below any ca", "any ca"));
    pki.make(Want::ca("not ca", "root").with("bc", extension("2.5.29.19", true, &seq(&[]))));
    pki.make(Want::server("below not ca", "not ca"));
    pki.make(Want::ca("no sign", "root").usage(0x80));
    pki.make(Want::server("below no sign", "no sign"));
    pki.make(Want::ca("short path", "root").path_length(0));
    pki.make(Want::ca("too deep", "short path"));
    pki.make(Want::server("below too deep", "too deep"));
    pki.make(Want::server("below short path", "short path"));
    pki.make(Want::ca("root 0", "root 0").path_length(0));
    pki.make(Want::ca("below root 0", "root 0"));
    pki.make(Want::server("leaf root 0", "below root 0"));
    pki.make(Want::ca("client ca", "root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("below client ca", "client ca"));
    pki.make(Want::ca("client root", "client root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("below client root", "client root"));
    pki.make(Want::ca("permits", "root").constrained(0, "localhost"));
    pki.make(Want::server("permitted", "permits"));
    pki.make(Want::ca("excludes", "root").constrained(1, "localhost"));
    pki.make(Want::server("excluded", "excludes"));
    pki.make(Want::ca("narrow root", "narrow root").constrained(0, "example.test"));
    pki.make(Want::server("outside", "narrow root"));
    // The server's own.
    pki.make(Want::server("client only", "root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("any purpose", "root").purpose("2.5.29.37.0"));
    pki.make(Want::server("no eku", "root").without("eku"));
    pki.make(Want::server("no usage", "root").without("ku"));
    pki.make(Want::server("crl usage", "root").usage(0x02));
    pki.make(
        Want::server("ca leaf", "root")
            .with("bc", ca_constraints())
            .without("ku"),
    );
    pki.make(Want::server("no bc leaf", "root").without("bc"));
    pki.make(Want::server("cn only", "root").without("san"));
    pki.make(Want::server("wrong name", "root").named(&["wrong.example"]));
    pki.make(Want::server("wildcard", "root").named(&["*.example.test"]));
    pki.make(Want::server("wildcard top", "root").named(&["*.test"]));
    pki.make(Want::server("wildcard part", "root").named(&["w*.example.test"]));
    let unknown = || extension("1.3.6.1.4.1.99999.1", true, &[5, 0]);
    pki.make(Want::server("unknown critical", "root").with("x", unknown()));
    pki.make(Want::ca("unknown ca", "root").with("x", unknown()));
    pki.make(Want::ca("unknown root", "unknown root").with("x", unknown()));
    pki.make(Want::server("below unknown root", "unknown root"));
    pki.make(Want::server("below unknown ca", "unknown ca"));
    let staple = extension("1.3.6.1.5.5.7.1.24", false, &seq(&[&[2, 1, 5]]));
    pki.make(Want::server("must staple", "root").with("x", staple));
    // What issuers must do, and often do not.
    pki.make(
        Want::ca("soft", "soft").with("bc", extension("2.5.29.19", false, &seq(&[&[1, 1, 0xff]]))),
    );
    pki.make(Want::server("below soft", "soft"));
    pki.make(Want::ca("no usage ca", "no usage ca").without("ku"));
    pki.make(Want::server("below no usage ca", "no usage ca"));
    pki.make(
        Want::ca("no id ca", "no id ca")
            .without("ski")
            .without("aki"),
    );
    pki.make(Want::server("below no id ca", "no id ca").without("aki"));
    pki.make(Want::server("no aki", "root").without("aki"));
    pki.make(Want::server("negative", "root").serial(&[0x85, 1]));
    pki.make(Want::server("long serial", "root").serial(&[0x11; 21]));
    pki.make(Want::server("zero serial", "root").serial(&[0]));
    pki.make(Want::ca("negative ca", "root").serial(&[0x85, 2]));
    pki.make(Want::server("below negative ca", "negative ca"));
    // Keys and hashes.
    pki.make(Want::ca("rsa root", "rsa root"));
    pki.make(Want::ca("rsa issuing", "rsa root"));
    pki.make(Want::server("rsa leaf", "rsa issuing").key("rsa leaf"));
    pki.make(
        Want::ca("rsa issuing", "rsa root")
            .label("sha1 issuing")
            .sha1(),
    );
    pki.make(
        Want::server("sha1 leaf", "rsa issuing")
            .key("rsa leaf")
            .sha1(),
    );
    pki.make(Want::ca("rsa root", "rsa root").label("sha1 root").sha1());
    pki.make(
        Want::server("encipher", "rsa issuing")
            .key("rsa leaf")
            .usage(0x20),
    );
    pki.make(Want::server("weak leaf", "rsa issuing").key("weak"));
    pki.make(Want::ca("weak issuing", "rsa root").key("weak"));
    pki.make(
        Want::server("below weak", "weak issuing")
            .key("rsa leaf")
            .signed_by("weak"),
    );
    pki.make(Want::ca("p384 root", "p384 root"));
    pki.make(Want::ca("ed root", "ed root"));
    pki.make(Want::server("below p384", "p384 root"));
    pki.make(Want::server("below ed", "ed root"));
}

fn ca_constraints() -> Vec<u8> {
    extension("2.5.29.19", true, &seq(&[&[1, 1, 0xff]]))
}

/// Which key a certificate is served with.
pub(crate) fn key_of(label: &str) -> &'static str {
    match label {
        "encipher" | "rsa leaf" | "sha1 leaf" | "below weak" => "rsa leaf",
        "weak leaf" => "weak",
        _ => "leaf-key",
    }
}
