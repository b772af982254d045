"""``kizuna analyse`` and ``kizuna suggest`` with everything real behind them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kizuna.cli import main

pytest.importorskip("kizuna.language.rules", reason="needs the check of rules")
pytest.importorskip("kizuna.language.personal", reason="needs the search for personal information")

WISHES = [
    "駐車場がほしい",
    "駐車場を広くしてほしい",
    "車を停める所がほしい",
    "静かな席がいい",
    "席を広くしてほしい",
    "座り心地のよい席がいい",
]
MORE = ["夜も開けてほしい", "朝早く開けてほしい", "日曜も開けてほしい", "担当の佐藤さんが親切でした。", ""]


def test_a_file_is_analysed_from_end_to_end(tmp_path: Path) -> None:
    file, out = tmp_path / "声.csv", tmp_path / "out.jsonl"
    file.write_text("番号,声\n" + "".join(f"{n},{text}\n" for n, text in enumerate([*WISHES, *MORE])), encoding="utf-8")
    result = CliRunner().invoke(main, ["analyse", str(file), "--column", "声", "--json", str(out)])
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one["text"] for one in found] == [*WISHES, *MORE]
    assert all(one["theme"] for one in found[:9]) and found[-1]["theme"] is None
    assert [found[9]["text"][one["start"] : one["end"]] for one in found[9]["personal"]] == ["佐藤"]


def test_an_owners_war_word_is_found(tmp_path: Path) -> None:
    file, out = tmp_path / "文.csv", tmp_path / "out.jsonl"
    file.write_text("番号,文\n1,春の販売戦略をまとめました\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["analyse", str(file), "--column", "文", "--as", "owner", "--json", str(out)]).exit_code == 0
    (line,) = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(one["rule"], one["category"]) for one in line["findings"]] == [("KZ-01", "WAR")]


def test_suggestions_come_from_the_placed_themes(tmp_path: Path) -> None:
    file, out = tmp_path / "声.csv", tmp_path / "out.jsonl"
    placed = ["駐車場", "駐車場", "", "席", "席", ""]
    file.write_text("声,まとまり\n" + "".join(f"{text},{box}\n" for text, box in zip(WISHES, placed, strict=True)), encoding="utf-8")
    options = ["--column", "声", "--placed-column", "まとまり", "--json", str(out)]
    assert CliRunner().invoke(main, ["suggest", str(file), *options]).exit_code == 0
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(one["row"], one["suggestions"][0]) for one in found] == [(4, "駐車場"), (7, "席")]
