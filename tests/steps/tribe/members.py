"""A gathering that was held, with what a member said of it and what she allows."""

from __future__ import annotations

from datetime import date

from kizuna.steps import composing, consents
from kizuna.steps.consents import Agreed
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook
from tests.steps.tribe.inviting import TRIBE, a_place, who

LINE = date(2026, 11, 20)
GLAD = "隣の方と同じ場面で笑えて、うれしかったです。"


def said(book: Workbook, name: str, text: str = GLAD) -> int:
    """One more voice about the gathering; returns its id."""
    hear(book, name, LINE, [Said("集まりで、よかったことは何ですか", Topic.GOOD, text)], feedback=TRIBE)
    with book.reading() as session:
        return session.query(Voice).order_by(Voice.id.desc()).first().id


def allow(book: Workbook, name: str, *voice_ids: int, scopes: tuple[str, ...] = ("members", "shop")) -> int:
    """What she allows with these voices; returns the consent's id."""
    agreed = Agreed(scopes=scopes, name_style="initial", shown_name="M", edit="shorten")
    return consents.record(book, who(book, name), voice_ids, agreed)


def a_gathering(form: str) -> tuple[Workbook, int]:
    """One member's words in a draft of that form: the workbook and the draft's id."""
    book = a_place()
    voice = said(book, "ミナト")
    allow(book, "ミナト", voice)
    return book, composing.draft(book, TRIBE, form, [voice])
