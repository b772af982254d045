"""What the owner publishes: what kind each post is, how the five points of SNS are balanced, and what may be told again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise, zip_longest

from sqlalchemy import select

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.examples import Examples
from kizuna.language.media import media
from kizuna.language.plain import plain
from kizuna.language.rules import check_text
from kizuna.language.sentences import ENDS, sentences
from kizuna.language.wording import check_wording
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Post, Recurring
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

LAST = 20  # posts looked at
QUIET = 14  # days without a word from which it is told
PERSON, DRAFT = "person", "draft"
_TALK = re.compile(r"\d{1,2}:\d{2}\t[^\t]+\t(.*)")
_AGO = re.compile(r"(\d{1,3}) ?(分|時間|日|週間?|か月|ヶ月|カ月)前")
_DAYS = {"分": 0, "時間": 0, "日": 1, "週": 7, "週間": 7, "か月": 30, "ヶ月": 30, "カ月": 30}


class Kind(StrEnum):
    """What a post is."""

    SELLING = "selling"
    INFORMATION = "information"
    PERSON = "person"
    INVOLVING = "involving"
    THANKS = "thanks"


class KindWords(Entry):
    """By which words a kind of post is known."""

    patterns: list[str]
    fine: list[str] = []
    examples: Examples


class PostWords(Entry):
    """Everything in ``posts.yaml``; the order of the kinds decides where two are equally likely."""

    kinds: dict[Kind, KindWords]
    noise: list[str]


class Point(Entry):
    """One of the five points of SNS: its name from the course, our explanation, and one suggestion."""

    key: str
    name: str
    ours: str
    suggestion: str


class Points(Entry):
    """Everything in ``points.yaml``."""

    purpose: str
    points: list[Point]
    kinds: dict[Kind, str]


@dataclass(frozen=True)
class PostView:
    """A post as it stands; ``by`` person where the owner said what kind it is."""

    id: int
    text: str
    posted_on: date | None
    kind: Kind
    by: str


@dataclass(frozen=True)
class Balance:
    """One of the five points with how many written things touch it, by their first words."""

    point: Point
    items: tuple[str, ...]


@dataclass(frozen=True)
class RecurringView:
    """Something the owner likes to tell again, and from when on it may be told."""

    id: int
    title: str
    point: str
    rest_days: int
    last_on: date | None

    @property
    def free_from(self) -> date | None:
        """The day from which it may be told again (none: it never was told)."""
        return self.last_on + timedelta(days=self.rest_days) if self.last_on else None

    def rests(self, today: date) -> bool:
        """Whether it is too early to tell it again."""
        return self.free_from is not None and today < self.free_from


def texts() -> Points:
    """The five points and the names of the kinds as ``content/points.yaml`` tells them."""
    return load("points.yaml", Points)


def split(pasted: str, today: date | None = None) -> tuple[tuple[str, date | None], ...]:
    """Pasted posts one by one, each with its day where one stands there; from a talk of LINE, from Instagram, X or a list.

    Where days stand between the posts, they part them (before or after a post, as the first and the last line tell); else empty
    lines do – two of them, where there are such, so that paragraphs stay together.
    """
    now = today or date.today()
    lines = [one for line in _without_account(pasted.splitlines()) if (one := _line(line, now)) is not None]
    days = [at for at, one in enumerate(lines) if isinstance(one, date)]
    if any(isinstance(one, tuple) for one in lines):
        return tuple(_talk(lines))
    if len(days) >= 2 or (days and days[0] == 0):
        return tuple(_by_days(lines))
    return tuple(_by_gaps(lines))


def read_kind(text: str) -> Kind:
    """What kind of post a text is; the same text is always read alike.

    >>> read_kind("わたしは、この本で三回泣きました。").value
    'person'
    """
    whole = plain(text).text
    spans = [whole[start:end] for start, end in sentences(whole)] or [whole]
    if any(one.category == "SELL" for one in check_wording(text)) or _hits(Kind.SELLING, spans):
        return Kind.SELLING
    order = [kind for kind in _words().kinds if kind is not Kind.SELLING]
    best = max(order, key=lambda kind: (_hits(kind, spans), -order.index(kind)))
    return best if _hits(best, spans) else Kind.INFORMATION


def add(book: Workbook, pasted: str, today: date | None = None) -> int:
    """Take in pasted posts, each once; returns how many are new. Raises ``KizunaError`` where nothing can be read."""
    found = split(pasted, today)
    if not found:
        raise KizunaError("投稿が読みとれませんでした。一つずつのあいだに空いた行を入れて、もう一度貼りつけてください。")
    newest = sorted(found, key=lambda one: one[1] or date.min, reverse=True)[:LAST] if all(day for _, day in found) else found[:LAST]
    with book.act(f"{len(newest)}件の投稿を入れた") as session:
        there = {row.text for row in session.scalars(select(Post))}
        fresh = [(text, day) for text, day in newest if text not in there]
        session.add_all(Post(text=text, posted_on=day, kind=read_kind(text)) for text, day in dict(fresh).items())
    return len(dict(fresh))


def posts(book: Workbook) -> tuple[PostView, ...]:
    """The last posts, the newest first; those without a day behind the others, as they came in."""
    with book.reading() as session:
        rows = session.scalars(select(Post).order_by(Post.id)).all()
    ordered = sorted(rows, key=lambda row: (row.posted_on is None, -(row.posted_on or date.min).toordinal(), row.id))
    return tuple(PostView(row.id, row.text, row.posted_on, Kind(row.kind), row.by) for row in ordered[:LAST])


def correct(book: Workbook, post_id: int, kind: Kind) -> None:
    """Let a post be of the kind the owner says."""
    with book.act("投稿の種類を直した") as session:
        row = fetch(session, Post, post_id, "この投稿は、ほかの画面で消されました。画面を新しくしてください。")
        row.kind, row.by = Kind(kind), PERSON


def remove(book: Workbook, post_id: int) -> None:
    """Take a post away (undo brings it back)."""
    with book.act("投稿を外した") as session:
        row = session.get(Post, post_id)
        if row is not None:
            session.delete(row)


def ratio(views: Sequence[PostView]) -> str:
    """One sentence on how the posts are shared out between giving and selling."""
    if not views:
        return "まだ投稿が入っていません。"
    selling = sum(one.kind is Kind.SELLING for one in views)
    gives = len(views) - selling
    told = f"{len(views)}件のうち、商品のご案内が{selling}件、そのほか（情報・個・巻き込み・お礼）が{gives}件です。"
    if not selling:
        return f"{told}間がらを育てる便りになっています。"
    if selling * 2 >= len(views):
        return f"{told}読む方には、広告のように見えているかもしれません。次の三つは、ご案内のない便りにしてみましょう。"
    return f"{told}案内を一つ出したら、その前後に、案内でない便りをいくつか。その間合いを続けましょう。"


def gap(views: Sequence[PostView], today: date | None = None) -> str:
    """One sentence on the longest silence, today counted; empty where nothing stands out."""
    now = today or date.today()
    days = sorted({one.posted_on for one in views if one.posted_on})
    if not days:
        return ""
    since = (now - days[-1]).days
    if since >= QUIET:
        return f"さいごの投稿から、{since}日たっています。短くてもかまいません。近況を一つ、知らせてみましょう。"
    longest = max(((after - before).days for before, after in pairwise(days)), default=0)
    return f"いちばん間があいたのは{longest}日でした。忙しい時期の前に、一つ書きためておくと安心です。" if longest >= QUIET else ""


def check_post(book: Workbook, text: str) -> tuple[Finding, ...]:
    """What the rules say about a text for SNS, strictly: no selling."""
    return tuple(check_text(text, "owner", "sns", "relation", read_answer(book, "industry")))


def balance(book: Workbook, part: Part) -> tuple[Balance, ...]:
    """The five points over all that is written: the plan's items, the posts, and what is told again."""
    found: dict[str, list[str]] = {point.key: [] for point in texts().points}
    for title, keys in (*_of_actions(book, part), *_of_posts(book), *_of_recurring(book)):
        for key in keys:
            found[key].append(title)
    return tuple(Balance(point, tuple(found[point.key])) for point in texts().points)


