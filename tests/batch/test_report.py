"""``kizuna report``: a folder of hand-ins becomes a report for each participant, and what is broken stops nobody."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kizuna.batch import export, report
from kizuna.batch.folder import folder_at
from kizuna.batch.fork import Forks, can_fork
from kizuna.batch.job import KERNEL
from kizuna.batch.report import Made, Wish, make_reports
from kizuna.batch.workplace import workplace
from kizuna.cli import main
from kizuna.errors import KizunaError
from kizuna.workbook.policy import MADE_ON
from tests.batch.broken import BROKEN, SUFFIX, spoil
from tests.batch.notebooks import PARAMETERS, notebook
from tests.sample_class import Raw, make_class

pytestmark = pytest.mark.skipif(not can_fork(), reason="these tests would take very long with kernels")

COUNT = 6


@pytest.fixture(scope="module", autouse=True)
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """One loaded process for all tests here: to load it takes longer than most of them."""
    real = report._runner

    class Lent(Forks):
        def __exit__(self, *_: object) -> None:
            """It stays until the last test."""

    lent = Lent(2, {"IPYTHONDIR": str(tmp_path_factory.mktemp("ipython"))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "_runner", lambda wish, environment: real(wish, environment) if wish.engine == KERNEL else lent)
        yield lent
    lent.close()


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> list[Raw]:
    """A class, each with a workbook and a hand-in."""
    return make_class(tmp_path_factory.mktemp("class"), COUNT, seed=3)


@pytest.fixture(scope="module")
def done(taught: list[Raw], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class's reports, made in one go; not to be changed."""
    out = tmp_path_factory.mktemp("done") / "out"
    make_reports(Wish(str(taught[0].handin.parent), str(out), 2))
    return out


@pytest.fixture
def folder(taught: list[Raw], tmp_path: Path) -> Path:
    """A folder of one's own with the class's hand-ins."""
    return Path(shutil.copytree(taught[0].handin.parent, tmp_path / "提出"))


@pytest.fixture
def out(done: Path, folder: Path, tmp_path: Path) -> Path:
    """The reports on that folder as they were made in one go."""
    return Path(shutil.copytree(done, tmp_path / "out"))


@pytest.fixture
def light(tmp_path: Path) -> str:
    """A notebook of an instructor's own that costs little."""
    return str(notebook(tmp_path / "own.ipynb", ["#!# お便り", "print('できました', names)"]))


def make(folder: Path, out: Path, **wish: Any) -> Made:
    return make_reports(Wish(str(folder), str(out), 2, **wish))


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["report", *(str(one) for one in arguments)])


def contents(out: Path) -> dict[str, bytes]:
    """All files below, but the receipts' own folder of work."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def times(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted((out / "reports").iterdir())}


def test_each_participant_gets_a_report_and_the_class_its_pages(done: Path, taught: list[Raw]) -> None:
    names = [path.name for path in sorted((done / "reports").iterdir())]
    assert [name[:4] for name in names] == [f"{number:03}-" for number in range(1, COUNT + 1)]
    assert {name[4:] for name in names} == {f"{raw.code}.html" for raw in taught}
    assert {path.name for path in done.iterdir()} == {".kizuna", "camp.html", "class.html", "facts", "index.html", "reports", "summary.csv"}
    assert {path.stem for path in (done / "facts").iterdir()} == {raw.code for raw in taught}
    assert {path.name for path in (done / ".kizuna").iterdir()} == {"lock", "numbers.json", "receipts"}
    page = (done / "index.html").read_text(encoding="utf-8")
    assert all(f'href="reports/{name}"' in page for name in names) and 'href="class.html"' in page and 'href="camp.html"' in page
    assert (done / "summary.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_report_is_one_file_without_code_and_without_an_address(done: Path) -> None:
    for path in [*(done / "reports").iterdir(), done / "class.html", done / "camp.html"]:
        page = path.read_text(encoding="utf-8")
        assert '<html lang="ja">' in page and "default-src 'none'" in page
        assert "<script" not in page and "import report" not in page and "letter." not in page and "Parameters" not in page
        assert not re.search(r"""(src|href)=["']?(https?:)?//|url\(|@import""", page)
        assert all("alt=" in picture for picture in re.findall(r"<img[^>]*>", page))
        assert len(page) < 200_000


def test_nothing_of_a_customer_is_in_anything_that_was_made(done: Path, taught: list[Raw]) -> None:
    made = contents(done)
    for raw in taught:
        for secret in raw.secrets:
            for name, content in made.items():
                assert secret.encode() not in content and json.dumps(secret).strip('"').encode() not in content, (secret, name)


