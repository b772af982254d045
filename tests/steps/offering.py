"""The worked example before its first offer, as the tests of STEP3 need it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kizuna.process import Part
from kizuna.steps import offer, posts, recurring
from kizuna.steps.invitations import SENDER
from kizuna.steps.offer import OfferView
from kizuna.steps.sample import make_sample
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import Workbook

PART = Part.FOLLOWUP
TODAY = date(2026, 11, 2)
WHOLE = {
    "gain_them": "土曜の朝は、お子さんが声を出してもだいじょうぶです。",
    "gain_me": "親子の顔と名前を覚えられる。",
    "family_ok": True,
    "family_who": "妹のさとみ",
    "family_reason": "妹も、小さい子を連れて入りにくいと話していたから。",
}


def before_offers(folder: Path) -> Path:
    """The example's file with its plan, but no offer, no post, nothing told again and no sender."""
    path = folder / "見本.kizuna"
    book = make_sample(path, TODAY, later=False)
    for one in offer.offers(book, PART):
        offer.remove(book, one.id)
    for post in posts.posts(book):
        posts.remove(book, post.id)
    for again in recurring.recurring(book):
        recurring.drop_recurring(book, again.id)
    for key in SENDER:
        save_answer(book, key, "")
    book.begin_history_here()
    book.close()
    return path


def an_offer(book: Workbook, **fields: Any) -> OfferView:
    """An offer with nothing in its way, from the item 「声を出していい土曜の朝」; ``fields`` are written otherwise."""
    ground = next(one for one in offer.grounds(book, PART) if one.title == "声を出していい土曜の朝")
    one = offer.begin(book, PART, ground.action_id)
    offer.edit(book, one, **(WHOLE | fields))
    return offer.offer(book, one)
