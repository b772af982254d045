"""The hand-in: no name, number or address of anybody leaves, what was looked at is what leaves, and the steps still count the same."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import handin, review
from kizuna.steps.handin import HandIn, hand_in, prepare
from kizuna.steps.plan import plan
from kizuna.steps.progress import course_boxes
from kizuna.steps.themes import themes
from kizuna.workbook import policy
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Action, Consent, ConsentVoice, Idea, Person, Plan, Theme, Touch, Voice, fingerprint
from kizuna.workbook.policy import HIDE, MADE_ON
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from kizuna.workbook.submission import code, open_submission
from tests.examples import the_example
from tests.sample_class import FAMILIES, GIVENS, make_class

QUESTION = "どんな手助けがあるとうれしいですか"


@pytest.fixture
def book() -> Iterator[Workbook]:
    made = open_workbook(MEMORY)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sample() -> Workbook:
    """The worked example; only read here."""
    return the_example()


def heard(book: Workbook, name: str, *texts: str) -> None:
    hear(book, name, date(2026, 11, 1), [Said(QUESTION, Topic.FOLLOWUP, text) for text in texts])


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for pair in found.items():
            yield from (text for one in pair for text in strings(one))
    elif isinstance(found, list | tuple):
        for one in found:
            yield from strings(one)


def left(made: HandIn) -> list[str]:
    """Every text that leaves, whatever column it stands in."""
    return [text for rows in made.rows.values() for row in rows for text in strings(list(row.values()))]


def voices(made: HandIn) -> list[str]:
    return [row["text"] for row in made.rows["voice"]]


def flat(text: str) -> str:
    """The text in one width and one kana, without blanks."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if not letter.isspace())
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter.lower() for letter in letters)


# ---- nobody's name leaves


@st.composite
def people(draw: st.DrawFn) -> list[tuple[str, str]]:
    families = draw(st.lists(st.sampled_from(sorted(FAMILIES)), min_size=1, max_size=4, unique=True))
    return [(family, draw(st.sampled_from(sorted(GIVENS)))) for family in families]


def written(family: str, given_name: str, way: int) -> str:
    """One of the ways in which a name is written."""
    ways = (
        f"{family}{given_name}", f"{family} {given_name}", f"{family}　{given_name}様", f"{family}さん", f"{given_name}さま", f"{family}",
        f"{FAMILIES[family]}{GIVENS[given_name]}", f"{FAMILIES[family]}さん", flat(FAMILIES[family]), f"{given_name}ちゃん",
    )  # fmt: skip
    return ways[way % len(ways)]


