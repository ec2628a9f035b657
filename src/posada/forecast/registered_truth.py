"""What was registered in camps, as a truth to score forecasts on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from posada.model.displacement import Movement
from posada.model.forecast_file import REGISTERED_TARGET
from posada.model.registrations import registered_series
from posada.model.scenario import Scenario
from posada.model.statements import REGISTERED
from posada.model.truth import Truth, TruthRow, make_truth


def registered_truth(scenario: Scenario) -> Truth:
    """Return the people registered in each camp on each day, in people, for ``posada score``.

    Between two counts people are interpolated (:func:`posada.model.registrations.registered_series`), so a day is known
    only when the next count is: ``published`` is the first publication of a count of the camp about that day or a later
    one. Of days after the last count it is empty. Camps marked sensitive are left out.
    """
    series = registered_series(scenario)
    each = (scenario.movement or Movement()).people_per_simulated
    first = scenario.settings.start
    counts: dict[str | None, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for report in scenario.reports:
        if report.kind == REGISTERED and report.series is None:
            counts[report.place].append((report.event_date, report.published))
    rows = []
    for column, place in enumerate(series.places):
        if scenario.place(place).sensitive:
            continue
        for number, people in enumerate(series.camps[:, column].tolist()):
            day = first + dt.timedelta(days=number)
            known = [published for about, published in counts[place] if about >= day]
            rows.append(
                TruthRow(REGISTERED_TARGET, place, day, float(people * each), published=min(known, default=None))
            )
    return make_truth(rows)
