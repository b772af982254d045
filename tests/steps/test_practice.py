"""Practice: whatever is answered, right, wrong or not at all, gets a sentence written for it; voices are the data sets', letter for letter."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kizuna.errors import KizunaError
from kizuna.process import Part, Section, section
from kizuna.steps.handin import prepare
from kizuna.steps.practice import (
    Exercise,
    Guess,
    Kind,
    Number,
    One,
    Order,
    Several,
    Spoken,
    Task,
    Work,
    Writing,
    answers,
    exercises,
    progress,
    replies,
    reply,
    save,
    spoken,
    wishes,
    words,
)
from kizuna.steps.practice.replies import Reply
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

DATASETS = Path(__file__).parents[2] / "datasets"
TASKS: list[tuple[Section, Task]] = [(one, task) for one, found in exercises().items() for task in found.tasks]
each_task = pytest.mark.parametrize(("one", "task"), TASKS, ids=lambda value: value.file if isinstance(value, Section) else value.key)
each_writing = pytest.mark.parametrize(
    ("one", "task"), [pair for pair in TASKS if isinstance(pair[1], Writing)], ids=lambda value: getattr(value, "file", None) or value.key
)
SPOKEN = [voice for _, task in TASKS for voice in task.voices]

# What somebody might write, by section and task, and what it deserves.
WRITTEN: dict[str, list[tuple[str, Kind]]] = {
    "00_start.three": [("みんな", Kind.THOUGHT), ("よしさん、シロさん、りくくんのお父さん", Kind.THOUGHT)],
    "00_start.mine": [
        ("安いから", Kind.THOUGHT),
        ("おかみさんの話が楽しいそば屋", Kind.THOUGHT),
        ("角のパン屋。焼きたての匂い", Kind.THOUGHT),
    ],
    "02_followup_research.ask": [
        ("お子さんのことが気になったのは、どんなときでしたか", Kind.WELL),
        ("何が欲しいですか", Kind.LOOK),
        ("満足していただけましたよね", Kind.LOOK),
        ("どんな防音の部屋がよいと思いますか", Kind.LOOK),
        ("なぜ？", Kind.LOOK),
        ("静かなお部屋をご用意しておきますね", Kind.LOOK),
    ],
    "04_followup_offer.war": [
        ("小さなお子さんのいる方が、気がねなく本を選べる朝をつくります", Kind.WELL),
        ("この秋のターゲットは子育て世代の方です", Kind.LOOK),
        ("お客さまに、あたたかい時間をお届けします", Kind.LOOK),
        ("朝の時間", Kind.LOOK),
    ],
    "04_followup_offer.thanks": [("売上がのびたこと", Kind.THOUGHT), ("雨の日に、傘を届けてもらった", Kind.THOUGHT)],
    "05_followup_feedback.more": [
        ("来てくださった日で、いまも思い出すのはどんな場面ですか", Kind.WELL),
        ("よかったですよね", Kind.LOOK),
        ("よかったという言葉、うれしいです", Kind.LOOK),
        ("本当のところは、どんな気持ちでしたか", Kind.LOOK),
        ("どこ", Kind.LOOK),
    ],
    "05_followup_feedback.note": [
        (
            "「夜の八時までに知らせてもらえたら、言うことなしです。」と聞いて、八時までに送ることにしました。ありがとうございます。",
            Kind.WELL,
        ),
        ("お知らせは夜の八時までに送ることにしました。教えてくださって、ありがとうございます。", Kind.LOOK),
        ("「子どもが起きた」と聞いて、お知らせの時間を変えることにしました。ありがとうございます。", Kind.LOOK),
        ("「夜の八時までに」とのこと、これからは八時までに送ることにしました。", Kind.LOOK),
        ("「夜は八時までにしてほしい」とのこと、さっそく変えました。ありがとうございます。", Kind.LOOK),
        ("八時までに送ることにしました。今だけ、絵本が一割引です。ぜひお買い求めください。", Kind.LOOK),
        ("この秋のターゲットは、がっちり囲い込みます。ご満足いただけましたよね", Kind.LOOK),
        ("変えました", Kind.LOOK),
    ],
    "08_tribe_plan.cost": [("お茶とだんごの分 200円", Kind.WELL), ("会費1,000円", Kind.LOOK), ("お茶代", Kind.LOOK)],
    "09_tribe_offer.letter": [
        ("「昔読んだ本の話をするくらいがええねえ」と話してくださいましたね。木曜の夕方、店の奥で。ご都合が合えばどうぞ。", Kind.WELL),
        ("木曜の夕方に、店の奥でお茶を飲みながら本の話をします。ご都合が合えばどうぞ。", Kind.LOOK),
        ("「昔読んだ本の話」を、みなさんとできることになりました。よければお越しください。", Kind.LOOK),
        ("「昔読んだ本の話」をする日が、木曜の夕方に決まりました。かならずお越しください。", Kind.LOOK),
        ("「お茶を飲みながら、昔の本の話がしたい」とのこと、木曜の夕方に集まります。", Kind.LOOK),
        ("どうぞ", Kind.LOOK),
    ],
    "11_tribe_testimonials.heading": [
        ("黙っていても、いっしょにいられる木曜", Kind.WELL),
        ("競合に勝つ集まり", Kind.LOOK),
        ("本", Kind.LOOK),
    ],
    "12_review.small": [
        ("木曜の夕方、よし子さんに感想を聞く", Kind.WELL),
        ("よし子さんに、読み終えた本の感想を聞く", Kind.LOOK),
        ("ターゲットを決めて攻略する", Kind.LOOK),
        ("がんばる", Kind.LOOK),
    ],
}


@pytest.fixture
def book() -> Iterator[Workbook]:
    opened = open_workbook(MEMORY)
    yield opened
    opened.close()


def called(one: Section, task: Task) -> str:
    return f"{one.file}.{task.key}"


# ---- what the content holds


def test_every_exercise_is_one_of_a_section_and_few_tasks_long() -> None:
    assert {found.kind for found in exercises().values()} == set(Work)
    for one, found in exercises().items():
        assert (3 <= len(found.tasks) <= 6 and 5 <= found.minutes <= 20) or found.kind is Work.NONE, one.file
        assert found.kind is not Work.NONE or found.reason.endswith("。")


def test_every_kind_of_answer_is_asked_for() -> None:
    assert {task.kind for _, task in TASKS} == {"one", "several", "order", "number", "line", "lines", "guess"}
    assert {found.shop for found in SPOKEN} == {"bookshop", "inn"}


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from strings(value)


@each_task
def test_every_sentence_is_short_and_ends_as_a_sentence(one: Section, task: Task) -> None:
    told = task.model_dump(exclude={"voices", "key", "kind", "checks", "part"})
    for text in strings(told):
        assert all(len(sentence) <= 80 for sentence in re.split("(?<=[。！？])|\n", text)), text
    replies = [task.empty, task.model, *(option.reply for option in getattr(task, "options", []) if option.reply)]
    assert all(text.endswith("。") for text in replies)
    assert task.question.endswith(("。", "か", "？"))


def test_no_reply_and_no_invitation_is_said_twice() -> None:
    said: Counter[str] = Counter()
    for _, task in TASKS:
        raw = task.model_dump(
            include={"right", "turned", "otherwise", "below", "above", "short", "empty", "model", "all_three", "some", "none"}
        )
        said.update(text for text in raw.values() if text)
        for option in getattr(task, "options", []):
            said.update(text for text in (option.reply, option.missed) if text)
        said.update(word.reply for word in ((*task.better, *task.missing) if isinstance(task, Writing) else ()))
    assert len(said) > 250
    assert [text for text, times in said.items() if times > 1] == []


def raw_data() -> str:
    """Every cell of the data sets, read without the project."""
    inn = csv.reader((DATASETS / "inn" / "inn_wishes.csv").read_text(encoding="cp932").splitlines())
    with (DATASETS / "bookshop" / "voices.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    cells += [cell for row in inn for cell in row]
    cells += [str(cell) for row in openpyxl.load_workbook(DATASETS / "inn" / "inn_reviews.xlsx").active.values for cell in row if cell]
    for name in ("example.yaml", "tribe.yaml"):
        for told in yaml.safe_load((DATASETS / "bookshop" / name).read_text(encoding="utf-8"))["feedback"]:
            cells += [str(value) for value in told.values()]
    return "\n" + "\n".join(cells) + "\n"


def test_every_voice_is_the_data_sets_letter_for_letter() -> None:
    raw = raw_data()
    assert len(SPOKEN) > 40
    for voice in SPOKEN:
        card = spoken(voice)
        assert card.text and card.text in raw
        assert voice.words in card.text and (voice.words or f"\n{card.text}\n" in raw)
        assert not voice.person or card.person == voice.person


@pytest.mark.parametrize(
    "place",
    [
        {"person": "だれか", "question": "followup"},
        {"person": "シロ", "question": "wish"},
        {"person": "シロ", "question": "followup", "words": "入荷したら電話で知らせて"},
        {"wish": 1},
        {"wish": 242},
        {"note": 61},
    ],
)
def test_words_that_nobody_said_are_refused(place: dict[str, Any]) -> None:
    with pytest.raises(KizunaError, match=r"見本のデータ.*。$"):
        spoken(Spoken.model_validate(place))


@pytest.mark.parametrize("place", [{}, {"person": "シロ"}, {"wish": 2, "note": 2}, {"person": "シロ", "question": "good", "wish": 3}])
def test_a_voice_stands_in_one_place(place: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Spoken.model_validate(place)


# ---- what is said back


@each_task
def test_nothing_answered_is_invited_to_begin(one: Section, task: Task) -> None:
    for nothing in (None, "", []):
        assert reply(task, nothing) == reply(task, None)
    assert (reply(task, None).kind, reply(task, None).sentences) == (Kind.EMPTY, (task.empty,))


@pytest.mark.parametrize(
    ("one", "task"), [pair for pair in TASKS if isinstance(pair[1], One)], ids=lambda value: getattr(value, "file", None) or value.key
)
def test_each_of_several_has_a_sentence_of_its_own(one: Section, task: One) -> None:
    told = {option.key: reply(task, option.key) for option in task.options}
    assert all(found.sentences == (option.reply,) for option, found in zip(task.options, told.values(), strict=True))
    kinds = Counter(found.kind for found in told.values())
    assert kinds == {Kind.THOUGHT: len(told)} or (kinds[Kind.WELL] == 1 and kinds[Kind.LOOK] == len(told) - 1)
    assert reply(task, "no such key").kind is Kind.EMPTY


@pytest.mark.parametrize(
    ("one", "task"), [pair for pair in TASKS if isinstance(pair[1], Several)], ids=lambda value: getattr(value, "file", None) or value.key
)
def test_all_that_fit_are_praised_and_for_all_else_it_is_said_what_is_too_much_and_what_is_missing(one: Section, task: Several) -> None:
    keys = [option.key for option in task.options]
    fitting = {option.key for option in task.options if option.fits}
    assert 0 < len(fitting) < len(keys)
    for chosen in (set(some) for size in range(1, len(keys) + 1) for some in combinations(keys, size)):
        found = reply(task, sorted(chosen))
        if chosen == fitting:
            assert (found.kind, found.sentences) == (Kind.WELL, (task.right,))
        else:
            wrong = [option.reply for option in task.options if option.key in chosen - fitting]
            missed = [option.missed for option in task.options if option.key in fitting - chosen]
            assert (found.kind, list(found.sentences)) == (Kind.LOOK, wrong + missed)


@pytest.mark.parametrize(
    ("one", "task"), [pair for pair in TASKS if isinstance(pair[1], Order)], ids=lambda value: getattr(value, "file", None) or value.key
)
def test_an_order_is_praised_turned_or_looked_at_again(one: Section, task: Order) -> None:
    assert (reply(task, task.order).kind, reply(task, task.order).sentences) == (Kind.WELL, (task.right,))
    for turned in list(permutations(task.order))[1:]:
        assert (reply(task, list(turned)).kind, reply(task, list(turned)).sentences) == (Kind.LOOK, (task.turned,))
    for other in (option for option in task.options if option.key not in task.order):
        found = reply(task, [*task.order[:2], other.key])
        assert (found.kind, found.sentences) == (Kind.LOOK, (other.reply, task.otherwise))
    assert reply(task, [task.order[0], None, None]).sentences == (words().unfinished.format(left=2),)
    assert reply(task, [task.order[0], task.order[0], task.order[1]]).sentences == (words().twice,)


@pytest.mark.parametrize(
    ("one", "task"), [pair for pair in TASKS if isinstance(pair[1], Number)], ids=lambda value: getattr(value, "file", None) or value.key
)
def test_a_number_is_right_or_it_is_said_which_way_to_look(one: Section, task: Number) -> None:
    assert reply(task, task.low).sentences == reply(task, task.high).sentences == (task.right,)
    assert reply(task, task.low - 1).sentences == (task.below,) and reply(task, task.low - 1).kind is Kind.LOOK
    assert reply(task, task.high + 1).sentences == (task.above,) and reply(task, 0.5).kind is Kind.LOOK


def test_every_task_in_words_is_tried_below() -> None:
    assert set(WRITTEN) == {called(one, task) for one, task in TASKS if isinstance(task, Writing)}


@pytest.mark.parametrize(
    ("one", "task", "text", "kind"),
    [(one, task, text, kind) for one, task in TASKS for text, kind in WRITTEN.get(called(one, task), [])],
    ids=lambda value: getattr(value, "file", None) or str(getattr(value, "key", value))[:20],
)
def test_what_is_written_gets_the_reply_it_deserves(one: Section, task: Writing, text: str, kind: Kind) -> None:
    found = reply(task, text)
    assert found.kind is kind, found
    assert 1 <= len(found.sentences) <= 2 and all("。" in sentence for sentence in found.sentences)


@each_writing
def test_what_the_shop_had_written_is_to_be_mended(one: Section, task: Writing) -> None:
    if task.draft:
        assert reply(task, task.draft.strip()).kind is Kind.LOOK


def test_words_in_brackets_that_were_not_said_are_told_of_whatever_else_is_written() -> None:
    note = next(task for one, task in TASKS if called(one, task) == "05_followup_feedback.note")
    found = reply(note, "「夜の八時までに知らせてもらえたら」と聞いて、「子どもが起きて困った」とも聞きました。八時までにします。")
    assert found.sentences == (words().not_a_quote.format(words="子どもが起きて困った"),)


@each_writing
def test_only_less_than_the_least_is_told_to_be_short(one: Section, task: Writing) -> None:
    if task.short:
        assert reply(task, "あ" * (task.least - 1)).sentences == (task.short,)
        assert reply(task, "あ" * task.least).sentences != (task.short,)


def test_of_all_that_is_missing_one_thing_at_a_time_is_told() -> None:
    note = next(task for one, task in TASKS if called(one, task) == "05_followup_feedback.note")
    found = reply(note, "お知らせの時間を見なおして、これからは少しずつ変えていきます。")
    assert found == Reply(Kind.LOOK, (note.missing[0].reply,))


def test_what_a_customer_said_is_not_held_against_who_copies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    note = next(task for one, task in TASKS if called(one, task) == "05_followup_feedback.note")
    words_ = "競合のお店に勝つより、夜の八時までに知らせてほしいです"
    monkeypatch.setattr(replies, "spoken", lambda voice: replace(spoken(voice), text=words_))
    assert reply(note, f"「{words_}」と聞いて、八時までに送ることにしました。ありがとうございます。").kind is Kind.WELL
    told = reply(note, f"「{words_}」と聞きました。競合に勝つために、八時までに送ります。ありがとうございます。")
    assert told.kind is Kind.LOOK and "競合" in told.sentences[0]


@given(answer=st.one_of(st.none(), st.text(max_size=60)), at=st.integers(0, 99))
@settings(max_examples=120, deadline=None)
def test_whatever_is_written_is_answered_and_nothing_is_changed(answer: str | None, at: int) -> None:
    writing = [task for _, task in TASKS if isinstance(task, Writing)]
    task = writing[at % len(writing)]
    before = task.model_dump_json()
    found = reply(task, answer)
    assert found == reply(task, answer) and task.model_dump_json() == before
    assert found.sentences and all(found.sentences) and (found.kind is Kind.EMPTY) == (answer in (None, ""))
    assert not (task.opinion and found.kind in (Kind.WELL,)), "a matter of opinion is neither right nor wrong"


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_whatever_is_chosen_is_answered(data: st.DataObject) -> None:
    choosing = [task for _, task in TASKS if isinstance(task, Several | Order | Guess)]
    task = data.draw(st.sampled_from(choosing))
    keys = [wish.name for wish in wishes(task.part)] if isinstance(task, Guess) else [option.key for option in task.options]
    if isinstance(task, Several):
        answer: list[Any] = data.draw(st.lists(st.sampled_from([*keys, "gone"]), unique=True))
    else:
        answer = data.draw(st.lists(st.sampled_from([*keys, "gone", None]), min_size=3, max_size=3))
    found = reply(task, answer)
    assert found.sentences and all(sentence.endswith("。") for sentence in found.sentences)


def test_a_guess_is_counted_by_people_and_never_scored() -> None:
    task = next(task for _, task in TASKS if isinstance(task, Guess))
    counted = {wish.name: wish.people for wish in wishes(Part.FOLLOWUP)}
    assert counted["本が届いたら知らせてほしい"] == 3  # four cards of three people
    assert list(counted.values()) == sorted(counted.values(), reverse=True)
    names = list(counted)
    for chosen, told in ((names[:3], task.all_three), (names[1:4], task.some), (names[-3:], task.none)):
        found = reply(task, chosen)
        assert found.kind is Kind.THOUGHT and found.sentences[1] == told
        assert all(f"「{name}」は{counted[name]}人" in found.sentences[0] for name in chosen)


# ---- mistakes in a content file


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "課題なし"},
        {"kind": "課題なし", "reason": "わけ。", "tasks": [TASKS[0][1].model_dump()]},
        {"kind": "練習", "minutes": 10, "tasks": [TASKS[0][1].model_dump()]},
        {"kind": "練習", "minutes": 10, "tasks": [TASKS[0][1].model_dump()] * 3},
        {"kind": "練習", "tasks": [task.model_dump() for _, task in TASKS[:3]]},
    ],
)
def test_an_exercise_that_is_not_whole_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Exercise.model_validate(told)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("one", lambda task: task["options"][0].update(reply="")),
        ("one", lambda task: task["options"][0].update(fits=None if task["options"][0]["fits"] is not None else True)),
        ("several", lambda task: [option.update(missed="") for option in task["options"]]),
        ("several", lambda task: [option.update(reply="") for option in task["options"]]),
        ("several", lambda task: task["options"][0].update(fits=None)),
        ("order", lambda task: task.update(order=["a", "b", "c"])),
        ("order", lambda task: [option.update(reply="") for option in task["options"]]),
        ("number", lambda task: task.update(low="三")),
        ("line", lambda task: task.update(checks=["mood"])),
    ],
)
def test_a_task_without_a_sentence_for_each_answer_is_refused(kind: str, change: Any) -> None:
    task = next(task for _, task in TASKS if task.kind == kind).model_dump()
    TypeAdapter(Task).validate_python(task)
    change(task)
    with pytest.raises(ValidationError):
        TypeAdapter(Task).validate_python(task)


# ---- the answers


def test_answers_are_kept_in_the_file_and_can_be_undone(tmp_path: Path) -> None:
    one = section("02_followup_research")
    tasks = {task.key: task for found, task in TASKS if found == one}
    book = open_workbook(tmp_path / "わたし.kizuna")
    save(book, one, tasks["people"], 3.0)
    save(book, one, tasks["listen"], ["advice", "mine"])
    save(book, section("04_followup_offer"), TASKS[0][1], "ほかの章の答え")
    book.close()
    book = open_workbook(tmp_path / "わたし.kizuna")
    assert answers(book, one) == {"people": 3.0, "listen": ["advice", "mine"]}
    assert (progress(book, one).done, progress(book, one).of) == (2, len(tasks))
    book.undo()
    assert book.undo() == "「練習：話をとじてしまう、ひとこと」を書いた"
    assert answers(book, one) == {"people": 3.0}
    book.close()


def test_a_half_chosen_order_is_not_yet_an_answer(book: Workbook) -> None:
    one = section("01_overview")
    order = next(task for found, task in TASKS if found == one and isinstance(task, Order))
    save(book, one, order, [order.order[0], None, None])
    assert progress(book, one).done == 0
    save(book, one, order, order.order)
    assert progress(book, one).done == 1


def test_an_answer_from_another_page_is_told_of(book: Workbook) -> None:
    one, task = TASKS[0]
    save(book, one, task, "はじめ")
    assert save(book, one, task, "こちら", seen=None).overwritten == "はじめ"


def test_what_was_practised_is_in_no_hand_in(book: Workbook) -> None:
    one, task = TASKS[0]
    save(book, one, task, "よしさん、シロさん")
    with pytest.raises(KizunaError):  # there is nothing else in it, so there is nothing to hand in
        prepare(book)
    save_answer(book, "sells", "花を束ねています")
    made = prepare(book)
    assert not any("よしさん" in str(row) or "practice." in str(row) for rows in made.rows.values() for row in rows)
    assert any(count.label == "練習の答えと、先に書いた直感" and count.count == 1 for count in made.stays)
