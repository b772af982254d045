"""How many marked words the wording check finds, and how often it speaks without need.

    python benchmarks/wording.py [--data FOLDER]

``data/wording_dev.txt`` was open while the lexicon was widened. ``data/wording_heldout.txt`` was written just before the last
widening, by the same hand, and its misses were not looked at: a friendly figure, not a strict one. ``data/wording_owners_*.txt`` are
lines as owners write them, each with its category, written before the next widening by the same hand; every second line of the first
set is held out and was never looked at. FOLDER holds wording_dev.txt
(marked 【…】, then harmless lines) and reviews_hotel.jsonl, reviews_spot.jsonl (harmless sentences).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.marked import Line, read
from kizuna.language.rules import check_text
from kizuna.language.wording import check_wording

HERE = Path(__file__).parent / "data"
# The plain way: the same words as a list of substrings.
SUBSTRINGS = ["戦略", "ターゲット", "攻略", "競合", "勝", "負け", "囲", "獲得", "武器", "戦", "狙", "奪", "攻め", "敵", "釣", "刺さ", "落と", "限定", "今だけ", "先着",
              "お得", "損", "必ず", "絶対", "一番", "No.1", "日本一", "セール", "割引", "急いで", "神様", "何でも", "24時間", "素人", "あげ", "教育", "集客"]  # fmt: skip


def ours(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in check_wording(text)]


def owners(text: str) -> list[tuple[int, int]]:
    """All that is told of an owner's text, thanks left aside."""
    return [(one.start, one.end) for one in check_text(text) if one.category != "THANKS"]


def substrings(text: str) -> list[tuple[int, int]]:
    """The places of a plain list of substrings."""
    return [(at, at + len(word)) for word in SUBSTRINGS for at in range(len(text)) if text.startswith(word, at)]


def score(lines: list[Line], finder: Callable[[str], list[tuple[int, int]]], show: bool = False) -> tuple[int, int, int, int]:
    """Marked spans found, marked spans, harmless lines flagged, harmless lines."""
    found = total = alarms = harmless = 0
    for line in lines:
        places = finder(line.text)
        if not line.spans:
            harmless += 1
            alarms += bool(places)
            if places and show:
                print("  flagged:", line.text, [line.text[a:b] for a, b in places])
        for span in line.spans:
            hit = any(start < span.end and span.start < end for start, end in places)
            total, found = total + 1, found + hit
            if not hit and show:
                print("  missed:", line.text[span.start : span.end], "|", line.text)
    return found, total, alarms, harmless


def categories(lines: list[Line]) -> tuple[int, int]:
    """Marked spans that were told under the category they are marked with, and marked spans."""
    right = total = 0
    for line in lines:
        found = check_text(line.text)
        for span in line.spans:
            total += 1
            right += any(one.category == span.kind and one.start < span.end and span.start < one.end for one in found)
    return right, total


def reviews(data: Path) -> list[Line]:
    """Sentences of reviews by real people: harmless, nearly all of them."""
    found = [json.loads(row) for name in ("reviews_hotel.jsonl", "reviews_spot.jsonl") for row in (data / name).open(encoding="utf-8")]
    return [Line(turn["text"], ()) for row in found for turn in row["utterances"]]


def rows(data: Path) -> list[tuple[str, str, float]]:
    """(measure, method, value) for the table of ``benchmarks.language``."""
    sets = {"given lines": read(data / "wording_dev.txt"), "held-out lines": read(HERE / "wording_heldout.txt")}
    told = []
    for method, finder in (("kizuna", ours), ("list of substrings", substrings)):
        for name, lines in sets.items():
            found, total, alarms, harmless = score(lines, finder)
            told += [
                (f"war, selling, kneeling words found ({name})", method, found / total),
                (f"harmless lines flagged ({name})", method, alarms / harmless),
            ]
        *_, alarms, harmless = score(reviews(data), finder)
        told.append(("false alarms per 1,000 review sentences", method, 1000 * alarms / harmless))
    for name in ("dev", "heldout"):
        lines, title = read(HERE / f"wording_owners_{name}.txt"), {"dev": "dev", "heldout": "held out"}[name]
        for method, finder in (("kizuna", owners), ("list of substrings", substrings)):
            found, total, alarms, harmless = score(lines, finder)
            told += [
                (f"owners' words found, ten categories ({title})", method, found / total),
                (f"harmless lines flagged, near misses ({title})", method, alarms / harmless),
            ]
        right, total = categories(lines)
        told.append((f"… under the right category ({title})", "kizuna", right / total))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument(
        "--show", action="store_true", help="print what was missed and what was flagged without need, held-out lines excepted"
    )
    options = parser.parse_args()
    sets = [("development", read(HERE / "wording_dev.txt")), ("held out", read(HERE / "wording_heldout.txt"))]
    for name in ("dev", "heldout"):
        lines = read(HERE / f"wording_owners_{name}.txt")
        found, total, alarms, harmless = score(lines, owners, options.show and name == "dev")
        print(
            f"owners {name:8} found {found}/{total} = {found / total:.3f} · category {categories(lines)[0]}/{total} · flagged {alarms}/{harmless}"
        )
    if options.data:
        sets.append(("wording_dev", read(options.data / "wording_dev.txt")))
    for name, lines in sets:
        for method, finder in (("ours", ours), ("substrings", substrings)):
            found, total, alarms, harmless = score(lines, finder, options.show and method == "ours" and name != "held out")
            print(f"{name:12} {method:11} found {found}/{total} = {found / total:.3f} · harmless lines flagged {alarms}/{harmless}")
    for name in ("reviews_hotel.jsonl", "reviews_spot.jsonl") if options.data else ():
        rows = [json.loads(line) for line in (options.data / name).read_text(encoding="utf-8").splitlines()]
        lines = [Line(turn["text"], ()) for row in rows for turn in row["utterances"]]
        *_, alarms, harmless = score(lines, ours, options.show)
        print(f"{name:24} {1000 * alarms / harmless:.2f} per 1,000 sentences ({alarms} of {harmless})")


if __name__ == "__main__":
    main()
