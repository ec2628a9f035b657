"""What may stand in no file: places of one machine, hosts of registries, keys, and very large files."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source_tree import project_files, read_text, shown

# Character classes keep these patterns from finding themselves.
FORBIDDEN = (
    re.compile(r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(com|org)|deb\.[d]ebian\.org"),
    re.compile(r"(?<![\w.])/(wor[k]|hom[e]|roo[t]|User[s])/[A-Za-z.]"),
    re.compile(r"\.\./share[d]\b"),
    re.compile(r"BEGIN (RSA |EC |OPENSSH )?PRIVATE KE[Y]"),
    re.compile(r"(?m)^(<{7}|>{7}) "),
)
MAX_KB = 1000


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=lambda pattern: pattern.pattern[:20])
def test_no_file_contains(pattern):
    faults = []
    for path in project_files():
        found = pattern.search(read_text(path) or "")
        if found:
            faults.append(f"{shown(path)}: {found[0]}")
    assert faults == []


def test_no_file_is_huge():
    """A clone over a weak network must stay possible."""
    assert [shown(path) for path in project_files() if path.stat().st_size > MAX_KB * 1000] == []


def test_text_files_end_with_a_newline():
    """So that a table can be extended by appending, and a change of the last line is one line."""
    faults = [
        shown(path)
        for path in project_files()
        if path.suffix in {".py", ".md", ".toml", ".csv"} and (text := read_text(path)) and not text.endswith("\n")
    ]
    assert faults == []


@pytest.mark.parametrize("said", ["https://py" + "pi.org/simple", "open('/ho" + "me/ana/x.csv')", "cd ../sha" + "red"])
def test_the_lint_finds(said):
    assert any(pattern.search(said) for pattern in FORBIDDEN)


@pytest.mark.parametrize("said", ["docs/work/plan.md", "a/home/b", "shared/places.csv", "/homes"])
def test_the_lint_lets_pass(said):
    assert not any(pattern.search(said) for pattern in FORBIDDEN)
