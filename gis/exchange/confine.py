"""Shut a process in before it opens a file from outside: memory, time, files, no network.

Runs in the child only. Limits come from the kernel (setrlimit); a system-call filter (seccomp, on
Linux) forbids sockets and other programs. Where the filter is not to be had, the limits still hold.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys

from gis.exchange.limits import CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES, CHILD_OPEN_FILES

_MACHINES = {
    # audit architecture; numbers of socket, connect, execve, execveat, ptrace
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117)),
}
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 13  # fail with EACCES
_LOAD_WORD = 0x20
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def confine(*, max_output_bytes: int) -> None:
    """Limit this process for good.

    Parameters
    ----------
    max_output_bytes
        Largest file it may write.
    """
    for what, limit in (
        (resource.RLIMIT_AS, CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, CHILD_CPU_SECONDS),
        (resource.RLIMIT_NOFILE, CHILD_OPEN_FILES),
        (resource.RLIMIT_FSIZE, max_output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (limit, limit))
    _forbid_network_and_programs()


def _forbid_network_and_programs() -> bool:
    """Install the system-call filter; say whether it holds."""
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        return False
    code = _filter(*_MACHINES[platform.machine()])
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def _filter(architecture: int, forbidden: tuple[int, ...]) -> bytes:
    """Write the filter: another architecture or a forbidden call fails, all else passes."""
    n = len(forbidden)
    steps = [
        (_LOAD_WORD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, n + 2, architecture),
        (_LOAD_WORD, 0, 0, 0),
        *((_JUMP_IF_EQUAL, n - i, 0, call) for i, call in enumerate(forbidden)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
