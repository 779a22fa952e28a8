//! A terminal of Unix that shows nothing of what is typed.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// No passphrase is longer; PEM's own limit (`PEM_BUFSIZE`) is 1,024.
const LONGEST: usize = 1_024;

/// Asks on the terminal itself, wherever standard output and error lead. `None` if
/// the answer is empty.
pub(crate) fn ask(question: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let quiet = Quiet::begin(&terminal)?;
    let question = certcheck::report::text::printable(question);
    (&terminal).write_all(question.as_bytes())?;
    let line = line(&terminal);
    drop(quiet);
    (&terminal).write_all(b"\n")?;
    Ok(line?.filter(|line| !line.is_empty()))
}

/// One line, key by key: the terminal neither shows nor keeps it.
fn line(mut terminal: &File) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut read = Zeroizing::new([0_u8]);
    while terminal.read(&mut *read)? == 1 {
        let [key] = *read;
        match key {
            b'\n' | b'\r' => return Ok(Some(line)),
            // Control-C, control-backslash: the terminal must be restored first.
            3 | 28 => return Err(io::ErrorKind::Interrupted.into()),
            // Control-D.
            4 => break,
            8 | 0x7f => {
                line.pop();
            }
            // Control-U.
            21 => line.clear(),
            key if line.len() < LONGEST => line.push(key),
            _ => {}
        }
    }
    Ok((!line.is_empty()).then_some(line))
}

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Quiet<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Quiet<'t> {
    fn begin(terminal: &'t File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes &=
            !(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        // Input typed before the question is not its answer.
        tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}
