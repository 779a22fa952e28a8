//! Lists of signature algorithms (`SSL_CTX_set1_sigalgs_list`).

use crate::handshake::Scheme;

/// The schemes of a list as OpenSSL 3.0 reads it: names of TLS 1.3, or key and
/// digest joined by `+`; OpenSSL refuses a list with an unknown or repeated word
/// (ssl/t1_lib.c, `sig_cb`). Measured: nginx 1.22.1.
pub(in super::super) fn schemes(list: &str) -> Option<Vec<Scheme>> {
    let mut found = Vec::new();
    for word in list.split(':') {
        let scheme = match word.split_once('+') {
            Some((one, other)) => pair(one, other).or_else(|| pair(other, one))?,
            None => Scheme::named(word).filter(|scheme| scheme.signer().is_some())?,
        };
        if found.contains(&scheme) {
            return None;
        }
        found.push(scheme);
    }
    Some(found)
}

fn pair(key: &str, digest: &str) -> Option<Scheme> {
    let digest = digest.to_ascii_lowercase();
    let curve = match digest.as_str() {
        "sha256" => "secp256r1_",
        "sha384" => "secp384r1_",
        "sha512" => "secp521r1_",
        _ => "",
    };
    let name = match key {
        "RSA" => format!("rsa_pkcs1_{digest}"),
        "RSA-PSS" | "PSS" => format!("rsa_pss_rsae_{digest}"),
        "ECDSA" => format!("ecdsa_{curve}{digest}"),
        "DSA" => format!("dsa_{digest}"),
        _ => return None,
    };
    Scheme::named(&name)
}

#[cfg(test)]
mod tests {
    use super::schemes;

    #[test]
    fn lists_as_measured() {
        let names = |list: &str| {
            let all = schemes(list)?;
            Some(
                all.iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        assert_eq!(
            names("RSA+SHA256:ECDSA+SHA384:rsa_pss_rsae_sha512").as_deref(),
            Some("rsa_pkcs1_sha256 ecdsa_secp384r1_sha384 rsa_pss_rsae_sha512")
        );
        assert_eq!(names("RSA+SHA9:RSA+SHA256"), None);
        assert_eq!(names("ed25519:ed25519"), None);
    }
}
