"""The sentences of a calendar: why this day and this medium, why somebody cannot be kept, and what would help."""

from __future__ import annotations

from datetime import date, timedelta

from kizuna.steps.calendar.model import Reason, Someone, Status, Way
from kizuna.steps.calendar.problem import Chain, Problem, Task

STATUS = {
    Status.BEST: "これより多くの方に、これよりちょうどよい間でお便りできる組み方は、ほかに見つかりませんでした。",
    Status.GOOD: "時間をかければ、もう少しよい組み方があるかもしれません。決まりはすべて守れています。",
    Status.GREEDY: "急ぐ方から順に日にちを決めました。くわしく組む道具（HiGHS）が使えなかったため、もっとよい組み方があるかもしれません。",
}


def on(day: date) -> str:
    """A day as it is said within a sentence: 「12月10日」."""
    return f"{day.month}月{day.day}日"


def why(problem: Problem, one: Someone, task: Task, chain: Chain, number: int) -> str:
    """Why touch ``number`` of this chain is on its day, by its medium."""
    day, way = chain[number]
    when, medium = on(problem.start + timedelta(days=day)), problem.ways[way].name
    before = max((other for other in task.days(chain) if other < day), default=None)
    gone = day - before if before is not None else day - task.clock if task.clock is not None else None
    liked = "いちばん望んでいらっしゃる" if task.ways[0] == way and len(task.ways) > 1 else ""
    if gone is None:
        return f"まだやりとりの記録がありません。はじめの一回を、{liked}{medium}で{when}に。"
    if before is None and task.late:
        return f"前回から{gone}日たちます。{one.worst_days}日をこえているので、なるべく早く、{liked}{medium}を{when}に。"
    if gone == one.ideal_days:
        return f"前回から{gone}日。ちょうどよい間なので、{liked}{medium}を{when}に。"
    if gone > one.worst_days:
        return f"前回から{gone}日。{one.worst_days}日をこえてしまいますが、時間のとれる{when}に、{liked}{medium}を。"
    if not problem.ways[way].per_person:
        return f"前回から{gone}日。みなさんに{medium}を届ける{when}に、ご一緒に。いちばん間があいても{one.worst_days}日です。"
    ideal = day - gone + one.ideal_days
    closed = "ちょうどよい日はお休みなので、" if 0 <= ideal < problem.days and not problem.open[ideal] else ""
    return f"前回から{gone}日。{closed or f'いちばん間があいても{one.worst_days}日なので、'}{liked}{medium}を{when}に。"


def unkept(problem: Problem, one: Someone, reason: Reason, passes: date, more: int | None, lighter: Way | None) -> str:
    """Why somebody cannot be kept, and what would help."""
    gone = (
        f"{on(passes)}に、前回から{one.worst_days}日をこえます。"
        if one.last_touch
        else f"{on(passes)}までに、はじめの一回を届けられません。"
    )
    if reason is Reason.MEDIUM:
        return f"{gone}届けてよい方法が、まだ分かっていません。次に会ったとき、何ならうれしいかをたずねましょう。" + _offer(lighter)
    if reason is Reason.DAYS:
        return f"{gone}お休みの日と「間をあける」決まりのあいだに、届けられる日がありません。「いちばん間があいても」の日数を長くするか、お休みの日を見直しましょう。"
    enough = f"ひと月にあと{more}分あれば、時間の足りない方みなさんに届けられます。"
    return gone + (enough if more else "時間か費用が足りません。人数をしぼるか、間を長くしましょう。") + _offer(lighter)


def _offer(lighter: Way | None) -> str:
    if lighter is None:
        return ""
    once = f"みなさんにまとめて{lighter.minutes}分" if not lighter.per_person else f"お一人{lighter.minutes}分"
    return f"{lighter.name}（{once}）なら、軽くお便りできます。望まれるか、たずねてみてください。"
