//! Every rule by which a peer's verdict differs from profile `rfc5280`'s, with
//! the clause that decides. docs/path-validation.md has the same list.

use crate::grammar::Chain;

/// A difference, and when it is one.
pub(crate) struct Rule {
    pub(crate) peer: &'static str,
    /// Whether the peer refuses what we accept; else it accepts what we refuse.
    pub(crate) refuses: bool,
    /// One of the chain's twists is one of these.
    pub(crate) twists: &'static [&'static str],
    /// One of these, with `|` between, is in the peer's words, or in ours where it accepts.
    pub(crate) words: &'static str,
    pub(crate) clause: &'static str,
    /// It takes two twists to need it: a seed may have none.
    pub(crate) rare: bool,
}

const fn refuses(
    peer: &'static str,
    words: &'static str,
    twists: &'static [&'static str],
    clause: &'static str,
) -> Rule {
    Rule {
        peer,
        refuses: true,
        twists,
        words,
        clause,
        rare: false,
    }
}

const fn accepts(
    peer: &'static str,
    words: &'static str,
    twists: &'static [&'static str],
    clause: &'static str,
) -> Rule {
    Rule {
        peer,
        refuses: false,
        twists,
        words,
        clause,
        rare: false,
    }
}

impl Rule {
    const fn rare(mut self) -> Self {
        self.rare = true;
        self
    }
}

const ROLLED: &str = "self-issued CA between";
const CROSSED: &[&str] = &[
    "cross-signed by a root that is not trusted",
    "cross-signed, the other expired",
    "two keys of one name",
    ROLLED,
];