def lowest(shares: Sequence[Balance]) -> Point:
    """The point that fewest things touch; of equals the first."""
    return min(shares, key=lambda one: len(one.items)).point


def recurring(book: Workbook, today: date | None = None) -> tuple[RecurringView, ...]:
    """What may be told again: first what is free, then what rests, the soonest first."""
    now = today or date.today()
    with book.reading() as session:
        rows = session.scalars(select(Recurring).order_by(Recurring.id)).all()
    views = [RecurringView(row.id, row.title, row.point, row.rest_days, row.last_on) for row in rows]
    return tuple(sorted(views, key=lambda one: (one.rests(now), one.free_from or date.min, one.id)))


def add_recurring(book: Workbook, title: str, point: str, rest_days: int) -> int:
    """Note something the owner likes to tell again; returns its id. Raises ``KizunaError`` for one without words, point or days."""
    if not title.strip():
        raise KizunaError("何をくり返すかを、ひとことで書いてください。")
    if point not in {one.key for one in texts().points}:
        raise KizunaError("五つの目のつけどころから、近いものを一つ選んでください。")
    if not 1 <= rest_days <= 3650:
        raise KizunaError("間をあける日数は、1から3650までの数で書いてください。")
    with book.act("くり返すものを入れた") as session:
        row = Recurring(title=title.strip(), point=point, rest_days=rest_days)
        session.add(row)
        session.flush()
        return row.id


def tell(book: Workbook, recurring_id: int, today: date | None = None) -> None:
    """Note that it was told today; it then rests. Raises ``KizunaError`` while it still rests."""
    now = today or date.today()
    with book.act("くり返すものを使った") as session:
        row = fetch(session, Recurring, recurring_id, "これは、ほかの画面で消されました。画面を新しくしてください。")
        view = RecurringView(row.id, row.title, row.point, row.rest_days, row.last_on)
        if view.rests(now) and view.free_from:
            raise KizunaError(
                f"「{row.title}」は、{view.free_from.month}月{view.free_from.day}日まで休ませています。ほかのものを選びましょう。"
            )
        row.last_on = now


