"""Writing briefs: one page per town and one for the corridor, in each language, as HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from posada.model.outlook import Outlook
from posada.model.plan_tables import PlanTables
from posada.report.brief import CorridorBrief, TownBrief
from posada.report.compose import corridor_brief, corridor_page, refuse_public, town_brief, town_page
from posada.report.edition import Edition
from posada.report.headlines import shown_towns
from posada.report.html import brief_to_html
from posada.report.pdf import brief_to_pdf, draw_brief
from posada.report.phrases import LANGUAGES

CORRIDOR = "corridor"
"""Name of the page of the whole corridor; a town of that name gets ``town-corridor``."""


def write_briefs(
    outlook: Outlook,
    directory: Path,
    languages: Sequence[str] = LANGUAGES,
    *,
    town_ids: Iterable[str] | None = None,
    plan: PlanTables | None = None,
) -> list[Path]:
    """Write the briefs of an outlook and return their paths, the corridor's first.

    For each page and language there are ``NAME.es.html`` and ``NAME.es.pdf``, and for a town its message as
    ``NAME.es.txt``. Places marked sensitive get none.

    Parameters
    ----------
    outlook : Outlook
        Must be stamped ``restricted`` or ``confidential``: dates of arrival are not public.
    directory : Path
        Made when it is not there. Files of the same names are overwritten.
    languages : sequence of str
        Of ``es`` and ``en``.
    town_ids : iterable of str, optional
        The towns to write about; all that may be named when not given.
    plan : PlanTables, optional
        A plan, whose part for each town goes into its brief.

    Raises
    ------
    InvalidValueError
        When the outlook is public, has no town that may be named, or a town asked for is marked sensitive.
    UnknownNameError
        When a language or a town is not known.
    """
    refuse_public(outlook)
    ids = [town.place_id for town in shown_towns(outlook)] if town_ids is None else list(town_ids)
    # Everything is made before anything is written: a fault leaves no half of a folder behind.
    with ThreadPoolExecutor(1) as presser:  # to compress a page takes as long as to write its words, and holds up none
        files = [file for language in languages for file in _files(Edition.of(outlook, language), ids, plan, presser)]
        contents = [(name, content.result() if isinstance(content, Future) else content) for name, content in files]
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for file_name, content in contents:
        path = directory / file_name
        path.write_bytes(content)
        paths.append(path)
    return paths


def _files(
    edition: Edition, town_ids: Iterable[str], plan: PlanTables | None, presser: Executor
) -> Iterator[tuple[str, bytes | Future[bytes]]]:
    language = edition.phrases.language
    corridor = corridor_page(edition)
    yield f"{CORRIDOR}.{language}.html", brief_to_html(corridor).encode()
    yield f"{CORRIDOR}.{language}.pdf", presser.submit(draw_brief(corridor).finish)
    for town_id in town_ids:
        brief = town_page(edition, town_id, plan)
        name = f"town-{town_id}" if town_id == CORRIDOR else town_id
        yield f"{name}.{language}.html", brief_to_html(brief).encode()
        yield f"{name}.{language}.pdf", presser.submit(draw_brief(brief).finish)
        yield f"{name}.{language}.txt", (brief.message + "\n").encode()


def render_brief_html(outlook: Outlook, town_id: str | None, language: str) -> str:
    """Return the brief of a town, or of the corridor for ``None``, as one HTML page."""
    return brief_to_html(_brief(outlook, town_id, language))


def render_brief_pdf(outlook: Outlook, town_id: str | None, language: str) -> bytes:
    """Return the brief of a town, or of the corridor for ``None``, as a PDF file of one A4 page."""
    return brief_to_pdf(_brief(outlook, town_id, language))


def _brief(outlook: Outlook, town_id: str | None, language: str) -> TownBrief | CorridorBrief:
    return corridor_brief(outlook, language) if town_id is None else town_brief(outlook, town_id, language)
