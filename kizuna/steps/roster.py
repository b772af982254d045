"""The acts on the list of people: putting somebody on it, groups, closeness, fans, and how each wants to hear from us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.language.rules import Facts, check_facts
from kizuna.steps.people import CUSTOMER, GONE, UNSAID, Choice, words
from kizuna.workbook.intake import key_of
from kizuna.workbook.models import Base, Closeness, Contact, FanMark, Group, Introduction, Person, PlannedTouch, Quote, Tie, Touch, called
from kizuna.workbook.reading import clean
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

_EDITABLE = {"name", "group_id", "relation", "met", "met_note", "ideal_days", "worst_days", "note"}
_GROUP_EDITABLE = {"name", "ideal_days", "worst_days"}
_CONTACT_EDITABLE = {"wish", "asked_on", "method", "wording"}
_OWN = (Closeness, FanMark, Contact, Introduction, PlannedTouch, Touch)  # what goes with a person who is taken off the list


def add(book: Workbook, name: str, **fields: Any) -> int:
    """Put a person on the list under her name; returns her id.

    Raises ``KizunaError`` without a name, for a name that is there already, and for one who comes from a bought list.
    """
    with book.act(f"{called(_named(name))}を名簿に加えた") as session:
        row = enter(session, name)
        for key, value in _checked(fields, _EDITABLE - {"name"}).items():
            setattr(row, key, value)
        _refuse_order(row)
        session.flush()
        return row.id


def enter(session: Session, name: str) -> Person:
    """The same within an act."""
    _refuse_same(session, name := _named(name))
    row = Person(key=_free_key(session, name), name=name)
    session.add(row)
    session.flush()
    return row


def edit(book: Workbook, person_id: int, label: str = "名簿", seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change fields of a person; returns what another page had written meanwhile in those fields (compared with ``seen``)."""
    with book.act(f"{label}を書いた") as session:
        row = _person(session, person_id)
        values = _checked(fields, _EDITABLE)
        if "name" in values and values["name"] != row.name:
            if row.name is None or key_of(called(values["name"])) != key_of(called(row.name)):
                _refuse_same(session, values["name"])
            if row.name is None:  # voices that come in under this name later are hers
                row.key = _free_key(session, values["name"])
        if seen and seen.get("relation") == CUSTOMER:
            seen = {**seen, "relation": None}
        others = overwrite(row, values, seen)
        _refuse_order(row)
    return others


def remove(book: Workbook, person_id: int) -> None:
    """Take a person off the list with what was noted of her.

    Raises ``KizunaError`` where her words or other records of the workbook rest on her: those stay.
    """
    with book.act("名簿から外した") as session:
        row = _person(session, person_id)
        own = {model.__tablename__ for model in (*_OWN, Tie)}
        for table in Base.metadata.sorted_tables:
            columns = [one for one in table.columns if any(key.column.table.name == "person" for key in one.foreign_keys)]
            if not columns or table.name in own:
                continue
            if session.scalar(select(func.count()).select_from(table).where(or_(*(one == person_id for one in columns)))):
                raise KizunaError(
                    f"{row.called}は、お話や記録が仕事ノートに残っているので、名簿から外せません。お便りを止めるときは「もうお便りしない」を押してください。"
                )
        for model in (PlannedTouch, *(one for one in _OWN if one is not PlannedTouch)):
            for kept in session.scalars(select(model).where(model.person_id == person_id)):
                session.delete(kept)
            session.flush()
        for tie in session.scalars(select(Tie).where(or_(Tie.first_id == person_id, Tie.second_id == person_id))):
            session.delete(tie)
        session.flush()
        session.delete(row)


# ---- groups


def add_group(book: Workbook, name: str, ideal_days: int | None = None, worst_days: int | None = None) -> int:
    """Make a group of people who are touched in the same rhythm; returns its id."""
    name = _group_named(name)
    with book.act(f"グループ「{name}」を作った") as session:
        _refuse_same_group(session, name)
        row = Group(name=name, ideal_days=_days("ideal_days", ideal_days), worst_days=_days("worst_days", worst_days))
        _refuse_order(row)
        session.add(row)
        session.flush()
        return row.id


