"""What the owner publishes: the last posts, what kind each is, and how giving and selling are shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.language.posts import Kind, read_kind
from kizuna.steps.pasted import split
from kizuna.workbook.models import Post
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

LAST = 20  # posts looked at
QUIET = 14  # days without a word from which it is told
PERSON, DRAFT = "person", "draft"


@dataclass(frozen=True)
class PostView:
    """A post as it stands; ``by`` person where the owner said what kind it is."""

    id: int
    text: str
    posted_on: date | None
    kind: Kind
    by: str


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
    with book.act("投稿を消した") as session:
        row = session.get(Post, post_id)
        if row is not None:
            session.delete(row)


def ratio(views: Sequence[PostView]) -> str:
    """One sentence on how the posts are shared out between giving and selling."""
    if not views:
        return "まだ投稿が入っていません。"
    selling = sum(one.kind is Kind.SELLING for one in views)
    gives = len(views) - selling
    told = f"入れた投稿{len(views)}件のうち、商品のご案内が{selling}件、そのほか（役に立つ話・自分のこと・お客さまの出番・お礼）が{gives}件です。"
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
