"""What a column is used for, and what kind of question stands above it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a column is used for; the value is the word a person sees."""

    VOICE = "声"
    MEDIA = "よく見る場所"
    PERSON = "お名前"
    WHEN = "日時"
    ABOUT = "お客さまのこと"
    SKIP = "使わない"


class Topic(StrEnum):
    """What kind of question customers answered; the value is the word a person sees."""

    FOLLOWUP = "フォロー"
    PLACE = "集まり"
    SCENE = "場面"
    REASON = "理由"
    MEDIA = "メディア"
    GOOD = "よかったこと"
    BAD = "気になったこと"
    WISH = "あったらうれしいこと"
    OTHER = "その他"
