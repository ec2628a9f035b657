"""The pages are true: their code runs, their outputs are what comes out, their links lead somewhere."""

from __future__ import annotations

import re

import pytest

from scripts.doc_blocks import BlockError, check_page, command, matches, pages, run_page, update_page
from tests.architecture.source_tree import ROOT, shown


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_code_blocks_run_and_print_what_the_page_says(page):
    """Passes when no block raises :class:`BlockError`; the tests below show that one would."""
    assert check_page(page) is None


def test_readme_has_the_two_commands_that_ci_runs():
    assert "posada run caravan-2018" in command(ROOT / "README.md", "main job")
    assert command(ROOT / "README.md", "tests").rstrip().endswith("pytest")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_of_pages_outside_the_site_lead_somewhere(name):
    """The docs builder checks links between pages of ``docs/`` only."""
    targets = re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def _page(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_failing_python_block_fails(tmp_path):
    with pytest.raises(ZeroDivisionError):
        run_page(_page(tmp_path, "```python\n1 / 0\n```\n"))


def test_a_failing_shell_block_fails_and_shows_why(tmp_path):
    page = _page(tmp_path, "```sh\necho lost >&2; false; echo never\n```\n")
    with pytest.raises(BlockError, match="lost"):
        run_page(page)


def test_an_unknown_language_fails(tmp_path):
    with pytest.raises(BlockError, match="pyhton"):
        run_page(_page(tmp_path, "```pyhton\nprint(1)\n```\n"))


def test_blocks_of_a_page_share_namespace_and_folder(tmp_path):
    setting = "```python\nfrom pathlib import Path\nx = 20\n```\n```sh\necho 22 > n\n```\n"
    using = "```python\nprint(x + int(Path('n').read_text()))\n```\n\n```text\n42\n```\n"
    assert check_page(_page(tmp_path, setting + using)) is None


def test_a_wrong_output_fails_and_is_mended_by_update(tmp_path):
    """The block keeps its place; text around it stays."""
    page = _page(tmp_path, "Before.\n\n```python\nprint('a\\nb')\n```\n\n```text\na\n```\n\nAfter.\n")
    with pytest.raises(BlockError, match="now it prints"):
        check_page(page)
    assert update_page(page)
    assert page.read_text(encoding="utf-8").endswith("```text\na\nb\n```\n\nAfter.\n")
    assert not update_page(page)


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc\n", False),
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("a\n...", "a\n", True),
        ("took ... s", "took 0.31 s\n", True),
        ("took ... s", "took\n0.31 s\n", False),
        ("a", "a\nb\n", False),
    ],
)
def test_gaps_in_expected_outputs(expected, got, same):
    assert matches(expected, got) is same
