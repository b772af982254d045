"""The address of a running server: how it is made, said aloud and opened."""

from __future__ import annotations

import os
import platform
import secrets
import threading
import webbrowser
from urllib.parse import quote

HOST = "127.0.0.1"


def new_token() -> str:
    """A fresh secret word; whoever does not know it gets no page."""
    return secrets.token_hex(16)


def page_address(port: int, path: str, token: str) -> str:
    """The full address of one page on this machine, the secret word included."""
    return f"http://{HOST}:{port}/{quote(path)}?token={token}"


def has_screen() -> bool:
    """Whether a browser window can appear; a text browser would take over the terminal, so elsewhere there must be a display."""
    windowed = platform.system() in ("Windows", "Darwin")
    return windowed or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def announce(address: str, *, open_browser: bool) -> None:
    """Print the one line with the address, and open it where there is a screen."""
    print(f"ブラウザーで開いてください： {address}", flush=True)
    print("終わるときは、この画面で Ctrl+C を押してください。", flush=True)
    if open_browser and has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
