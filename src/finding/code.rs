//! The codes: one for each kind of finding, never renamed.

use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($variant:ident = $text:literal,)*) => {
        /// The name of a kind of finding, `area.kebab-name`.
        ///
        /// ```
        /// use certcheck::finding::Code;
        /// let code: Code = "key.mismatch".parse()?;
        /// assert_eq!(code, Code::KeyMismatch);
        /// assert_eq!(code.area(), "key");
        /// assert!("key.mismatched".parse::<Code>().is_err());
        /// # Ok::<(), certcheck::finding::UnknownCode>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $( #[doc = concat!("`", $text, "`")] $variant, )*
        }

        impl Code {
            /// Every code, area by area.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The code as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }
        }

        impl FromStr for Code {
            type Err = UnknownCode;

            fn from_str(name: &str) -> Result<Self, UnknownCode> {
                match name {
                    $( $text => Ok(Self::$variant), )*
                    _ => Err(UnknownCode),
                }
            }
        }
    };
}

codes! {
    EncodingDerWherePemExpected = "encoding.der-where-pem-expected",
    EncodingPemWhereDerExpected = "encoding.pem-where-der-expected",
    EncodingUtf16 = "encoding.utf16",
    EncodingByteOrderMark = "encoding.byte-order-mark",
    EncodingBase64 = "encoding.base64",
    EncodingLabelMismatch = "encoding.label-mismatch",
    EncodingMissingEnd = "encoding.missing-end",
    EncodingMissingBegin = "encoding.missing-begin",
    EncodingTrailingData = "encoding.trailing-data",
    EncodingUnknownLabel = "encoding.unknown-label",
    EncodingMalformedDer = "encoding.malformed-der",
    EncodingNothingFound = "encoding.nothing-found",
    EncodingBoundary = "encoding.boundary",
    EncodingLayout = "encoding.layout",
    EncodingSurroundingText = "encoding.surrounding-text",
    EncodingHeaders = "encoding.headers",
    EncodingTrustSettings = "encoding.trust-settings",
    EncodingFileExtension = "encoding.file-extension",
    EncodingPrivateKeyInCertificateFile = "encoding.private-key-in-certificate-file",
    EncodingCertificateInKeyFile = "encoding.certificate-in-key-file",
    EncodingNotRead = "encoding.not-read",
    EncodingTooLarge = "encoding.too-large",
    EncodingIntegrity = "encoding.integrity",

    KeyMismatch = "key.mismatch",
    KeyUnknown = "key.unknown",
    KeyEncrypted = "key.encrypted",
    KeyForm = "key.form",
    KeyWrongPassphrase = "key.wrong-passphrase",
    KeyLegacyEncryption = "key.legacy-encryption",
    KeyNotDecrypted = "key.not-decrypted",
    KeyTooCostly = "key.too-costly",
    KeyTooLarge = "key.too-large",
    KeyUnsupportedAlgorithm = "key.unsupported-algorithm",
    KeyInconsistent = "key.inconsistent",
    KeyLargeExponent = "key.large-exponent",
    KeyWeak = "key.weak",
    KeyKnownBad = "key.known-bad",
    KeyFileMode = "key.file-mode",
    KeyPassphraseOnCommandLine = "key.passphrase-on-command-line",
    KeyPassphraseBlocksSaml = "key.passphrase-blocks-saml",
    KeyContainerEncryption = "key.container-encryption",
    KeyDsaUnusable = "key.dsa-unusable",

    CertificateExpired = "certificate.expired",
    CertificateNotYetValid = "certificate.not-yet-valid",
    CertificateExpiresSoon = "certificate.expires-soon",
    CertificateNameMismatch = "certificate.name-mismatch",
    CertificateNoSubjectAltName = "certificate.no-subject-alt-name",
    CertificateWeakSignature = "certificate.weak-signature",
    CertificateWeakKey = "certificate.weak-key",
    CertificateNotACa = "certificate.not-a-ca",
    CertificateCaAsServer = "certificate.ca-as-server",
    CertificatePurpose = "certificate.purpose",
    CertificateKeyUsage = "certificate.key-usage",
    CertificateHostName = "certificate.host-name",
    CertificateClientAuthSunset = "certificate.client-auth-sunset",
    CertificateLifetime = "certificate.lifetime",
    CertificateLocalTime = "certificate.local-time",
    CertificateExplicitParameters = "certificate.explicit-parameters",
    CertificateRepeatedSerial = "certificate.repeated-serial",
    CertificateIssuerName = "certificate.issuer-name",
    CertificateMalformedExtension = "certificate.malformed-extension",
    CertificateUnknownCriticalExtension = "certificate.unknown-critical-extension",
    CertificateFileMode = "certificate.file-mode",
    CertificateNotConforming = "certificate.not-conforming",
    CertificateNoUserName = "certificate.no-user-name",

    ChainMissingIntermediate = "chain.missing-intermediate",
    ChainEndEntityNotFirst = "chain.end-entity-not-first",
    ChainWrongOrder = "chain.wrong-order",
    ChainUnrelatedCertificate = "chain.unrelated-certificate",
    ChainDuplicate = "chain.duplicate",
    ChainIncludesRoot = "chain.includes-root",
    ChainExpired = "chain.expired",
    ChainBadSignature = "chain.bad-signature",
    ChainUntrustedRoot = "chain.untrusted-root",
    ChainSelfSigned = "chain.self-signed",
    ChainServerSendsLeafOnly = "chain.server-sends-leaf-only",
    ChainPathLength = "chain.path-length",
    ChainNameConstraints = "chain.name-constraints",
    ChainNotACa = "chain.not-a-ca",
    ChainBudgetExhausted = "chain.budget-exhausted",
    ChainPolicy = "chain.policy",
    ChainRevoked = "chain.revoked",
    ChainRevocationUnknown = "chain.revocation-unknown",
    ChainRevocationListEnded = "chain.revocation-list-ended",
    ChainRevocationListEndsSoon = "chain.revocation-list-ends-soon",
    ChainRevocationListUnrelated = "chain.revocation-list-unrelated",
    ChainNoPath = "chain.no-path",
    ChainClientRefuses = "chain.client-refuses",
    ChainKeyIdentifier = "chain.key-identifier",
    ChainEndsBelowRoot = "chain.ends-below-root",

    ProtocolIllegalName = "protocol.illegal-name",
    ProtocolSeparator = "protocol.separator",
    ProtocolReplacesEarlier = "protocol.replaces-earlier",
    ProtocolEmptySet = "protocol.empty-set",
    ProtocolHoleClosed = "protocol.hole-closed",
    ProtocolSslv2 = "protocol.sslv2",
    ProtocolSslv3 = "protocol.sslv3",
    ProtocolWeakVersion = "protocol.weak-version",
    ProtocolNoModernVersion = "protocol.no-modern-version",
    ProtocolUndefinedVariable = "protocol.undefined-variable",
    ProtocolCannotSay = "protocol.cannot-say",
    ProtocolIgnoredValue = "protocol.ignored-value",

    CipherRefused = "cipher.refused",
    CipherNothingAtLevel = "cipher.nothing-at-level",
    CipherUnknownWord = "cipher.unknown-word",
    CipherWeak = "cipher.weak",
    CipherCutOff = "cipher.cut-off",

    HandshakeNoAgreement = "handshake.no-agreement",
    HandshakeClientCertificate = "handshake.client-certificate",
    HandshakeCertificateNotSent = "handshake.certificate-not-sent",
    HandshakeNoCertificateRequest = "handshake.no-certificate-request",

    ConfigMissingOption = "config.missing-option",
    ConfigUnknownOption = "config.unknown-option",
    ConfigRepeatedOption = "config.repeated-option",
    ConfigKmsArn = "config.kms-arn",
    ConfigKmsRegion = "config.kms-region",
    ConfigTsmUrl = "config.tsm-url",
    ConfigPort = "config.port",
    ConfigTabpyPlainHttp = "config.tabpy-plain-http",
    ConfigTabpyPasswordsOverHttp = "config.tabpy-passwords-over-http",
    ConfigRefused = "config.refused",
    ConfigIgnoredValue = "config.ignored-value",
    ConfigUnknownSetting = "config.unknown-setting",
    ConfigOverridden = "config.overridden",
    ConfigTlsOff = "config.tls-off",
    ConfigKeyBeforeCertificate = "config.key-before-certificate",
    ConfigMissingFile = "config.missing-file",
    ConfigIncludeNotRead = "config.include-not-read",
    ConfigConditionAssumed = "config.condition-assumed",
    ConfigPathFromVariable = "config.path-from-variable",
    ConfigClientAuthWithoutCa = "config.client-auth-without-ca",
    ConfigClientCa = "config.client-ca",
    ConfigPasswordEntry = "config.password-entry",
    ConfigPasswordUnusable = "config.password-unusable",
    ConfigPasswordFileMode = "config.password-file-mode",
    ConfigWrongPassword = "config.wrong-password",
    ConfigOpensslConf = "config.openssl-conf",
    ConfigControllerUnchecked = "config.controller-unchecked",
    ConfigPasswordInClear = "config.password-in-clear",
    ConfigTypographicCharacter = "config.typographic-character",
    ConfigLineContinuation = "config.line-continuation",
    ConfigShellQuoting = "config.shell-quoting",
    ConfigOtherVersion = "config.other-version",
    ConfigUnusedOption = "config.unused-option",
    ConfigOptionValue = "config.option-value",
    ConfigPlaintextPort = "config.plaintext-port",
    ConfigAddressInUse = "config.address-in-use",

    TrustEndEntityAsAnchor = "trust.end-entity-as-anchor",
    TrustIntermediateWithoutRoot = "trust.intermediate-without-root",
    TrustAlreadyTrusted = "trust.already-trusted",
    TrustSeveralCertificates = "trust.several-certificates",
    TrustFileName = "trust.file-name",
    TrustBlocked = "trust.blocked",
    TrustSameNameOtherKey = "trust.same-name-other-key",
    TrustBundleWithoutSources = "trust.bundle-without-sources",
    TrustIssuerMissing = "trust.issuer-missing",
    TrustNotACertificate = "trust.not-a-certificate",
    TrustNotInStore = "trust.not-in-store",
    TrustNotTakenUp = "trust.not-taken-up",
    TrustStrayAnchor = "trust.stray-anchor",
    TrustHashLink = "trust.hash-link",
    TrustExpiredAnchor = "trust.expired-anchor",
    TrustDuplicateAnchor = "trust.duplicate-anchor",
    TrustNativeStore = "trust.native-store",
    TrustNotRead = "trust.not-read",
    TrustEmptyStore = "trust.empty-store",
    TrustEmptiesBundle = "trust.empties-bundle",
    TrustRefusedAnchor = "trust.refused-anchor",

    WireNotTls = "wire.not-tls",
    WireNoHandshake = "wire.no-handshake",
    WireKeyNotProven = "wire.key-not-proven",
    WireOtherCertificate = "wire.other-certificate",
    WireChainDiffers = "wire.chain-differs",
    WireVersionsDiffer = "wire.versions-differ",
    WireOfferDiffers = "wire.offer-differs",
    WireOldVersion = "wire.old-version",
    WireNoModernVersion = "wire.no-modern-version",
    WireNotStapled = "wire.not-stapled",

    RenewalNameLost = "renewal.name-lost",
    RenewalClientLost = "renewal.client-lost",
    RenewalOtherAnchor = "renewal.other-anchor",
    RenewalStoreLost = "renewal.store-lost",
    RenewalPurposeLost = "renewal.purpose-lost",
    RenewalEndsEarlier = "renewal.ends-earlier",
    RenewalMustStaple = "renewal.must-staple",
    RenewalKeyChanged = "renewal.key-changed",

    ReceiptChanged = "receipt.changed",
    ReceiptNotPassed = "receipt.not-passed",
    ReceiptExpired = "receipt.expired",
    ReceiptOtherTime = "receipt.other-time",

    WaiverExpired = "waiver.expired",
    WaiverUnused = "waiver.unused",

    AssembleNoCertificate = "assemble.no-certificate",
    AssembleNoKey = "assemble.no-key",
    AssembleNoMatch = "assemble.no-match",
    AssembleAmbiguous = "assemble.ambiguous",
}

/// There is no code of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no finding has this code; `certcheck codes` lists them all")
    }
}

impl std::error::Error for UnknownCode {}

impl Code {
    /// The part before the dot.
    pub fn area(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or(self.as_str())
    }
}

// Alphabetically, so that lists sorted by code read as an index does.
impl Ord for Code {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
