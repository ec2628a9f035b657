"""A road network out: a ``routes.csv``, or a folder with it, the row for ``sources.csv`` and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from posada.io.atomic import write_file, write_folder
from posada.io.csvtext import format_csv, read_csv
from posada.io.folder import FILE_SUFFIXES, WORKBOOK_SUFFIX
from posada.io.road_network import RoadNetwork
from posada.model.errors import InputFileError, OutputExistsError
from posada.model.fields import fields_of, format_cell
from posada.model.geography import Route
from posada.model.statements import Source

TABLE_SUFFIX = ".csv"
ROUTES, SOURCES, README = "routes.csv", "sources.csv", "README.md"
CREDIT = "Contains data © OpenStreetMap contributors, available under the Open Database License (ODbL) 1.0."
DUTY = "Name them wherever you show or pass on these routes; a table made from them stays under the ODbL."


def write_road_network(
    network: RoadNetwork, path: str | PathLike[str], *, version: str, overwrite: bool = False
) -> None:
    """Write the routes to ``path`` when it ends in ``.csv``, else into a new folder with their source and credit.

    What is written appears whole or not at all.

    Parameters
    ----------
    version : str
        Version of Posada, to be written beside the routes.
    overwrite : bool
        Whether a file of routes that stands there may be replaced. A folder never is.

    Raises
    ------
    OutputExistsError
        When something stands there that may not be replaced.
    InputFileError
        When the name is that of another kind of file.
    """
    target = Path(path)
    check_network_target(target, overwrite)
    if target.suffix.lower() == TABLE_SUFFIX:
        write_file(target, partial(_write, routes_csv(network)), overwrite=overwrite)
    else:
        write_folder(target, partial(_fill, network, version))


def check_network_target(target: Path, overwrite: bool = False) -> None:
    """Raise, before anything long is begun, when routes cannot be written there.

    Raises
    ------
    OutputExistsError
        When something stands there that may not be replaced.
    InputFileError
        When the name is that of another kind of file.
    """
    suffix = target.suffix.lower()
    if suffix in (*FILE_SUFFIXES, WORKBOOK_SUFFIX) and suffix != TABLE_SUFFIX:
        raise InputFileError(f"routes cannot be written to '{target.name}'. Name a folder, or a file ending in .csv.")
    if not target.exists():
        return
    if suffix != TABLE_SUFFIX or target.is_dir():
        if not (target.is_dir() and not any(target.iterdir())):
            cure = f"Choose another name, or write the table alone: '{target / ROUTES}'. Nothing was written."
            raise OutputExistsError(f"'{target.name}' exists and is not an empty folder. {cure}")
    elif not overwrite:
        message = f"'{target.name}' exists. Choose another name, or replace it with --overwrite."
        raise OutputExistsError(f"{message} Nothing was written.")
    elif not _holds_routes(target):
        message = f"'{target.name}' is not a table of routes, so it is not replaced."
        raise OutputExistsError(f"{message} Choose another name; nothing was written.")


def _holds_routes(path: Path) -> bool:
    header = read_csv(path).header
    return header is not None and {"from", "to", "km"} <= {cell.strip() for cell in header.cells}


def routes_csv(network: RoadNetwork) -> str:
    """Return the routes as the text of a ``routes.csv``."""
    return _as_csv(Route, network.routes)


def source_csv(network: RoadNetwork) -> str:
    """Return the source of the routes as the text of a ``sources.csv``."""
    return _as_csv(Source, [network.source])


def _as_csv(record: type[Any], rows: Iterable[Any]) -> str:
    specs = fields_of(record)
    cells = ([format_cell(spec, getattr(row, spec.name)) for spec in specs] for row in rows)
    return format_csv([spec.header for spec in specs], cells)


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _fill(network: RoadNetwork, version: str, folder: Path) -> None:
    _write(routes_csv(network), folder / ROUTES)
    _write(source_csv(network), folder / SOURCES)
    _write(describe_network(network, version), folder / README)


def describe_network(network: RoadNetwork, version: str) -> str:
    """Return a page in Markdown that says what the routes were made from, and how."""
    rules, limits, date = network.rules, network.limits, network.source.date
    of_day = f"as of {date.isoformat()}" if date else "of a day that it does not state"
    roads = ["for vehicles"]
    roads += ["and ways on which people may walk"] if rules.on_foot else []
    roads += ["and ferries"] if rules.ferries else []
    led = "one-way roads in their direction only" if rules.one_way else "every road both ways"
    longest = "any" if limits.max_km is None else f"{limits.max_km:g} km"
    through = f"comes within {limits.through_km:g} km of a third place between them"
    return f"""\
# Routes between places

Made by Posada {version}: {network.source.title}, {of_day}.

{CREDIT} {DUTY}

- Roads: {", ".join(roads)}; {led}.
- Places at most {limits.snap_km:g} km from their road; the farthest is {network.off_road_km:.1f} km away.
- {network.left_out} pairs of places have no route, because their way {through}.
- Longest route allowed: {longest}.
- Nobody has looked at these routes yet: compare them with a map.
"""
