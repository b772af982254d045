"""Themes (望みのまとまり): a first draft by the machine, and the person's own placing, which no later draft undoes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language import themes as language
from kizuna.process import Part
from kizuna.steps.cards import Card, cards, heard_in, people, placements, wishers
from kizuna.steps.reading import read
from kizuna.workbook.models import Action, Placement, Quote, Theme
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

DRAFT, PERSON = "draft", "person"
FEWEST = 8  # below this many cards nothing is grouped by machine: the cards are simply shown
NAMELESS = "名前はこれから"  # a theme gathered first and named after reading it again: 「カードを集めてから名前をつける」


@dataclass(frozen=True)
class ThemeView:
    """One theme with its cards, the most typical first; ``drafted`` while its name is the machine's."""

    id: int
    name: str
    note: str
    drafted: bool
    cards: tuple[Card, ...]

    @property
    def people(self) -> int:
        """How many different people are heard in it."""
        return people(self.cards)

    @property
    def wishers(self) -> int:
        """How many different people wish for something in it."""
        return wishers(self.cards)


@dataclass(frozen=True)
class Laid:
    """Where all cards of a part lie at one moment: in themes, nowhere yet (``loose``), or set aside."""

    themes: tuple[ThemeView, ...]
    loose: tuple[Card, ...]
    aside: tuple[Card, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card, wherever it lies."""
        return (*(one for view in self.themes for one in view.cards), *self.loose, *self.aside)


def laid(book: Workbook, part: Part) -> Laid:
    """Where every card of a part lies, read in one go; the theme heard from most people first."""
    with book.reading() as session:
        by_theme: dict[int, list[tuple[int, Card]]] = {}
        loose: list[Card] = []
        apart: list[Card] = []
        placed = placements(session)
        for one in cards(session, part):
            if (placement := placed.get(one.id)) is None:
                loose.append(one)
            elif placement.theme_id is None:
                apart.append(one)
            else:
                by_theme.setdefault(placement.theme_id, []).append((placement.rank, one))
        views = [_view(theme, by_theme.get(theme.id, [])) for theme in session.scalars(select(Theme).where(Theme.part == part))]
    ordered = sorted(views, key=lambda view: (-view.people, -len(view.cards), view.id))
    return Laid(tuple(ordered), tuple(loose), tuple(apart))


def themes(book: Workbook, part: Part) -> tuple[ThemeView, ...]:
    """The themes of a part, the one heard from most people first."""
    return laid(book, part).themes


def unplaced(book: Workbook, part: Part) -> tuple[Card, ...]:
    """The cards that lie in no theme yet."""
    return laid(book, part).loose


def aside(book: Workbook, part: Part) -> tuple[Card, ...]:
    """The cards that the person set aside: they belong to no theme, and no draft puts them into one."""
    return laid(book, part).aside


def draft(book: Workbook, part: Part, again: bool = False) -> int:
    """Group the cards that lie nowhere yet; ``again`` also takes up those the machine placed earlier. Returns the number of themes then.

    Themes the person named, cards she placed or set aside, and themes an item of the plan rests on stay as they are in any case. A
    card goes to a theme that is there where it clearly belongs; of the rest new themes are made, if there are at least ``FEWEST``.
    """
    with book.reading() as session:
        everything = cards(session, part)
        kept = _kept(session, part, again)
    texts = [one.text for one in everything]
    placed = {number: home for number, one in enumerate(everything) if (home := kept.get(one.id))}
    free = [number for number, one in enumerate(everything) if one.id not in kept]
    if free and (placed or len(free) >= FEWEST):
        read(book, texts)
    homes = language.place(texts, placed, free) if placed else {}
    loose = [number for number in free if homes.get(number) is None]
    grouping = language.group([texts[number] for number in loose])
    if again and len(loose) < FEWEST:
        return draft(book, part)  # too few to make new themes of: what the machine placed stays
    with book.act("声のまとまりの下書きを作った") as session:
        if _kept(session, part, again) != kept:
            raise KizunaError("ほかの画面でまとまりが変わったため、下書きを作るのを取りやめました。もう一度ためしてください。")
        if again:
            _clear_drafts(session, part, set(kept))
        for number, theme_id in homes.items():
            if isinstance(theme_id, int):
                session.add(Placement(quote_id=everything[number].id, theme_id=theme_id, by=DRAFT, rank=500))
        for group in grouping.groups:
            theme = Theme(part=part, name=group.label or "名前のないまとまり", named_by=DRAFT)
            session.add(theme)
            session.flush()
            for rank, member in enumerate(dict.fromkeys([*group.quotes, *group.members])):
                session.add(Placement(quote_id=everything[loose[member]].id, theme_id=theme.id, by=DRAFT, rank=rank))
        session.flush()
        return len(session.scalars(select(Theme.id).where(Theme.part == part)).all())


def rename(book: Workbook, theme_id: int, name: str) -> None:
    """Give a theme the person's own name; the cards that lie in it now are then placed by the person."""
    clean = name.strip()
    if not clean:
        raise KizunaError("まとまりの名前を一文字以上書いてください。お客さまの言葉をひとつ借りるのも、よい名前になります。")
    with book.act(f"まとまりに名前をつけた：{_short(clean)}") as session:
        theme = _theme(session, theme_id)
        theme.name = clean
        _decide(session, theme)


def write_note(book: Workbook, theme_id: int, note: str) -> None:
    """Keep what the person writes about a theme in her own sentences."""
    with book.act("まとまりについて書いた") as session:
        theme = _theme(session, theme_id)
        theme.note = note.strip()
        _decide(session, theme)


def move(book: Workbook, quote_ids: Sequence[int], theme_id: int | None) -> None:
    """Put cards into another theme, or (``None``) set them aside."""
    with book.act("カードを移した" if theme_id else "カードをわきに置いた") as session:
        if theme_id is not None:
            _decide(session, _theme(session, theme_id))
        _put(session, quote_ids, theme_id)


def release(book: Workbook, quote_ids: Sequence[int]) -> None:
    """Take cards out of wherever they lie: they wait again among those that are not placed."""
    with book.act("カードを「まだ分けていない声」に戻した") as session:
        for placement in session.scalars(select(Placement).where(Placement.quote_id.in_(quote_ids))):
            session.delete(placement)


def make(book: Workbook, part: Part, name: str, quote_ids: Sequence[int] = ()) -> int:
    """A new theme of the person's own, with the given cards taken from wherever they lie; returns its id."""
    clean = name.strip()
    if not clean:
        raise KizunaError("新しいまとまりの名前を書いてください。")
    with book.act(f"まとまりを作った：{_short(clean)}") as session:
        theme = Theme(part=part, name=clean, named_by=PERSON)
        session.add(theme)
        session.flush()
        _put(session, quote_ids, theme.id)
        return theme.id


def merge(book: Workbook, theme_id: int, into: int) -> None:
    """Put all cards of one theme into another, and take the emptied one away."""
    if theme_id == into:
        raise KizunaError("同じまとまりどうしは、まとめられません。別のまとまりを選んでください。")
    with book.act("二つのまとまりを一つにした") as session:
        target = _theme(session, into)
        quote_ids = session.scalars(select(Placement.quote_id).where(Placement.theme_id == theme_id)).all()
        note = _theme(session, theme_id).note
        if note:
            target.note = f"{target.note}\n{note}".strip()
        _decide(session, target)
        _put(session, quote_ids, into)
        _take_away(session, theme_id, heir=into)


def remove(book: Workbook, theme_id: int) -> None:
    """Dissolve a theme: its cards go back among those that are not placed."""
    with book.act("まとまりをほどいた") as session:
        for placement in session.scalars(select(Placement).where(Placement.theme_id == theme_id)):
            session.delete(placement)
        session.flush()
        _take_away(session, theme_id, heir=None)


def suggest(book: Workbook, part: Part, quote_id: int) -> list[int]:
    """The (up to three) themes where a card most likely belongs, best first, learned from the cards that lie in themes and from their names."""
    with book.reading() as session:
        everything = cards(session, part)
        placed = placements(session)
        named: dict[Hashable, str] = {
            theme.id: theme.name
            for theme in session.scalars(select(Theme).where(Theme.part == part, Theme.named_by == PERSON))
            if theme.name != NAMELESS
        }
    number = next((number for number, one in enumerate(everything) if one.id == quote_id), None)
    if number is None:
        return []
    homes = [placed[one.id].theme_id if one.id in placed and one.id != quote_id else None for one in everything]
    texts = [one.text for one in everything]
    read(book, texts)
    return [theme_id for theme_id in language.suggest(texts, homes, named)[number] if isinstance(theme_id, int)]


def _view(theme: Theme, ranked: list[tuple[int, Card]]) -> ThemeView:
    ordered = tuple(one for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1].id)))
    return ThemeView(theme.id, theme.name, theme.note, theme.named_by == DRAFT, ordered)