def edit_group(book: Workbook, group_id: int, seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change a group's name or days; returns what another page had written meanwhile."""
    with book.act("グループを書いた") as session:
        row = _group(session, group_id)
        values = _checked(fields, _GROUP_EDITABLE, _group_named)
        if values.get("name", row.name) != row.name:
            _refuse_same_group(session, values["name"])
        others = overwrite(row, values, seen)
        _refuse_order(row)
    return others


def remove_group(book: Workbook, group_id: int) -> None:
    """Take a group away; its people stay on the list."""
    with book.act("グループをなくした") as session:
        row = _group(session, group_id)
        for member in session.scalars(select(Person).where(Person.group_id == group_id)):
            member.group_id = None
        session.flush()
        session.delete(row)


# ---- closeness and fans


def note_closeness(book: Workbook, person_id: int, level: int, evidence: str, noted_on: date | None = None) -> None:
    """Note how close a person is now, with the line that shows it; what was noted before stays."""
    if level not in words().closeness:
        raise KizunaError("近さは、一覧の中から選んでください。")
    line = clean(evidence)
    if line is None:
        raise KizunaError(
            "そう思うわけを、一行書いてください。「名前を呼んであいさつしてくださった」のように、実際にあったことを書きます。"
        )
    with book.act("近さを書いた") as session:
        _person(session, person_id)
        session.add(Closeness(person_id=person_id, level=level, evidence=line, noted_on=noted_on or date.today()))


def mark_fan(book: Workbook, person_id: int, quote_id: int, marked_on: date | None = None) -> None:
    """Mark a person a fan by her own words; raises ``KizunaError`` where the words are not hers."""
    with book.act("ファンのしるしをつけた") as session:
        _person(session, person_id)
        quote = session.get(Quote, quote_id)
        if quote is None or quote.voice.person_id != person_id:
            raise KizunaError("ファンのしるしには、その方ご自身の言葉がいります。その方の言葉の中から選んでください。")
        if session.scalars(select(FanMark).where(FanMark.person_id == person_id, FanMark.quote_id == quote_id)).first() is None:
            session.add(FanMark(person_id=person_id, quote_id=quote_id, marked_on=marked_on or date.today()))


def unmark_fan(book: Workbook, person_id: int, quote_id: int) -> None:
    """Take a mark away again."""
    with book.act("ファンのしるしを外した") as session:
        for row in session.scalars(select(FanMark).where(FanMark.person_id == person_id, FanMark.quote_id == quote_id)):
            session.delete(row)


# ---- how she wants to hear from us


def set_contact(book: Workbook, person_id: int, medium: str, seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Write down a wish for a medium (``wish``, ``asked_on``, ``method``, ``wording``); returns what another page had written meanwhile.

    Raises ``KizunaError`` where the address would come from a list that she knows nothing of (PI-09).
    """
    if medium not in words().reach:
        raise KizunaError("この届け方は、お一人あてには使えません。一覧の中から選んでください。")
    values = _checked(fields, _CONTACT_EDITABLE)
    with book.act(f"{media()[medium].name}のご希望を書いた") as session:
        _person(session, person_id)
        row = session.scalars(select(Contact).where(Contact.person_id == person_id, Contact.medium == medium)).first()
        if row is None:
            row = Contact(person_id=person_id, medium=medium, wish=UNSAID, asked_on=None, method="", wording="")
            others = overwrite(row, values, seen)
            if any(getattr(row, key) not in (None, "", UNSAID) for key in _CONTACT_EDITABLE):
                session.add(row)
            return others
        return overwrite(row, values, seen)


def stop(book: Workbook, person_id: int, on: date | None = None, yes: bool = True) -> None:
    """Write nothing to a person any more, from ``on``; or, with ``yes=False``, because she wants it again, do."""
    with book.act("お便りを止めた" if yes else "お便りをまた始めた") as session:
        _person(session, person_id).stopped_on = (on or date.today()) if yes else None


# ---- inside


def _checked(fields: dict[str, Any], editable: set[str], name: Callable[[str], str] | None = None) -> dict[str, Any]:
    only(fields, editable)
    return {key: (name or _named)(value) if key == "name" else _value(key, value) for key, value in fields.items()}


def _value(key: str, value: Any) -> Any:
    if key in ("ideal_days", "worst_days"):
        return _days(key, value)
    if isinstance(value, str):
        value = value.strip()
    if key == "relation":
        return None if _one_of(words().relations, value) == CUSTOMER else value
    if key == "met":
        return _one_of(words().met, value) or None
    if key == "method":
        return _one_of(words().ways, value) or ""
    if key == "wish" and value not in words().wishes:
        raise KizunaError("お便りのご希望は、一覧の中から選んでください。")
    if key == "wording":
        return value or ""
    return value if value != "" else None


def _one_of(choices: Sequence[Choice], key: str | None) -> str | None:
    if not key:
        return key
    chosen = next((one for one in choices if one.key == key), None)
    if chosen is None:
        raise KizunaError("一覧の中から選んでください。")
    if chosen.bought:
        raise KizunaError(f"{check_facts(Facts(bought_list=True))[0].message}。")
    return key


def _days(key: str, value: float | None) -> int | None:
    if value is None:
        return None
    if value != int(value) or not 0 < value <= 3_660:
        raise KizunaError(
            f"「{'ふだんの間隔' if key == 'ideal_days' else 'あけても'}」の日数は、1から3660までの切りのよい数で書いてください。"
        )
    return int(value)


def _refuse_order(row: Person | Group) -> None:
    if row.ideal_days and row.worst_days and row.ideal_days > row.worst_days:
        raise KizunaError("「あけても」の日数は、「ふだんの間隔」の日数と同じか、それより長くしてください。")


def _named(name: str) -> str:
    plain = " ".join((clean(name or "") or "").split())
    if not plain:
        raise KizunaError("お名前か、ふだんの呼び名を書いてください。ニックネームでもかまいません。")
    return plain


def _group_named(name: str) -> str:
    plain = " ".join((clean(name or "") or "").split())
    if not plain:
        raise KizunaError("グループの名前を書いてください。「おなじみさん」のような、ふだんの言葉で十分です。")
    return plain


def _refuse_same(session: Session, name: str) -> None:
    """Two of one name could not be told apart on any page, nor 「ミナト」 from 「ミナトさん」."""
    same = key_of(called(name))
    if any(key_of(called(known)) == same for known in session.scalars(select(Person.name).where(Person.name.is_not(None))) if known):
        raise KizunaError(
            f"{called(name)}は、もう名簿にいらっしゃいます。同じお名前の別の方なら、「{name}（花屋の）」のように、見分けのつく呼び名にしてください。"
        )


def _refuse_same_group(session: Session, name: str) -> None:
    if name in session.scalars(select(Group.name)):
        raise KizunaError(f"グループ「{name}」は、もうあります。ほかの名前にしてください。")


def _free_key(session: Session, name: str) -> str:
    """The key under which voices of this name come in; where another person has it (she was renamed), one of its own."""
    key = key_of(name)
    if session.scalars(select(Person.id).where(Person.key == key)).first() is None:
        return key
    return f"hand:{(session.scalar(select(func.max(Person.id))) or 0) + 1}:{name}"


def _person(session: Session, person_id: int) -> Person:
    return fetch(session, Person, person_id, GONE)


def _group(session: Session, group_id: int) -> Group:
    return fetch(session, Group, group_id, "このグループは、ほかの画面でなくなりました。画面を新しくしてください。")
