"""How much personal information is found in customers' voices, by kind, beside plain methods on the same lines.

    python benchmarks/personal.py [--data FOLDER] [--show]

The lines are this project's own (fictional): ``personal_dev.txt`` was looked at while the rules were made, ``personal_heldout.txt``
was not. ``personal_voices_dev.txt`` and ``personal_voices_heldout.txt`` are the odd and even lines of two later sets of the same hand,
names only. FOLDER may hold personal_information_dev.txt (the same form) and reviews_hotel.jsonl, reviews_spot.jsonl (harmless sentences).
An item counts as found when at least 60 % of its characters are covered.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.marked import KINDS, Line, read
from benchmarks.wording import reviews
from kizuna.language.personal import crf, find_personal
from kizuna.language.personal.people import find_people
from kizuna.language.plain import plain
from kizuna.language.tokens import tokens

HERE = Path(__file__).parent / "data"
Finder = Callable[[str], Iterable[tuple[int, int]]]


def ours(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in find_personal(text)]


def dictionary(text: str) -> list[tuple[int, int]]:
    """What Sudachi calls a person's name, and nothing else."""
    return [(word.start, word.end) for word in tokens(text) if "人名" in word.pos]


def model(text: str) -> list[tuple[int, int]]:
    """What the small model holds for a name."""
    flat = plain(text)
    return [flat.span(start, end) for start, end, _ in crf.tag(flat.text, tokens(flat.text), 0.0)]


def rules(text: str) -> list[tuple[int, int]]:
    """The rules for persons' names alone."""
    flat = plain(text)
    return [flat.span(start, end) for start, end, _ in find_people(flat.text, tokens(flat.text))]


METHODS: dict[str, Finder] = {"kizuna": ours, "Sudachi 人名": dictionary, "CRF": model, "rules (persons)": rules}


def score(lines: list[Line], finder: Finder, show: bool = False) -> dict[str, tuple[int, int]]:
    """For each kind (and STRUCTURED, HARMLESS) how many were found and how many there are; HARMLESS counts lines touched."""
    told: dict[str, tuple[int, int]] = {}

    def count(key: str, hit: bool) -> None:
        found, total = told.get(key, (0, 0))
        told[key] = (found + hit, total + 1)

    for line in lines:
        covered = {at for start, end in finder(line.text) for at in range(start, end)}
        if not line.spans:
            count("HARMLESS", bool(covered))
            if covered and show:
                print("  touched:", line.text, "".join(line.text[at] for at in sorted(covered)))
        for span in line.spans:
            hit = len(covered & set(range(span.start, span.end))) >= 0.6 * (span.end - span.start)
            count(span.kind, hit)
            if span.kind not in ("PERSON", "COMPANY", "SCHOOL"):
                count("STRUCTURED", hit)
            if not hit and show:
                print("  missed:", span.kind, line.text[span.start : span.end], "|", line.text)
    return told


def table(name: str, lines: list[Line], show: bool = False) -> None:
    print(f"\n{name}: {len(lines)} lines")
    for method, finder in METHODS.items():
        told = score(lines, finder, show and method == "kizuna")
        cells = [
            f"{key} {told[key][0]}/{told[key][1]}" for key in ("PERSON", "STRUCTURED", *list(KINDS.values())[1:], "HARMLESS") if key in told
        ]
        print(f"  {method:16} {' · '.join(cells)}")


def rows(data: Path) -> list[tuple[str, str, float]]:
    """(measure, method, value) for the table of ``benchmarks.language``."""
    sets = {
        "given lines": read(data / "personal_information_dev.txt"),
        "held-out lines": read(HERE / "personal_heldout.txt"),
        "voices, dev": read(HERE / "personal_voices_dev.txt"),
        "voices, held out": read(HERE / "personal_voices_heldout.txt"),
    }
    measures = {
        "PERSON": "persons found",
        "STRUCTURED": "phone, mail, address … found",
        "COMPANY": "companies found",
        "HARMLESS": "harmless lines touched",
    }
    found = []
    for name, lines in sets.items():
        told = {method: score(lines, finder) for method, finder in METHODS.items()}
        for key, measure in measures.items():
            if key not in told["kizuna"]:
                continue
            some = [
                (method, hits[key])
                for method, hits in told.items()
                if key in hits and (key in ("PERSON", "HARMLESS") or method == "kizuna")
            ]
            found += [(f"{measure} ({name})", method, hit / total) for method, (hit, total) in some]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--show", action="store_true", help="print what was missed and touched in the development lines")
    options = parser.parse_args()
    table("development", read(HERE / "personal_dev.txt"), options.show)
    table("held out", read(HERE / "personal_heldout.txt"))
    table("voices, development", read(HERE / "personal_voices_dev.txt"), options.show)
    table("voices, held out", read(HERE / "personal_voices_heldout.txt"))
    if options.data:
        table("personal_information_dev", read(options.data / "personal_information_dev.txt"), options.show)
        told = score(reviews(options.data), ours, options.show)
        print(f"\nreview sentences touched: {told['HARMLESS'][0]} of {told['HARMLESS'][1]}")


if __name__ == "__main__":
    main()
