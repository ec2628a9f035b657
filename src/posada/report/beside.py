"""Briefs that a process of their own writes, which is ready by the time there is something to say.

Python runs one thread of a process at a time, and hundreds of pages are put together in Python: on a second thread
they would only wait for the tables, and the tables for them.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posada.model.outlook import Outlook

BriefWriter = Callable[["Outlook", Path, Sequence[str]], Callable[[], object]]
"""Begins to write the briefs of an outlook into a folder, in some languages; what it returns waits until all stand."""


def briefs_at_the_end(outlook: Outlook, directory: Path, languages: Sequence[str]) -> Callable[[], object]:
    """Begin nothing: write the briefs in this process when they are waited for."""
    return partial(_write, outlook, directory, languages)


def _write(outlook: Outlook, directory: Path, languages: Sequence[str]) -> None:
    from posada.report.briefs import write_briefs  # a process that has others write its briefs needs nothing of this

    write_briefs(outlook, directory, languages)


@contextmanager
def briefs_beside() -> Iterator[BriefWriter]:
    """Start a process, and give what begins to write briefs in it; where that fails, this process writes them."""
    command = [sys.executable, "-m", __name__]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as process:
        pipe = process.stdin
        assert pipe is not None

        def begin(outlook: Outlook, directory: Path, languages: Sequence[str]) -> Callable[[], object]:
            try:
                with pipe:
                    pickle.dump((outlook, directory.resolve(), tuple(languages)), pipe)
            except OSError:  # it is gone
                return briefs_at_the_end(outlook, directory, languages)

            def end() -> None:
                if process.wait() != 0:
                    _write(outlook, directory, languages)

            return end

        try:
            yield begin
        except BaseException:
            process.kill()
            raise


def main() -> int:
    """Load what briefs need, wait for an outlook on the standard input, and write its briefs."""
    import reportlab.graphics.shapes
    import reportlab.pdfgen.canvas  # noqa: F401

    from posada.report.briefs import write_briefs
    from posada.report.html import load_templates
    from posada.report.outlines import country_rings

    load_templates()
    country_rings()
    try:
        outlook, directory, languages = pickle.load(sys.stdin.buffer)
    except EOFError:  # there is nothing to write after all
        return 0
    write_briefs(outlook, directory, languages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
