"""What becomes of every column once a person is taken out of the workbook: one decision each, and none without one."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from kizuna.workbook.relations import UNDECIDED, points


class After(StrEnum):
    """What becomes of a column."""

    KEEP = "keep"  # keys, numbers, days: they tell of nobody
    GO = "go"  # the row goes with the row it points at
    LOSE = "lose"  # the row stays and points at nothing from then on
    LAST = "last"  # the row it points at goes with the last that points at it
    TEXT = "text"  # the owner's words: what tells of the person in them is covered
    THEIRS = "theirs"  # what others said or are called: never changed
    VOICES = "voices"  # ids of voices: hers are left out
    SENDERS = "senders"  # names of senders with their ids: hers are left out
    IMAGE = "image"  # a row as it was: it becomes what the row would become


K, G, N, L, T, O, V, S, I = (  # the table below is read by its letters  # noqa: E741
    After.KEEP, After.GO, After.LOSE, After.LAST, After.TEXT, After.THEIRS, After.VOICES, After.SENDERS, After.IMAGE,
)  # fmt: skip

# A talk without a speaker is the owner's, a member without a person too: such rows go, since they must not become hers.
DECISIONS: dict[str, dict[str, After]] = {
    "act": {"id": K, "label": T, "at": K, "by": K, "state": K},
    "change": {"id": K, "act_id": K, "table": K, "row_id": K, "before": I, "after": I},
    "erasure": {"id": K, "at": K, "by": K, "rows": K, "copies": K, "papers": K, "state": K},
    "vector": {"id": K, "sha256": K, "model": K, "row": K},  # rows of words that are gone go
    "source": {"id": K, "name": T, "kind": K, "sha256": K, "lineage": K, "columns": S, "taken_at": K},
    "voice": {
        "id": K, "person_id": G, "source_id": L, "part": K, "step": K, "topic": K, "question": O, "text": O, "sha256": O, "heard_on": K,
        "row": K, "column": O, "identity": O,
    },
    "quote": {"id": K, "voice_id": G, "start": K, "end": K, "laid": K},
    "theme": {"id": K, "part": K, "name": T, "named_by": K, "note": T},
    "placement": {"id": K, "quote_id": G, "theme_id": K, "by": K, "rank": K},
    "plan": {"id": K, "part": K, "starts_on": K, "days": K, "closed": K},
    "action": {
        "id": K, "plan_id": K, "theme_id": K, "title": T, "relation": T, "content": T, "medium": K, "due_on": K, "minutes": K, "times": K,
        "people": K, "doable": K, "fun_me": K, "fun_them": K, "decided": K, "done_on": K,
    },
    "evidence": {"id": K, "action_id": K, "quote_id": G},
    "idea": {"id": K, "part": K, "text": T, "question": T, "asked": K},
    "answer": {"id": K, "key": K, "value": T, "saved_at": K},
    "group": {"id": K, "name": T, "ideal_days": K, "worst_days": K},
    "person": {
        "id": K, "key": O, "name": O, "about": T, "group_id": K, "relation": K, "met": K, "met_note": T, "ideal_days": K, "worst_days": K,
        "stopped_on": K, "note": T,
    },
    "closeness": {"id": K, "person_id": G, "level": K, "evidence": T, "noted_on": K},
    "fan_mark": {"id": K, "person_id": G, "quote_id": G, "marked_on": K},
    "contact": {"id": K, "person_id": G, "medium": K, "wish": K, "asked_on": K, "method": K, "wording": T},
    "touch": {"id": K, "person_id": G, "on": K, "kind": K, "medium": K, "note": T},
    "planned_touch": {"id": K, "person_id": G, "on": K, "medium": K, "reason": T, "by": K, "touch_id": N},
    "post": {"id": K, "text": T, "posted_on": K, "kind": K, "by": K},
    "recurring": {"id": K, "title": T, "point": T, "rest_days": K, "last_on": K},
    "threshold": {"id": K, "part": K, "answers": K, "percent": K, "set_on": K},
    "consent": {
        "id": K, "person_id": G, "version": K, "text": O, "scopes": K, "name_style": K, "shown_name": O, "photo": K, "edit": K, "method": K,
        "obtained_on": K, "expires_on": K, "withdrawn_on": K, "perk": K, "perk_what": T, "perk_value": K, "relation": K, "guardian": T,
    },
    "consent_voice": {"id": K, "consent_id": G, "voice_id": G},
    "request": {"id": K, "part": K, "person_id": G, "count": K, "asked_on": K, "medium": K},
    "feedback_mark": {"id": K, "quote_id": G, "kind": K, "product": K, "elsewhere": K},
    "improvement": {"id": K, "part": K, "action_id": K, "verdict": K, "title": T, "content": T, "decided_on": K, "done_on": K},
    "improvement_evidence": {"id": K, "improvement_id": K, "quote_id": G},
    "keepsake": {"id": K, "quote_id": G, "kept_on": K, "note": T},
    "offer": {
        "id": K, "part": K, "action_id": K, "name": T, "gain_them": T, "gain_me": T, "family_ok": K, "family_who": T, "family_reason": T,
        "perk": K, "perk_what": T, "perk_value": K, "price": K, "destination": K,
    },
    "invitation": {
        "id": K, "offer_id": K, "person_id": G, "medium": K, "asked_on": K, "accepted": K, "answered_on": K, "used_on": K, "perk_given_on": K,
    },
    "draft": {
        "id": K, "part": K, "kind": K, "form": K, "title": T, "person_id": G, "offer_id": K, "improvement_id": K, "ticked": K,
        "finished_on": K, "made_at": K,
    },
    "piece": {"id": K, "draft_id": G, "position": K, "role": K, "text": T, "quote_id": G, "joined": K},
    "paper_copy": {"id": K, "draft_id": G, "place": T, "put_up_on": K, "taken_down_on": K, "voices": V},
    "introduction": {"id": K, "person_id": G, "wish": K, "asked_on": K, "method": K, "wording": T},
    "tie": {"id": K, "first_id": G, "second_id": G, "kind": K, "noted_on": K, "note": T},
    "shared_value": {"id": K, "name": T},
    "shared_words": {"id": K, "value_id": K, "quote_id": G},
    "choice": {"id": K, "topic": K, "text": T, "often": T, "minutes": K, "yen": K, "decided": K},
    "choice_evidence": {"id": K, "choice_id": K, "quote_id": G},
    "member": {"id": K, "person_id": G, "joined_on": K, "left_on": K, "role": T, "often": T, "listens": K},
    "talk": {"id": K, "at": K, "speaker_id": G, "to": K, "listener_id": N, "begins": K, "answer_to": N, "source_id": L},
}  # fmt: skip

# What rests on words that go is no longer decided, and a draft out of which words went is open again: by the column that points at it.
LOOSENED: dict[tuple[str, str], dict[str, object]] = {
    **UNDECIDED,
    ("piece", "draft_id"): {"finished_on": None, "ticked": []},
}
OPENED = ("piece", "draft_id")  # at the first word that goes; the others only with the last


@cache
def pointing(table: str, way: After) -> tuple[tuple[str, str], ...]:
    """The columns of a table that are decided in this way, each with the table that it points at."""
    return tuple((one, target) for one, target in points(table).items() if DECISIONS[table][one] is way)


@cache
def decided(table: str, way: After) -> tuple[str, ...]:
    """The columns of a table that are decided in this way."""
    return tuple(name for name, one in DECISIONS[table].items() if one is way)
