import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.language.rules import Facts, check_facts, check_text, dated, footer, perk, rule, rules
from kizuna.language.rules.context import Channel, Industry, Purpose
from kizuna.language.rules.table import Example, table


def told(rule, example):
    one = Example(text=example) if isinstance(example, str) else example
    if rule.how == "facts":
        return {found.rule for found in check_facts(Facts(**one.facts))}
    return {found.rule for found in check_text(one.text, one.kind, one.channel, one.purpose, one.industry)}


@pytest.mark.parametrize("one", rules(), ids=lambda one: one.id)
def test_every_rule_passes_its_own_examples(one):
    for example in one.examples.flag:
        assert one.id in told(one, example), example
    for example in one.examples.passes:
        assert one.id not in told(one, example), example


def test_the_table_is_whole():
    wanted = [
        "ST",
        "10",
        "KH",
        "6",
        "KB",
        "2",
        "IH",
        "2",
        "AH",
        "2",
        "YK",
        "2",
        "PI",
        "9",
        "ML",
        "5",
        "TS",
        "1",
        "CP",
        "3",
        "SE",
        "1",
        "US",
        "2",
        "KZ",
        "16",
    ]
    assert [one.id for one in rules()] == [
        f"{a}-{n:02}" for a, last in zip(wanted[::2], wanted[1::2], strict=True) for n in range(1, int(last) + 1)
    ]


@pytest.mark.parametrize("one", rules(), ids=lambda one: one.id)
def test_every_rule_says_what_why_and_how_in_plain_japanese_and_where_it_is_from(one):
    assert one.source and 2 <= len(one.softer) <= 3 and one.message.count("。") >= 1 and not re.search(r"[A-Z]{2}-\d", one.message)
    assert set(one.when) <= {field.name for field in dataclasses.fields(Facts)} | {
        n for n, v in vars(Facts).items() if isinstance(v, property)
    }


# Sentences with exactly the rules they must raise.
EXACT = [
    ("星4以上の評価をくださった方は次回割引いたします。", {}, {"ST-01", "KZ-02"}),
    ("食べログに感想を投稿していただいた方に粗品を差し上げます。", {}, {"ST-02"}),
    ("ご感想をくださった方全員に、お茶をお渡しします。", {}, set()),
    ("効果には個人差があります。", {}, {"KH-01"}),
    ("リピート率95%", {}, {"KH-03"}),
    ("毎日暑いですね。お体を大切に。", {}, set()),
    ("春のクーポンを配布中です。", {"channel": "tribe"}, {"KZ-02", "KZ-03"}),
    ("次は公園でお花見をしましょう。", {"channel": "tribe"}, set()),
    ("ターゲットは主婦です。", {}, {"KZ-01"}),
    ("ターゲットとか競合とか、私には分かりません。", {"kind": "customer"}, set()),
    ("2週間で3キロ減りました。", {"kind": "customer"}, {"KH-04"}),
    ("肩こりがすっかり治りました。", {"kind": "customer"}, {"YK-01"}),
    ("とても良かったです。", {"kind": "customer"}, {"KZ-11"}),
    ("店長の話が楽しくて、つい長居します。", {"kind": "customer"}, set()),
    ("電話は06-1234-5678です。", {"kind": "customer"}, {"PI-01"}),
    ("乳がんの手術のあとに伺いました。", {"kind": "customer"}, {"PI-02"}),
    ("5歳の娘と通っています。", {"kind": "customer"}, {"PI-03"}),
    ("使い方が分からないときは、いつでも聞いてください。", {}, set()),
]


@pytest.mark.parametrize(("text", "where", "wanted"), EXACT)
def test_exactly_these_rules_are_raised(text, where, wanted):
    assert {found.rule for found in check_text(text, **where)} == wanted


def test_the_trade_decides_how_much_it_weighs():
    text = "このクリームでシミが消えました。"
    assert {found.strength for found in check_text(text, "customer", industry="cosmetics") if found.rule == "YK-01"} == {Strength.STOP}
    assert {found.strength for found in check_text(text, "customer") if found.rule == "YK-01"} == {Strength.CARE}


def test_codes_and_names_are_both_read_and_others_refused():
    assert Channel.read("トライブ") is Channel.TRIBE and Industry.read("medical") is Industry.MEDICAL and Purpose.read(None) is None
    with pytest.raises(KizunaError, match="店頭・紙"):
        check_text("はい", channel="radio")


def test_a_customers_words_inside_the_owners_text_are_skipped():
    text = "「ターゲットは私ね」との声"
    assert check_text(text, skip=[(0, 11)]) == [] and check_text(text)


def test_the_shops_own_number_is_not_told():
    text = "お店は06-1234-5678です。"
    assert check_text(text, own=["06-1234-5678"]) == []
    assert [found.rule for found in check_text(text)] == ["PI-01"]  # asked again as somebody else's


def test_what_one_does_with_the_findings_the_next_who_asks_does_not_see():
    text = "春のターゲットです。"
    check_text(text).clear()
    assert [found.rule for found in check_text(text)] == ["KZ-01"]


def test_the_table_of_perks_is_whole():
    assert len({(one.condition, one.destination) for one in table().perks}) == 12
    assert perk("positive", "inside").strength == Strength.STOP and perk("use", "own").strength is None
    assert perk("voice", "reviews").answer == "止める" and perk("voice", "own").answer == "注意"
    with pytest.raises(KizunaError):
        perk("praise", "own")


def test_what_stands_below_every_result():
    assert footer().startswith("これは法律の判断ではありません。") and re.fullmatch(
        r"お知らせのもとにした法律などの決まり（.+）は、\d+年\d+月に確かめたものです。", dated()
    )
    assert rule("ML-05").unsure and "要確認" in rule("ML-05").unsure


def test_unknown_facts_raise_nothing():
    assert check_facts(Facts()) == []


PIECES = st.sampled_from(
    ["星5の口コミで", "割引します", "ﾀｰｹﾞｯﾄ", "🎉", "。", "\n", "シミが消えました", "㌔", "ｶﾞﾝの手術", "090-1234-5678", "\ud800", "?"]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(PIECES, max_size=10).map("".join), st.sampled_from(["owner", "customer"]))
def test_findings_are_in_order_and_inside(text, kind):
    found = check_text(text, kind)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(0 <= one.start <= one.end <= len(text) and one.message.endswith("。") for one in found)
