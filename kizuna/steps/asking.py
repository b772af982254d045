"""STEP4: the feedback form and the request, of whom feedback was asked for, and how much of it came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.rules import Facts, check_facts
from kizuna.process import Part
from kizuna.steps import drafts
from kizuna.steps.drafts import DraftView
from kizuna.steps.feedback import Feedback, Kind, texts
from kizuna.steps.plan import plan
from kizuna.steps.research import Question, honest
from kizuna.steps.tribe.gate import may_begin
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Closeness, FanMark, Invitation, Member, Offer, Person, Request, Talk
from kizuna.workbook.store import Workbook

PURPOSE = {Part.FOLLOWUP: "feedback.purpose", Part.TRIBE: "feedback.purpose.tribe"}  # the fields that hold what the feedback is for
CLOSE = 3  # from this closeness on (of 0 to 4) somebody counts as close


@dataclass(frozen=True)
class Asked:
    """One note that feedback was asked for."""

    id: int
    person_id: int | None
    who: str
    count: int
    asked_on: date
    medium: str | None


def questions(part: Part) -> tuple[Question, ...]:
    """What the feedback form of a part asks."""
    return tuple(texts().forms[part])


def purpose(book: Workbook, part: Part) -> str:
    """What the feedback is for, as the owner tells it: the line of this step and part, else the one of the interviews, else nothing yet."""
    return str(read_answer(book, PURPOSE[part]) or read_answer(book, "research.purpose") or "")


def needed_purpose(book: Workbook, part: Part) -> str:
    """The purpose line. Raises ``KizunaError`` while there is none (PI-07): nobody is asked before knowing what for."""
    line = purpose(book, part)
    if not line:
        raise KizunaError(
            "お願いする前に、何に使うかを書いてください。このページの「1. 何に使うかを、先に決めます」に書くと、用紙ができます。"
        )
    return line


def form_text(book: Workbook, part: Part) -> str:
    """The form as plain numbered text, to paste into a form service. Raises ``KizunaError`` while no purpose is written (PI-07)."""
    words = texts()
    lines = [words.title, "", words.lead, f"何に使うか：{needed_purpose(book, part)}", words.show, ""]
    asked = [*(one.text for one in questions(part)), words.name]
    lines += [f"{number}. {text}" for number, text in enumerate(asked, start=1)]
    return "\n".join([*lines, "", words.photo, words.thanks])


def request_words(book: Workbook, part: Part) -> dict[str, str]:
    """The words of a first draft of the request, by the parts of the draft; without a purpose line its place is left to be written."""
    return {**texts().request[part], "use": purpose(book, part) or "（ここに、何に使うかを書きます）"}


def check_request(book: Workbook, one: DraftView) -> tuple[Finding, ...]:
    """What the rules say about a request for feedback; without the line that tells what for it cannot be finished (PI-07)."""
    told = any(piece.text for piece in one.of("use"))
    return (*drafts.check(book, one), *(check_facts(Facts(purpose_stated=told)) if one.pieces else ()))


def ask(book: Workbook, part: Part, asked_on: date, person_ids: Iterable[int] = (), count: int = 0, medium: str | None = None) -> int:
    """Note that feedback was asked for: of these people, and of ``count`` people whose names nobody noted; returns how many are new.

    Somebody noted on the same day already is not noted twice. Raises ``KizunaError`` while the gate of the second part is shut.
    """
    may_begin(book, part)
    with book.act("感想をお願いした方を書いた") as session:
        same_day = select(Request.person_id).where(Request.part == part, Request.asked_on == asked_on)
        known = set(session.scalars(same_day))
        fresh = [one for one in dict.fromkeys(person_ids) if one not in known]
        session.add_all(Request(part=part, person_id=one, asked_on=asked_on, medium=medium) for one in fresh)
        if count > 0:
            session.add(Request(part=part, count=count, asked_on=asked_on, medium=medium))
    return len(fresh) + max(count, 0)


def to_ask(book: Workbook, part: Part) -> tuple[int, ...]:
    """Whom to ask next: those who used an offer or wished for what is in the plan; of the place, those members who came, spoke or hold a role.

    None asked before, and none who wants to hear nothing from us.
    """
    used = select(Invitation.person_id).join(Offer, Offer.id == Invitation.offer_id)
    used = used.where(Offer.part == part, Invitation.used_on.is_not(None)).order_by(Invitation.id)
    wished = [one.person_id for action in plan(book, part).decided for one in action.evidence] if part is Part.FOLLOWUP else []
    with book.reading() as session:
        out = set(session.scalars(select(Request.person_id).where(Request.part == part)))
        out |= set(session.scalars(select(Person.id).where(Person.stopped_on.is_not(None))))
        here = session.scalars(_members()).all() if part is Part.TRIBE else []
        return tuple(one for one in dict.fromkeys([*session.scalars(used), *wished, *here]) if one is not None and one not in out)


def unask(book: Workbook, request_id: int) -> None:
    """Take back the note that feedback was asked for."""
    with book.act("感想をお願いした方を消した") as session:
        row = session.get(Request, request_id)
        if row is not None:
            session.delete(row)


def asked(book: Workbook, part: Part) -> tuple[Asked, ...]:
    """Of whom feedback was asked for, the latest first."""
    rows = (
        select(Request, Person)
        .outerjoin(Person, Person.id == Request.person_id)
        .where(Request.part == part)
        .order_by(Request.asked_on.desc(), Request.id.desc())
    )
    with book.reading() as session:
        return tuple(
            Asked(row.id, row.person_id, person.called if person else "お名前を控えなかった方", row.count, row.asked_on, row.medium)
            for row, person in session.execute(rows)
        )


def _members() -> Select[tuple[int | None]]:
    """Members who have something to tell: who came or spoke, or takes part by what she looks after."""
    heard = select(Talk.id).where(Talk.speaker_id == Member.person_id).exists()
    here = (Member.person_id.is_not(None), Member.left_on.is_(None), or_(heard, Member.role != ""))
    return select(Member.person_id).where(*here).order_by(Member.id)


def asked_people(rows: Iterable[Asked]) -> int:
    """How many people were asked; somebody asked twice is one."""
    rows = list(rows)
    return len({one.person_id for one in rows if one.person_id}) + sum(one.count for one in rows if one.person_id is None)


def check_asked(book: Workbook, part: Part) -> tuple[Finding, ...]:
    """ST-10 where everybody who was asked is close to the owner, though the workbook knows others too."""
    rows = asked(book, part)
    ids = {one.person_id for one in rows}
    if not rows or None in ids:
        return ()
    with book.reading() as session:
        close = set(session.scalars(select(FanMark.person_id)))
        newest = select(func.max(Closeness.id)).group_by(Closeness.person_id)
        close |= set(session.scalars(select(Closeness.person_id).where(Closeness.id.in_(newest), Closeness.level >= CLOSE)))
        others = session.scalar(select(func.count(Person.id)).where(Person.name.is_not(None), Person.id.not_in(close)))
    return tuple(check_facts(Facts(only_happy_asked=ids <= close and bool(others))))


def in_short(found: Feedback, rows: Sequence[Asked]) -> tuple[str, ...]:
    """What can honestly be said about how much came back, a sentence each: of how many asked, and what so few people do not tell."""
    n, of = found.people, asked_people(rows)
    if not n:
        if not of:
            return ("まだ感想がありません。お一人のひとことから始められます。",)
        return (
            f"お願いした方は{of}人です。感想は、まだ届いていません。",
            "お忙しいだけかもしれません。次に会ったときに、ひとことだけ、じかにうかがってみましょう。",
        )
    said = [honest(n)]
    if of > n:
        said.append(f"お願いした{of}人のうち、まだお答えのない方の気持ちは、ここには入っていません。")
    elif not of:
        said.append("何人にお願いしたかを書いておくと、お答えの数と並べて読めます。")
    elif n > of:
        said.append(f"お願いした{of}人のほかにも、声を寄せてくださった方がいます。")
    good, bad = found.of(Kind.PRAISE), (*found.of(Kind.COMPLAINT), *found.product)
    if bad and not good:
        said.append("いまのところ、気になったことばかりです。言いにくいことを、わざわざ話してくださいました。まず、そのお礼からです。")
    elif good and not bad:
        said.append("気になったことは、まだ聞こえていません。ないのか、言いにくいのかは、これだけでは分かりません。")
    return tuple(said)
