"""The glossary of the field, in code: what a workbook holds.

Every table has one integer key that is never used twice (history and undo rely on it).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from kizuna.errors import KizunaError


def now() -> datetime:
    """The present moment in UTC, without zone (SQLite keeps none), to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Base(DeclarativeBase):
    """What all tables share."""

    __table_args__: Any = {"sqlite_autoincrement": True}
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}

    id: Mapped[int] = mapped_column(primary_key=True)


class Answer(Base):
    """What the owner wrote into one field of a form; ``key`` is the field's name in the content files."""

    __tablename__ = "answer"
    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(default=now)


class Person(Base):
    """A customer or somebody else around the shop; without a name she is shown by her number."""

    __tablename__ = "person"
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def called(self) -> str:
        """How the page calls this person: 「ミナトさん」, or 「お名前のない方 12」."""
        return f"お名前のない方 {self.id}" if self.name is None else called(self.name)


class Source(Base):
    """Where voices came in from: one file, one paste, or one interview."""

    __tablename__ = "source"
    name: Mapped[str]
    kind: Mapped[str]
    sha256: Mapped[str]
    lineage: Mapped[str]  # the sha256 of the file that this one grew from (its own, if from none)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    taken_at: Mapped[datetime] = mapped_column(default=now)


class Voice(Base):
    """What one customer said, word for word; it never changes once it is stored."""

    __tablename__ = "voice"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    part: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    heard_on: Mapped[date | None]
    row: Mapped[int | None]
    column: Mapped[str]
    identity: Mapped[str] = mapped_column(unique=True)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    source: Mapped[Source] = relationship(lazy="joined", innerjoin=True)


class Quote(Base):
    """A stretch of a voice, counted in code points: the card of the board, and all that may stand between 「」."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("voice_id", "start", "end"), {"sqlite_autoincrement": True})
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"))
    start: Mapped[int]
    end: Mapped[int]

    voice: Mapped[Voice] = relationship(lazy="joined", innerjoin=True)

    @property
    def text(self) -> str:
        """The customer's words, character for character."""
        return self.voice.text[self.start : self.end]


class Theme(Base):
    """A named group of quotes; ``named_by`` and ``Placement.by`` say what the person decided (``person``) and what is a draft."""

    __tablename__ = "theme"
    part: Mapped[str]
    name: Mapped[str]
    named_by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Placement(Base):
    """In which theme a quote lies (None: the person set it aside), and whether the person put it there."""

    __tablename__ = "placement"
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    by: Mapped[str]
    rank: Mapped[int] = mapped_column(default=1000)  # how typical the quote is for its theme, 0 the most


class Vector(Base):
    """The numbers that stand for a text's meaning, kept so that nothing is read twice; made anew whenever they are missing.

    Known by the text's SHA-256 and by the ``model`` that made them, because numbers of two models must never be compared.
    """

    __tablename__ = "vector"
    __table_args__ = (UniqueConstraint("sha256", "model"), {"sqlite_autoincrement": True})
    sha256: Mapped[str]
    model: Mapped[str]
    row: Mapped[bytes]


class Idea(Base):
    """The owner's own idea that no customer asked for: it waits as a question to ask next."""

    __tablename__ = "idea"
    part: Mapped[str]
    text: Mapped[str]
    question: Mapped[str]
    asked: Mapped[bool] = mapped_column(default=False)


class Plan(Base):
    """About thirty days of actions; an earlier plan stays when a new one is begun."""

    __tablename__ = "plan"
    part: Mapped[str]
    starts_on: Mapped[date]
    days: Mapped[int] = mapped_column(default=30)
    closed: Mapped[bool] = mapped_column(default=False)


class Action(Base):
    """One item of a plan; it is in the plan only while ``decided`` and while somebody's quote asks for it."""

    __tablename__ = "action"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(default="")
    relation: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    medium: Mapped[str | None]
    due_on: Mapped[date | None]
    minutes: Mapped[int | None]
    times: Mapped[int] = mapped_column(default=1)
    people: Mapped[int] = mapped_column(default=1)
    doable: Mapped[int] = mapped_column(default=3)
    fun_me: Mapped[int] = mapped_column(default=1)
    fun_them: Mapped[int] = mapped_column(default=1)
    decided: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]


class Evidence(Base):
    """The tie from an action to the words that asked for it."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("action_id", "quote_id"), {"sqlite_autoincrement": True})
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))


class Act(Base):
    """One thing the owner did, told in her words; the unit of undo."""

    __tablename__ = "act"
    label: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default="done")  # done, undone, or dropped (undone, and something else was done since)


class Change(Base):
    """One row before and after an act (None: it was not there)."""

    __tablename__ = "change"
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    table: Mapped[str]
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def called(name: str) -> str:
    """A person's name as the page says it: with さん, unless it already carries a title."""
    return name if name.endswith(("さん", "様", "さま", "先生", "ちゃん", "くん")) else f"{name}さん"


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal: what proves that a voice is still the voice that was stored."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@event.listens_for(Voice, "before_update")
def _refuse_change(mapper: Any, connection: Any, voice: Voice) -> None:
    raise KizunaError("お客さまの言葉は、あとから書きかえられません。まちがって入れたときは「ひとつ前に戻す」を使ってください。")


@event.listens_for(Quote, "before_insert")
@event.listens_for(Quote, "before_update")
def _refuse_span_outside(mapper: Any, connection: Any, quote: Quote) -> None:
    length = func.length(Voice.text)
    inside = select(Voice.id).where(Voice.id == quote.voice_id, length >= quote.end)
    if not 0 <= quote.start < quote.end or connection.scalar(inside) is None:
        raise KizunaError("引用の範囲が、お客さまの言葉からはみ出しています。")
