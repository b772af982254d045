"""How the place fares: who speaks, who answers first, who is quiet, who looks after what; this period beside the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from statistics import median_low

from kizuna.process import Part
from kizuna.steps import people
from kizuna.steps.feedback import Kind, feedback
from kizuna.steps.tribe.members import MemberView, members
from kizuna.steps.tribe.turns import Line, Record, Subject, read
from kizuna.steps.tribe.words import number, words
from kizuna.workbook.store import Workbook

_DAY = timedelta(days=1)


class Level(IntEnum):
    """How a member takes part; it tells which invitation may suit, and is shown as numbers of people only."""

    LOOKS = 1
    SPEAKS = 2
    GIVES = 3
    CARRIES = 4


@dataclass(frozen=True)
class Share:
    """The turns of a period by the line on which they passed."""

    owner: int
    to_owner: int
    among: int

    @property
    def total(self) -> int:
        """All turns."""
        return self.owner + self.to_owner + self.among

    @property
    def enough(self) -> bool:
        """Whether there are so many that a share may be told."""
        return self.total >= number("few")

    @property
    def owner_much(self) -> bool:
        """Whether the owner speaks more than about half of the time."""
        return self.enough and 100 * self.owner > number("owner_percent") * self.total


@dataclass(frozen=True)
class Firsts:
    """The subjects of a period by who answered first; ``waiting``: it is too early to say that nobody does. ``usual``: how long it took."""

    by_member: int
    by_owner: int
    unanswered: int
    waiting: int
    usual: timedelta | None

    @property
    def opened(self) -> int:
        """All subjects."""
        return self.by_member + self.by_owner + self.unanswered + self.waiting


@dataclass(frozen=True)
class Span:
    """A period, both days in it, and what passed in it."""

    first: date
    last: date
    share: Share
    firsts: Firsts
    speakers: int  # members who spoke, the owner not among them


@dataclass(frozen=True)
class Silent:
    """A member who neither spoke nor came for long: since when, and when we met her elsewhere."""

    member: MemberView
    since: date
    spoke: bool
    elsewhere: date | None


@dataclass(frozen=True)
class Health:
    """How the place fares in this period and in the one before; ``worried``: something that troubled somebody was said in this period."""

    now: Span
    before: Span
    silent: tuple[Silent, ...]
    listening: int
    roles: tuple[MemberView, ...]
    levels: dict[Level, int]
    levels_before: dict[Level, int]
    recorded: bool
    worried: bool = False

    @property
    def shared_roles(self) -> int:
        """How many of those who look after something are not the owner."""
        return sum(one.person_id is not None for one in self.roles)


def health(book: Workbook, today: date | None = None) -> Health:
    """How the place fares up to today."""
    day = today or date.today()
    record, everyone = read(book), members(book, left=True)
    here = [one for one in everyone if one.here]
    length = number("period_days") * _DAY
    now = span(record, day)
    return Health(
        now,
        span(record, day - length, day),
        silent(book, record, here, day),
        sum(one.listens for one in here),
        tuple(one for one in here if one.role),
        count(levels(record, here, day)),
        count(levels(record, [one for one in everyone if _was_here(one, day - length)], day - length)),
        bool(record.turns or record.came),
        _worried(book, now),
    )


def span(found: Record, last: date, now: date | None = None) -> Span:
    """What passed in the period that ends with ``last``; what nobody has answered by ``now`` may still be waiting."""
    first = last - (number("period_days") - 1) * _DAY
    turns = [one for one in found.turns if first <= one.at.date() <= last]
    lines = Counter(one.line for one in turns)
    share = Share(lines[Line.OWNER], lines[Line.TO_OWNER], lines[Line.AMONG])
    subjects = [one for one in found.subjects if first <= one.at.date() <= last]
    return Span(first, last, share, firsts(subjects, now or last), len({one.speaker_id for one in turns} - {None}))


def firsts(subjects: Sequence[Subject], now: date) -> Firsts:
    """Who answered these subjects first."""
    answered = [one for one in subjects if one.answered_at is not None]
    by_owner = sum(one.answered_by is None for one in answered)
    end = datetime.combine(now + _DAY, datetime.min.time())
    waiting = sum(one.answered_at is None and end - one.at < timedelta(hours=number("waiting_hours")) for one in subjects)
    took = [one.after for one in answered if one.after is not None]
    return Firsts(
        len(answered) - by_owner, by_owner, len(subjects) - len(answered) - waiting, waiting, median_low(took) if took else None
    )  # fmt: skip


def silent(book: Workbook, found: Record, here: Sequence[MemberView], day: date) -> tuple[Silent, ...]:
    """Who neither spoke nor came for long, in the order in which they joined: for a kind word, not to be compared.

    Left out are the owner, who told us that she likes to listen, and who wants no letters from us.
    """
    last: dict[int | None, date] = {}
    for at, who in [*((one.at, one.speaker_id) for one in found.turns), *found.came]:
        if at.date() <= day:
            last[who] = max(last.get(who, date.min), at.date())
    met = {one.id: one.last_touch_on for one in people.everyone(book)}
    views = []
    for one in here:
        since = max(last.get(one.person_id, date.min), one.joined_on)
        if one.person_id is None or one.listens or one.stopped or (day - since).days <= number("silent_days"):
            continue
        elsewhere = met.get(one.person_id)
        views.append(Silent(one, since, one.person_id in last, elsewhere if elsewhere and elsewhere > since else None))
    return tuple(views)


def levels(found: Record, here: Iterable[MemberView], day: date) -> dict[int, Level]:
    """How each member but the owner takes part, by the person's id: it rises at once and falls only after several quiet periods."""
    return {one.person_id: _level(found, one, day) for one in here if one.person_id is not None}


