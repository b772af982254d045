"""練習用のデータが、説明どおりの形で、声の出どころをたどれることを確かめる。"""

import csv
import importlib.util
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

DATASETS = Path(__file__).parents[1] / "datasets"
INN = DATASETS / "inn"
BOOKSHOP = DATASETS / "bookshop"

MEDIA = {
    "LINE",
    "Instagram",
    "はがき・手紙",
    "店頭・店内の掲示",
    "ブログ",
    "会って話す",
    "ニュースレター（紙）",
}
HARD_WORDS = [
    "戦略",
    "ターゲット",
    "攻略",
    "囲い込",
    "競合",
    "集客",
    "獲得",
    "武器",
    "狙",
]
SELLING_WORDS = [
    "セール",
    "割引",
    "キャンペーン",
    "限定",
    "今だけ",
    "クーポン",
    "お申し込み",
    "円",
]


def rows_of(path: Path, encoding: str) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, strict=True))


def sources(name: str) -> list[dict[str, str]]:
    return [row for row in rows_of(INN / "SOURCE.csv", "utf-8-sig") if row["ファイル"] == name]


def wishes() -> list[dict[str, str]]:
    return rows_of(INN / "inn_wishes.csv", "cp932")


def reviews() -> list[tuple[Any, ...]]:
    return list(load_workbook(INN / "inn_reviews.xlsx").worksheets[0].values)


def voices() -> dict[str, dict[str, str]]:
    rows = rows_of(BOOKSHOP / "voices.csv", "utf-8-sig")
    return {row["お名前（ニックネームでもかまいません）"]: row for row in rows}


