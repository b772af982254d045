"""The worked example, some months on: what fans have in common, the place they meet in, who was invited, and how it fares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from kizuna.language.media import media
from kizuna.process import Part, Step
from kizuna.steps import asking, composing, consents, drafts, improvements, invitations, invited, offer, people, plan, showing
from kizuna.steps.feedback import Kind, feedback, mark
from kizuna.steps.proposals import Verdict
from kizuna.steps.research import add_idea
from kizuna.steps.sample_story import TribeExample
from kizuna.steps.themes import themes
from kizuna.steps.tribe import chat, design, members, onepage, talks, ties, traits, values
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Quote, Voice
from kizuna.workbook.reading import Spoken, read_talk_times
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class _Desk:
    """What every act of the example needs."""

    book: Workbook
    told: TribeExample
    who: dict[str, int]
    ago: Callable[[int], date]

    def thursday(self, days: int) -> date:
        """The Thursday so many days ago, or the last one before: the day on which the example meets."""
        day = self.ago(days)
        return day - timedelta(days=(day.weekday() - 3) % 7)

    @property
    def meetings(self) -> list[tuple[date, list[str]]]:
        """The days on which people met, and who came."""
        return [(self.thursday(one.days_ago), one.came) for one in self.told.meetings]

    @property
    def next_meeting(self) -> date:
        """The day on which they meet again: four weeks after the last time."""
        return self.meetings[-1][0] + timedelta(weeks=4)

    def first_came(self, person: str) -> date | None:
        """The day on which somebody came for the first time."""
        return next((day for day, came in self.meetings if person in came), None)

    def dated(self, text: str) -> str:
        """A text of the example with the days of its gatherings in it."""
        return text.replace("{first}", _day(self.meetings[0][0])).replace("{next}", _day(self.next_meeting))

    def card(self, begins: str, person: str | None = None) -> int:
        """The id of the tribe's card whose words begin so."""
        with self.book.reading() as session:
            laid = select(Quote).join(Quote.voice).where(Voice.part == Part.TRIBE, Quote.laid).order_by(Quote.id)
            return next(one.id for one in session.scalars(laid) if one.text.startswith(begins) and person in (None, one.voice.person.name))

    def voice(self, person: str, step: Step) -> int:
        """The id of the first voice of somebody in a step of the second part."""
        with self.book.reading() as session:
            hers = select(Voice.id).where(Voice.part == Part.TRIBE, Voice.step == step, Voice.person_id == self.who[person])
            return session.scalars(hers.order_by(Voice.id)).first() or 0


def gather(book: Workbook, told: TribeExample, today: date) -> None:
    """Do all that the example tells, by the same functions the forms call; the gate is open by the fans of the first part."""
    who = {one.name: one.id for one in people.everyone(book) if one.name}
    desk = _Desk(book, told, who, lambda days: today - timedelta(days=days))
    for key, value in told.answers.items():
        save_answer(book, key, desk.dated(value) if isinstance(value, str) else value)
    _bring_together(desk)
    _design(desk)
    _meet(desk)
    _invite(desk)
    _fare(desk)
    _listen(desk, today)


def _bring_together(desk: _Desk) -> None:
    book, who = desk.book, desk.who
    for one in desk.told.introductions:
        ties.set_introduction(book, who[one.person], wish=one.wish, asked_on=desk.ago(80), method="talk", wording=one.wording)
    for tie in desk.told.knows:
        ties.know(book, who[tie.one], who[tie.other], tie.note, desk.ago(80))
    for tie in desk.told.introduced:
        ties.introduce(book, who[tie.one], who[tie.other], tie.note, desk.ago(60))
    for value in desk.told.values:
        values.make(book, value.name, (), [desk.card(one.words, one.person) for one in value.words])


def _design(desk: _Desk) -> None:
    for told in desk.told.choices:
        one = design.begin(desk.book, told.topic, [desk.card(words) for words in told.words])
        design.edit(desk.book, one, text=told.text, often=told.often, minutes=told.minutes, yen=told.yen)
        design.decide(desk.book, one)
    for allowed in desk.told.allowed:
        agreed = consents.Agreed(onepage.SCOPES[:1], allowed.name_style, allowed.shown_name, edit="shorten")
        consents.record(desk.book, desk.who[allowed.person], [desk.voice(allowed.person, Step.RESEARCH)], agreed, desk.ago(74))
    for idea in desk.told.ask_next:
        add_idea(desk.book, Part.TRIBE, idea.idea, idea.question)
    for key in desk.told.traits:
        save_answer(desk.book, traits.TRAIT + key, True)


def _meet(desk: _Desk) -> None:
    told = desk.told.action
    theme = next(one for one in themes(desk.book, Part.TRIBE) if one.name == told.theme)
    number = plan.begin(desk.book, Part.TRIBE, theme.id, desk.meetings[-1][0])
    medium = next((one.id for one in media().values() if one.name == told.medium), None)
    plan.edit(
        desk.book, number, title=told.title, relation=told.relation, content=told.content, medium=medium, minutes=told.minutes,
        due_on=desk.next_meeting,
    )  # fmt: skip
    plan.decide(desk.book, number)


