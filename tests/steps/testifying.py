"""A workbook with feedback and consents, as the tests of STEP5 need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps import composing, consents, drafts, showing
from kizuna.steps.consents import Agreed
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
TODAY = date(2026, 11, 26)
HEARD = date(2026, 11, 3)
GLAD = "電話で知らせてくださったので、仕事帰りに迷わず受け取れました。"
LONG = f"ありがとうございました。{GLAD}それから毎月、次の一冊が楽しみになりました。"
SORRY = "返事が三日なくて、忘れられたのかと思いました。"
EVERYWHERE = tuple(one.key for one in consents.texts().scopes)


def a_book(*said: tuple[str, str], question: str = "使ってみて、いかがでしたか", on: date | None = HEARD) -> Workbook:
    """A shop with these people's feedback; a name and the words of each."""
    book = open_workbook(MEMORY)
    save_answer(book, "shop", "汐風書店")
    for person, text in said:
        tell(book, person, text, question, on)
    return book


def tell(book: Workbook, person: str, text: str, question: str = "使ってみて、いかがでしたか", on: date | None = HEARD) -> int:
    """One more voice of feedback; returns its id."""
    hear(book, person, on, [Said(question, Topic.FOLLOWUP, text)], feedback=PART)
    return voices(book)[-1].id


def voices(book: Workbook) -> list[Voice]:
    with book.reading() as session:
        return list(session.scalars(select(Voice).order_by(Voice.id)))


def allow(book: Workbook, *voice_ids: int, today: date = TODAY, **agreed: Any) -> int:
    """A consent of the person of these voices: everywhere, as 「M」, shortened, unless it is said otherwise; returns its id."""
    whose = {one.id: one.person_id for one in voices(book)}
    ids = voice_ids or tuple(whose)
    wanted = {"scopes": EVERYWHERE, "name_style": "initial", "shown_name": "M", "edit": "shorten"} | agreed
    return consents.record(book, whose[ids[0]], ids, Agreed(**wanted), today)


def begin(book: Workbook, form: str = "pop", *voice_ids: int, today: date = TODAY) -> int:
    """A draft of these voices (of the first, without any)."""
    return composing.draft(book, PART, form, voice_ids or (voices(book)[0].id,), today)


def found(book: Workbook, draft_id: int, today: date = TODAY) -> dict[str, str]:
    """What is said about a draft: the strengths by rule, the heaviest where there are several."""
    told = showing.check(book, drafts.draft(book, draft_id), today)
    order = ["止める", "注意", "助言"]
    return {one.rule: one.strength.value for one in sorted(told, key=lambda one: order.index(one.strength.value), reverse=True)}


def finish(book: Workbook, draft_id: int, today: date = TODAY) -> None:
    """Tick what is only to be minded, and finish."""
    for rule, strength in found(book, draft_id, today).items():
        if strength == "注意":
            drafts.tick(book, draft_id, rule)
    showing.finish(book, draft_id, today)


def written(book: Workbook, draft_id: int, owner: str) -> int:
    """A draft with this as the owner's last words; returns its id."""
    if owner:
        drafts.write(book, draft_id, "thanks", owner)
    return draft_id


def plain(text: str = GLAD, owner: str = "", form: str = "pop", **agreed: Any) -> tuple[Workbook, int]:
    """One person's words in a draft: the workbook and the draft's id."""
    book = a_book(("ミナト", text))
    allow(book, **agreed)
    return book, written(book, begin(book, form), owner)


def undisclosed(**agreed: Any) -> tuple[Workbook, int]:
    """The same without what has to stand beside the words."""
    book, one = plain(**agreed)
    drafts.write(book, one, "use", "")
    return book, one
