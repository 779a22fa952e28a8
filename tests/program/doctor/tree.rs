//! A small tree as Debian's packages leave it, and the steps that switch TLS on.

use crate::support::program::{pki, put};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

/// The four servers as Debian installs them, shortened to what decides.
pub(super) fn debian(root: &Path) {
    for directory in [
        "etc/apache2/sites-available",
        "etc/apache2/sites-enabled",
        "etc/apache2/mods-available",
        "etc/apache2/mods-enabled",
        "etc/nginx/sites-available",
        "etc/nginx/sites-enabled",
        "etc/nginx/snippets",
        "etc/haproxy",
        "etc/postgresql/15/main/conf.d",
        "etc/ssl/certs",
        "etc/ssl/private",
        "usr/lib/systemd/system",
        "usr/lib/apache2/modules",
        "var/lib/postgresql/15/main",
    ] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    let file = |name: &str, text: &str| put(root, name, text.as_bytes());
    file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    // Names of users and groups are looked up in the tree, and never on the machine that runs the
    // test.
    file("etc/group", "root:x:0:\nwww-data:x:33:\n");
    // As much of a module as is looked at: the kind of file, and the symbol of its structure.
    file(
        "usr/lib/apache2/modules/mod_ssl.so",
        "\x7fELF\0ssl_module\0",
    );
    file(
        "usr/lib/apache2/modules/mod_mpm_event.so",
        "\x7fELF\0mpm_event_module\0",
    );
    file(
        "etc/apache2/mods-enabled/mpm_event.load",
        "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
    );
    file(
        "etc/apache2/apache2.conf",
        "User ${APACHE_RUN_USER}\nIncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\n\
         Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\nIncludeOptional sites-enabled/*.conf\n",
    );
    file(
        // Debian's httpd refuses to start without these variables; doctor reads them as apache2ctl
        // does, without running a shell.
        "etc/apache2/envvars",
        "export APACHE_RUN_USER=www-data\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n",
    );
    file(
        "etc/apache2/mods-available/ssl.load",
        "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n",
    );
    file(
        "etc/apache2/sites-available/000-default.conf",
        "<VirtualHost *:80>\n</VirtualHost>\n",
    );
    file(
        "etc/apache2/sites-available/default-ssl.conf",
        "<VirtualHost *:443>\n\tSSLEngine on\n\tSSLProtocol -all +TLSv1.2 +TLSv1.3\n\
         \tSSLCertificateFile /etc/ssl/certs/site.pem\n\tSSLCertificateKeyFile /etc/ssl/private/site.key\n</VirtualHost>\n",
    );
    symlink(
        "../sites-available/000-default.conf",
        root.join("etc/apache2/sites-enabled/000-default.conf"),
    )
    .unwrap();
    file(
        "etc/nginx/nginx.conf",
        "user www-data;\nevents {}\nhttp {\n\tssl_protocols TLSv1.2 TLSv1.3;\n\tinclude /etc/nginx/sites-enabled/*;\n}\n",
    );
    nginx(root, false);
    file(
        "etc/nginx/snippets/site.conf",
        "ssl_certificate /etc/ssl/certs/site.pem;\nssl_certificate_key /etc/ssl/private/site.key;\n",
    );
    symlink(
        "/etc/nginx/sites-available/default",
        root.join("etc/nginx/sites-enabled/default"),
    )
    .unwrap();
    haproxy(root, false);
    file(
        "usr/lib/systemd/system/haproxy.service",
        "[Service]\nEnvironmentFile=-/etc/default/haproxy\nEnvironment=\"CONFIG=/etc/haproxy/haproxy.cfg\"\n\
         ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -p /run/haproxy.pid $EXTRAOPTS\n",
    );
    postgres(root, false);
    put(
        root,
        "etc/ssl/certs/site.pem",
        &fs::read(pki("fullchain.crt")).unwrap(),
    );
    // PostgreSQL takes a key that is its own, or root's and its group's.
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    let facts = fs::metadata(root).unwrap();
    // The test runs as root in CI and as an ordinary user elsewhere: both must pass PostgreSQL's
    // rule.
    let (mode, uid) = match facts.uid() {
        0 => (0o640, 70),
        owner => (0o600, owner),
    };
    let users = format!(
        "root:x:0:0::/root:/bin/sh
www-data:x:33:33::/:/bin/sh
postgres:x:{uid}:{}::/:/bin/sh
",
        facts.gid()
    );
    file("etc/passwd", &users);
    let own = put(
        root,
        "etc/ssl/private/db.key",
        &fs::read(pki("server.key")).unwrap(),
    );
    fs::set_permissions(&own, fs::Permissions::from_mode(mode)).unwrap();
    let key = put(
        root,
        "etc/ssl/private/site.key",
        &fs::read(pki("server.key")).unwrap(),
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let both = put(
        root,
        "etc/haproxy/site.pem",
        &fs::read(pki("combined.pem")).unwrap(),
    );
    fs::set_permissions(&both, fs::Permissions::from_mode(0o600)).unwrap();
}

pub(super) fn nginx(root: &Path, tls: bool) {
    let off = if tls { "" } else { "#" };
    let text = format!(
        "server {{\n\tlisten 80 default_server;\n\t{off}listen 443 ssl default_server;\n\t{off}include snippets/site.conf;\n\tserver_name _;\n}}\n"
    );
    put(root, "etc/nginx/sites-available/default", text.as_bytes());
}

pub(super) fn haproxy(root: &Path, tls: bool) {
    let mut text = "global\n\tssl-default-bind-options ssl-min-ver TLSv1.2\ndefaults\n\tmode http\n\ttimeout client 1s\n\ttimeout server 1s\n\ttimeout connect 1s\n".to_owned();
    if tls {
        text.push_str("frontend www\n\tbind :8443 ssl crt /etc/haproxy/site.pem\n");
    }
    put(root, "etc/haproxy/haproxy.cfg", text.as_bytes());
}

pub(super) fn postgres(root: &Path, tls: bool) {
    let ssl = if tls { "on" } else { "off" };
    let text = format!(
        "data_directory = '/var/lib/postgresql/15/main'\nport = 5432\nssl = {ssl}\n\
         ssl_cert_file = '/etc/ssl/certs/site.pem'\nssl_key_file = '/etc/ssl/private/db.key'\n"
    );
    put(
        root,
        "etc/postgresql/15/main/postgresql.conf",
        text.as_bytes(),
    );
}

/// TLS as each package's own files say how.
pub(super) fn switch_on(root: &Path) {
    let enable = |from: &str, to: &str| symlink(from, root.join("etc/apache2").join(to)).unwrap();
    enable("../mods-available/ssl.load", "mods-enabled/ssl.load");
    enable(
        "../sites-available/default-ssl.conf",
        "sites-enabled/default-ssl.conf",
    );
    nginx(root, true);
    haproxy(root, true);
    postgres(root, true);
}
