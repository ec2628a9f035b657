"""Write the reference pages from the code: tables, findings, parameters, order of the day, commands.

``python scripts/make_reference.py`` writes ``docs/reference/*.md``; with ``--check`` it writes nothing and
fails when a page is not what the code says today.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from posada.model.displacement import Movement
from posada.model.fields import Field, fields_of, format_cell
from posada.model.findings import FINDING_KINDS, Severity
from posada.model.rates import DISTRIBUTIONS, RATES, Rate
from posada.model.tables import JOURNEY_TABLES, REQUIRED_TABLES, ROW_IDENTITY, TABLES, Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it also runs as a file
from scripts.forecast_files_page import forecast_files_page
from scripts.needs_page import needs_page
from scripts.plan_files_page import plan_files_page
from scripts.results_page import results_page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
TABLES_INTRODUCTION = """\
A scenario is a folder with `scenario.toml` and one CSV file per table, or a workbook with one sheet per
table. What a cell may hold, how files are checked, the headers that `posada new` writes and this page are
made from the same definitions. Units: `-` is text, or a number without dimension.

"""
MOVEMENT_INTRODUCTION = """\
It may be absent: then people move in groups, or alone to the border. Beside
groups it says how people move on who have left one. A workbook has its keys in the sheet `scenario`, each with
`movement.` before its name. Lists of numbers are written `[1.0, 0.5]` in TOML and `1;0.5` in a cell.

"""
FINDINGS_INTRODUCTION = """\
What `posada check`, `Scenario.check()` and `posada network` can find. An *error* prevents the use of
the input; a *warning* is something that a careful user would mend, and counts as an error with `--strict`; a
*note* says what was assumed. Each finding names its place in the file, the offender and a cure.

"""
PARAMETERS_INTRODUCTION = """\
The uncertain numbers of the model. Each is drawn once for each member. The default distributions are
assumptions of the project, and `posada check` notes each one that is used; a scenario replaces them in
`parameters.csv`, with a source.

