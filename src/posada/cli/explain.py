"""``posada explain``: the order of the day, and which uncertain numbers move a result most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from posada.cli.run import DEFAULT_SCENARIO, AsOf, FromStart, Members, Seed, Workers, chosen_date
from posada.model.errors import InvalidValueError

if TYPE_CHECKING:
    from posada.forecast.drivers import Ranking


def explain(
    target: Annotated[
        str | None,
        typer.Argument(help="Folder that `posada run` wrote, or a scenario.", metavar="[RUN|SCENARIO]"),
    ] = None,
    *,
    number: Annotated[
        str | None,
        typer.Option(
            help="arrival:PLACE, peak:PLACE, nights:PLACE, short:PLACE, seats:PLACE, together:DATE or a status.",
            metavar="NUMBER",
        ),
    ] = None,
    top: Annotated[int, typer.Option(help="How many drivers are listed.")] = 10,
    members: Members = 1000,
    seed: Seed = 1,
    as_of: AsOf = None,
    from_start: FromStart = False,
    workers: Workers = None,
) -> None:
    """Print the order of the day, of dispersed people where a scenario has them; with --number, what drives one."""
    if number is None:
        typer.echo(order_text(target))
        return
    from posada.cli.memory import return_freed_memory
    from posada.cli.progress import shown_progress
    from posada.ops.explanation import explain_number
    from posada.ops.request import Request

    if top < 1:
        raise InvalidValueError(f"--top is {top}. It must be 1 or more.")
    name = target or DEFAULT_SCENARIO
    return_freed_memory()
    asked = Request(name, members, seed, chosen_date(as_of, from_start), workers)
    with shown_progress() as tell:
        ranking = explain_number(name, number, top=top, asked=asked, tell=tell)
    typer.echo(ranking_text(ranking))


def order_text(target: str | None) -> str:
    """Return the order of the day of groups, or of a scenario with dispersed people.

    Raises
    ------
    InvalidValueError
        When a journey of groups is named: of it, a number can be explained.
    """
    if target is None:
        from posada.engine.order import describe_order

        return f"The order of the day:\n{describe_order()}"
    from posada.ops.explanation import order_of

    order = order_of(target)
    if order is None:
        raise InvalidValueError(f"say which number of '{target}' to explain, such as --number peak:PLACE.")
    return order


def ranking_text(ranking: Ranking) -> str:
    """Return drivers as lines, with what may be chance marked as such."""
    lines = [f"What drives {ranking.number} (Spearman's rank correlation over {ranking.members:,} members):"]
    for row in ranking.rows:
        chance = "  may be chance" if abs(row.correlation) <= ranking.noise else ""
        lines.append(f"  {row.correlation:+.2f}  {row.name}: {row.meaning}{chance}")
    if not ranking.rows:
        lines.append("  nothing: the number is the same in every member")
    lines.append(
        f"Of {ranking.compared} unrelated numbers the strongest would stay below {ranking.noise:.2f} "
        "in 19 of 20 such runs; a single one below "
        f"{2 / ranking.members**0.5:.2f}. Correlation shows what goes together, not what causes it."
    )
    return "\n".join(lines)
