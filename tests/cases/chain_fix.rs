//! `chain --fix`: the smallest edit that heals, told section by section, judged again.
#![cfg(all(feature = "cli", unix))]

use crate::graph;
use crate::support;

use graph::{Link, SERVER, Says, who};
use serde_json::Value as Json;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use support::program::*;

fn read(name: &str) -> String {
    fs::read_to_string(pki(name)).unwrap()
}

/// A scratch directory with files in it, and what `chain --fix -o out.pem` makes of them.
struct Case {
    dir: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Case {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let dir = scratch();
        let files = files.iter().map(|(name, bytes)| {
            let path = dir.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        });
        let files = files.collect();
        Self { dir, files }
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out.pem")
    }

    fn run(&self, more: &[&str]) -> (i32, Json) {
        let out = self.out().display().to_string();
        self.run_with(&[&["-o", &out, "--force"], more].concat())
    }

    fn run_with(&self, more: &[&str]) -> (i32, Json) {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let mut arguments = vec!["chain", "--fix", "--at", AT, "--format", "json"];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(more);
        let output = certcheck(&arguments);
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
        (code(&output), json)
    }

    fn written(&self) -> Vec<u8> {
        fs::read(self.out()).unwrap()
    }
}

/// The diff in a few letters: ` leaf.crt#0`, `-bag.pem#1`, `+bag.pem#1`.
fn diff(json: &Json) -> Vec<String> {
    let changes = json["result"]["fix"]["changes"].as_array().unwrap();
    let each = changes.iter().map(|change| {
        let sign = match change["action"].as_str().unwrap() {
            "keep" => ' ',
            "remove" => '-',
            "add" => '+',
            other => panic!("{other}"),
        };
        let source = Path::new(change["source"].as_str().unwrap());
        assert_eq!(change["why"].is_null(), sign == ' ', "{change}");
        format!(
            "{sign}{}#{}",
            source.file_name().unwrap().to_str().unwrap(),
            change["index"]
        )
    });
    each.collect()
}

fn healed(json: &Json) -> Vec<&str> {
    let codes = json["result"]["fix"]["healed"].as_array().unwrap();
    codes.iter().map(|code| code.as_str().unwrap()).collect()
}

fn fullchain() -> String {
    read("fullchain.crt")
}

#[test]
fn order_duplicates_strangers_and_roots() {
    let [leaf, issuing, root] = ["server.crt", "issuing.crt", "root.crt"].map(read);
    // Of another hierarchy: it issued none of these.
    let stranger = read("other-issuing.crt");
    let bag = [&root, &issuing, &stranger, &leaf, &issuing].map(String::as_str);
    let case = Case::new(&[("bag.pem", bag.concat().as_bytes())]);
    let (code, json) = case.run(&[]);
    assert_eq!(code, 0, "{json:#}");
    assert_eq!(case.written(), fullchain().as_bytes());
    assert_eq!(
        diff(&json),
        [
            "+bag.pem#3",
            "-bag.pem#0",
            " bag.pem#1",
            "-bag.pem#2",
            "-bag.pem#3",
            "-bag.pem#4"
        ]
    );
    assert_eq!(
        healed(&json),
        [
            "chain.duplicate",
            "chain.end-entity-not-first",
            "chain.includes-root",
            "chain.unrelated-certificate"
        ]
    );
    assert_eq!(json["result"]["complete"], true);
    assert_eq!(json["result"]["presented"], json["result"]["corrected"]);
}

