//! Certificates and keys in YAML and JSON: Kubernetes' Secrets and ConfigMaps, kubeconfig,
//! and any other document that carries PEM, or base64 around PEM, DER or a keystore.
//!
//! The document is read as a stream of events and never becomes a tree. Only the values that can
//! hold an object are kept. An alias is not followed: what it names was read at its anchor,
//! so a document of a few lines cannot grow to gigabytes. [`DEPTH`] and [`MOST_VALUES`] bound the rest.

mod builder;
mod json;
mod yaml;

use zeroize::Zeroizing;

/// How deep a document may be nested. Kubernetes' own objects have some ten levels.
pub(crate) const DEPTH: usize = 96;
/// The most values of one document that are kept.
pub(crate) const MOST_VALUES: usize = 50_000;

/// A value that can hold objects.
pub(crate) struct Held {
    /// Which one: `Secret default/web data.tls.crt`.
    pub(crate) name: String,
    /// The line of the document on which the value is, from 1, if known.
    pub(crate) line: Option<usize>,
    /// Whether the lines of the value are the lines of the document from there on.
    pub(crate) in_lines: bool,
    /// What it holds, decoded if it was base64.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// What was read from a document.
#[derive(Default)]
pub(crate) struct Manifest {
    /// The values, in their order.
    pub(crate) held: Vec<Held>,
    /// Why it was not read to its end.
    pub(crate) problem: Option<String>,
}

/// How base64 around a BEGIN line begins, at each of the three offsets it may have.
const WRAPPED: [&str; 3] = ["LS0tLS1CRUdJTi", "0tLS0tQkVHSU4g", "tLS0tLUJFR0lOI"];

/// Whether a text looks like a document of this kind: a Kubernetes object, JSON with PEM in it, or
/// base64 around PEM.
pub(crate) fn may_be(text: &str) -> bool {
    // A file of PEM is read as it is.
    if text.starts_with("-----") {
        return false;
    }
    let is_object = text.contains("apiVersion") && text.contains("kind");
    let is_json = || text.trim_start().starts_with(['{', '[']) && text.contains("-----BEGIN ");
    is_object || is_json() || WRAPPED.iter().any(|begin| text.contains(begin))
}

/// Reads all documents of a text, JSON or YAML.
pub(crate) fn read(text: &str) -> Manifest {
    if text.trim_start().starts_with(['{', '[']) {
        let read = json::read(text);
        if read.problem.is_none() {
            return read;
        }
    }
    yaml::read(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN X-----\nAA==\n-----END X-----\n";
    /// `PEM` in base64.
    const BASE64: &str = "LS0tLS1CRUdJTiBYLS0tLS0KQUE9PQotLS0tLUVORCBYLS0tLS0K";

    fn names(text: &str) -> Vec<(String, Option<usize>)> {
        let read = read(text);
        assert_eq!(read.problem, None, "{text}");
        let named = read.held.iter().inspect(|held| {
            assert_eq!(held.bytes.as_slice(), PEM.as_bytes(), "{}", held.name);
        });
        named.map(|held| (held.name.clone(), held.line)).collect()
    }

    #[test]
    fn secrets_and_config_maps() {
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\n  namespace: shop\ndata:\n  \
             tls.crt: {BASE64}\n  other: aGVsbG8=\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: ca}}\n\
             data:\n  ca.crt: |\n    -----BEGIN X-----\n    AA==\n    -----END X-----\n"
        );
        assert_eq!(
            names(&text),
            [
                ("Secret shop/web data.tls.crt".to_owned(), Some(7)),
                ("ConfigMap ca data.ca.crt".to_owned(), Some(15)),
            ]
        );
    }

    #[test]
    fn lists_and_json() {
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"List","items":[
            {{"data":{{"a":"{BASE64}"}},"kind":"Secret","metadata":{{"name":"one"}}}},
            {{"kind":"Secret","metadata":{{"name":"two"}},"stringData":{{"b":{}}}}}]}}"#,
            serde_json::to_string(PEM).unwrap()
        );
        let found: Vec<_> = names(&text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["Secret one data.a", "Secret two stringData.b"]);
    }

    #[test]
    fn kubeconfig() {
        let text = format!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-key-data: {BASE64}\n"
        );
        let found: Vec<_> = names(&text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["Config users[0].user.client-key-data"]);
    }

    /// Each of these ends quickly, with a reason or without a result.
    #[test]
    fn hostile_documents_end() {
        let begin = std::time::Instant::now();
        let mut bomb = "apiVersion: v1\nkind: Secret\na0: &a0 x\n".to_owned();
        for level in 1..60 {
            let below = format!("*a{}, ", level - 1).repeat(9);
            bomb += &format!("a{level}: &a{level} [{below}x]\n");
        }
        assert!(read(&bomb).held.is_empty());
        for text in [
            "[".repeat(1 << 20),
            "{\"a\":".repeat(1 << 18),
            "- ".repeat(1 << 19),
            format!("kind: {}", "[".repeat(1 << 20)),
            format!("a: {}", "{a: ".repeat(1 << 18)),
            (0..1 << 16)
                .map(|at| format!("{}a:\n", " ".repeat(at % 2000)))
                .collect(),
            "? ".repeat(1 << 19),
            "&a ".repeat(1 << 19),
            "a:\n".repeat(1 << 19),
            "\"".repeat(1 << 20),
            "a: b: c: ".repeat(1 << 16),
            "kind: {{ template }}\n".repeat(1 << 14),
        ] {
            read(&text);
        }
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }

    #[test]
    fn depth_is_bounded_and_said() {
        let level = |depth: usize| format!("{}a:\n", " ".repeat(depth));
        let problem = read(&(0..500).map(level).collect::<String>()).problem;
        assert!(problem.unwrap().contains("nested"));
        assert!(read(&"[".repeat(500)).problem.is_some());
        assert!(read(&"{\"a\":".repeat(500)).problem.is_some());
    }
}