FRAMES = (
    "{}と来ました。",
    "昨日、{}に会って、すすめてもらったのです。",
    "「{}」と呼んでください。",
    "{}",
    "本は{}、席は窓ぎわ。\n次も{}と。",
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(who=people(), picks=st.lists(st.integers(0, 999), min_size=12, max_size=12), digits=st.integers(0, 99_999_999), spaced=st.booleans())
def test_no_known_name_phone_or_mail_survives_in_any_text(who: list[tuple[str, str]], picks: list[int], digits: int, spaced: bool) -> None:
    book = open_workbook(MEMORY)
    phone, mail = f"090{digits:08}", f"k{digits}@example.com"
    shown_phone = (f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", phone)[picks[0] % 3]

    def text(at: int) -> str:
        family, given_name = who[picks[at] % len(who)]
        frame = FRAMES[picks[at] // 10 % len(FRAMES)]
        return frame.format(*[written(family, given_name, picks[at] // 100)] * 2) + (f"（{shown_phone}・{mail}）" if at % 3 == 0 else "")

    for number, (family, given_name) in enumerate(who):
        heard(book, f"{family} {given_name}" if spaced else f"{family}{given_name}", text(number), text(number + 4))
    with book.act("書いた") as session:
        person = session.scalars(select(Person)).first()
        assert person is not None
        person.note = f"電話 {phone} {mail}"
        session.add(Touch(person_id=person.id, on=date(2026, 11, 2), kind="thanked", medium="phone", note=text(1)))
        session.add(Theme(part=Part.FOLLOWUP, name=text(2), named_by="person", note=text(3)))
        session.add(Idea(part=Part.FOLLOWUP, text=text(5), question=text(6)))
        made_plan = Plan(part=Part.FOLLOWUP, starts_on=date(2026, 11, 1))
        session.add(made_plan)
        session.flush()
        session.add(Action(plan_id=made_plan.id, title=text(7), relation=text(8), content=text(9)))
    save_answer(book, "ywt.found", text(10))
    made = prepare(book)
    for found in left(made):
        assert mail not in flat(found) and phone not in "".join(letter for letter in found if letter.isdigit())
        for family, given_name in who:
            for name in (family, given_name, FAMILIES[family] + GIVENS[given_name], f"{FAMILIES[family]}さん"):
                assert flat(name) not in flat(found), (name, found)
    book.close()


def test_nothing_of_a_class_leaves_that_its_workbooks_hold_of_anybody(tmp_path: Path) -> None:
    for raw in make_class(tmp_path, 4, seed=7):
        inside = raw.workbook.read_bytes().decode("utf-8", "replace")
        assert any(secret in inside for secret in raw.secrets)
        outside = raw.handin.read_bytes().decode("utf-8", "replace")
        assert [secret for secret in raw.secrets if secret in outside] == []


def test_a_name_known_from_a_consent_or_a_column_is_covered_too(book: Workbook) -> None:
    heard(book, "ミナトさん", "ほしみさんにも、うみのねこさんにも、つきのしずくさんにも話しました。")
    with book.act("書いた") as session:
        person = session.scalars(select(Person)).one()
        person.about = {"ふりがな": "ほしみ", "年代": "五十代"}
        session.add(Consent(person_id=person.id, version="1", text="", name_style="nickname", shown_name="うみのねこ", method="paper", guardian="つきのしずく",
                            obtained_on=date(2026, 11, 1)))  # fmt: skip
    assert voices(prepare(book)) == ["●●●さんにも、●●●●●さんにも、●●●●●●さんにも話しました。"]


def test_an_address_that_stands_in_a_memo_is_covered_in_the_voices(book: Workbook) -> None:
    heard(book, "ミナトさん", "hoshi at example への返事、うれしかったです。送り先は、みなと町です。", "ID は hoshizora_camp のほうです。")
    with book.act("書いた") as session:
        session.scalars(select(Person)).one().note = "LINEのIDは hoshizora_camp"
    assert "hoshizora" not in "".join(left(prepare(book)))


def test_the_shop_is_named_once_and_nowhere_else(book: Workbook) -> None:
    save_answer(book, "shop", "汐風書店（しおかぜしょてん）")
    heard(book, "ミナトさん", "汐風書店さんの近くに住んでいます。しおかぜしょてん、大好きです。")
    made = prepare(book)
    assert [text for text in left(made) if "汐風" in text] == ['"汐風書店（しおかぜしょてん）"'] and "しおかぜ" not in voices(made)[0]


def test_a_customers_name_within_the_shops_is_covered(book: Workbook) -> None:
    save_answer(book, "shop", "ヘアサロン田中　090-1234-5678")
    heard(book, "田中恵子", "またうかがいます。")
    assert "ヘアサロン●●" in "".join(left(prepare(book))) and "1234" not in "".join(left(prepare(book)))


@pytest.mark.parametrize("name", ["●", "●●さん", "？", "・・・", "\u200b", "A"])
def test_a_name_that_is_hardly_one_ends_all_the_same(book: Workbook, name: str) -> None:
    heard(book, name, "●●さんと来ました。A席がよかったです？")
    assert len(voices(prepare(book))[0]) == len("●●さんと来ました。A席がよかったです？")


def test_what_customers_are_called_is_no_name(book: Workbook) -> None:
    save_answer(book, "called", "おなじみさん")
    save_answer(book, "ywt.did", "おなじみさんに声をかけた。")
    heard(book, "ミナトさん", "またうかがいます。")
    assert '"おなじみさんに声をかけた。"' in left(prepare(book))


def test_words_the_owner_wants_hidden_are_covered_and_do_not_leave_themselves(book: Workbook) -> None:
    heard(book, "ミナトさん", "港の魚屋のとなりの、ミーちゃんのいる家です。")
    before = prepare(book)
    save_answer(book, HIDE, "港の魚屋\n\nミー")
    made = prepare(book)
    assert voices(made) == ["●●●●のとなりの、●●ちゃんのいる家です。"] and made.digest != before.digest
    assert "港の魚屋" not in "".join(left(made))


ENDED = {"withdrawn_on": date(2026, 11, 3)}


@pytest.mark.parametrize(
    ("consents", "leaves"),
    [
        ([], True),
        ([{"scopes": ["shop"]}], True),
        ([{"scopes": ["instructor"]}], True),
        ([{"scopes": ["improve"]}], False),
        ([{"scopes": ["improve", "members"]}], False),
        ([{"scopes": ["web"]} | ENDED], False),
        ([{"scopes": ["web"], "withdrawn_on": date(2026, 11, 20)}], False),  # noted before the clock was put back
        ([{"scopes": ["no longer known"]}], False),
        ([{"scopes": ["web"]} | ENDED, {"scopes": ["course"]}], True),
        ([{"scopes": ["web"], "expires_on": date(2026, 11, 9)}], False),
        ([{"scopes": ["web"], "expires_on": date(2026, 11, 10)}], True),
    ],
)
def test_words_that_nobody_lets_out_of_the_shop_are_covered_as_a_whole(
    book: Workbook, consents: list[dict[str, Any]], leaves: bool
) -> None:
    heard(book, "ミナトさん", "わたしの\n言葉です。", "ほかの言葉です。")
    with book.act("お許し") as session:
        voice = session.scalars(select(Voice).order_by(Voice.id)).first()
        assert voice is not None
        for one in consents:
            consent = Consent(person_id=voice.person_id, version="1", text="", name_style="anonymous", method="paper", obtained_on=date(2026, 11, 1), **one)  # fmt: skip
            session.add(consent)
            session.flush()
            session.add(ConsentVoice(consent_id=consent.id, voice_id=voice.id))
    made = prepare(book, date(2026, 11, 10))
    assert voices(made) == ["わたしの\n言葉です。" if leaves else "●●●●\n●●●●●", "ほかの言葉です。"]
    assert made.withheld == (not leaves)


# ---- what leaves is a workbook


def test_places_in_the_words_stay_where_they_were_and_the_fingerprint_is_made_anew(sample: Workbook) -> None:
    made = prepare(sample)
    with sample.reading() as session:
        originals = {voice.id: voice.text for voice in session.scalars(select(Voice))}
    for row in made.rows["voice"]:
        assert len(row["text"]) == len(originals[row["id"]]) and row["sha256"] == fingerprint(row["text"])
        assert all(new in (old, "●") for new, old in zip(row["text"], originals[row["id"]], strict=True))


def test_every_step_counts_the_same_in_the_hand_in(sample: Workbook, tmp_path: Path) -> None:
    path = hand_in(sample, tmp_path / "x", prepare(sample).digest)
    handed_in = open_submission(path)
    assert {place: box.made for place, box in course_boxes(handed_in).items()} == {
        place: box.made for place, box in course_boxes(sample).items()
    }
    for part in Part:
        assert [len(one.cards) for one in themes(handed_in, part)] == [len(one.cards) for one in themes(sample, part)]
        assert [(one.id, len(one.evidence)) for one in plan(handed_in, part).decided] == [
            (one.id, len(one.evidence)) for one in plan(sample, part).decided
        ]
    assert [one.counts for one in review.numbers(handed_in)] == [one.counts for one in review.numbers(sample)]
    assert [one.title for one in review.everything_decided(handed_in)] == [one.title for one in review.everything_decided(sample)]


def test_the_hand_in_has_code_and_day_and_the_same_code_every_time(book: Workbook, tmp_path: Path) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    for day in (date(2026, 11, 1), date(2026, 11, 9)):
        handed_in = open_submission(hand_in(book, tmp_path / "x", prepare(book).digest, day))
        assert code(handed_in) == code(book) and read_answer(handed_in, MADE_ON) == day.isoformat()
        heard(book, "シオリさん", "はじめてです。")


def test_every_text_that_leaves_stands_in_the_list_as_it_leaves(sample: Workbook) -> None:
    made = prepare(sample)
    listed = {each.text for section in made.sections for each in section.texts}
    labels = "\n".join(each.label for section in made.sections for each in section.texts)
    for table, columns in policy.POLICY.items():
        for column in [column for column, way in columns.items() if way is policy.Way.MASK]:
            for row in made.rows[table]:
                value = json.loads(row[column]) if table == "answer" and isinstance(row[column], str) else row[column]
                if isinstance(value, str) and value:
                    assert value in listed or value in labels, (table, column, value)


# ---- what was looked at is what is made


def test_the_list_is_the_same_as_long_as_the_workbook_is(book: Workbook) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    assert prepare(book).digest == prepare(book).digest


def test_a_workbook_that_changed_since_asks_to_look_again_and_makes_nothing(book: Workbook, tmp_path: Path) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    looked_at = prepare(book)
    heard(book, "シオリさん", "はじめてです。")
    with pytest.raises(KizunaError, match="もう一度"):
        hand_in(book, tmp_path / "x", looked_at.digest)
    assert list(tmp_path.iterdir()) == []


def test_a_change_of_what_stays_here_does_not_ask_again(book: Workbook, tmp_path: Path) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    looked_at = prepare(book)
    with book.act("メモ") as session:
        session.scalars(select(Person)).one().note = "甘いものが好き"
    assert hand_in(book, tmp_path / "x", looked_at.digest).name == "x.kizuna-teishutsu"


def test_another_file_is_never_overwritten_and_an_earlier_hand_in_is(book: Workbook, tmp_path: Path) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    other = tmp_path / "x.kizuna-teishutsu"
    other.write_bytes(b"my own")
    with pytest.raises(KizunaError, match="別のファイル"):
        hand_in(book, other, prepare(book).digest)
    assert other.read_bytes() == b"my own"
    other.unlink()
    assert hand_in(book, other, prepare(book).digest) == hand_in(book, other, prepare(book).digest) == other
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


@pytest.mark.parametrize("folder", ["nowhere", "a file"])
def test_where_it_cannot_be_written_one_sentence_says_so(book: Workbook, tmp_path: Path, folder: str) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    (tmp_path / "a file").touch()
    with pytest.raises(KizunaError, match="書き込めません"):
        hand_in(book, tmp_path / folder / "x", prepare(book).digest)


def test_an_empty_workbook_has_nothing_to_hand_in(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="まだ何も"):
        prepare(book)


def test_a_column_nobody_decided_about_stops_everything(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    monkeypatch.setitem(policy.POLICY, "person", {column: way for column, way in policy.POLICY["person"].items() if column != "note"})
    with pytest.raises(KeyError):
        prepare(book)


def test_a_kept_text_that_is_no_key_is_covered_all_the_same(book: Workbook) -> None:
    heard(book, "田中恵子", "またうかがいます。")
    with book.act("変わった値") as session:
        person = session.scalars(select(Person)).one()
        session.add(Touch(person_id=person.id, on=date(2026, 11, 2), kind="thanked", medium="田中さんの 090-1234-5678"))
    assert [row["medium"] for row in prepare(book).rows["touch"]] == ["●●さんの ●●●●●●●●●●●●●"]


def test_the_file_is_called_by_the_code(book: Workbook) -> None:
    heard(book, "ミナトさん", "またうかがいます。")
    made = prepare(book)
    assert handin.file_name(made) == f"提出用_{made.code}.kizuna-teishutsu"
