"""STEP2: from wishes to a plan of one page, in which every item was asked for by somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.counting import things
from kizuna.language.media import Medium, media
from kizuna.language.rules import Channel, check_text
from kizuna.language.wording import check_wording
from kizuna.process import Part
from kizuna.steps.cards import Card, evidence_of
from kizuna.steps.research import media_seen
from kizuna.steps.themes import ThemeView, themes
from kizuna.steps.tribe.gate import may_begin
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Action, Answer, Evidence, Improvement, Offer, Plan, Theme
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

USUAL = 3  # about this many items make a plan
MOST = 5
PLACE = "journey.action."  # answers that name an item: what reaches people at a time of their way (the rest of the key)
HOURS = "hours"  # the field of the profile that holds the owner's hours a month
_EDITABLE = {"title", "relation", "content", "medium", "due_on", "minutes", "times", "people", "doable", "fun_me", "fun_them"}


@dataclass(frozen=True)
class ActionView:
    """One item of the plan with the words that asked for it."""

    id: int
    title: str
    relation: str
    content: str
    medium: Medium | None
    due_on: date | None
    minutes: int | None
    times: int
    people: int
    doable: int
    fun_me: int
    fun_them: int
    decided: bool
    done_on: date | None
    theme_id: int | None
    evidence: tuple[Card, ...]
    theme: str = ""
    part: Part = Part.FOLLOWUP

    @property
    def wishers(self) -> int:
        """How many different people asked for it."""
        return len({one.person_id for one in self.evidence})

    @property
    def score(self) -> int:
        """できる度 × 望んだ人数."""
        return self.doable * self.wishers

    @property
    def fun(self) -> int:
        """What decides where the score is equal: 楽しさ of both sides together."""
        return self.fun_me + self.fun_them

    @property
    def total_minutes(self) -> int | None:
        """Minutes over the whole plan, or None while no minutes are written."""
        return None if self.minutes is None else self.minutes * self.times * self.people

    @property
    def in_plan(self) -> bool:
        """Whether it stands in the final plan: decided, and asked for."""
        return self.decided and bool(self.evidence)


@dataclass(frozen=True)
class PlanView:
    """The plan of a part: its days, its items (best first), and how they fit the owner's hours."""

    id: int | None
    starts_on: date
    days: int
    actions: tuple[ActionView, ...]
    hours: float | None

    @property
    def ends_on(self) -> date:
        """The plan's last day."""
        return self.starts_on + timedelta(days=self.days - 1)

    @property
    def decided(self) -> tuple[ActionView, ...]:
        """The items that stand in the final plan."""
        return tuple(action for action in self.actions if action.in_plan)

    @property
    def minutes(self) -> int:
        """Minutes of all items in the final plan."""
        return sum(action.total_minutes or 0 for action in self.decided)


def plan(book: Workbook, part: Part, today: date | None = None) -> PlanView:
    """The open plan of a part, best items first: できる度 × 望んだ人数, then 楽しさ, then the earlier date."""
    with book.reading() as session:
        row = _open_plan(session, part)
        actions = session.scalars(select(Action).where(Action.plan_id == row.id)).all() if row else []
        evidence = evidence_of(session, [action.id for action in actions])
        names = {theme.id: theme.name for theme in session.scalars(select(Theme))}
        views = [_view(action, names.get(action.theme_id or 0, ""), evidence[action.id], part) for action in actions]
    hours = read_answer(book, HOURS)
    ordered = sorted(views, key=lambda view: (-view.score, -view.fun, view.due_on or date.max, view.id))
    return PlanView(
        row.id if row else None, row.starts_on if row else today or date.today(), row.days if row else 30, tuple(ordered), hours
    )


def candidates(book: Workbook, part: Part) -> tuple[ThemeView, ...]:
    """The themes in which somebody wishes for something and which no item answers yet, most wished for first."""
    taken = {action.theme_id for action in plan(book, part).actions}
    open_themes = [view for view in themes(book, part) if view.wishers and view.id not in taken]
    return tuple(sorted(open_themes, key=lambda view: (-view.wishers, -len(view.cards), view.id)))


def draft(book: Workbook, part: Part, count: int = USUAL, today: date | None = None) -> int:
    """Begin items for the most wished-for themes, evidence and medium filled in; returns how many were begun.

    The words stay to be written: the machine writes nothing that no customer and no owner said. Raises ``KizunaError`` while the gate of
    the second part is shut.
    """
    may_begin(book, part)
    best = candidates(book, part)[:count]
    if not best:
        return 0
    media_ids = [view.id for view in media_seen(book)]
    with book.act("計画の下書きを作った") as session:
        row = _ensure_plan(session, part, today)
        for number, theme in enumerate(best):
            _begin(session, row, theme, media_ids, row.starts_on + timedelta(days=7 * (number + 1)))
    return len(best)


