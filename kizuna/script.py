"""The whole way without a browser, as plain function calls: voices → themes → draft plan."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import feedback, plan, themes
from kizuna.steps.cards import card
from kizuna.steps.sample import DATASETS
from kizuna.workbook.intake import Intake, bring_in
from kizuna.workbook.models import Placement, Quote, Theme, Voice
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    import pandas as pd


def import_voices(book: Workbook, file: Path | str, exclude: Collection[str] | None = None) -> Intake:
    """Bring the voices of ``file`` (Excel, CSV, text or LINE talk) into ``book``, columns as guessed; ``exclude`` names LINE speakers of the shop.

    Raises ``KizunaError`` for a file that cannot be read, and for a LINE talk where ``exclude`` does not say (``()``: nobody) who is
    the shop's own side: its words are no customer's voice.
    """
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KizunaError(f"「{path}」を開けませんでした。ファイルの場所と名前を確かめてください。") from error
    table = read_file(path.name, data)
    if table.people and exclude is None:
        raise KizunaError(
            f"「{path.name}」はLINEのトークです。お店の側の人の名前を知らせてください（話している人：{'、'.join(table.people)}）。"
        )
    return bring_in(book, table, guess_columns(table), exclude or ())


def sample_answers(name: Literal["bookshop", "inn"]) -> Path:
    """The answers of a sample business: a fictional bookshop (16 people), or an inn with real people's wishes (240 answers)."""
    return DATASETS / {"bookshop": "bookshop/voices.csv", "inn": "inn/inn_wishes.csv"}[name]


def draft_themes(book: Workbook, part: str = Part.FOLLOWUP) -> tuple[themes.ThemeView, ...]:
    """Group the voices of ``part`` as a first draft; returns the themes, the one heard from most people first."""
    themes.draft(book, Part(part))
    return themes.themes(book, Part(part))


def draft_plan(book: Workbook, part: str = Part.FOLLOWUP, count: int = plan.USUAL) -> plan.PlanView:
    """Begin a plan with an item for each of the ``count`` most wished-for themes; returns it, best item first."""
    plan.draft(book, Part(part), count)
    return plan.plan(book, Part(part))


def frame(book: Workbook, what: Literal["voices", "themes", "plan", "feedback"] = "voices", part: str = Part.FOLLOWUP) -> pd.DataFrame:
    """What is in ``book`` as a table: every voice, every placed quote with its theme, every item of the open plan, or each sentence of feedback."""
    import pandas as pd

    if what == "voices":
        with book.reading() as session:
            voices = session.scalars(select(Voice).order_by(Voice.id)).all()
            return pd.DataFrame(
                [
                    {
                        "id": one.id,
                        "step": one.step,
                        "person": one.person.called,
                        "question": one.question,
                        "text": one.text,
                        "heard_on": one.heard_on,
                        "part": one.part,
                    }
                    for one in voices
                ],
                columns=["id", "step", "person", "question", "text", "heard_on", "part"],
            )
    if what == "themes":
        with book.reading() as session:
            rows = session.execute(
                select(Theme.name, Quote)
                .join(Placement, Placement.theme_id == Theme.id)
                .join(Quote, Quote.id == Placement.quote_id)
                .where(Theme.part == part)
            )
            lines = [
                {"theme": name, "person": one.person, "text": one.text, "wishes": one.wishes}
                for name, found in rows
                for one in [card(found)]
            ]
        return pd.DataFrame(lines, columns=["theme", "person", "text", "wishes"])
    if what == "feedback":
        return _feedback(book, Part(part))
    actions = plan.plan(book, Part(part)).actions
    keys = ["title", "relation", "content", "due_on", "minutes", "times", "people", "doable", "wishers", "fun", "decided"]
    return pd.DataFrame(
        [{key: getattr(one, key) for key in keys} | {"evidence": [card.text for card in one.evidence]} for one in actions],
        columns=[*keys, "evidence"],
    )


def _feedback(book: Workbook, part: Part) -> pd.DataFrame:
    import pandas as pd

    columns = ["person", "question", "text", "heard_on", "kinds", "product", "marked"]
    lines = [
        (one.card.person, one.card.question, one.text, one.card.heard_on, [str(kind) for kind in one.kinds], one.product, one.marked)
        for one in feedback.feedback(book, part).passages
    ]
    return pd.DataFrame(lines, columns=columns)
