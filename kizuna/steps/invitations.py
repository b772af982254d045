"""STEP3: whom to ask and with which words, and what stands in the way of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.media import media
from kizuna.language.rules import Facts, Industry, check_facts, rule
from kizuna.process import Part, Step
from kizuna.steps import drafts
from kizuna.steps.calendar.settings import cap
from kizuna.steps.cards import Card, card
from kizuna.steps.drafts import DraftView, Kind
from kizuna.steps.offer import OfferView, check_offer, offer
from kizuna.steps.people import PersonView, everyone
from kizuna.steps.people import words as words_of_touches
from kizuna.steps.tribe import letter
from kizuna.steps.tribe.gate import may_begin
from kizuna.steps.tribe.gathering import keeps_away, may_be_named
from kizuna.workbook.answers import read_answer, read_answers
from kizuna.workbook.models import Contact, Draft, Invitation, Person, Quote, Touch, Voice
from kizuna.workbook.store import Workbook

SENDER = {"sender.name": "名前", "sender.address": "住所", "sender.contact": "問い合わせ先", "sender.stop": "配信を止める方法"}
MEDIUM = {"letter": "postcard", "line": "line", "mail": "mail", "face": "facetoface"}  # the medium by which a form reaches somebody
WITHIN = 30  # days over which contacts with one person are counted
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


Template = Annotated[
    str, Field(pattern=r"^(?:[^「」{}]|\{(?:shop|person|perk|others)\})*$")
]  # no words of others, and no other names to fill in


class Words(Entry):
    """The owner's words of an invitation by part; ``heard`` leads to the person's own wish, ``together`` stands there without one."""

    greeting: Template
    heard: Template
    together: Template
    news: Template
    ask: Template
    close: Template


class PartWords(Entry):
    """The templates of one part of the course, the test of a letter to a friend, and how its coming about is told.

    ``alone``: everybody gets a letter of her own; ``alike``: that others wish for it too; ``others``: who else comes; ``when``: what the
    owner still has to write.
    """

    forms: dict[str, Words]
    perk: dict[Literal["use", "voice", "positive", "consent"], Template]
    friend: list[str] = Field(min_length=3, max_length=3)
    used: str
    did: str
    will: str
    wished: str
    nothing: tuple[str, str]
    came: str
    alone: bool = False
    alike: Template = ""
    when: str = ""
    others: Template = ""


@dataclass(frozen=True)
class Invitee:
    """Somebody who can be asked: her wish for this very thing, how close she is, and by which forms she does not want to hear."""

    person_id: int
    person: str
    wishes: tuple[Card, ...]
    closeness: int | None
    refused: frozenset[str]
    invited: bool

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms in which she may be asked."""
        return tuple(form for form in MEDIUM if form not in self.refused)


def words() -> dict[Part, PartWords]:
    """The templates as ``content/invitations.yaml`` tells them; there may be none yet for a part."""
    return load("invitations.yaml", dict[Part, PartWords])


def invitees(book: Workbook, one: OfferView) -> tuple[Invitee, ...]:
    """Whom to ask: first those who wished for it, then the closest; nobody who wants to hear nothing from us."""
    wishes: dict[int, list[Card]] = {}
    for said in one.evidence:
        wishes.setdefault(said.person_id, []).append(said)
    with book.reading() as session:
        invited = set(session.scalars(select(Invitation.person_id).where(Invitation.offer_id == one.id)))
        refused = _refused(session)
        away = keeps_away(session) if one.part is Part.TRIBE else set()
    found = [
        Invitee(who.id, who.called, tuple(wishes.get(who.id, ())), who.level, frozenset(refused.get(who.id, ())), who.id in invited)
        for who in everyone(book)
        if not who.stopped and who.id not in away
    ]
    return tuple(sorted(found, key=lambda who: (not who.wishes, -(who.closeness if who.closeness is not None else -1), who.person_id)))


def companions(book: Workbook, part: Part) -> tuple[PersonView, ...]:
    """Who may be named to others as coming too: among members, those who said yes to being introduced."""
    if part is not Part.TRIBE:
        return ()
    with book.reading() as session:
        allowed = {person.id for person in may_be_named(session)}
    return tuple(who for who in everyone(book) if who.id in allowed)


