"""The whole way in three calls, and what is in a workbook as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import kizuna
from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import touches
from kizuna.steps.sample import make_sample
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook

DATASETS = Path(__file__).parents[1] / "datasets"
INN = DATASETS / "inn" / "inn_wishes.csv"


@pytest.fixture(scope="module")
def book() -> Iterator[Workbook]:
    """The inn's workbook after the three calls."""
    made = kizuna.open_workbook(MEMORY)
    kizuna.import_voices(made, INN)
    kizuna.draft_themes(made)
    kizuna.draft_plan(made)
    yield made
    made.close()


def test_three_calls_lead_from_a_file_to_a_draft_plan() -> None:
    book = kizuna.open_workbook(MEMORY)
    intake = kizuna.import_voices(book, str(INN))
    assert (intake.voices, intake.people) == (480, 200)
    themes = kizuna.draft_themes(book)
    assert [view.people for view in themes] == sorted((view.people for view in themes), reverse=True)
    plan = kizuna.draft_plan(book, count=2)
    assert len(plan.actions) == 2 and plan.decided == () and all(action.evidence for action in plan.actions)


def test_the_calls_can_be_made_again_without_doubling_anything(book: Workbook) -> None:
    assert kizuna.import_voices(book, INN).voices == 0
    assert len(kizuna.draft_themes(book)) == len({view.id for view in kizuna.draft_themes(book)})


def test_the_public_names_are_there_and_no_others() -> None:
    assert all(getattr(kizuna, name) is not None for name in kizuna.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = kizuna.nonsense


def test_voices_as_a_table(book: Workbook) -> None:
    table = kizuna.frame(book)
    assert list(table.columns) == ["id", "step", "person", "question", "text", "heard_on", "part"]
    assert len(table) == 480 and table["id"].is_unique and table["person"].nunique() == 200


def test_themes_as_a_table_have_every_placed_card_once(book: Workbook) -> None:
    table = kizuna.frame(book, "themes")
    assert list(table.columns) == ["theme", "person", "text", "wishes"]
    assert len(table) == 240 and set(table["text"]) <= set(kizuna.frame(book)["text"])
    assert table["theme"].nunique() == len(kizuna.draft_themes(book))


def test_the_plan_as_a_table_has_its_evidence(book: Workbook) -> None:
    table = kizuna.frame(book, "plan")
    assert len(table) == 3 and not table["decided"].any()
    assert all(set(texts) <= set(kizuna.frame(book)["text"]) and texts for texts in table["evidence"])


def test_people_and_touches_as_tables_with_rhythm_and_kind() -> None:
    sample, today = make_sample(MEMORY, later=False), date.today()
    for days in (70, 40, 10):
        touches.log(sample, 1, "visit", today - timedelta(days=days))
    people_, touched = kizuna.frame(sample, "people"), kizuna.frame(sample, "touches")
    assert len(people_) == 16 and people_["id"].is_unique
    first = people_.iloc[0]
    assert (first["visits"], first["last_touch_on"]) == (3, today - timedelta(days=10)) and first["low"] <= first["median"] <= first["high"]
    assert people_["visits"].count() == 1  # of the others no visit is noted
    assert list(touched["kind"]).count("visit") == 3 and set(touched["direction"]) == {"come", "asked"}
    assert touched["id"].count() == 3 and len(touched) == 19  # interviews are touches that are not written down themselves


@pytest.mark.parametrize("what", ["voices", "themes", "plan", "people", "touches", "feedback"])
@pytest.mark.parametrize("part", ["followup", "tribe"])
def test_an_empty_workbook_gives_empty_tables_with_their_columns(what: str, part: str) -> None:
    table = kizuna.frame(kizuna.open_workbook(MEMORY), what, part)
    assert table.empty and len(table.columns) > 3


def test_the_parts_are_told_apart() -> None:
    sample = make_sample(MEMORY, later=False)
    assert set(kizuna.frame(sample, "themes", "tribe")["theme"]).isdisjoint(kizuna.frame(sample, "themes")["theme"])
    assert len(kizuna.frame(sample, "plan")) == 3 and kizuna.frame(sample, "plan", "tribe").empty


def test_a_talk_comes_in_without_the_shops_own_words(tmp_path: Path) -> None:
    talk = tmp_path / "トーク.txt"
    talk.write_text(
        "[LINE] ミナトとのトーク履歴\n\n2026/11/01(日)\n10:00\t汐風書店\t届きました\n10:05\tミナト\t助かります\n", encoding="utf-8"
    )
    book = kizuna.open_workbook(MEMORY)
    with pytest.raises(KizunaError, match="話している人："):
        kizuna.import_voices(book, talk)
    assert kizuna.frame(book).empty
    assert kizuna.import_voices(book, talk, exclude=["汐風書店"]).voices == 1


@pytest.mark.parametrize("file", ["ない.csv", "フォルダー"])
def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, file: str) -> None:
    (tmp_path / "フォルダー").mkdir()
    with pytest.raises(KizunaError, match="開けませんでした"):
        kizuna.import_voices(kizuna.open_workbook(MEMORY), tmp_path / file)


def test_a_part_that_does_not_exist_is_no_part() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        kizuna.draft_themes(kizuna.open_workbook(MEMORY), "nonsense")


def test_feedback_as_a_table_has_a_row_for_each_sentence() -> None:
    book = kizuna.open_workbook(MEMORY)
    assert list(kizuna.frame(book, "feedback").columns) == ["person", "question", "text", "heard_on", "kinds", "product", "marked"]
    hear(book, "ミナト", date(2026, 11, 20), [Said("よかったこと", Topic.GOOD, "早くて助かりました。箱が破れていました。")], Part.FOLLOWUP)
    table = kizuna.frame(book, "feedback")
    assert list(table["text"]) == ["早くて助かりました。", "箱が破れていました。"]
    assert list(table["kinds"]) == [["PRAISE"], ["COMPLAINT"]] and list(table["product"]) == [False, True]
    assert len(kizuna.frame(book, "feedback", Part.TRIBE)) == 0