"""
COMMANDS_INTRODUCTION = """\
Exit status: 0 when all is well, 2 when the input is at fault (nothing is written then), 1 when Posada is.
`posada COMMAND --help` says the same in the terminal.
"""
MADE = "<!-- Made from the code by scripts/make_reference.py. Do not edit. -->\n\n"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines.extend([cell.replace("|", r"\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _first_paragraph(described: Any) -> str:
    """Return the first paragraph of a docstring, with its roles and quotes as Markdown."""
    paragraph = (inspect.getdoc(described) or "").partition("\n\n")[0].replace("\n", " ")
    return re.sub(r"(?::\w+:)?`{1,2}~?([^`]+)`{1,2}", r"`\1`", paragraph)


def _bound(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")


def _bounds(field: Field) -> str:
    if field.options:
        return ", ".join(f"`{option}`" for option in field.options)
    if field.refers_to:
        return f"an `id` of `{field.refers_to}`"
    low = "" if field.minimum is None else f"from {_bound(field.minimum)}"
    high = "" if field.maximum is None else f"to {_bound(field.maximum)}"
    return f"{low} {high}".strip()


def _default(field: Field) -> str:
    if field.required:
        return "required"
    if field.default is None:
        return "empty: missing"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return format_cell(field, field.default) or "empty"


def _fields(record: type[Any]) -> str:
    header = ("column", "holds", "unit", "if empty", "bounds or options", "meaning")
    return _table(
        header,
        (
            (f"`{field.header}`", str(field.kind), field.unit, _default(field), _bounds(field), field.meaning)
            for field in fields_of(record)
        ),
    )


def _needed(table: str) -> str:
    if table in JOURNEY_TABLES:
        return "Required where there is no section `[movement]`."
    return "Required." if table in REQUIRED_TABLES else "May be absent."


def tables_page() -> str:
    """Return the page of every table of a scenario and its columns."""
    parts = [
        "# Tables and fields\n\n",
        TABLES_INTRODUCTION,
        "## scenario.toml\n\n",
        f"{_first_paragraph(Settings)}\n\n",
        _fields(Settings),
        f"\n### The section [movement]\n\n{_first_paragraph(Movement)} {MOVEMENT_INTRODUCTION}",
        _fields(Movement),
    ]
    for name, record in TABLES.items():
        headers = {field.name: field.header for field in fields_of(record)}
        identity = ", ".join(f"`{headers[column]}`" for column in ROW_IDENTITY[name])
        needed = _needed(name)
        about = _first_paragraph(record)
        parts.append(f"\n## {name}.csv\n\n{about} {needed} A row is identified by {identity}.\n\n")
        parts.append(_fields(record))
    return "".join(parts)


def findings_page() -> str:
    """Return the page of every finding that a check can make."""
    counts = dict.fromkeys(Severity, 0)
    for kind in FINDING_KINDS.values():
        counts[kind.severity] += 1
    rows = ((f"`{kind.id}`", kind.severity.value, kind.meaning) for kind in FINDING_KINDS.values())
    return (
        "# Findings\n\n"
        f"{FINDINGS_INTRODUCTION}"
        f"There are {counts[Severity.ERROR]} kinds of error, {counts[Severity.WARNING]} of warning and "
        f"{counts[Severity.NOTE]} of note.\n\n" + _table(("id", "severity", "meaning"), rows)
    )


def _law(rate: Rate) -> str:
    names = DISTRIBUTIONS[rate.distribution]
    values = ", ".join(f"{name} {value:g}" for name, value in zip(names, rate.values, strict=True))
    return f"{rate.distribution}: {values}"


def _span(rate: Rate) -> str:
    high = "" if rate.maximum == float("inf") else f" to {_bound(rate.maximum)}"
    return f"from {_bound(rate.minimum)}{high}"


def parameters_page() -> str:
    """Return the page of every rate of the model with its default distribution."""
    laws = ((f"`{name}`", "; ".join(values)) for name, values in DISTRIBUTIONS.items())
    rates = ((f"`{rate.name}`", rate.unit, _span(rate), _law(rate), rate.meaning) for rate in RATES.values())
    return (
        "# Parameters\n\n"
        f"{PARAMETERS_INTRODUCTION}"
        "## Distributions\n\nWhat `values` in `parameters.csv` holds, in this order:\n\n"
        + _table(("distribution", "values"), laws)
        + "\n## The catalogue\n\n"
        + _table(("name", "unit", "bounds", "default", "meaning"), rates)
    )


def order_page() -> str:
    """Return the page of the order of the day."""
    from posada.engine.dispersal_order import ORDER_OF_DISPERSED_DAY
    from posada.engine.mixed_order import ORDER_OF_MIXED_DAY
    from posada.engine.order import ORDER_OF_DAY

    rows = ((str(number), step.name, step.says) for number, step in enumerate(ORDER_OF_DAY, start=1))
    dispersed = ((str(number), step.name, step.says) for number, step in enumerate(ORDER_OF_DISPERSED_DAY, start=1))
    mixed = ((str(number), step.name, step.says) for number, step in enumerate(ORDER_OF_MIXED_DAY, start=1))
    return (
        "# Order of the day\n\n"
        "What happens in one step of a run, in this order. Why in this order: "
        "[the order of the day](../explanation/the-order-of-the-day.md).\n\n"
        + _table(("", "step", "what happens"), rows)
        + "\n## Dispersed people\n\n"
        "In a scenario with a section `[movement]` and without groups, as in the Flee simulator:\n\n"
        + _table(("", "step", "what happens"), dispersed)
        + "\n## Groups and dispersed people\n\nIn a scenario with both, the one day after the other:\n\n"
        + _table(("", "step", "what happens"), mixed)
    )


def _parameter_row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        name = f"`{(parameter.metavar or parameter.name).upper()}`"
    else:
        name = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    default = parameter.default
    if parameter.required:
        shown = "required"
    elif default is None or callable(default) or default is False or str(default).startswith("Sentinel"):
        shown = ""
    else:
        shown = "yes" if default is True else f"`{default}`"
    return name, shown, " ".join((getattr(parameter, "help", "") or "").split())


def commands_page() -> str:
    """Return the page of every command of the command line."""
    from typer.main import get_command

    from posada.cli.main import build_app

    commands: Mapping[str, Any] = get_command(build_app()).commands  # type: ignore[attr-defined]
    parts = [
        "# Commands\n\n",
        COMMANDS_INTRODUCTION,
    ]
    for name, command in commands.items():
        shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
        rows = [_parameter_row(parameter) for parameter in shown if parameter.name != "help"]
        text = inspect.cleandoc(command.help or "").replace("\b\n", "")
        parts.append(f"\n## posada {name}\n\n{text}\n\n")
        parts.append(_table(("argument or option", "default", "meaning"), rows))
    return "".join(parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "tables": tables_page,
    "findings": findings_page,
    "parameters": parameters_page,
    "order-of-the-day": order_page,
    "commands": commands_page,
    "needs": needs_page,
    "forecast-files": forecast_files_page,
    "plan-files": plan_files_page,
    "results": results_page,
}


def page(name: str) -> str:
    """Return a whole page by its name."""
    return MADE + PAGES[name]()


def stale_pages() -> list[str]:
    """Return the names of the pages that are not what the code says today."""
    stale = []
    for name in PAGES:
        path = FOLDER / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != page(name):
            stale.append(name)
    return stale


def main(arguments: list[str]) -> int:
    """Write the pages, or only say which are stale; return the exit status."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = stale_pages()
    if arguments == ["--check"]:
        if stale:
            print(f"stale: {', '.join(stale)}. Run: python scripts/make_reference.py", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")
        print(f"written: docs/reference/{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
