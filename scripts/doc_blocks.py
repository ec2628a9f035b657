"""Run the code blocks of the README and of the pages in ``docs/``, and hold the pages to what comes out.

A ``python`` block runs in the namespace of its page; an ``sh`` block runs in bash; both in one empty folder
per page. A ``text`` block directly after one is its expected output. In it a line ``...`` stands for any
number of lines, and ``...`` within a line for any text. A block is left out only when a comment above it says
where it is run instead::

    <!-- run by .ci/run: tests -->

``python scripts/doc_blocks.py --update`` writes the outputs anew where they differ (lines that match a
pattern with ``...`` are kept).
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
RUN_LANGUAGES = ("python", "sh")
SHOWN_LANGUAGES = ("text", "toml", "csv", "mermaid", "{toctree}", "python-sketch")
ELSEWHERE = re.compile(r"<!-- run by \.ci/run: (?P<name>[a-z ]+) -->")


class BlockError(AssertionError):
    """A block of a page fails, prints something else than the page says, or cannot be judged."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page.

    ``first_line`` and ``end_line`` delimit its content, counted from 0, end excluded.
    """

    language: str
    content: str
    first_line: int
    end_line: int
    elsewhere: str
    is_output: bool


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found: list[Block] = []
    above = ""
    follows_code = False
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.map is not None:
            language = token.info.split()[0] if token.info.strip() else ""
            stated = ELSEWHERE.search(above)
            is_output = language == "text" and follows_code
            found.append(
                Block(
                    language=language,
                    content=token.content,
                    first_line=token.map[0] + 1,
                    end_line=token.map[1] - 1,
                    elsewhere=stated["name"] if stated else "",
                    is_output=is_output,
                )
            )
            follows_code = language in RUN_LANGUAGES and not stated
        elif token.level == 0:
            follows_code = False
        above = token.content if token.type == "html_block" else ""
    return found


def command(page: Path, name: str) -> str:
    """Return the block of a page that is marked as run elsewhere under a name."""
    for block in blocks(page):
        if block.elsewhere == name:
            return block.content
    raise BlockError(f"{page.name} has no block marked '<!-- run by .ci/run: {name} -->'")


def matches(expected: str, got: str) -> bool:
    """Tell whether an output is what a page shows, with ``...`` standing for what varies."""
    pattern = ""
    for line in expected.strip().splitlines():
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ \t]*\n"
    return re.fullmatch(pattern, got.strip() + "\n") is not None


def _run(block: Block, namespace: dict[str, Any], folder: Path, name: str) -> str:
    """Run one block; return what it printed."""
    if block.language == "sh":
        # The commands of the pages are those of the environment that runs this script.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.content],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BlockError(f"{name}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
        # Padded, so that a traceback shows the line of the page.
        exec(compile("\n" * block.first_line + block.content, name, "exec"), namespace)
    return printed.getvalue()


def run_page(page: Path) -> list[tuple[Block, str]]:
    """Run the blocks of a page in order; return those that state an output, with what was printed.

    Raises
    ------
    BlockError
        When a block fails, or is in a language that nobody runs and nobody shows.
    """
    outputs: list[tuple[Block, str]] = []
    namespace: dict[str, Any] = {"__name__": "__page__"}
    printed = ""
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks(page):
            name = f"{page.name}:{block.first_line + 1}"
            if block.is_output:
                outputs.append((block, printed))
            elif block.language in RUN_LANGUAGES and not block.elsewhere:
                printed = _run(block, namespace, Path(folder), name)
            elif block.language not in (*RUN_LANGUAGES, *SHOWN_LANGUAGES):
                raise BlockError(f"{name}: language '{block.language}'; use {RUN_LANGUAGES + SHOWN_LANGUAGES}")
    return outputs


def check_page(page: Path) -> None:
    """Run a page and raise :class:`BlockError` where it prints something else than it says."""
    for block, printed in run_page(page):
        if not matches(block.content, printed):
            where = f"{page.name}:{block.first_line + 1}"
            raise BlockError(f"{where}: the page shows\n{block.content}\nbut now it prints\n{printed}")


def update_page(page: Path) -> bool:
    """Write the outputs of a page anew where they differ; return whether anything did."""
    stale = [(block, printed) for block, printed in run_page(page) if not matches(block.content, printed)]
    lines = page.read_text(encoding="utf-8").splitlines()
    for block, printed in reversed(stale):
        lines[block.first_line : block.end_line] = [line.rstrip() for line in printed.strip("\n").splitlines()]
    if stale:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return bool(stale)


def pages() -> list[Path]:
    """Return every page whose blocks are run: the README and all of ``docs/`` but the generated reference."""
    reference = ROOT / "docs" / "reference"
    written = (page for page in (ROOT / "docs").rglob("*.md") if reference not in page.parents)
    return [ROOT / "README.md", *sorted(written)]


def main(arguments: list[str]) -> int:
    """Run all pages, or write their outputs anew, or print one marked command of the README."""
    if arguments[:1] == ["--command"] and len(arguments) == 2:
        print(command(ROOT / "README.md", arguments[1]), end="")
        return 0
    for page in pages():
        if arguments == ["--update"]:
            print(f"{'rewritten' if update_page(page) else 'unchanged'}: {page.relative_to(ROOT)}")
        else:
            check_page(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
