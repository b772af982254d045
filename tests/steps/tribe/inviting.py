"""A shop whose customers want a gathering, as the tests of STEP3 of the second part need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps import drafts, invitations, offer
from kizuna.steps.cards import cut
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Choice, ChoiceEvidence, Introduction, Person, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TRIBE = Part.TRIBE
TODAY = date(2026, 11, 26)
WISHES = {
    "ミナト": "かしこまった会は苦手。立ち話くらいがいい。",
    "灯台のよし子": "お茶を飲みながら、昔読んだ本の話をするくらいがええねえ。",
    "りく父": "父親どうしで、読み聞かせの失敗談を笑い合える場があれば参加したいです。",
    "シロ": "考えたことがありません。",
}
WHOLE: dict[str, Any] = {
    "gain_them": "お茶を飲みながら、昔読んだ本の話をします。聞いているだけでもかまいません。",
    "gain_me": "一人の本好きとして、本の話ができる。",
    "family_ok": True,
    "family_who": "妹のさとみ",
    "family_reason": "妹も、聞くだけの会なら来やすいと思うから。",
}


def a_place(yen: int | None = 300) -> Workbook:
    """A shop with four wishes for a gathering; those of the first two stand in its design, and the gate is open by a note."""
    book = open_workbook(MEMORY)
    save_answer(book, "shop", "汐風書店")
    save_answer(book, NOTE, "授業で")
    for person, text in WISHES.items():
        hear(book, person, date(2026, 10, 1), [Said("どんな場があったらうれしいですか", Topic.PLACE, text)])
    with book.act("案を決めた") as session:
        name = Choice(topic="name", text="しおかぜ立ち話", decided=True)
        cost = Choice(topic="cost", text="お茶とだんごの分を、来た方で等分する。", yen=yen, decided=True)
        idea = Choice(topic="yearly", text="夏の会", decided=False)
        session.add_all([name, cost, idea])
        session.flush()
        for choice, person in ((name, "ミナト"), (cost, "灯台のよし子"), (idea, "りく父")):
            voice = session.scalars(select(Voice).join(Voice.person).where(Person.name == person)).one()
            session.add(ChoiceEvidence(choice_id=choice.id, quote_id=cut(session, voice.id, 0, len(voice.text)).id))
    return book


def who(book: Workbook, name: str) -> int:
    """The id of the person of that name."""
    with book.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name)).one()


def agree(book: Workbook, name: str, wish: str = "yes", asked_on: date | None = TODAY) -> None:
    """Somebody says whether she wants to be brought together with others."""
    with book.act("うかがった") as session:
        row = session.scalars(select(Introduction).join(Person, Person.id == Introduction.person_id).where(Person.name == name)).first()
        row = row or Introduction(person_id=session.scalars(select(Person.id).where(Person.name == name)).one())
        row.wish, row.asked_on = wish, asked_on
        session.add(row)


def an_offer(book: Workbook, **fields: Any) -> int:
    """An invitation to the gathering with nothing in its way; ``fields`` are written otherwise."""
    one = offer.begin(book, TRIBE)
    offer.edit(book, one, **(WHOLE | fields))
    return one


def a_letter(book: Workbook, name: str = "ミナト", others: tuple[str, ...] = (), form: str = "letter") -> int:
    """A letter to one person, with when and where written in; returns the draft's id."""
    (one,) = invitations.invite(book, an_offer(book), [who(book, name)], form, others=[who(book, other) for other in others])
    news = next(piece.text for piece in drafts.draft(book, one).of("news"))
    drafts.write(book, one, "news", news.replace(invitations.words()[TRIBE].when, "次の木曜の夕方、店の奥の机で。"))
    return one


def finish(book: Workbook, one: int) -> None:
    """Tick what is only to be minded, and finish."""
    for finding in invitations.check_invitation(book, drafts.draft(book, one), TODAY):
        drafts.tick(book, one, finding.rule)
    invitations.finish(book, one, TODAY)