/// Every order of the same certificates is healed to the same bytes, and what
/// is healed needs no healing.
#[test]
fn every_order_heals_to_the_same() {
    let parts = ["server.crt", "issuing.crt", "root.crt", "other-issuing.crt"].map(read);
    let mut orders = vec![vec![]];
    for _ in 0..parts.len() {
        // Every permutation, one certificate longer in each turn.
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            let free = (0..parts.len()).filter(|part| !order.contains(part));
            free.map(|part| [order.as_slice(), &[part]].concat())
        });
        orders = longer.collect();
    }
    assert_eq!(orders.len(), 24);
    for order in orders {
        let bag: String = order.iter().map(|part| parts[*part].as_str()).collect();
        let case = Case::new(&[("bag.pem", bag.as_bytes())]);
        let (code, json) = case.run(&[]);
        assert_eq!(
            (code, case.written()),
            (0, fullchain().into_bytes()),
            "{order:?}"
        );
        assert_eq!(json["result"]["fix"]["needed"], true);
        // What healed once must be stable, or a nightly job would rewrite the file for ever.
        let again = Case::new(&[("again.pem", &case.written())]);
        let (code, json) = again.run(&[]);
        assert_eq!(
            (code, &json["result"]["fix"]["needed"]),
            (0, &Json::Bool(false))
        );
        assert_eq!(again.written(), case.written());
    }
}

