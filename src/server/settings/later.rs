//! What a server decides by the client's certificate after the handshake: conditions and rules of
//! its requests, which certcheck does not evaluate. A program behind the server may decide as well;
//! what only hands the certificate on to it, or writes it to a log, does not count.

use super::Settings;

/// nginx's directives that only hand variables on.
const HANDS_ON: &[&str] = &[
    "access_log",
    "add_header",
    "add_trailer",
    "fastcgi_param",
    "grpc_set_header",
    "log_format",
    "proxy_set_header",
    "scgi_param",
    "uwsgi_param",
];

/// The same of httpd, in lower case.
const HTTPD_HANDS_ON: &[&str] = &[
    "customlog",
    "errorlogformat",
    "header",
    "logformat",
    "requestheader",
    "sslusername",
    "transferlog",
];

/// And of HAProxy.
const LOGS: &[&str] = &[
    "error-log-format",
    "log-format",
    "log-format-sd",
    "log-tag",
    "unique-id-format",
];

impl Settings {
    /// Notes that this setting may refuse a client because of its certificate.
    pub(super) fn decides_later(&mut self, setting: &str) {
        let reason = || {
            format!(
                "certcheck did not judge `{setting}`, by which the server decides after the \
                 handshake"
            )
        };
        let _ = self.later.get_or_insert_with(reason);
    }

    /// A directive of nginx.
    pub(super) fn nginx_decides(&mut self, words: &[String]) {
        let Some((name, arguments)) = words.split_first() else {
            return;
        };
        let asks = |word: &String| word.contains("$ssl_client_") || word.contains("${ssl_client_");
        if !HANDS_ON.contains(&name.as_str()) && arguments.iter().any(asks) {
            self.decides_later(name);
        }
    }

    /// A directive of httpd, or the first line of a section; `name` in lower case.
    pub(super) fn httpd_decides(&mut self, name: &str, written: &str, text: &str) {
        let text = text.to_ascii_lowercase();
        let asks = ["ssl_client_", "peerextlist", "%{ssl:"];
        let asks = asks.iter().any(|one| text.contains(one)) && !HTTPD_HANDS_ON.contains(&name);
        if name == "sslrequire" || asks {
            self.decides_later(written);
        }
    }

    /// A line of HAProxy.
    pub(super) fn haproxy_decides(&mut self, keyword: &str, arguments: &[String]) {
        let asks = |word: &String| word.contains("ssl_c_") || word.contains("ssl_fc_has_crt");
        let first = arguments.first().map_or("", String::as_str);
        let hands_on =
            LOGS.contains(&keyword) || matches!(first, "set-header" | "add-header" | "capture");
        if !hands_on && arguments.iter().any(asks) {
            self.decides_later(keyword);
        }
    }
}
