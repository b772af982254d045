"""A draft on the page: its parts are written, customers' words put in and taken out, and it goes out only once nothing stands in its way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.process import Part
from kizuna.steps import drafts
from kizuna.steps.cards import cards
from kizuna.steps.drafts import DraftView, Kind
from kizuna.views.fields import FieldView
from kizuna.views.files import Papers
from kizuna.views.forms.draft import Care, DraftList, goes_out
from kizuna.views.page import Page, PartForm
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook, open_workbook

VOICE = "着いたら知らせてほしい。夜は電話に出られません。LINEなら助かります。"


def hers(book: Workbook, _: DraftView) -> list[Any]:
    with book.reading() as session:
        return cards(session, Part.FOLLOWUP)


class Bench(PartForm):
    """A form that is nothing but drafts."""

    def build(self) -> None:
        self.drafts = DraftList(self, Care(quotes=hers), ("まだありません", "上で始めます。"))
        self.lay(self.drafts)

    def refresh(self) -> None:
        self.drafts.show(drafts.drafts(self.page.book))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    book = open_workbook(tmp_path / "店.kizuna")
    hear(book, "ミナト", date(2026, 11, 1), [Said("買ったあと", Topic.FOLLOWUP, VOICE)])
    drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "いつもありがとうございます。"})
    return Bench(Page("03_followup_plan", book), Part.FOLLOWUP)


def inside(widget: Any) -> list[Any]:
    return [widget, *(one for child in getattr(widget, "children", ()) for one in inside(child))]


def press(bench: Bench, label: str) -> None:
    next(one for one in inside(bench) if isinstance(one, widgets.Button) and one.description.startswith(label)).click()


def draft(bench: Bench) -> DraftView:
    (one,) = drafts.drafts(bench.page.book)
    return one


def field(bench: Bench, key: str) -> Any:
    return next(one for one in inside(bench) if isinstance(one, FieldView) and one.field.key == key).place


def shown(bench: Bench) -> str:
    return "\n".join(one.value for one in inside(bench) if isinstance(one, widgets.HTML))


def test_what_is_written_in_a_part_is_saved(bench: Bench) -> None:
    press(bench, "ひらく")
    field(bench, "news").value = "ご用意できました。"
    assert draft(bench).of("news")[0].text == "ご用意できました。"
    assert "保存しました" in bench.mark.value and "ご用意できました。" in shown(bench)


def test_nothing_is_made_of_a_draft_before_it_is_opened(bench: Bench) -> None:
    assert not [one for one in inside(bench) if isinstance(one, FieldView)]


def test_sentences_are_put_in_with_what_is_left_out_told(bench: Bench) -> None:
    press(bench, "ひらく")
    press(bench, "お客さまの言葉を選んで")
    ticks = [one for one in inside(bench) if isinstance(one, widgets.Checkbox)]
    assert [one.description for one in ticks[:3]] == ["着いたら知らせてほしい。", "夜は電話に出られません。", "LINEなら助かります。"]
    ticks[1].value = False
    press(bench, "この言葉を入れる")
    assert draft(bench).text.endswith("「着いたら知らせてほしい。…LINEなら助かります。」")
    press(bench, "この言葉を外す")
    assert draft(bench).voices == ()
    assert bench.page.book.undo_label() == "お客さまの言葉を外した"


def test_a_care_is_ticked_and_then_it_can_be_finished(bench: Bench) -> None:
    press(bench, "ひらく")
    field(bench, "news").value = "今だけ3,000円引き！"
    press(bench, "仕上げる")
    assert "確かめました" in bench.mark.value and draft(bench).finished_on is None
    for tick in [one for one in inside(bench) if isinstance(one, widgets.Checkbox) and one.description == "確かめました"]:
        tick.value = True
    press(bench, "仕上げる")
    assert draft(bench).finished_on == date.today()
    field(bench, "news").value = "ご用意できました。"
    assert draft(bench).finished_on is None


def test_it_goes_out_only_when_it_is_finished_and_still_may(bench: Bench) -> None:
    book, one = bench.page.book, draft(bench)
    with pytest.raises(KizunaError, match="まだ仕上げていません"):
        goes_out(book, one.id, Care())
    drafts.finish(book, one.id, ())
    assert goes_out(book, one.id, Care()).id == one.id
    stopped = Finding("ML-03", "MAIL", Strength.STOP, "送れません。")
    with pytest.raises(KizunaError, match="送れません"):
        goes_out(book, one.id, Care(check=lambda *_: (stopped,)))


def test_a_finished_draft_is_printed_and_copied(bench: Bench) -> None:
    press(bench, "ひらく")
    press(bench, "仕上げる")
    (papers,) = [one for one in inside(bench) if isinstance(one, Papers)]
    sent: list[Any] = []
    papers.send = lambda content, buffers=(): sent.append((content, bytes(buffers[0])))
    for key in ("print", "copy", "text"):
        papers._handle_custom_msg({"paper": key}, [])
    assert [content.get("copy", False) for content, _ in sent] == [False, True, False]
    assert all("いつもありがとうございます。" in made.decode() for _, made in sent)
    assert sent[0][1].decode().startswith("<!DOCTYPE html>") and sent[1][1].decode() == "いつもありがとうございます。"


def test_a_draft_that_is_taken_away_is_gone_from_the_page_and_can_come_back(bench: Bench) -> None:
    press(bench, "ひらく")
    press(bench, "この下書きを消す")
    assert not bench.drafts.editors and "まだありません" in shown(bench)
    bench.page.book.undo()
    bench.refresh()
    assert len(bench.drafts.editors) == 1
