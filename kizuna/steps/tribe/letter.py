"""What a letter to a member says beyond any invitation, and what has to hold in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.personal import Kind as Personal
from kizuna.language.personal import find_personal
from kizuna.steps.cards import Card
from kizuna.steps.drafts import DraftView
from kizuna.steps.names import tells_name
from kizuna.steps.tribe.gathering import gathering, keeps_away, may_be_named, paid
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Person
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    from kizuna.steps.invitations import PartWords

_OURS = ("shop", "sender.name")  # answers whose names are the shop's own


def beyond(session: Session, texts: PartWords, news: str, wished: Sequence[Card], to: int, others: Sequence[int]) -> dict[str, str]:
    """The words about the gathering: that others wish for it too, when it is (for the owner to write), who else comes, and what it costs.

    Raises ``KizunaError`` where somebody would be named who did not say that she may be introduced.
    """
    allowed = {person.id: person.called for person in may_be_named(session, to)}
    for person_id in others:
        if person_id not in allowed and person_id != to:
            who = session.get_one(Person, person_id).called
            raise KizunaError(f"{who}は、この方に引き合わせてよいと、まだうかがっていません。お名前を書かずにお誘いしましょう。")
    names = "と".join(allowed[person_id] for person_id in dict.fromkeys(others) if person_id != to)
    wishers = {said.person_id for said in wished}
    lines = [
        texts.alike if to in wishers and len(wishers) > 1 else "",
        news,
        texts.when,
        texts.others.replace("{others}", names) if names else "",
    ]
    return {"news": "\n".join(line for line in lines if line), "cost": gathering(session).cost}


def check_letter(book: Workbook, one: DraftView, own: Sequence[Card]) -> Iterator[Finding]:
    """What has to hold: she does not stay apart, her ``own`` words stand in it, nobody is named who did not agree, and it costs no more than planned."""
    if own and not one.groups:
        message = "この方ご自身の言葉が、まだ入っていません。「お客さまの言葉を選んで入れる」で一つ選ぶと、この方への手紙になります。"
        yield Finding("4-44", "OWN_WORDS", Strength.CARE, message)
    text = "\n".join([one.title, *(piece.text for piece in one.pieces if piece.card is None)])
    with book.reading() as session:
        named = select(Person).where(Person.name.is_not(None), Person.relation.is_(None))
        known = session.scalars(named.order_by(Person.id)).all()
        allowed = {one.person_id, *(person.id for person in may_be_named(session, one.person_id))}
        meant, away = gathering(session).yen, one.person_id in keeps_away(session)
    if away:
        message = "この方は、ほかの方との集まりを望んでいません。お送りせず、いままでどおりのおつきあいを続けましょう。"
        yield Finding("PI-04", "CONSENT", Strength.STOP, message)
    for person in known:
        if person.id not in allowed and tells_name(text, person):
            message = f"{person.called}のお名前が入っています。ほかの方に知らせてよいとは、まだうかがっていません。外しましょう。"
            yield Finding("PI-04", "CONSENT", Strength.STOP, message)
    if strangers := sorted(_strangers(book, text, known)):
        message = (
            f"お名前のような言葉があります（{'・'.join(strangers)}）。一覧にない方でしたら、書いてよいかをご本人に確かめましょう。"
            "本の作者などでしたら、そのままでかまいません。"
        )
        yield Finding("PI-01", "PERSONAL", Strength.CARE, message)
    told = paid("\n".join(piece.text for piece in one.of("cost")))
    if meant and told > meant:
        message = f"「実費」が、集まりの案（お一人{meant}円）より多くなっています。ほんとうにかかる分だけか、確かめましょう。"
        yield Finding("KZ-03", "COST", Strength.CARE, message)


def _strangers(book: Workbook, text: str, known: Sequence[Person]) -> set[str]:
    """What reads like the name of somebody who is not on the list, and is not the shop's own."""
    answers = read_answers(book)
    ours = [str(answers.get(key) or "") for key in _OURS]
    people = {text[at.start : at.end] for at in find_personal(text, ours) if at.kind is Personal.PERSON}
    listed = {name for name in people for person in known if tells_name(f"{name}さん", person)}
    return {name for name in people - listed if not any(name in own for own in ours)}
