"""Whatever the owner does in whatever order: nothing goes out beyond what each person allows on that day, and not a letter is added."""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps import composing, consents, drafts, proofs, showing
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import cut
from kizuna.steps.drafts import Kind
from kizuna.steps.withdrawals import lapsed, let_go, withdraw
from kizuna.workbook.models import Consent, ConsentVoice
from kizuna.workbook.store import Workbook
from tests.steps.testifying import GLAD, LONG, PART, SORRY, TODAY, a_book, allow, finish, found, tell, voices

FORMS = [one.key for one in drafts.forms(Kind.TESTIMONIAL)]
SCOPES = [one.key for one in consents.texts().scopes]
TEXTS = (GLAD, LONG, SORRY, "田中さんが0120-123-456で教えてくださり、うれしかったです。")


def within(words: str, text: str) -> bool:
    """Whether words are stretches of a voice in their order, joined by 「…」."""
    for stretch in words.split("…"):
        at = text.find(stretch)
        if at < 0:
            return False
        text = text[at + len(stretch) :]
    return True


def may_go(book: Workbook, voice_id: int, scope: str, today: Any) -> bool:
    """What the records say, told here once more and in another way."""
    with book.reading() as session:
        rows = session.scalars(select(Consent).join(ConsentVoice).where(ConsentVoice.voice_id == voice_id)).all()
        return any(
            scope in one.scopes
            and one.obtained_on <= today
            and (one.expires_on is None or today <= one.expires_on)
            and (one.withdrawn_on is None or today < one.withdrawn_on)
            for one in rows
        )


class Shop(RuleBasedStateMachine):
    """A shop over the years: people allow, take back, and the owner writes, finishes, prints and undoes."""

    def __init__(self) -> None:
        super().__init__()
        self.book = a_book(*((f"客{number}", text) for number, text in enumerate(TEXTS)))
        self.today = TODAY
        for voice, expiry in ((1, "half_year"), (2, "open")):  # something is out from the first day on, or nothing could go wrong
            allow(self.book, voice, expiry=expiry)
            for form in ("pop", "web"):
                finish(self.book, composing.draft(self.book, PART, form, [voice], TODAY))
        assert not any(why for _, why in showing.may_go_out(self.book, PART, TODAY))

    @rule(days=st.sampled_from([1, 100, 200, 400]))
    def time_goes_by(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(
        voice=st.integers(1, 4),
        scopes=st.sets(st.sampled_from(SCOPES)),
        edit=st.sampled_from(["none", "shorten"]),
        perk=st.sampled_from(["none", "voice"]),
    )
    def allows(self, voice: int, scopes: set[str], edit: str, perk: str) -> None:
        with contextlib.suppress(KizunaError):
            allow(self.book, voice, today=self.today, scopes=tuple(scopes), edit=edit, perk=perk)

    @rule(consent=st.integers(1, 4))
    def takes_back(self, consent: int) -> None:
        with contextlib.suppress(KizunaError):
            told = withdraw(self.book, consent, self.today)
            with self.book.reading() as session:
                ids = set(session.scalars(select(ConsentVoice.voice_id).where(ConsentVoice.consent_id == consent)))
            for one in drafts.drafts(self.book):
                assert all(may_go(self.book, voice, one.form.scope or "", self.today) for voice in ids & set(one.voices))
            hang = {one.id for one in proofs.papers(self.book) if one.taken_down_on is None for voice in ids & set(one.voices)
                    if not may_go(self.book, voice, drafts.draft(self.book, one.draft_id).form.scope or "", self.today)}  # fmt: skip
            assert hang == {one.id for one in told.papers}

    @rule(form=st.sampled_from(FORMS), chosen=st.lists(st.integers(1, 4), min_size=1, max_size=2))
    def begins(self, form: str, chosen: list[int]) -> None:
        with contextlib.suppress(KizunaError):
            composing.draft(self.book, PART, form, chosen, self.today)

    @rule(draft=st.integers(1, 5), voice=st.integers(1, 4), data=st.data())
    def puts_in_whatever_she_likes(self, draft: int, voice: int, data: Any) -> None:
        length = len(TEXTS[voice - 1])
        start = data.draw(st.integers(0, length - 1))
        end = data.draw(st.integers(start + 1, length))
        with contextlib.suppress(KizunaError):
            drafts.draft(self.book, draft)
            with self.book.act("切った") as session:
                quote = cut(session, voice, start, end).id
            drafts.put(self.book, draft, "use", quote, joined=data.draw(st.booleans()))

    @rule(
        draft=st.integers(1, 5),
        text=st.sampled_from(["", "ありがとうございます。", "「最高の店」です。"]),
        part=st.sampled_from(["thanks", "use", "note"]),
    )
    def writes(self, draft: int, text: str, part: str) -> None:
        with contextlib.suppress(KizunaError):
            drafts.write(self.book, draft, part, text)

    @rule(draft=st.integers(1, 5))
    def masks(self, draft: int) -> None:
        with contextlib.suppress(KizunaError):
            composing.mask(self.book, draft)

    @rule(draft=st.integers(1, 5))
    def finishes(self, draft: int) -> None:
        with contextlib.suppress(KizunaError):
            drafts.write(self.book, draft, "heading", "お客さまの声")
            drafts.write(self.book, draft, "thanks", "ありがとうございます。")
            for name, strength in found(self.book, draft, self.today).items():
                if strength == "注意":
                    drafts.tick(self.book, draft, name)
            showing.finish(self.book, draft, self.today)
            proofs.put_up(self.book, draft, "棚", self.today)

    @rule()
    def undoes(self) -> None:
        with contextlib.suppress(KizunaError):
            self.book.undo()

    @rule()
    def lets_go(self) -> None:
        let_go(self.book, self.today)
        assert lapsed(self.book, self.today).drafts == ()

    @invariant()
    def nothing_goes_out_beyond_what_was_allowed(self) -> None:
        for one, why in showing.may_go_out(self.book, PART, self.today):
            said = {voice.id: voice.text for voice in voices(self.book)}
            for group in one.groups:
                assert within(spoken(group), said[group[0].voice_id or 0])
            if not why:
                assert all(may_go(self.book, voice, one.form.scope or "", self.today) for voice in one.voices)
                out = showing.showing(self.book, one.id, self.today)
                assert not re.search("客[0-9]|0120", out.text)

    def teardown(self) -> None:
        self.book.close()


TestShop = Shop.TestCase
TestShop.settings = settings(max_examples=5, stateful_step_count=10, deadline=None)


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=2, max_size=60), min_size=1, max_size=3),
    st.sampled_from(FORMS),
)
@settings(max_examples=40, deadline=None)
def test_between_the_brackets_stands_only_what_was_said(texts: list[str], form: str) -> None:
    book = a_book()
    ids = []
    for number, text in enumerate(texts):
        with contextlib.suppress(KizunaError):
            ids.append(tell(book, f"客{number}", f"{text}。席が静かで、うれしかったです。"))
            allow(book, ids[-1])
    said = {voice.id: voice.text for voice in voices(book)}
    for voice_id in ids:
        with contextlib.suppress(KizunaError):
            composing.draft(book, PART, form, [voice_id], TODAY)
    for one in drafts.drafts(book):
        composing.mask(book, one.id)
        view = drafts.draft(book, one.id)
        for _, text, spans in view.paragraphs():
            for start, end in spans:
                assert text[start] == "「" and text[end - 1] == "」"
                assert any(within(text[start + 1 : end - 1], said[voice_id]) for voice_id in view.voices)
    book.close()
