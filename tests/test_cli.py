"""``kizuna plan``: a file of answers becomes a folder with the draft plan, or one sentence says why not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from kizuna.batch import draft
from kizuna.cli import main
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import open_workbook
from kizuna.workbook.submission import open_submission
from tests.sample_class import make_class

DATASETS = Path(__file__).parents[1] / "datasets"
INN = DATASETS / "inn" / "inn_wishes.csv"
NAMES = ["計画の下書き.html", "計画の下書き.xlsx"]


def plan(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["plan", *(str(one) for one in arguments)])


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def quoted(page: str) -> list[str]:
    return re.findall(r'<div class="quote"><p>「(.*?)」</p>', page, re.DOTALL)


def test_a_file_of_answers_becomes_a_folder_with_the_draft(tmp_path: Path) -> None:
    out = tmp_path / "できた もの"
    result = plan(INN, "--out", out)
    assert (result.exit_code, result.exception) == (0, None)
    assert files(out) == NAMES
    assert "200人の声です" in result.stdout and str(out / NAMES[0]) in result.stdout
    page = (out / NAMES[0]).read_text(encoding="utf-8")
    assert "これは下書きです" in page and page.count("<dt>すること</dt>") == 3
    assert openpyxl.load_workbook(out / NAMES[1]).sheetnames == ["計画", "望んだ言葉", "聞こえてきた望み"]


def test_only_the_voices_that_were_grouped_are_counted(tmp_path: Path) -> None:
    assert "240件の声から" in plan(INN, "--out", tmp_path).stdout


def test_every_quote_of_the_draft_stands_in_the_file(tmp_path: Path) -> None:
    plan(INN, "--out", tmp_path)
    written = INN.read_bytes().decode("cp932")
    found = quoted((tmp_path / NAMES[0]).read_text(encoding="utf-8"))
    assert len(found) > 5 and all(one in written for one in found)


def test_the_number_of_items_can_be_chosen(tmp_path: Path) -> None:
    assert plan(INN, "--out", tmp_path, "--items", 1).exit_code == 0
    assert (tmp_path / NAMES[0]).read_text(encoding="utf-8").count("<dt>すること</dt>") == 1


def test_the_same_file_gives_the_same_words_again(tmp_path: Path) -> None:
    pages = []
    for folder in (tmp_path / "一", tmp_path / "二"):
        plan(INN, "--out", folder)
        pages.append((folder / NAMES[0]).read_text(encoding="utf-8"))
    assert pages[0] == pages[1]


def test_an_earlier_draft_in_the_folder_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "大切.txt").write_text("x", encoding="utf-8")
    (tmp_path / NAMES[0]).write_text("古い", encoding="utf-8")
    assert plan(INN, "--out", tmp_path).exit_code == 0
    assert files(tmp_path) == sorted([*NAMES, "大切.txt"])
    assert "これは下書きです" in (tmp_path / NAMES[0]).read_text(encoding="utf-8")


def test_few_voices_are_not_grouped_and_it_says_so(tmp_path: Path) -> None:
    answers = tmp_path / "声.csv"
    answers.write_text("お名前,ご要望を聞かせてください\nミナト,椅子がほしい\n波,夜も開けてほしい\n", encoding="utf-8")
    result = plan(answers, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "声が2件なので、まとまりは作っていません" in result.stdout and "まだ2人です" in result.stdout
    assert files(tmp_path / "out") == NAMES


def test_cells_that_cannot_be_read_are_told_aside_and_the_rest_is_done(tmp_path: Path) -> None:
    answers = tmp_path / "声.csv"
    rows = [f"2026/11/{number:02} 10:00,{number}番の棚を低くしてほしい" for number in range(1, 10)]
    answers.write_text("\n".join(["タイムスタンプ,ご要望を聞かせてください", *rows, "2026/13/45,椅子がほしい"]), encoding="utf-8")
    result = plan(answers, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "注意：11行目の「タイムスタンプ」" in result.stderr and "注意" not in result.stdout


def test_the_shops_own_people_are_left_out(tmp_path: Path) -> None:
    talk = tmp_path / "トーク.txt"
    lines = [f"10:{number:02}\t{who}\t{number}番の棚を{who}のために低くしてほしい" for number in range(1, 10) for who in ("店主", "ミナト")]
    talk.write_text("\n".join(["[LINE] ミナトとのトーク履歴", "", "2026/11/01(日)", *lines]), encoding="utf-8")
    result = plan(talk, "--out", tmp_path / "out", "--shop-side", "店主")
    assert result.exit_code == 0 and "まだ1人です" in result.stdout
    assert "店主のために" not in (tmp_path / "out" / NAMES[0]).read_text(encoding="utf-8")


def test_a_talk_is_not_read_before_somebody_says_who_is_the_shop(tmp_path: Path) -> None:
    talk = tmp_path / "トーク.txt"
    talk.write_text("[LINE] ミナトとのトーク履歴\n\n2026/11/01(日)\n10:05\tミナト\t助かります\n", encoding="utf-8")
    result = plan(talk, "--out", tmp_path / "out")
    assert result.exit_code == 1 and "お店の側の人" in result.stderr and not (tmp_path / "out").exists()


def test_no_workbook_is_left_anywhere(tmp_path: Path, own_home: Path) -> None:
    plan(INN, "--out", tmp_path / "out")
    assert list(tmp_path.rglob("*.kizuna")) == [] and not own_home.exists()


# ---- wrong files, wrong folders


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("写真.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("古い.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("こわれた.xlsx", b"PK\x03\x04" + bytes(90)),
        ("見出しだけ.csv", "お名前,ご要望を聞かせてください\n".encode()),
        ("電話だけ.csv", "電話番号,メールアドレス\n090-0000-0000,a@example.com\n080-0000-0000,b@example.com\n".encode()),
        ("空白.txt", "\u3000\n \n".encode()),
    ],
)
def test_a_wrong_file_gives_one_sentence_and_writes_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = plan(tmp_path / name, "--out", tmp_path / "out")
    assert result.exit_code not in (0, None) and isinstance(result.exception, SystemExit)
    error = result.stderr.strip().splitlines()[-1]
    assert name in error and error.endswith("。") and "Traceback" not in result.output
    assert result.stdout == "" and not (tmp_path / "out").exists()


def test_a_missing_file_gives_one_sentence(tmp_path: Path) -> None:
    result = plan(tmp_path / "ない.csv", "--out", tmp_path / "out")
    assert result.exit_code != 0 and "ない.csv" in result.stderr and "開けませんでした" in result.stderr
    assert not (tmp_path / "out").exists()


def test_without_a_folder_the_command_asks_for_one() -> None:
    result = plan(INN)
    assert result.exit_code == 2 and "--out" in result.stderr


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    result = plan(INN, "--out", tmp_path / "out")
    assert result.exit_code != 0 and "Traceback" not in result.output
    assert (tmp_path / "out").read_text(encoding="utf-8") == "x"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = plan(INN, "--out", tmp_path / "file" / "out")
    assert result.exit_code == 1 and "書き込めませんでした" in result.stderr


def test_a_disk_that_is_full_half_way_leaves_no_half_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.write_bytes

    def small_disk(self: Path, data: bytes) -> int:
        if ".xlsx" in self.name:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(draft.Path, "write_bytes", small_disk)
    result = plan(INN, "--out", tmp_path / "out")
    assert result.exit_code == 1 and "空き容量" in result.stderr
    assert files(tmp_path / "out") == []


def test_a_file_that_is_in_the_way_leaves_the_other_as_it_was(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).write_text("古い", encoding="utf-8")
    (tmp_path / NAMES[1]).mkdir()  # as a file that Excel holds open on Windows
    result = plan(INN, "--out", tmp_path)
    assert result.exit_code == 1
    assert (tmp_path / NAMES[0]).read_text(encoding="utf-8") == "古い"


def test_help_is_in_japanese() -> None:
    result = CliRunner().invoke(main, ["plan", "-h"])
    assert result.exit_code == 0 and "計画の下書き" in result.stdout


# ---- kizuna handin


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return make_class(tmp_path / "class", 1)[0].workbook


def handin(*arguments: Any, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["handin", *(str(one) for one in arguments)], input=answer)


def test_a_hand_in_is_made_after_the_list_was_shown_and_agreed_to(workbook: Path, tmp_path: Path) -> None:
    for answer, code, made in (("", 1, []), ("n\n", 1, []), ("y\n", 0, ["x.kizuna-teishutsu"])):
        result = handin(workbook, "--out", tmp_path / "x", answer=answer)
        assert result.exit_code == code and sorted(path.name for path in tmp_path.glob("x*")) == made
        assert "■ お客さまの声" in result.stdout and "■ 外に出ないもの" in result.stdout
    assert open_submission(tmp_path / "x.kizuna-teishutsu").name


def test_who_has_read_it_is_not_asked_and_gets_the_list_to_print(workbook: Path, tmp_path: Path) -> None:
    result = handin(workbook, "--out", tmp_path / "x", "--list", tmp_path / "list.html", "--yes")
    assert (result.exit_code, result.exception) == (0, None) and str(tmp_path / "x.kizuna-teishutsu") in result.stdout
    assert "■" not in result.stdout and "外に出るもの一覧" in (tmp_path / "list.html").read_text(encoding="utf-8")


def test_a_workbook_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    result = handin(tmp_path / "nothing.kizuna", "--out", tmp_path / "x", "--yes")
    assert result.exit_code == 1 and "見つかりません" in result.stderr and list(tmp_path.iterdir()) == []


# ---- kizuna forget


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "店.kizuna"
    book = open_workbook(path)
    hear(book, "ミナト", date(2026, 11, 2), [Said("望み", Topic.FOLLOWUP, "本が届いたら知らせてほしい")])
    hear(book, "シロ", date(2026, 11, 2), [Said("望み", Topic.FOLLOWUP, "夜に知らせてほしい")])
    save_answer(book, "memo", "ミナトさんの席")
    book.close()
    return path


def forget(*arguments: Any, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["forget", *(str(one) for one in arguments)], input=answer)


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("n\n", False), ("", False)])
def test_forget_shows_what_goes_and_asks(shop: Path, answer: str, gone: bool) -> None:
    result = forget(shop, "--person", "ミナト", answer=answer)
    assert (result.exit_code == 0) is gone
    assert "いただいた声　1件" in result.output and "●●●さんの席" in result.output
    assert ("ミナト".encode() in shop.read_bytes()) is not gone
    assert "シロ".encode() in shop.read_bytes()


def test_forget_with_yes_asks_nothing_and_says_what_is_left_to_do(shop: Path) -> None:
    result = forget(shop, "--person", "ミナトさん", "--yes")
    assert result.exit_code == 0 and "すべて消しました" in result.output and "印刷した紙" in result.output
    assert "いただいた声" not in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--person", "ハル"), "「ハル」という方は、名簿にいらっしゃいません"), (("--person", ""), "名簿にいらっしゃいません")],
)
def test_forget_says_who_is_not_there(shop: Path, arguments: tuple[str, ...], told: str) -> None:
    result = forget(shop, *arguments, "--yes")
    assert result.exit_code == 1 and told in result.output


def test_forget_says_that_there_is_no_such_workbook(tmp_path: Path) -> None:
    result = forget(tmp_path / "nothing.kizuna", "--person", "ミナト", "--yes")
    assert result.exit_code == 1 and "見つかりません" in result.output and not (tmp_path / "nothing.kizuna").exists()
