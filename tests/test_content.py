"""The words an instructor may change: every file loads, and a slip in one is told with its file and line."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kizuna.content import FOLDER, ContentError, Entry, load
from kizuna.language.clauses import Joints
from kizuna.language.complements import Complement
from kizuna.language.fans import FanSign
from kizuna.language.feedback import Lexicon as Feelings
from kizuna.language.highlight import Sign
from kizuna.language.media import Medium
from kizuna.language.needs import NeedWords
from kizuna.language.personal.structured import Forms
from kizuna.language.personal.words import Names
from kizuna.language.points import Points
from kizuna.language.posts import PostWords
from kizuna.language.questions import QuestionRule
from kizuna.language.requests import Pattern
from kizuna.language.rules.table import Table
from kizuna.language.wording import Lexicon
from kizuna.process import Course, Part, course
from kizuna.steps.calendar.compare import CompareWords
from kizuna.steps.calendar.settings import CalendarWords
from kizuna.steps.camp import CampWords, NoteWords
from kizuna.steps.certificate import CertificateWords
from kizuna.steps.consents import ConsentTexts
from kizuna.steps.differences import MergingWords
from kizuna.steps.drafts import DraftTexts
from kizuna.steps.erasing.words import ErasingWords
from kizuna.steps.feedback import FeedbackTexts
from kizuna.steps.handin import HandInWords
from kizuna.steps.invitations import PartWords
from kizuna.steps.journey import JourneyWords
from kizuna.steps.offer import OfferingWords
from kizuna.steps.people import PeopleWords
from kizuna.steps.practice.exercise import Exercise, PracticeWords
from kizuna.steps.principles import Principle
from kizuna.steps.report.words import ReportWords
from kizuna.steps.research import Sheets
from kizuna.steps.review import ReviewWords
from kizuna.steps.self_study import SelfStudy
from kizuna.steps.sharing import SharingWords
from kizuna.steps.testimonials import TestimonialWords
from kizuna.steps.tribe.rehearsal import RehearsalWords
from kizuna.steps.tribe.topics import DesignWords
from kizuna.steps.tribe.words import HealthWords
from kizuna.views.fields import Field
from kizuna.views.forms.editor import PlanWords
from kizuna.views.forms.first_hour import FirstHour
from kizuna.views.forms.gate import TribeWords
from kizuna.views.forms.improvements import ImprovementWords
from kizuna.views.forms.offer import OfferWords
from kizuna.views.forms.readings import Reading
from kizuna.views.glossary import Word
from kizuna.workbook.reading.hints import Hints

SHAPES: dict[str, Any] = {
    "calendar.yaml": CalendarWords,
    "first_hour.yaml": FirstHour,
    "merging.yaml": MergingWords,
    "camp.yaml": CampWords,
    "camp_fields.yaml": dict[str, Field],
    "camp_notes.yaml": NoteWords,
    "certificate.yaml": CertificateWords,
    "columns.yaml": Hints,
    "complements.yaml": list[Complement],
    "concepts.yaml": dict[str, list[str]],
    "consent.yaml": ConsentTexts,
    "drafts.yaml": DraftTexts,
    "endings.yaml": list[str],
    "erasing.yaml": ErasingWords,
    "fan_signs.yaml": list[FanSign],
    "feedback.yaml": Feelings,
    "feedback_form.yaml": FeedbackTexts,
    "forms.yaml": dict[str, list[Field]],
    "glossary.yaml": list[Word],
    "improvement.yaml": ImprovementWords,
    "invitations.yaml": dict[Part, PartWords],
    "joints.yaml": Joints,
    "journey.yaml": JourneyWords,
    "handin.yaml": HandInWords,
    "health.yaml": HealthWords,
    "highlight.yaml": list[Sign],
    "media.yaml": list[Medium],
    "media_compare.yaml": CompareWords,
    "names.yaml": Names,
    "needs.yaml": NeedWords,
    "nothing.yaml": list[str],
    "people.yaml": PeopleWords,
    "practice.yaml": PracticeWords,
    "person.yaml": list[Field],
    "offer.yaml": OfferWords,
    "offering.yaml": dict[Part, OfferingWords],
    "personal.yaml": Forms,
    "plan.yaml": PlanWords,
    "points.yaml": Points,
    "posts.yaml": PostWords,
    "principles.yaml": list[Principle],
    "process.yaml": Course,
    "question_rules.yaml": list[QuestionRule],
    "questions.yaml": Sheets,
    "readings.yaml": dict[str, list[Reading]],
    "rehearsal.yaml": RehearsalWords,
    "report.yaml": ReportWords,
    "requests.yaml": list[Pattern],
    "review.yaml": ReviewWords,
    "rules.yaml": Table,
    "self_study.yaml": SelfStudy,
    "sharing.yaml": SharingWords,
    "stopwords.yaml": dict[str, list[str]],
    "testimonials.yaml": TestimonialWords,
    "tribe_research.yaml": TribeWords,
    "tribe_design.yaml": DesignWords,
    "wording.yaml": Lexicon,
}
SHAPES |= {f"practice/{section.file}.yaml": Exercise for section in course().sections if section.open and not section.apart}
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.y*ml"))


class Card(Entry):
    name: str
    count: int = 0
    words: list[str] = []


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """Load a text as if it were a content file of cards."""

    def load_text(content: str | bytes) -> list[Card]:
        (tmp_path / "cards.yaml").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return load("cards.yaml", list[Card], tmp_path)

    return load_text


def nodes(name: str) -> Iterator[yaml.Node]:
    waiting = [yaml.compose((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def test_every_file_of_the_folder_has_its_model() -> None:
    assert sorted(SHAPES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_every_file_loads_with_its_model(name: str) -> None:
    assert load(name, SHAPES[name])


@pytest.mark.parametrize("name", FILES)
def test_no_key_stands_twice_where_yaml_would_keep_only_the_last(name: str) -> None:
    for node in nodes(name):
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(set(keys)) == len(keys), f"{name}:{node.start_mark.line + 1}: {keys}"


@pytest.mark.parametrize("name", FILES)
def test_no_word_turned_into_a_date_a_time_or_nothing(name: str) -> None:
    """YAML reads 12:30, 2026-11-03, no and ~ as something else than words."""
    for node in nodes(name):
        if isinstance(node, yaml.ScalarNode) and node.style is None:
            kind = node.tag.rpartition(":")[2]
            assert kind in ("str", "int") or (kind == "bool" and node.value in ("true", "false")), (
                f"{name}:{node.start_mark.line + 1}: {node.value}"
            )


@pytest.mark.parametrize("name", FILES)
def test_no_text_hides_a_blank_or_a_tab_at_its_ends(name: str) -> None:
    for node in nodes(name):
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str") and "\\" not in node.value and name not in ("requests.yaml",):
            assert node.value == node.value.strip(), f"{name}:{node.start_mark.line + 1}: {node.value!r}"


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_first_what_it_is(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8").startswith("# ")


def test_ids_and_keys_are_different() -> None:
    for name in ("media.yaml", "question_rules.yaml", "requests.yaml"):
        ids = [one.id for one in load(name, SHAPES[name])]
        assert len(set(ids)) == len(ids), name
    ids = [one.id for one in load("wording.yaml", Lexicon).entries]
    assert len(set(ids)) == len(ids)


def test_a_key_that_stands_in_two_forms_is_the_same_kind_of_question() -> None:
    kinds: dict[str, set[str]] = {}
    for fields in load("forms.yaml", SHAPES["forms.yaml"]).values():
        keys = [field.key for field in fields]
        assert len(set(keys)) == len(keys)
        for field in fields:
            kinds.setdefault(field.key, set()).add(field.kind)
    assert all(len(kind) == 1 for kind in kinds.values()), kinds


def test_a_choice_has_choices_and_a_worked_example_is_long_enough_to_help() -> None:
    for field in (field for fields in load("forms.yaml", SHAPES["forms.yaml"]).values() for field in fields):
        assert (field.kind in ("choice", "select")) == bool(field.choices), field.key
        assert field.kind != "long" or len(field.example) >= 10, field.key


def test_no_form_asks_for_a_date_since_answers_are_kept_as_json() -> None:
    assert all(field.kind != "date" for fields in load("forms.yaml", SHAPES["forms.yaml"]).values() for field in fields)


def test_the_plans_fields_are_the_items_own() -> None:
    from kizuna.steps.plan import _EDITABLE

    assert {field.key for field in load("plan.yaml", PlanWords).fields} == _EDITABLE
    assert load("plan.yaml", PlanWords).fields[0].key == "relation"


# ---- what is told when a file is broken


def test_a_good_file_is_read_once(told: Any) -> None:
    assert told("- {name: 一}\n") == [Card(name="一")]


@pytest.mark.parametrize(
    ("content", "line", "place"),
    [
        ("- name: 一\n- name: 二\n  cuont: 3\n", 3, "1 → cuont"),
        ("- name: 一\n- count: 3\n", 2, "1 → name"),
        ("- name: 一\n  count: 三\n", 2, "0 → count"),
        ("- name: 一\n  words:\n  - 甲\n  - no\n", 4, "0 → words → 1"),
        ("- name: 2026-11-03\n", 1, "0 → name"),
        ("- name: 12:30\n", 1, "0 → name"),
        ("- name: ~\n", 1, "0 → name"),
        ("# 一行め\n\n- name:\n", 3, "0 → name"),
        ("name: 一\n", 1, ""),
        ("", 1, ""),
    ],
)
def test_a_slip_is_told_with_file_line_and_place(told: Any, content: str, line: int, place: str) -> None:
    with pytest.raises(ContentError) as error:
        told(content)
    assert str(error.value).startswith(f"cards.yaml の {line} 行目（{place}）を直してください：")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("- name: [一\n- name: 二\n", 2),
        ("- name: 一\n\tcount: 3\n", 2),
        ("- name: 一：'二\n- 'x\n", 3),
        ("- name: 一: 二\n", 1),
        ("- *x\n", 1),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(told: Any, content: str, line: int) -> None:
    with pytest.raises(ContentError, match=f"^cards.yaml の {line} 行目のあたりが読めません"):
        told(content)


@pytest.mark.parametrize("content", ["- name: 一\n".encode("cp932"), "- name: 一\n".encode("utf-16")])
def test_another_encoding_is_told(told: Any, content: bytes) -> None:
    with pytest.raises(ContentError, match=r"cards.yaml が読めません。文字コードが UTF-8"):
        told(content)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone.yaml が読めません"):
        load("gone.yaml", list[Card], tmp_path)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ufffe"])
def test_a_character_that_yaml_refuses_is_told(told: Any, character: str) -> None:
    with pytest.raises(ContentError, match=r"cards.yaml"):
        told(f"- name: 一{character}\n")


def test_a_key_that_stands_twice_is_told(told: Any) -> None:
    with pytest.raises(ContentError, match=r"cards.yaml の 2 行目"):
        told("- name: 一\n  name: 二\n")
    with pytest.raises(ContentError, match=r"cards.yaml の 4 行目の「a」は、同じ所に二度"):
        told("- name: 一\n  count:\n    a: 1\n    a: 2\n")


def test_a_file_of_words_runs_no_program(told: Any, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"cards.yaml の 1 行目"):
        told(f"- name: !!python/object/apply:os.mkdir ['{tmp_path / 'made'}']\n")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("content", ["- count: 3\n", "- name: [一\n"])
def test_the_whole_sentence_is_japanese(told: Any, content: str) -> None:
    with pytest.raises(ContentError) as error:
        told(content)
    assert not any(word in str(error.value) for word in ("Field", "required", "expected"))


def test_a_byte_order_mark_does_no_harm(told: Any) -> None:
    assert told("\ufeff- {name: 一}\n") == [Card(name="一")]


def test_content_does_not_change(told: Any) -> None:
    (one,) = told("- {name: 一}\n")
    with pytest.raises(ValueError, match="frozen"):
        one.name = "二"


def test_another_process_of_reading_gives_the_same_object() -> None:
    again = functools.partial(load, "media.yaml", list[Medium])
    assert again() is again()
