"""How the place fares, on the page: a few measures, this period beside the one before, each with the next kind step."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from kizuna.finding import Finding, Strength
from kizuna.language.counting import things
from kizuna.steps.tribe.health import Firsts, Health, Share, Silent, Span, health, next_steps
from kizuna.steps.tribe.words import number, words
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import day, empty, findings, html, say
from kizuna.views.periods import Bar, Piece, two_bars

_PERCENT_FROM = 20  # with fewer turns than that a share is told as so many of so many
_NONE = "記録がありません"
_BLANK = (
    "だれが、いちばん話しましたか。わたしは、話しすぎていませんか。",
    "はじめに答えたのは、どなたでしたか。",
    "しばらくお会いしていない方は、いませんか。",
)


class HealthView(Form):
    """Who speaks, who answers first, who is quiet, who looks after what, and how people take part."""

    def build(self) -> None:
        self._shown: object = None
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = health(self.page.book)
        if found != self._shown:
            self._shown = found
            self._told.value = _told(found)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [
                Block("集まりのようす", "点数はつけません。思い出しながら、ひとことずつ。", tuple(Line(one, kind="long") for one in _BLANK))
            ]
        found = health(self.page.book)
        if not found.recorded:
            return [Block("集まりのようす", "まだ、記録がありません。")]
        steps = next_steps(found)
        names = words().measures
        firsts_told = "".join(_firsts_told(found))
        silent = "".join(_silent_line(one) for one in found.silent) or "いらっしゃいません。"
        lines = (
            Line(names.firsts, value=firsts_told),
            Line(names.silent, value=silent),
            Line(names.roles, value=_roles_told(found)),
            Line("次の小さな一歩", value="\n".join(f"・{one}" for one in steps.values())),
        )
        return [Block("集まりのようす", "".join(_share_told(found)), lines, picture=_share_bars(found))]


def _told(found: Health) -> Markup:
    if not found.recorded:
        return empty("まだ、見えることがありません", "上で、話したことや来たことを書きとめるか、LINEのトークを入れると、ここに出ます。")
    names, steps = words().measures, next_steps(found)
    much = Finding("1-24", "SHARE", Strength.ADVICE, "わたしの話が、半分をこえています。仲間の一人として、聞く番を楽しんでみましょう。")
    parts = [
        (
            names.share,
            Markup("").join(say(one) for one in _share_told(found))
            + _share_bars(found)
            + (findings([much]) if found.now.share.owner_much else ""),
            steps["share"],
        ),
        (names.firsts, Markup("").join(say(one) for one in _firsts_told(found)) + _firsts_bars(found), steps["firsts"]),
        (names.silent, _silent_told(found), steps["silent"]),
        (names.roles, say(_roles_told(found)), steps["roles"]),
        (names.levels, _levels_told(found), steps["levels"]),
    ]
    return Markup("").join(_measure(*one) for one in parts) + _reckoning()


def _measure(name: str, told: Markup, step: str) -> Markup:
    return Markup('<section class="kz-measure"><h4>{}</h4>{}<p class="kz-step"><b>次の小さな一歩</b>{}</p></section>').format(
        name, told, step
    )


def _days(one: Span) -> str:
    return f"{one.first.month}月{one.first.day}日〜{one.last.month}月{one.last.day}日"


def _few(total: int) -> str:
    """What stands in place of a bar where there is too little for one."""
    return "" if total >= number("few") else (f"まだ{total}回です" if total else _NONE)


# ---- who spoke


def _share_told(found: Health) -> list[str]:
    now, before = found.now.share, found.before.share
    length = number("period_days")
    if not now.enough:
        first = f"この{length}日に書きとめたのは、まだ{now.total}回です。割合では言わずに、一回ずつを大切に見ます。"
        return [first] if now.total else [f"この{length}日の記録は、まだありません。"]
    told = [
        f"この{length}日に、だれかが話したのは{now.total}回（仲間{found.now.speakers}人とわたし）。"
        f"そのうち、わたしが{_part(now.owner, now)}、仲間どうしは{_part(now.among, now)}でした。"
    ]
    if before.enough:
        told.append(
            f"その前の{length}日は、{before.total}回のうち、わたしが{_part(before.owner, before)}、仲間どうしは{_part(before.among, before)}でした。"
        )
    elif before.total:
        told.append(f"その前の{length}日は、まだ{before.total}回だったので、くらべません。")
    return told


def _part(count: int, of: Share) -> str:
    if of.total < _PERCENT_FROM:
        return f"{count}回"
    return f"{count}回（{round(100 * count / of.total)}％）"


def _share_bars(found: Health) -> Markup:
    return two_bars("だれが話したか。", [_share_bar("この期間", found.now), _share_bar("その前", found.before)], "半分")


def _share_bar(name: str, one: Span) -> Bar:
    share = one.share
    pieces = (
        Piece("仲間どうし（みんなへの言葉も）", share.among, "among"),
        Piece("仲間から、わたしへ", share.to_owner, "to_owner"),
        Piece("わたし（店主）", share.owner, "owner"),
    )
    return Bar(f"{name}（{_days(one)}）", pieces, _few(share.total))


# ---- first replies


def _firsts_told(found: Health) -> list[str]:
    now = found.now.firsts
    if not now.opened:
        return [f"この{number('period_days')}日にひらかれた話題は、まだ書きとめていません。"]
    who = "、".join(f"{name}が{things(count)}" for name, count in (("仲間", now.by_member), ("わたし", now.by_owner)) if count)
    told = [f"話題は{things(now.opened)}。" + (f"はじめに答えたのは、{who}でした。" if who else "")]
    if now.unanswered:
        told.append(f"お返事のなかった話題が、{things(now.unanswered)}あります。")
    if now.waiting:
        told.append(f"{things(now.waiting)}は、ひらいたばかりで、お返事を待っているところです。")
    answered = now.by_member + now.by_owner
    if answered >= number("few") and now.usual is not None:
        told.append(f"はじめの返事は、たいてい{_usual(now.usual)}に届いています。")
    elif answered:
        told.append(f"返事のあった話題は、まだ{things(answered)}なので、早い、おそいは言いません。")
    return told


def _usual(took: timedelta) -> str:
    if took < timedelta(hours=1):
        return "一時間のうち"
    return "その日のうち" if took < timedelta(days=1) else f"{max(1, round(took / timedelta(days=1)))}日くらいのうち"


def _firsts_bars(found: Health) -> Markup:
    if not found.now.firsts.opened and not found.before.firsts.opened:
        return Markup("")
    return two_bars("はじめに答えた方。", [_firsts_bar("この期間", found.now), _firsts_bar("その前", found.before)])


def _firsts_bar(name: str, one: Span) -> Bar:
    first: Firsts = one.firsts
    pieces = (
        Piece("仲間が先に答えた", first.by_member, "among"),
        Piece("わたしが先に答えた", first.by_owner, "owner"),
        Piece("まだ、お返事がない", first.unanswered + first.waiting, "open"),
    )
    few = "" if first.opened >= number("few") else (f"まだ{things(first.opened)}です" if first.opened else _NONE)
    return Bar(f"{name}（{_days(one)}）", pieces, few)


# ---- silence, roles, levels


def _silent_told(found: Health) -> Markup:
    told = Markup('<ul class="kz-samples">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(_silent_line(one)) for one in found.silent)
    )
    days = number("silent_days")
    first = (
        say(f"話すことも来ることも、{days}日より長くなかった方です。加わった順に並べています。")
        if found.silent
        else say(f"{days}日より長くごぶさたの方は、いらっしゃいません。")
    )
    listening = f"聞くだけで楽しい、とおっしゃった{found.listening}人は、ここに入れていません。" if found.listening else ""
    return first + (told if found.silent else "") + (Markup('<div class="kz-hint">{}</div>').format(listening) if listening else "")


def _silent_line(one: Silent) -> str:
    since = f"{day(one.since)}のあと" if one.spoke else f"{day(one.since)}に加わってから"
    elsewhere = f"店やお便りでは、{day(one.elsewhere)}にお会いしています。" if one.elsewhere else ""
    return f"{one.member.called}：{since}、集まりではお会いしていません。{elsewhere}"


def _roles_told(found: Health) -> str:
    if not found.roles:
        return "役を持っている方は、まだ書かれていません。"
    each = "、".join(f"{one.called}（{one.role}{'・' + one.often if one.often else ''}）" for one in found.roles)
    return f"役を持っている方は{len(found.roles)}人、そのうち、わたしのほかは{found.shared_roles}人です。{each}。"


def _levels_told(found: Health) -> Markup:
    names, length = words().levels, number("period_days")
    rows = Markup("").join(
        Markup("<li><span>{}</span><span>いま <b>{}人</b></span><span>{}日前 {}人</span></li>").format(
            names[level], found.levels[level], length, found.levels_before[level]
        )
        for level in found.levels
    )
    hint = (
        "かかわり方に、上も下もありません。お名前は出さず、どんなお誘いが合いそうかを考えるためだけに見ます。"
        f"ふえたときはすぐに、静かになったときは、期間が{things(number('quiet_periods'))}続いてから変わります。役は、いまの役で見ています。"
    )
    return Markup('<ul class="kz-ways">{}</ul><div class="kz-hint">店主のほかの仲間の人数です。{}</div>').format(rows, hint)


def _reckoning() -> Markup:
    numbers, units = words().numbers, {"hours": "時間", "days": "日", "periods": "つの期間", "percent": "％"}
    labels = {
        "period_days": "一つの期間の長さ", "quiet_hours": "新しい話題と見る、静かな長さ", "waiting_hours": "返事を待つ長さ", "few": "割合を出さない数",
        "owner_percent": "店主の話の目安", "quiet_periods": "かかわりが静かになったと見る長さ", "silent_days": "ごぶさたと見る長さ", "taken_days": "LINEから写す長さ",
    }  # fmt: skip
    each = Markup("").join(
        Markup("<li><b>{}：{}{}</b>　{}</li>").format(labels[key], one.value, units.get(key.rpartition("_")[2], "回より少ない"), one.why)
        for key, one in numbers
    )
    told = "続けて送った言葉は、一回と数えます。LINEでは、すぐ前に話した方への言葉と見なします。ほんとうにそうかは、分かりません。"
    return Markup('<details class="kz-numbers"><summary>数え方と、そのわけ</summary><p>{}</p><ul>{}</ul></details>').format(told, each)


def tribe_health(page: Page) -> HealthView:
    """How the place fares."""
    return HealthView(page, "集まりのようす")
