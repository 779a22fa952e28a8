//! Where nginx is installed.

/// Where a relative path of a module starts: Debian's prefix, and nginx.org's.
pub(super) const PREFIXES: &[&str] = &["/usr/share/nginx", "/etc/nginx"];
