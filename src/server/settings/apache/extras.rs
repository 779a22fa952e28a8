//! Directives of mod_ssl other than certificates, keys and versions: the files that must exist, and
//! the values that httpd refuses. Measured: httpd 2.4.71.

use super::super::openssl::{DH_LABELS, Meaning, Tls13, meaning, tls13_suites};
use super::super::{Looked, NamedPath, Placed, few, path, shown};
use super::{Reader, authorities, lines, values};
use crate::cipher::APACHE_ADDS;
use crate::server::startup::StartOutcome;
use crate::source::Lines;

/// Files that must exist and not be empty (`ssl_cmd_check_file`).
const FILES: &[&str] = &[
    "SSLCADNRequestFile",
    "SSLCARevocationFile",
    "SSLOCSPResponderCertificateFile",
    "SSLProxyCACertificateFile",
    "SSLProxyCARevocationFile",
    "SSLProxyMachineCertificateChainFile",
    "SSLProxyMachineCertificateFile",
    "SSLSessionTicketKeyFile",
    "SSLSRPVerifierFile",
];

/// Directories that must exist (`ssl_cmd_check_dir`).
const DIRECTORIES: &[&str] = &[
    "SSLCACertificatePath",
    "SSLCADNRequestPath",
    "SSLCARevocationPath",
    "SSLProxyCACertificatePath",
    "SSLProxyCARevocationPath",
    "SSLProxyMachineCertificatePath",
];

/// How many files and directories of CA certificates one host names: there are twelve
/// directives, and the last of each counts.
const MOST_STORES: usize = 64;

/// OpenSSL commands that name CAs begin with these.
const AUTHORITIES: &[&str] = &["chain", "verify", "request", "client"];

/// How many OpenSSL commands one host may have: OpenSSL knows 30.
const MOST_COMMANDS: usize = 64;

impl Reader<'_, '_> {
    pub(super) fn extra(
        &mut self,
        name: &'static str,
        words: &[String],
        raw: &str,
        line: &lines::Line,
    ) {
        let at = line.first;
        let value = words.first().map_or("", String::as_str);
        let on = value.eq_ignore_ascii_case("on");
        if FILES.contains(&name) {
            self.file_directive(name, value, at);
            return;
        }
        if DIRECTORIES.contains(&name) {
            self.directory_directive(name, value, at);
            return;
        }
        match name {
            "SSLCipherSuite" => self.cipher_suite(words, line),
            "SSLHonorCipherOrder" => self.host().prefers_own_order = Some(on),
            "SSLOpenSSLConfCmd" => self.command(words, line),
            "SSLCARevocationCheck" => {
                let checks = !value.eq_ignore_ascii_case("none");
                let words = words.join(" ").to_ascii_lowercase();
                let host = self.host();
                host.revocation_check = Some((checks, at));
                host.revocation_words = Some(words);
            }
            "SSLProxyEngine" => self.host().proxies = Some(on),
            "SSLUseStapling" => self.host().stapling = Some((on, at)),
            "SSLStaplingForceURL" => self.host().stapling_forced = true,
            "SSLStaplingReturnResponderErrors" => self.host().stapling_errors = Some(on),
            "SSLStaplingFakeTryLater" => self.host().stapling_try_later = Some(on),
            "SSLSessionCache" => self.cache(name, value, at),
            "SSLStaplingCache" => {
                self.main.stapling_cache = true;
                self.cache(name, value, at);
            }
            "SSLRandomSeed" => self.seed(words, at),
            "SSLCryptoDevice" if !value.eq_ignore_ascii_case("builtin") => {
                let reason = "certcheck does not know which engines its OpenSSL has";
                self.settings.not_judged(name, reason, at);
            }
            "SSLFIPS" if on => {
                let reason = "certcheck does not know whether its OpenSSL has the FIPS provider";
                self.settings.not_judged(name, reason, at);
            }
            "SSLCompression" if on => {
                let message = "This version of OpenSSL does not have any compression methods \
                               available, cannot enable SSLCompression.";
                self.refuse(name, message, at);
            }
            "SSLPassPhraseDialog" => {
                if let Some(program) = value.strip_prefix("exec:") {
                    // httpd resolves it relative to ServerRoot, and checks for the file when it
                    // reads the directive (`ssl_cmd_SSLPassPhraseDialog`).
                    let program = path::join(&self.root, program);
                    self.settings.hold_secret(&program);
                    self.must_exist(name, "file", &program, at);
                }
            }
            "SSLProxyProtocol" => self.proxy_protocol(raw, at),
            "SSLProxyCipherSuite" => self.proxy_ciphers(words, line),
            "SSLProxyCARevocationCheck" => self.proxy_revocation(value, at),
            "SSLOCSPEnable" if !value.eq_ignore_ascii_case("off") => {
                let reason = "certcheck does not judge OCSP for client certificates";
                self.settings.not_judged(name, reason, at);
                self.host().ocsp = Some(at);
            }
            _ => {}
        }
    }