def invite(
    book: Workbook, offer_id: int, person_ids: Sequence[int], form: str, together: bool = False, others: Sequence[int] = ()
) -> tuple[int, ...]:
    """Begin drafts to ask these people, one for each or one for all of them ``together``; returns the drafts' ids.

    ``others`` are named to each as coming too. Who has a draft of this form already gets no second one. Raises ``KizunaError`` where
    nobody is chosen, there is no template, somebody does not want to hear from us, or not in this way, or did not agree to be named.
    """
    one = offer(book, offer_id)
    may_begin(book, one.part)
    texts = words().get(one.part)
    if texts is None or form not in texts.forms:
        raise KizunaError("この届け方のひな形が、まだありません。ほかの届け方を選んでください。")
    if not person_ids:
        raise KizunaError("お誘いする方が、まだ選ばれていません。お名前に印をつけてください。")
    if together and texts.alone:
        raise KizunaError("集まりへのお誘いは、お一人ずつ、その方の言葉から始めます。「一人ずつの下書きを作る」を押してください。")
    shop = read_answer(book, "shop") or ""
    with book.act(f"{len(person_ids)}人へのお誘いを書きはじめた") as session:
        people = [session.get_one(Person, person_id) for person_id in person_ids]
        for person in people:
            may_reach(session, person, form, one.part)
            _noted(session, offer_id, person.id).medium = MEDIUM[form]
        if together:
            title = f"{len(people)}人の方へ"
            return (_begin(session, one, form, _spoken(texts, one, form, shop), title=title),)
        there = set(session.scalars(select(Draft.person_id).where(Draft.offer_id == offer_id, Draft.form == form)))
        begun = []
        for person in (person for person in people if person.id not in there):
            wishes = [said.id for said in one.evidence if said.person_id == person.id]
            said = _spoken(texts, one, form, shop, person.called if person.name else "", bool(wishes))
            if one.part is Part.TRIBE:
                said |= letter.beyond(session, texts, said["news"], one.evidence, person.id, others)
            begun.append(_begin(session, one, form, said, wishes, person.id))
        return tuple(begun)


def own_words(book: Workbook, one: DraftView) -> tuple[Card, ...]:
    """The words that may stand in an invitation: those of the person whom it reaches, what she wished for first."""
    if one.person_id is None:
        return ()
    evidence = offer(book, one.offer_id).evidence if one.offer_id else ()
    wished = [said for said in evidence if said.person_id == one.person_id]
    here = (Voice.person_id == one.person_id, Voice.part == one.part, Voice.step == Step.RESEARCH, Quote.laid)
    with book.reading() as session:
        others = [card(quote) for quote in session.scalars(select(Quote).join(Quote.voice).where(*here).order_by(Quote.id))]
    return tuple({said.id: said for said in (*wished, *others)}.values())


def check_invitation(book: Workbook, one: DraftView, today: date | None = None) -> tuple[Finding, ...]:
    """What stands in the way of an invitation: its words, the offer behind it, and the people whom it would reach."""
    found = [*drafts.check(book, one)]
    if one.offer_id is not None:
        found += [_of_the_offer(each) for each in check_offer(book, offer(book, one.offer_id)) if each.strength is not Strength.ADVICE]
    found += _words_of_others(one)
    most = cap(book)
    with book.reading() as session:
        people = _reached(session, one)
        for person in people:
            found += _about(session, person, one, today or date.today(), most)
    if one.inside:
        found += letter.check_letter(book, one, own_words(book, one))
    if one.form.key == "mail":
        found += _mail(book, one)
    if Industry.kept(read_answer(book, "industry")) is Industry.MAIL_ORDER and not all(word in one.text for word in ("送料", "返品")):
        found += check_facts(Facts(mail_order=True, mail_order_complete=False))
    if not one.of("ask"):
        found.append(
            Finding(
                "4-36", "RETURN", Strength.ADVICE, "使ったあとにお願いしたいこと（感想をお聞かせください）も、はじめに書いておきましょう。"
            )
        )
    return tuple(found)


