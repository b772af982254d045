"""Where a text stands: whose words, in which trade, through which channel, for what purpose."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from kizuna.errors import KizunaError


class Choice(StrEnum):
    """One of a few; read from its code or its Japanese name."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """A member whose value is the code and whose ``label`` a person reads."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.label = label
        return made

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """The member that has this code or name; none for none. Raises ``KizunaError`` that lists the names."""
        if not text:
            return None
        if found := cls.kept(text):
            return found
        raise KizunaError(f"「{text}」は選べません。{'・'.join(one.label for one in cls)} のどれかにしてください。")

    @classmethod
    def kept(cls, value: object) -> Self | None:
        """The member that has this code or name; none for anything else, as a workbook from elsewhere may hold."""
        return next((one for one in cls if value in (one.value, one.label)), None)


class Kind(Choice):
    """Whose words a text is."""

    OWNER = "owner", "お店の文"
    CUSTOMER = "customer", "お客さまの声"


class Channel(Choice):
    """Where a text goes."""

    PAPER = "paper", "店頭・紙"
    WEB = "web", "自社Web"
    SNS = "sns", "自社SNS"
    REVIEWS = "reviews", "公開口コミサイト"
    MAIL = "mail", "メール・SMS"
    LINE = "line", "LINE等"
    TRIBE = "tribe", "トライブ"
    COURSE = "course", "講座内"


class Purpose(Choice):
    """What a text is for."""

    RELATION = "relation", "お礼・情報"
    INVITE = "invite", "フォローの案内"
    ASK = "ask", "感想のお願い"
    VOICE = "voice", "声の掲載"
    SELLING = "selling", "商品のご案内"
    QUESTION = "question", "聞き取りの質問"


class Industry(Choice):
    """The trade of the shop."""

    GENERAL = "general", "一般"
    FOOD = "food", "飲食"
    COSMETICS = "cosmetics", "化粧品・健康食品"
    BEAUTY = "beauty", "美容・エステ"
    RELAXATION = "relaxation", "整体・リラク(無資格)"
    THERAPY = "therapy", "あん摩・はり・きゅう・柔整"
    MEDICAL = "medical", "医療・歯科"
    TEACHING = "teaching", "教室・士業"
    MAIL_ORDER = "mail_order", "通販あり"
