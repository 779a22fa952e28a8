//! Strings to compare: grammar mixed with damage, from a seed.

/// xorshift64*: the same strings on every machine for one seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        usize::try_from(number >> 33).unwrap() % limit
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

const NAMES: &[&str] = &[
    "SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1", "TLSv1.1", "TLSv1.2",
    "TLSv1.3",
];
const WRONG: &[&str] = &[
    "TLSv1.0", "TLSv1_2", "TLS1.2", "none", "DTLSv1", "DTLSv1.2", "foo", "", "v1", "TLSv1.4",
    "ssl", "#", "0x0303", "1.2", "None", "TLSv1.", "al", "alll",
];

fn recased(random: &mut Random, name: &str) -> String {
    match random.below(8) {
        0 => name.to_ascii_lowercase(),
        1 => name.to_ascii_uppercase(),
        2 => {
            let flip = |c: char| {
                if c.is_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            };
            name.chars().map(flip).collect()
        }
        _ => name.to_owned(),
    }
}

fn name(random: &mut Random, all: &str) -> String {
    let name = match random.below(24) {
        0 => random.pick(WRONG),
        1..=5 if !all.is_empty() => all,
        _ => random.pick(NAMES),
    };
    recased(random, name)
}

/// The text after `SSLProtocol`.
pub(crate) fn apache(random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..random.below(6) {
        let doubled = if random.one_in(12) { "++" } else { "" };
        let sign = random.pick(&["", "+", "-", "+", "-", "-", doubled]);
        let mut word = format!("{sign}{}", name(random, "all"));
        if random.one_in(12) {
            word = random
                .pick(&[
                    "${SET}",
                    "${Two}",
                    "${UNSET}",
                    "$SET",
                    "${SET",
                    "${ENVIRON:x}",
                ])
                .to_owned();
        }
        if random.one_in(6) {
            let quote = random.pick(&["\"", "'"]);
            let close = if random.one_in(12) { "" } else { quote };
            word = format!("{quote}{word}{close}");
        }
        if random.one_in(15) {
            let at = random.below(word.len() + 1);
            word.insert_str(
                at,
                random.pick(&[
                    "\\", "\\\\", "\"", "'", "\\\"", "\\'", ",", ";", "#", "\u{7f}",
                ]),
            );
        }
        text.extend_from_slice(word.as_bytes());
        if random.one_in(25) {
            let byte = random.below(256);
            text.push(u8::try_from(byte).unwrap());
        }
        let rare = random.pick(&[
            ",", ", ", "\t", "\x0b", "\x0c", "\r", "", "\\\n", "\\\r\n", "\n", "\n# c\n", ";",
        ]);
        text.extend_from_slice(if random.one_in(7) { rare } else { " " }.as_bytes());
    }
    if random.one_in(20) {
        text.push(b'\\');
    }
    text
}

/// The words after `ssl_protocols`.
pub(crate) fn nginx(random: &mut Random) -> Vec<u8> {
    let mut text = String::new();
    for _ in 0..random.below(6) {
        let mut word = name(random, "");
        if random.one_in(6) {
            let quote = random.pick(&["\"", "'"]);
            word = format!(
                "{quote}{word}{}",
                if random.one_in(10) { "" } else { quote }
            );
        }
        if random.one_in(12) {
            let at = random.below(word.len() + 1);
            word.insert_str(
                at,
                random.pick(&[
                    "\\", "\"", "'", "\\t", "$", "${", "}", "{", ",", "#", "-", "+", ";",
                ]),
            );
        }
        text.push_str(&word);
        text.push_str(random.pick(&[
            " ",
            " ",
            " ",
            " ",
            "\t",
            "\n",
            "\r\n",
            ",",
            "",
            " # c\n",
            "; ssl_protocols ",
        ]));
    }
    text.into_bytes()
}

/// The value of OpenSSL's `Protocol`.
pub(crate) fn openssl(random: &mut Random) -> Vec<u8> {
    let mut text = String::new();
    for index in 0..=random.below(5) {
        if index > 0 {
            text.push_str(random.pick(&[",", ",", ",", ", ", " ,", ",,", " ", "\t,\n", ";"]));
        }
        text.push_str(random.pick(&["", "", "+", "-", "-", "-"]));
        let datagram = random.pick(&["DTLSv1", "DTLSv1.2"]);
        text.push_str(&if random.one_in(8) {
            recased(random, datagram)
        } else {
            name(random, "ALL")
        });
    }
    if random.one_in(10) {
        let at = random.below(text.len() + 1);
        text.insert_str(at, random.pick(&[" ", "+", "-", "\"", "'", ",", "\t"]));
    }
    text.into_bytes()
}

