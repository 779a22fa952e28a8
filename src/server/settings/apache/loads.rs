//! What `LoadModule` and `LoadFile` load: a file that must exist, contain the module, and come
//! after what it needs. Measured: httpd 2.4.71 with every module of Debian 12.

use super::super::{Looked, path, shown};
use super::{Reader, table};
use crate::rule;

/// One `LoadModule`, or a `LoadFile` without a name.
#[derive(Debug)]
pub(super) struct Load {
    name: String,
    /// As written.
    file: String,
    path: String,
    line: usize,
    /// The module whose symbols it lacks, because that is not loaded before it.
    lacks: Option<&'static str>,
}

/// How many are examined: Debian's httpd has 127 modules.
const MOST: usize = 1024;

/// Where Debian has its modules; its httpd has only the MPMs there.
const DEBIAN: &str = "/usr/lib/apache2/modules/";

/// Where packages have theirs: if these are missing, they may be another machine's.
const PACKAGED: &[&str] = &["/usr/", "/opt/"];

/// Modules that are linked with another one, which must be loaded first.
fn linked_with(name: &str) -> Option<&'static str> {
    Some(match name.strip_suffix("_module")? {
        "cache_disk" | "cache_socache" => "cache_module",
        "dav_fs" | "dav_lock" => "dav_module",
        "session_cookie" | "session_crypto" | "session_dbd" => "session_module",
        "proxy_html" => return None,
        proxy if proxy.starts_with("proxy_") => "proxy_module",
        _ => return None,
    })
}

/// Modules with which httpd starts only if another one is loaded, and its message.
const DEMANDS: &[(&str, &str, &str)] = &[
    (
        "auth_form_module",
        "session_module",
        "AH02617: You must load mod_session to enable the mod_auth_form functions",
    ),
    (
        "authnz_ldap_module",
        "ldap_module",
        "AH01749: Module mod_ldap missing. Mod_ldap (aka. util_ldap) must be loaded in order \
         for mod_authnz_ldap to function properly",
    ),
    (
        "lbmethod_bybusyness_module",
        "proxy_module",
        "AH10151: mod_proxy must be loaded for mod_lbmethod_bybusyness",
    ),
    (
        "lbmethod_byrequests_module",
        "proxy_module",
        "AH10152: mod_proxy must be loaded for mod_lbmethod_byrequests",
    ),
    (
        "lbmethod_bytraffic_module",
        "proxy_module",
        "AH10150: mod_proxy must be loaded for mod_lbmethod_bytraffic",
    ),
    (
        "proxy_balancer_module",
        "slotmem_shm_module",
        "AH01177: Failed to lookup provider 'shm' for 'slotmem': is mod_slotmem_shm loaded??",
    ),
    (
        "heartmonitor_module",
        "slotmem_shm_module",
        "AH02284: failed to lookup provider 'shm' for 'slotmem', maybe you need to load \
         mod_slotmem_shm?",
    ),
];

/// The modules of which httpd needs exactly one.
const MPMS: &[&str] = &[
    "mpm_event_module",
    "mpm_prefork_module",
    "mpm_worker_module",
];

/// The first bytes of files that a system loads: ELF, and Mach-O in its forms.
const OBJECTS: &[&[u8]] = &[
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];

impl Reader<'_, '_> {
    /// `LoadModule NAME FILE`. Modules are recorded in file order: a condition before its
    /// `LoadModule` does not hold.
    pub(super) fn load_module(&mut self, name: &str, file: &str, line: usize) {
        let lacks = linked_with(name).filter(|needed| !self.is_loaded(needed) && !self.unread);
        self.modules.load(name);
        self.load(name, file, lacks, line);
    }

    pub(super) fn load_file(&mut self, file: &str, line: usize) {
        self.load("", file, None, line);
    }

    fn load(&mut self, name: &str, file: &str, lacks: Option<&'static str>, line: usize) {
        if self.loads.len() < MOST {
            self.loads.push(Load {
                name: name.to_owned(),
                file: file.to_owned(),
                path: path::join(&self.root, file),
                line,
                lacks,
            });
        }
    }

    fn is_loaded(&self, name: &str) -> bool {
        self.loads.iter().any(|load| load.name == name)
    }

    /// Judges what was loaded, once all of it is known.
    pub(super) fn check_loads(&mut self) {
        let loads = std::mem::take(&mut self.loads);
        let there = |load: &Load| {
            let looked = self
                .context
                .looked
                .and_then(|looked| looked.get(&load.path));
            matches!(looked, Some(Looked::Read(_)))
        };
        // If no module is found at all, httpd runs on another machine.
        let here = loads.iter().any(there);
        for load in &loads {
            self.check_load(load, here);
        }
        let named = |name: &str| loads.iter().find(|load| load.name == name);
        for (name, needed, message) in DEMANDS {
            if let Some(load) = named(name)
                && named(needed).is_none()
                && !self.unread
            {
                self.settings.refuse("LoadModule", message, load.line);
            }
        }
        let processing: Vec<&Load> = MPMS.iter().filter_map(|name| named(name)).collect();
        match (processing.as_slice(), loads.first()) {
            // An MPM assigns processes and threads to requests: there can be only one.
            ([_, second, ..], _) => {
                let message = "AH00534: Configuration error: More than one MPM loaded.";
                self.refuse("LoadModule", message, second.line);
            }
            ([], Some(first)) if !self.unread && self.has_shared_mpms(&loads) => {
                let message = "AH00534: Configuration error: No MPM loaded.";
                self.refuse("LoadModule", message, first.line);
            }
            _ => {}
        }
        self.loads = loads;
        self.check_types(here);
    }