def held(shown: Sequence[Level], patience: int) -> Level:
    """The level that stays after these periods, one after another: it falls only after ``patience`` lower ones, to the best of them."""
    level, lower = Level.LOOKS, list[Level]()
    for one in shown:
        if one >= level:
            level, lower = one, []
        else:
            lower.append(one)
            if len(lower) == patience:
                level, lower = max(lower), []
    return level


def count(found: dict[int, Level]) -> dict[Level, int]:
    """How many people there are of each level."""
    counted = Counter(found.values())
    return {level: counted[level] for level in Level}


def next_steps(found: Health) -> dict[str, str]:
    """The next kind step by the measure, in the words of the content file."""
    share, first = found.now.share, found.now.firsts
    keys = {
        "share": _share_step(share, found.worried),
        "firsts": _firsts_step(first),
        "silent": "silent_some" if found.silent else "silent_none",
        "roles": ("roles_none", "roles_one", "roles_good")[min(found.shared_roles, 2)],
        "levels": _level_step(found.levels),
    }
    return {measure: words().next[key] for measure, key in keys.items()}


def _share_step(share: Share, worried: bool) -> str:
    if not share.enough:
        return "share_few"
    if share.owner_much:
        return "share_owner"
    if share.among < share.owner:
        return "share_among"
    return "share_worried" if worried else "share_good"


def _firsts_step(first: Firsts) -> str:
    if first.unanswered:
        return "firsts_unanswered"
    if first.by_owner > first.by_member:
        return "firsts_owner"
    return "firsts_good" if first.by_member else "firsts_few"


def _level_step(found: dict[Level, int]) -> str:
    """The step for the way in which most take part; where two are alike, for the quieter one."""
    most = max(Level, key=lambda level: (found[level], -level))
    return {Level.LOOKS: "levels_listen", Level.SPEAKS: "levels_speak"}.get(most, "levels_give")


def _worried(book: Workbook, now: Span) -> bool:
    """Whether feedback of these days holds a sentence about what was troubling: numbers alone then never say that all is well."""
    said = feedback(book, Part.TRIBE).of(Kind.COMPLAINT)
    return any(now.first <= one.card.heard_on <= now.last for one in said if one.card.heard_on)


def _was_here(one: MemberView, day: date) -> bool:
    return one.joined_on <= day and (one.left_on is None or one.left_on > day)


def _level(found: Record, one: MemberView, day: date) -> Level:
    """By whole periods since she joined, so that no level changes only because a day has passed; the one that runs can only lift it."""
    who, length = one.person_id, number("period_days")
    deeds = [(turn.at.date(), Level.SPEAKS) for turn in found.turns if turn.speaker_id == who]
    deeds += [(each.at.date(), Level.GIVES) for each in found.subjects if each.speaker_id == who]
    deeds += [(each.answered_at.date(), Level.GIVES) for each in found.subjects if each.answered_at is not None and each.answered_by == who]
    start = min([one.joined_on, *(at for at, _ in deeds)])
    shown = [Level.LOOKS] * ((day - start).days // length + 1 if day >= start else 1)
    for at, level in deeds:
        if at <= day:
            place = (at - start).days // length
            shown[place] = max(shown[place], level)
    kept = max(held(shown[:-1], number("quiet_periods")), shown[-1])
    return max(kept, Level.CARRIES) if one.role else kept
