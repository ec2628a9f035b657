"""``posada network``: routes and road kilometres between places, from an OpenStreetMap extract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posada import __version__

if TYPE_CHECKING:
    from posada.io.road_network import RoadNetwork


def network(
    places: Annotated[
        Path, typer.Argument(help="CSV file of places: id, lat, lon.", metavar="PLACES.csv", show_default=False)
    ],
    extract: Annotated[
        Path,
        typer.Argument(help="OpenStreetMap extract: .osm.pbf, .osm, .osm.bz2.", metavar="EXTRACT", show_default=False),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="New folder, or file ending in .csv for the routes alone. Without it nothing is written.",
            metavar="TO",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of routes that stands there.")] = False,
    on_foot: Annotated[bool, typer.Option("--on-foot", help="Take tracks and paths as well as roads.")] = False,
    ferries: Annotated[bool, typer.Option("--ferries", help="Take ferries as well.")] = False,
    one_way: Annotated[bool, typer.Option("--one-way", help="Heed one-way roads, as drivers must.")] = False,
    snap_km: Annotated[float, typer.Option(help="Longest distance from a place to its road.")] = 5.0,
    through_km: Annotated[
        float, typer.Option(help="A way that comes this near to a third place leads through it.")
    ] = 2.0,
    max_km: Annotated[
        float | None, typer.Option(help="Longest route. Default: any length.", show_default=False)
    ] = None,
) -> None:
    """Find the routes between neighbouring places, and their kilometres, in an OpenStreetMap extract."""
    from posada.cli.progress import shown_progress
    from posada.io.network_files import check_network_target, write_road_network
    from posada.io.osm_roads import RoadRules
    from posada.io.road_network import NetworkLimits, read_road_network

    rules = RoadRules(on_foot=on_foot, ferries=ferries, one_way=one_way)
    limits = NetworkLimits(snap_km=snap_km, through_km=through_km, max_km=max_km)
    if out is not None:
        check_network_target(out, overwrite)
    with shown_progress() as tell:
        found = read_road_network(places, extract, rules, limits, tell)
    if out is not None:
        write_road_network(found, out, version=__version__, overwrite=overwrite)
    typer.echo(network_text(found, out))


def network_text(found: RoadNetwork, out: Path | None) -> str:
    """Return what was found as a short table, with the findings first."""
    from posada.io.network_files import CREDIT, source_csv

    shortest = min(found.routes, key=lambda route: route.km)
    longest = max(found.routes, key=lambda route: route.km)
    date = found.source.date
    cut = f"; {found.cut_ways:,} lead out of the extract" if found.cut_ways else ""
    made = f"made {out}" if out else "nothing was written; name a folder or a .csv file with --out"
    lines = [
        *(str(finding) for finding in found.findings),
        f"places    {found.places:>7,}   the farthest {found.off_road_km:.1f} km from its road",
        f"routes    {len(found.routes):>7,}   from {shortest.km:,.1f} to {longest.km:,.1f} km",
        f"longest   {longest.km:>7,.1f}   km, {longest.from_place} - {longest.to_place}",
        f"left out  {found.left_out:>7,}   pairs whose way leads past another place",
        f"roads     {found.road_km:>7,.0f}   km in {found.ways:,} ways{cut}",
        f"as of  {date.isoformat() if date else 'unknown':>10}   {found.source.title.lower()}",
        made,
    ]
    if out is None or out.suffix.lower() == ".csv":
        lines += ["add to sources.csv:", source_csv(found).rstrip("\n")]
    return "\n".join([*lines, CREDIT])
