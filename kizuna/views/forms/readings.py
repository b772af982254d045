"""What may be read beside the work: short folded pieces, each saying whose thought it is, with a question to the reader."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from markupsafe import Markup
from pydantic import BeforeValidator

from kizuna.content import Entry, load
from kizuna.views.page import Page
from kizuna.views.parts import html

_WHOSE = {"author": "ある書き手の意見", "course": "この講座の考え"}


def joined(text: Any) -> Any:
    """A folded text of YAML without the blanks that stand for its line ends, which Japanese does not know."""
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text) if isinstance(text, str) else text


class Paragraph(Entry):
    """One thought, and whose it is: an author's opinion, or that of the course."""

    by: Literal["author", "course"]
    text: Annotated[str, BeforeValidator(joined)]


class Reading(Entry):
    """One piece: the thoughts it has a place for, its paragraphs, and the question it leaves the reader with."""

    key: str
    title: str
    thoughts: list[str]
    parts: list[Paragraph]
    question: str


def readings(file: str) -> list[Reading]:
    """The pieces of the section ``file``, in their order."""
    return load("readings.yaml", dict[str, list[Reading]]).get(file, [])


def reading(page: Page) -> Any:
    """The pieces of this page, folded; one widget, and nothing of it is kept. Printed is what stands open."""
    pieces = Markup("").join(_piece(one) for one in readings(page.section.file))
    return html(Markup('<div class="kz-readings">{}</div>').format(pieces), "kz")


def _piece(one: Reading) -> Markup:
    paragraphs = Markup("").join(Markup('<p class="{}"><b>{}</b>{}</p>').format(part.by, _WHOSE[part.by], part.text) for part in one.parts)
    return Markup('<details><summary>{}</summary><div>{}<p class="ask"><b>考えてみましょう</b>{}</p></div></details>').format(
        one.title, paragraphs, one.question
    )