pub(crate) const RULES: &[Rule] = &[
    // 6.1.1 (d): an anchor is a name and a key; nothing else of its certificate counts.
    refuses(
        "openssl",
        "certificate has expired",
        &["anchor expired"],
        "6.1.1 (d): the anchor's validity is not looked at",
    ),
    refuses(
        "openssl",
        "path length constraint exceeded",
        &["anchor's path length 0"],
        "6.1.1 (d): nor is its path length",
    ),
    refuses(
        "openssl",
        "unsuitable certificate purpose",
        &["the anchor's extKeyUsage of clients"],
        "6.1.1 (d): nor is its extKeyUsage",
    ),
    refuses(
        "openssl",
        "permitted subtree violation",
        &["the anchor's name constraints"],
        "6.1.1 (d): nor are its name constraints",
    ),
    refuses(
        "openssl",
        "unhandled critical extension",
        &["unknown critical extension of the anchor"],
        "6.1.1 (d): nor are its other extensions",
    ),
    refuses(
        "gnutls",
        "NOT trusted",
        &["anchor expired"],
        "6.1.1 (d): the anchor's validity is not looked at",
    ),
    refuses(
        "gnutls",
        "violates the signer's constraints",
        &["anchor's path length 0"],
        "6.1.1 (d): nor is its path length",
    ),
    refuses(
        "gnutls",
        "NOT trusted",
        &["the anchor's name constraints"],
        "6.1.1 (d): nor are its name constraints",
    ),
    refuses(
        "gnutls",
        "unknown critical extension",
        &["unknown critical extension of the anchor"],
        "6.1.1 (d): nor are its other extensions",
    ),
    refuses(
        "go",
        "has expired",
        &["anchor expired"],
        "6.1.1 (d): the anchor's validity is not looked at",
    ),
    refuses(
        "go",
        "path length|has expired",
        &["anchor's path length 0"],
        "6.1.1 (d): nor is its path length",
    ),
    refuses(
        "go",
        "cannot sign this kind",
        &["anchor is no CA"],
        "6.1.1 (d): nor are its basicConstraints",
    ),
    refuses(
        "go",
        "incompatible key usage",
        &["the anchor's extKeyUsage of clients"],
        "6.1.1 (d): nor is its extKeyUsage",
    ),
    refuses(
        "go",
        "not permitted by any constraint",
        &["the anchor's name constraints"],
        "6.1.1 (d): nor are its name constraints",
    ),
    refuses(
        "go",
        "unhandled critical extension",
        &["unknown critical extension of the anchor"],
        "6.1.1 (d): nor are its other extensions",
    ),
    // 7.1: how names are compared.
    refuses(
        "gnutls",
        "issuer is unknown",
        &["issuer in capitals", "issuer as PrintableString"],
        "7.1: case and string type of names do not count; it compares bytes",
    ),
    refuses(
        "go",
        "unknown authority",
        &["issuer in capitals", "issuer as PrintableString"],
        "7.1: case and string type of names do not count; it compares bytes",
    ),
    // The search for a path, which RFC 5280 leaves open (RFC 4158).
    refuses(
        "openssl",
        "signature failure",
        &[ROLLED],
        "6.1.3 (a) (1): another certificate of the name has the key; it tries one",
    ),
    refuses(
        "openssl",
        "self-signed certificate in certificate chain",
        CROSSED,
        "6.1: another path leads to the anchor; it goes up one",
    ),
    refuses(
        "gnutls",
        "signature in the certificate is invalid",
        CROSSED,
        "6.1.3 (a) (1): another certificate of the name has the key; it tries one",
    ),
    refuses(
        "gnutls",
        "NOT trusted",
        CROSSED,
        "6.1: another path leads to the anchor; it goes up one",
    ),
    refuses(
        "openssl",
        "unable to get local issuer",
        &["another authority key identifier"],
        "4.2.1.1, 6.1: the authority key identifier helps to find a path, and does not end it",
    ),
    refuses(
        "gnutls",
        "issuer is unknown",
        &["another authority key identifier"],
        "4.2.1.1, 6.1: the authority key identifier helps to find a path, and does not end it",
    ),
    refuses(
        "openssl",
        "unable to get local issuer|unsuitable certificate purpose|subtree violation|unhandled critical extension|certificate has expired|path length",
        &["an intermediate is the anchor"],
        "6.1.1 (d): nor is anything else of an intermediate that is the anchor",
    ).rare(),
    refuses(
        "go",
        "incompatible key usage|not permitted by any constraint|excluded by constraint|unhandled critical extension|invalid certificate policies|invalid key usage|expired|path length|unknown authority",
        &["an intermediate is the anchor"],
        "6.1.1 (d): nor is anything else of an intermediate that is the anchor",
    ).rare(),
    refuses(
        "go",
        "has expired",
        &["issuer as PrintableString", "issuer in capitals"],
        "7.1: as before, so that the cross-signed certificate alone is left to it",
    ).rare(),
    refuses(
        "gnutls",
        "violates the signer's constraints",
        &["no subjectAltName", "version 1 end-entity"],
        "4.2.1.10: constraints on dNSNames are for subjectAltName; it holds the commonName to them",
    ).rare(),
    refuses(
        "gnutls",
        "issuer is unknown",
        &["an intermediate is the anchor"],
        "6.1.1 (d): any certificate may be an anchor",
    ),
    // 4.2.1.3, 4.2.1.12: purposes.
    refuses(
        "openssl",
        "unsuitable certificate purpose",
        &["anyExtendedKeyUsage"],
        "4.2.1.12: anyExtendedKeyUsage is for every purpose",
    ),
    accepts(
        "gnutls",
        "Purpose",
        &["keyUsage of an end-entity: cRLSign"],
        "4.2.1.3: a TLS server's key signs or enciphers keys; it does not look",
    ),
    accepts(
        "go",
        "Purpose",
        &["keyUsage of an end-entity: cRLSign"],
        "4.2.1.3: a TLS server's key signs or enciphers keys; it does not look",
    ),
    // 4.2.1.10: name constraints.
    refuses(
        "go",
        "unhandled critical extension|has expired",
        &[
            "excluded directoryName of others",
            "excluded directoryName",
            "permitted directoryName",
        ],
        "4.2.1.10: directoryNames are compared; it refuses such constraints",
    ),
    refuses(
        "gnutls",
        "NOT trusted",
        &["excluded directoryName of others", "excluded directoryName"],
        "4.2.1.10: directoryNames are compared; it refuses such constraints",
    ),
    accepts(
        "openssl",
        "NameConstraints",
        &["wildcard in an excluded domain"],
        "4.2.1.10: a wildcard stands for the host that is excluded",
    ),
    accepts(
        "gnutls",
        "NameConstraints",
        &["wildcard in an excluded domain"],
        "4.2.1.10: a wildcard stands for the host that is excluded",
    ),
    accepts(
        "gnutls",
        "NameConstraints",
        &["permitted URI, and one outside"],
        "4.2.1.10: a URI's host without a period in front is that host alone",
    ),
    accepts(
        "go",
        "NameConstraints",
        &["permitted URI, and one outside"],
        "4.2.1.10: a URI's host without a period in front is that host alone",
    ),
    // 6.1.3 (d): policies.
    refuses(
        "gnutls",
        "unknown critical extension",
        &[
            "a policy demanded, and none there",
            "a policy demanded after ten certificates",
            "a policy demanded, and mapped",
            "a policy demanded, and one there",
        ],
        "4.2.1.11: policyConstraints are processed; it does not know them",
    ),
    accepts(
        "gnutls",
        "is listed twice",
        &["policies listed twice"],
        "4.2.1.4: no policy is listed twice",
    ),
    // What is well-formed.
    accepts(
        "openssl",
        "which version 1 does not allow",
        &["extensions in version 1", "version 1 end-entity"],
        "4.1.2.9: extensions in version 3 alone",
    ),
    accepts(
        "go",
        "which version 1 does not allow",
        &["extensions in version 1", "version 1 end-entity"],
        "4.1.2.9: extensions in version 3 alone",
    ),
    accepts(
        "openssl",
        "occurs more than once",
        &["an extension twice"],
        "4.2: no extension stands twice",
    ),
    accepts(
        "openssl",
        "neither 4 nor 16 bytes",
        &["malformed subjectAltName"],
        "4.2.1.6: an iPAddress has 4 or 16 bytes",
    ),
    accepts(
        "gnutls",
        "neither 4 nor 16 bytes",
        &["malformed subjectAltName"],
        "4.2.1.6: an iPAddress has 4 or 16 bytes",
    ),
    accepts(
        "go",
        "no usage is set",
        &["empty keyUsage"],
        "4.2.1.3: at least one usage is set",
    ),
    refuses(
        "go",
        "negative serial number",
        &["negative serial number"],
        "4.1.2.2: verifiers should be prepared to handle such serial numbers",
    ),
];

/// The rule that explains a difference.
pub(crate) fn rule(peer: &str, refuses: bool, words: &str, chain: &Chain) -> Option<usize> {
    RULES.iter().position(|rule| {
        rule.peer == peer
            && rule.refuses == refuses
            && rule.words.split('|').any(|each| words.contains(each))
            && (rule.twists.is_empty()
                || rule.twists.iter().any(|twist| chain.twists.contains(twist)))
    })
}
