"""STEP2 of the tribe: the place its members meet in; a choice about it counts only while decided and while somebody's words ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import Facts, check_facts
from kizuna.process import Part
from kizuna.steps import research
from kizuna.steps.cards import Card, card, cards, people
from kizuna.steps.plan import HOURS, plan, spell_minutes
from kizuna.steps.tribe.fitting import around, check_choice, stops
from kizuna.steps.tribe.gate import pass_through
from kizuna.steps.tribe.topics import Topic, beside, topic, words
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Choice, ChoiceEvidence, Quote
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

GONE = "この答えは、ほかの画面で消されました。画面を新しくしてください。"
_EDITABLE = {"text", "often", "minutes", "yen"}
_ELSEWHERE = "この声は、集まりについての言葉ではありません。集まりについて話してくださった言葉を選んでください。"


@dataclass(frozen=True)
class ChoiceView:
    """One choice about the place with the words that asked for it; ``minutes`` are the owner's in a month, ``yen`` one member's at cost."""

    id: int
    topic: Topic
    text: str
    often: str
    minutes: int | None
    yen: int | None
    decided: bool
    evidence: tuple[Card, ...]

    @property
    def people(self) -> int:
        """How many different people asked for it."""
        return people(self.evidence)

    @property
    def in_design(self) -> bool:
        """Whether it stands in the design: decided, and asked for."""
        return self.decided and bool(self.evidence)


@dataclass(frozen=True)
class DesignView:
    """The place as it stands: its choices in the order of the topics, and the owner's hours; ``followup`` are minutes a month of the first part's plan."""

    choices: tuple[ChoiceView, ...]
    hours: float | None
    followup: int

    @property
    def decided(self) -> tuple[ChoiceView, ...]:
        """The choices that stand in the design."""
        return tuple(one for one in self.choices if one.in_design)

    @property
    def minutes(self) -> int:
        """The owner's minutes in a month for all that stands in the design."""
        return sum(one.minutes or 0 for one in self.decided)

    def of(self, topic: str) -> tuple[ChoiceView, ...]:
        """The choices on one topic, decided or not."""
        return tuple(one for one in self.choices if one.topic.key == topic)


def design(book: Workbook) -> DesignView:
    """The place as it stands in the workbook."""
    with book.reading() as session:
        views = [_view(session, row) for row in session.scalars(select(Choice).order_by(Choice.id))]
    order = [one.key for one in words().topics]
    first = plan(book, Part.FOLLOWUP)
    return DesignView(
        tuple(sorted(views, key=lambda one: order.index(one.topic.key))),
        read_answer(book, HOURS),
        round(first.minutes * 30 / first.days),
    )


def near(book: Workbook) -> Mapping[str, tuple[Card, ...]]:
    """The words about the place, for each topic those that belong beside it."""
    with book.reading() as session:
        said = cards(session, Part.TRIBE)
    return {one.key: tuple(each for each in said if beside(each.text, one)) for one in words().topics}


def wishes(book: Workbook) -> tuple[Card, ...]:
    """All words about the place, in the order in which they came in."""
    with book.reading() as session:
        return tuple(cards(session, Part.TRIBE))


def draft(book: Workbook) -> int:
    """Lay the wishes beside the topics that nothing is written about: a choice for each, resting on them, its words left to the owner.

    Returns how many were begun. Raises ``KizunaError`` while the gate is shut.
    """
    pass_through(book)
    found, have = near(book), {one.topic.key for one in design(book).choices}
    fresh = {key: beside for key, beside in found.items() if beside and key not in have}
    if fresh:
        with book.act("望みを、集まりの案の問いに並べた") as session:
            for key, beside in fresh.items():
                _begin(session, key, [one.id for one in beside])
    return len(fresh)


def begin(book: Workbook, topic_key: str, quote_ids: Sequence[int] = ()) -> int:
    """Begin a choice on a topic that rests on these quotes; returns its id.

    Raises ``KizunaError`` while the gate is shut, and where the topic takes one choice and has it.
    """
    pass_through(book)
    wanted = topic(topic_key)
    with book.act(f"集まりの案を書きはじめた：{wanted.title}") as session:
        if not wanted.several and session.scalars(select(Choice.id).where(Choice.topic == topic_key)).first():
            raise KizunaError(f"『{wanted.title}』の答えは、一つです。いまの答えを書き直してください。")
        return _begin(session, topic_key, quote_ids)