/// Commands for a section of `openssl.cnf`, one each.
pub(crate) fn openssl_conf(random: &mut Random) -> Vec<String> {
    (0..=random.below(4))
        .map(|index| {
            let name = random.pick(&[
                "Protocol",
                "MinProtocol",
                "MaxProtocol",
                "minprotocol",
                "MAXPROTOCOL",
                "Options",
                "Foo",
            ]);
            // In a file, of two entries with one name the first vanishes.
            let name = format!("{index}.{name}");
            let value = match name[2..].to_ascii_lowercase().as_str() {
                "protocol" => String::from_utf8(openssl(random))
                    .unwrap()
                    .replace(['\n', ';'], " "),
                "options" => random
                    .pick(&["-SessionTicket", "Bugs,+Compression", "-SSLv3", ""])
                    .to_owned(),
                _ if random.one_in(3) => random.pick(WRONG).replace('#', "x"),
                _ => random.pick(NAMES).to_owned(),
            };
            let value = match random.below(10) {
                0 => format!("\"{value}\""),
                1 => format!("'{value}'"),
                2 => format!("{value} # comment"),
                3 => format!("' {value}'"),
                _ => value,
            };
            format!("{name} = {value}")
        })
        .collect()
}

/// Lines of `postgresql.conf`.
pub(crate) fn postgres(random: &mut Random) -> Vec<String> {
    let last = random.below(3);
    (0..=last)
        .map(|index| {
            let name = random.pick(&[
                "ssl_min_protocol_version",
                "ssl_max_protocol_version",
                "SSL_Min_Protocol_Version",
            ]);
            let value = match random.below(8) {
                0 => random.pick(WRONG).to_owned(),
                1 => String::new(),
                2 => "SSLv3".to_owned(),
                _ => {
                    let known = random.pick(&["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
                    recased(random, known)
                }
            };
            let value = match random.below(10) {
                0 => value,
                1 => format!("\"{value}\""),
                2 => format!("'{}'", value.replace('v', "\\166")),
                3 => format!("'{value}' # comment"),
                4 => format!("'{value}''x'"),
                5 if random.one_in(3) => format!("'{value}' junk"),
                // An open quote would reach over our separator.
                6 if index == last && random.one_in(3) => format!("'{value}"),
                7 if random.one_in(2) => random
                    .pick(&["TLSv1.x", "0x1f", "1.5e3", "-7kB", "TLSv1:2", ".", "a.b.c"])
                    .to_owned(),
                _ => format!("'{value}'"),
            };
            format!(
                "{name}{}{value}",
                random.pick(&[" = ", " ", "=", " = ", " = "])
            )
        })
        .collect()
}

/// Options of a bind line, or of `ssl-default-bind-options`.
pub(crate) fn haproxy(random: &mut Random, global: bool) -> String {
    let mut options = Vec::new();
    for _ in 0..random.below(4) {
        let version = random.pick(&[
            "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1.1", "TLSv1.2", "TLSv1.3",
        ]);
        let short = version.to_ascii_lowercase().replace('.', "");
        let option = match random.below(12) {
            0 => format!(
                "ssl-min-ver {}",
                random.pick(&["TLSv1", "tlsv1.2", "SSLv2", "\"\"", "all", ""])
            ),
            1 | 2 => format!("ssl-max-ver {version}"),
            3..=5 => format!("ssl-min-ver {version}"),
            6 => format!("force-{short}"),
            7 => random
                .pick(&["no-tlsv1", "no-foo", "force-", "no-", "foo", "-x"])
                .to_owned(),
            8 if global => random
                .pick(&["no-tls-tickets", "prefer-client-ciphers", "strict-sni"])
                .to_owned(),
            8 => random
                .pick(&[
                    "alpn h2",
                    "strict-sni",
                    "no-tls-tickets",
                    "npn http/1.1",
                    "name x",
                    r#"name "a\rb\x20""#,
                    r"name \xg1",
                    "verify none",
                    "verify bogus",
                    "verify required",
                    "nice 5000",
                    "maxconn -1",
                    "curves P-256:X25519",
                    "curves p-256",
                    "ciphers NOPE",
                ])
                .to_owned(),
            _ => format!("no-{short}"),
        };
        options.push(option);
    }
    let mut text = options.join(random.pick(&[" ", " ", "\t", "  "]));
    if random.one_in(8) && !text.is_empty() {
        let at = random.below(text.len() + 1);
        text.insert_str(
            at,
            random.pick(&[
                "\"", "'", "\\", "#", "\\ ", "$", "\"\"", "\\x41", "'a b'", "\r", "\x0b", "\x0c",
                "\nfoo", "\n",
            ]),
        );
    }
    text
}
