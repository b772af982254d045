"""What of a workbook may leave this machine in a hand-in: one decision for every column, and none without one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Way(StrEnum):
    """What becomes of a column on its way out."""

    KEEP = "keep"  # ids, days, numbers and keys of the content files
    MASK = "mask"  # a text, with all that tells who somebody is covered
    PSEUDONYM = "pseudonym"  # a name becomes 「お客さま1」
    ANEW = "anew"  # what was made from names or words is made again from what leaves
    BLANK = "blank"  # stays here: empty in the hand-in
    STAY = "stay"  # the whole row stays here


K, M, P, A, B, S = Way.KEEP, Way.MASK, Way.PSEUDONYM, Way.ANEW, Way.BLANK, Way.STAY  # the table below is read by its letters

# A fingerprint of a name is as good as the name: whoever guesses it can check the guess. So everything made from names or words is A, never K.
POLICY: dict[str, dict[str, Way]] = {
    "act": {"id": S, "label": S, "at": S, "by": S, "state": S},
    "change": {"id": S, "act_id": S, "table": S, "row_id": S, "before": S, "after": S},
    "erasure": {"id": S, "at": S, "by": S, "rows": S, "copies": S, "papers": S, "state": S},
    "vector": {"id": S, "sha256": S, "model": S, "row": S},
    "source": {"id": K, "name": A, "kind": K, "sha256": A, "lineage": A, "columns": B, "taken_at": K},
    "voice": {
        "id": K, "person_id": K, "source_id": K, "part": K, "step": K, "topic": K, "question": M, "text": M, "sha256": A,
        "heard_on": K, "row": B, "column": B, "identity": A,
    },
    "quote": {"id": K, "voice_id": K, "start": K, "end": K, "laid": K},
    "theme": {"id": K, "part": K, "name": M, "named_by": K, "note": B},
    "placement": {"id": K, "quote_id": K, "theme_id": K, "by": K, "rank": K},
    "plan": {"id": K, "part": K, "starts_on": K, "days": K, "closed": K},
    "action": {
        "id": K, "plan_id": K, "theme_id": K, "title": M, "relation": M, "content": M, "medium": K, "due_on": K, "minutes": K, "times": K,
        "people": K, "doable": K, "fun_me": K, "fun_them": K, "decided": K, "done_on": K,
    },
    "evidence": {"id": K, "action_id": K, "quote_id": K},
    "idea": {"id": K, "part": K, "text": M, "question": M, "asked": K},
    "answer": {"id": K, "key": K, "value": M, "saved_at": K},  # and only the keys in ANSWERS
    "group": {"id": K, "name": P, "ideal_days": K, "worst_days": K},
    "person": {
        "id": K, "key": A, "name": P, "about": B, "group_id": K, "relation": K, "met": K, "met_note": B, "ideal_days": K, "worst_days": K,
        "stopped_on": K, "note": B,
    },
    "closeness": {"id": K, "person_id": K, "level": K, "evidence": B, "noted_on": K},
    "fan_mark": {"id": K, "person_id": K, "quote_id": K, "marked_on": K},
    "contact": {"id": K, "person_id": K, "medium": K, "wish": K, "asked_on": K, "method": K, "wording": B},
    "touch": {"id": K, "person_id": K, "on": K, "kind": K, "medium": K, "note": B},
    "planned_touch": {"id": K, "person_id": K, "on": K, "medium": K, "reason": B, "by": K, "touch_id": K},
    "post": {"id": K, "text": B, "posted_on": K, "kind": K, "by": K},
    "recurring": {"id": K, "title": B, "point": B, "rest_days": K, "last_on": K},
    "threshold": {"id": K, "part": K, "answers": K, "percent": K, "set_on": K},
    "consent": {
        "id": K, "person_id": K, "version": K, "text": B, "scopes": K, "name_style": K, "shown_name": B, "photo": K, "edit": K, "method": K,
        "obtained_on": K, "expires_on": K, "withdrawn_on": K, "perk": K, "perk_what": B, "perk_value": B, "relation": K, "guardian": B,
    },
    "consent_voice": {"id": K, "consent_id": K, "voice_id": K},
    "request": {"id": K, "part": K, "person_id": K, "count": K, "asked_on": K, "medium": K},
    "feedback_mark": {"id": K, "quote_id": K, "kind": K, "product": K, "elsewhere": K},
    "improvement": {
        "id": K, "part": K, "action_id": K, "verdict": K, "title": M, "content": M, "decided_on": K, "done_on": K,
    },
    "improvement_evidence": {"id": K, "improvement_id": K, "quote_id": K},
    "keepsake": {"id": K, "quote_id": K, "kept_on": K, "note": B},
    "offer": {
        "id": K, "part": K, "action_id": K, "name": M, "gain_them": M, "gain_me": M, "family_ok": K, "family_who": B, "family_reason": B,
        "perk": K, "perk_what": B, "perk_value": B, "price": K, "destination": K,
    },
    "invitation": {
        "id": K, "offer_id": K, "person_id": K, "medium": K, "asked_on": K, "accepted": K, "answered_on": K, "used_on": K, "perk_given_on": K,
    },
    "draft": {
        "id": K, "part": K, "kind": K, "form": K, "title": B, "person_id": K, "offer_id": K, "improvement_id": K, "ticked": K,
        "finished_on": K, "made_at": K,
    },
    "piece": {"id": K, "draft_id": K, "position": K, "role": K, "text": B, "quote_id": K, "joined": K},
    "paper_copy": {"id": K, "draft_id": K, "place": B, "put_up_on": K, "taken_down_on": K, "voices": K},
    "introduction": {"id": K, "person_id": K, "wish": K, "asked_on": K, "method": K, "wording": B},
    "tie": {"id": K, "first_id": K, "second_id": K, "kind": K, "noted_on": K, "note": B},
    "shared_value": {"id": K, "name": M},
    "shared_words": {"id": K, "value_id": K, "quote_id": K},
    "choice": {"id": K, "topic": K, "text": M, "often": M, "minutes": K, "yen": K, "decided": K},
    "choice_evidence": {"id": K, "choice_id": K, "quote_id": K},
    "member": {"id": K, "person_id": K, "joined_on": K, "left_on": K, "role": M, "often": M, "listens": K},
    "talk": {"id": K, "at": K, "speaker_id": K, "to": K, "listener_id": K, "begins": K, "answer_to": K, "source_id": K},
}  # fmt: skip

# What stands in place of a name, or of what was made from one: by the row's number, so that it is the same in every hand-in of a workbook.
NUMBERED: dict[tuple[str, str], str] = {
    ("person", "name"): "お客さま{id}",
    ("person", "key"): "handin:{id}",
    ("group", "name"): "グループ{id}",
    ("source", "name"): "声のもと{id}",
    ("source", "sha256"): "handin:{id}",
    ("source", "lineage"): "handin:{id}",
    ("voice", "identity"): "handin:{id}",
}

CODE = "handin.code"  # the participant's code; it is made once and never tells a name
MADE_ON = "handin.made_on"
HIDE = "handin.hide"  # what the owner wants covered besides
WORD_OF_DAY = "word_of_day"  # the key of one of the course's thoughts

# The owner's fields. Those not named here stay; a test asks of every field of the forms that somebody has decided.
ANSWERS: dict[str, Way] = {
    CODE: K, MADE_ON: K, HIDE: S, WORD_OF_DAY: K,
    "shop": M, "sells": M, "industry": M, "purpose": M, "called": M, "stance": M, "declines": M, "hours": K, "happiness": M,
    "entry.product": K, "entry.product_why": M, "entry.relation": K, "entry.relation_why": M, "entry.came": K, "entry.again": K,
    "entry.sign.complaints": K, "entry.sign.joyless": K, "entry.sign.alone": K, "entry.sign.fruitless": K,
    "research.purpose": M, "research.words": M, "research.surprise": M, "research.story.followup": M, "research.story.tribe": M,
    "free.services": M, "plan.open": M, "plan.feel": M, "sns.how": M,
    "consent.contact": S, "testimonial.us": K, "testimonial.mine": M, "testimonial.next": M,
    "sender.name": S, "sender.address": S, "sender.contact": S, "sender.stop": S,
    "offer.them": M, "offer.me": M, "offer.strain": M,
    "feedback.purpose": M, "feedback.theirs": M, "feedback.mine": M,
    "feedback.purpose.tribe": M, "feedback.theirs.tribe": M, "feedback.mine.tribe": M,
    "review.purpose": M, "review.stance": M, "review.relation": K, "review.relation_why": M, "review.product": K, "review.product_why": M,
    "review.happiness": M, "review.came": K, "review.again": K, "ywt.did": M, "ywt.found": M, "ywt.next": M,
    "review.sign.complaints": K, "review.sign.joyless": K, "review.sign.alone": K, "review.sign.fruitless": K,
    "declare.act": M, "declare.when": M, "declare.who": S, "declare.show": S, "declare.name": S,
    "tribe.plan.guest": M, "tribe.plan.me": M, "tribe.purpose": M, "tribe.words": M, "tribe.member": M,
    "invite.them": M, "invite.me": M, "members.voice": M, "members.next": M,
    "camp.mood": S, "certificate.name": S,
    "tribe_gate": K, "tribe_gate_note": S,
    "calendar.days": K, "calendar.cap": K, "calendar.closed": S, "calendar.off": S, "calendar.day_minutes": K, "calendar.yen": K, "calendar.ways": S,
    "compare.people": K, "compare.times": K, "compare.reach_each": K, "compare.reach_often": K, "compare.overlap": K,
}  # fmt: skip
_EMPTY = (None, "", "[]", "{}")
PRACTICE = "practice."  # what was tried out on somebody else's shop: nobody is to be looked at while practising
GUESS = "guess."  # what the owner had guessed before she counted
STAYING = (PRACTICE, GUESS)  # fields whose keys begin so stay
TRAIT = "tribe.trait."  # yes or no to what a place has; the rest of the key is the content's


def sound(table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row may stand in a hand-in: empty where it has to be, and numbers where there were names."""
    ways = POLICY[table]
    if any(way is Way.BLANK and row[column] not in _EMPTY for column, way in ways.items()):
        return False
    if table == "answer" and answer_way(row["key"]) is Way.STAY:
        return False
    numbered = ((column, shape) for (of, column), shape in NUMBERED.items() if of == table)
    return Way.STAY not in ways.values() and all(row[column] in (None, shape.format(id=row["id"])) for column, shape in numbered)


def answer_way(key: str) -> Way:
    """What becomes of the owner's field ``key``; one that nobody has decided about stays here."""
    if key.startswith(STAYING):
        return Way.STAY
    return Way.KEEP if key.startswith(TRAIT) else ANSWERS.get(key, Way.STAY)
