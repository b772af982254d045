"""What kind of feedback a customer's words are: praise, a request, a complaint, or a polite formula and nothing more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Literal

from kizuna.content import Entry, load
from kizuna.language.requests import asks
from kizuna.language.sentences import sentences
from kizuna.language.tokens import Token, tokens

GOOD, BAD = 1, -1
NEGATIONS = frozenset({"無い", "ない", "ず", "ぬ", "へん", "皆無", "なし", "無し"})
BETWEEN = frozenset(
    {"為る", "居る", "成る", "有る", "ます", "です", "だ", "れる", "られる", "御座る", "感ずる", "思う", "言う", "様", "こと", "事", "訳"}
)
REACH = 6  # a negation further away than this many words belongs to something else
_TURN = re.compile(
    r"(?:です|ます|ました|でした|[いただるな])?(?:が|けれども|けれど|けど|ものの|のに|とはいえ|ので|から)[、,\s]|のに|ものの|(?<=[いただるな])けれど|(?<=[すたいだる])が(?=[^、。]{4})"
)
_HALF = re.compile(_TURN.pattern + r"|(?:です|ます|した|[しくて])[、,\s]")
_ONLY_NOT = re.compile(
    r"だけ(?:で(?:は)?|じゃ)な(?:く|い)|のみならず|ばかりでなく|に(?:違|ちが)いな|ないでしょうか|のではない|じゃない(?:です)?か|しかな"
)
_IF = re.compile(r"(?:たら|れば|[るいう]と|なら|ほうが|方が|も)[、,]?(?:なお|もっと|さらに|より|とても|尚|更に|いっそう|一層)?$")
_UNMET = re.compile(
    r"(?:ほし|欲し)かった|(?:たら|れば|と|方が|ほうが|も)[、もっとさらに]*(?:良|よ|嬉し|うれし|助か|ありがた|最高)(?:かった|り?まし|だった)"
    r"|(?:もう少し|もうちょっと|もっと)[^。]{0,25}(?:たら|れば|いいのに|と(?:なお)?(?:良|よ|い|嬉|うれ))|もう(?:少し|ちょっと)[^。]{0,20}(?:くて|に|で)も(?:良|い|よ)い|もう(?:少し|ちょっと)[^。]{0,25}と、|もっと[^。]{0,25}(?:ば|たら)なお|せめて|(?:良|よ|い)い?の(?:に|ですが)|ところです|改善|改良|やめて|欲を言"
)
_DENIED = re.compile(
    r"[^、。なだらずに]{0,3}(?:くな[いくか]|くあり?ませ|(?:では|じゃ|で)(?:な[いくか]|あり?ませ)|とは(?:言|い)え)|(?:な[いくか]|ませ[んぬ])"
)
_HEDGED = re.compile("(?:やや|少し|ちょっと|若干|かなり|とても|少々|ちと|すこし)[^、]{0,3}$")
_GONE = re.compile(  # what was bad and is over: 待つのがなくなった
    r"[^、。]{0,3}?(?:の|ん|こと|さ|思い)?(?:が|は|も)(?:すっかり|まったく|全く|だいぶ|ほとんど)?(?:(?:な|無)くな(?:った|って|りまし)|消え(?:た|て|まし))(?!は|(?:の|という)?(?:わけ|こと|とは))"
)
_HAPPENED = re.compile(r"(?:た|だった)(?:の|ん)?(?:です|よ|ね|わ)*[。.!！…\s]*$|いつも|毎回|毎度")
_PASSED = re.compile(  # a bad word only on the way to what is said: 迷ったけれど, 遠いところまで
    r"[ぁ-ん]{0,4}?(?:けれど|けど|のに|[てで]も|(?<=[いなただ])(?=[一-龥ァ-ヶ]|ところ|とき))"
)
_SUPPOSED = re.compile(r"(?:たら|れば|なら|[るいう]と)[、,]")
_HARMLESS = re.compile(r"な[いくしか]|ず|ませ|無縁|杞憂|済")
_SMILE = re.compile(r"(?:\(|（)[^()（）]{0,4}[\^＾♡▽∀][^()（）]{0,6}(?:\)|）)")
_NO_WORDS = re.compile(r"[\W_\dwWｗＷ笑草]*")


class Kind(StrEnum):
    """The kinds of feedback; several may hold for one text, ``POLITE_ONLY`` only by itself."""

    PRAISE = "PRAISE"
    REQUEST = "REQUEST"
    COMPLAINT = "COMPLAINT"
    POLITE_ONLY = "POLITE_ONLY"


class Aspect(Entry):
    """A word that is good of one thing and bad of another; ``good`` and ``bad`` are patterns over its clause."""

    word: str
    good: str = ""
    bad: str = ""
    alone: Literal["good", "bad", "none"] = "none"
    strength: int = 2


class Lexicon(Entry):
    """The words of ``feedback.yaml``: lists by strength, phrases, what is to be passed over, and polite formulas."""

    good: dict[int, list[list[str]]]
    bad: dict[int, list[list[str]]]
    good_phrases: list[str]
    bad_phrases: list[str]
    bad_weak: list[str]
    nothing: list[str]
    aspects: list[Aspect]
    polite: list[str]


@dataclass(frozen=True)
class Hit:
    """One place that speaks well (``sign`` 1) or ill (-1) of something; ``strength`` 2 is plain, 1 is weak."""

    start: int
    end: int
    sign: int
    strength: int


def kinds(text: str) -> list[Kind]:
    """The kinds of feedback that hold for ``text``, in the order of ``Kind``; empty when it only tells facts.

    >>> [str(kind) for kind in kinds("料理は最高でしたが、部屋が寒かったです。毛布があると嬉しいです")]
    ['PRAISE', 'REQUEST', 'COMPLAINT']
    """
    spans = [(start, end) for start, end in sentences(text) if not _NO_WORDS.fullmatch(text[start:end])]
    if spans and all(is_polite(text[start:end]) for start, end in spans):
        return [Kind.POLITE_ONLY]
    found = {kind for start, end in spans for kind in sentence_kinds(text[start:end])} - {Kind.POLITE_ONLY}
    return [kind for kind in Kind if kind in found]


@lru_cache(maxsize=20_000)
def sentence_kinds(sentence: str, asked: Kind | None = None) -> frozenset[Kind]:
    """The kinds of feedback of one sentence; of a polite formula also the praise in it, as in よかったです.

    ``asked``: what the question asked for; it tells where the sentence alone does not.
    """
    found = set()
    hits = feelings(sentence)
    if any(hit.sign == GOOD for hit in hits):
        found.add(Kind.PRAISE)
    if any(hit.sign == BAD for hit in hits):
        found.add(Kind.COMPLAINT)
    if is_polite(sentence):
        return frozenset(found | {Kind.POLITE_ONLY})
    if asks(sentence):
        found.add(Kind.REQUEST)
        if _UNMET.search(_flat(sentence)):
            found.add(Kind.COMPLAINT)
    return frozenset(_weighed(found, sentence, hits, asked) if asked else found)


def _weighed(found: set[Kind], sentence: str, hits: tuple[Hit, ...], asked: Kind) -> set[Kind]:
    """The kinds of an answer: praise of what would be is the wish that was asked for, a weak word on the way to what was good no complaint."""
    flat = _flat(sentence)
    wished = asked in (Kind.REQUEST, Kind.COMPLAINT) and not _HAPPENED.search(flat)
    if found == {Kind.PRAISE} and wished and _SUPPOSED.search(flat[: hits[0].start]):
        return {Kind.REQUEST, Kind.COMPLAINT} if _UNMET.search(flat) else {Kind.REQUEST}
    if found == {Kind.COMPLAINT} and asked is Kind.PRAISE and all(hit.strength == 1 and _PASSED.match(flat, hit.end) for hit in hits):
        return {Kind.PRAISE}
    return found


def is_polite(sentence: str) -> bool:
    """Whether a sentence is a polite formula without anything concrete (rule KZ-11)."""
    flat = _SMILE.sub("", _flat(sentence))
    return len(flat) <= 80 and any(_compiled(pattern).fullmatch(flat) for pattern in _lexicon().polite)


@lru_cache(maxsize=20_000)
def feelings(sentence: str) -> tuple[Hit, ...]:
    """Where one sentence speaks well or ill of something, negation, wishes and concession already weighed; places in its NFKC form."""
    flat = _flat(sentence)
    wished = asks(sentence)
    taken = [match.span() for pattern in _lexicon().nothing for match in _compiled(pattern).finditer(flat)]
    hits: list[Hit] = []
    for found in (_phrases(flat), _words(flat)):
        for hit in found:
            if not any(hit.start < end and start < hit.end for start, end in taken):
                taken.append((hit.start, hit.end))
                hits.append(hit)
    if wished:
        hits = [hit for hit in hits if not _wished(flat, hit)]
    hits = [replace(hit, sign=GOOD) if hit.sign == BAD and _GONE.match(flat, hit.end) else hit for hit in hits]
    hits.sort(key=lambda hit: hit.start)
    return tuple(_conceded(flat, [hit for hit in hits if not _relieved(flat, hit, hits)]))


def _relieved(flat: str, hit: Hit, hits: list[Hit]) -> bool:
    """Whether a bad word is only named to say that it did no harm: 会話や騒音も気にならなくて."""
    return hit.sign == BAD and any(
        other.sign == GOOD
        and hit.end <= other.start <= hit.end + 10
        and _HARMLESS.search(flat[other.start : other.end + 2])
        and not re.search("[が、]", flat[hit.end : other.start].rstrip("、"))
        for other in hits
    )


def _phrases(flat: str) -> Iterator[Hit]:
    found = [
        Hit(match.start(), match.end(), sign, strength)
        for sign, strength, patterns in (
            (GOOD, 2, _lexicon().good_phrases),
            (BAD, 2, _lexicon().bad_phrases),
            (BAD, 1, _lexicon().bad_weak),
        )
        for pattern in patterns
        for match in _compiled(pattern).finditer(flat)
        if match.end() > match.start()
    ]
    for hit in sorted(found, key=lambda hit: (-hit.sign, hit.start - hit.end, hit.start)):  # 騒音は気にならない before 騒音…気にな
        yield replace(hit, sign=BAD) if hit.sign == GOOD and _DENIED.match(flat, hit.end) else hit


def _words(flat: str) -> Iterator[Hit]:
    """Single words of the lexicon and words that depend on their aspect, turned round by a negation."""
    words = tokens(flat)
    starts, aspects = _starts(), _aspects()
    for at, word in enumerate(words):
        if word.normal in aspects:
            sign, strength = _of_aspect(aspects[word.normal], flat, word)
            length = 1
        else:
            sign, strength, length = _longest(words, at, starts.get(word.normal, ()))
        if not sign:
            continue
        last = words[at + length - 1]
        if _negated(words, at + length, sign, flat):
            sign, strength = -sign, strength if sign == GOOD else 1
        yield Hit(word.start, last.end, sign, strength)
    yield from _favours(words)


def _favours(words: list[Token]) -> Iterator[Hit]:
    """What somebody did for the customer (教えてくれました) is weak praise, what was not done is a complaint."""
    for at in range(2, len(words)):
        giver = words[at]
        if giver.normal in ("呉れる", "下さる", "頂ける", "貰える", "頂く") and words[at - 1].surface in ("て", "で"):
            before = words[at - 2]
            if before.normal in ("せる", "させる") or before.surface in ("せ", "させ"):
                continue
            negative = any(word.normal in NEGATIONS for word in words[at + 1 : at + 4])
            yield Hit(giver.start, giver.end, BAD if negative else GOOD, 2 if negative else 1)


def _longest(words: list[Token], at: int, runs: tuple[tuple[tuple[str, ...], int, int], ...]) -> tuple[int, int, int]:
    for run, sign, strength in runs:  # the longest come first
        if tuple(word.normal for word in words[at : at + len(run)]) == run:
            return sign, strength, len(run)
    return 0, 0, 1


def _of_aspect(aspect: Aspect, flat: str, word: Token) -> tuple[int, int]:
    """The sign of a word such as 高い by what its clause is about."""
    begin = max((flat.rfind(mark, 0, word.start) for mark in "、。,でて"), default=-1) + 1
    if word.start - begin < 3:
        begin = max(0, word.start - 12)
    clause = flat[begin : word.end + 6]
    for pattern, sign in ((aspect.bad, BAD), (aspect.good, GOOD)):
        if pattern and _compiled(pattern).search(clause):
            return sign, aspect.strength
    return {"good": (GOOD, 1), "bad": (BAD, 1), "none": (0, 0)}[aspect.alone]


def _negated(words: list[Token], at: int, sign: int, flat: str) -> bool:
    """Whether an odd number of negations follows, with nothing but auxiliaries and particles between; 落ち着いて食べられません counts too."""
    spared = [match.span() for match in _ONLY_NOT.finditer(flat)]
    count, verbs = 0, 0
    for place in range(at, min(len(words), at + REACH + 2)):
        word = words[place]
        if word.normal in NEGATIONS:
            count += not any(start < word.end and word.start < end for start, end in spared)
        elif (
            word.pos.startswith(("補助記号", "助詞-終助詞"))
            or (word.pos.startswith("助詞-接続助詞") and word.surface not in ("て", "で", "ば"))
            or (word.pos.startswith("助詞-格助詞") and word.surface not in ("が", "に", "と", "で"))
        ):
            break
        elif word.normal in BETWEEN or word.pos.startswith(("助詞", "助動詞", "接尾辞", "副詞")):
            continue
        elif (
            sign == GOOD and word.pos.startswith("動詞") and not verbs and words[place - 1].surface.endswith(("て", "で", "に", "と", "く"))
        ):
            verbs += 1
        else:
            break
    return count % 2 == 1


def _wished(flat: str, hit: Hit) -> bool:
    """Whether a word belongs to the wish that ends the sentence: 静かな席がいい, 〜と嬉しい, 〜だったら最高."""
    begins = max((match.end() for match in _HALF.finditer(flat) if match.end() < len(flat)), default=0)
    return hit.start >= begins or (hit.sign == GOOD and bool(_IF.search(flat[max(0, hit.start - 8) : hit.start])))


def _conceded(flat: str, hits: list[Hit]) -> list[Hit]:
    """Hits without the weak ones that the other half of the sentence outweighs: 少し古いですが、清潔です."""
    turns = [match.end() for match in _TURN.finditer(flat)]
    if not hits:
        return hits
    half = [sum(turn <= hit.start for turn in turns) for hit in hits]
    last = max(half)
    main = {hit.sign for hit, place in zip(hits, half, strict=True) if place == last}
    kept = []
    for hit, place in zip(hits, half, strict=True):
        against = place < last and hit.sign not in main
        beside = hit.strength == 1 and any(
            other.sign != hit.sign and other.strength == 2 for other, where in zip(hits, half, strict=True) if where == place
        )
        said = hit.sign == BAD and place < last and bool(_HEDGED.search(flat[max(0, hit.start - 6) : hit.start]))
        if said or (not (hit.strength == 1 and against) and not beside):
            kept.append(hit)
    return kept


@lru_cache(maxsize=4096)
def _flat(sentence: str) -> str:
    return unicodedata.normalize("NFKC", sentence).strip()


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _lexicon() -> Lexicon:
    found: Lexicon = load("feedback.yaml", Lexicon)
    return found


@cache
def _aspects() -> dict[str, Aspect]:
    return {tokens(aspect.word)[0].normal: aspect for aspect in _lexicon().aspects}


@cache
def _starts() -> dict[str, tuple[tuple[tuple[str, ...], int, int], ...]]:
    """The lexicon's words as runs of normal forms by the first of them, the longest first."""
    found: dict[str, dict[tuple[str, ...], tuple[int, int]]] = {}
    for sign, lists in ((GOOD, _lexicon().good), (BAD, _lexicon().bad)):
        for strength, groups in lists.items():
            for word in (word for group in groups for word in group):
                run = tuple(token.normal for token in tokens(word))
                found.setdefault(run[0], {}).setdefault(run, (sign, strength))
    return {first: tuple((run, *runs[run]) for run in sorted(runs, key=len, reverse=True)) for first, runs in found.items()}