def finish(book: Workbook, draft_id: int, today: date | None = None) -> None:
    """Mark an invitation as finished. Raises ``KizunaError`` with the first reason why it cannot be."""
    drafts.finish(book, draft_id, check_invitation(book, drafts.draft(book, draft_id), today), today)


def sent_text(book: Workbook, one: DraftView) -> str:
    """An invitation as it is sent: a mail ends with who sends it and how to stop it, as the law wants it."""
    apart = "\n\n" if one.form.key in ("letter", "mail") else "\n"
    text = apart.join(text for _, text, _ in one.paragraphs())
    return "\n".join([text, *(("", *below(book, one)) if below(book, one) else ())])


def below(book: Workbook, one: DraftView) -> tuple[str, ...]:
    """The lines under a mail: who sends it, and how to stop it."""
    if one.form.key != "mail":
        return ()
    answers = read_answers(book)
    told = [f"{label}：{answers[key]}" for key, label in SENDER.items() if answers.get(key)]
    return ("----", *told) if told else ()


def _spoken(texts: PartWords, one: OfferView, form: str, shop: str, person: str = "", wished: bool = False) -> dict[str, str]:
    """The owner's words of an invitation: from the template, what she offers, and her thank-you."""
    said = texts.forms[form]
    lines = {str(condition): text for condition, text in texts.perk.items()}
    perk = lines.get(one.perk, "").replace("{perk}", one.perk_what) if one.perk_what else ""
    news = [f"『{one.name}』" if one.name else "", one.gain_them or "（ここに、ご用意できたことを書きます）"]
    filled = {
        "greeting": "\n".join([said.greeting, said.heard if wished else said.together]),
        "news": "\n".join([said.news, *(line for line in news if line)]),
        "ask": f"{said.ask}\n{perk}" if perk else said.ask,
        "close": said.close,
    }
    return {role: _fill(text, shop, person) for role, text in filled.items()}


def _fill(text: str, shop: str, person: str) -> str:
    """A template's text with the names in it; a name that is not known is left out with what hangs on it."""
    text = text if shop else text.replace("{shop}です。", "")
    text = text if person else text.replace("{person}、", "")
    return text.replace("{shop}", shop).replace("{person}", person)


def _begin(
    session: Session, one: OfferView, form: str, said: dict[str, str], quote_ids: Sequence[int] = (), person_id: int | None = None, title: str = ""
) -> int:  # fmt: skip
    return drafts.start(
        session, one.part, Kind.INVITATION, form, title=title, words=said, quotes={"wish": quote_ids}, person_id=person_id, offer_id=one.id
    )


def may_reach(session: Session, person: Person, form: str, part: Part = Part.FOLLOWUP) -> None:
    """Raise ``KizunaError`` where a person does not want to hear from us, not in this way, or not be brought together with others."""
    if part is Part.TRIBE and person.id in keeps_away(session):
        raise KizunaError(f"{person.called}は、ほかの方との集まりを望んでいません。お誘いせず、いままでどおりのおつきあいを続けましょう。")
    if person.stopped_on is not None:
        raise KizunaError(f"{person.called}は、連絡を望んでいません。お誘いせず、お店でお会いしたときにお話ししましょう。")
    if form in _refused(session).get(person.id, ()):
        name = media()[MEDIUM[form]].name
        raise KizunaError(f"{person.called}は、「{name}」での連絡を望んでいません。ほかの届け方を選んでください。")


def _refused(session: Session) -> dict[int, set[str]]:
    """The forms by which each person does not want to hear from us."""
    found: dict[int, set[str]] = {}
    for contact in session.scalars(select(Contact).where(Contact.wish == "no")):
        found.setdefault(contact.person_id, set()).update(form for form, medium in MEDIUM.items() if medium == contact.medium)
    return found


def _noted(session: Session, offer_id: int, person_id: int) -> Invitation:
    row = session.scalars(select(Invitation).where(Invitation.offer_id == offer_id, Invitation.person_id == person_id)).first()
    if row is None:
        row = Invitation(offer_id=offer_id, person_id=person_id)
        session.add(row)
    return row


