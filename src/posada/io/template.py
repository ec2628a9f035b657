"""A scenario folder to begin with: an example that works, or empty tables, and a page that explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from inspect import getdoc
from os import PathLike
from pathlib import Path

from posada.io.atomic import write_file, write_folder
from posada.io.bundled import bundled_path, bundled_scenarios
from posada.io.csvtext import format_csv
from posada.io.folder import WORKBOOK_SUFFIX, check_target, fill_folder, read_folder
from posada.io.settings import FILE as SETTINGS_FILE
from posada.model.displacement import Movement
from posada.model.errors import UnknownNameError
from posada.model.fields import Field, fields_of, format_cell
from posada.model.scenario import Scenario
from posada.model.tables import JOURNEY_TABLES, REQUIRED_TABLES, TABLES, Settings

EMPTY = "empty"
README = "README.md"

_PREFACE = """\
A scenario for Posada: one `scenario.toml` and one CSV table per kind of row, to be edited in a spreadsheet
program or a text editor.

- Keep the files UTF-8, with commas between cells and a header row. A row of HXL hashtags may follow it.
- Days are written YYYY-MM-DD. An empty cell means *not known*, which is never zero.
- Every figure names its source: a row of `sources.csv`. Several are parted by `;`.
- Only counts: no names, numbers or addresses of people.
- `posada check FOLDER` says what is wrong, in which file and line, and how to mend it.
"""


def template_names() -> tuple[str, ...]:
    """Return what a new scenario can be made from."""
    return (*bundled_scenarios(), EMPTY)


def write_template(path: str | PathLike[str], name: str) -> None:
    """Write a scenario to begin with: a copy of a bundled one, or tables that have only their headers.

    ``path`` becomes a workbook when it ends in ``.xlsx``, a folder with a README otherwise.

    Raises
    ------
    UnknownNameError
        When there is no such template.
    OutputExistsError
        When something stands there already.
    InputFileError
        When the name is that of another kind of file.
    """
    if name not in template_names():
        raise UnknownNameError("template", name, template_names())
    if name == EMPTY:
        _write(path, partial(_save_empty_sheets, Path(path).stem), partial(_fill_with_headers, _name_of(path)))
    else:
        write_with_readme(read_folder(bundled_path(name)), path)


def write_with_readme(scenario: Scenario, path: str | PathLike[str], headers: Iterable[str] = ()) -> None:
    """Write a scenario to be edited: a workbook when ``path`` ends in ``.xlsx``, a folder with a README otherwise.

    Parameters
    ----------
    headers : iterable of str
        Tables that have their header in a folder even when they have no row; a workbook has all.

    Raises
    ------
    OutputExistsError
        When something stands there already.
    InputFileError
        When the name is that of another kind of file.
    """
    _write(path, partial(_save_workbook, scenario), partial(_fill_with_rows, scenario, tuple(headers)))


def _write(path: str | PathLike[str], save: Callable[[Path], None], fill: Callable[[Path], None]) -> None:
    target = Path(path)
    check_target(target)
    if target.suffix.lower() == WORKBOOK_SUFFIX:
        write_file(target, save)
    else:
        write_folder(target, partial(_fill_and_describe, fill, _name_of(path)))


def _name_of(path: str | PathLike[str]) -> str:
    return Path(path).resolve().name


def _fill_and_describe(fill: Callable[[Path], None], title: str, folder: Path) -> None:
    fill(folder)
    (folder / README).write_text(describe_tables(title), encoding="utf-8", newline="\n")


def _fill_with_rows(scenario: Scenario, headers: tuple[str, ...], folder: Path) -> None:
    for table in headers:
        _write_header(table, folder)
    fill_folder(scenario, folder)


def _fill_with_headers(title: str, folder: Path) -> None:
    (folder / SETTINGS_FILE).write_text(_empty_settings(title), encoding="utf-8", newline="\n")
    for table in TABLES:
        _write_header(table, folder)


def _write_header(table: str, folder: Path) -> None:
    text = format_csv([spec.header for spec in fields_of(TABLES[table])], [])
    (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="\n")


def _save_workbook(scenario: Scenario, path: Path) -> None:
    from posada.io.workbook import save_workbook

    save_workbook(scenario, path)


def _save_empty_sheets(title: str, path: Path) -> None:
    from posada.io.workbook import save_sheets

    known = {"id": identifier_from(title)}
    settings = [(spec.header, spec, known.get(spec.header, spec.default)) for spec in fields_of(Settings)]
    save_sheets(settings, {table: [] for table in TABLES}, path)


def identifier_from(title: str) -> str:
    """Return an identifier made from the name of a folder."""
    return re.sub(r"[^a-z0-9_.-]+", "-", title.casefold()).strip("-._") or "scenario"


def _empty_settings(title: str) -> str:
    lines = []
    for spec in fields_of(Settings):
        lines.append(f"# {spec.meaning} {_needed(spec)}")
        if spec.header == "id":
            lines.append(f'id = "{identifier_from(title)}"')
        else:
            lines.append(f'{spec.header} = ""' if spec.required else f'# {spec.header} = "{spec.default or ""}"')
        lines.append("")
    return "\n".join(lines)


def _needed(spec: Field) -> str:
    return f"({_content(spec)}; {'required' if spec.required else 'may be left out'})"


def _content(spec: Field) -> str:
    if spec.refers_to:
        return f"identifier in {spec.refers_to}.csv"
    return ", ".join(spec.options) or spec.kind.value


def describe_tables(title: str) -> str:
    """Return a page in Markdown that explains every file and column of a scenario folder."""
    parts = [f"# {title}\n", _PREFACE, "## scenario.toml\n", _describe(fields_of(Settings), "key")]
    parts += ["### The section [movement]\n", f"{_first_line(Movement)}\n", _describe(fields_of(Movement), "key")]
    for table, record in TABLES.items():
        needed = "" if table in REQUIRED_TABLES else " The file may be left out."
        if table in JOURNEY_TABLES:
            needed = " The file may be left out where there is a section [movement]."
        parts += [
            f"## {table}.csv\n",
            f"{_first_line(record)}{needed}\n",
            _describe(fields_of(record), "column"),
        ]
    return "\n".join(parts)


def _first_line(record: type) -> str:
    return (getdoc(record) or "").splitlines()[0]


def _describe(specs: tuple[Field, ...], what: str) -> str:
    rows = [f"| {what} | holds | unit | required | meaning |", "|---|---|---|---|---|"]
    for spec in specs:
        unit = "" if spec.unit == "-" else spec.unit
        default = format_cell(spec, spec.default)
        left_empty = f" Left empty: {default}." if default else ""
        cells = (f"`{spec.header}`", _content(spec), unit, "yes" if spec.required else "", spec.meaning + left_empty)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
