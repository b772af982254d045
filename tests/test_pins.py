"""The pins name versions and hashes, and nothing else; and they are what these tests run with."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINS = ["constraints.txt", "constraints-test.txt"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def pins(file: str, here: bool = False) -> dict[str, str]:
    """The pinned versions by normalised name; those that this system and Python need (their markers say it), if ``here``."""
    found = [Requirement(line) for line in re.findall(r"^([A-Za-z0-9][^\\\n]*)", text(file), flags=re.MULTILINE)]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in found
        if not here or one.marker is None or one.marker.evaluate()
    }


@pytest.mark.parametrize("file", PINS)
def test_they_name_no_address(file):
    assert not re.search(r"https?:|//", text(file))
    assert not re.search(r"^\s*-(?!-hash)", text(file), flags=re.MULTILINE), "an option of pip, such as an index"


@pytest.mark.parametrize("file", PINS)
def test_every_package_has_its_hashes(file):
    for package in re.split(r"\n(?=\S)", text(file).strip()):
        first, *rest = package.split("\n")
        assert "==" in first
        assert rest, first
        assert all(HASH.fullmatch(line.strip(" \\")) for line in rest), first


@pytest.mark.parametrize("file", PINS)
def test_they_are_within_the_projects_ranges(file):
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]] if "test" in file else project["dependencies"]
    for requirement in map(Requirement, [*asked, "hatchling", "editables"]):
        assert requirement.specifier.contains(pins(file)[canonicalize_name(requirement.name)]), requirement.name


def test_the_tests_have_what_the_participants_have():
    run, test = pins("constraints.txt"), pins("constraints-test.txt")
    assert {name: test[name] for name in run} == run


def test_these_tests_run_with_the_pinned_versions():
    chosen = pins("constraints-test.txt", here=True)
    assert {name: version(name) for name in chosen} == chosen