def edit(book: Workbook, choice_id: int, label: str = "集まりの案", seen: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change fields of a choice; returns what another page had written meanwhile in those fields (compared with ``seen``).

    What may not stand there takes the choice out of the design.
    """
    only(fields, _EDITABLE)
    against = around(book)
    with book.act(f"{label}を書いた") as session:
        row = _row(session, choice_id)
        others = overwrite(row, fields, seen)
        row.decided = row.decided and not stops(check_choice(_view(session, row), against))
    return others


def tie(book: Workbook, choice_id: int, quote_id: int, yes: bool = True) -> None:
    """Let a choice rest on one more quote, or no longer on it; without any it leaves the design.

    Raises ``KizunaError`` for words that were not said about the place.
    """
    with book.act("集まりの案の根拠の声を選び直した") as session:
        row = _row(session, choice_id)
        rows = {one.quote_id: one for one in _ties(session, choice_id)}
        if yes and quote_id not in rows:
            _rest(session, choice_id, [quote_id])
        elif not yes and quote_id in rows:
            session.delete(rows.pop(quote_id))
            row.decided = row.decided and bool(rows)


def decide(book: Workbook, choice_id: int, yes: bool = True) -> None:
    """Put a choice into the design, or take it out.

    Raises ``KizunaError`` while the gate is shut, where nobody asked for it (KZ-07), where nothing is written, and for words that may not
    stand in the place, selling above all (KZ-03).
    """
    if yes:
        pass_through(book)
    against = around(book)
    with book.act("集まりの案に入れた" if yes else "集まりの案から外した") as session:
        row = _row(session, choice_id)
        if yes and (found := stops(check_choice(_view(session, row), against))):
            raise KizunaError(found[0].message)
        row.decided = yes


def remove(book: Workbook, choice_id: int) -> None:
    """Take a choice away (undo brings it back)."""
    with book.act("集まりの案の答えを消した") as session:
        _remove(session, choice_id)


def wait_as_question(book: Workbook, choice_id: int, question: str) -> None:
    """Put a choice nobody asked for into 「次に聞くこと」, as the question that will tell; it is no choice any more."""
    with book.act("集まりの案を「次に聞くこと」に移した") as session:
        view = _view(session, _row(session, choice_id))
        if view.evidence:
            raise KizunaError("この答えには、望んだ方の声があります。そのまま「案に入れる」を押せます。")
        research.ask_next(session, Part.TRIBE, view.text, question)
        _remove(session, choice_id)


def check(book: Workbook, one: ChoiceView) -> tuple[Finding, ...]:
    """What stands in the way of a choice, and what to look at once more."""
    return check_choice(one, around(book))


def check_design(view: DesignView) -> tuple[Finding, ...]:
    """What to look at once more in the place as a whole: the owner's hours, together with what she does in the first part."""
    need = view.minutes + view.followup
    if not view.minutes or not check_facts(Facts(hours=need / 60, most_hours=view.hours)):
        return ()
    told = (
        f"この集まりにはひと月に{spell_minutes(view.minutes)}、フォローアップの計画には{spell_minutes(view.followup)}かかります。合わせると、"
        f"決めた{spell_minutes(round((view.hours or 0) * 60))}をこえます。回数をへらすか、どなたかと分け合いましょう。"
    )
    return (Finding("KZ-14", "HOURS", Strength.CARE, told),)


def _begin(session: Session, key: str, quote_ids: Sequence[int]) -> int:
    row = Choice(topic=key)
    session.add(row)
    session.flush()
    _rest(session, row.id, quote_ids)
    return row.id


def _rest(session: Session, choice_id: int, quote_ids: Iterable[int]) -> None:
    for quote_id in dict.fromkeys(quote_ids):
        quote = fetch(session, Quote, quote_id, "この声は、もうありません。画面を新しくしてください。")
        if quote.voice.part != Part.TRIBE:
            raise KizunaError(_ELSEWHERE)
        session.add(ChoiceEvidence(choice_id=choice_id, quote_id=quote_id))


def _remove(session: Session, choice_id: int) -> None:
    row = _row(session, choice_id)
    for one in _ties(session, choice_id):
        session.delete(one)
    session.flush()
    session.delete(row)


def _view(session: Session, row: Choice) -> ChoiceView:
    tied = session.scalars(
        select(Quote)
        .join(ChoiceEvidence, ChoiceEvidence.quote_id == Quote.id)
        .where(ChoiceEvidence.choice_id == row.id)
        .order_by(ChoiceEvidence.id)
    )
    return ChoiceView(
        row.id, topic(row.topic), row.text, row.often, row.minutes, row.yen, row.decided, tuple(card(one) for one in tied)
    )  # fmt: skip


def _ties(session: Session, choice_id: int) -> list[ChoiceEvidence]:
    return list(session.scalars(select(ChoiceEvidence).where(ChoiceEvidence.choice_id == choice_id)))


def _row(session: Session, choice_id: int) -> Choice:
    return fetch(session, Choice, choice_id, GONE)