    fn file_directive(&mut self, name: &'static str, value: &str, at: usize) {
        let file = path::join(&self.root, value);
        if authorities::KEPT.contains(&name) {
            let empty = match self.settings.look(self.context, &file) {
                Some(Looked::Directory(_)) => true,
                Some(Looked::Read(source)) => source.bytes().is_empty(),
                // A missing one is reported here; an unread one is not judged.
                _ => {
                    let _ = self.settings.demanded(self.context, name, &file, at);
                    return;
                }
            };
            if empty {
                let message = format!("{name}: file '{}' does not exist or is empty", shown(&file));
                self.refuse(name, &message, at);
            } else {
                self.keep(name, file, at);
            }
            return;
        }
        let Some(bytes) = self.settings.demanded(self.context, name, &file, at) else {
            return;
        };
        let bytes = bytes.to_vec();
        let bytes = zeroize::Zeroizing::new(bytes);
        if bytes.is_empty() {
            let message = format!("{name}: file '{}' does not exist or is empty", shown(&file));
            self.refuse(name, &message, at);
            return;
        }
        let text = String::from_utf8_lossy(&bytes);
        let has = |label: &str| text.contains(&format!("-----BEGIN {label}"));
        let certificate =
            has("CERTIFICATE") || has("X509 CERTIFICATE") || has("TRUSTED CERTIFICATE");
        let sound = match name {
            // 16 bytes each for the name of the key, the HMAC's key and AES's key
            // (`TLSEXT_TICKET_KEY_LEN`); bytes after the 48 are not read.
            "SSLSessionTicketKeyFile" if bytes.len() < 48 => {
                let message = format!("AH02287: Failed to read 48 bytes from {}", shown(&file));
                self.settings.refuse(name, &message, at);
                return;
            }
            "SSLSessionTicketKeyFile" => true,
            "SSLOCSPResponderCertificateFile" => certificate,
            _ => false,
        };
        if !sound {
            let reason = format!("certcheck does not judge the contents of {}", shown(&file));
            self.settings.not_judged(name, reason, at);
        }
    }

    /// The directory of a log must exist when httpd starts; packages' directories may belong to
    /// another machine.
    pub(super) fn log_directory(&mut self, name: &str, file: &str, at: usize) {
        const PACKAGED: &[&str] = &["/var/log/", "/usr/local/", "/opt/", "/dev/"];
        // A missing directory elsewhere was chosen by the administrator, so its absence is a fault
        // of this configuration.
        let packaged = PACKAGED.iter().any(|own| file.starts_with(own));
        if !file.starts_with('/') || file.contains("${") || packaged {
            return;
        }
        let directory = file
            .rsplit_once('/')
            .map_or("/", |(directory, _)| directory);
        if matches!(
            self.settings.look(self.context, directory),
            Some(Looked::Missing)
        ) {
            let reason = format!("there is no directory {} here", shown(directory));
            self.settings.not_judged(name, reason, at);
        }
    }

    fn directory_directive(&mut self, name: &'static str, value: &str, at: usize) {
        let directory = path::join(&self.root, value);
        match self.settings.look(self.context, &directory) {
            Some(Looked::Directory(_)) => self.keep(name, directory, at),
            Some(Looked::Missing | Looked::Read(_)) => {
                let message = format!("{name}: directory '{}' does not exist", shown(&directory));
                self.refuse(name, &message, at);
            }
            Some(Looked::Unreadable(reason)) => {
                let reason = format!("{}: {reason}", shown(&directory));
                self.settings.not_judged(name, reason, at);
            }
            None => {
                let reason = format!("certcheck did not check {}", shown(&directory));
                self.settings.not_judged(name, reason, at);
            }
        }
    }

    /// Its effect is known once the whole host is read.
    fn keep(&mut self, name: &'static str, path: String, line: usize) {
        let stores = &mut self.host().stores;
        if stores.len() < MOST_STORES {
            stores.push(authorities::Store { name, path, line });
        }
    }

    /// `SSLCipherSuite [SSL|TLSv1.3] SUITES`.
    fn cipher_suite(&mut self, words: &[String], line: &lines::Line) {
        let at = line.first;
        let Some((protocol, list)) = values::suites(words) else {
            return;
        };
        match protocol {
            "SSL" => {
                self.host().ciphers = Some(Placed {
                    // As `ssl_cmd_SSLCipherSuite` adds it.
                    value: format!("{list}{APACHE_ADDS}"),
                    lines: Some(Lines::new(line.first, line.last)),
                });
            }
            "TLSv1.3" => match tls13_suites(list) {
                Tls13::Good => self.host().suites13 = placed(list, line),
                Tls13::Refused => {
                    let message = format!(
                        "no cipher match: OpenSSL knows no suite in `{}`",
                        shown(list)
                    );
                    self.settings.refuse("SSLCipherSuite", &message, at);
                }
                Tls13::Unusual => {
                    let reason = "clients may share none of these suites with the server";
                    self.settings.negotiated("SSLCipherSuite", reason, at);
                    self.host().suites13 = placed(list, line);
                }
            },
            _ => {}
        }
    }