def test_the_command_says_what_it_made(folder: Path, tmp_path: Path, light: str) -> None:
    result = run(folder, "--out", tmp_path / "o", "--template", light)
    assert (result.exit_code, result.stdout) == (0, f"{COUNT}人のレポートができました：{tmp_path / 'o'}/index.html\n")


def test_broken_submissions_are_told_in_one_line_each_and_stop_nobody(folder: Path, taught: list[Raw], tmp_path: Path, light: str) -> None:
    broken = spoil(taught[0].handin, folder)
    before = contents(tmp_path)
    result = run(folder, "--out", tmp_path / "o", "--template", light, "--workers", 2)
    assert result.exit_code == 3 and f"{COUNT}人のレポート" in result.stdout
    told = [line for line in result.stderr.splitlines() if line.startswith("注意：")]
    assert len(told) == len(broken) == len(BROKEN) == 20
    for path, line in zip(sorted(broken), told, strict=True):
        assert path.name in line and line.endswith("。") and "Traceback" not in line
    assert len(list((tmp_path / "o" / "reports").iterdir())) == COUNT
    after = contents(tmp_path)
    assert {name: content for name, content in after.items() if not name.startswith("o/")} == before


def test_hostile_names_lead_nowhere(folder: Path, taught: list[Raw], tmp_path: Path, light: str) -> None:
    whole = taught[0].handin.read_bytes()
    (tmp_path / "secret").write_bytes(whole)
    shutil.rmtree(folder)
    folder.mkdir()
    hostile = [
        "%2e%2e%2fx",
        "<img src=x onerror=alert(1)>",
        "\x1b[2J\x1b[31m赤\n二行目",
        "-rf",
        "$(touch hacked)",
        "{{ 7*7 }}",
        "con",
        "あ\u202eexe",
    ]
    for at, name in enumerate(hostile):
        (folder / f"{name}{SUFFIX}").write_bytes(whole if at == 0 else b"x")
    (folder / os.fsdecode(b"\xff\xfe.kizuna-teishutsu")).write_bytes(b"x")
    (folder / f"elsewhere{SUFFIX}").symlink_to(tmp_path / "secret")
    (folder / f"folder{SUFFIX}").mkdir()
    os.mkfifo(folder / f"pipe{SUFFIX}")
    (folder / "別のファイル.xlsx").write_bytes(b"x")
    result = run(folder, "--out", tmp_path / "o", "--template", light)
    told = [line for line in result.stderr.splitlines() if line.startswith("注意：")]
    assert result.exit_code == 3 and len(told) == len(hostile), result.output
    assert not re.search(r"[\x1b\u202e]", result.output)
    page = (tmp_path / "o" / "index.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page and "49" not in page.partition("{{")[2][:10]
    assert {path.name for path in tmp_path.iterdir()} == {"提出", "secret", "o", "own.ipynb"} and not Path("hacked").exists()
    (made,) = (tmp_path / "o" / "reports").iterdir()
    assert re.fullmatch(rf"\d{{3}}-{taught[0].code}\.html", made.name)


def test_a_raw_workbook_is_taken_only_when_that_is_meant(taught: list[Raw], tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    shutil.copy(taught[0].workbook, folder)
    refused = run(folder, "--out", tmp_path / "o")
    assert (
        refused.exit_code == 1 and "お名前" in refused.stderr and "--with-names" in refused.stderr and "一つもできません" in refused.stderr
    )
    assert not (tmp_path / "o" / "index.html").exists()
    assert run(folder, "--out", tmp_path / "o", "--with-names").exit_code == 0
    assert (tmp_path / "o" / "reports" / f"001-{taught[0].code}.html").exists()


def test_what_is_there_already_is_not_made_again(folder: Path, out: Path) -> None:
    before, whole = times(out), contents(out)
    made = make(folder, out)
    assert (made.reports, made.kept, times(out)) == (COUNT, COUNT, before) and contents(out) == whole


def test_only_what_is_missing_or_changed_is_made_again(folder: Path, tmp_path: Path, taught: list[Raw], light: str) -> None:
    out = tmp_path / "o"
    make(folder, out, template=light)
    names = sorted(path.name for path in (out / "reports").iterdir())
    (out / "reports" / names[0]).unlink()
    (out / "reports" / names[1]).write_text("短い", encoding="utf-8")
    receipt = out / ".kizuna" / "receipts" / "00003.json"
    receipt.write_bytes(receipt.read_bytes()[:-5])
    whole = sorted(folder.iterdir())
    whole[3].write_bytes(b"x")
    before = times(out)
    made = make(folder, out, template=light)
    assert (made.reports, made.kept, len(made.broken)) == (COUNT - 1, COUNT - 4, 1)
    after = times(out)
    assert names[3] not in after and not (out / "facts" / f"{names[3][4:12]}.json").exists()
    assert {name for name in after if after[name] != before.get(name)} == set(names[:3])
    whole[3].write_bytes(next(raw.handin.read_bytes() for raw in taught if raw.handin.name == whole[3].name))
    assert make(folder, out, template=light).kept == COUNT - 1
    assert sorted(times(out)) == names


@pytest.mark.parametrize("what", ["names", "template", "notes", "package"])
def test_whatever_shapes_a_report_makes_it_anew(
    folder: Path, tmp_path: Path, light: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(folder, tmp_path / "o", template=light)
    wish: dict[str, Any] = {}
    if what == "names":
        wish["names"] = True
    elif what == "template":
        notebook(Path(light), ["print('ほかの言葉')"])
    elif what == "notes":
        (folder / "notes.csv").write_text("番号,ところ,メモ\n", encoding="utf-8")
    else:
        monkeypatch.setattr(report, "state_of_package", lambda: "changed")
    assert make(folder, tmp_path / "o", template=light, **wish).kept == 0
    assert make(folder, tmp_path / "o", template=light, **wish).kept == COUNT


def test_a_note_makes_anew_only_the_report_of_the_participant_it_is_to(folder: Path, out: Path, taught: list[Raw]) -> None:
    notes, code = folder / "notes.csv", taught[2].code
    (name,) = (name for name in times(out) if code in name)
    for text, kept, shown in [
        (f"{code},,よく聞かれました。\n", COUNT - 1, "よく聞かれました。"),
        (f",,会場が寒かった。\n{code},,よく聞かれました。\n", COUNT, "よく聞かれました。"),
        (f"{code},,声の書き方がていねいでした。\n", COUNT - 1, "声の書き方がていねいでした。"),
    ]:
        notes.write_text(f"コード,欄,メモ\n{text}", encoding="utf-8")
        before = times(out)
        assert make(folder, out).kept == kept
        assert {one for one, when in times(out).items() if when != before[one]} == ({name} if kept < COUNT else set())
        assert shown in (out / "reports" / name).read_text(encoding="utf-8")
        assert ("会場が寒かった。" in (out / "camp.html").read_text(encoding="utf-8")) == (kept == COUNT)
    notes.unlink()
    assert make(folder, out).kept == COUNT - 1
    assert "声の書き方" not in (out / "reports" / name).read_text(encoding="utf-8")


def test_notes_that_cannot_be_read_are_told_once_and_take_nothing_away(folder: Path, out: Path) -> None:
    before = times(out)
    (folder / "notes.csv").write_text("番号,ところ\n1,2\n", encoding="utf-8")
    result = run(folder, "--out", out)
    assert result.exit_code == 1 and result.stderr.count("講師メモ「notes.csv」") == 1 and times(out) == before


def test_who_takes_a_hand_in_back_leaves_nothing_behind(folder: Path, tmp_path: Path, taught: list[Raw], light: str) -> None:
    out = tmp_path / "o"
    make(folder, out, template=light)
    gone = sorted(folder.iterdir())[2]
    code = next(raw.code for raw in taught if raw.handin.name == gone.name)
    gone.unlink()
    (out / "reports" / "わたしのメモ.html").write_text("x", encoding="utf-8")
    assert make(folder, out, template=light).reports == COUNT - 1
    assert not [name for name, content in contents(out).items() if code in name or code.encode() in content]
    assert (out / "reports" / "わたしのメモ.html").exists()
    assert sorted(path.name[:3] for path in (out / "reports").iterdir() if path.name[0] == "0") == ["001", "002", "004", "005", "006"]


@pytest.mark.parametrize("later", [0, 1])
def test_of_two_hand_ins_of_one_participant_the_later_is_used_and_it_is_told(folder: Path, tmp_path: Path, light: str, later: int) -> None:
    one = sorted(folder.iterdir())[0]
    other = folder / f"z もう一度{SUFFIX}"
    shutil.copy(one, other)
    with contextlib.closing(sqlite3.connect([one, other][later])) as connection, connection:
        assert connection.execute("UPDATE answer SET value = '\"2031-01-01\"' WHERE key = ?", (MADE_ON,)).rowcount == 1
    result = run(folder, "--out", tmp_path / "o", "--template", light)
    told = [line for line in result.stderr.splitlines() if "同じ参加者の、もう一つの提出用ファイルを使いました" in line]
    assert result.exit_code == 0 and len(told) == 1 and [one, other][1 - later].name in told[0]
    assert len(times(tmp_path / "o")) == COUNT and len(list((tmp_path / "o" / "facts").iterdir())) == COUNT
    assert any(name.startswith("001-") for name in times(tmp_path / "o")) == bool(later)  # a Latin letter is sorted before ours


def test_a_hand_in_that_a_later_one_replaced_waits_until_it_is_needed_again(folder: Path, tmp_path: Path, light: str) -> None:
    out, one = tmp_path / "o", sorted(folder.iterdir())[0]
    other = folder / f"{one.name.removesuffix(SUFFIX)} もう一度{SUFFIX}"
    shutil.copy(one, other)
    with contextlib.closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE answer SET value = '\"2031-01-01\"' WHERE key = ?", (MADE_ON,))
    make(folder, out, template=light)
    receipts = contents(out / ".kizuna" / "receipts")
    before = {path: path.stat().st_mtime_ns for path in (out / ".kizuna" / "receipts").glob("0*.json")}
    made = make(folder, out, template=light)
    assert (made.reports, made.kept, len(made.left_out)) == (COUNT, COUNT, 1)
    assert contents(out / ".kizuna" / "receipts") == receipts and {path: path.stat().st_mtime_ns for path in before} == before
    other.unlink()
    made = make(folder, out, template=light)
    assert (made.reports, made.kept, made.left_out) == (COUNT, COUNT - 1, ())
    assert len(times(out)) == COUNT


def test_killed_in_the_middle_and_started_again_is_as_in_one_go(folder: Path, done: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    command = [sys.executable, "-m", "kizuna.cli", "report", str(folder), "--out", str(out), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        until = time.monotonic() + 120
        while len(list((out / ".kizuna" / "receipts").glob("*.json"))) < 2:
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert not (out / "index.html").exists()
    (out / "reports" / ".001-X.html.7.part").write_text("halb", encoding="utf-8")
    made = make(folder, out)
    assert 2 <= made.kept < COUNT
    ours, theirs = contents(out), contents(done)
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] != theirs[name]} <= {name for name in ours if name.startswith(".kizuna")}


def test_with_a_kernel_the_reports_are_the_same_to_the_byte(folder: Path, out: Path, tmp_path: Path) -> None:
    for path in sorted(folder.iterdir())[2:]:
        path.unlink()
    ways = {}
    for engine in ("forked", KERNEL):
        make(folder, tmp_path / engine, engine=engine)
        ways[engine] = {name: content for name, content in contents(tmp_path / engine).items() if not name.startswith(".kizuna")}
    assert len(ways[KERNEL]) == 8 and ways["forked"] == ways[KERNEL]


def test_a_report_that_breaks_off_is_told_and_tried_again_the_next_time(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ipynb"
    bad = sorted(folder.iterdir())[1]
    notebook(own, [f"import os\nif {bad.name!r} in submission: os.abort()\nprint('よし')"])
    result = run(folder, "--out", tmp_path / "o", "--template", own)
    assert result.exit_code == 3 and f"「{bad.name}」：レポートを作る途中で、プログラムが終わってしまいました。" in result.stderr
    assert make(folder, tmp_path / "o", template=str(own)).kept == COUNT - 1


@pytest.mark.parametrize(
    ("parameters", "cells", "told"),
    [
        ('submission = ""\nnames = False', [], "notes を知りません"),
        ("x = 1", [], "names・notes・submission を知りません"),
        ("this is no Python", [], "読めませんでした"),
        (PARAMETERS, ["raise ValueError('だめ')"], "ValueError：だめ"),
    ],
)
def test_a_notebook_that_does_not_fit_is_refused(folder: Path, tmp_path: Path, parameters: str, cells: list[str], told: str) -> None:
    result = run(folder, "--out", tmp_path / "o", "--template", notebook(tmp_path / "own.ipynb", cells, parameters))
    assert result.exit_code == 1 and told in result.stderr and "Traceback" not in result.output


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"cells": [{"cell_type": "code"}]}', "[]"])
def test_a_file_that_is_no_notebook_is_refused(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "own.ipynb").write_text(text, encoding="utf-8")
    result = run(folder, "--out", tmp_path / "o", "--template", tmp_path / "own.ipynb")
    assert result.exit_code == 1 and "own.ipynb" in result.stderr and "Traceback" not in result.output


def test_a_call_that_can_give_nothing_says_why(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for arguments, told in [
        ((tmp_path / "ない", "--out", tmp_path / "o"), "見つかりません"),
        ((tmp_path / "空", "--out", tmp_path / "o"), "提出用ファイル（.kizuna-teishutsu）が見つかりません"),
        ((folder, "--out", tmp_path / "file" / "o"), "作れませんでした"),
        ((folder, "--out", tmp_path / "o", "--template", tmp_path / "ない.ipynb"), "見つかりません"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1 and told in result.stderr and "Traceback" not in result.output
        assert not (tmp_path / "o" / "index.html").exists()


def test_two_runs_at_once_do_not_work_in_one_folder(folder: Path, tmp_path: Path, light: str) -> None:
    out = tmp_path / "o"
    with workplace(folder_at(str(out))) as told:
        (Path(told["TMPDIR"]) / "begun").write_text("x", encoding="utf-8")
        refused = run(folder, "--out", out, "--template", light)
        assert refused.exit_code == 1 and refused.stderr.count("別の kizuna report が") == 1 and "Traceback" not in refused.output
        assert (Path(told["TMPDIR"]) / "begun").exists() and not (out / "index.html").exists()
    assert make(folder, out, template=light).reports == COUNT


def test_a_run_that_was_killed_shuts_nobody_out(tmp_path: Path) -> None:
    code = "import os; from kizuna.batch.folder import folder_at; from kizuna.batch.workplace import workplace"
    code += f"\nwith workplace(folder_at({str(tmp_path)!r})): os.kill(os.getpid(), {int(signal.SIGKILL)})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert (tmp_path / ".kizuna" / "tmp").exists()
    with workplace(folder_at(str(tmp_path))):
        assert not list((tmp_path / ".kizuna" / "tmp").iterdir())
    assert not (tmp_path / ".kizuna" / "tmp").exists()


def test_the_reports_may_lie_within_the_folder_of_hand_ins(folder: Path, light: str) -> None:
    assert make(folder, folder / "レポート", template=light).reports == COUNT
    shutil.copy(sorted(folder.glob(f"*{SUFFIX}"))[0], folder / "レポート" / f"x{SUFFIX}")
    made = make(folder, folder / "レポート", template=light)
    assert (made.reports, made.kept) == (COUNT, COUNT)


def test_names_of_participants_are_shown_only_when_that_is_wished(folder: Path, done: Path, tmp_path: Path, light: str) -> None:
    make(folder, tmp_path / "o", template=light, names=True)
    assert all(json.loads(path.read_text(encoding="utf-8"))["name"] for path in (tmp_path / "o" / "facts").iterdir())
    assert not any(json.loads(path.read_text(encoding="utf-8"))["name"] for path in (done / "facts").iterdir())
    assert "できました True" in next((tmp_path / "o" / "reports").iterdir()).read_text(encoding="utf-8")


@pytest.fixture
def needs_browser() -> None:
    try:
        export.find_browser()
    except KizunaError as error:
        pytest.skip(str(error))


@pytest.mark.usefixtures("needs_browser")
def test_pdfs_are_made_on_request_and_kept(folder: Path, tmp_path: Path, light: str) -> None:
    for path in sorted(folder.iterdir())[2:]:
        path.unlink()
    make(folder, tmp_path / "o", template=light)
    made = make(folder, tmp_path / "o", template=light, pdf=True)
    assert made.kept == 0
    files = sorted((tmp_path / "o" / "reports").iterdir())
    assert [path.suffix for path in files] == [".html", ".pdf"] * 2
    assert all(path.read_bytes().startswith(b"%PDF") for path in files if path.suffix == ".pdf")
    assert (tmp_path / "o" / "class.pdf").exists()
    assert make(folder, tmp_path / "o", template=light, pdf=True).kept == 2


def test_where_no_browser_is_that_is_said_before_anything_is_made(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("KIZUNA_BROWSER", "")
    monkeypatch.setattr(export, "_ELSEWHERE", {})
    result = run(folder, "--out", tmp_path / "o", "--pdf")
    assert result.exit_code == 1 and "Chromium・Chrome・Edge" in result.stderr and not (tmp_path / "o" / "reports").exists()
