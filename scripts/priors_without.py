"""The parameters as the other journeys would have taught them: without a journey that is to be forecast.

A forecast of a journey of the past is honest only when nothing was learned from that journey. So readings of it are
left out, and readings of others that use one of its reports. What then has no reading falls back on the default of the
catalogue; a transition without any reading gets a range that no data made (``prior_methods.UNTOLD``), and not the numbers of the
committed table, which that very journey may have made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from posada.model.rates import RATES
from scripts import learn_priors as whole
from scripts.prior_evidence import (
    DATA,
    PASSED,
    SOURCE_OF_FILE,
    Evidence,
    Reading,
    ReadingError,
    read_readings,
    read_table,
)
from scripts.prior_methods import learn

@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not to be learned from, and how the journey is handled that the others are to speak of.

    Attributes
    ----------
    journeys : collection of str
        Journeys whose readings, and readings of others that use their reports, are left out.
    reports : collection of str
        Further reports that must not be used, such as all about the journey that is to be forecast.
    handled : str
        See :data:`scripts.prior_evidence.LIKENESS`.
    """

    journeys: Collection[str]
    reports: Collection[str] = ()
    handled: str = PASSED


def readings_without(left_out: LeftOut, evidence: Evidence) -> tuple[Reading, ...]:
    """Return the readings of other journeys that use no report of the ones that are left out.

    Raises
    ------
    ReadingError
        When a journey is not known.
    """
    known = [row["id"] for row in read_table(DATA / "journeys.csv")]
    for name in left_out.journeys:
        if name not in known:
            raise ReadingError(f"there is no journey '{name}'. Known: {', '.join(known)}.")
    readings = read_readings(evidence, left_out.handled)
    apart = {id_ for row in readings if row.journey in left_out.journeys for id_ in row.report_ids}
    apart.update(left_out.reports)
    return tuple(row for row in readings if row.journey not in left_out.journeys and not apart & set(row.report_ids))


def shares_without(left_out: LeftOut, said: str) -> dict[str, float]:
    """Return the share of chances of each border city for groups said to make for one, learned without some journeys."""
    readings = readings_without(left_out, Evidence())
    return whole.destination_shares((row for row in readings if row.rate.startswith("destination.")), said)


def tables_without(left_out: LeftOut) -> dict[str, str]:
    """Return ``parameters.csv``, ``procedure.csv`` and ``destinations.csv`` learned without some journeys."""
    evidence = Evidence()
    readings = readings_without(left_out, evidence)
    learned = [learn(rate, readings) for rate in RATES.values()]
    written = (whole.SCENARIO / "procedure.csv").read_text(encoding="utf-8")
    return {
        "parameters.csv": whole.parameters_csv(learned, evidence),
        "procedure.csv": whole.procedure_csv(readings, evidence, _without_numbers(written, readings)),
        "destinations.csv": whole.destinations_csv(readings, evidence),
    }


def _without_numbers(written: str, readings: Iterable[Reading]) -> str:
    """Return the table of transitions with the wide range where nothing is left to learn from."""
    own = [row for row in readings if row.rate.startswith("procedure.")]
    table = list(csv.DictReader(io.StringIO(written, newline="")))
    for row in table:
        learned = any(source in SOURCE_OF_FILE.values() for source in row["source"].split(";"))
        if learned and not whole.readings_of(own, row["id"]):
            row["low"], row["likely"], row["high"] = (f"{number:g}" for number in whole.untold(row))
            row["source"] = whole.ASSUMPTION
    return whole.as_csv(table[0], table)
