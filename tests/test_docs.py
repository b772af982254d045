"""What README and the documents point at is there: files, pictures and headings; pictures are light, and every one is shown somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from kizuna.process import course
from tests.browser.pictures import MOST

ROOT = Path(__file__).parents[1]
PAPERS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "datasets").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "images").iterdir())
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def links(text: str) -> list[str]:
    """Where a text points to, except into the web."""
    return [found for found in _LINK.findall(_CODE.sub("", text)) if not re.match(r"[a-z]+:", found)]


def anchors(text: str) -> set[str]:
    """The names of the headings, as the places where these files are read make them."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead(paper: Path, text: str) -> list[str]:
    """The links of ``text``, which stands in ``paper``, that lead nowhere."""
    found = []
    for link in links(text):
        place, _, heading = unquote(link).partition("#")
        target = (paper.parent / place).resolve() if place else paper
        if not target.exists() or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            found.append(link)
    return found


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_is_dead(paper: Path) -> None:
    assert dead(paper, paper.read_text(encoding="utf-8")) == []


def test_a_dead_link_is_found() -> None:
    text = "[a](nothing.md) ![b](docs/images/nothing.webp) [c](README.ja.md#ない見出し) [d](README.ja.md#はじめ方) [e](https://example.org/x) `[f](no)`"
    assert dead(ROOT / "README.md", text) == ["nothing.md", "docs/images/nothing.webp", "README.ja.md#ない見出し"]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_each_picture_is_light_and_shown(picture: Path) -> None:
    assert picture.stat().st_size <= MOST
    assert any(picture.name in paper.read_text(encoding="utf-8") for paper in PAPERS)


def test_each_picture_says_in_words_what_it_shows() -> None:
    assert [paper.name for paper in PAPERS if re.search(r"!\[\s*\]\(", paper.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["README.ja.md", "README.md", "docs/first-hour.ja.md", "docs/trouble.ja.md"])
def test_every_command_that_is_told_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`|^make ([a-z]+)$", text, re.MULTILINE)) <= {
        pair for one in targets for pair in ((one, ""), ("", one))
    }
    from kizuna.cli import main

    assert set(re.findall(r"kizuna ([a-z]+)(?: [A-Zdフ-]|`|$)", text, re.MULTILINE)) <= set(main.commands)


@pytest.mark.parametrize("name", ["first-hour.ja.md", "trouble.ja.md"])
def test_the_pages_named_with_their_number_have_that_name(name: str) -> None:
    titles = {one.file[:2]: one.title for one in course().sections if one.open}
    told = re.findall(r"「([^」]+)」のページ（(\d\d)）", (ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert len(told) > 3 and [(title, number) for title, number in told if titles[number] != title] == []


def test_what_stands_between_brackets_is_on_the_screen() -> None:
    """The buttons and messages that the document of troubles names are those of the program."""
    told = set(re.findall(r"「([^」]+)」", (ROOT / "docs" / "trouble.ja.md").read_text(encoding="utf-8")))
    said = "".join(
        path.read_text(encoding="utf-8")
        for kind in ("py", "yaml", "html", "j2", "js")
        for path in sorted((ROOT / "kizuna").rglob(f"*.{kind}"))
    )
    assert {one for one in told if one not in said} - ELSEWHERE == set() and told >= ELSEWHERE


ELSEWHERE = {
    *("このサイトにアクセスできません", "再読み込み", "既定", "PDF に保存"),  # the browser's own
    *("名前を付けて保存", "トーク履歴を送信", "CSV UTF-8"),  # of Excel and LINE
    "消してほしい",  # what a customer says
}
