"""Why a number of a run is as uncertain as it is: the run is made again, and its drivers are ranked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from posada.engine.dispersal_order import describe_dispersal_order
from posada.engine.mixed_order import describe_mixed_order
from posada.forecast.drivers import Ranking, rank_drivers
from posada.forecast.numbers import read_number
from posada.io.folder import read_scenario
from posada.io.stamp import STAMP_FILE, read_stamp
from posada.model.errors import InputFileError, InvalidValueError
from posada.ops.journey_run import run_journey
from posada.ops.request import Request, Tell, say_nothing
from posada.ops.simulation import FROM_START


def order_of(target: str) -> str | None:
    """Return the order of the day of a scenario, or of a folder of results, under a heading that says of whom.

    ``None`` where there are groups only.

    Raises
    ------
    PosadaError
        When there is no such scenario, or it cannot be used.
    """
    folder = Path(target)
    stamp = read_stamp(folder) if (folder / STAMP_FILE).is_file() else None
    options = stamp.get("options", {}) if stamp is not None else {}
    scenario = read_scenario(str(options.get("scenario") or target), settings=options.get("settings"))
    if scenario.is_mixed:
        return f"The order of the day of groups and dispersed people:\n{describe_mixed_order()}"
    if scenario.is_dispersed:
        return f"The order of the day of dispersed people:\n{describe_dispersal_order()}"
    return None


def explain_number(
    target: str, number: str, *, top: int = 10, asked: Request | None = None, tell: Tell = say_nothing
) -> Ranking:
    """Return what drives a number of a scenario, or of a run or forecast that was written to a folder.

    A run is a function of its scenario, seed and members, so that nothing of it needs to be kept to explain it:
    it is made again from its stamp.

    Parameters
    ----------
    target : str
        A scenario, or a folder that ``posada run`` or ``posada forecast`` wrote.
    number : str
        As in :func:`posada.forecast.numbers.chosen_number`.
    asked : Request, optional
        Members, seed, as-of date and workers for a scenario; of a folder of results only the workers are used.

    Raises
    ------
    InputFileError
        When the scenario of a folder of results is not found, or has changed since.
    UnknownNameError, InvalidValueError
        When the number is not known, or too few members define it.
    """
    wanted = asked or Request(target)
    folder = Path(target)
    stamp = read_stamp(folder) if (folder / STAMP_FILE).is_file() else None
    if stamp is not None:
        options = stamp.get("options", {})
        wanted = replace(
            wanted,
            scenario=str(options.get("scenario") or stamp["scenario_id"]),
            members=int(options.get("members") or stamp["members"]),
            seed=int(stamp["seed"]),
            as_of=stamp["as_of"] or FROM_START,
            itinerary=options.get("itinerary"),
            learn=bool(options.get("learn")),
        )
    scenario = read_scenario(wanted.scenario)
    if scenario.is_dispersed:
        raise InvalidValueError(
            f"'{wanted.scenario}' is about dispersed people: no uncertain number is drawn for a member, so nothing "
            "drives another. 'posada explain' without --number prints the order of their day."
        )
    read_number(scenario, number)  # a name that is not known is said before the run, not after it
    run = run_journey(wanted, scenario, tell).run
    if stamp is not None and run.scenario.hash != stamp["scenario_hash"]:
        raise InputFileError(
            f"the scenario '{wanted.scenario}' has changed since '{target}' was made "
            f"(hash {run.scenario.hash[:8]}, then {stamp['scenario_hash'][:8]}). "
            "Run it again, and explain the new one."
        )
    return rank_drivers(run, number, top=top)
