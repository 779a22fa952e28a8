//! `user`: nginx looks both names up when it is started, and by `nginx -t`, as root.

use super::super::{Context, Looked, Settings, lossy, shown};
use super::TEST;
use super::prefix::PREFIXES;

/// Users that nginx packages or systems create: if one is missing here, the settings may belong to
/// another machine.
const USUAL: &[&str] = &["root", "nginx", "www-data", "http", "www", "apache"];

/// The directive's words: the user, and the group, which has the user's name if none is given.
pub(super) fn check(words: &[String], line: usize, context: &Context<'_>, settings: &mut Settings) {
    let [_, user, rest @ ..] = words else { return };
    let group = rest.first().unwrap_or(user);
    for (name, file, call) in [
        (user, "/etc/passwd", "getpwnam"),
        (group, "/etc/group", "getgrnam"),
    ] {
        if name.contains('$') {
            continue;
        }
        let known = match settings.look(context, file) {
            Some(Looked::Read(source)) => {
                let text = lossy(source.bytes());
                Some(
                    text.lines()
                        .any(|entry| entry.split(':').next() == Some(name)),
                )
            }
            _ => None,
        };
        let usual = USUAL.contains(&name.as_str());
        // Without the file (`--root` of a backup), an account that packages create is assumed, as
        // for httpd and HAProxy.
        let assumed = usual && (known.is_none() || !PREFIXES.contains(&context.base));
        if known == Some(true) || assumed {
            continue;
        }
        if known == Some(false) && PREFIXES.contains(&context.base) {
            let message = format!("{call}(\"{}\") failed", shown(name));
            settings.refuse_at("user", &message, TEST, line);
            return;
        }
        let reason = format!(
            "certcheck does not know whether {file} contains `{}` where nginx runs: without it nginx does not start",
            shown(name)
        );
        settings.not_judged("user", reason, line);
        return;
    }
}