    /// What httpd checks before OpenSSL does, for a command with a file or a directory
    /// (`ssl_cmd_SSLOpenSSLConfCmd`): whether that ends the configuration test.
    fn command_path(&mut self, kind: &str, path: &str, at: usize) -> bool {
        const NAME: &str = "SSLOpenSSLConfCmd";
        let of = |ends: &str| {
            AUTHORITIES
                .iter()
                .any(|of| kind.strip_prefix(of) == Some(ends))
        };
        let looked = if of("cafile") || of("capath") {
            self.settings.look(self.context, path)
        } else {
            None
        };
        let message = match looked {
            Some(Looked::Missing) if of("cafile") => "file '{}' does not exist or is empty",
            Some(Looked::Directory(_)) if of("cafile") => "file '{}' does not exist or is empty",
            Some(Looked::Read(source)) if of("cafile") && source.bytes().is_empty() => {
                "file '{}' does not exist or is empty"
            }
            Some(Looked::Missing | Looked::Read(_)) if of("capath") => {
                "directory '{}' does not exist"
            }
            _ => return false,
        };
        let message = format!("{NAME}: {}", message.replace("{}", &shown(path)));
        self.refuse(NAME, &message, at);
        true
    }

    fn command(&mut self, words: &[String], line: &lines::Line) {
        const NAME: &str = "SSLOpenSSLConfCmd";
        let [command, value] = words else { return };
        // As `ssl_cmd_SSLOpenSSLConfCmd` adds it (measured: 2.4.71).
        let safe;
        let value = if command.eq_ignore_ascii_case("CipherString") {
            safe = format!("{value}{APACHE_ADDS}");
            &safe
        } else {
            value
        };
        let at = line.first;
        let file = || NamedPath {
            setting: NAME,
            written: value.clone(),
            path: path::join(&self.root, value),
            lines: Some(Lines::new(line.first, line.last)),
        };
        match command.to_ascii_lowercase().as_str() {
            "certificate" => {
                let file = file();
                // These two do more than run an OpenSSL command: the host then has one more
                // certificate, which no SSLCertificateFile names.
                few(&mut self.host().command_certificates, file);
                return;
            }
            "privatekey" => {
                let file = file();
                few(&mut self.host().command_keys, file);
                return;
            }
            "dhparameters" => {
                let file = file();
                // The decoder accepts no other kind of parameters (measured: 2.4.71).
                let labels = DH_LABELS.get(..1).unwrap_or_default();
                let bits = self.settings.demanded_prime(
                    self.context,
                    (NAME, &file.path),
                    labels,
                    (StartOutcome::StartFails.noticed(), at),
                );
                self.host().dh = bits.map(|bits| (file, bits));
                return;
            }
            "serverinfofile" => {
                let file = file().path;
                let _ = self.settings.demanded(self.context, NAME, &file, at);
            }
            kind => {
                let noticed = StartOutcome::StartFails.noticed();
                let named = file();
                let path = named.path.clone();
                if self.command_path(kind, &path, at) {
                    return;
                }
                let before = self.settings.facts.len();
                self.settings
                    .command_authorities(self.context, (NAME, kind), &path, (noticed, at));
                if kind == "chaincafile" && self.settings.facts.len() == before {
                    self.host().chain_store = Some(named);
                    return;
                }
            }
        }
        let meaning = meaning(command, value);
        let host = self.host();
        // What OpenSSL refuses changes nothing else.
        let refused = matches!(meaning, Meaning::Refused(_));
        if !refused && host.commands.len() < MOST_COMMANDS {
            host.commands.push(Placed {
                value: (command.clone(), value.clone()),
                lines: Some(Lines::new(line.first, line.last)),
            });
        }
        match meaning {
            Meaning::Nothing | Meaning::Negotiates { usual: true } => {}
            Meaning::Negotiates { usual: false } => {
                let reason = format!(
                    "certcheck does not judge whether clients agree with `{}`",
                    shown(command)
                );
                self.settings.negotiated(NAME, &reason, at);
            }
            Meaning::Refused(message) if message.starts_with("unknown") => {
                let message = format!(
                    "'{}': invalid OpenSSL configuration command",
                    shown(command)
                );
                self.refuse(NAME, &message, at);
            }
            Meaning::Refused(message) => {
                let message = format!("`{} {}`: {message}", shown(command), shown(value));
                self.settings.refuse(NAME, &message, at);
            }
            Meaning::Unknown => {
                let reason = format!(
                    "certcheck does not judge what OpenSSL's `{}` changes",
                    shown(command)
                );
                self.settings.not_judged(NAME, reason, at);
            }
        }
    }
}

fn placed(value: &str, line: &lines::Line) -> Option<Placed<String>> {
    Some(Placed {
        value: value.to_owned(),
        lines: Some(Lines::new(line.first, line.last)),
    })
}
