//! Where each platform keeps what it trusts.

use super::platform::Platform;

/// The directory into which a file for each certificate is put.
pub(super) const fn directory(platform: Platform) -> Option<&'static str> {
    Some(match platform {
        Platform::Debian | Platform::Alpine => "/usr/local/share/ca-certificates",
        Platform::Rpm => "/etc/pki/ca-trust/source/anchors",
        Platform::Arch => "/etc/ca-certificates/trust-source/anchors",
        Platform::OpenSuse => "/etc/pki/trust/anchors",
        Platform::FreeBsd => "/usr/local/share/certs",
        Platform::NixOs => "/etc/nixos",
        _ => return None,
    })
}

/// A certificate's file, from its stem.
pub(super) fn file_name(platform: Platform, stem: &str) -> String {
    let extension = match platform {
        Platform::Debian | Platform::Alpine | Platform::FreeBsd | Platform::Containers => "crt",
        _ => "pem",
    };
    format!("{stem}.{extension}")
}

/// The files that hold everything a platform trusts, the one that its tool
/// writes first.
pub(super) const fn bundles(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Debian => &["/etc/ssl/certs/ca-certificates.crt"],
        Platform::Alpine => &["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"],
        Platform::NixOs => &["/etc/ssl/certs/ca-certificates.crt"],
        Platform::Rpm => &["/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"],
        Platform::Arch => &["/etc/ca-certificates/extracted/tls-ca-bundle.pem"],
        Platform::OpenSuse => &["/var/lib/ca-certificates/ca-bundle.pem"],
        _ => &[],
    }
}

/// Directories whose certificates a platform does not trust, even if another directory has them.
pub(super) const fn blocklists(platform: Platform) -> &'static [&'static str] {
    match platform {
        // p11-kit before 0.24 (RHEL 7 and 8) reads `blacklist`, later ones `blocklist`; the other
        // of the two is ignored silently. Both count here: an administrator who put a certificate there meant
        // it.
        Platform::Rpm => &[
            "/etc/pki/ca-trust/source/blocklist",
            "/etc/pki/ca-trust/source/blacklist",
        ],
        Platform::Arch => &["/etc/ca-certificates/trust-source/blocklist"],
        Platform::OpenSuse => &["/etc/pki/trust/blocklist"],
        Platform::FreeBsd => &["/usr/local/etc/ssl/untrusted", "/etc/ssl/untrusted"],
        _ => &[],
    }
}

/// Directories from which a platform's tool writes its bundle, where these are
/// plain files of certificates.
pub(super) const fn sources(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Debian | Platform::Alpine => &[
            "/usr/share/ca-certificates",
            "/usr/local/share/ca-certificates",
        ],
        _ => &[],
    }
}
