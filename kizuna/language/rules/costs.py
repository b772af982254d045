"""Money among members: only what a gathering itself costs, for what and how much, and nothing beside it."""

from __future__ import annotations

import re
from functools import cache

from kizuna.finding import Finding
from kizuna.language.plain import plain
from kizuna.language.rules.table import rule, table

EXAMPLE = "会場代とお茶代 300円"
LEAD = "実費："
_EACH = r"(?:お?一人|お?ひとり|1人|一回|1回|毎回|それぞれ|各自|合わせて|あわせて|合計|計|約|およそ)(?:さま|様|につき|あたり)?"
_MORE = r"(?:ずつ|ほど|くらい|ぐらい|まで|以内|だけ|です|をいただきます|かかります|がかかります)"
_NONE = r"(?:は)?(?:なし|ありません|かかりません|いただきません|いりません)(?:です)?"


def check_cost(text: str) -> list[Finding]:
    """What stands in the way of a line of costs; nothing only where it says of what, and how many yen – or that there are none.

    >>> check_cost("会場代とお茶代 300円")
    []
    >>> [one.rule for one in check_cost("新作の手さげ 3,000円")]
    ['KZ-03']
    """
    flat = plain(text).text.strip().removeprefix("実費").lstrip(" :は")
    if _line().fullmatch(flat):
        return []
    if not re.search(table().words["yen"], flat):
        missing = "いくらかかるか（○○円）が、まだ書かれていません。"
    elif not re.search(table().words["cost"], flat):
        missing = "何にかかるお金か（会場代、お茶代など）が分かりません。品物の値段や会費は、ここには書けません。"
    else:
        missing = "ここには、何にいくらかかるかだけを書きます。ほかの言葉は外しましょう。"
    kind = rule("KZ-03")
    return [Finding(kind.id, kind.category, kind.strength, f"「実費」：{missing}書き方の例：{EXAMPLE}", 0, len(text), (EXAMPLE,))]


def cost_things(text: str) -> list[str]:
    """What a gathering may cost money for, of all that a text names, each once.

    >>> cost_things("お茶とだんごの分を、来た方で等分する。")
    ['お茶', 'だんご']
    """
    return list(dict.fromkeys(match[0] for match in re.finditer(table().words["cost"], text)))


@cache
def _line() -> re.Pattern[str]:
    thing, yen = table().words["cost"], table().words["yen"]
    cost = rf"{thing}(?:(?:と|や|・|、){thing})*(?:使用|借用)?(?:代|費|賃|料(?!金)|の分)"
    item = rf"{cost}(?:(?:と|や|・|、){cost})*(?:として|が|は|で|に)?[、 ]*(?:{_EACH}[、 ]*)*{yen}{_MORE}*"
    return re.compile(rf"(?:{_NONE}|{item}(?:[、と\s]+{item})*)。?")
