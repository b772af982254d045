"""STEP3: what is offered – who gains what, whether the owner would offer it to her own family, and the thank-you."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.counting import things
from kizuna.language.rules import Channel, Facts, Industry, check_facts, check_text
from kizuna.language.rules import perk as perk_cell
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps.cards import Card, evidence_of, people
from kizuna.steps.tribe.gate import may_begin
from kizuna.steps.tribe.gathering import gathering
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Action, Draft, Invitation, Offer, Piece
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

GONE = "このお誘いは、ほかの画面で消されました。画面を新しくしてください。"
ENOUGH = 3  # about this many items in shape before people are asked to use them
_EDITABLE = {
    "name", "gain_them", "gain_me", "family_ok", "family_who", "family_reason", "perk", "perk_what", "perk_value", "price", "destination",
}  # fmt: skip
_REWARDS = {"perk": "none", "perk_what": "", "perk_value": None, "price": None}  # what stands there for none of it
_YES, _NO = set("◯○〇oO０0Ｏｏ⭕"), set("×✕✖xXＸｘ❌")
_DRAW = re.compile(r"抽選|抽せん|くじ|福引|当た[りる]")
_CHEAPER = re.compile(r"割引|割り引|値引|値下げ|[0-9０-９]+ ?円 ?(?:引|オフ|OFF)|[0-9０-９]+ ?(?:%|％|割|パーセント) ?(?:引|オフ|OFF)|半額")


class Balance(StrEnum):
    """Who gains by an offer, as far as the two columns tell."""

    BOTH = "どちらにもよいことがある（お互い様）"
    ME = "いまは自分だけ得"
    THEM = "いまは相手だけ得"
    OPEN = "だれの得になるかは、これから書きます"


class Gains(Entry):
    """What is said where one side gains nothing yet."""

    open: str
    me: str
    them: str


class OfferingWords(Entry):
    """What is said while an invitation is thought over, in one part of the course."""

    nothing: tuple[str, str]
    unplanned: str
    planned: str
    ready: str
    soon: str
    which: str
    begin: str
    begun: str
    refused: str
    gains: Gains


@dataclass(frozen=True)
class Ground:
    """What can be offered, and how many people wished for it: an item of the plan, or (without an id) the gathering as it is designed."""

    action_id: int | None
    title: str
    wishers: int


@dataclass(frozen=True)
class OfferView:
    """An offer with the plan item it comes from, and the words that asked for it."""

    id: int
    part: Part
    action_id: int | None
    name: str
    content: str
    gain_them: str
    gain_me: str
    family_ok: bool | None
    family_who: str
    family_reason: str
    perk: str
    perk_what: str
    perk_value: int | None
    price: int | None
    destination: str
    evidence: tuple[Card, ...]

    @property
    def balance(self) -> Balance:
        """お互い様, or one-sided, by the two columns."""
        if self.gain_them and self.gain_me:
            return Balance.BOTH
        if self.gain_me:
            return Balance.ME
        return Balance.THEM if self.gain_them else Balance.OPEN

    @property
    def facts(self) -> Facts:
        """What is recorded about its thank-you."""
        return Facts(perk=self.perk, perk_value=self.perk_value, price=self.price, draw=bool(_DRAW.search(self.perk_what)))


@dataclass(frozen=True)
class Readiness:
    """How many of the planned items are in shape: done, or their day has come (of the design: all that is decided)."""

    planned: int
    in_shape: int
    part: Part = Part.FOLLOWUP

    @property
    def said(self) -> str:
        """One sentence on whether it is time to ask people."""
        told = words()[self.part]
        if not self.planned:
            return told.unplanned
        counted = told.planned.format(planned=things(self.planned), in_shape=things(self.in_shape))
        return f"{counted}{told.ready if self.in_shape >= min(ENOUGH, self.planned) else told.soon}"


@dataclass(frozen=True)
class Promise:
    """What the shop does and what it asks of people, by when, and how far it has come."""

    action_id: int
    ours: str
    by: date | None
    done_on: date | None
    theirs: str
    asked: int
    used: int


def words() -> dict[Part, OfferingWords]:
    """What is said by part, as ``content/offering.yaml`` tells it."""
    return load("offering.yaml", dict[Part, OfferingWords])


def readiness(book: Workbook, part: Part, today: date | None = None) -> Readiness:
    """How far the plan (or the design) has come, before people are asked to use it."""
    now = today or date.today()
    if part is Part.TRIBE:
        with book.reading() as session:
            choices = gathering(session).choices
        return Readiness(choices, choices, part)
    decided = plans.plan(book, part, now).decided
    return Readiness(len(decided), sum(one.done_on is not None or (one.due_on is not None and one.due_on <= now) for one in decided))


def promises(book: Workbook, part: Part) -> tuple[Promise, ...]:
    """「お互いの約束」: every item of the plan, with what was asked of how many people."""
    found = []
    with book.reading() as session:
        rows = session.execute(select(Offer.action_id, Invitation).join(Invitation, Invitation.offer_id == Offer.id)).all()
    for one in plans.plan(book, part).decided:
        here = [invitation for action_id, invitation in rows if action_id == one.id and invitation.asked_on]
        theirs = "使ってみて、感想を聞かせていただく" if here else ""
        used = sum(invitation.used_on is not None for invitation in here)
        found.append(Promise(one.id, one.title or "名前のない一手", one.due_on, one.done_on, theirs, len(here), used))
    return tuple(found)


def offers(book: Workbook, part: Part) -> tuple[OfferView, ...]:
    """The offers of a part in the order in which they were begun."""
    with book.reading() as session:
        return tuple(_view(session, row) for row in session.scalars(select(Offer).where(Offer.part == part).order_by(Offer.id)))


def offer(book: Workbook, offer_id: int) -> OfferView:
    """One offer. Raises ``KizunaError`` where it is gone."""
    with book.reading() as session:
        return _view(session, _row(session, offer_id))


def grounds(book: Workbook, part: Part) -> tuple[Ground, ...]:
    """What can be offered in a part and has no offer yet: the items of its plan, and the gathering as it is designed."""
    taken = {one.action_id for one in offers(book, part)}
    return tuple(one for one in _grounds(book, part) if one.action_id not in taken)


def _grounds(book: Workbook, part: Part) -> list[Ground]:
    found = [Ground(one.id, one.title, one.wishers) for one in plans.plan(book, part).decided]
    if part is Part.TRIBE:
        with book.reading() as session:
            place = gathering(session)
        found += [Ground(None, place.name, people(place.wished))] if place.choices else []
    return found


def begin(book: Workbook, part: Part, action_id: int | None = None) -> int:
    """Begin an offer from an item of the plan, or to the gathering; returns its id, that of the one there is already where there is one.

    Raises ``KizunaError`` where it does not stand in the plan or the design: nothing is offered that nobody asked for.
    """
    may_begin(book, part)
    ground = next((one for one in _grounds(book, part) if one.action_id == action_id), None)
    if ground is None:
        raise KizunaError(words()[part].refused)
    with book.act(f"お誘いを考えはじめた：{ground.title[:20]}") as session:
        row = session.scalars(select(Offer).where(Offer.part == part, Offer.action_id == action_id)).first()
        if row is None:
            row = Offer(part=part, action_id=action_id, name=ground.title)
            session.add(row)
            session.flush()
        return row.id


def edit(book: Workbook, offer_id: int, label: str = "お誘い", seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change fields of an offer; returns what another page had written meanwhile in those fields (compared with ``seen``).

    Raises ``KizunaError`` for a thank-you or a price among members.
    """
    only(fields, _EDITABLE)
    with book.act(f"{label}を書いた") as session:
        row = _row(session, offer_id)
        if Part(row.part) is Part.TRIBE and any(fields.get(key, none) not in (none, None) for key, none in _REWARDS.items()):
            raise KizunaError("仲間の集まりには、お礼の品も値段もつけません。かかる分だけを、お誘いの「実費」の欄に書いてください。")
        return overwrite(row, fields, seen)


