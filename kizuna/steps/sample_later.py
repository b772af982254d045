"""The worked example, some days on: people and touches, offers, what came back, what was mended, and voices shown with consent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from kizuna.language.posts import Kind as PostKind
from kizuna.process import Part, Step
from kizuna.steps import (
    askers,
    asking,
    composing,
    consents,
    drafts,
    improvements,
    invitations,
    invited,
    offer,
    proofs,
    roster,
    showing,
    testimonials,
    thanks,
    touches,
)
from kizuna.steps import feedback as heard
from kizuna.steps.cards import cut
from kizuna.steps.plan import plan
from kizuna.steps.proposals import Verdict
from kizuna.steps.recurring import add_recurring
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Action, Person, Post, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

BEGAN = 10  # days before today the example's plan began


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid")


class Words(_Model):
    """Words of one person."""

    person: str
    quote: str


class ExampleGroup(_Model):
    """People touched in the same rhythm."""

    name: str
    ideal_days: int
    worst_days: int


class ExamplePerson(_Model):
    """Somebody on the list; ``visits`` are days before today."""

    person: str
    group: str
    met: str
    closeness: int
    evidence: str
    channels: dict[str, str]
    visits: list[int]
    fan: str | None = None


class ExampleTouch(_Model):
    """One touch."""

    person: str
    days_ago: int
    kind: str
    medium: str
    note: str


class ExampleOffer(_Model):
    """An item of the plan, offered."""

    action: str
    gain_them: str
    gain_me: str
    family_who: str
    family_ok: bool
    family_reason: str
    invited: list[str]
    used: list[str]


class ExampleFeedback(_Model):
    """What one person answered."""

    person: str
    days_ago: int
    good: str = ""
    bad: str = ""
    wish: str = ""


class ExampleImprovement(_Model):
    """What was kept or changed."""

    verdict: Literal["keep", "change", "stop"]
    action: str
    title: str
    content: str
    decided: bool
    done: bool
    evidence: list[Words]


class ExampleThreshold(_Model):
    """What the owner had promised herself."""

    answers: int
    percent: int
    days_ago: int


class ExampleConsent(_Model):
    """What one person allows with what she said was good."""

    person: str
    days_ago: int
    scopes: list[str]
    name_style: str
    shown_name: str
    edit: str
    method: str


class ExampleTestimonial(_Model):
    """Voices shown."""

    form: str
    title: str
    voices: list[str]
    heading: str
    thanks: str
    places: list[str]


class ExamplePost(_Model):
    """Something the owner published."""

    days_ago: int
    kind: PostKind
    text: str


class ExampleRecurring(_Model):
    """Something the owner likes to tell again."""

    title: str
    point: str
    rest_days: int


class Later(_Model):
    """The second half of ``example.yaml``."""

    groups: list[ExampleGroup]
    people: list[ExamplePerson]
    touches: list[ExampleTouch]
    offers: list[ExampleOffer]
    feedback_asked: list[str]
    feedback: list[ExampleFeedback]
    glad: list[Words]
    improvements: list[ExampleImprovement]
    thanks: list[Words]
    threshold: ExampleThreshold
    consents: list[ExampleConsent]
    testimonials: list[ExampleTestimonial]
    posts: list[ExamplePost]
    recurring: list[ExampleRecurring]


def go_on(book: Workbook, told: Later, today: date) -> None:
    """Do all that the example tells, by the same functions the forms call."""
    who = _people(book)

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    testimonials.set_threshold(book, Part.FOLLOWUP, told.threshold.answers, told.threshold.percent, ago(told.threshold.days_ago))
    _bonds(book, told, who, today)
    _offers(book, told, who, ago(BEGAN - 1))
    asking.ask(book, Part.FOLLOWUP, ago(5), [who[name] for name in told.feedback_asked])
    questions = asking.questions(Part.FOLLOWUP)
    for one in told.feedback:
        said = [Said(question.text, question.topic, getattr(one, question.key)) for question in questions]
        hear(book, one.person, ago(one.days_ago), said, Part.FOLLOWUP)
    for words in told.glad:
        for passage in _passages(book, who[words.person], words.quote):
            heard.mark(book, Part.FOLLOWUP, passage, kind=heard.Kind.PRAISE)
    _mend(book, told, who, today)
    for consent in told.consents:
        agreed = consents.Agreed(
            tuple(consent.scopes), consent.name_style, consent.shown_name, edit=consent.edit, method=consent.method
        )  # fmt: skip
        consents.record(book, who[consent.person], [_good(book, who[consent.person])], agreed, ago(consent.days_ago))
    for shown in told.testimonials:
        number = composing.draft(book, Part.FOLLOWUP, shown.form, [_good(book, who[name]) for name in shown.voices], today)
        drafts.rename(book, number, shown.title)
        drafts.write(book, number, "heading", shown.heading)
        drafts.write(book, number, "thanks", shown.thanks)
        for finding in showing.check(book, drafts.draft(book, number), today):
            drafts.tick(book, number, finding.rule)
        showing.finish(book, number, today)
        for place in shown.places:
            proofs.put_up(book, number, place, today)
    with book.act("見本の投稿を入れた") as session:
        session.add_all(Post(text=one.text, kind=one.kind, posted_on=ago(one.days_ago)) for one in told.posts)
    for again in told.recurring:
        add_recurring(book, again.title, again.point, again.rest_days)


def _people(book: Workbook) -> dict[str, int]:
    with book.reading() as session:
        return {person.name: person.id for person in session.scalars(select(Person)) if person.name}


def _bonds(book: Workbook, told: Later, who: dict[str, int], today: date) -> None:
    groups = {one.name: roster.add_group(book, one.name, one.ideal_days, one.worst_days) for one in told.groups}
    for one in told.people:
        number = who[one.person]
        roster.edit(book, number, group_id=groups[one.group], met=one.met)
        roster.note_closeness(book, number, one.closeness, one.evidence, today - timedelta(days=BEGAN))
        for medium, wish in one.channels.items():
            roster.set_contact(book, number, medium, wish=wish, asked_on=today - timedelta(days=BEGAN), method="talk")
        for days in one.visits:
            touches.log(book, number, "visit", today - timedelta(days=days), today=today)
        if one.fan:
            roster.mark_fan(book, number, _quote(book, number, one.fan), today)
    for touch in told.touches:
        touches.log(book, who[touch.person], touch.kind, today - timedelta(days=touch.days_ago), touch.medium, touch.note, today)


def _offers(book: Workbook, told: Later, who: dict[str, int], day: date) -> None:
    actions = {one.title: one for one in plan(book, Part.FOLLOWUP).decided}
    with book.act("見本の一手を始めた") as session:
        for one in actions.values():
            session.get_one(Action, one.id).done_on = one.due_on
    for told_offer in told.offers:
        number = offer.begin(book, Part.FOLLOWUP, actions[told_offer.action].id)
        offer.edit(
            book, number, gain_them=told_offer.gain_them, gain_me=told_offer.gain_me, family_who=told_offer.family_who, family_ok=told_offer.family_ok,
            family_reason=told_offer.family_reason,
        )  # fmt: skip
        for draft in invitations.invite(book, number, [who[name] for name in told_offer.invited], "letter"):
            for finding in invitations.check_invitation(book, drafts.draft(book, draft), day):
                drafts.tick(book, draft, finding.rule)
            invitations.finish(book, draft, day)
        for asked in invited.asked(book, number):
            invited.ask(book, asked.id, day)
            if asked.person_id in {who[name] for name in told_offer.used}:
                invited.use(book, asked.id, today=day + timedelta(days=3))


def _mend(book: Workbook, told: Later, who: dict[str, int], today: date) -> None:
    actions = {one.title: one.id for one in plan(book, Part.FOLLOWUP).decided}
    for one in told.improvements:
        passages = [number for words in one.evidence for number in _passages(book, who[words.person], words.quote)]
        number = improvements.begin(
            book, Part.FOLLOWUP, Verdict(one.verdict), title=one.title, action_id=actions[one.action], passages=passages
        )
        improvements.edit(book, number, content=one.content)
        if one.decided:
            improvements.decide(book, number, today=today)
        if one.done:
            improvements.finish(book, number, today=today)
            for asker in askers.askers(book, number):
                askers.write_note(book, number, asker.person_id)
    for words in told.thanks:
        for passage in _passages(book, who[words.person], words.quote):
            thanks.keep(book, Part.FOLLOWUP, passage, today)


def _passages(book: Workbook, person_id: int, quote: str) -> list[int]:
    found = [one for one in heard.feedback(book, Part.FOLLOWUP).passages if one.card.person_id == person_id and one.text in quote]
    if not found:
        raise LookupError(f"nobody said: {quote}")
    return [one.id for one in found]


def _quote(book: Workbook, person_id: int, words: str) -> int:
    with book.act("見本の言葉を切り出した") as session:
        voice = next(one for one in session.scalars(select(Voice).where(Voice.person_id == person_id)) if words in one.text)
        start = voice.text.index(words)
        return cut(session, voice.id, start, start + len(words)).id


def _good(book: Workbook, person_id: int) -> int:
    """The voice in which a person said what was good."""
    with book.reading() as session:
        of_her = select(Voice.id).where(Voice.person_id == person_id, Voice.step == Step.FEEDBACK, Voice.topic == Topic.GOOD)
        return session.scalars(of_her).one()
