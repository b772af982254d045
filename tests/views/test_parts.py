"""What every screen is made of: words shown whole and harmless, numbers read as people write them, errors told."""

from __future__ import annotations

import html as entities
import logging
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.steps.cards import Card
from kizuna.steps.research import MediumView, Point
from kizuna.steps.themes import ThemeView
from kizuna.views import charts, parts
from kizuna.views.fields import Field, FieldView, read_number
from kizuna.views.parts import Mark, apart, button, empty, finding, findings, html, quote, quotes, say, table

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "&lt;b&gt; & 'x' \"y\"",
    "</blockquote><style>*{display:none}</style>",
    "{0}{x}%s",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=500)


def card(text: str, **changes: Any) -> Card:
    return Card(
        **(
            {
                "id": 1,
                "text": text,
                "person_id": 1,
                "person": "ミナトさん",
                "question": "q",
                "heard_on": None,
                "source": "声.csv",
                "wishes": True,
            }
            | changes
        )
    )


def words(markup: str) -> str:
    """What a reader of a quote's block reads between 「 and 」 once it is unfolded."""
    block = re.search(r"<blockquote>(.*)</blockquote>", markup, re.DOTALL)
    assert block is not None
    text = re.sub(r"<summary>.*?</summary>", "", block[1], flags=re.DOTALL)
    text = entities.unescape(re.sub(r"</?(?:details|bdi)>", "", text))
    assert text.startswith("「") and text.endswith("」")
    return text[1:-1]


def tags(markup: str) -> set[str]:
    return set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", markup))


# ---- customers' words


def test_words_that_turn_the_direction_are_kept_apart_and_others_are_not() -> None:
    assert str(apart("うら\u202eへ<b>")) == "<bdi>うら\u202eへ&lt;b&gt;</bdi>"
    assert str(apart("שלום")).startswith("<bdi>")
    assert str(apart("ふつうの声 A-1")) == "ふつうの声 A-1"
    assert "「<bdi>うら\u202eへ</bdi>」" in str(quote(card("うら\u202eへ")))


@given(TEXTS)
def test_a_quote_is_shown_character_for_character(text: str) -> None:
    shown = str(quote(card(text)))
    assert words(shown) == text
    assert tags(shown) <= {"div", "blockquote", "details", "summary", "footer", "bdi"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_customer_says_becomes_markup(text: str) -> None:
    one = card(text, person=text, source=text)
    view = ThemeView(1, text, text, True, (one,))
    harmless = {
        "div",
        "blockquote",
        "details",
        "summary",
        "footer",
        "span",
        "i",
        "p",
        "b",
        "h3",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    for shown in (
        quote(one),
        quotes([one] * 9),
        charts.theme_bars([view]),
        charts.media_bars([MediumView("x", text, (one,))]),
        finding(Finding("r", "c", Strength.CARE, text)),
        say(text),
        empty(text, text),
        table([text], [[text]]),
        Markup(html(text).value),
    ):
        assert tags(str(shown)) <= harmless, shown
        assert entities.escape(text, quote=False).split(" ")[0] in str(shown)


def test_a_marks_message_is_harmless_too() -> None:
    mark = Mark()
    for say_it in (mark.tell, mark.saved, mark.working):
        say_it(HOSTILE[0])
        assert "<script" not in mark.value and "&lt;script" in mark.value


@pytest.mark.parametrize(("length", "folded"), [(1, False), (160, False), (161, True), (3_000, True)])
def test_a_long_quote_can_be_unfolded_and_says_how_long_it_is(length: int, folded: bool) -> None:
    shown = str(quote(card("あ" * length)))
    assert ("<details>" in shown) == folded
    assert (f"全部で{length}文字" in shown) == folded
    assert words(shown) == "あ" * length


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "か\u3099", "👍🏻", "🇯🇵"])
def test_a_fold_does_not_cut_a_sign_in_two(sign: str) -> None:
    shown = str(quote(card("あ" * 159 + sign + "い" * 20)))
    assert sign in shown


def test_a_quote_tells_who_when_and_where() -> None:
    shown = str(quote(card("また来ます", heard_on=date(2026, 11, 23), source="声.csv・5行目")))
    assert "<footer>ミナトさん・11月23日（月）・声.csv・5行目</footer>" in shown


@pytest.mark.parametrize(
    ("source", "foot"),
    [
        ("ミナトさんのお話", "ミナトさん・お話"),
        ("ミナトさん.csv", "ミナトさん・ミナトさん.csv"),
        ("声.csvの3行目", "ミナトさん・声.csvの3行目"),
    ],
)
def test_nobody_is_named_twice_below_a_quote(source: str, foot: str) -> None:
    assert f"<footer>{foot}</footer>" in quote(card("早い", source=source))