def remove(book: Workbook, offer_id: int) -> None:
    """Take an offer away with its drafts and what was noted about it (undo brings all back)."""
    with book.act("お誘いを消した") as session:
        row = _row(session, offer_id)
        for draft in session.scalars(select(Draft).where(Draft.offer_id == offer_id)):
            for piece in session.scalars(select(Piece).where(Piece.draft_id == draft.id)):
                session.delete(piece)
            session.flush()
            session.delete(draft)
        for invitation in session.scalars(select(Invitation).where(Invitation.offer_id == offer_id)):
            session.delete(invitation)
        session.flush()
        session.delete(row)


def read_mark(text: str) -> bool | None:
    """Whether somebody wrote ○ or ×, in any of the usual signs; None for an empty field.

    Raises ``KizunaError`` for anything else.

    >>> [read_mark(mark) for mark in ("◯", "まる", "✕", "")]
    [True, True, False, None]
    """
    plain = text.strip()
    if not plain:
        return None
    if plain in _YES or plain in ("まる", "マル", "丸"):
        return True
    if plain in _NO or plain in ("ばつ", "バツ"):
        return False
    raise KizunaError(f"「{plain[:10]}」は、○か×のどちらかに読めません。○か×で書いてください。")


def check_offer(book: Workbook, one: OfferView) -> tuple[Finding, ...]:
    """What stands in the way of an offer, and what to look at once more."""
    industry = Industry.kept(read_answer(book, "industry"))
    found = [*_family(one), *check_facts(Facts(evidence=len(one.evidence))), *_gains(one), *_perk(one)]
    inside = Channel.TRIBE if one.part is Part.TRIBE else None
    for text in (one.name, one.gain_them, one.perk_what):
        found += (said for said in check_text(text, "owner", inside, None, industry) if not (inside and said.rule == "KZ-02"))
    if not inside and _CHEAPER.search(f"{one.name} {one.content} {one.gain_them} {one.perk_what}"):
        found.append(
            Finding(
                "2-31",
                "DISCOUNT",
                Strength.ADVICE,
                "値引きが中心になっていませんか。値段の話より、望まれたことそのものを主役にしましょう。",
            )
        )
    return tuple(found)


