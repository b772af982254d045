"""``kizuna analyse`` and ``kizuna suggest`` with stand-ins for what finds persons, rules and themes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kizuna.cli import main
from kizuna.finding import Strength
from kizuna.language import themes

KEYS = ["row", "text", "theme", "theme2", "personal", "findings", "feedback", "highlight"]


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Stand-ins; yields what ``check_text`` was asked."""
    calls: list[Any] = []

    def check_text(text: str, **options: Any) -> list[Any]:
        calls.append((text, options))
        return [SimpleNamespace(rule="KZ-01", category="WAR", start=0, end=2, strength=Strength.ADVICE)] if "戦略" in text else []

    def find_personal(text: str, own: Any = ()) -> list[Any]:
        at = text.find("佐藤")
        return [SimpleNamespace(kind="PERSON", start=at, end=at + 2)] if at >= 0 and "佐藤" not in own else []

    for name, function in (("personal", find_personal), ("rules", check_text)):
        module = ModuleType(f"kizuna.language.{name}")
        setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(themes, "themes_of", lambda texts: [(f"{len(texts)}件", None) for _ in texts], raising=False)
    monkeypatch.setattr(
        themes, "suggest", lambda texts, placed, names=None, count=3: [[] if one else list(names)[:count] for one in placed]
    )
    monkeypatch.delitem(sys.modules, "kizuna.batch.analyse", raising=False)
    yield calls
    sys.modules.pop("kizuna.batch.analyse", None)


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def answers(folder: Path, text: str, name: str = "声.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_every_row_becomes_one_line_in_order_with_the_text_as_it_stands(tmp_path: Path) -> None:
    file = answers(tmp_path, '番号,声\n1," 佐藤さんが優しかったです。\r\n椅子がほしい "\n2,\n3,お世話になりました。\n')
    result = run("analyse", file, "--column", "声", "--json", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    found = lines(tmp_path / "out.jsonl")
    assert [list(one) for one in found] == [KEYS] * 3
    assert [one["row"] for one in found] == [2, 3, 4]
    first, empty, polite = found
    assert first["text"] == " 佐藤さんが優しかったです。\r\n椅子がほしい "
    assert first["personal"] == [{"kind": "PERSON", "start": 1, "end": 3}]
    assert first["feedback"] == ["PRAISE", "REQUEST"] and first["highlight"] == {"start": 1, "end": 14}
    assert first["theme"] == "2件"
    assert (empty["text"], empty["theme"], empty["feedback"], empty["highlight"]) == ("", None, [], None)
    assert polite["feedback"] == ["POLITE_ONLY"] and polite["highlight"] is None
    assert "佐藤" in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_an_owners_texts_are_checked_for_their_place_and_purpose(tmp_path: Path, asked: list[Any]) -> None:
    file = answers(tmp_path, "文,場所,目的\n春の戦略です,web,selling\nこんにちは,,\n")
    options = ("--as", "owner", "--channel-column", "場所", "--purpose-column", "目的")
    assert run("analyse", file, "--column", "文", "--json", tmp_path / "o", *options).exit_code == 0
    assert asked[0] == ("春の戦略です", {"kind": "owner", "channel": "web", "purpose": "selling"})
    assert asked[1][1] == {"kind": "owner", "channel": None, "purpose": None}
    first = lines(tmp_path / "o")[0]
    assert first["findings"] == [{"rule": "KZ-01", "category": "WAR", "start": 0, "end": 2, "strength": "ADVICE"}]
    assert first["feedback"] == [] and first["theme"] is None and first["highlight"] is None


def test_groups_have_themes_of_their_own_and_own_names_are_not_personal(tmp_path: Path) -> None:
    file = answers(tmp_path, "声,店\nあ,北\n佐藤,南\nう,北\n")
    assert run("analyse", file, "--column", "声", "--json", tmp_path / "o", "--group-column", "店", "--own", "佐藤").exit_code == 0
    assert [one["theme"] for one in lines(tmp_path / "o")] == ["2件", "1件", "2件"]
    assert not any(one["personal"] for one in lines(tmp_path / "o"))


def test_rows_without_a_theme_get_suggestions(tmp_path: Path) -> None:
    file = answers(tmp_path, "声,まとまり\n椅子がほしい,席\n静かな席がいい,\n送ってほしい,配達\n,\n")
    assert run("suggest", file, "--column", "声", "--placed-column", "まとまり", "--json", tmp_path / "o").exit_code == 0
    assert lines(tmp_path / "o") == [
        {"row": 3, "text": "静かな席がいい", "suggestions": ["席", "配達"]},
        {"row": 5, "text": "", "suggestions": []},
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("声.csv", "番号,声\n1,あ\n", "ある列は 番号・声"), ("空.csv", "", "空のファイル"), ("写真.png", "\x89PNG\r\n\x1a\n", "写真.png")],
)
def test_what_cannot_be_read_is_one_sentence_and_writes_nothing(tmp_path: Path, name: str, text: str, told: str) -> None:
    result = run("analyse", answers(tmp_path, text, name), "--column", "感想", "--json", tmp_path / "out.jsonl")
    assert result.exit_code == 1 and told in result.stderr and "Traceback" not in result.output
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_and_a_placed_column_that_is_empty_are_told(tmp_path: Path) -> None:
    assert "開けませんでした" in run("analyse", tmp_path / "ない.csv", "--column", "声", "--json", tmp_path / "o").stderr
    file = answers(tmp_path, "声,まとまり\nあ,\n")
    assert "すべて空" in run("suggest", file, "--column", "声", "--placed-column", "まとまり", "--json", tmp_path / "o").stderr


def test_an_earlier_result_stays_when_the_new_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    out = tmp_path / "out.jsonl"
    out.write_text("前の結果", encoding="utf-8")
    file = answers(tmp_path, "声\nあ\n")
    monkeypatch.setattr(Path, "write_bytes", full)
    assert run("analyse", file, "--column", "声", "--json", out).exit_code == 1
    assert out.read_text(encoding="utf-8") == "前の結果" and sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "声.csv"]
