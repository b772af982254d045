"""The worked example: a fictional bookshop's workbook, filled in from ``datasets/bookshop`` by the same functions the forms call."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.language.media import media
from kizuna.process import Part
from kizuna.steps.research import add_idea
from kizuna.steps.sample_gathering import gather
from kizuna.steps.sample_later import BEGAN, Later, go_on
from kizuna.steps.sample_story import tribe_example
from kizuna.steps.themes import PERSON
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Action, Evidence, Placement, Plan, Quote, Theme, Voice
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import Workbook, open_workbook

DATASETS = Path(__file__).parents[2] / "datasets"
_PARTS = {"フォローアップ": Part.FOLLOWUP, "トライブ": Part.TRIBE}


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid")


class Reference(_Model):
    """A stretch of one voice: who, to which question, which words."""

    person: str
    question: str
    quote: str


class ExampleTheme(_Model):
    """A theme of the worked example."""

    part: Literal["フォローアップ", "トライブ"]
    name: str
    voices: list[Reference]


class ExampleAction(_Model):
    """A plan item of the worked example."""

    relation: str
    title: str
    content: str
    medium: str
    after_days: int
    minutes: int
    times: int
    doable: int
    my_fun: int
    their_fun: int
    theme: str
    evidence: list[Reference]


class ExampleIdea(_Model):
    """An idea of the owner's own that waits to be asked."""

    idea: str
    question: str


class Profile(_Model):
    """The owner of the worked example."""

    name: str
    sells: str
    purpose: str
    customer_name: str
    stance: str
    declines: list[str]
    hours_per_month: float
    happiness: str


class Example(Later):
    """Everything in ``datasets/bookshop/example.yaml``."""

    questions: dict[str, str]
    profile: Profile
    themes: list[ExampleTheme]
    plan: list[ExampleAction]
    ask_next: list[ExampleIdea]
    answers: dict[str, bool | int | str]


def example() -> Example:
    """The worked example as its file tells it."""
    return Example.model_validate(yaml.safe_load((DATASETS / "bookshop" / "example.yaml").read_text(encoding="utf-8")))


def make_sample(path: Path | str, today: date | None = None, later: bool = True, tribe: bool = True) -> Workbook:
    """A workbook at ``path`` (new, or ``":memory:"``) with the whole worked example in it.

    Only up to its plan, begun today, if not ``later``; only the first part if not ``tribe``.
    """
    day = today or date.today()
    told = example()
    book = open_workbook(path)
    table = read_file("アンケート.csv", (DATASETS / "bookshop" / "voices.csv").read_bytes())
    bring_in(book, table, guess_columns(table))
    profile = told.profile
    answers: dict[str, object] = {
        "shop": profile.name,
        "sells": profile.sells,
        "purpose": profile.purpose,
        "called": profile.customer_name,
        "stance": profile.stance,
        "declines": "\n".join(profile.declines),
        "hours": profile.hours_per_month,
        "happiness": profile.happiness,
    } | told.answers
    for key, value in answers.items():
        save_answer(book, key, value)
    with book.act("見本のまとまりと計画を入れた") as session:
        quotes = _quotes(session, told)
        _plan(session, told, quotes, _themes(session, told, quotes), day - timedelta(days=BEGAN if later else 0))
    for idea in told.ask_next:
        add_idea(book, Part.FOLLOWUP, idea.idea, idea.question)
    if later:
        go_on(book, told, day)
    if later and tribe:
        gather(book, tribe_example(DATASETS / "bookshop"), day)
    book.begin_history_here()
    return book


def _quotes(session: Session, told: Example) -> dict[tuple[str, str, str], int]:
    """Cut the cards so that each reference has a quote of its own; returns its id by (person, question, words)."""
    voices = {(voice.person.name, voice.question): voice for voice in session.scalars(select(Voice))}
    ids: dict[tuple[str, str, str], int] = {}
    for reference in [*(one for theme in told.themes for one in theme.voices), *(one for action in told.plan for one in action.evidence)]:
        key = (reference.person, reference.question, reference.quote)
        if key in ids:
            continue
        voice = voices[reference.person, told.questions[reference.question]]
        start = voice.text.index(reference.quote)
        for whole in session.scalars(select(Quote).where(Quote.voice_id == voice.id, Quote.start == 0, Quote.end == len(voice.text))):
            if len(reference.quote) < len(voice.text):
                session.delete(whole)
        session.flush()
        span = (Quote.voice_id == voice.id, Quote.start == start, Quote.end == start + len(reference.quote))
        quote = session.scalars(select(Quote).where(*span)).first()
        if quote is None:
            quote = Quote(voice_id=voice.id, start=start, end=start + len(reference.quote))
            session.add(quote)
            session.flush()
        ids[key] = quote.id
    return ids


def _themes(session: Session, told: Example, quotes: dict[tuple[str, str, str], int]) -> dict[str, int]:
    ids = {}
    for one in told.themes:
        theme = Theme(part=_PARTS[one.part], name=one.name, named_by=PERSON)
        session.add(theme)
        session.flush()
        ids[one.name] = theme.id
        for rank, reference in enumerate(one.voices):
            session.add(
                Placement(quote_id=quotes[reference.person, reference.question, reference.quote], theme_id=theme.id, by=PERSON, rank=rank)
            )
    return ids


def _plan(session: Session, told: Example, quotes: dict[tuple[str, str, str], int], themes: dict[str, int], begins: date) -> None:
    plan = Plan(part=Part.FOLLOWUP, starts_on=begins)
    session.add(plan)
    session.flush()
    by_name = {one.name: one.id for one in media().values()}
    for one in told.plan:
        action = Action(
            plan_id=plan.id,
            theme_id=themes[one.theme],
            title=one.title,
            relation=one.relation,
            content=one.content,
            medium=by_name[one.medium],
            due_on=begins + timedelta(days=one.after_days),
            minutes=one.minutes,
            times=one.times,
            doable=one.doable,
            fun_me=one.my_fun,
            fun_them=one.their_fun,
            decided=True,
        )
        session.add(action)
        session.flush()
        for reference in one.evidence:
            session.add(Evidence(action_id=action.id, quote_id=quotes[reference.person, reference.question, reference.quote]))