def _family(one: OfferView) -> Iterator[Finding]:
    """KZ-08: the owner thinks of one person close to her, by name, and says why she would – or would not – offer her the same."""
    if one.family_ok is None:
        yield Finding(
            "KZ-08",
            "EMPTY",
            Strength.STOP,
            "身内にも同じようにすすめられるかを、まだ答えていません。お一人を思いうかべて、○か×を選んでください。",
        )
    elif not one.family_ok:
        yield from check_facts(Facts(family_test=False))
    elif not one.family_who or not one.family_reason:
        missing = "と".join(
            what for what, there in (("だれを思いうかべたか", one.family_who), ("○にしたわけ", one.family_reason)) if not there
        )
        yield Finding("KZ-08", "EMPTY", Strength.STOP, f"身内の○は、{missing}を書くと決まります。お一人を思いうかべて、書いてください。")


def _gains(one: OfferView) -> Iterator[Finding]:
    told = words()[one.part].gains
    said = {Balance.OPEN: told.open, Balance.ME: told.me, Balance.THEM: told.them}
    if one.balance in said:
        yield Finding("1-06", "BALANCE", Strength.ADVICE, said[one.balance])


def _perk(one: OfferView) -> Iterator[Finding]:
    """The table of perks, the limits of their value, and what is not written yet."""
    if one.perk == "none":
        return
    cell = perk_cell(one.perk, one.destination)
    strength = Strength.STOP if cell.answer == "—" else cell.strength or Strength.ADVICE
    number = "ST-01" if one.perk == "positive" else {"reviews": "ST-02", "own": "ST-03"}.get(one.destination, "4-35")
    yield Finding(number, "PERK", strength, cell.note)
    yield from (found for found in check_facts(one.facts) if found.rule.startswith("KB-"))
    if not one.perk_what:
        yield Finding("4-35", "PERK", Strength.ADVICE, "お礼に何をお渡しするかを書いておきましょう。")
    if one.perk == "use" and one.perk_value is not None and one.price is None:
        yield Finding(
            "KB-01", "PERK_LIMIT", Strength.ADVICE, "買った方全員に渡すものなら、もとの値段も書くと、上限をこえていないか確かめられます。"
        )


def _view(session: Session, row: Offer) -> OfferView:
    action = session.get(Action, row.action_id) if row.action_id else None
    asked_for = gathering(session).wished if Part(row.part) is Part.TRIBE else ()
    evidence = tuple(evidence_of(session, [action.id])[action.id]) if action else asked_for
    fields = {key: getattr(row, key) for key in _EDITABLE}
    return OfferView(
        id=row.id, part=Part(row.part), action_id=row.action_id, content=action.content if action else "", evidence=evidence, **fields
    )  # fmt: skip


def _row(session: Session, offer_id: int) -> Offer:
    return fetch(session, Offer, offer_id, GONE)
