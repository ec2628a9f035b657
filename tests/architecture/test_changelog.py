"""The changelog: fragments that can be read by a person and collected by a script; one version everywhere."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

import posada
from scripts.changelog import FragmentError, collect, fragments, read_fragment
from tests.architecture.source_tree import ROOT


def test_every_fragment_can_be_collected():
    assert fragments(ROOT / "changelog.d") is not None
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").startswith("# Changelog")


def test_installed_version_is_the_version():
    assert version("posada") == posada.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+)?", posada.__version__)


def test_no_version_in_the_changelog_is_ahead_of_the_package():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    stated = re.findall(r"^## (\d+\.\d+\.\d+)", changelog, flags=re.MULTILINE)
    here = tuple(int(part) for part in posada.__version__.split(".")[:3])
    assert all(tuple(map(int, number.split("."))) <= here for number in stated)


def test_fragments_become_a_section(tmp_path):
    """Two fragments of different kinds; kinds appear in their fixed order, lines by issue number."""
    (tmp_path / "12.fixed.md").write_text("A town without routes is named.\n", encoding="utf-8")
    (tmp_path / "2.results-change.md").write_text("Arrivals move by a day.\n", encoding="utf-8")
    assert collect(tmp_path, "0.2.0", "2018-04-03") == (
        "## 0.2.0 (2018-04-03)\n\n"
        "### Results change\n\n- Arrivals move by a day. (#2)\n\n"
        "### Fixed\n\n- A town without routes is named. (#12)\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("12.mended.md", "Text.\n"),
        ("fixed.md", "Text.\n"),
        ("12.fixed.md", ""),
        ("12.fixed.md", "no full stop\n"),
    ],
)
def test_a_bad_fragment_is_refused(tmp_path, name, text):
    """The nearest good one is ``12.fixed.md`` with a sentence in it, as in the test above."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FragmentError, match=re.escape(name)):
        read_fragment(path)
