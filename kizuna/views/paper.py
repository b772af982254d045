"""A page of the workshop on paper: the same questions with the same numbers, blank to write on or with what was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from kizuna.steps.cards import Card
from kizuna.views.fields import Field, offered
from kizuna.views.parts import day
from kizuna.views.sheets import render
from kizuna.workbook.answers import read_answer

if TYPE_CHECKING:
    from kizuna.views.page import Page

SAME_NUMBERS = "番号は画面と同じです。書きこんだ紙を見ながら、同じ番号のところに写してください。"
PRIVATE = "かぎかっこの中は、お客さまが話されたままの言葉です。お名前や言葉を店の外に出すときは、ご本人にお許しをいただいてください。"

_ROOMS: dict[str, Literal["brief", "long"]] = {"number": "brief", "date": "brief", "long": "long"}


@dataclass(frozen=True)
class Choice:
    """One choice to tick, and whether it is ticked."""

    label: str
    ticked: bool


@dataclass(frozen=True)
class Line:
    """One question on paper with its room: ``value`` is what was written, empty where something is to be written.

    ``brief`` is written beside its question, everything else below it.
    """

    question: str
    number: str = ""
    hint: str = ""
    kind: Literal["short", "brief", "long", "choice", "voice"] = "short"
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    value: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Block:
    """A titled piece of a sheet: a picture, questions, customers' words, and cards to cut out (``None`` is an empty card).

    ``inner`` stands inside the block before it (one item, one person, one box); ``fresh`` begins on a new page.
    """

    title: str
    lead: str = ""
    lines: tuple[Line, ...] = ()
    quotes: tuple[Card, ...] = ()
    slips: tuple[Card | None, ...] = ()
    inner: bool = False
    fresh: bool = False
    picture: Markup | None = None


def line(field: Field, number: str = "", value: Any = None, options: list[tuple[str, Any]] | None = None) -> Line:
    """A field of the screen on paper; without a ``value`` nothing is ticked and nothing written."""
    choices = tuple(Choice(label, value is not None and stored == value) for label, stored in offered(field, options))
    return Line(
        field.question,
        number,
        field.hint,
        "choice" if choices else _ROOMS.get(field.kind, "short"),
        field.unit,
        choices,
        "" if choices else _spell(field, value),
        field.follows,
    )


def page_html(page: Page, blank: bool) -> str:
    """Everything of ``page`` that has something for paper, ready to print: ``blank`` to write on, else as it is written now."""
    each = dict.fromkeys(tuple(form.paper(blank)) for form in page.forms)  # a cell that was run twice is still one form
    purpose = "" if blank else read_answer(page.book, "purpose") or ""
    return _html(page, "書きこみ用紙" if blank else "書いたもの", SAME_NUMBERS, [block for blocks in each for block in blocks], purpose)


def slips_html(page: Page) -> str:
    """Every card of ``page``, ready to print and to cut out."""
    each = dict.fromkeys(tuple(form.slips()) for form in page.forms)
    return _html(page, "声のカード", "", [block for blocks in each for block in blocks])


def _html(page: Page, kind: str, told: str, blocks: list[Block], purpose: str = "") -> str:
    heard = any(one.quotes or any(one.slips) or any(line.kind == "voice" for line in one.lines) for one in blocks)
    foot = [sentence for sentence in (told, PRIVATE if heard else "") if sentence]
    shop = read_answer(page.book, "shop") or ""
    return render("sheet.html.j2", section=page.title, kind=kind, shop=shop, purpose=purpose, today=date.today(), foot=foot, blocks=blocks)


def _spell(field: Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.kind == "number":
        return f"{value:g}"
    return day(value) if isinstance(value, date) else str(value)