@pytest.mark.parametrize(("count", "hidden"), [(0, 0), (5, 0), (6, 1), (40, 35)])
def test_more_than_five_quotes_open_on_a_click_and_none_is_lost(count: int, hidden: int) -> None:
    shown = str(quotes([card(f"{number}番の声") for number in range(count)]))
    assert re.findall(r"「(\d+)番の声」", shown) == [str(number) for number in range(count)]
    assert (f"あと{hidden}件の声を見る" in shown) == bool(hidden)


# ---- charts


def test_bars_are_as_long_as_their_people_are_many() -> None:
    said = (card("椅子がほしい"), card("この椅子が好き", id=2, person_id=2, wishes=False))
    shown = str(charts.theme_bars([ThemeView(1, "椅子", "", False, said), ThemeView(2, "夜", "", False, said[:1])]))
    (most, wish), (half, other) = [
        [float(width) for width in re.findall(r"<i[^>]*width:([\d.]+)%", bar)] for bar in shown.split("<details>")[1:] if "<i" in bar
    ]
    assert most > wish == half == other > 0
    assert abs(most - 2 * wish) < 0.2
    assert re.findall(r">(\d+)人</span>", shown) == ["2", "1"] and "名前は仮" not in shown


def test_behind_every_chart_stand_its_numbers() -> None:
    said = (card("椅子がほしい"), card("この椅子が好き", id=2, person_id=2, wishes=False))
    view = ThemeView(1, "椅子", "", False, said)
    for shown, numbers in (
        (charts.theme_bars([view]), ["椅子", "2人", "1人"]),
        (charts.wish_bars([view]), ["椅子", "1人"]),
        (charts.media_bars([MediumView("x", "はがき", said)]), ["はがき", "2人"]),
        (charts.curve([Point(1, 2), Point(2, 5)]), ["1人目", "2", "2人目", "5"]),
    ):
        table = str(shown).split("数字の表で見る")[1]
        assert re.findall(r"<td>(.*?)</td>", table) == numbers


def test_a_bar_of_nobody_has_no_length() -> None:
    shown = str(charts.theme_bars([ThemeView(1, "空", "", True, ())]))
    assert "width:0.0%" in shown and "名前は仮" in shown
    assert "<details>" not in charts.theme_bars([])


def test_the_curve_names_both_its_ends() -> None:
    shown = str(charts.curve([Point(1, 2), Point(2, 2), Point(3, 5)]))
    assert 'aria-label="3人の声から、5のまとまりが聞こえました。"' in shown
    assert "3人目" in shown and "nan" not in shown
    assert charts.curve([]) == ""


# ---- findings


def test_findings_stand_the_heaviest_first_and_each_sentence_once() -> None:
    found = [
        Finding("a", "c", strength, f"{strength.value}の文") for strength in (Strength.ADVICE, Strength.STOP, Strength.CARE, Strength.STOP)
    ]
    assert re.findall(r"<b>(.*?)</b>(.*?)</div>", str(findings(found))) == [
        ("まだ進めません", "止めるの文"),
        ("注意", "注意の文"),
        ("助言", "助言の文"),
    ]
    assert findings([]) == ""


@pytest.mark.parametrize(
    ("category", "strength", "expected"),
    [
        ("EMPTY", Strength.STOP, ("advice", "ここを書くと進めます")),
        ("EVIDENCE", Strength.STOP, ("stop", "まだ進めません")),
        ("EMPTY", Strength.CARE, ("care", "注意")),
    ],
)
def test_what_is_only_not_written_yet_is_no_fault(category: str, strength: Strength, expected: tuple[str, str]) -> None:
    shown = str(findings([Finding("a", category, strength, "文")]))
    assert re.findall(r'kz-finding (\w+)"><b>(.*?)</b>', shown) == [expected]


# ---- numbers and dates as people write them


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("8", 8), ("８", 8), ("８時間", 8), ("8 時間", 8), ("約8時間くらい", 8), ("1,000", 1000), ("１，０００円", 1000), ("0.5", 0.5), ("１．５", 1.5),
        (" 12 ", 12), ("15分", 15), ("3人ほど", 3), ("20名", 20), ("4回", 4), ("30日", 30), ("70%", 70), ("７０％", 70), ("0", 0), ("", None), (" \u3000", None),
    ],
)  # fmt: skip
def test_a_number_is_read_in_many_spellings(written: str, number: float | None) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written", ["三", "８時間３０分", "-3", "1.2.3", "8〜10", "abc", "1e5", "たくさん", "¥100", "8時間/月", "nan", "inf", "."]
)
def test_what_is_no_number_is_told_with_what_was_written(written: str) -> None:
    with pytest.raises(KizunaError) as error:
        read_number(written)
    assert f"「{written}」は数字として読めません" in str(error.value)


@pytest.mark.parametrize("written", ["8²", "9" * 400])
def test_what_only_looks_like_a_number_is_told(written: str) -> None:
    with pytest.raises(KizunaError):
        read_number(written)


