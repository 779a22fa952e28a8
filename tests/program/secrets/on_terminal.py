"""Runs a program on a terminal of its own, answers what it asks, and says what was seen.

usage: on_terminal.py ANSWER OUTPUT PROGRAM ARGUMENT...

ANSWER is what is typed (backslash escapes) each time that a line ends in ": " and the
terminal shows nothing; OUTPUT is a file for standard output, or - for the terminal. Prints
how often an answer was given while the terminal echoed nothing, the exit code, whether
the terminal is afterwards as it was, and then all that was to be seen on it.
"""

import os
import pty
import select
import sys
import termios

answer = sys.argv[1].encode().decode("unicode_escape").encode("latin-1")
# The program waits until the terminal was looked at.
looked, look = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.close(look)
    os.read(looked, 1)
    os.close(looked)
    if sys.argv[2] != "-":
        os.dup2(os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.execv(sys.argv[3], sys.argv[3:])
before = termios.tcgetattr(terminal)[:6]
os.close(look)
os.close(looked)
seen, given, answered = b"", 0, 0
while True:
    ready, _, _ = select.select([terminal], [], [], 0.05)
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    if not ready:
        if not echoes and seen.endswith(b": ") and len(seen) > answered:
            answered = len(seen)
            os.write(terminal, answer)
            given += 1
        continue
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    seen += piece
after = termios.tcgetattr(terminal)[:6]
_, status = os.waitpid(pid, 0)
print("answers", given)
print("exit", os.waitstatus_to_exitcode(status))
print("restored", "yes" if after == before else "no")
sys.stdout.flush()
sys.stdout.buffer.write(seen)
