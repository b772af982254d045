"""The stem: a small process that has loaded what every page needs, and from which the pages' kernels branch off.

Loading is what makes a kernel slow to start; a branch (a fork) has it done already, and shares that memory with the others
until it writes. The stem itself opens no workbook but an empty one in memory, starts no thread and no loop and looks at no person, so there is nothing
in it that one page could hand on to another: what a kernel is to know – its words of command, its folder, its environment – comes with the wish for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import itertools
import json
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from kizuna.loading import alone, call_oneself, load, package_files

PLAIN = "plain"  # KIZUNA_KERNEL=plain: kernels start as they do where there is no fork
WAITS = "KIZUNA_KERNEL_WAITS"  # in the environment of a kernel whose visitor has not come yet

# Numbers are made by threads of their own as soon as they are loaded: they stay out of the stem.
_LOADED = (
    "psutil",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipywidgets",
    "anywidget",
    "kizuna.views.forms",
    "kizuna.views.head",
    "kizuna.serve.cells",
)

_SECONDS = 30  # until a stem that does not answer is given up
_TRIES = 5  # stems in a row that may break before kernels start from nothing for good
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>


def can_branch() -> bool:
    """Whether kernels may branch off here: on Linux, unless ``KIZUNA_KERNEL=plain``. (A fork is unsafe with the libraries of macOS.)"""
    return platform.system() == "Linux" and hasattr(os, "fork") and os.environ.get("KIZUNA_KERNEL", "") != PLAIN


class Stem:
    """The server's end of a stem; a stem that broke is put up anew, and whoever asks meanwhile hears None."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._left = _TRIES
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        if can_branch() and _take_orphans():
            self._put_up()

    @property
    def pid(self) -> int | None:
        """The number of the process, or None where none stands."""
        return self._process.pid if self._process else None

    def branch(self, argv: Sequence[str], cwd: str | None, env: Mapping[str, str]) -> int | None:
        """The number of a new kernel's process, a child of this one; None where an ordinary kernel has to do."""
        wish = {"argv": list(argv), "cwd": cwd, "env": dict(env)}
        with self._asking:
            if self._line is None:
                return None
            try:
                self._line.sendall(json.dumps(wish).encode() + b"\n")
                answer = json.loads(_read_line(self._line))
            except (OSError, ValueError):
                self._end()
                self._put_up()
                return None
            if answer["pid"] is None:  # its files have changed since it was put up
                self._end()
                self._put_up()
                return None
            self._left = _TRIES
            return int(answer["pid"])

    def __enter__(self) -> Stem:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the stem; kernels that branched off live on."""
        with self._asking:
            self._left = 0
            self._end()

    def _put_up(self) -> None:
        if self._left <= 0:
            return
        self._left -= 1
        ours, its = socket.socketpair()
        ours.settimeout(_SECONDS)
        with its:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own Python with our own module
                    [sys.executable, "-P", "-m", "kizuna.serve.stem", str(its.fileno())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[its.fileno()],
                    start_new_session=True,  # Ctrl+C is for the server, which then ends the stem
                )
            except OSError:
                ours.close()
                return
        self._line = ours

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._line = None
        self._process = None


class Branch:
    """A kernel's process as ``subprocess.Popen`` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The way it ended, or None while it runs."""
        if self.returncode is None:
            try:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if ended else None
        return self.returncode

    def wait(self) -> int:
        """The way it ended, once it has."""
        if self.returncode is None:
            try:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            except ChildProcessError:
                self.returncode = 0
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _take_orphans() -> bool:
    """Let a branch whose parent is gone become our child, so that we hear how it ends; whether that worked."""
    try:
        return bool(ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _read_line(line: socket.socket) -> bytes:
    """What came up to the end of the line; raises ``ConnectionResetError`` when the other end is gone."""
    got = b""
    while not got.endswith(b"\n"):
        more = line.recv(1 << 16)
        if not more:
            raise ConnectionResetError("the other end is gone")
        got += more
    return got


# ---- the stem's own side


def main() -> None:
    """Load everything, then make kernels until the server closes the line."""
    call_oneself("kizuna-stem")
    before = state_of_files()
    _load()
    if not alone():
        sys.exit("kizuna: something started a thread before a kernel could branch off")
    line, tried = socket.socket(fileno=int(sys.argv[1])), False
    with contextlib.suppress(ConnectionError):
        for number in itertools.count():
            wish = json.loads(_read_line(line))
            if number and not tried and WAITS in wish["env"]:  # the first page stands, and nobody waits for this kernel
                tried = True
                _try_forms()
            pid = _branch_off() if alone() and state_of_files() == before else None
            if pid == 0:
                line.close()
                _become_kernel(**wish)
                break
            line.sendall(json.dumps({"pid": pid}).encode() + b"\n")


def _try_forms() -> None:
    """Do for the first time what every page does (see trial.py); what goes wrong there is a page's to tell, not ours."""
    with contextlib.suppress(Exception):
        from kizuna.serve.trial import try_forms

        try_forms()
    gc.collect()
    gc.freeze()


def _load() -> None:
    """Load what every page needs.

    The collector of cyclic garbage rests meanwhile and never looks at it again (so it is not copied either), and looks more seldom at what a page makes:
    while pages opened, a fifth of the machine went into looking at things that stay.
    """
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type] # nobody debugs on a page; ipykernel does without it
    load(_LOADED)
    import_module("kizuna.process").course()
    import_module("kizuna.workbook.strangers").known_schema()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def state_of_files() -> tuple[int, int]:
    """What tells whether a file of the package was changed: an instructor may mend words while the pages are open."""
    times = [path.stat().st_mtime_ns for path in package_files()]
    return len(times), max(times)


def _branch_off() -> int:
    """0 in the new process, its number in the stem.

    The one in between ends at once, so that the new one becomes the server's child: the server hears how it ends, and a
    broken stem takes no page along.
    """
    read, write = os.pipe()
    between = os.fork()
    if between == 0:
        if os.fork() == 0:
            os.setsid()
            os.close(read)
            os.write(write, f"{os.getpid()}\n".encode())
            os.close(write)
            return 0
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        pid = int(told.readline())
    os.waitpid(between, 0)
    return pid


def _become_kernel(argv: Sequence[str], cwd: str | None, env: Mapping[str, str]) -> None:
    """From here on this is an ordinary kernel, as ``python -m ipykernel_launcher`` would have made it."""
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    call_oneself("kizuna-coming" if WAITS in env else "kizuna-kernel")
    os.environ.clear()
    os.environ.update(env)
    if cwd:
        os.chdir(cwd)
    random.seed()
    sys.argv = ["ipykernel_launcher", *argv]
    # What is read from the environment when the library is loaded was read in the stem.
    app: Any = IPKernelApp.instance(parent_handle=int(env.get("JPY_PARENT_PID") or 0))
    app.initialize(list(argv))
    ipywidgets.register_comm_target()
    app.start()


# ---- the side of a kernel that waits for its visitor, who comes by word of the server (see ready.py)


def wait() -> None:
    """Load what every page needs, where that has not been done."""
    _load()
    call_oneself("kizuna-ready")


def serve(environment: Mapping[str, str]) -> None:
    """From now on this is the kernel of a visitor, who brings this along for its environment."""
    os.environ.pop(WAITS, None)
    os.environ.update(environment)
    call_oneself("kizuna-kernel")


if __name__ == "__main__":
    main()
