//! `inspect` reads one file, writes its objects and releases it before the next.
#![cfg(feature = "cli")]

use crate::support;

use certcheck::command::inspect::{inspect, inspect_each};
use certcheck::encoding::Document;
use certcheck::report::json::{Stream, document};
use certcheck::{Source, Time};
use serde_json::Value;
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use support::program::*;

/// Every file of testdata/pki.
fn files() -> Vec<Document> {
    let pki = support::testdata().join("pki");
    let names = listing(&pki);
    let read = |name: &String| std::fs::read(pki.join(name)).ok();
    let sources = names
        .iter()
        .filter_map(|name| Some(Source::new(name.as_str(), read(name)?)));
    sources.map(Document::read).collect()
}

/// What was written, seen by two.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_written_on_the_way_is_the_same_document() {
    let files = files();
    assert!(files.len() > 20, "{}", files.len());
    let at = Time::from_unix_seconds(1_795_000_000);
    let whole: Value = serde_json::from_str(&document(&inspect(&files, None, at), at)).unwrap();
    let mut stream = Stream::new(Vec::new(), at);
    let answer = inspect_each(&files, None, at, |object| stream.object(&object).unwrap());
    assert!(answer.result.objects.is_empty(), "an object was kept");
    let text = String::from_utf8(stream.end(&answer).unwrap()).unwrap();
    let streamed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(streamed, whole);
    // Indented as any other document: written anew it is the same text.
    let again = serde_json::to_string_pretty(&streamed).unwrap();
    assert_eq!(text, format!("{again}\n"));
    // Without any file it is a document too.
    let none: [Document; 0] = [];
    let answer = inspect_each(&none, None, at, |_| ());
    let text = Stream::new(Vec::new(), at).end(&answer).unwrap();
    let empty: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(empty["result"]["objects"], serde_json::json!([]));
}

#[test]
fn a_file_is_told_before_the_next_is_read() {
    let out = Shared::default();
    let at = Time::from_unix_seconds(0);
    let mut stream = Stream::new(out.clone(), at);
    let names = ["first.txt", "second.txt", "third.txt"];
    let documents = names.iter().enumerate().map(|(place, name)| {
        let written = String::from_utf8(out.0.borrow().clone()).unwrap();
        assert_eq!(written.matches("\"source\": ").count(), place, "{written}");
        Document::read(Source::new(*name, b"hello\n".to_vec()))
    });
    let answer = inspect_each(documents, None, at, |object| {
        stream.object(&object).unwrap()
    });
    stream.end(&answer).unwrap();
}

/// The program: text and JSON of files one of which cannot be read, and of none.
#[test]
fn the_program_writes_whole_documents() {
    let (good, missing) = (pki("server.crt"), "/no/such/file.pem");
    let (exit, document) = document_of(&["inspect", &good, missing]);
    assert_eq!(exit, 2);
    assert_eq!(document["result"]["objects"].as_array().unwrap().len(), 1);
    assert_eq!(document["verdict"], "fail");
    let output = certcheck(&["inspect", missing, "--format", "json"]);
    assert_eq!((code(&output), stdout(&output)), (2, String::new()));
    let quiet = certcheck(&["-q", "inspect", &good]);
    assert!(!stdout(&quiet).contains("subject"), "{}", stdout(&quiet));
    let text = stdout(&certcheck(&["inspect", &good, &pki("root.crt")]));
    let (first, second) = (text.find("server.crt"), text.find("root.crt"));
    assert!(first.is_some() && first < second, "{text}");
}

fn document_of(words: &[&str]) -> (i32, Value) {
    support::program::document(words)
}

/// A directory is gone through: what holds nothing is passed over, a file with two names
/// is told once, and each certificate is judged by itself.
#[test]
fn a_directory_is_gone_through() {
    let dir = scratch();
    let below = dir.path().join("live");
    std::fs::create_dir(&below).unwrap();
    put(
        &below,
        "server.crt",
        &std::fs::read(pki("server.crt")).unwrap(),
    );
    put(dir.path(), "README", b"nothing to see\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("live/server.crt", dir.path().join("current.crt")).unwrap();
    let name = dir.path().display().to_string();
    let at = ["--at", "2026-11-22T00:00:00Z"];
    let arguments = |rest: &[&'static str]| -> Vec<String> {
        let fixed = ["inspect", &name, at[0], at[1]];
        fixed
            .iter()
            .chain(rest)
            .map(|word| (*word).to_owned())
            .collect()
    };
    let run = |rest: &[&'static str]| {
        let arguments = arguments(rest);
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        document_of(&words)
    };
    let (exit, document) = run(&[]);
    assert_eq!(exit, 0, "{document}");
    let objects = document["result"]["objects"].as_array().unwrap();
    assert_eq!(objects.len(), 1, "{document}");
    assert_eq!(objects[0]["source"], format!("{name}/live/server.crt"));
    assert_eq!(document["findings"], serde_json::json!([]));
    let (_, document) = run(&["--expires-within", "36500"]);
    assert_eq!(document["findings"][0]["code"], "certificate.expires-soon");
    // With nothing in it but other text there is nothing to judge.
    std::fs::remove_dir_all(&below).unwrap();
    #[cfg(unix)]
    std::fs::remove_file(dir.path().join("current.crt")).unwrap();
    let output = certcheck(&["inspect", &name]);
    assert_eq!(output.status.code(), Some(2));
}
