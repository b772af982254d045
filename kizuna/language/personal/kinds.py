"""The kinds of personal information, and one place of it in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a place tells about a person."""

    PERSON = "PERSON"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    POSTAL = "POSTAL"
    COMPANY = "COMPANY"
    SNS = "SNS"
    URL = "URL"
    BIRTHDATE = "BIRTHDATE"
    SCHOOL = "SCHOOL"

    @property
    def label(self) -> str:
        """The kind's name for a reader."""
        return LABELS[self]


LABELS = {
    Kind.PERSON: "お名前",
    Kind.PHONE: "電話番号",
    Kind.EMAIL: "メールアドレス",
    Kind.ADDRESS: "住所",
    Kind.POSTAL: "郵便番号",
    Kind.COMPANY: "会社やお店の名前",
    Kind.SNS: "SNSの名前",
    Kind.URL: "ホームページの場所",
    Kind.BIRTHDATE: "生まれた日",
    Kind.SCHOOL: "学校や園の名前",
}


@dataclass(frozen=True, order=True)
class Personal:
    """One place (``start``/``end`` count code points of the text as given), its kind, and why it was taken for that."""

    start: int
    end: int
    kind: Kind
    reason: str
