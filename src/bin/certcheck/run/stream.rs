//! `certcheck stream`.

use super::blocklist::blocklist;
use super::{anchors, unwritten};
use crate::args::{Common, Format, Stream as Args};
use crate::failure::Failure;
use crate::output::{self, End, buffered};
use crate::parallel::{Feed, Next, in_order, processors};
use crate::{clock, passphrase};
use certcheck::answer::Verdict;
use certcheck::command::inspect::Dates;
use certcheck::command::scan::Scanner;
use certcheck::command::stream::{LONGEST_LINE, Stream};
use certcheck::report::json;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// Lines of one batch, and about how many bytes.
const LINES: usize = 64;
const BYTES: usize = 1 << 20;

/// A line, or that it was too long to be kept; with its place, from 1.
type Numbered = (usize, Option<Zeroizing<Vec<u8>>>);

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    if ![Format::Text, Format::Json, Format::Ndjson].contains(&common.format) {
        return Err(Failure::new(format!(
            "--format {}: `stream` writes one JSON record per line",
            common.format.name()
        ))
        .help("remove --format"));
    }
    let stdin = PathBuf::from("-");
    let mut scanner = Scanner::default();
    scanner.dates = Some(Dates {
        at: clock::judged_at(common),
        expires_within: args.expires_within,
    });
    scanner.passphrases = passphrase::candidates(&args.passphrase, std::iter::once(&stdin))?;
    scanner.blocklist = blocklist(&args.blocklists)?;
    let stream = Stream::new(scanner, anchors(&args.anchors, None)?);
    let levels = output::levels(common);
    let mut out = buffered(io::stdout().lock());
    let (mut written, mut all_pass) = (Ok(()), true);
    let unread = Mutex::new(None);
    in_order(
        processors(),
        |feed| {
            let error = lines(BufReader::with_capacity(1 << 16, io::stdin().lock()), &feed).err();
            *unread.lock().unwrap_or_else(PoisonError::into_inner) = error;
        },
        |batch: Vec<Numbered>, results| {
            for (number, line) in batch {
                let mut reply = match line {
                    Some(line) => stream.reply(&line, number),
                    None => stream.too_long(number),
                };
                reply.answer = reply.answer.judged_by(&levels);
                let pass = reply.verdict() == Verdict::Pass;
                if !results.give((pass, json::reply(&reply))) {
                    return;
                }
            }
        },
        |next| {
            written = match next {
                Next::Result((pass, text)) => {
                    all_pass &= pass;
                    out.write_all(text.as_bytes())
                }
                // A program that waits for each answer before its next question gets it.
                Next::Wait => out.flush(),
            };
            written.is_ok()
        },
    );
    let written = written.and_then(|()| out.flush());
    output::ignore_closed(written).map_err(unwritten)?;
    let unread = unread.into_inner();
    if let Some(error) = unread.unwrap_or_else(PoisonError::into_inner) {
        return Err(Failure::new(format!("-: cannot be read: {error}")));
    }
    Ok(if all_pass { End::Good } else { End::Found })
}

/// Reads lines and passes them on; a batch is passed on as soon as there is nothing more to read
/// at the moment.
fn lines(
    mut input: BufReader<impl Read>,
    feed: &Feed<Vec<Numbered>, (bool, String)>,
) -> io::Result<()> {
    let (mut batch, mut bytes, mut number) = (Vec::new(), 0, 0);
    loop {
        let mut line = Zeroizing::new(Vec::new());
        // With the end of the line, and one byte more than is allowed.
        let most = LONGEST_LINE + 2;
        let mut limited = (&mut input).take(most as u64);
        if limited.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let is_whole = line.ends_with(b"\n");
        let cut = !is_whole && line.len() >= most;
        if is_whole {
            line.pop();
        }
        if line.ends_with(b"\r") {
            line.pop();
        }
        if cut {
            pass_over(&mut input)?;
        }
        bytes += line.len();
        let line = (!cut && line.len() <= LONGEST_LINE).then_some(line);
        batch.push((number, line));
        let is_there = memchr::memchr(b'\n', input.buffer()).is_some();
        let more = is_there && batch.len() < LINES && bytes < BYTES;
        if !more {
            bytes = 0;
            if !feed.give(std::mem::take(&mut batch)) {
                return Ok(());
            }
        }
    }
    feed.give(batch);
    Ok(())
}

/// Reads to the end of a line and forgets it.
fn pass_over(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let there = input.fill_buf()?;
        if there.is_empty() {
            return Ok(());
        }
        let end = there.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(there.len(), |end| end + 1);
        input.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}
