//! The media types file, without which mod_mime prevents the start: `apachectl -t` does not check
//! for it (`mime_post_config`). Measured: httpd 2.4.71.

use super::super::{Looked, path, shown};
use super::{Reader, modules};

/// Where httpd looks without a `TypesConfig`, below `ServerRoot`: on Debian and elsewhere.
const BY_DEFAULT: &[&str] = &["mime.types", "conf/mime.types"];

/// Where packages have the file: if it is missing, it may be another machine's.
const PACKAGED: &[&str] = &["/etc/mime.types", "/usr/", "/opt/"];

impl Reader<'_, '_> {
    /// Looks for the file; `here`: the modules, and so httpd, are on this machine.
    pub(super) fn check_types(&mut self, here: bool) {
        let loaded = self.modules.are_listed() && !self.unread;
        if !loaded || self.modules.has("mod_mime.c", false) != modules::Known::Yes {
            return;
        }
        let Some((file, line)) = self.main.types.clone() else {
            self.default_types(here);
            return;
        };
        let stops = match self.settings.look(self.context, &file) {
            Some(Looked::Missing) => here || !PACKAGED.iter().any(|own| file.starts_with(own)),
            Some(Looked::Directory(_)) => true,
            _ => false,
        };
        if stops {
            self.refuse_types(&file, line);
        }
    }

    fn default_types(&mut self, here: bool) {
        let mut missing = true;
        for file in BY_DEFAULT {
            let file = path::join(&self.root, file);
            missing &= matches!(
                self.settings.look(self.context, &file),
                Some(Looked::Missing)
            );
        }
        let line = self.loaded_at("mime_module");
        if let Some(line) = line.filter(|_| missing && here) {
            let file = path::join(&self.root, "mime.types");
            self.refuse_types(&file, line);
        }
    }

    fn refuse_types(&mut self, file: &str, line: usize) {
        let message = format!(
            "AH01597: could not open mime types config file {}",
            shown(file)
        );
        self.settings.refuse("TypesConfig", &message, line);
    }
}
