//! `--bundle`: secrets in every place of every syntax, none of which is in the bundle.
#![cfg(feature = "cli")]

use crate::bundle::{files, member, unpacked};
use crate::support::program::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// Every secret below has this in it, in some letters.
const SECRET: &str = "s3cret";

const NGINX: &[&str] = &[
    "--server",
    "nginx",
    "--config",
    "nginx.conf",
    "--config-base",
    ".",
];
const HAPROXY: &[&str] = &["--server", "haproxy", "--config", "haproxy.cfg"];
const APACHE: &[&str] = &[
    "--server",
    "apache",
    "--config",
    "httpd.conf",
    "--config-base",
    ".",
];
const POSTGRES: &[&str] = &["--server", "postgres", "--config", "postgresql.conf"];
const TABPY: &[&str] = &["--server", "tabpy", "--config", "tabpy.conf"];
const RSERVE: &[&str] = &["--server", "rserve", "--config", "Rserv.conf"];

/// Runs a preflight of these files with a bundle, and looks for the secrets in every member.
fn searched(given: &[(&str, &str)], words: &[&[&str]]) -> BTreeMap<String, String> {
    let dir = scratch();
    files(dir.path());
    for (name, text) in given {
        put(dir.path(), name, text.as_bytes());
    }
    let members = run(dir.path(), &words.concat());
    for (name, text) in &members {
        for text in [name, text] {
            let small = text.to_lowercase();
            let found = small.lines().find(|line| line.contains(SECRET));
            assert!(found.is_none(), "{name}: {found:?}");
        }
    }
    members
}

fn run(dir: &Path, words: &[&str]) -> BTreeMap<String, String> {
    let mut command = program();
    command.arg("preflight").args(words);
    command.args(["--bundle", "out.tar.gz", "--at", AT]);
    let output = command.current_dir(dir).output().unwrap();
    assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
    unpacked(&dir.join("out.tar.gz"))
}

fn nginx_with(http: &str, server: &str, location: &str) -> String {
    format!(
        "events {{}}\nhttp {{\n{http}\nserver {{\n  listen 443 ssl; server_name server.example.test;\n  \
         ssl_certificate fullchain.crt; ssl_certificate_key server.key;\n{server}\n  \
         location / {{ {location} }}\n}}\n}}\n"
    )
}

#[test]
fn nginx_blocks_quotes_and_lua() {
    for (http, server, location) in [
        (
            "map $host $k { default \"Basic S3Cret-map\"; local S3Cret-2; ssl.example.com S3Cret-4; \
             listen S3Cret-5; ssl_certificate S3Cret-6; }",
            "",
            "return 200;",
        ),
        (
            "geo $x { default S3Cret-geo; 10.0.0.0/8 S3Cret-2; }",
            "",
            "return 200;",
        ),
        (
            "",
            "",
            "content_by_lua_block {\n local r = require \"redis\"\n r:auth(\"S3Cret-lua\") } \n\
             ssl_certificate S3Cret-3;\n",
        ),
        (
            "",
            "location /o'brien/ { proxy_set_header Authorization \"Basic S3Cret-a\"; }\n\
             location /o'neill/ { return 200; }",
            "return 200;",
        ),
        (
            "",
            "location /S3Cret-path/ { return 200 S3Cret; }",
            "proxy_pass http://127.0.0.1:80S3Cret;proxy_set_header S3Cret-x;",
        ),
        (
            "",
            "ssl_ciphers HIGH:S3Cret-cipher; ssl_session_timeout S3Cret; \
             ssl_stapling_responder http://h/?k=S3Cret; ssl_unknown S3Cret;",
            "return 200;",
        ),
        (
            "",
            "set $pw S3Cret; ssl_certificate_key \"engine:pkcs11:S3Cret\"; listen 444 ssl S3Cret=1;",
            "S3Cret on; \"S3Cret-xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!\
             xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!xyz!\" on;",
        ),
    ] {
        let text = nginx_with(http, server, location);
        let members = searched(&[("nginx.conf", &text)], &[NGINX]);
        let settings = member(&members, "-nginx.conf");
        assert!(
            settings.contains("ssl_certificate fullchain.crt;"),
            "{settings}"
        );
    }
}

