"""All personal information in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from kizuna.language.personal import crf
from kizuna.language.personal.kinds import Kind, Personal
from kizuna.language.personal.organisations import find_companies, find_schools
from kizuna.language.personal.people import find_people, of_old
from kizuna.language.personal.structured import find_structured
from kizuna.language.personal.words import RARE, as_name, listed
from kizuna.language.plain import Plain, plain
from kizuna.language.tokens import Token, tokens

# Stand first when two kinds want the same place.
ORDER = (Kind.EMAIL, Kind.URL, Kind.POSTAL, Kind.PHONE, Kind.BIRTHDATE, Kind.ADDRESS, Kind.SNS, Kind.SCHOOL, Kind.COMPANY, Kind.PERSON)
SURE = 0.9  # how sure the model must be


def find_personal(text: str, own: Iterable[str] = ()) -> list[Personal]:
    """The places of personal information in order, never overlapping; rather one too many than one too few.

    ``own`` are the names of the owner's own shop and staff, which are not marked. What looks like a name but is told by nothing
    around it (森, さくら) is left alone.

    >>> [(one.kind.value, one.start, one.end) for one in find_personal("店員の田中さんに090-1234-5678と伝えました")]
    [('PERSON', 3, 5), ('PHONE', 8, 21)]
    """
    return list(_find(text, tuple(own)))


@lru_cache(maxsize=2048)  # words are looked through wherever they are shown or about to go out
def _find(text: str, own: tuple[str, ...]) -> tuple[Personal, ...]:
    flat = plain(text.translate(RARE))
    words = tokens(flat.text)
    mine = {plain(name).text for name in own if name.strip()}
    found = [*find_structured(flat), *_named(flat, words)]
    chosen: list[Personal] = []
    for one in sorted(found, key=lambda one: (ORDER.index(one.kind), one.start - one.end, one.start)):
        if flat.text[one.start : one.end] in mine or (one.kind is Kind.PERSON and of_old(flat.text, one.end)):
            continue
        if not any(one.start < other.end and other.start < one.end for other in chosen):
            chosen.append(one)
    return tuple(sorted(Personal(*flat.span(one.start, one.end), one.kind, one.reason) for one in chosen))


def _named(flat: Plain, words: list[Token]) -> Iterator[Personal]:
    for kind, finder in ((Kind.SCHOOL, find_schools), (Kind.COMPANY, find_companies), (Kind.PERSON, find_people)):
        for start, end, reason in finder(flat.text, words):
            yield Personal(start, end, kind, reason)
    for start, end, label in crf.tag(flat.text, words, SURE):
        name = flat.text[start:end]
        if label == "P" and _may_be_person(name, [word for word in words if word.start < end and start < word.end]):
            yield Personal(start, end, Kind.PERSON, "人の名前のように書かれています")


def _may_be_person(name: str, inside: list[Token]) -> bool:
    if name in listed("not_names") or name in listed("plain") or not name.strip("●・ ") or len(name) < 2:
        return False
    return any(as_name(word.surface) or "固有名詞" in word.pos for word in inside) and not any("地名" in word.pos for word in inside)
