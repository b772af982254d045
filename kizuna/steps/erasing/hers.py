"""What in the owner's own texts tells of one person: her name in any spelling, numbers and addresses of hers, and her very words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kizuna.language.personal import Kind, Known, Personal, mask
from kizuna.language.personal.structured import find_structured
from kizuna.language.plain import plain
from kizuna.language.tokens import telling_words
from kizuna.steps.consents import NAMED, shown
from kizuna.steps.handin.covering import TELLS_NAME
from kizuna.workbook.erasing import Images
from kizuna.workbook.models import Consent

SAME = 6  # letters in a row that nobody else said
SHORTEST = 4  # letters between brackets that may be hers
LONG, TELLING = 10, 2  # so many of them, with so many telling words, were taken from her
_BY_NAME = ("nickname", "real")  # styles of a consent that show a name; initials may be anybody's
_REASON = "その方の言葉です"
_BRACKETS = re.compile(r"「([^「」]+)」|『([^『』]+)』|“([^“”]+)”|\"([^\"]+)\"")


class Hers:
    """Covers in texts what tells of these people (one person, under each number she ever had in this file); ``kept`` are texts that stay as they are."""

    def __init__(self, images: Images, people: Collection[int], names: Iterable[str], kept: Collection[str] = ()) -> None:
        hers = list(_of(images, people))
        texts = [text for table, row in hers if table != "consent" for value in row.values() for text in _strings(value)]
        terms = [(one.kind, flat.text[one.start : one.end]) for text in texts for flat in [plain(text)] for one in find_structured(flat)]
        self.names = frozenset({*names, *_names(hers)})
        self._known = Known(
            self.names,
            [term for kind, term in terms if kind in (Kind.EMAIL, Kind.SNS, Kind.ADDRESS)],
            [term for kind, term in terms if kind is Kind.PHONE],
        )
        others = [row["name"] for number, row in images.now["person"].items() if row["name"] and number not in people]
        self._others, self._literally = Known(others), tuple(re.compile(re.escape(one)) for one in others)
        said = [(row.get("person_id") in people, row) for _, row in images.ever["voice"]]
        self._words = [row["text"] for mine, row in said if mine]
        self._elsewhere = {text for mine, row in said for text in ((row["question"],) if mine else (row["text"], row["question"]))}
        self._alone = {gram for text in self._words for gram in _grams(text)} - {gram for text in self._elsewhere for gram in _grams(text)}
        self._marks = tuple(_marks(images, people))
        self._kept = frozenset(kept)
        self._done: dict[str, str] = {}

    def __call__(self, table: str, column: str, text: str) -> str:
        """The text with all that tells of her covered; of a draft's own words the lines that stood beside hers go."""
        if text in self._kept:
            return text
        if (table, column) == ("piece", "text") and self._marks:
            text = "\n".join(line for line in text.split("\n") if not line.startswith(self._marks))
        if text not in self._done:
            self._done[text] = mask(text, self.find(text))
        return self._done[text]

    def find(self, text: str) -> list[Personal]:
        """Where a text tells of her."""
        return sorted({*self.named(text), *self._quoted(text), *self._taken(text)})

    def named(self, text: str) -> list[Personal]:
        """Where her name stands, but not within a longer one that is somebody else's: 「ミナト（花屋の）」."""
        found = self._known.find(text)
        others = [(one.start, one.end) for one in self._others.find(text)] if found else []
        others += [match.span() for one in self._literally for match in one.finditer(text)] if found else []
        return [one for one in found if not any(_holds(other, one) for other in others)]

    def _quoted(self, text: str) -> Iterator[Personal]:
        """What stands between brackets and is hers alone, word for word."""
        for match in _BRACKETS.finditer(text):
            number = match.lastindex or 0
            start, inside = match.start(number), match[number]
            for piece in re.finditer(r"[^…]+", inside):
                words = piece.group().strip()
                if (
                    len(words) >= SHORTEST
                    and any(words in said for said in self._words)
                    and not any(words in said for said in self._elsewhere)
                ):
                    yield Personal(start + piece.start(), start + piece.end(), Kind.PERSON, _REASON)

    def _taken(self, text: str) -> Iterator[Personal]:
        """A longer stretch of hers: short ones anybody may say."""
        for start, end in _runs(text, self._alone):
            if end - start >= LONG and len(set(telling_words(text[start:end]))) >= TELLING:
                yield Personal(start, end, Kind.PERSON, _REASON)


def _holds(longer: tuple[int, int], one: Personal) -> bool:
    start, end = longer
    return start <= one.start and one.end <= end and end - start > one.end - one.start


def _of(images: Images, people: Collection[int]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is written of her, and only of her: her own row, how she is reached, how her name may be shown."""
    for table, key in (("person", "id"), ("contact", "person_id"), ("consent", "person_id"), ("introduction", "person_id")):
        yield from ((table, row) for _, row in images.ever[table] if row.get(key) in people)


def _names(hers: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for table, row in hers:
        if table == "person":
            yield row.get("name") or ""
            yield from (str(value) for header, value in (row.get("about") or {}).items() if TELLS_NAME.search(header))
        if table == "consent" and row.get("name_style") in _BY_NAME:
            yield row.get("shown_name") or ""


def _marks(images: Images, people: Collection[int]) -> list[str]:
    """With what a line beside her words begins in a draft, unless a line beside somebody else's may begin alike."""
    begins = {True: set[str](), False: set[str]()}
    for _, row in images.ever["consent"]:
        consent = Consent(name_style=row["name_style"], shown_name=row["shown_name"])
        begins[row["person_id"] in people].add(f"{shown(consent)}{NAMED}")
    return sorted(begins[True] - begins[False])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _grams(text: str) -> Iterator[str]:
    return (text[at : at + SAME] for at in range(len(text) - SAME + 1))


def _runs(text: str, grams: Collection[str]) -> Iterator[tuple[int, int]]:
    """The longest stretches of a text that are made of these grams, without blanks at their ends."""
    end = -1
    start = 0
    for at in range(len(text) - SAME + 1):
        if text[at : at + SAME] in grams:
            if at > end:
                if end > 0:
                    yield start, end
                start = at
            end = at + SAME
    if end > 0:
        yield start, end