def test_a_day_is_written_as_people_write_it() -> None:
    assert (parts.day(date(2026, 1, 4)), parts.day(None)) == ("1月4日（日）", "日にちなし")


# ---- buttons and fields that tell their errors


def broken() -> None:
    raise KizunaError("ここを直してください。")


def crashed() -> None:
    raise ZeroDivisionError("secret path /home/x")


def test_a_button_tells_what_can_be_mended() -> None:
    mark = Mark()
    one = button("押す", broken, mark)
    one.click()
    assert "ここを直してください。" in mark.value and 'role="alert"' in mark.value
    assert not one.disabled


def test_a_button_never_shows_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    mark = Mark()
    with caplog.at_level(logging.CRITICAL):
        button("押す", crashed, mark).click()
    assert "思いがけないこと" in mark.value and "secret" not in mark.value


def test_a_button_shows_that_it_works() -> None:
    seen: list[bool] = []
    one = button("押す", lambda: seen.append("kz-busy" in one._dom_classes), Mark())
    one.click()
    assert (seen, "kz-busy" in one._dom_classes) == ([True], False)


def test_a_button_that_its_work_switched_off_stays_off() -> None:
    def work() -> None:
        one.disabled = True

    one = button("押す", work, Mark())
    one.click()
    assert one.disabled


@pytest.mark.parametrize(
    ("field", "value", "shown", "given"),
    [
        (Field(key="k", question="q"), "汐風", "汐風", "別"),
        (Field(key="k", question="q", kind="long"), "一\n二", "一\n二", "三\n四"),
        (Field(key="k", question="q", kind="number"), 6.0, "6", "６．５時間"),
        (Field(key="k", question="q", kind="number"), None, "", "1,000"),
        (Field(key="k", question="q", kind="choice", choices=["甲", "乙"]), "甲", "甲", "乙"),
        (Field(key="k", question="q", kind="choice", choices=["甲", "乙"]), "もうない", None, "乙"),
        (Field(key="k", question="q", kind="scale"), 7, 7, 0),
        (Field(key="k", question="q", kind="yesno"), False, False, True),
        (Field(key="k", question="q", kind="date"), date(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 4)),
    ],
)
def test_a_field_shows_what_is_stored_and_saves_what_is_written(field: Field, value: Any, shown: Any, given: Any) -> None:
    saved: list[tuple[Any, Any]] = []
    view = FieldView(field, value, lambda new, seen: saved.append((new, seen)), Mark())
    assert (view.place.value, saved) == (shown, [])
    view.place.value = given
    assert saved == [(read_number(given) if field.kind == "number" else given, value)]
    view.fill(value)
    assert len(saved) == 1


def test_a_field_that_was_not_changed_is_not_saved() -> None:
    saved: list[Any] = []
    view = FieldView(Field(key="k", question="q", kind="number"), 6.0, lambda new, seen: saved.append(new), Mark())
    view.place.value = "６時間"
    assert saved == []


def test_a_field_tells_what_it_cannot_read_and_keeps_what_was_typed() -> None:
    mark, saved = Mark(), list[Any]()
    view = FieldView(Field(key="k", question="q", kind="number"), 6.0, lambda new, seen: saved.append(new), mark)
    view.place.value = "たくさん"
    assert (saved, view.place.value) == ([], "たくさん")
    assert "「たくさん」は数字として読めません" in mark.value


def test_the_question_stands_above_its_place_and_the_example_is_folded() -> None:
    view = FieldView(Field(key="k", question="<b>問い</b>", hint="助け", example="例"), "", lambda new, seen: None, Mark(), "1.")
    question, hint, place, example = view.children
    assert "&lt;b&gt;問い" in question.value and "1." in question.value
    assert "助け" in hint.value and place is view.place and "<details" in example.value
    assert place.description == ""


def test_a_choice_is_told_what_belongs_to_it_at_once_and_again_when_the_page_is_opened() -> None:
    told: list[Any] = []
    field = Field(
        key="stance", question="？", kind="choice", choices=["友人", "神様", "ほか"], notes={"友人": "気がねなく。", "神様": "<b>"}
    )
    view = FieldView(field, "友人", lambda *values: told.append(values), Mark())
    note = view.children[-1]
    assert "気がねなく。" in note.value
    view.place.value = "神様"
    assert "&lt;b&gt;" in note.value and told == [("神様", "友人")]
    view.place.value = "ほか"
    assert note.value == ""
    view.fill("友人")
    assert "気がねなく。" in note.value and len(told) == 2


def test_every_note_of_the_forms_belongs_to_a_choice_and_where_one_has_a_note_all_have() -> None:
    from kizuna.content import load

    noted = [field for fields in load("forms.yaml", dict[str, list[Field]]).values() for field in fields if field.notes]
    assert [field.key for field in noted] == ["stance", "offer.strain"]
    assert all(list(field.notes) == field.choices for field in noted), "none is singled out, and none is called wrong"
