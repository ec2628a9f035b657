"""From the members of a forecast of a conflict to a forecast file: people registered, by camp and day."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from posada.forecast.quantiles import quantiles
from posada.model.conflict_forecast import ConflictForecast
from posada.model.forecast_file import FILE_LEVELS, REGISTERED_TARGET, ForecastFile, Series


def forecast_file_of_conflict(
    forecast: ConflictForecast, *, hidden: Collection[str] = (), levels: tuple[float, ...] = FILE_LEVELS
) -> ForecastFile:
    """Return the forecast in the form of forecast files: one series of ``registered`` for each camp.

    Parameters
    ----------
    hidden : collection of str
        Camps that are left out, such as those marked sensitive.
    """
    days = np.array(forecast.dates, "datetime64[D]")
    series = []
    for column, camp in enumerate(forecast.camps):
        if camp in hidden:
            continue
        values = quantiles(np.ascontiguousarray(forecast.people[:, :, column].T), levels).T
        series.append(Series(REGISTERED_TARGET, camp, days, np.maximum.accumulate(values, axis=1)))
    return ForecastFile(forecast.as_of, tuple(series), levels)
