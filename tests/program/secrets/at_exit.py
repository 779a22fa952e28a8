"""Runs a program and prints what of the given secrets is in its memory when it exits.

usage: at_exit.py SECRETS STDIN PROGRAM ARGUMENT...

SECRETS has a secret in hexadecimal digits on each line; STDIN is a file. Each secret that
is found in writable memory is printed with the mapping that it is in. Linux: the process
is stopped at its exit (PTRACE_O_TRACEEXIT) while its memory is still there.
"""

import ctypes
import os
import sys

TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
O_TRACEEXIT, EVENT_EXIT = 0x40, 6

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) == -1:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")


secrets = [bytes.fromhex(line) for line in open(sys.argv[1]).read().split()]
pid = os.fork()
if pid == 0:
    os.dup2(os.open(sys.argv[2], os.O_RDONLY), 0)
    ptrace(TRACEME, 0)
    os.execv(sys.argv[3], sys.argv[3:])
os.waitpid(pid, 0)
ptrace(SETOPTIONS, pid, O_TRACEEXIT)
ptrace(CONT, pid)
while True:
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) or os.WIFSIGNALED(status):
        sys.exit("the program ended unseen")
    if status >> 16 == EVENT_EXIT:
        break
    ptrace(CONT, pid, os.WSTOPSIG(status))
looked = 0
print()
with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
    for line in maps:
        span, modes, *rest = line.split()
        if "w" not in modes:
            continue
        start, end = (int(part, 16) for part in span.split("-"))
        memory.seek(start)
        content = memory.read(end - start)
        looked += len(content)
        # Most pages are empty: without them it goes ten times as fast.
        pages = (content[at : at + 4096] for at in range(0, len(content), 4096))
        content = b"".join(page if page.strip(b"\0") else b"\0" for page in pages)
        for number, secret in enumerate(secrets):
            at = content.find(secret)
            if at >= 0:
                print("at exit: found", number, rest[-1] if len(rest) > 3 else "anonymous")
print("at exit: looked", looked)
ptrace(CONT, pid)
_, status = os.waitpid(pid, 0)
print("at exit: exit", os.waitstatus_to_exitcode(status))
