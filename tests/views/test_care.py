"""Looking after the workbook on screen: what was done, copies and the way back, the check-up, and the way out of a broken file."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from kizuna.steps import erasing, roster
from kizuna.views import forms, head
from kizuna.views.head import Head, open_page
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.views.rescue import Rescue
from kizuna.workbook import backups, history, place
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.models import Act
from kizuna.workbook.store import open_workbook
from tests.examples import example_bytes
from tests.views.test_forms import press, shown
from tests.workbook.days import on_day


@pytest.fixture
def page(own_home: Path) -> Page:
    book = open_workbook(own_home / place.OWN)
    save_answer(book, "shop", "月曜の店", "お店の名前")
    return Page("00_start", book)


def test_what_was_done_stands_there_the_newest_first_with_its_state(page: Page) -> None:
    form = forms.history(page)
    save_answer(page.book, "sells", "本", "品物")
    save_answer(page.book, "sells", "古本", "品物")
    page.book.undo()
    form.refresh()
    told = shown(form)
    assert told.index("「品物」を書いた") < told.index("「お店の名前」を書いた")
    assert told.count("取り消し中") == 1 and history.writer() not in told  # one writer needs no name
    save_answer(page.book, "sells", "絵本", "品物")
    form.refresh()
    assert shown(form).count('<i class="state">取り消し</i>') == 1 and "取り消し中" not in shown(form)


def test_two_writers_are_told_apart(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "writer", lambda: "花子・店のパソコン")
    save_answer(page.book, "sells", "本", "品物")
    assert "花子・店のパソコン" in shown(forms.history(page))


def test_that_somebody_was_taken_out_stands_among_what_was_done_without_her_name(page: Page) -> None:
    who = roster.add(page.book, "ミナト")
    erasing.erase(page.book, who)
    told = shown(forms.history(page))
    assert "お一人の記録をすべて消した（1件" in told and "「お店の名前」を書いた" in told and "ミナト" not in told


def test_the_further_past_comes_on_a_press(page: Page) -> None:
    erasing.erase(page.book, roster.add(page.book, "ミナト"))
    for number in range(60):
        save_answer(page.book, "sells", f"{number}", f"その{number}番")
    with page.book.act("時刻をそろえる") as session:
        session.execute(update(Act).where(Act.label.contains("その")).values(at=datetime(2999, 1, 1)))
    form = forms.history(page)
    assert "「お店の名前」" not in shown(form) and "お一人の記録" not in shown(form)
    press(form, "もっと前を見る")
    assert "「お店の名前」" in shown(form) and "お一人の記録" in shown(form)


def test_the_hour_is_that_of_the_clock_on_the_wall(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    with page.book.aside() as session:
        session.execute(update(Act).values(at=datetime(2026, 11, 2, 20, 30)))
    with monkeypatch.context() as japan:
        japan.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        told = shown(forms.history(page))
    time.tzset()
    assert "<time>05:30</time>" in told and "11月3日" in told


def test_two_clicks_bring_a_day_back_and_keep_today(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms.copies(page)
    assert "控えは、まだありません" in shown(form)
    on_day(monkeypatch, date(2026, 12, 1))
    save_answer(page.book, "shop", "火曜の店", "お店の名前")
    form.refresh()
    press(form, "この控えに戻す")
    assert read_answer(page.book, "shop") == "火曜の店"  # nothing yet: first it is told
    press(form, "はい、戻します")
    assert read_answer(page.book, "shop") == "月曜の店" and "戻しました" in form.mark.value
    assert [one.why for one in backups.copies(page.book.path)] == [backups.RESTORING, ""]  # type: ignore[arg-type]


def test_the_copy_that_was_picked_stays_picked_and_nothing_is_done_without_a_yes(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (1, 2):
        on_day(monkeypatch, date(2026, 12, day))
        save_answer(page.book, "shop", f"{day}日の店")
    form = forms.copies(page)
    form._pick.value = form._pick.options[-1][1]
    press(form, "この控えに戻す")
    assert is_shown(form._confirm) and "12月1日" in shown(form)
    press(form, "やめておく")
    assert not is_shown(form._confirm) and read_answer(page.book, "shop") == "2日の店"
    on_day(monkeypatch, date(2026, 12, 3))
    save_answer(page.book, "shop", "3日の店")
    form.refresh()
    press(form, "この控えに戻す")
    press(form, "はい、戻します")
    assert read_answer(page.book, "shop") == "月曜の店" and not is_shown(form._confirm)


def test_a_copy_that_went_away_meanwhile_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    on_day(monkeypatch, date(2026, 12, 1))
    save_answer(page.book, "shop", "火曜の店")
    form = forms.copies(page)
    for one in backups.copies(page.book.path):  # type: ignore[arg-type]
        one.path.unlink()
    press(form, "この控えに戻す")
    assert "見つかりません" in form.mark.value and read_answer(page.book, "shop") == "火曜の店"


def test_the_check_up_tells_all_on_a_press(page: Page) -> None:
    form = forms.check_up(page)
    assert "お客さまの声" not in shown(form)
    press(form, "点検する")
    assert "○" in shown(form) and "お客さまの声" in shown(form)


# ---- a workbook that cannot be opened


def opened(own_home: Path, monkeypatch: pytest.MonkeyPatch, file: str = "00_start") -> tuple[Page, list[Any]]:
    displayed: list[Any] = []
    monkeypatch.setattr(head, "display", lambda *what: displayed.extend(what))
    return open_page(file), displayed


@pytest.mark.parametrize("file", ["00_start", "02_followup_research"])
def test_a_broken_workbook_gives_a_page_that_says_so_takes_nothing_and_shows_the_way_back(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = own_home / place.OWN
    path.parent.mkdir(parents=True)
    path.write_bytes(example_bytes())
    save_answer(open_workbook(path), "shop", "月曜の店")
    backups.keep_for_today(path, date(2026, 12, 1))
    path.write_bytes(b"torn" * 5000)
    page, displayed = opened(own_home, monkeypatch, file)
    rescue = next(one for one in displayed if isinstance(one, Rescue))
    assert "ノートが開けません" in shown(rescue) and "開けません" in shown(Head(page))
    fields = forms.fields(page, "profile")
    fields._views[0].place.value = "この言葉は残せません"
    assert "こわれて" in fields.mark.value and "保存しました" not in fields.mark.value
    press(rescue, "この控えで開く")
    assert page.trouble is None and page.book.path == path
    assert "の控えを開きました" in rescue.mark.value and rescue.layout.display != "none"
    assert rescue._ways.layout.display == "none"
    assert read_answer(page.book, "shop") == "月曜の店"
    assert fields._views[0].place.value == "月曜の店"
    (aside,) = [one for one in backups.folder(path).iterdir() if backups.DAMAGED in one.name]
    assert aside.read_bytes() == b"torn" * 5000
    fields._views[0].place.value = "水曜の店"
    assert read_answer(open_workbook(path), "shop") == "水曜の店"


def test_a_journal_of_the_broken_file_is_not_played_into_the_copy(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_home / place.OWN
    save_answer(open_workbook(path), "shop", "月曜の店")
    backups.keep_for_today(path, date(2026, 12, 1))
    path.write_bytes(b"torn" * 5000)
    path.with_name(path.name + "-journal").write_bytes(b"left over")
    _, displayed = opened(own_home, monkeypatch)
    press(next(one for one in displayed if isinstance(one, Rescue)), "この控えで開く")
    assert not path.with_name(path.name + "-journal").exists()
    assert read_answer(open_workbook(path), "shop") == "月曜の店"


def test_a_copy_that_is_broken_too_changes_nothing(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_home / place.OWN
    save_answer(open_workbook(path), "shop", "月曜の店")
    copy = backups.keep_before(path, backups.RESTORING)
    for one in (path, copy):
        one.write_bytes(b"torn" * 5000)
    page, displayed = opened(own_home, monkeypatch)
    rescue = next(one for one in displayed if isinstance(one, Rescue))
    press(rescue, "この控えで開く")
    assert page.trouble is not None and "こわれて" in rescue.mark.value
    assert backups.set_aside(path) == [] and path.read_bytes() == copy.read_bytes() == b"torn" * 5000


def test_only_other_workbooks_are_offered_and_none_where_one_is_prescribed(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, spring = own_home / place.OWN, own_home / "春のノート.kizuna"
    save_answer(open_workbook(path), "shop", "月曜の店")
    path.write_bytes(b"torn" * 5000)
    rescue = next(one for one in opened(own_home, monkeypatch)[1] if isinstance(one, Rescue))
    assert not is_shown(rescue._else)
    save_answer(open_workbook(spring), "shop", "春の店")
    rescue.refresh()
    assert is_shown(rescue._else) and [value for _, value in rescue._others.options] == [str(spring)]
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(path))
    rescue.refresh()
    assert not is_shown(rescue._else)


def test_another_workbook_can_be_opened_instead(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(own_home / "春のノート.kizuna"), "shop", "春の店")
    (own_home / place.OWN).write_bytes(b"torn" * 5000)
    page, displayed = opened(own_home, monkeypatch)
    press(next(one for one in displayed if isinstance(one, Rescue)), "このノートを開く")
    assert read_answer(page.book, "shop") == "春の店" and page.trouble is None


def test_where_nothing_lies_beside_a_broken_workbook_the_page_says_where_to_put_a_copy(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_home / place.OWN
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"torn" * 5000)
    _, displayed = opened(own_home, monkeypatch)
    rescue = next(one for one in displayed if isinstance(one, Rescue))
    assert "写しがあれば" in shown(rescue) and f"<b>{place.home()}</b>" in shown(rescue)
    (path.parent / "写し.kizuna").write_bytes(example_bytes())
    rescue.refresh()
    assert "写しがあれば" not in shown(rescue)
    press(rescue, "このノートを開く")
    assert rescue.page.trouble is None


def test_what_is_mended_meanwhile_opens_on_a_press(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_home / place.OWN
    save_answer(open_workbook(path), "shop", "月曜の店")
    whole = path.read_bytes()
    path.write_bytes(b"torn" * 5000)
    page, displayed = opened(own_home, monkeypatch)
    rescue = next(one for one in displayed if isinstance(one, Rescue))
    press(rescue, "もう一度、開いてみる")
    assert page.trouble is not None and "こわれて" in rescue.mark.value
    path.write_bytes(whole)
    press(rescue, "もう一度、開いてみる")
    assert page.trouble is None and read_answer(page.book, "shop") == "月曜の店"


# ---- words before any workbook was chosen


def test_what_is_written_before_a_workbook_is_chosen_is_in_a_file_when_it_is_told_as_saved(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = opened(own_home, monkeypatch)
    start, fields = forms.start(page), forms.fields(page, "profile")
    fields._views[0].place.value = "汐風書店"
    assert "保存しました" in fields.mark.value
    assert read_answer(open_workbook(own_home / place.OWN), "shop") == "汐風書店"
    fields._views[1].place.value = "古本"
    assert read_answer(open_workbook(own_home / place.OWN), "sells") == "古本"
    assert [one.name for one in own_home.glob("*.kizuna")] == [place.OWN], "once there is one, all goes into that one"
    assert "わたしのノート" in shown(start)
    page.book.undo()
    page.book.undo()
    assert read_answer(page.book, "shop") is None


def test_where_a_workbook_is_prescribed_the_first_page_begins_it_and_waits_for_nothing(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_home / "講座のノート.kizuna"
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(path))
    page, _ = opened(own_home, monkeypatch)
    assert (page.book.path, page.waits, page.ready) == (path, False, True)
    forms.fields(page, "profile")._views[0].place.value = "汐風書店"
    assert read_answer(open_workbook(path), "shop") == "汐風書店" and len(list(own_home.glob("*.kizuna"))) == 1


def test_two_first_pages_write_into_two_files_and_lose_nothing(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ("一枚目", "二枚目"):
        place_before = place.chosen()
        if place_before is not None:  # the other first page was opened before anything was chosen
            page = Page("00_start", open_workbook(":memory:"))
            page.waits = True
        else:
            page, _ = opened(own_home, monkeypatch)
        forms.fields(page, "profile")._views[0].place.value = words
    assert {read_answer(open_workbook(path), "shop") for path in own_home.glob("*.kizuna")} == {"一枚目", "二枚目"}
