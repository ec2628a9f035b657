"""Validation: conflicts of the past are run, and compared with what was registered then."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import posada
from posada.engine.dispersal.simulate import simulate_dispersal
from posada.forecast.run_scores import score_run
from posada.io.folder import read_scenario
from posada.io.results import check_target, write_results
from posada.io.stamp import written_at
from posada.model.errors import InvalidValueError, ScenarioError
from posada.model.findings import Finding
from posada.model.outlook import Stamp
from posada.model.registrations import registered_series
from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED
from posada.model.validation import Validation
from posada.ops.processors import usable_processors
from posada.ops.request import Tell, say_nothing
from posada.ops.validation_tables import validation_json, validation_tables


def validate(
    scenario: Scenario,
    members: int = 100,
    seed: int = 1,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Run a scenario of dispersed movement and compare it with its registrations.

    Where people set out as registrations rise (``spawn_mode`` is ``from_registrations``), the totals are known to the
    simulation: what is tested is where the people go, not how many they are (``Validation.totals_known``).

    Parameters
    ----------
    members : int
        How many possible courses.
    seed : int
        0 or more. The same seed gives the same scores for any number of workers.
    workers : int or None
        Threads; one for each processor that may be used when ``None``.
    progress : callable, optional
        Called with members done and members in all.

    Raises
    ------
    ScenarioError
        When there is nothing to compare with.
    InvalidValueError
        When a number is out of bounds, or the scenario cannot be run.
    """
    nothing = _nothing_to_score(scenario, "reports")
    if nothing is not None:
        raise ScenarioError([nothing])
    camps = registered_series(scenario).places
    threads = usable_processors() if workers is None else workers
    # A day of one member first, so that compiling is not in the time that is reported.
    simulate_dispersal(scenario, members=1, seed=seed, workers=threads, days=1, places=camps)
    begun = time.perf_counter()
    run = simulate_dispersal(scenario, members=members, seed=seed, workers=threads, places=camps, progress=progress)
    seconds = time.perf_counter() - begun
    rules, settings = scenario.movement, scenario.settings
    return Validation(
        scenario=settings.id,
        title=settings.title,
        scenario_hash=scenario.hash,
        settings="",
        first_day=run.dates[0],
        last_day=run.dates[-1],
        seed=seed,
        members=members,
        workers=threads,
        counts=sum(report.kind == REGISTERED and report.place in camps for report in scenario.reports),
        totals_known=rules is not None and rules.spawn_mode == "from_registrations" and not rules.spawn_by_high_water,
        seconds=seconds,
        scores=score_run(run),
    )


def _nothing_to_score(scenario: Scenario, where: str) -> Finding | None:
    """Return a finding when a scenario has nothing that a run could be compared with."""
    if not scenario.is_dispersed:
        why = "people move in groups only; there is no section [movement]."
        if scenario.is_mixed:
            why = (
                "people of groups and others are together in towns and camps, so that registrations are not of either."
            )
        return Finding("nothing-to-score", where, why, "Validate scenarios of dispersed movement.")
    series = registered_series(scenario)
    if (series.camps > 0).any():
        return None
    why = "nobody is registered in any camp on any day, so there is nothing to compare with."
    cure = f"Add reports of kind '{REGISTERED}' for its camps, or leave the scenario out."
    return Finding("nothing-to-score", where, why, cure)


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """What is asked for: scenarios by folder or name, and ``settings`` of Flee for all of them."""

    scenarios: tuple[str, ...]
    settings: str | None = None
    members: int = 100
    seed: int = 1
    workers: int | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class ValidationAnswer:
    """What came of a request: one validation for each scenario, in their order, and the files."""

    request: ValidationRequest
    validations: tuple[Validation, ...]
    files: tuple[Path, ...] = ()