    /// The line that loads a module.
    pub(super) fn loaded_at(&self, name: &str) -> Option<usize> {
        let load = self.loads.iter().find(|load| load.name == name);
        load.map(|load| load.line)
    }

    /// Whether the MPMs are modules to load, and none is built into httpd: they are in the modules'
    /// directory.
    fn has_shared_mpms(&mut self, loads: &[Load]) -> bool {
        let Some(module) = loads.iter().find(|load| !load.name.is_empty()) else {
            return false;
        };
        if module.path.starts_with(DEBIAN) {
            return true;
        }
        let directory = module.path.rsplit_once('/').map_or("", |(above, _)| above);
        match self.settings.look(self.context, directory) {
            Some(Looked::Directory(names)) => names.iter().any(|name| name.starts_with("mod_mpm_")),
            _ => false,
        }
    }

    fn check_load(&mut self, load: &Load, here: bool) {
        let setting = if load.name.is_empty() {
            "LoadFile"
        } else {
            "LoadModule"
        };
        let file = shown(&load.path);
        let built_in = |name: &str| {
            let bare = name.strip_suffix("_module").unwrap_or(name);
            table::STATIC.contains(&format!("mod_{bare}.c").as_str())
        };
        if load.path.starts_with(DEBIAN) && built_in(&load.name) {
            let message = format!(
                "module {} is built-in and can't be loaded",
                shown(&load.name)
            );
            self.refuse(setting, &message, load.line);
            return;
        }
        match self.settings.look(self.context, &load.path) {
            Some(Looked::Read(source)) => {
                let bytes = source.bytes();
                if !OBJECTS.iter().any(|magic| bytes.starts_with(magic)) {
                    let message =
                        format!("Cannot load {file} into server: it is not a shared object");
                    self.refuse(setting, &message, load.line);
                    return;
                }
                // `apr_dso_sym` with the name from the directive: this detects a module under
                // another file's name.
                if !load.name.is_empty() && !has_symbol(bytes, &load.name) {
                    let message = format!(
                        "Can't locate API module structure `{}' in file {file}: undefined symbol",
                        shown(&load.name)
                    );
                    self.refuse(setting, &message, load.line);
                    return;
                }
            }
            Some(Looked::Directory(_)) => {
                let message = format!("Cannot load {file} into server: it is a directory");
                self.refuse(setting, &message, load.line);
                return;
            }
            Some(Looked::Missing) => {
                let directory = load.path.rsplit_once('/').map_or("/", |(above, _)| above);
                let beside = match self.settings.look(self.context, directory) {
                    Some(Looked::Directory(_)) => true,
                    _ => here,
                };
                let packaged = !load.file.starts_with('/')
                    || PACKAGED.iter().any(|own| load.file.starts_with(own));
                if beside {
                    let fact = rule::config::MissingFile {
                        setting: setting.to_owned(),
                        path: file,
                        problem: "there is no such file".to_owned(),
                    };
                    self.settings.note(fact, load.line);
                    return;
                } else if !packaged {
                    let reason = format!("there is no directory {} here", shown(directory));
                    self.settings.not_judged(setting, reason, load.line);
                }
            }
            _ => {}
        }
        if let Some(needed) = load.lacks {
            let message = format!(
                "Cannot load {file} into server: undefined symbol: it needs {needed}, loaded in \
                 front of it"
            );
            self.refuse(setting, &message, load.line);
        }
    }
}

/// Whether a name is among the strings of a shared object.
fn has_symbol(bytes: &[u8], name: &str) -> bool {
    let mut wanted = name.as_bytes().to_vec();
    wanted.push(0);
    // Mach-O puts an underscore before it.
    let before = |byte: Option<&u8>| matches!(byte, None | Some(0 | b'_'));
    bytes.windows(wanted.len()).enumerate().any(|(at, window)| {
        window == wanted && before(at.checked_sub(1).and_then(|at| bytes.get(at)))
    })
}

#[cfg(test)]
mod tests {
    use super::{has_symbol, linked_with};

    #[test]
    fn a_symbol_is_a_whole_string() {
        assert!(has_symbol(b"\x7fELF\0ssl_module\0", "ssl_module"));
        assert!(!has_symbol(b"\x7fELF\0ssl_module_x\0", "ssl_module"));
        assert!(!has_symbol(b"\x7fELF\0openssl_module\0", "ssl_module"));
        assert!(!has_symbol(b"", "ssl_module"));
    }

    #[test]
    fn modules_that_need_others() {
        assert_eq!(linked_with("proxy_http_module"), Some("proxy_module"));
        assert_eq!(linked_with("proxy_html_module"), None);
        assert_eq!(linked_with("proxy_module"), None);
        assert_eq!(linked_with("session_cookie_module"), Some("session_module"));
    }
}