def example() -> dict[str, Any]:
    text = (BOOKSHOP / "example.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


def owner_words() -> list[str]:
    """見本の中で、お客さまの言葉の写しではない文を返す。"""
    content = example()
    actions = [{k: v for k, v in a.items() if k != "evidence"} for a in content["plan"]]
    names = [theme["name"] for theme in content["themes"]]
    return strings([content["profile"], actions, names, content["ask_next"]])


# 湯宿 ことり


def test_wishes_are_a_japanese_windows_table() -> None:
    raw = (INN / "inn_wishes.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert raw.decode("cp932").encode("cp932") == raw
    assert raw.count(b"\n") == raw.count(b"\r\n") == 241


def test_wishes_have_the_shape_the_readme_tells() -> None:
    table = wishes()
    stamps = [datetime.strptime(row["タイムスタンプ"], "%Y/%m/%d %H:%M:%S") for row in table]
    names = Counter(row["ニックネーム"] for row in table)
    assert len(table) == 240
    assert stamps == sorted(stamps)
    assert (stamps[0] >= datetime(2026, 8, 1)) and (stamps[-1] < datetime(2026, 12, 1))
    assert names.pop("") == 80
    assert Counter(names.values()) == {1: 88, 2: 24, 3: 8}


def test_one_person_has_one_age() -> None:
    ages: dict[str, set[str]] = {}
    for row in wishes():
        ages.setdefault(row["ニックネーム"], set()).add(row["ご年代"])
    ages.pop("")
    assert all(len(answers) == 1 for answers in ages.values())


def test_reviews_have_title_blank_line_header_and_real_dates() -> None:
    title, blank, header, *table = reviews()
    assert title[0] == "湯宿 ことり　ご感想ノート"
    assert not any(blank)
    assert header == ("No.", "受付日", "お名前", "ご感想")
    assert [row[0] for row in table] == list(range(1, 61))
    assert all(isinstance(row[1], datetime) and row[1].year == 2026 for row in table)
    assert all(row[3] for row in table)


@pytest.mark.parametrize(
    ("name", "count", "pattern"),
    [
        (
            "inn_wishes.csv",
            240,
            r"asdc\.sup\.topic\.L[12](\.food|\.misc)?\.1turn\.\d{5}",
        ),
        ("inn_reviews.xlsx", 60, r"quasi_japanese_reviwes\.hotel\.\d{5}"),
    ],
)
def test_every_inn_row_has_one_source(name: str, count: int, pattern: str) -> None:
    table = sources(name)
    assert [row["番号"] for row in table] == [str(n) for n in range(1, count + 1)]
    assert len({row["もとのID"] for row in table}) == count
    assert all(re.fullmatch(pattern, row["もとのID"]) for row in table)


def test_sources_tell_topics_and_sentences() -> None:
    topics = Counter(row["話題"] for row in sources("inn_wishes.csv"))
    assert len(topics) == 8
    assert max(topics.values()) > 4 * min(topics.values())
    for row in sources("inn_reviews.xlsx"):
        numbers = [int(n) for n in row["文の番号"].split()]
        assert numbers == sorted(set(numbers))


def test_wishes_are_all_different() -> None:
    question = list(wishes()[0])[2]
    assert len({row[question] for row in wishes()}) == 240


def test_inn_tells_source_and_licence() -> None:
    licence = (INN / "LICENSE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in licence
    assert "Megagon Labs" in licence
    assert "https://github.com/megagonlabs/asdc" in licence
    assert "https://github.com/megagonlabs/quasi_japanese_reviews" in licence


def make_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_inn", INN / "make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """配っている表とSOURCE.csvから、もとのコーパスの形をした小さなフォルダーを組み立てる。"""
    data = tmp_path / "corpora"
    data.mkdir()
    question = list(wishes()[0])[2]
    pairs = zip(sources("inn_wishes.csv"), wishes(), strict=True)
    lines = [f"{source['もとのID']}\t{row[question]}" for source, row in pairs]
    (data / "asdc_wishes.tsv").write_text("\n".join(["id\ttext", *lines]), encoding="utf-8")
    documents = []
    for source, row in zip(sources("inn_reviews.xlsx"), reviews()[3:], strict=True):
        numbers = [int(n) for n in source["文の番号"].split()]
        texts = [row[3] if n == numbers[0] else "" for n in range(1, numbers[-1] + 1)]
        utterances = [{"name": "user", "text": text} for text in texts]
        documents.append(json.dumps({"docid": {"id": source["もとのID"]}, "utterances": utterances}))
    (data / "reviews_hotel.jsonl").write_text("\n".join(documents), encoding="utf-8")
    return data


def test_make_writes_the_same_files_again(corpora: Path, tmp_path: Path) -> None:
    make = make_module()
    make.write_wishes(corpora, tmp_path)
    make.write_reviews(corpora, tmp_path)
    again = load_workbook(tmp_path / "inn_reviews.xlsx").worksheets[0]
    assert (tmp_path / "inn_wishes.csv").read_bytes() == (INN / "inn_wishes.csv").read_bytes()
    assert list(again.values) == reviews()


# 汐風書店


def test_voices_are_a_form_export() -> None:
    raw = (BOOKSHOP / "voices.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = rows_of(BOOKSHOP / "voices.csv", "utf-8-sig")
    stamps = [datetime.strptime(row["タイムスタンプ"], "%Y/%m/%d %H:%M:%S") for row in table]
    assert len(table) == len(voices()) == 16
    assert stamps == sorted(stamps)
    assert (stamps[0] >= datetime(2026, 7, 1)) and (stamps[-1] < datetime(2026, 10, 1))


def test_voices_are_as_uneven_as_real_ones() -> None:
    answers = [text for row in voices().values() for text in row.values()]
    assert max(map(len, answers)) >= 600
    assert "特にありません" in answers
    assert any("\uff66" <= letter <= "\uff9f" for text in answers for letter in text)
    assert any(letter > "\U0001f000" for text in answers for letter in text)


def test_example_names_the_questions_as_the_form_does() -> None:
    header = set(next(iter(voices().values())))
    assert set(example()["questions"].values()) < header


def quotes() -> list[dict[str, str]]:
    content = example()
    found: list[dict[str, str]] = []
    for theme in content["themes"]:
        found += theme["voices"]
    for action in content["plan"]:
        found += action["evidence"]
    return found


@pytest.mark.parametrize("quote", quotes(), ids=lambda q: f"{q['person']}-{q['question']}")
def test_every_quote_is_in_the_voice_it_points_at(quote: dict[str, str]) -> None:
    question = example()["questions"][quote["question"]]
    assert quote["quote"] in voices()[quote["person"]][question]


def test_every_theme_is_wished_by_two_persons_or_more() -> None:
    for theme in example()["themes"]:
        persons = {voice["person"] for voice in theme["voices"]}
        assert len(persons) >= 2, theme["name"]
        assert theme["part"] in {"フォローアップ", "トライブ"}


def test_every_action_stands_on_its_theme() -> None:
    content = example()
    themes = {theme["name"]: theme for theme in content["themes"]}
    assert len(content["plan"]) == 3
    for action in content["plan"]:
        assert next(iter(action)) == "relation"
        assert action["evidence"], action["title"]
        assert all(quote in themes[action["theme"]]["voices"] for quote in action["evidence"])


def test_every_action_is_within_its_scales_and_seen_by_those_who_asked() -> None:
    content = example()
    media_question = content["questions"]["media"]
    for action in content["plan"]:
        seen = [voices()[quote["person"]][media_question] for quote in action["evidence"]]
        assert action["medium"] in MEDIA
        assert any(action["medium"] in answer.split(", ") for answer in seen), action["title"]
        assert 0 <= action["after_days"] <= 30
        assert 1 <= action["doable"] <= 5
        assert 0 <= action["my_fun"] <= 3
        assert 0 <= action["their_fun"] <= 3


def test_the_plan_fits_the_hours_the_owner_set() -> None:
    content = example()
    minutes = sum(action["minutes"] * action["times"] for action in content["plan"])
    assert minutes <= content["profile"]["hours_per_month"] * 60


def test_own_ideas_come_with_a_question_and_stay_out_of_the_plan() -> None:
    content = example()
    assert len(content["ask_next"]) == 2
    for item in content["ask_next"]:
        assert item["idea"] and item["question"].endswith("か。")
        assert all(item["idea"] != action["content"] for action in content["plan"])


@pytest.mark.parametrize("word", HARD_WORDS)
def test_owner_uses_no_words_of_war(word: str) -> None:
    assert not [text for text in owner_words() if word in text]


@pytest.mark.parametrize("word", SELLING_WORDS)
def test_follow_up_sells_nothing(word: str) -> None:
    assert not [text for text in strings(example()["plan"]) if word in text]


def test_owner_puts_nothing_of_her_own_between_brackets() -> None:
    assert not [text for text in owner_words() if "「" in text]


# どちらにも


@pytest.mark.parametrize("folder", ["inn", "bookshop"])
def test_readme_says_what_is_fictional(folder: str) -> None:
    assert "架空" in (DATASETS / folder / "README.md").read_text(encoding="utf-8")