def begin(book: Workbook, part: Part, theme_id: int, today: date | None = None) -> int:
    """Begin one item for a theme, resting on the wishes in it (on none where nobody wished: the owner then chooses); returns its id.

    Raises ``KizunaError`` while the gate of the second part is shut.
    """
    may_begin(book, part)
    theme = next((view for view in themes(book, part) if view.id == theme_id), None)
    if theme is None or not theme.cards:
        raise KizunaError("このまとまりには、まだお客さまの声がありません。声のあるまとまりを選んでください。")
    media_ids = [view.id for view in media_seen(book)]
    with book.act(f"望みから一手を作った：{theme.name[:20]}") as session:
        row = _ensure_plan(session, part, today)
        return _begin(session, row, theme, media_ids, row.starts_on + timedelta(days=7))


def edit(book: Workbook, action_id: int, label: str = "一手", seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change fields of an item; returns what another page had written meanwhile in those fields (compared with ``seen``)."""
    only(fields, _EDITABLE)
    with book.act(f"{label}を書いた") as session:
        action = _action(session, action_id)
        others = overwrite(action, fields, seen)
        if action.decided:
            part = Part(session.get_one(Plan, action.plan_id).part)
            view = _view(action, "", evidence_of(session, [action_id])[action_id], part)
            action.decided = not any(finding.strength is Strength.STOP for finding in check(view))
    return others


def rest_on(book: Workbook, action_id: int, quote_ids: Sequence[int]) -> None:
    """Let an item rest on exactly these quotes; without any it leaves the plan."""
    with book.act("根拠の声を選び直した") as session:
        action = _action(session, action_id)
        rows = {row.quote_id: row for row in session.scalars(select(Evidence).where(Evidence.action_id == action_id))}
        for quote_id, row in rows.items():
            if quote_id not in quote_ids:
                session.delete(row)
        session.add_all(Evidence(action_id=action_id, quote_id=quote_id) for quote_id in quote_ids if quote_id not in rows)
        if not quote_ids:
            action.decided = False


def tie(book: Workbook, action_id: int, quote_id: int, yes: bool = True) -> None:
    """Let an item rest on one more quote, or no longer on it; without any it leaves the plan."""
    with book.act("根拠の声を選び直した") as session:
        action = _action(session, action_id)
        rows = {row.quote_id: row for row in session.scalars(select(Evidence).where(Evidence.action_id == action_id))}
        if yes and quote_id not in rows:
            session.add(Evidence(action_id=action_id, quote_id=quote_id))
        elif not yes and quote_id in rows:
            session.delete(rows.pop(quote_id))
            action.decided = action.decided and bool(rows)


def decide(book: Workbook, action_id: int, yes: bool = True) -> None:
    """Put an item into the plan, or take it out.

    Raises ``KizunaError`` where nobody asked for it (KZ-07), the change in the relation is not written yet, or a tribe's item sells (KZ-03).
    """
    if yes:
        action = next((one for part in Part for one in plan(book, part).actions if one.id == action_id), None)
        if action is None:
            raise KizunaError("この一手は、ほかの画面で消されました。画面を新しくしてください。")
        for finding in check(action):
            if finding.strength is Strength.STOP:
                raise KizunaError(finding.message)
    with book.act("計画に入れた" if yes else "計画から外した") as session:
        _action(session, action_id).decided = yes


def remove(book: Workbook, action_id: int) -> None:
    """Take an item away (undo brings it back)."""
    with book.act("一手を消した") as session:
        for row in session.scalars(select(Evidence).where(Evidence.action_id == action_id)):
            session.delete(row)
        for offer in session.scalars(select(Offer).where(Offer.action_id == action_id)):
            offer.action_id = None
        for improvement in session.scalars(select(Improvement).where(Improvement.action_id == action_id)):
            improvement.action_id = None
        session.flush()
        session.delete(_action(session, action_id))


def done(book: Workbook, action_id: int, yes: bool = True, today: date | None = None) -> None:
    """Note that an item is done, or not yet."""
    with book.act("できた印をつけた" if yes else "できた印を外した") as session:
        _action(session, action_id).done_on = (today or date.today()) if yes else None


def renew(book: Workbook, part: Part, today: date | None = None) -> None:
    """Begin a new plan from today; the old one is kept as it was, and items that are not done come along."""
    old = plan(book, part)
    with book.act("計画を組み直した") as session:
        row = _open_plan(session, part)
        if row is not None:
            row.closed = True
        new = Plan(part=part, starts_on=today or date.today())
        session.add(new)
        session.flush()
        for view in old.actions:
            if view.done_on is None:
                action = session.get_one(Action, view.id)
                copy = Action(
                    **{
                        column.key: getattr(action, column.key)
                        for column in Action.__table__.columns
                        if column.key not in ("id", "plan_id")
                    }
                )
                copy.plan_id = new.id
                session.add(copy)
                session.flush()
                session.add_all(Evidence(action_id=copy.id, quote_id=one.id) for one in view.evidence)
                for offer in session.scalars(select(Offer).where(Offer.action_id == view.id)):
                    offer.action_id = copy.id
                for answer in session.scalars(select(Answer).where(Answer.key.startswith(PLACE))):
                    answer.value = copy.id if answer.value == view.id else answer.value


def check(action: ActionView) -> tuple[Finding, ...]:
    """What stands in the way of an item, and what to look at once more."""
    found = []
    if not action.evidence:
        found.append(
            Finding(
                "KZ-07", "EVIDENCE", Strength.STOP, "この項目を望んだ人の記録がありません。思いつきは「次に聞くこと」に入れておきましょう。"
            )
        )
    if not action.relation:
        found.append(
            Finding(
                "0-07",
                "RELATION",
                Strength.STOP,
                "間がらがどう変わるかが、まだ空いています。「○○な間がらから、△△な間がらになる」のように、一文で書いてください。",
            )
        )
    for text in (action.title, action.relation, action.content):
        found.extend(check_text(text, channel=Channel.TRIBE) if action.part is Part.TRIBE else check_wording(text))
    return tuple(found)


def check_plan(view: PlanView) -> tuple[Finding, ...]:
    """What to look at once more in the plan as a whole."""
    found = []
    if view.hours is not None and view.minutes > view.hours * 60 * view.days / 30:
        need, have = spell_minutes(view.minutes), spell_minutes(round(view.hours * 60 * view.days / 30))
        found.append(
            Finding(
                "KZ-14", "WORKLOAD", Strength.CARE, f"この計画には{need}かかります。決めた時間は{have}です。人数か回数をへらしましょう。"
            )
        )
    if missing := [action.title or "名前のない一手" for action in view.decided if action.minutes is None]:
        found.append(Finding("2-32", "WORKLOAD", Strength.ADVICE, f"かかる時間がまだ書かれていません：{'、'.join(missing)}"))
    if len(view.decided) > MOST:
        found.append(
            Finding(
                "0-34",
                "SIZE",
                Strength.ADVICE,
                f"{things(len(view.decided))}あります。はじめの30日は三つほどがちょうどよく、残りは次の計画で生かせます。",
            )
        )
    outside = [action for action in view.decided if action.due_on and not view.starts_on <= action.due_on <= view.ends_on]
    if outside:
        names = "、".join(action.title or "名前のない一手" for action in outside)
        found.append(Finding("0-34", "DATE", Strength.ADVICE, f"日にちが計画の期間の外にあります：{names}"))
    return tuple(found)


def spell_minutes(minutes: int) -> str:
    """Minutes as people say them: 「2時間30分」."""
    hours, rest = divmod(minutes, 60)
    return (f"{hours}時間" if hours else "") + (f"{rest}分" if rest or not hours else "")


def _view(action: Action, theme: str, evidence: list[Card], part: Part) -> ActionView:
    fields = {column.key: getattr(action, column.key) for column in Action.__table__.columns if column.key not in ("plan_id", "medium")}
    medium = media().get(action.medium or "")
    return ActionView(**fields, medium=medium, theme=theme, evidence=tuple(evidence), part=part)


def _begin(session: Session, row: Plan, theme: ThemeView, media_ids: list[str], due_on: date) -> int:
    medium = media().get(media_ids[0]) if media_ids else None
    action = Action(
        plan_id=row.id, theme_id=theme.id, medium=medium.id if medium else None, minutes=medium.minutes if medium else None, due_on=due_on
    )
    session.add(action)
    session.flush()
    session.add_all(Evidence(action_id=action.id, quote_id=one.id) for one in theme.cards if one.wishes)
    return action.id


def _open_plan(session: Session, part: Part) -> Plan | None:
    return session.scalars(select(Plan).where(Plan.part == part, Plan.closed.is_(False)).order_by(Plan.id.desc())).first()


def _ensure_plan(session: Session, part: Part, today: date | None) -> Plan:
    row = _open_plan(session, part)
    if row is None:
        row = Plan(part=part, starts_on=today or date.today())
        session.add(row)
        session.flush()
    return row


def _action(session: Session, action_id: int) -> Action:
    return fetch(session, Action, action_id, "この一手は、ほかの画面で消されました。画面を新しくしてください。")