def _invite(desk: _Desk) -> None:
    told, book = desk.told.offer, desk.book
    written = desk.ago(told.asked_days_ago + 2)
    one = offer.begin(book, Part.TRIBE)
    offer.edit(
        book, one, gain_them=told.gain_them, gain_me=told.gain_me, family_who=told.family_who, family_ok=True, family_reason=told.family_reason
    )  # fmt: skip
    others = [desk.who[name] for name in told.others]
    for number in invitations.invite(book, one, [desk.who[name] for name in told.invited], "letter", others=others):
        news = next(piece.text for piece in drafts.draft(book, number).of("news"))
        drafts.write(book, number, "news", news.replace(invitations.words()[Part.TRIBE].when, desk.dated(told.when)))
        for finding in invitations.check_invitation(book, drafts.draft(book, number), written):
            drafts.tick(book, number, finding.rule)
        invitations.finish(book, number, written)
    names = {desk.who[name]: name for name in told.invited}
    for asked in invited.asked(book, one):
        invited.ask(book, asked.id, desk.ago(told.asked_days_ago))
        if came := desk.first_came(names[asked.person_id]):
            invited.use(book, asked.id, today=came)
        elif names[asked.person_id] in told.declined:
            invited.answer(book, asked.id, False, desk.ago(told.asked_days_ago - 2))


def _day(value: date) -> str:
    return f"{value.month}月{value.day}日（{'月火水木金土日'[value.weekday()]}）"


def _fare(desk: _Desk) -> None:
    told, book, who = desk.told, desk.book, desk.who
    for one in told.members:
        number = members.join(
            book, who[one.person], desk.first_came(one.person) if one.joined_days_ago is None else desk.ago(one.joined_days_ago)
        )
        members.edit(book, number, role=one.role, often=one.often, listens=one.listens)
    spoken = _talk(desk)
    chat.take_in(book, spoken, chat.suggest(book, spoken) | {told.owner_in_talk: chat.OWNER})
    for day, came in desk.meetings:
        talks.note_meeting(book, [who[name] for name in came], day)
    subject = talks.log(book, who[told.subject.by], talks.To.ALL, desk.thursday(told.subject.days_ago), begins=True)
    talks.answer(book, subject, who[told.subject.answered_by])


def _talk(desk: _Desk) -> Spoken:
    """The talk as LINE would have saved it: who spoke when, and always the same words."""
    lines = ["[LINE] 汐風の読書の会のトーク履歴", f"保存日時：{datetime.combine(desk.ago(0), time(10)):%Y/%m/%d %H:%M}"]
    for days, hour, name in desk.told.talk:
        day = desk.ago(days)
        lines += ["", f"{day:%Y/%m/%d}({'月火水木金土日'[day.weekday()]})", f"{hour}:05\t{name}\tよかったです。"]
    return read_talk_times("[LINE] 汐風の読書の会.txt", "\n".join(lines).encode())


def _listen(desk: _Desk, today: date) -> None:
    told, book, who = desk.told, desk.book, desk.who
    day = desk.ago(told.feedback_days_ago)
    asking.ask(book, Part.TRIBE, desk.ago(told.feedback_days_ago + 2), asking.to_ask(book, Part.TRIBE))
    questions = asking.questions(Part.TRIBE)
    for one in told.feedback:
        hear(book, one.person, day, [Said(each.text, each.topic, getattr(one, each.key)) for each in questions], Part.TRIBE)
    passages = feedback(book, Part.TRIBE).passages
    for passage in passages:
        if passage.card.person_id == who[told.sorry.person] and passage.text.startswith(told.sorry.words):
            mark(book, Part.TRIBE, passage.id, kind=Kind.COMPLAINT)
    ids = [one.id for one in passages if one.text.startswith(tuple(told.improvement.words))]
    number = improvements.begin(book, Part.TRIBE, Verdict.CHANGE, title=told.improvement.title, passages=ids)
    improvements.edit(book, number, content=told.improvement.content)
    improvements.decide(book, number, today=desk.ago(told.improvement.decided_days_ago))
    consent = told.consent
    voice = desk.voice(consent.person, Step.FEEDBACK)
    agreed = consents.Agreed(tuple(consent.scopes), consent.name_style, consent.shown_name, edit="shorten")
    consents.record(book, who[consent.person], [voice], agreed, desk.ago(consent.days_ago))
    shown = composing.draft(book, Part.TRIBE, "inside", [voice], today)
    for finding in showing.check(book, drafts.draft(book, shown), today):
        drafts.tick(book, shown, finding.rule)
    showing.finish(book, shown, today)
