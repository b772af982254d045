"""What every test gets: a home of its own, and no way out to the network."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["KIZUNA_STRICT"] = "1"  # a form that cannot show a workbook fails the test, also in the kernels that tests start
gc.set_threshold(50_000, 20, 20)  # a test makes much that stays; it need not be looked at again and again


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home and a fresh, still missing, folder of workbooks; returns that folder."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("KIZUNA_WORKBOOK", "KIZUNA_NOTEBOOKS", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KIZUNA_HOME", str(home / "kizuna"))
    return home / "kizuna"


def stays_here(address: Any) -> bool:
    """Whether a socket address is on this machine; a unix socket's address is a path."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, and every question for a name that is not its own."""
    names = ("connect", "connect_ex", "sendto")
    real = {name: getattr(socket.socket, name) for name in names}
    ask = socket.getaddrinfo

    def guarded(name: str) -> Any:
        def act(self: socket.socket, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not stays_here(args[-1]):
                raise RuntimeError(f"A test tried to reach {args[-1]!r}: kizuna must work without a network.")
            return real[name](self, *args)

        return act

    def guarded_ask(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not stays_here((name, 0)):
            raise RuntimeError(f"A test asked for the address of {name!r}: kizuna must work without a network.")
        return ask(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(socket.socket, name, guarded(name))
        patch.setattr(socket, "getaddrinfo", guarded_ask)
        yield
