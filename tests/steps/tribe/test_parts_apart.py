"""STEP5 among members: the same chain and consent as in the first part, counted apart from it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import asking, composing, consents, drafts, invitations, invited, offer, proofs, showing, testimonials
from kizuna.steps.tribe.gate import NOTE
from kizuna.steps.withdrawals import lapsed, let_go, withdraw
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook
from tests.steps.tribe.inviting import TRIBE, a_place, an_offer, who
from tests.steps.tribe.members import GLAD, LINE, a_gathering, allow, said

BOTH = (Part.FOLLOWUP, TRIBE)


def helped(book: Workbook, name: str, text: str = "電話で知らせてくださって、助かりました。うれしかったです。") -> int:
    """What she said of the follow-up; returns the voice's id."""
    hear(book, name, LINE, [Said("よかったことは何ですか", Topic.GOOD, text)], feedback=Part.FOLLOWUP)
    with book.reading() as session:
        return session.query(Voice).order_by(Voice.id.desc()).first().id


def test_members_words_go_inside_only_with_that_consent() -> None:
    book = a_place()
    voice = said(book, "ミナト")
    allow(book, "ミナト", voice, scopes=("shop",))
    with pytest.raises(KizunaError, match="お許しがありません"):
        composing.draft(book, TRIBE, "inside", [voice])
    allow(book, "ミナト", voice, scopes=("members",))
    one = composing.draft(book, TRIBE, "inside", [voice])
    assert f"「{GLAD}」" in drafts.draft(book, one).text and "仲間の声" in drafts.draft(book, one).text
    withdraw(book, consents.consents(book, part=TRIBE)[-1].id)
    assert GLAD not in drafts.draft(book, one).text


def test_the_notes_of_members_tell_of_the_gathering() -> None:
    book, one = a_gathering("inside")
    assert "集まりの感想をくださいました" in drafts.draft(book, one).text
    showing.finish(book, one)
    assert showing.showing(book, one).said[0].words == GLAD


def test_outside_an_offer_may_stand_and_waits_for_the_owners_own_threshold() -> None:
    book, one = a_gathering("pop")
    drafts.write(book, one, "offer", "しおりを、店で300円でお分けしています。")
    found = showing.check(book, drafts.draft(book, one))
    assert "KZ-03" not in {each.rule for each in found} and "THRESHOLD" in {each.category for each in found}


def test_a_draft_of_voices_waits_at_the_gate() -> None:
    book, _ = a_gathering("inside")
    save_answer(book, NOTE, "")
    with pytest.raises(KizunaError, match="複数のファン"):
        composing.draft(book, TRIBE, "inside", [1])


@given(st.lists(st.tuples(st.sampled_from(["ミナト", "りく父", "シロ"]), st.sampled_from(BOTH), st.booleans()), max_size=6, unique=True))
@settings(max_examples=8, deadline=None)
def test_the_numbers_of_one_part_know_nothing_of_the_other(told: list[tuple[str, Part, bool]]) -> None:
    book = a_place()
    for name, part, allowed in told:
        voice = (said if part is TRIBE else helped)(book, name, f"{name}は、うれしかったです。{allowed}")
        if allowed:
            allow(book, name, voice)
        asking.ask(book, part, LINE, [who(book, name)])
    for part in BOTH:
        here = {name for name, of, _ in told if of is part}
        may = {name for name, of, allowed in told if of is part and allowed}
        found = testimonials.status(book, part)
        assert (found.answered, found.may_show, found.asked or 0) == (len(here), len(may), len(here))
        assert len(testimonials.candidates(book, part)) == len([one for one in told if one[1] is part])
        assert {one.person for one in consents.consents(book, part=part)} == {f"{name}さん" for name in may}
    book.close()


def test_who_stays_away_from_the_gathering_still_used_what_she_praises() -> None:
    book = a_place()
    allow(book, "ミナト", helped(book, "ミナト"))
    one = composing.draft(book, Part.FOLLOWUP, "pop", [testimonials.candidates(book, Part.FOLLOWUP)[0].voice_id])
    before = showing.check(book, drafts.draft(book, one))
    invitations.invite(book, an_offer(book), [who(book, "ミナト")], "letter")
    noted = invited.asked(book, offer.offers(book, TRIBE)[0].id)[0]
    invited.ask(book, noted.id)
    invited.answer(book, noted.id, False)
    assert showing.check(book, drafts.draft(book, one)) == before


def test_papers_and_lapsed_words_are_shown_on_the_page_of_their_part() -> None:
    book, one = a_gathering("pop")
    showing.finish(book, one)
    proofs.put_up(book, one, "店の奥の板")
    assert [len(proofs.papers(book, part=part)) for part in BOTH] == [0, 1]
    later = date(date.today().year + 3, 1, 1)
    assert [len(lapsed(book, later, part).papers) for part in BOTH] == [0, 1]
    assert [len(lapsed(book, later, part).drafts) for part in BOTH] == [0, 1] and len(lapsed(book, later).papers) == 1
    assert let_go(book, later, Part.FOLLOWUP).drafts == () and GLAD in drafts.draft(book, one).text
    assert len(let_go(book, later, TRIBE).drafts) == 1 and GLAD not in drafts.draft(book, one).text


def test_a_story_is_told_from_the_voices_of_its_part() -> None:
    book = a_place()
    glad = said(book, "ミナト")
    allow(book, "ミナト", glad, helped(book, "ミナト", "前は本の続きが分からず、困っていました。"), scopes=("story",))
    one = composing.draft(book, TRIBE, "story", [glad])
    assert "困っていました" not in drafts.draft(book, one).text