def _reached(session: Session, one: DraftView) -> Sequence[Person]:
    """The people whom a draft would reach: its own, or those of the offer, by its medium, who have no draft of their own."""
    if one.person_id is not None:
        return [session.get_one(Person, one.person_id)]
    own = select(Draft.person_id).where(Draft.offer_id == one.offer_id, Draft.person_id.is_not(None))
    here = (Invitation.offer_id == one.offer_id, Invitation.medium == MEDIUM.get(one.form.key), Person.id.not_in(own))
    return session.scalars(select(Person).join(Invitation, Invitation.person_id == Person.id).where(*here).order_by(Invitation.id)).all()


def _about(session: Session, person: Person, one: DraftView, today: date, most: int) -> Iterator[Finding]:
    """What is known of a person's wishes, against reaching her in this way, and how often she was reached."""
    found: list[Finding] = []
    stopped = person.stopped_on is not None or one.form.key in _refused(session).get(person.id, ())
    found += check_facts(Facts(stopped=stopped))
    if one.form.key == "mail" and not stopped:
        contact = session.scalars(select(Contact).where(Contact.person_id == person.id, Contact.medium == "mail")).first()
        agreed = contact is not None and contact.wish == "yes"
        recorded = contact is not None and bool(contact.asked_on and contact.method and contact.wording)
        found += check_facts(Facts(advert_mail=True, mail_consent=agreed, consent_recorded=recorded if agreed else None))
    if not _is_asked(session, one.offer_id, person.id):
        found += check_facts(Facts(touches=_touches(session, person.id, today, most), most_touches=most))
    for each in found:
        yield Finding(each.rule, each.category, each.strength, f"{person.called}：{each.message}", 0, 0, each.softer)


def _is_asked(session: Session, offer_id: int | None, person_id: int) -> bool:
    here = (Invitation.offer_id == offer_id, Invitation.person_id == person_id, Invitation.asked_on.is_not(None))
    return session.scalars(select(Invitation.id).where(*here)).first() is not None


def _touches(session: Session, person_id: int, today: date, most: int) -> int:
    """Contacts of the last days, this one too; where the last two both asked for something, one more than may be."""
    rows = session.scalars(select(Touch).where(Touch.person_id == person_id).order_by(Touch.on.desc(), Touch.id.desc())).all()
    ways = {one.key: one.direction for one in words_of_touches().touches}
    ours = [(row.on, ways.get(row.kind, "given")) for row in rows if ways.get(row.kind) != "come"]
    lately = sum(today - timedelta(days=WITHIN) < on <= today for on, _ in ours)
    return most + 1 if [way for _, way in ours[:2]] == ["asked", "asked"] else lately + 1


def _mail(book: Workbook, one: DraftView) -> Iterator[Finding]:
    answers = read_answers(book)
    missing = [label for key, label in SENDER.items() if not answers.get(key)]
    if missing:
        yield rule("ML-02").finding(rule("ML-02").strength, said="・".join(missing))
    if any(_LINK.search(piece.text) for piece in one.pieces):
        yield from check_facts(Facts(links_to_shop=True))


def _words_of_others(one: DraftView) -> Iterator[Finding]:
    """Words of somebody else, who was not asked whether others may read them."""
    for said in {piece.card.id: piece.card for piece in one.pieces if piece.card and piece.card.person_id != one.person_id}.values():
        yield Finding(
            "PI-04",
            "CONSENT",
            Strength.STOP,
            f"{said.person}の言葉が入っています。ほかの方に見せてよいとは、まだうかがっていません。外しましょう。",
        )


def _of_the_offer(finding: Finding) -> Finding:
    """A finding on the offer, as it stands below a draft: there are no places in the text."""
    return Finding(finding.rule, finding.category, finding.strength, f"お誘いの中身：{finding.message}", 0, 0, finding.softer)


def titles() -> dict[str, str]:
    """The forms of an invitation by their names."""
    return {one.key: one.name for one in drafts.forms(Kind.INVITATION)}