#[test]
fn nothing_to_heal_is_said_and_writes_the_same_bytes() {
    // CRLF and comments hurt nobody here, and stay.
    let text = format!("# our chain\r\n{}", fullchain().replace('\n', "\r\n"));
    let case = Case::new(&[("chain.pem", text.as_bytes())]);
    let (code, json) = case.run(&["--server", "nginx"]);
    assert_eq!(code, 0, "{json:#}");
    assert_eq!(json["result"]["fix"]["needed"], false);
    assert_eq!(case.written(), text.as_bytes());
    let input = case.files[0].display().to_string();
    let output = certcheck(&["chain", &input, "--fix", "--server", "nginx", "--at", AT]);
    assert!(
        stdout(&output).contains("nothing to repair"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn an_issuer_comes_from_the_other_files() {
    let case = Case::new(&[
        ("server.crt", read("server.crt").as_bytes()),
        ("root.crt", read("root.crt").as_bytes()),
        (
            "bag.crt",
            (read("other-issuing.crt") + &read("issuing.crt")).as_bytes(),
        ),
        ("server.key", read("server.key").as_bytes()),
    ]);
    let (code, json) = case.run(&[]);
    assert_eq!(code, 0, "{json:#}");
    assert_eq!(diff(&json), [" server.crt#0", "+bag.crt#1"]);
    assert_eq!(case.written(), fullchain().as_bytes());
    // The key is not copied, and that is said.
    let unused = json["result"]["fix"]["unused"].as_array().unwrap();
    let kinds: Vec<_> = unused
        .iter()
        .map(|object| object["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["certificate", "certificate", "PKCS#8 private key"]);
    assert!(unused[2]["why"].as_str().unwrap().contains("does not copy"));
    // No key in it: everyone may read the chain.
    assert_eq!(fs::metadata(case.out()).unwrap().mode() & 0o077, 0o044);
}

/// Found by the fuzz target `arrange`: without the root that issued the server's
/// certificate itself, the chain looked as if an intermediate were missing.
#[test]
fn a_root_that_issued_the_servers_own_certificate_stays() {
    let text = read("root.crt") + &read("issuing-not-ca.crt");
    let case = Case::new(&[
        ("chain.pem", text.as_bytes()),
        ("its.key", read("issuing.key").as_bytes()),
    ]);
    let (code, json) = case.run(&[]);
    assert_eq!(code, 0, "{json:#}");
    assert_eq!(
        diff(&json),
        ["+chain.pem#1", " chain.pem#0", "-chain.pem#1"]
    );
    let (code, json) = case.run(&[]);
    assert_eq!((code, &json["result"]["complete"]), (0, &Json::Bool(true)));
}

#[test]
fn what_is_missing_stays_missing_and_fails() {
    let case = Case::new(&[("server.crt", read("server.crt").as_bytes())]);
    let (code, json) = case.run(&[]);
    assert_eq!(code, 1, "{json:#}");
    assert_eq!(json["result"]["complete"], false);
    assert_eq!(json["findings"][0]["code"], "chain.missing-intermediate");
    // The finding is about what was written.
    assert_eq!(
        json["findings"][0]["subject"]["source"],
        case.out().display().to_string()
    );
    let input = case.files[0].display().to_string();
    let output = certcheck(&["chain", &input, "--fix", "--at", AT]);
    assert!(
        stdout(&output).contains("these files cannot repair it"),
        "{}",
        stdout(&output)
    );
}

/// A combined file keeps its key where the server reads it from there; it
/// never goes without a word.
#[test]
fn a_private_key_is_kept_or_left_out_by_server() {
    let key = read("server.key");
    let messy = format!("{key}{}{}", read("issuing.crt"), read("server.crt"));
    let kept = format!("{key}{}", fullchain());
    for (server, secret) in [
        // HAProxy reads the key from this file, and httpd may; nginx and the others have a file of
        // its own for it.
        ("haproxy", true),
        ("apache", true),
        ("generic", true),
        ("nginx", false),
        ("tableau", false),
        ("postgres", false),
        ("tabpy", false),
        ("rserve", false),
    ] {
        let case = Case::new(&[("site.pem", messy.as_bytes())]);
        let (_, json) = case.run(&["--server", server]);
        let fix = &json["result"]["fix"];
        let mode = fs::metadata(case.out()).unwrap().mode() & 0o777;
        if secret {
            assert_eq!(case.written(), kept.as_bytes(), "{server}");
            assert_eq!(
                (mode, &fix["private_key"]),
                (0o600, &"kept".into()),
                "{server}"
            );
            assert_eq!(diff(&json)[0], " site.pem#0", "{server}");
        } else {
            assert_eq!(case.written(), fullchain().as_bytes(), "{server}");
            assert_eq!(fix["private_key"], "left-out", "{server}");
            let gone = &fix["changes"].as_array().unwrap()[0];
            let gone = [&fix["changes"][1], gone]
                .into_iter()
                .find(|step| step["action"] == "remove");
            let why = gone.unwrap()["why"].as_str().unwrap();
            assert!(why.contains("left out") && why.contains(server), "{why}");
        }
        assert_eq!(fix["written"]["secret"], secret, "{server}");
    }
}

#[test]
fn encodings_are_healed_where_they_hurt() {
    let text = fullchain();
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let bare: String = text
        .lines()
        .filter(|line| !line.starts_with('-'))
        .take(21)
        .collect();
    let bare = format!("{bare}\n{}", read("issuing.crt"));
    let der = pem::parse(read("server.crt")).unwrap().into_contents();
    let glued = text.replace("-----\n-----BEGIN", "----------BEGIN");
    for (what, files) in [
        ("UTF-16", vec![("a.pem", utf16)]),
        ("byte order mark", vec![("a.pem", marked)]),
        ("BEGIN and END", vec![("a.pem", bare.into_bytes())]),
        (
            "PEM instead of DER",
            vec![("a.der", der), ("b.crt", read("issuing.crt").into_bytes())],
        ),
        ("lines of their own", vec![("a.pem", glued.into_bytes())]),
    ] {
        let files: Vec<_> = files
            .iter()
            .map(|(name, bytes)| (*name, bytes.as_slice()))
            .collect();
        let case = Case::new(&files);
        let (code, json) = case.run(&["--server", "nginx"]);
        assert_eq!(code, 0, "{what}: {json:#}");
        assert_eq!(case.written(), text.as_bytes(), "{what}");
        let whys = json["result"]["fix"]["changes"].to_string();
        assert!(whys.contains(what), "{what}: {whys}");
    }
}

/// What stands in a container is taken out of it.
#[test]
fn a_container_is_written_as_pem() {
    let case = Case::new(&[("chain.p7b", &fs::read(pki("server.p7b")).unwrap())]);
    let (code, json) = case.run(&[]);
    assert!([0, 1].contains(&code), "{json:#}");
    let written = String::from_utf8(case.written()).unwrap();
    assert!(written.starts_with(&read("server.crt")), "{json:#}");
    let whys = json["result"]["fix"]["changes"].to_string();
    assert!(whys.contains("container"), "{whys}");
    assert_eq!(json["result"]["fix"]["needed"], true);
}

#[test]
fn what_is_damaged_goes_with_a_word() {
    let damaged = read("other-issuing.crt").replacen("MII", "M!!", 1);
    let text = format!("{}{damaged}{}", read("server.crt"), read("issuing.crt"));
    let case = Case::new(&[("chain.pem", text.as_bytes())]);
    let (code, json) = case.run(&[]);
    assert_eq!(code, 0, "{json:#}");
    assert_eq!(
        diff(&json),
        [" chain.pem#0", "-chain.pem#1", " chain.pem#2"]
    );
    let why = json["result"]["fix"]["changes"][1]["why"].as_str().unwrap();
    assert!(why.starts_with("damaged"), "{why}");
    assert_eq!(case.written(), fullchain().as_bytes());
}

#[test]
fn text_goes_with_the_section_that_it_stands_before() {
    let text = format!(
        "# root, why ever\n{}# ours\n{}# theirs\n{}",
        read("root.crt"),
        read("server.crt"),
        read("issuing.crt")
    );
    let case = Case::new(&[("chain.pem", text.as_bytes())]);
    let (code, json) = case.run(&["--server", "nginx"]);
    assert_eq!(code, 0, "{json:#}");
    let wanted = format!(
        "# ours\n{}# theirs\n{}",
        read("server.crt"),
        read("issuing.crt")
    );
    assert_eq!(String::from_utf8(case.written()).unwrap(), wanted);
    assert_eq!(
        json["result"]["fix"]["text_left_out"],
        "# root, why ever\n".len()
    );
}

#[test]
fn without_a_file_to_write_it_is_only_shown() {
    let messy = read("issuing.crt") + &read("server.crt");
    let case = Case::new(&[("chain.pem", messy.as_bytes())]);
    let (code, json) = case.run_with(&[]);
    assert_eq!(code, 0, "{json:#}");
    assert!(json["result"]["fix"]["written"].is_null());
    assert_eq!(fs::read_dir(case.dir.path()).unwrap().count(), 1);
    assert_eq!(fs::read(&case.files[0]).unwrap(), messy.as_bytes());
}

#[test]
fn no_chain_is_no_file() {
    let case = Case::new(&[("only.key", read("server.key").as_bytes())]);
    let out = case.out().display().to_string();
    let input = case.files[0].display().to_string();
    let output = certcheck(&["chain", &input, "--fix", "-o", &out]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("only.key"), "{}", stderr(&output));
    assert!(!case.out().exists());
}

/// What repeats itself 2,000 times is told, counted, and soon done.
#[test]
fn thousands_of_duplicates() {
    let text = fullchain() + &read("issuing.crt").repeat(2_000);
    let case = Case::new(&[("chain.pem", text.as_bytes())]);
    let (code, json) = case.run(&[]);
    assert_eq!((code, case.written()), (0, fullchain().into_bytes()));
    assert_eq!(diff(&json).len(), 2_002);
    let input = case.files[0].display().to_string();
    let output = certcheck(&["chain", &input, "--fix", "--at", AT]);
    assert!(
        stdout(&output).contains("and 1990 more of the same"),
        "{}",
        stdout(&output)
    );
    let output = certcheck(&["chain", &input, "--at", AT, "--format", "json"]);
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let told = json["findings"].as_array().unwrap();
    let told = told
        .iter()
        .filter(|finding| finding["code"] == "chain.duplicate")
        .count();
    assert_eq!(json["omitted"][0]["code"], "chain.duplicate");
    assert_eq!(
        told + usize::try_from(json["omitted"][0]["count"].as_u64().unwrap()).unwrap(),
        2_000
    );
    assert_eq!(json["summary"]["notice"].as_u64().unwrap(), 2_001);
}

/// Found by fuzzing: a CA whose expired certificate led to a stranger, which made
/// the living one look as if its issuer were missing; so that its root was kept at
/// first, and taken out when the result was healed again.
#[test]
fn what_an_expired_certificate_brought_does_not_keep_a_root() {
    let ca = || Says::ca(None);
    let expired = Says {
        expired: true,
        ..ca()
    };
    let links = [
        (who(SERVER, 0), who(0, 0), Says::server()),
        (who(0, 0), who(6, 0), expired),
        (who(0, 0), who(6, 1), ca()),
        (who(0, 0), who(0, 0), ca()),
        (who(6, 0), who(3, 0), ca()),
    ];
    let pem = links.into_iter().enumerate().map(|(place, link)| {
        let (below, above, says) = link;
        let link = Link {
            below,
            above,
            says,
            forged: false,
        };
        let der = link.issue(u32::try_from(place).unwrap() + 1);
        certcheck::encoding::to_pem("CERTIFICATE", &der).to_string()
    });
    let bag: String = pem.collect();
    let case = Case::new(&[("bag.pem", bag.as_bytes())]);
    let (exit, json) = case.run(&[]);
    assert_eq!(exit, 0, "{json}");
    assert_eq!(
        diff(&json),
        [
            " bag.pem#0",
            "-bag.pem#1",
            " bag.pem#2",
            "-bag.pem#3",
            "-bag.pem#4"
        ]
    );
    let healed = case.written();
    let again = Case::new(&[("healed.pem", &healed)]);
    let (_, json) = again.run(&[]);
    assert_eq!(json["result"]["fix"]["needed"], false, "{json}");
}

/// A damaged section in front of what is left may have been the server's own
/// certificate: leaving it out heals nothing.
#[test]
fn a_server_certificate_that_is_lost_is_not_healed() {
    let server: String = read("server.crt")
        .lines()
        .take(8)
        .map(|line| format!("{line}\n"))
        .collect();
    let bag = server + &read("issuing.crt");
    let case = Case::new(&[("bag.pem", bag.as_bytes())]);
    let (exit, json) = case.run(&[]);
    assert_eq!(exit, 1, "{json}");
    let codes: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert!(codes.contains(&"encoding.missing-end"), "{codes:?}");
    let healed = json["result"]["fix"]["healed"].as_array().unwrap();
    assert!(
        healed.iter().all(|code| code != "encoding.missing-end"),
        "{healed:?}"
    );
}

/// A cross-signed certificate that has expired, above what the anchor issued, is
/// on no path that a client needs.
#[test]
fn what_stands_above_an_anchor_is_not_needed() {
    let expired = Says {
        expired: true,
        ..Says::ca(None)
    };
    let pem = |links: &[(graph::Who, graph::Who, Says)]| {
        let each = links
            .iter()
            .enumerate()
            .map(|(place, (below, above, says))| {
                let link = Link {
                    below: *below,
                    above: *above,
                    says: says.clone(),
                    forged: false,
                };
                let der = link.issue(u32::try_from(place).unwrap() + 1);
                certcheck::encoding::to_pem("CERTIFICATE", &der).to_string()
            });
        each.collect::<String>()
    };
    let sent = pem(&[
        (who(SERVER, 0), who(0, 0), Says::server()),
        (who(0, 0), who(1, 0), Says::ca(None)),
        (who(1, 0), who(2, 0), expired),
    ]);
    let root = pem(&[(who(1, 0), who(1, 0), Says::ca(None))]);
    let case = Case::new(&[("bag.pem", sent.as_bytes())]);
    let anchors = case.dir.path().join("root.pem");
    fs::write(&anchors, root).unwrap();
    let (exit, json) = case.run(&["--anchors", &anchors.display().to_string()]);
    assert_eq!(exit, 0, "{json}");
    assert_eq!(diff(&json), [" bag.pem#0", " bag.pem#1", "-bag.pem#2"]);
}
