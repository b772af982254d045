"""The line with the address, and whether a browser opens."""

from __future__ import annotations

import threading

import pytest

from kizuna.serve import address
from kizuna.serve.address import announce, has_screen, new_token, page_address


def test_an_address_stays_on_this_machine_and_carries_the_secret_word():
    assert page_address(8866, "voila/render/00_start.ipynb", "abc") == "http://127.0.0.1:8866/voila/render/00_start.ipynb?token=abc"
    assert "%E4%B8%8A" in page_address(8866, "lab/tree/上.ipynb", "abc")


def test_secret_words_are_long_and_never_the_same():
    assert len({new_token() for _ in range(100)}) == 100
    assert min(len(new_token()) for _ in range(100)) >= 32


@pytest.mark.parametrize(
    ("system", "display", "there"), [("Linux", "", False), ("Linux", ":0", True), ("Windows", "", True), ("Darwin", "", True)]
)
def test_a_screen_is_looked_for_before_a_browser(monkeypatch, system, display, there):
    monkeypatch.setattr(address.platform, "system", lambda: system)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert has_screen() is there


@pytest.mark.parametrize(("asked", "screen"), [(True, True), (True, False), (False, True)])
def test_the_line_is_always_said_and_the_browser_opens_only_where_it_can(monkeypatch, capsys, asked, screen):
    opened: list[str] = []
    done = threading.Event()
    monkeypatch.setattr(address, "has_screen", lambda: screen)
    monkeypatch.setattr(address.webbrowser, "open", lambda url: (opened.append(url), done.set()))
    announce("http://127.0.0.1:1/", open_browser=asked)
    assert done.wait(5 if asked and screen else 0) is (asked and screen)
    assert opened == (["http://127.0.0.1:1/"] if asked and screen else [])
    assert "ブラウザーで開いてください： http://127.0.0.1:1/\n" in capsys.readouterr().out
