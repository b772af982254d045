"""How well praise, requests, complaints and the sentence for a testimonial are found, beside plain methods.

    python -m benchmarks.feedback --data FOLDER [--split dev] [--show]

FOLDER holds asdc_wishes.tsv, reviews_hotel.jsonl and reviews_spot.jsonl. The labels of the reviews' sentences (``data/review_labels.tsv``)
and the sentences of other trades (``data/feedback_heldout.tsv``, fictional) are ours.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kizuna.language.feedback import Kind, kinds, sentence_kinds
from kizuna.language.highlight import highlight
from kizuna.language.requests import asks

OURS = Path(__file__).parent / "data"
CLASSES = ("PRAISE", "COMPLAINT", "")

Rows = list[tuple[str, str, float]]
Labelled = list[tuple[str, frozenset[str]]]


def reviews(data: Path) -> dict[str, list[str]]:
    """The sentences of each review by its short number, such as h00378."""
    found = {}
    for name in ("hotel", "spot"):
        for line in (data / f"reviews_{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[name[0] + row["docid"]["id"][-5:]] = [turn["text"] for turn in row["utterances"]]
    return found


def labels(split: str) -> Iterator[dict[str, str]]:
    with (OURS / "review_labels.tsv").open(encoding="utf-8") as file:
        yield from (row for row in csv.DictReader(file, delimiter="\t") if row["split"] in (split, f"{split}-hard"))


def hotel_and_spot(data: Path, split: str) -> Labelled:
    """Review sentences with their kinds; doubtful ones (?) are left out."""
    meaning = {"P": ["PRAISE"], "N": ["COMPLAINT"], "M": ["PRAISE", "COMPLAINT"], "W": ["REQUEST", "COMPLAINT"], "R": ["REQUEST"], "0": []}
    texts = reviews(data)
    pairs = [(texts[row["review"]][int(row["sentence"])], row["kind"]) for row in labels(split)]
    return [(text, frozenset(meaning[kind])) for text, kind in pairs if kind in meaning and text]


def other_trades() -> Labelled:
    with (OURS / "feedback_heldout.tsv").open(encoding="utf-8") as file:
        return [(row["text"], frozenset(row["kinds"].replace("-", "").split(",")) - {""}) for row in csv.DictReader(file, delimiter="\t")]


def wishes(data: Path, split: str) -> list[str]:
    with (data / "asdc_wishes.tsv").open(encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == split]


def ours(text: str) -> frozenset[str]:
    return frozenset(str(kind) for kind in kinds(text))


def all_praise(text: str) -> frozenset[str]:
    return frozenset({"PRAISE"})


def substrings(text: str) -> frozenset[str]:
    """A plain list of words without negation or context."""
    good = any(
        word in text
        for word in (
            "良",
            "よか",
            "いい",
            "美味し",
            "おいし",
            "嬉し",
            "楽し",
            "最高",
            "きれい",
            "綺麗",
            "満足",
            "便利",
            "親切",
            "快適",
            "丁寧",
            "素",
        )
    )
    bad = any(
        word in text
        for word in ("残念", "悪", "不満", "不便", "高い", "狭", "遅", "まず", "臭", "うるさ", "汚", "寒", "困", "ほし", "ひど", "がっかり")
    )
    wish = any(word in text for word in ("てほし", "てくださ", "お願い", "たいです", "と嬉し", "と助か"))
    return frozenset(name for name, holds in (("PRAISE", good), ("COMPLAINT", bad), ("REQUEST", wish)) if holds)


def polarity(rows: Labelled, method: Callable[[str], frozenset[str]]) -> tuple[float, float]:
    """Macro-F1 over praise, complaint and neither on sentences of one polarity (both found counts as a complaint); recall of complaints."""
    single = [(truth, method(text)) for text, truth in rows if not {"PRAISE", "COMPLAINT"} <= truth]
    pairs = [(_class(truth), _class(found)) for truth, found in single]
    f1 = []
    for name in CLASSES:
        hit = sum(truth == found == name for truth, found in pairs)
        f1.append(2 * hit / max(1, sum(truth == name for truth, _ in pairs) + sum(found == name for _, found in pairs)))
    complaints = [("COMPLAINT" in method(text)) for text, truth in rows if "COMPLAINT" in truth]
    return sum(f1) / len(f1), sum(complaints) / len(complaints)


def _class(found: Iterable[str]) -> str:
    return next((name for name in ("COMPLAINT", "PRAISE") if name in found), "")


def of_kind(rows: Labelled, method: Callable[[str], frozenset[str]], kind: str) -> tuple[float, float]:
    """Precision and recall of one kind."""
    found = [(kind in method(text), kind in truth) for text, truth in rows]
    hit = sum(a and b for a, b in found)
    return hit / max(1, sum(a for a, _ in found)), hit / max(1, sum(b for _, b in found))


def answered(rows: Labelled, asked: Kind | None, truth: Kind) -> float:
    """The share of sentences of one kind and no other that are read as just that, below the question that asks for ``asked``."""
    alone = [text for text, kinds_of in rows if kinds_of == {str(truth)}]
    return sum(sentence_kinds(text, asked) == {truth} for text in alone) / max(1, len(alone))


def evidence(data: Path, split: str) -> list[tuple[list[str], set[int]]]:
    """Reviews as lists of sentences, with the sentences that give evidence."""
    texts = reviews(data)
    marked: dict[str, set[int]] = {}
    for row in labels(split):
        if row["split"] == split:
            marked.setdefault(row["review"], set()).update([int(row["sentence"])] if row["evidence"] else [])
    return [(texts[name], places) for name, places in marked.items()]


def chosen(parts: list[str]) -> int | None:
    """The place of the sentence that ``highlight`` chooses of a review."""
    text = "\n".join(parts)
    span = highlight(text)
    if span is None:
        return None
    at = 0
    for number, part in enumerate(parts):
        if at <= span[0] < at + len(part) + 1:
            return number
        at += len(part) + 1
    return None


def precision_at_one(found: list[tuple[list[str], set[int]]], choose: Callable[[list[str]], int | None]) -> float:
    return sum(choose(parts) in places for parts, places in found) / len(found)


def longest(parts: list[str]) -> int:
    return max(range(len(parts)), key=lambda at: len(parts[at]))


def rows(data: Path) -> Rows:
    """(measure, method, value) for every task of this module; the split "test" and the other trades were not used while tuning."""
    table: Rows = []
    trades, asked = other_trades(), wishes(data, "dev")
    plain = (("kizuna", ours), ("list of words", substrings), ("all praise", all_praise))
    sets = {
        "reviews, dev": hotel_and_spot(data, "dev"),
        "reviews, held out": hotel_and_spot(data, "test"),
        "other trades, held out": trades,
    }
    for name, labelled in sets.items():
        for method, call in plain:
            f1, recall = polarity(labelled, call)
            table += [(f"polarity, macro-F1 ({name})", method, f1), (f"complaints found ({name})", method, recall)]
    for method, call in plain[:2]:
        found = [asks(text) if method == "kizuna" else "REQUEST" in call(text) for text in asked]
        table.append(("requests found (wishes to a hotel)", method, sum(found) / len(found)))
        table.append(("requests found (other trades, held out)", method, of_kind(trades, call, "REQUEST")[1]))
        for name, labelled in sets.items():
            praised = [text for text, truth in labelled if truth == {"PRAISE"}]
            table.append((f"praise taken for a request ({name})", method, sum("REQUEST" in call(text) for text in praised) / len(praised)))
    below = {"no question": None, "what was good": Kind.PRAISE, "what was not": Kind.COMPLAINT, "what they wish for": Kind.REQUEST}
    for name, labelled in sets.items():
        table += [
            (f"{truth} read as such ({name})", f"below {question}", answered(labelled, asked, truth))
            for truth in (Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST)
            for question, asked in below.items()
        ]
    for name, split in (("dev", "dev"), ("held out", "test")):
        marked = evidence(data, split)
        chance = sum(len(places) / max(1, sum(map(bool, parts))) for parts, places in marked) / len(marked)
        for method, value in (
            ("kizuna", precision_at_one(marked, chosen)),
            ("longest", precision_at_one(marked, longest)),
            ("at random", chance),
        ):
            table.append((f"testimonial sentence, P@1 (reviews, {name})", method, value))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev", choices=("dev", "test"))
    parser.add_argument(
        "--show", action="store_true", help="print the review sentences of the split that are judged otherwise than labelled"
    )
    options = parser.parse_args()
    for measure, method, value in rows(options.data):
        print(f"{measure:60} {method:24} {value:.3f}")
    for kind in Kind:
        print(kind, "other trades: precision {:.3f}, recall {:.3f}".format(*of_kind(other_trades(), ours, kind)))
    if options.show:
        for text, truth in hotel_and_spot(options.data, options.split):
            if truth != ours(text):
                print(sorted(truth), "->", sorted(ours(text)), text)


if __name__ == "__main__":
    main()
