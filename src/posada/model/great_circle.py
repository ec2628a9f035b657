"""Distances along great circles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG): lengths are those on a sphere, within 0.6 % of those on the ellipsoid."""


def great_circle_km(
    lat_deg: ArrayLike, lon_deg: ArrayLike, other_lat_deg: ArrayLike, other_lon_deg: ArrayLike
) -> NDArray[np.float64]:
    """Return distances on the sphere by the haversine formula, which is exact for near points as well."""
    lat, lon, other_lat, other_lon = (np.radians(each) for each in (lat_deg, lon_deg, other_lat_deg, other_lon_deg))
    half = np.sin((other_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin((other_lon - lon) / 2) ** 2
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distance