#[test]
fn a_token_does_not_hide_the_rest() {
    let token = "proxy_set_header X \"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.\
         dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U\"; S3Cret-directive on;";
    let text = nginx_with("", "", token);
    let members = searched(&[("nginx.conf", &text)], &[NGINX]);
    let settings = member(&members, "-nginx.conf");
    assert!(
        settings.contains("ssl_certificate fullchain.crt;"),
        "{settings}"
    );
    assert!(!settings.contains("eyJ"), "{settings}");
}

#[test]
fn the_name_of_the_file_does_not_matter() {
    let text = nginx_with(
        "",
        "",
        "proxy_set_header Authorization \"Basic S3Cret-one\";",
    )
    .replace('\n', " ");
    let words = [
        "--server",
        "nginx",
        "--config",
        "one.cnf",
        "--config-base",
        ".",
    ];
    let members = searched(&[("one.cnf", &text)], &[&words]);
    assert!(member(&members, "-one.cnf").contains("listen 443 ssl;"));
}

#[test]
fn haproxy_words_and_comments() {
    let text = "global\n  maxconn 10\n  setenv PW S3Cret-setenv\n  user ada password S3Cret-0\n\
        defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n\
        userlist u\n  user ada password S3Cret-1\n  user \"b c\" insecure-password S3Cret-2\n  mode S3Cret\n\
        frontend f\n  mode http#S3Cret-b\n  bind :443 ssl crt bundle.pem generate-certificates \
        ca-sign-file bundle.pem ca-sign-pass S3Cret-casign\n  bind :444 ssl crt bundle.pem#S3Cret-a\n  \
        bind :445 ssl crt \"S3Cret-c\" ciphers \"S3Cret-d\"\n  http-request set-header X \"S3Cret\"\n  \
        default_backend b\nbackend b\n  server s 127.0.0.1:80\tcookie\tS3Cret-cookie\n  \
        server t 127.0.0.1:81 check agent-check agent-port 9 agent-send \"S3Cret-agent\\n\"\n  \
        server v 127.0.0.1:82#S3Cret-e\n";
    let members = searched(
        &[("haproxy.cfg", text)],
        &[HAPROXY, &["--env", "Z=S3Cret-z"]],
    );
    let settings = member(&members, "-haproxy.cfg");
    assert!(
        settings.contains("bind :444 ssl crt bundle.pem\n"),
        "{settings}"
    );
    assert!(
        settings.contains("server s 127.0.0.1:80 [left out]\n"),
        "{settings}"
    );
}

fn apache_with(more: &str) -> String {
    format!(
        "Listen 443\nServerRoot .\nLoadModule ssl_module modules/mod_ssl.so\n<VirtualHost *:443>\n \
         ServerName server.example.test\n SSLEngine on\n SSLCertificateFile fullchain.crt\n \
         SSLCertificateKeyFile server.key\n{more}\n</VirtualHost>\n"
    )
}

