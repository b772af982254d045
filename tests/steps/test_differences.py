"""Where two copies differ, everything is told in the owner's words: no key of a column is shown."""

from __future__ import annotations

import re

from sqlalchemy import select

from kizuna.steps.differences import differences, labels, words
from kizuna.workbook.merging import Conflict
from kizuna.workbook.models import Base
from tests.examples import the_example

# Columns whose keys nobody chooses on a page, or that are told by something else.
APART = {("answer", "key"), ("answer", "value"), ("source", "kind"), ("voice", "step"), ("talk", "to"), ("piece", "role")}


def test_every_key_of_the_worked_example_has_a_name() -> None:
    book, unnamed = the_example(), set()
    with book.reading() as session:
        for table, told in words().tables.items():
            for column in set(told.columns) & set(Base.metadata.tables[table].columns.keys()):
                if (table, column) in APART or column == "medium":
                    continue
                names = labels().get((table, column), words().values)
                for value in session.scalars(select(Base.metadata.tables[table].columns[column]).distinct()):
                    kept = value if isinstance(value, list) else [value]
                    unnamed |= {
                        (table, column, one) for one in kept if isinstance(one, str) and re.fullmatch("[a-z_]+", one) and one not in names
                    }
    assert unnamed == set()


def test_a_key_is_told_as_its_page_tells_it() -> None:
    book = the_example()
    conflicts = [
        Conflict("person", 1, "met", "friend", "before"),
        Conflict("person", 1, "relation", "customer", None),
        Conflict("offer", 1, "destination", "inside", "own"),
    ]
    person, offer = differences(book, conflicts)
    assert person.columns == (("出会い", "友人やご家族の紹介で", "店を始める前から"), ("間がら", "お客さま", "（何も書いていません）"))
    assert offer.columns == (("届ける先", "店の中だけ", "店内・チラシ・自分のホームページやSNS"),)
