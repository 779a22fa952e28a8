//! Where servers are found on a machine: the usual places of their settings, and what
//! a process or a unit of systemd says about the settings that it was started with.

use super::Profile;
use super::settings::CommandLine;

/// The main files of settings, as packages and official Docker images install them; `*` is any name
/// in one directory. Per server, the first place on each system: Debian, RHEL and Fedora, SUSE,
/// Arch, Alpine, the image.
const PLACES: &[(&str, &str)] = &[
    ("apache", "/etc/apache2/apache2.conf"),
    ("apache", "/etc/httpd/conf/httpd.conf"),
    ("apache", "/etc/apache2/httpd.conf"),
    ("apache", "/usr/local/apache2/conf/httpd.conf"),
    ("nginx", "/etc/nginx/nginx.conf"),
    ("nginx", "/usr/local/nginx/conf/nginx.conf"),
    ("nginx", "/usr/local/openresty/nginx/conf/nginx.conf"),
    ("haproxy", "/etc/haproxy/haproxy.cfg"),
    ("haproxy", "/usr/local/etc/haproxy/haproxy.cfg"),
    ("postgres", "/etc/postgresql/*/*/postgresql.conf"),
    ("postgres", "/var/lib/pgsql/data/postgresql.conf"),
    ("postgres", "/var/lib/pgsql/*/data/postgresql.conf"),
    ("postgres", "/var/lib/postgres/data/postgresql.conf"),
    ("postgres", "/var/lib/postgresql/*/data/postgresql.conf"),
    ("postgres", "/var/lib/postgresql/data/postgresql.conf"),
    ("postgres", "/etc/postgresql/postgresql.conf"),
    ("tabpy", "/etc/tabpy/tabpy.conf"),
    ("tabpy", "/etc/tabpy.conf"),
    ("rserve", "/etc/Rserv.conf"),
];

/// Files, in addition to the units, with the arguments of httpd and HAProxy.
const VARIABLES: &[(&str, &[&str])] = &[
    (
        "apache",
        &[
            "/etc/apache2/envvars",
            "/etc/sysconfig/httpd",
            "/etc/sysconfig/apache2",
        ],
    ),
    (
        "haproxy",
        &["/etc/default/haproxy", "/etc/sysconfig/haproxy"],
    ),
];

/// Each server and the places of its settings.
pub fn usual_places() -> impl Iterator<Item = (&'static Profile, &'static str)> {
    let named =
        |&(server, path): &(&'static str, &'static str)| Some((Profile::named(server)?, path));
    PLACES.iter().filter_map(named)
}

/// The files with the variables that a server starts with.
pub fn variable_files(server: &Profile) -> &'static [&'static str] {
    let found = VARIABLES.iter().find(|(name, _)| *name == server.name());
    found.map_or(&[], |(_, files)| files)
}

/// The names of units of systemd that start a server, without `.service`.
pub const UNITS: &[&str] = &[
    "apache2",
    "httpd",
    "nginx",
    "haproxy",
    "postgresql",
    "tabpy",
    "rserve",
    "Rserve",
];

/// The server that a unit of that name starts, if it is one of [`UNITS`] with a single set of
/// settings: Debian's `postgresql` starts several clusters, each with its own.
pub fn of_unit(name: &str) -> Option<&'static Profile> {
    Profile::named(match name {
        "apache2" | "httpd" => "apache",
        "Rserve" => "rserve",
        "postgresql" => return None,
        name => name,
    })
}

/// The server that a command line starts, and what it says about its settings; `None` for workers
/// with their own titles, and for other programs.
///
/// ```
/// let words = ["/usr/sbin/haproxy", "-Ws", "-f", "/etc/haproxy/haproxy.cfg"].map(str::to_owned);
/// let (server, line) = certcheck::server::found::started(&words).unwrap();
/// assert_eq!((server.name(), line.configs.len()), ("haproxy", 1));
/// ```
pub fn started(words: &[String]) -> Option<(&'static Profile, CommandLine)> {
    // nginx overwrites its arguments with its title, as one word.
    let title = words.first()?.strip_prefix("nginx: master process ");
    if let Some(title) = title {
        let nginx = Profile::named("nginx")?;
        let all: Vec<&str> = title.split_whitespace().collect();
        let mut known = vec!["nginx".to_owned()];
        for pair in all.windows(2) {
            if let [option @ ("-c" | "-p"), value] = pair {
                known.extend([(*option).to_owned(), (*value).to_owned()]);
            }
        }
        return Some((nginx, CommandLine::of(nginx, &known)));
    }
    let base = |word: &String| word.rsplit('/').next().unwrap_or_default().to_owned();
    for (place, word) in words.iter().enumerate().take(3) {
        let server = match base(word).as_str() {
            "apache2" | "httpd" => "apache",
            "nginx" => "nginx",
            "haproxy" => "haproxy",
            "postgres" | "postmaster" => "postgres",
            "tabpy" => "tabpy",
            "Rserve" | "Rserve.dbg" => "rserve",
            // An interpreter in front of the program.
            name if place == 0 && (name.starts_with("python") || name == "R") => continue,
            "CMD" => continue,
            _ => return None,
        };
        let profile = Profile::named(server)?;
        let rest = words.get(place..).unwrap_or_default();
        return Some((profile, CommandLine::of(profile, rest)));
    }
    None
}