#[test]
fn apache_names_comments_and_sections() {
    for more in [
        "SSLSRPUnknownUserSeed \"S3Cret-srpseed\"\nSSLRandomSeed startup exec:/S3Cret\nSSLUserName S3Cret",
        "# old \\\n SSLCertificateFile S3Cret-comment",
        "<Location /S3Cret-token>\nSSLVerifyClient none\n</Location>",
        "<If \"%{HTTP:X} == 'S3Cret'\">\nSSLCertificateFile S3Cret-in-if\n</If>",
        "<Perl>\nmy $x = 'S3Cret';\n</Perl>\nSSLCertificateFile S3Cret-after",
        "SSLCertificateKeyFile \"pkcs11:object=x?PIN-VALUE=S3Cret1&pin-value = S3Cret2;pin-source=data:S3Cret3\"\n\
         SSLOCSPDefaultResponder http://u:S3Cret-u@h/\nSSLStaplingForceURL http://h/?apikey=S3Cret-apikey\n\
         SSLPassPhraseDialogue S3Cret",
        "SSLCipherSuite ${PW}\nSSLOpenSSLConfCmd Foo ${PW}\nSSLOpenSSLConfCmd PrivateKey S3Cret",
    ] {
        let members = searched(
            &[("httpd.conf", &apache_with(more))],
            &[APACHE, &["--define", "PW=S3Cret-def"]],
        );
        let settings = member(&members, "-httpd.conf");
        assert!(
            settings.contains("SSLCertificateFile fullchain.crt"),
            "{settings}"
        );
    }
}

#[test]
fn files_of_the_environment_are_no_settings() {
    let env = "SSL_PW=S3Cret-pw\nSSLKEY=S3Cret-k\nport=S3Cret\nuser=S3Cret-envfile\nexport X=S3Cret-x\n\
        SSLCertificateFile S3Cret-y\n";
    let given = [("httpd.conf", &*apache_with("")), ("e.env", env)];
    let members = searched(&given, &[APACHE, &["--env", "e.env"]]);
    assert!(members.keys().all(|name| !name.ends_with("e.env")));
}

const TLS: &str = "ssl = on\nssl_cert_file = 'fullchain.crt'\nssl_key_file = 'server.key'\nlisten_addresses = '*'\n";

#[test]
fn pg_hba_quotes_lists_and_continuations() {
    for hba in [
        "hostssl all all 0.0.0.0/0 ldap ldapserver=x ldapbindpasswd=\"S1 S3Cret-ldap with blanks\"\n",
        "hostssl all all 10.0.0.0/8 radius radiusservers=\"a,b\" radiussecrets=\"\"\"S3Cret-one a\"\",\"\"S3Cret-two b\"\"\"\n",
        "hostssl all all 11.0.0.0/8 ldap \\\n  ldapserver=x ldapbindpasswd=S3Cret-cont \\\n  ldapbindpasswd=\"S3Cret-c x\"\n",
        "hostssl all all 12.0.0.0/8 ldap \"ldapbindpasswd=S0 S3Cret-q\"\n",
        "hostssl all all ::/0 ldap ldapbindpasswd=S3Cret,p S3Cret=v ldapport=S3Cret-p ldapbindpasswd S3Cret-bare\n",
        "# a \\\nhostssl all S3Cret 0.0.0.0/0 S3Cret\n",
        "S3Cret-line a b c\nhostssl all all all S3Cret-method\nhostssl all S3Cret-user 1.2.3.4/99 md5\n",
    ] {
        let hba = format!("hostssl all all ::/0 cert clientcert=verify-full # S3Cret\n{hba}");
        let members = searched(
            &[("postgresql.conf", TLS), ("pg_hba.conf", &hba)],
            &[POSTGRES],
        );
        let kept = member(&members, "-pg_hba.conf");
        let first = "hostssl all all ::/0 cert clientcert=verify-full\n";
        assert!(kept.starts_with(first), "{kept}");
        assert!(!kept.contains("out] out]"), "{kept}");
    }
}

#[test]
fn postgres_comments_names_and_the_command_line() {
    for more in [
        "port = 5432#S3Cret-comment\nssl_ciphers = 'HIGH'#S3Cret-c2\n",
        "sslutils.ca_pass 'S3Cret-guc'\n",
        "S3Cret-setting on\nshared_buffers = S3Cret-buf\n",
        "Sslx_S3Cret_A = 'S3Cret-Val'\nlog_connections = 'S3Cret-boo'\nport = S3Cret\n",
        "ssl_ciphers = 'S3Cret''HIGH'\nssl_ecdh_curve = S3Cret\nssl_key_file = 'a b S3Cret'\n",
    ] {
        let text = format!("{TLS}{more}");
        let words = "-c ssl_ciphers=S3Cret-cipher -c ssl_passphrase_command='echo S3Cret-arg'";
        for words in [&[][..], &["--server-args", words]] {
            searched(&[("postgresql.conf", &text)], &[POSTGRES, words]);
        }
    }
}

