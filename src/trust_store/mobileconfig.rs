//! A configuration profile of macOS (Apple, "Configuration Profile Reference":
//! payloads `com.apple.security.root` and `com.apple.security.pkcs1`).

use super::item::Item;
use crate::model::sha256;
use std::fmt::Write;

/// Name and content of a profile with these certificates: roots in it are trusted, others are added
/// without trust. It contains no text from a certificate.
pub(super) fn mobileconfig(items: &[Item]) -> Option<(String, String)> {
    if items.is_empty() {
        return None;
    }
    let all: Vec<u8> = items
        .iter()
        .flat_map(|item| *item.sha256.as_bytes())
        .collect();
    let digits = sha256(&all).to_string();
    let name = format!("certcheck-{}", digits.get(..12).unwrap_or_default());
    let mut payloads = String::new();
    for item in items {
        let kind = if item.role.is_self_signed() {
            "root"
        } else {
            "pkcs1"
        };
        let base64: String = item
            .pem
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .fold(String::new(), |mut text, line| {
                let _ = writeln!(text, "        {line}");
                text
            });
        let uuid = uuid(&item.sha256.to_string());
        let stem = &item.stem;
        let _ = write!(
            payloads,
            "    <dict>\n      <key>PayloadType</key>\n      <string>com.apple.security.{kind}</string>\n      <key>PayloadIdentifier</key>\n      <string>{name}.{stem}</string>\n      <key>PayloadUUID</key>\n      <string>{uuid}</string>\n      <key>PayloadVersion</key>\n      <integer>1</integer>\n      <key>PayloadDisplayName</key>\n      <string>{stem}</string>\n      <key>PayloadCertificateFileName</key>\n      <string>{stem}.cer</string>\n      <key>PayloadContent</key>\n      <data>\n{base64}      </data>\n    </dict>\n"
        );
    }
    let uuid = uuid(&digits);
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n  <key>PayloadContent</key>\n  <array>\n{payloads}  </array>\n  <key>PayloadDisplayName</key>\n  <string>{name}</string>\n  <key>PayloadIdentifier</key>\n  <string>{name}</string>\n  <key>PayloadScope</key>\n  <string>System</string>\n  <key>PayloadType</key>\n  <string>Configuration</string>\n  <key>PayloadUUID</key>\n  <string>{uuid}</string>\n  <key>PayloadVersion</key>\n  <integer>1</integer>\n</dict>\n</plist>\n"
    );
    Some((name, content))
}

/// A UUID of version 8 (RFC 9562 5.8) from a digest's digits: the same
/// certificates make the same profile.
fn uuid(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
    .to_uppercase()
}
