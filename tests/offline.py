"""Runs Python where there is no network but this machine itself: ``python -m tests.offline -m pytest tests/steps``.

A network namespace of its own (Linux) with loopback alone: no name is answered, and no address beyond has a route.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import sys

_GET, _SET, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP of <linux/sockios.h>


def command(*arguments: str) -> list[str]:
    """The command that runs Python with these arguments in there."""
    return ["unshare", "-n" if os.geteuid() == 0 else "-rn", sys.executable, "-m", "tests.offline", "--inside", *arguments]


def possible() -> bool:
    """Whether this system lets us have such a namespace."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return subprocess.run(command("-c", ""), capture_output=True).returncode == 0


def _open_loopback() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _GET, struct.pack("16sh", b"lo", 0)))[1]
        fcntl.ioctl(any_socket, _SET, struct.pack("16sh", b"lo", flags | _UP))


def _refuse_to_run_with_a_network() -> None:
    names = [name for _, name in socket.if_nameindex()]
    if names != ["lo"]:
        raise SystemExit(f"There is more than loopback here: {names}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        _open_loopback()
        _refuse_to_run_with_a_network()
        os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
    if not possible():
        raise SystemExit("This system lets nobody have a network namespace: nothing was run.")
    sys.exit(subprocess.run(command(*sys.argv[1:])).returncode)
