"""Landings with the same future are one: fewer of them, and the same chances of every end of a day."""

from __future__ import annotations

from collections import Counter

from posada.engine.dispersal.simulate import prepare_dispersal
from posada.io.bundled import home_of_flee
from posada.io.folder import read_scenario

STAY = 0.25


def _nodes():
    return prepare_dispersal(read_scenario(home_of_flee() / "mali2012"), days=2).world.nodes


def _ends_of_arcs(nodes):
    """Give the chance of every end of the day behind each ride, when all steps from a landing are equally likely."""
    of_landing = {}

    def of_arc(arc):
        return Counter({("on the way", int(arc)): 1.0}) if arc >= 0 else of_landing[-1 - arc]

    for t in reversed(range(nodes.landing_stop.size)):
        stop = int(nodes.landing_stop[t])
        steps = int(nodes.step_from[stop + 1] - nodes.step_from[stop])
        goes_on = bool(nodes.landing_goes_on[t]) and steps > 0
        ends = Counter({("in bed", stop): STAY if goes_on else 1.0})
        for k in range(steps if goes_on else 0):
            for end, chance in of_arc(nodes.arc[nodes.arc_from[t] + k]).items():
                ends[end] += (1.0 - STAY) / steps * chance
        of_landing[t] = ends
    return [of_arc(arc) for arc in nodes.ride_next]


def _unmerged(landings):
    landings.order.sort(key=lambda key: 1 - key[1])
    landings.number = {key: number for number, key in enumerate(landings.order)}


def test_merging_keeps_the_chances_of_every_end(monkeypatch):
    merged = _nodes()
    monkeypatch.setattr("posada.engine.dispersal.nodes._Landings._merge", _unmerged)
    apart = _nodes()
    assert merged.landing_stop.size < apart.landing_stop.size / 2
    for one, other in zip(_ends_of_arcs(merged), _ends_of_arcs(apart), strict=True):
        assert one.keys() == other.keys()
        assert all(abs(chance - other[end]) < 1e-12 for end, chance in one.items())


def test_every_way_on_leads_to_a_later_landing():
    nodes = _nodes()
    for t in range(int(nodes.landing_goes_on.sum())):
        stop = nodes.landing_stop[t]
        arcs = nodes.arc[nodes.arc_from[t] :][: nodes.step_from[stop + 1] - nodes.step_from[stop]]
        assert (-1 - arcs[arcs < 0] > t).all()
