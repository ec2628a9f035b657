"""The list of checks that every scenario passes through, from its constructor and from ``posada check``.

A check is one small function that looks at a :class:`~posada.model.check_case.Case` and yields findings.
What a single cell may hold is checked by its field; here is what takes more than one cell to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from posada.model import check_displacement, check_journey, check_names, check_setting_out, check_values
from posada.model.check_case import Case, unreadable_rows
from posada.model.findings import Finding, Findings, Severity
from posada.model.tables import TABLES

if TYPE_CHECKING:
    from posada.model.scenario import Scenario

Check = Callable[[Case], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    check_names.duplicate_ids,
    check_names.overlapping_routes,
    check_names.names_with_two_meanings,
    check_names.known_references,
    check_names.known_rates,
    check_names.known_wheres,
    check_values.countries_are_codes,
    check_values.figures_have_sources,
    check_values.ranges_are_in_order,
    check_values.honoured_is_whole,
    check_values.stocks_agree,
    check_values.shares_fit,
    check_values.chances_are_shares,
    check_values.parameter_units,
    check_values.distributions_can_be_drawn,
    check_journey.required_tables_are_filled,
    check_journey.one_status_is_initial,
    check_journey.final_statuses_are_final,
    check_journey.no_route_to_itself,
    check_journey.destinations_can_be_reached,
    check_journey.no_place_is_isolated,
    check_journey.rows_lie_within_the_journey,
    check_journey.people_ahead_are_somewhere,
    check_journey.parameters_are_given,
    check_journey.lodging_is_reported,
    check_journey.sources_are_dated,
    check_displacement.movement_is_described,
    check_displacement.closures_name_what_closes,
    check_displacement.closed_routes_exist,
    check_displacement.closures_act,
    check_displacement.kinds_of_changes_are_known,
    check_displacement.conditions_are_somewhere,
    check_displacement.ages_are_numbers,
    check_displacement.demographics_can_be_drawn,
    check_displacement.registrations_are_counts,
    check_displacement.corrections_have_counts,
    check_setting_out.movement_has_what_it_needs,
    check_setting_out.people_count_one_each,
    check_setting_out.somebody_can_set_out,
)

_SEVERITIES = tuple(Severity)
_FILES = ("scenario", *TABLES)
_PLACE = re.compile(r"(?P<file>[a-z_]+)(?:.*?(?P<line>\d+)$)?")


def check_scenario(scenario: Scenario, incomplete_tables: frozenset[str] = frozenset()) -> Findings:
    """Return every finding about a scenario, worst first, then in the order of the files.

    Parameters
    ----------
    incomplete_tables : frozenset of str
        Tables of which some rows could not be read (``scenario`` for the settings): names that they lack are
        not called unknown, and nothing is concluded from the absence of a row.
    """
    unreadable, found = unreadable_rows(scenario)
    incomplete = incomplete_tables | {table for table, _ in unreadable}
    case = Case(scenario, incomplete, unreadable)
    for check in CHECKS:
        found.extend(check(case))
    return Findings(in_order(found))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings worst first, then in the order of the files and their lines."""

    def place(finding: Finding) -> tuple[int, int, str, int]:
        read = _PLACE.match(finding.where)
        file = read["file"] if read else ""
        line = int(read["line"] or 0) if read else 0
        return (
            _SEVERITIES.index(finding.severity),
            _FILES.index(file) if file in _FILES else -1,
            finding.where.rpartition(":")[0],
            line,
        )

    return tuple(sorted(findings, key=place))