/// What a unit of systemd says about how it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its `ExecStart` lines, variables not replaced.
    pub starts: Vec<String>,
    /// Its `Environment`.
    pub environment: Vec<(String, String)>,
    /// Its `EnvironmentFile`s.
    pub files: Vec<String>,
}

impl Unit {
    /// Reads a unit, or a drop-in of one.
    pub fn read(&mut self, text: &str) {
        for line in text.replace("\\\n", " ").lines() {
            let Some((name, value)) = line.trim().split_once('=') else {
                continue;
            };
            let value = value.trim();
            match name.trim() {
                "ExecStart" if value.is_empty() => self.starts.clear(),
                "ExecStart" => {
                    let command = value.trim_start_matches(['-', '@', ':', '+', '!']);
                    self.starts.push(command.to_owned());
                }
                "Environment" => {
                    // Each word is one assignment, taken as it is: `$` and blanks within the
                    // quotes mean nothing here (systemd.exec(5)).
                    for word in super::settings::words(value) {
                        if let Some((name, value)) = word.split_once('=') {
                            self.environment.push((name.to_owned(), value.to_owned()));
                        }
                    }
                }
                "EnvironmentFile" => self.files.push(value.trim_start_matches('-').to_owned()),
                _ => {}
            }
        }
    }

    /// The words of each command, variables replaced: `$NAME` alone by its words, `${NAME}`
    /// within a word by its text (systemd.service(5)).
    pub fn commands(&self, environment: &[(String, String)]) -> Vec<Vec<String>> {
        let value = |name: &str| {
            let found = environment.iter().rev().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let replaced = |word: String| -> Vec<String> {
            if let Some(name) = word.strip_prefix('$').filter(|name| !name.starts_with('{')) {
                return super::settings::words(value(name));
            }
            let mut word = word;
            for (name, value) in environment {
                word = word.replace(&format!("${{{name}}}"), value);
            }
            vec![word]
        };
        let split = |start: &String| super::settings::words(start).into_iter().flat_map(replaced);
        self.starts
            .iter()
            .map(|start| split(start).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debians_unit_of_haproxy() {
        let mut unit = Unit::default();
        unit.read(
            "[Service]\nEnvironmentFile=-/etc/default/haproxy\n\
             Environment=\"CONFIG=/etc/haproxy/haproxy.cfg\" \"PIDFILE=/run/haproxy.pid\" \"EXTRAOPTS=-S /run/m.sock -f /etc/haproxy/conf.d\"\n\
             ExecStartPre=/usr/sbin/haproxy -f $CONFIG -c -q $EXTRAOPTS\n\
             ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -p $PIDFILE $EXTRAOPTS\n",
        );
        assert_eq!(unit.files, ["/etc/default/haproxy"]);
        let commands = unit.commands(&unit.environment);
        let (server, line) = started(&commands[0]).unwrap();
        assert_eq!(server.name(), "haproxy");
        assert_eq!(
            line.configs,
            ["/etc/haproxy/haproxy.cfg", "/etc/haproxy/conf.d"]
        );
        assert!(line.not_understood.is_empty(), "{line:?}");
    }

    #[test]
    fn processes_by_their_words() {
        let of = |text: &[&str]| {
            let words: Vec<String> = text.iter().map(|&word| word.to_owned()).collect();
            started(&words).map(|(server, line)| (server.name(), line.files(server)))
        };
        let title = "nginx: master process nginx -c /etc/n.conf -g daemon off;";
        assert_eq!(
            of(&[title]),
            Some(("nginx", vec!["/etc/n.conf".to_owned()]))
        );
        assert_eq!(of(&["nginx: worker process"]), None);
        assert_eq!(of(&["postgres: checkpointer "]), None);
        assert_eq!(
            of(&["/usr/lib/postgresql/15/bin/postgres", "-D", "/d"]),
            Some(("postgres", vec!["/d/postgresql.conf".to_owned()]))
        );
        assert_eq!(
            of(&["/usr/bin/python3", "/usr/bin/tabpy", "--config=/t.conf"]),
            Some(("tabpy", vec!["/t.conf".to_owned()]))
        );
        assert_eq!(of(&["vi", "/etc/nginx/nginx.conf"]), None);
        assert_eq!(of(&[]), None);
    }
}
