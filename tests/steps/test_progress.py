"""What was made in each box of the course's map."""

from __future__ import annotations

from kizuna.process import Part, Step, course
from kizuna.steps import invitations, invited, offer, plan, themes
from kizuna.steps.progress import State, course_boxes
from kizuna.steps.sample import make_sample
from kizuna.workbook.store import MEMORY, open_workbook

FOLLOWUP = Part.FOLLOWUP


def test_an_empty_workbook_has_one_next_box_and_closed_ones_where_no_section_is_open() -> None:
    boxes = course_boxes(open_workbook(MEMORY))
    assert len(boxes) == 10
    assert [box.state for box in boxes.values()].count(State.NEXT) == 1
    assert boxes[FOLLOWUP, Step.RESEARCH].state is State.NEXT and boxes[FOLLOWUP, Step.PLAN].state is State.OPEN
    closed = [(one.part, one.step) for one in course().sections if one.part and not one.open]
    assert [key for key, box in boxes.items() if box.state is State.CLOSED] == closed


def test_only_what_stands_in_the_file_counts() -> None:
    book = make_sample(MEMORY, later=False)
    boxes = course_boxes(book)
    assert boxes[FOLLOWUP, Step.RESEARCH].made == "16人の声・7つの望み"
    assert boxes[FOLLOWUP, Step.PLAN].made == "一手3つ" and boxes[FOLLOWUP, Step.PLAN].state is State.MADE
    plan.decide(book, plan.plan(book, FOLLOWUP).decided[0].id, False)
    themes.make(book, FOLLOWUP, "空のまとまり", [])
    assert course_boxes(book)[FOLLOWUP, Step.PLAN].made == "一手2つ"
    assert course_boxes(book)[FOLLOWUP, Step.RESEARCH].made == "16人の声・7つの望み"
    plan.renew(book, FOLLOWUP)  # items that are not done come along, the closed plan counts no more
    assert course_boxes(book)[FOLLOWUP, Step.PLAN].made == "一手2つ"


def test_an_invitation_counts_once_it_was_really_made() -> None:
    book = make_sample(MEMORY, later=False)
    one = offer.begin(book, FOLLOWUP, offer.grounds(book, FOLLOWUP)[0].action_id)
    people = [who.person_id for who in invitations.invitees(book, offer.offer(book, one))[:3]]
    invitations.invite(book, one, people, "face")
    assert course_boxes(book)[FOLLOWUP, Step.OFFER].made == ""
    noted = invited.asked(book, one)
    for who in noted:
        invited.ask(book, who.id)
    assert course_boxes(book)[FOLLOWUP, Step.OFFER].made == "お誘い3人"
    invited.use(book, noted[0].id)
    boxes = course_boxes(book)
    assert boxes[FOLLOWUP, Step.OFFER].made == "お誘い3人・使った方1人" and boxes[FOLLOWUP, Step.OFFER].state is State.MADE
