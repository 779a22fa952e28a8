//! `gate`.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Pass only if the files are still what a preflight judged
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck preflight --server nginx --config nginx.conf --receipt receipt.json
  certcheck gate receipt.json && systemctl reload nginx
  certcheck gate receipt.json --max-age 24h

The exit code is 0 only if the verdict was a pass, every file that was read
(settings and includes too) is byte for byte the same, what was missing is still
missing, and nothing has expired since. Relative paths start in the working
directory. Of a password file, it sees only that the file exists, and says so.
A receipt is not signed: keep it where only the deployment can write.
The gate cannot see what happens to the files afterwards; see docs/receipts.md.")]
pub(crate) struct Gate {
    /// The receipt that `preflight --receipt` wrote
    #[arg(value_name = "RECEIPT", value_hint = ValueHint::FilePath)]
    pub(crate) receipt: PathBuf,
    /// Refuse a receipt that is older: 90m, 24h, 7d, or seconds
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub(crate) max_age: Option<u64>,
}

/// `90m`, `24h`, `7d`, `3600s`, `3600`.
fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().next_back() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let number: Option<u64> = number.parse().ok();
    number
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| format!("`{text}` is not a time such as 90m, 24h or 7d"))
}