def drop_recurring(book: Workbook, recurring_id: int) -> None:
    """Take away what is told again no more (undo brings it back)."""
    with book.act("くり返すものを外した") as session:
        row = session.get(Recurring, recurring_id)
        if row is not None:
            session.delete(row)


def _of_actions(book: Workbook, part: Part) -> Iterator[tuple[str, set[str]]]:
    """Each item of the plan that is decided, with the points it touches."""
    for one in plans.plan(book, part).decided:
        keys = _of_text(f"{one.title}。{one.content}")
        keys |= {"contact"} if one.times > 1 else set()
        keys |= {"choose"} if one.medium and media()[one.medium.id].per_person else set()
        yield one.title or "名前のない一手", keys


def _of_posts(book: Workbook) -> Iterator[tuple[str, set[str]]]:
    """Each post with the points it touches; the first of a week keeps contact."""
    weeks: set[tuple[int, int]] = set()
    for one in posts(book):
        keys = {one.kind.value} & {"information", "person", "involving"}
        keys |= {"choose"} if one.kind is Kind.THANKS else set()
        if one.posted_on and (week := one.posted_on.isocalendar()[:2]) not in weeks:
            weeks.add(week)
            keys.add("contact")
        yield shortened(one.text), keys


def _of_recurring(book: Workbook) -> Iterator[tuple[str, set[str]]]:
    for one in recurring(book):
        yield one.title, {one.point, "contact"}


def _of_text(text: str) -> set[str]:
    whole = plain(text).text
    spans = [whole[start:end] for start, end in sentences(whole)]
    return {kind.value for kind in (Kind.INFORMATION, Kind.PERSON, Kind.INVOLVING) if _hits(kind, spans)}


def shortened(text: str, most: int = 30) -> str:
    """The first words of a post, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


def _hits(kind: Kind, spans: Sequence[str]) -> int:
    """How many sentences speak as this kind of post does."""
    patterns, fine = _compiled()[kind]
    return sum(any(one.search(span) for one in patterns) and not any(one.search(span) for one in fine) for span in spans)


def _words() -> PostWords:
    return load("posts.yaml", PostWords)


@cache
def _compiled() -> dict[Kind, tuple[list[re.Pattern[str]], list[re.Pattern[str]]]]:
    return {
        kind: ([re.compile(one) for one in words.patterns], [re.compile(one) for one in words.fine])
        for kind, words in _words().kinds.items()
    }


@cache
def _noise() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in _words().noise))


def _without_account(lines: Sequence[str]) -> Iterator[str]:
    """The lines without the name of the account that stands above every post."""
    seen = Counter(line.strip() for line in lines)
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        words = line.strip()
        short = words and len(words) <= 30 and words[-1] not in ENDS and not any(sign.isdigit() for sign in words)
        if not (short and (after.strip().startswith("@") or seen[words] > 1)):
            yield line


def _line(line: str, today: date) -> str | date | tuple[str] | None:
    """A pasted line: its day, one message of a talk, its words – or nothing, where it is a counter or a button."""
    words = line.strip()
    if found := _TALK.fullmatch(line.strip("\ufeff ")):
        return ("" if _noise().fullmatch(plain(found[1]).text) else found[1],)
    if not words:
        return ""
    flat = plain(words).text
    if ago := _AGO.fullmatch(flat):
        return today - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    if re.search(r"[/.年月-]", flat) and any(sign.isdigit() for sign in flat):
        try:
            day = read_date(words, today)
        except ValueError:
            day = None
        if day is not None:
            return day.date() if isinstance(day, datetime) else day
    return None if _noise().fullmatch(flat) else words


def _talk(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """The messages of a talk of LINE, each with the day that stands above it; lines that follow belong to the message."""
    day: date | None = None
    words: list[str] = []
    for one in (*lines, ("",)):
        if isinstance(one, tuple | date):
            if text := "\n".join(words).strip():
                yield text, day
            words = [one[0]] if isinstance(one, tuple) else []
            day = one if isinstance(one, date) else day
        elif words and isinstance(one, str):
            words.append(one)


def _by_days(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """Posts that have a day above them (or below, where the last line is one and the first is not)."""
    said = [one for one in lines if one != ""]
    below = isinstance(said[-1], date) and not isinstance(said[0], date)
    day: date | None = None
    words: list[str] = []
    for one in (*lines, None):
        if isinstance(one, str):
            words.append(one)
            continue
        here = one if isinstance(one, date) else None
        if text := "\n".join(words).strip():
            yield text, here if below else day
        words, day = [], here


def _by_gaps(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """Posts with empty lines between them."""
    text = "\n".join(one if isinstance(one, str) else "" for one in lines).strip()
    apart = r"\n{3,}" if re.search(r"\n{3,}", text) else r"\n{2,}"
    for part in re.split(apart, text):
        if part.strip():
            yield part.strip(), None