def _kept(session: Session, part: Part, again: bool) -> dict[int, int | None]:
    """Which cards a draft leaves where they are: quote → theme, or None for a card set aside."""
    of_part = select(Quote.id).join(Quote.voice).where(*heard_in(part))
    rows = session.scalars(select(Placement).where(Placement.quote_id.in_(of_part)))
    in_use = set(session.scalars(select(Action.theme_id).where(Action.theme_id.is_not(None))))
    return {row.quote_id: row.theme_id for row in rows if not again or row.by == PERSON or row.theme_id in in_use}


def _clear_drafts(session: Session, part: Part, kept: set[int]) -> None:
    """Take away the machine's earlier placings, and the themes of its own naming that are empty then."""
    themes_of_part = session.scalars(select(Theme).where(Theme.part == part)).all()
    for theme in themes_of_part:
        placements_in = session.scalars(select(Placement).where(Placement.theme_id == theme.id)).all()
        staying = [placement for placement in placements_in if placement.quote_id in kept]
        for placement in placements_in:
            if placement not in staying:
                session.delete(placement)
        session.flush()
        if not staying and theme.named_by == DRAFT and not theme.note:
            _take_away(session, theme.id, heir=None)
    session.flush()


def _decide(session: Session, theme: Theme) -> None:
    """The person has looked at this theme: its name and its cards are hers from now on."""
    theme.named_by = PERSON
    for placement in session.scalars(select(Placement).where(Placement.theme_id == theme.id)):
        placement.by = PERSON


def _put(session: Session, quote_ids: Iterable[int], theme_id: int | None) -> None:
    ids = list(dict.fromkeys(quote_ids))
    if set(ids) - set(session.scalars(select(Quote.id).where(Quote.id.in_(ids)))):
        raise KizunaError("この声は、ほかの画面で取り消されました。画面を新しくしてから、もう一度選んでください。")
    lying = {row.quote_id: row for row in session.scalars(select(Placement).where(Placement.quote_id.in_(ids)))}
    for quote_id in ids:
        placement = lying.get(quote_id)
        if placement is None:
            session.add(Placement(quote_id=quote_id, theme_id=theme_id, by=PERSON))
        else:
            placement.theme_id, placement.by, placement.rank = theme_id, PERSON, 1000
    session.flush()


def _take_away(session: Session, theme_id: int, heir: int | None) -> None:
    for action in session.scalars(select(Action).where(Action.theme_id == theme_id)):
        action.theme_id = heir
    session.flush()
    session.delete(_theme(session, theme_id))
    session.flush()


def _theme(session: Session, theme_id: int) -> Theme:
    return fetch(session, Theme, theme_id, "このまとまりは、ほかの画面で消されました。画面を新しくしてから、もう一度選んでください。")


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
