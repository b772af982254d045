"""Consents: what a person allows with her words, for how long and under which name; recorded once, never widened."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.process import Part, Step
from kizuna.steps.cards import Card, voice_card
from kizuna.steps.names import tells_name
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Consent, ConsentVoice, Person, Voice, called
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

GONE = "このお許しの記録は、ほかの画面で消されました。画面を新しくしてください。"
CONTACT = "consent.contact"
NOBODY = "お客さま"
NAMED = "："  # between a name and what stands beside her words
_NEWEST = (Consent.obtained_on.desc(), Consent.id.desc())


class Scope(Entry):
    """Where a voice may go; ``outward`` false where it stays in the shop."""

    key: str
    name: str
    note: str = ""
    outward: bool = True


class Option(Entry):
    """One of a few, by its key."""

    key: str
    name: str
    note: str = ""


class Expiry(Entry):
    """How long a consent holds; 0 months: until it is withdrawn."""

    key: str
    name: str
    months: int


class Tie(Entry):
    """A thank-you or a relation; what has to stand beside the voice, and by which words it is known to stand there."""

    key: str
    name: str
    disclosure: str = ""
    told: list[str] = []


class ConsentText(Entry):
    """One version of what people agree to; its three ticks are never made beforehand."""

    version: str
    intro: str
    ticks: dict[Literal["improve", "anonymous", "named"], str]
    withdraw: str
    free: str


class ConsentTexts(Entry):
    """Everything in ``consent.yaml``."""

    current: str
    texts: list[ConsentText]
    scopes: list[Scope]
    name_styles: list[Option]
    edits: list[Option]
    methods: list[Option]
    expiries: list[Expiry]
    perks: list[Tie]
    relations: list[Tie]

    @property
    def now(self) -> ConsentText:
        """The version that is handed out today."""
        return next(one for one in self.texts if one.version == self.current)


class State(StrEnum):
    """How a consent stands on a day."""

    NONE = "まだうかがっていません"
    VALID = "お許しあり"
    EXPIRED = "期限が過ぎました"
    WITHDRAWN = "取り下げられました"


@dataclass(frozen=True)
class Agreed:
    """What a person ticked and wrote on the sheet; keys of ``consent.yaml``."""

    scopes: tuple[str, ...]
    name_style: str = "anonymous"
    shown_name: str = ""
    photo: bool = False
    edit: str = "none"
    method: str = "paper"
    expiry: str = "one_year"
    perk: str = "none"
    perk_what: str = ""
    perk_value: int | None = None
    relation: str = "customer"
    child: bool = False
    guardian: str = ""


@dataclass(frozen=True)
class ConsentView:
    """A consent as it stands on a day; ``step``: where the words were heard, ``shown``: the name under which they may go out."""

    id: int
    person_id: int
    person: str
    shown: str
    version: str
    text: str
    scopes: tuple[str, ...]
    name_style: str
    edit: str
    method: str
    obtained_on: date
    expires_on: date | None
    withdrawn_on: date | None
    perk: str
    relation: str
    guardian: str
    state: State
    voices: tuple[Card, ...]
    step: Step

    @property
    def scope_names(self) -> str:
        """Where the words may go, in words."""
        return "・".join(one.name for one in texts().scopes if one.key in self.scopes)


def texts() -> ConsentTexts:
    """The consent as ``content/consent.yaml`` tells it."""
    found: ConsentTexts = load("consent.yaml", ConsentTexts)
    return found


def record(book: Workbook, person_id: int, voice_ids: Sequence[int], agreed: Agreed, today: date | None = None) -> int:
    """Note what a person allows with these voices of hers; the day is today's and cannot be chosen (``today`` is for tests). Returns its id.

    Raises ``KizunaError`` where something is missing or does not fit: no voice, somebody else's voice, no scope, a name that does not
    keep its style, a child without a guardian.
    """
    day = today or date.today()
    contact = read_answer(book, CONTACT) or ""
    with book.act("お許しを書きとめた") as session:
        person = fetch(session, Person, person_id, "この方の記録が見つかりません。画面を新しくして、もう一度選んでください。")
        _check(session, person, voice_ids, agreed)
        months = next(one.months for one in texts().expiries if one.key == agreed.expiry)
        row = Consent(
            person_id=person_id,
            version=texts().current,
            text=spelled(agreed, contact),
            scopes=[one.key for one in texts().scopes if one.key in agreed.scopes],
            name_style=agreed.name_style,
            shown_name=agreed.shown_name.strip() or (person.name or "" if agreed.name_style == "real" else ""),
            photo=agreed.photo,
            edit=agreed.edit,
            method=agreed.method,
            obtained_on=day,
            expires_on=later(day, months) if months else None,
            perk=agreed.perk,
            perk_what=agreed.perk_what.strip(),
            perk_value=agreed.perk_value,
            relation=agreed.relation,
            guardian=agreed.guardian.strip(),
        )
        session.add(row)
        session.flush()
        session.add_all(ConsentVoice(consent_id=row.id, voice_id=one) for one in dict.fromkeys(voice_ids))
        return row.id


def spelled(agreed: Agreed, contact: str = "") -> str:
    """The text a person agreed to, as the sheet had it, with what she ticked."""
    words, now = texts(), texts().now
    named = agreed.name_style != "anonymous"
    outward = [one for one in words.scopes if one.outward]
    ticked = {
        "improve": "improve" in agreed.scopes,
        "anonymous": not named and any(one.key in agreed.scopes for one in outward),
        "named": named,
    }
    lines = [now.intro]
    lines += [f"{'■' if ticked[key] else '□'} {text}" for key, text in now.ticks.items()]
    lines.append("出してよい所：" + "・".join(f"{'○' if one.key in agreed.scopes else '　'}{one.name}" for one in outward))
    lines.append(f"お名前の出し方：{_name(words.name_styles, agreed.name_style)}{f'（{agreed.shown_name}）' if agreed.shown_name else ''}")
    lines.append(f"短くすること：{_name(words.edits, agreed.edit)}")
    lines.append(f"写真：{'使ってよい' if agreed.photo else '使わない'}")
    lines.append(f"期限：{next(one.name for one in words.expiries if one.key == agreed.expiry)}")
    lines.append(f"{now.withdraw}　連絡先：{contact or 'お店'}")
    return "\n".join([*lines, now.free])


def covering(session: Session, voice_id: int, scope: str, today: date) -> Consent | None:
    """The consent under which a voice may go to ``scope`` on that day: of several the newest; None where there is none."""
    wanted = select(Consent).join(ConsentVoice, ConsentVoice.consent_id == Consent.id).where(ConsentVoice.voice_id == voice_id)
    return _holding(session.scalars(wanted.order_by(*_NEWEST)), scope, today)


def covers(session: Session, voice_id: int, scope: str, today: date) -> bool:
    """Whether a voice may go to ``scope`` on that day."""
    return covering(session, voice_id, scope, today) is not None


def state(row: Consent, today: date) -> State:
    """How a consent stands on that day."""
    if row.withdrawn_on is not None and row.withdrawn_on <= today:
        return State.WITHDRAWN
    if row.obtained_on > today:
        return State.NONE
    return State.EXPIRED if row.expires_on is not None and row.expires_on < today else State.VALID


def by_voice(session: Session) -> Mapping[int, Sequence[Consent]]:
    """The consents for every voice that has any, the newest first."""
    found: dict[int, list[Consent]] = defaultdict(list)
    rows = select(ConsentVoice.voice_id, Consent).join(Consent, ConsentVoice.consent_id == Consent.id).order_by(*_NEWEST)
    for voice_id, row in session.execute(rows):
        found[voice_id].append(row)
    return found


def standing(rows: Iterable[Consent], today: date) -> State:
    """How consents for one voice, the newest first, stand on that day: valid if one is, else as the newest."""
    states = [state(one, today) for one in rows]
    return State.VALID if State.VALID in states else next(iter(states), State.NONE)


def outward(rows: Sequence[Consent], today: date) -> tuple[str, ...]:
    """Where a voice with these consents may go outside on that day."""
    return tuple(one.key for one in texts().scopes if one.outward and _holding(rows, one.key, today))


def consents(book: Workbook, today: date | None = None, part: Part | None = None) -> tuple[ConsentView, ...]:
    """Every consent in the order in which it was given; of a ``part`` those for words said in it."""
    wanted = select(Consent).order_by(Consent.id)
    if part is not None:
        said = select(ConsentVoice.consent_id).join(Voice, Voice.id == ConsentVoice.voice_id).where(Voice.part == part)
        wanted = wanted.where(Consent.id.in_(said))
    with book.reading() as session:
        return tuple(view(session, row, today or date.today()) for row in session.scalars(wanted))


def view(session: Session, row: Consent, today: date) -> ConsentView:
    """A consent as it stands, within a session."""
    person = session.get(Person, row.person_id)
    voices = session.scalars(
        select(Voice).join(ConsentVoice, ConsentVoice.voice_id == Voice.id).where(ConsentVoice.consent_id == row.id).order_by(Voice.id)
    ).all()
    return ConsentView(
        row.id, row.person_id, person.called if person else "", shown(row), row.version, row.text, tuple(row.scopes), row.name_style, row.edit,
        row.method, row.obtained_on, row.expires_on, row.withdrawn_on, row.perk, row.relation, row.guardian, state(row, today),
        tuple(voice_card(one) for one in voices), Step(voices[0].step),
    )  # fmt: skip


def shown(row: Consent) -> str:
    """The name under which the words go out, as it was agreed; a person who stays without a name is one of the 「お客さま」."""
    if row.name_style == "anonymous":
        return row.shown_name or NOBODY
    return called(row.shown_name)


def ties(row: Consent) -> tuple[Tie, ...]:
    """The thank-you and the relation that have to stand beside the words."""
    words = texts()
    tied = [one for one in words.perks if one.key == row.perk] + [one for one in words.relations if one.key == row.relation]
    return tuple(one for one in tied if one.disclosure)


def disclosures(row: Consent) -> list[str]:
    """The lines that have to stand beside the words, each with the name it belongs to: 「Mさん：お礼をお渡しして…」."""
    return [f"{shown(row)}{NAMED}{one.disclosure}" for one in ties(row)]


def later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _holding(rows: Iterable[Consent], scope: str, today: date) -> Consent | None:
    """The first of these consents that holds for ``scope`` on that day."""
    return next((one for one in rows if scope in one.scopes and state(one, today) is State.VALID), None)


def _check(session: Session, person: Person, voice_ids: Sequence[int], agreed: Agreed) -> None:
    if not voice_ids:
        raise KizunaError("どの言葉のお許しかが、まだ選ばれていません。のせたい声を一つ以上選んでください。")
    for voice_id in voice_ids:
        voice = session.get(Voice, voice_id)
        if voice is None or voice.person_id != person.id:
            raise KizunaError("ほかの方の声が混ざっています。お許しは、お一人ずつ、その方の声だけで書きとめてください。")
    if not agreed.scopes:
        raise KizunaError("どこに出してよいかが、一つも選ばれていません。○のついた所を、紙のとおりに選んでください。")
    _known(agreed)
    if agreed.child and not agreed.guardian.strip():
        raise KizunaError("お子さんの声には、保護者の方のお許しが要ります。「保護者のお名前」を書いてください。")
    shown_name = agreed.shown_name.strip()
    if agreed.name_style in ("initial", "nickname") and not shown_name:
        raise KizunaError("どのお名前で出すかが、書かれていません。ご本人の書いたとおりに入れてください（例：K.M.）。")
    if agreed.name_style == "real" and not (shown_name or person.name):
        raise KizunaError("お名前がまだ記録にありません。ご本人の書いたお名前を入れてください。")
    if agreed.name_style == "initial" and not re.fullmatch(r"[A-Za-zＡ-Ｚａ-ｚ](?:[.．・ ]?[A-Za-zＡ-Ｚａ-ｚ])?[.．]?", shown_name):
        raise KizunaError("頭文字は、アルファベット一つか二つで書いてください（例：K、K.M.）。")
    listed = agreed.name_style == "nickname" and called(shown_name) == called(
        person.name or ""
    )  # the name on the list may be the one she goes by
    if agreed.name_style != "real" and shown_name and not listed and tells_name(f"{shown_name}さん", person):
        raise KizunaError("お名前を出さない約束なのに、記録のお名前が入っています。頭文字や呼び名だけにしてください。")


def _known(agreed: Agreed) -> None:
    words = texts()
    chosen: tuple[tuple[str, str, Sequence[Option | Expiry | Tie]], ...] = (
        ("お名前の出し方", agreed.name_style, words.name_styles),
        ("短くすること", agreed.edit, words.edits),
        ("うかがい方", agreed.method, words.methods),
        ("期限", agreed.expiry, words.expiries),
        ("お礼", agreed.perk, words.perks),
        ("間がら", agreed.relation, words.relations),
    )
    for what, value, offered in chosen:
        if value not in {one.key for one in offered}:
            raise KizunaError(f"「{what}」に「{value}」は選べません。一覧の中から選んでください。")
    if strange := set(agreed.scopes) - {one.key for one in words.scopes}:
        raise KizunaError(f"「出す所」に「{min(strange)}」は選べません。一覧の中から選んでください。")


def _name(options: Sequence[Option], key: str) -> str:
    return next(one.name for one in options if one.key == key)