#[test]
fn tabpy_and_rserve_lines() {
    let tabpy = "[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = fullchain.crt\n\
        TABPY_KEY_FILE = %(S3CKEY)s\nTABPY_PWD_FILE = pwd.txt\nMY = S3Cret-own\nserver = S3Cret-srv\n \
        host : S3Cret-hst\n TABPY_KEY_FILE = S3Cret-more\n[other]\nTABPY_KEY_FILE = S3Cret-other\n";
    let pwd = "ada S3Cret-plain\nuser S3Cret-u extra\nTABPY_KEY_FILE = S3Cret-pwd\nlisten S3Cret\n";
    let env = [
        "--env",
        "TABPY_PORT=S3Cret-port",
        "--env",
        "S3CKEY=server.key",
    ];
    let members = searched(&[("tabpy.conf", tabpy), ("pwd.txt", pwd)], &[TABPY, &env]);
    assert!(member(&members, "-tabpy.conf").contains("TABPY_CERTIFICATE_FILE = fullchain.crt"));
    let rserve = "remote enable\nplaintext enable\nauth required\npwdfile pw.txt\ntls.key server.key\n\
        tls.cert fullchain.crt\ntls.port 443\nqap disable\neval password <- \"S3Cret-eval\"\n\
        source S3Cret-src\nuser S3Cret-usr\ntls.client match S3Cret\n";
    let pw = "user S3Cret-rs1\nhost S3Cret-rs2\ntls.key S3Cret-rs3\n";
    let members = searched(&[("Rserv.conf", rserve), ("pw.txt", pw)], &[RSERVE]);
    assert!(member(&members, "-Rserv.conf").contains("tls.cert fullchain.crt"));
}

#[test]
fn openssl_cnf_sections() {
    let conf = "openssl_conf = init # S3Cret\n[other]\nCipherString = S3Cret\nMinProtocol = TLSv1.2\n\
        [init]\nssl_conf = ssl\nengines = S3Cret\n[ssl]\nsystem_default = sect\n\
        [sect]\nMinProtocol = TLSv1.2\nCipherString = DEFAULT:@SECLEVEL=2\npin = S3Cret\nPIN = $S3Cret\n\
        [S3Cret]\ndefault = S3Cret\n";
    let text = nginx_with("", "", "return 200;");
    let members = searched(
        &[("nginx.conf", &text), ("my.conf", conf)],
        &[NGINX, &["--openssl-conf", "my.conf"]],
    );
    let kept = member(&members, "-my.conf");
    assert!(
        kept.contains("CipherString = DEFAULT:@SECLEVEL=2"),
        "{kept}"
    );
    assert_eq!(kept.matches("MinProtocol").count(), 1, "{kept}");
}

#[test]
fn standard_input_is_listed_and_its_words_are_left_out() {
    let dir = scratch();
    files(dir.path());
    let text = nginx_with("", "S3Cret-directive on;", "return 200;");
    let mut command = program();
    command.args([
        "preflight",
        "--server",
        "nginx",
        "--config",
        "-",
        "--config-base",
        ".",
    ]);
    command.args(["--bundle", "out.tar.gz", "--at", AT]);
    command.current_dir(dir.path()).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let members = unpacked(&dir.path().join("out.tar.gz"));
    for (name, text) in &members {
        assert!(!text.to_lowercase().contains(SECRET), "{name}: {text}");
    }
    assert!(member(&members, "about.json").contains("standard input"));
}
