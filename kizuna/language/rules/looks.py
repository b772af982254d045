"""What is told from a text as a whole: mere politeness, no thanks, details that add up to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kizuna.language.sentences import sentences

_HOW = (
    r"(?:とても|すごく|大変|たいへん|本当に|ほんとうに|ほんとに|いつも|また|今回も|全体的に|とっても|非常に|誠に|まことに|どうも"
    r"|すべて|全部|全て|特に|とくに|何も|これからも|今後も|ぜひ|是非|みんな|皆)*"
)
_GOOD = (
    r"(?:よかった|良かった|いい|良い|よい|大?満足|楽しかった|うれしかった|嬉しかった|おいしかった|美味しかった|最高|すばらしかった"
    r"|素晴らしかった|すばらしい|素晴らしい|素敵|すてき|問題なし|問題ない|問題ありません|普通|ふつう|感謝"
    r"|(?:満足|感謝)し(?:ました|ています|ております|ます)|気に入り(?:ました)|気に入っています)"
)
_THANKS = (
    r"(?:ありがとう(?:ございます|ございました)?|お世話になり(?:ました|ます)|お世話になっています|助かりました"
    r"|よろしくお願い(?:します|いたします|致します)|ごちそうさまでした|お疲れさまでした"
    r"|また(?:来|行き|利用し|お願いし|寄り|伺い)(?:ます|たいです|たいと思います)|来ます|行きたいです|利用したいです|お願いします"
    r"|応援しています|頑張ってください|がんばってください|特に(?:ありません|なし|ないです)|なし|ありません|(?:楽しい|いい)時間でした)"
)
_ENDS = r"(?:です|でした|と思います|と思いました|だと思います|ですね|でしたね|よ|ね|んです|のです|だ|です[よね]*)?"
_POLITE = re.compile(rf"{_HOW}(?:{_GOOD}{_ENDS}|{_THANKS})[ね]?")
_MARKS = re.compile(r"[^\w]+|_")
_THANK = re.compile(r"ありがと|有難|有り難|感謝|お礼|御礼|おかげ|お陰|うれし|嬉し|サンキュー|恐れ入ります")
_DETAILS = [
    ("place", re.compile(r"(?:北海道|東京|京都|大阪|都内|府内|県内|市内|区内|町内|[一-龥]{2,3}[都道府県市区町村])(?:内|の[^。]{0,4})?(?:に|在|の|出身|で|から|、)")),
    ("age", re.compile(r"(?<![0-9])[1-9]0(?:歳?代|才代)|(?<![0-9])[1-9][0-9](?:歳|才)|(?:二十|三十|四十|五十|六十|七十|八十)(?:代|歳)")),
    ("sex", re.compile(r"女性|男性|主婦|主夫|母親|父親|シングルマザー")),
    ("work", re.compile(r"会社員|公務員|教員|教師|保育士|看護師|医師|薬剤師|介護士|介護職|美容師|農家|漁師|弁護士|税理士|司書|運転手"
                        r"|消防士|警察官|自衛官|大工|パート勤務|自営業|経営者|学生|事務職|営業職|店員|銀行員|市役所|エンジニア|デザイナー"
                        r"|調理師|栄養士|牧師|住職")),
    ("family", re.compile(r"[一二三四五2-6]人(?:の子|家族|兄弟|姉妹|暮らし)|双子|三つ子|未亡人|バツイチ|離婚|単身赴任")),
]  # fmt: skip


def only_polite(text: str) -> bool:
    """Whether every sentence is a greeting or a bare 良かったです, without anything that happened."""
    pieces = [_MARKS.sub("", piece) for start, end in sentences(text) for piece in re.split("[、,]", text[start:end])]
    pieces = [piece for piece in pieces if piece]
    return bool(pieces) and all(_POLITE.fullmatch(piece) for piece in pieces)


def thankless(text: str) -> bool:
    """Whether a message of some length has no word of thanks."""
    return len(text.strip()) >= 30 and not _THANK.search(text)


def details(text: str) -> Iterator[tuple[int, int]]:
    """The sentences in which a place, an age, a work … stand together, three or more of them of different kinds."""
    for start, end in sentences(text):
        hits = [match for _, pattern in _DETAILS if (match := pattern.search(text, start, end))]
        if len(hits) >= 3:
            yield min(hit.start() for hit in hits), max(hit.end() for hit in hits)