def validate_all(
    request: ValidationRequest, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> ValidationAnswer:
    """Validate several scenarios, and write their scores when a folder is named.

    All are read and looked at before the first one is run.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.out is not None:
        check_target(request.out)
    scenarios = read_counted(request.scenarios, request.settings, tell)
    made: list[Validation] = []
    whole = request.members * len(scenarios)
    tell("disperse", 0, whole)
    for number, scenario in enumerate(scenarios):
        before = number * request.members
        found = validate(
            scenario,
            request.members,
            request.seed,
            workers=request.workers,
            progress=partial(_tell_further, tell, before, whole),
        )
        made.append(dataclasses.replace(found, settings=settings_name(request.settings)))
    answer = ValidationAnswer(request, tuple(made))
    return answer if request.out is None else dataclasses.replace(answer, files=_write(answer, request.out, made_at))


def _tell_further(tell: Tell, before: int, whole: int, done: int, _members: int) -> None:
    """Tell how far all scenarios are, when one is ``done`` far and others came before it."""
    tell("disperse", before + done, whole)


def settings_name(settings: str | None) -> str:
    """Return the name of settings without their folder; empty for none."""
    return "" if settings is None else Path(settings).name


def read_counted(
    names: Sequence[str], settings: str | None, tell: Tell, *, what: str = "what is to be validated"
) -> list[Scenario]:
    """Return scenarios that a run can be compared with; all are read and looked at before the first is returned.

    Raises
    ------
    InvalidValueError
        When none is named.
    ScenarioError
        With a finding for each in which there is nothing to compare with.
    """
    if not names:
        raise InvalidValueError("there is no scenario to validate. Name at least one.")
    scenarios, findings = [], []
    for number, name in enumerate(names):
        tell("read", number, len(names))
        scenario = read_scenario(name, settings=settings)
        nothing = _nothing_to_score(scenario, f"{name}: reports")
        findings += [nothing] if nothing is not None else []
        scenarios.append(scenario)
    tell("read", len(scenarios), len(scenarios))
    if findings:
        raise ScenarioError(findings, what)
    return scenarios


def refuse_namesakes(scenarios: Sequence[Scenario]) -> None:
    """Raise when two scenarios have one id, by which their results are told apart.

    Raises
    ------
    InvalidValueError
        Names the id.
    """
    ids = [row.settings.id for row in scenarios]
    twice = next((id_ for at, id_ in enumerate(ids) if id_ in ids[:at]), None)
    if twice is not None:
        raise InvalidValueError(f"two scenarios are called '{twice}'. Name each once, or change the id of one.")


def _write(answer: ValidationAnswer, out: Path, made_at: dt.datetime | None) -> tuple[Path, ...]:
    stamp = validation_stamp(answer.validations, made_at)
    request = answer.request
    options = {
        "scenarios": list(request.scenarios),
        "settings": request.settings,
        "members": request.members,
        "seed": request.seed,
    }
    files = write_results(
        out,
        stamp,
        tables={name: [columns] for name, columns in validation_tables(answer.validations).items()},
        features={},
        details={"options": options, "scenarios": {v.scenario: v.scenario_hash for v in answer.validations}},
        more=lambda folder: validation_json(folder / "validation.json", answer.validations, stamp),
    )
    return tuple(files)


def validation_stamp(validations: tuple[Validation, ...], made_at: dt.datetime | None = None) -> Stamp:
    """Return the stamp of validations."""
    rows = [(found.scenario, found.title, found.scenario_hash) for found in validations]
    first = validations[0]
    return stamp_of_several(rows, "Validation on", seed=first.seed, members=first.members, made_at=made_at)


def stamp_of_several(
    rows: Sequence[tuple[str, str, str]],
    what: str,
    *,
    seed: int,
    members: int,
    as_of: dt.date | None = None,
    made_at: dt.datetime | None = None,
) -> Stamp:
    """Return the stamp of what was made of scenarios, given by id, title and hash.

    Of one it is that of the scenario; the hash of several is made of their hashes, and their title of ``what``.
    """
    one = len(rows) == 1
    hashes = "\n".join(found for _, _, found in rows)
    return Stamp(
        version=posada.__version__,
        scenario_id="+".join(id_ for id_, _, _ in rows),
        scenario_title=rows[0][1] if one else f"{what} {len(rows)} scenarios",
        scenario_hash=rows[0][2] if one else hashlib.sha256(hashes.encode()).hexdigest(),
        seed=seed,
        members=members,
        as_of=as_of,
        made_at=written_at(made_at),
    )
