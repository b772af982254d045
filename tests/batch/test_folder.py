"""Folders here and at an address: the same names and contents, nothing half-written, no way out."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna import loading
from kizuna.batch import record
from kizuna.batch.folder import Folder, digest_of, folder_at
from kizuna.batch.job import Job, Receipt, one_line, receipt_name
from kizuna.batch.record import Record
from kizuna.errors import KizunaError


@pytest.fixture(params=["here", "there"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    if request.param == "there":
        pytest.importorskip("fsspec")
    return folder_at(f"file://{tmp_path}" if request.param == "there" else str(tmp_path))


def test_what_was_written_is_read_and_listed(folder: Folder, tmp_path: Path) -> None:
    folder.write("b/二.html", b"2")
    folder.write("a.html", b"1")
    folder.write("a.html", b"3")
    (tmp_path / ".hidden").write_bytes(b"x")
    assert folder.names() == ["a.html", "b/二.html"]
    assert (folder.read("a.html"), folder.read("b/二.html"), folder.read("c")) == (b"3", b"2", None)
    with folder.local("b/二.html") as path:
        assert path.read_bytes() == b"2" and path.name == "二.html"
    folder.remove("a.html")
    folder.remove("a.html")
    assert folder.names() == ["b/二.html"]


def test_what_a_killed_run_began_is_swept_away(folder: Folder, tmp_path: Path) -> None:
    folder.write("a/b.html", b"1")
    name = ".b.html.7.part" if folder.address == str(tmp_path) else "b.html.part"
    (tmp_path / "a" / name).write_bytes(b"half")
    folder.sweep()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.html"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "..", "a\\..\\x", "a\0b"])
def test_no_name_leads_out_of_its_folder(folder: Folder, name: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        folder.write(name, b"x")
    with pytest.raises(ValueError, match="leads out"):
        folder.read(name)


def test_what_cannot_be_written_is_said_and_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_at(str(tmp_path))
    folder.write("a", b"before")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(KizunaError, match="書き込めませんでした"):
        folder.write("a", b"after")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and folder.read("a") == b"before"


def test_a_giant_is_refused_before_it_is_read(folder: Folder, tmp_path: Path) -> None:
    with (tmp_path / "giant").open("wb") as file:
        file.truncate(2**29)
    with pytest.raises(KizunaError, match="大きすぎます"), folder.local("giant"):
        pass


def test_an_address_that_nothing_here_reaches_is_said() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(KizunaError, match="nowhere://x"):
        folder_at("nowhere://x")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from("あいうえabcde"), min_size=1), min_size=1, max_size=5))
def test_a_submission_keeps_its_number_as_long_as_it_is_there(tmp_path_factory: pytest.TempPathFactory, runs: list[set[str]]) -> None:
    folder = folder_at(str(tmp_path_factory.mktemp("out")))
    before: dict[str, int] = {}
    for sources in runs:
        numbers = Record(folder).numbers(sorted(sources))
        assert set(numbers) == sources and len(set(numbers.values())) == len(sources) and min(numbers.values()) >= 1
        assert all(numbers[name] == before[name] for name in sources & set(before))
        before = numbers


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"x": 1}', b"\xff"])
def test_a_receipt_or_a_list_of_numbers_that_is_damaged_is_none(tmp_path: Path, content: bytes) -> None:
    folder, job = folder_at(str(tmp_path)), Job(1, "", "")
    folder.write(receipt_name(job), content)
    folder.write(".kizuna/numbers.json", content)
    assert Record(folder).receipt(job) is None and not Record(folder).whole(job, "")
    assert Record(folder).numbers(["a"]).keys() == {"a"}


def test_a_number_is_given_to_nobody_else_while_a_higher_one_is_in_use(tmp_path: Path) -> None:
    one = Record(folder_at(str(tmp_path)))
    assert one.numbers(["a", "b", "c"]) == {"a": 1, "b": 2, "c": 3}
    assert [job.number for job in one.gone(["c"])] == [1, 2]
    assert one.numbers(["c", "d"]) == {"c": 3, "d": 4}


@pytest.mark.parametrize(
    "change", [{"error": "だめでした。"}, {"source": "y"}, {"settings": "y"}, {"digest": "y"}, {"files": {"a.html": "y"}}, None]
)
def test_a_report_is_whole_only_while_all_it_was_made_of_is_as_it_was(tmp_path: Path, change: dict[str, Any] | None) -> None:
    folder, job = folder_at(str(tmp_path)), Job(1, "", "", settings="s", source="x")
    for name in ("a.html", "b.html"):
        folder.write(name, b"a")
    made = Receipt(1, "x", "d", "s", files={name: str(digest_of(folder, name)) for name in ("a.html", "b.html")})
    left = (
        dataclasses.replace(made, **change | ({"files": {**made.files, **change["files"]}} if "files" in change else {}))
        if change
        else made
    )
    folder.write(receipt_name(job), json.dumps(dataclasses.asdict(left)).encode())
    assert Record(folder).whole(job, "d") is (change is None)
    assert not Record(folder).whole(dataclasses.replace(job, pdf=True), "d")
    Record(folder).forget(job)
    assert Record(folder).receipt(job) is None and not Record(folder).whole(job, "d")


def test_only_what_is_ours_and_not_kept_is_tidied_away(tmp_path: Path) -> None:
    folder = folder_at(str(tmp_path))
    ours = {
        "reports/001-AAAAAAAA.html",
        "reports/001-AAAAAAAA.pdf",
        "reports/1000-BBBBBBBB.html",
        "facts/AAAAAAAA.json",
        "facts/BBBBBBBB.json",
    }
    theirs = {"reports/memo.html", "reports/001-AAAAAAAA.html.bak", "facts/notes.json", "index.html", "reports/in/001-AAAAAAAA.html"}
    for name in ours | theirs:
        folder.write(name, b"x")
    Record(folder).tidy(["facts/AAAAAAAA.json"])
    assert set(folder.names()) == theirs | {"facts/AAAAAAAA.json"}


@pytest.mark.parametrize("kind", ["py", "yaml", "css", "js", "j2", "csv", "npz"])
def test_a_change_of_the_package_is_noticed_by_its_length_and_by_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for module in (record, loading):
        monkeypatch.setattr(module, "PACKAGE", tmp_path)
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / f"one.{kind}"
    states = []
    for content, time in (("春", 9), ("春", 8), ("春夏", 8)):
        file.write_text(content, encoding="utf-8")
        os.utime(file, (time, time))
        states.append(record.state_of_package())
    file.rename(file.with_stem("other"))
    states.append(record.state_of_package())
    assert len(set(states)) == 4 and record.state_of_package() == states[-1]


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1 and len(line) <= 201 and not any(one in line for one in "\x1b\u202e\x00\u2028")
