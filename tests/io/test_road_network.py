"""Routes between neighbouring places: kilometres by hand, the rule of the third place, and an exact partner."""

from __future__ import annotations

import math

import pytest

from posada.io.osm_roads import RoadRules
from posada.io.road_network import NetworkLimits, read_road_network
from posada.model.errors import InputFileError, InvalidValueError, ScenarioError
from posada.model.geography import Route
from posada.model.great_circle import great_circle_km
from tests.io.road_maps import PRIMARY, TENTH_KM, write_extract, write_places


@pytest.fixture
def network(tmp_path):
    """Read a network from nodes, ways and places written down in a test; limits are those of the function."""

    def read(nodes, ways, places, rules=None, **limits):
        return read_road_network(
            write_places(tmp_path / "places.csv", places),
            write_extract(tmp_path / "it.osm", nodes, ways),
            rules,
            NetworkLimits(**limits),
        )

    return read


def joined(found) -> dict[tuple[str, str], float]:
    return {(route.from_place, route.to_place): route.km for route in found.routes}


def said(found) -> list[tuple[str, str]]:
    return [(finding.id, finding.where) for finding in found.findings]


# A road along a meridian, 11.12 km from node to node, with a branch to the east from node 3 along the equator of
# the map (latitude 0), so that both kinds of distance are known.
MERIDIAN = {1: (-0.2, 0.0), 2: (-0.1, 0.0), 3: (0.0, 0.0), 4: (0.1, 0.0), 5: (0.2, 0.0), 6: (0.0, 0.1)}
ALONG = ([1, 2, 3, 4, 5], PRIMARY)
BRANCH = ([3, 6], PRIMARY)


def test_the_great_circle_by_hand():
    """A quarter of a meridian is a quarter of 2 pi × 6371.0088 km; near points keep their digits."""
    assert great_circle_km(0, 0, 90, 0) == pytest.approx(math.pi / 2 * 6371.0088)
    assert great_circle_km(60, 10, 60, 10.001) == pytest.approx(TENTH_KM / 200, rel=1e-4)
    assert great_circle_km(19, -99, 19, -99) == 0


def test_kilometres_along_a_road(network):
    """South to north 4 × 11.12 = 44.5 km; each to the east 2 × 11.12 + 11.12 = 33.4 km."""
    found = network(MERIDIAN, [ALONG, BRANCH], {"north": (0.2, 0), "south": (-0.2, 0), "east": (0, 0.1)})
    assert found.routes == (
        Route("east", "north", 33.4, "road", ("osm",)),
        Route("east", "south", 33.4, "road", ("osm",)),
        Route("north", "south", 44.5, "road", ("osm",)),
    )
    assert found.road_km == pytest.approx(5 * TENTH_KM)
    assert (found.places, found.left_out, found.ways, found.off_road_km) == (3, 0, 2, 0)
    assert said(found) == []


def test_a_bent_road_is_longer_than_the_straight_line(network):
    """The road goes one tenth east and one tenth north: 22.2 km, where a crow flies 15.7."""
    nodes = {1: (0.0, 0.0), 2: (0.0, 0.1), 3: (0.1, 0.1)}
    assert joined(network(nodes, [([1, 2, 3], PRIMARY)], {"a": (0, 0), "b": (0.1, 0.1)})) == {("a", "b"): 22.2}


def test_the_shorter_of_two_roads_counts(network):
    """Straight 11.1 km; round about 11.1 × 3. Drawn later, or twice, changes nothing."""
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.0, 0.1), 4: (0.1, 0.1)}
    ways = [([1, 3, 4, 2], PRIMARY), ([1, 2], PRIMARY), ([2, 1], PRIMARY)]
    assert joined(network(nodes, ways, {"a": (0, 0), "b": (0.1, 0)})) == {("a", "b"): 11.1}


def test_a_route_through_a_third_place_is_left_out(network):
    """The middle lies on the way from south to north: two routes of 22.2 km, none of 44.5."""
    found = network(MERIDIAN, [ALONG], {"south": (-0.2, 0), "middle": (0, 0), "north": (0.2, 0)})
    assert joined(found) == {("middle", "north"): 22.2, ("middle", "south"): 22.2}
    assert found.left_out == 1


@pytest.mark.parametrize(("through_km", "routes"), [(11.0, 3), (11.2, 2)])
def test_how_near_a_way_must_come_is_the_limit(through_km, routes, network):
    """The east lies 11.12 km off the way from south to north, by its branch."""
    places = {"south": (-0.2, 0), "east": (0, 0.1), "north": (0.2, 0)}
    assert len(network(MERIDIAN, [ALONG, BRANCH], places, through_km=through_km).routes) == routes


def test_near_is_measured_by_road_not_across_a_river(network):
    """The village faces the road, 1.1 km away, but its bridge is far to the north: nobody comes through it."""
    nodes = {1: (-0.2, 0.0), 2: (0.0, 0.0), 3: (0.4, 0.0), 4: (0.0, 0.01), 5: (0.4, 0.01)}
    ways = [([1, 2, 3], PRIMARY), ([3, 5, 4], PRIMARY)]
    places = {"south": (-0.2, 0), "north": (0.4, 0), "village": (0.0, 0.01)}
    found = network(nodes, ways, places)
    assert joined(found) == {("north", "south"): 66.7, ("north", "village"): 45.6}
    bridge = ([2, 4], PRIMARY)
    assert ("north", "south") not in joined(network(nodes, [*ways, bridge], places))


def test_two_towns_side_by_side_do_not_cut_each_other_off(network):
    """The twins are 1.1 km apart, each near every way of the other: the nearer twin keeps the route."""
    nodes = {1: (0.0, 0.0), 2: (0.01, 0.0), 3: (0.2, 0.0), 4: (-0.2, 0.0)}
    places = {"south": (-0.2, 0), "twin-1": (0, 0), "twin-2": (0.01, 0), "north": (0.2, 0)}
    assert joined(network(nodes, [([4, 1, 2, 3], PRIMARY)], places)) == {
        ("south", "twin-1"): 22.2, ("twin-1", "twin-2"): 1.1, ("north", "twin-2"): 21.1,
    }  # fmt: skip


def test_of_three_places_at_equal_distances_one_route_goes(network):
    """A star with arms of 1.1 km, all within 2 km of one another's ways: the last pair by name goes, not all three."""
    nodes = {1: (0.0, 0.0), 2: (0.01, 0.0), 3: (-0.01, 0.0), 4: (0.0, 0.01)}
    ways = [([1, end], PRIMARY) for end in (2, 3, 4)]
    places = {"a": (0.01, 0), "b": (-0.01, 0), "c": (0, 0.01)}
    assert joined(network(nodes, ways, places)) == {("a", "b"): 2.2, ("a", "c"): 2.2}


def test_three_places_within_the_distance_that_counts_as_through(network):
    """0.6 km from one to the next: no way leaves the neighbourhood of the middle one, and the longest still goes."""
    nodes = {1: (0.0, 0.0), 2: (0.005, 0.0), 3: (0.01, 0.0)}
    places = {"a": (0, 0), "b": (0.005, 0), "c": (0.01, 0)}
    assert joined(network(nodes, [([1, 2, 3], PRIMARY)], places)) == {("a", "b"): 0.6, ("b", "c"): 0.6}


def test_the_order_of_the_tables_changes_nothing(network):
    places = {"south": (-0.2, 0), "east": (0, 0.1), "north": (0.2, 0)}
    one = network(MERIDIAN, [ALONG, BRANCH], places)
    other = network(
        dict(reversed(MERIDIAN.items())),
        [BRANCH, (ALONG[0][::-1], PRIMARY)],
        dict(reversed(places.items())),
    )
    assert one == other


def test_longest_route(network):
    """From the east 33.4 km to each of the others, and 44.5 between these."""
    places = {"south": (-0.2, 0), "east": (0, 0.1), "north": (0.2, 0)}
    assert joined(network(MERIDIAN, [ALONG, BRANCH], places, max_km=40)) == {
        ("east", "north"): 33.4, ("east", "south"): 33.4,
    }  # fmt: skip


def test_a_place_without_a_route_is_named(network):
    places = {"south": (-0.2, 0), "north": (0.2, 0), "middle": (0.1, 0)}
    found = network(MERIDIAN, [ALONG], places, max_km=20)
    assert joined(found) == {("middle", "north"): 11.1}
    assert said(found) == [("isolated-place", "places.csv:2")]
    assert "no way to another place within 20 km" in str(found.findings)
    assert said(network(MERIDIAN, [ALONG], places, max_km=34)) == []


def test_one_way_roads_make_two_routes(network):
    """Out by the straight way, 11.1 km; back by three sides of a square, 33.4 km."""
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.0, 0.1), 4: (0.1, 0.1)}
    ways = [([1, 2], PRIMARY | {"oneway": "yes"}), ([1, 3, 4, 2], PRIMARY)]
    places = {"a": (0, 0), "b": (0.1, 0)}
    assert network(nodes, ways, places, RoadRules(one_way=True)).routes == (
        Route("a", "b", 11.1, "road", ("osm",), one_way=True),
        Route("b", "a", 33.4, "road", ("osm",), one_way=True),
    )
    assert network(nodes, ways, places).routes == (Route("a", "b", 11.1, "road", ("osm",)),)


def test_two_carriageways_of_one_length_are_one_route(network):
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.0, 0.0001), 4: (0.1, 0.0001)}
    ways = [
        ([1, 2], PRIMARY | {"oneway": "yes"}), ([3, 4], PRIMARY | {"oneway": "-1"}),
        ([1, 3], PRIMARY), ([2, 4], PRIMARY),
    ]  # fmt: skip
    found = network(nodes, ways, {"a": (0, 0), "b": (0.1, 0)}, RoadRules(one_way=True))
    assert found.routes == (Route("a", "b", 11.1, "road", ("osm",)),)


def test_a_road_that_leads_one_way_only(network):
    """Nobody comes back from ``b``, and nobody reaches ``c`` or leaves it: both its ends point at the road."""
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.2, 0.0)}
    ways = [([1, 2], PRIMARY | {"oneway": "yes"}), ([2, 3], PRIMARY)]
    found = network(nodes, ways, {"a": (0, 0), "b": (0.1, 0), "c": (0.2, 0)}, RoadRules(one_way=True))
    assert found.routes == (
        Route("a", "b", 11.1, "road", ("osm",), one_way=True),
        Route("b", "c", 11.1, "road", ("osm",)),
    )
    assert found.left_out == 1


ONE_WAY = PRIMARY | {"oneway": "yes"}


@pytest.mark.parametrize(
    ("ways", "routes"),
    [
        ([([1, 2], ONE_WAY), ([2, 3], PRIMARY)], [("a", "b", True)]),
        ([([2, 3], PRIMARY), ([1, 2], ONE_WAY)], [("a", "b", True)]),
        ([([1, 2], ONE_WAY), ([2, 3], ONE_WAY)], [("a", "b", True)]),
        ([([3, 2], ONE_WAY), ([1, 2], PRIMARY)], [("b", "a", True)]),
        ([([1, 2], PRIMARY), ([3, 2], PRIMARY)], [("a", "b", False)]),
    ],
)
def test_a_road_leads_where_all_its_parts_lead(ways, routes, network):
    """The direction changes at a bend where nothing else is."""
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.1, 0.1)}
    found = network(nodes, ways, {"a": (0, 0), "b": (0.1, 0.1)}, RoadRules(one_way=True))
    assert [(route.from_place, route.to_place, route.one_way) for route in found.routes] == routes
    assert {route.km for route in found.routes} == {22.2}


def test_two_one_way_roads_that_meet_head_on_join_nothing(network):
    nodes = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.1, 0.1)}
    ways, places = [([1, 2], ONE_WAY), ([3, 2], ONE_WAY)], {"a": (0, 0), "b": (0.1, 0.1)}
    with pytest.raises(InputFileError, match=r"isolated-place.* Look at the one-way roads"):
        network(nodes, ways, places, RoadRules(one_way=True))
    assert joined(network(nodes, ways, places)) == {("a", "b"): 22.2}


def test_a_place_that_drivers_reach_by_a_detour_only_cuts_nothing(network):
    """The village is 1.1 km from the road, but its lane leads out only; drivers come to it by a road of its own.

    South to village 11.12 + 11.12 + 11.12 = 33.4 km, and on 1.1 + 22.2 km: 56.7 where the road has 44.5. On foot,
    or when the lane leads both ways, the way from south to north comes through the village.
    """
    nodes = MERIDIAN | {7: (0.0, 0.01), 8: (-0.2, 0.1), 9: (-0.1, 0.1)}
    places = {"south": (-0.2, 0), "village": (0, 0.01), "north": (0.2, 0)}
    by_itself = [ALONG, ([1, 8, 9, 7], PRIMARY | {"oneway": "yes"})]
    lane = ([7, 3], PRIMARY | {"oneway": "yes"})
    direct = Route("north", "south", 44.5, "road", ("osm",))
    assert direct in network(nodes, [*by_itself, lane], places, RoadRules(one_way=True)).routes
    assert direct not in network(nodes, [*by_itself, lane], places).routes
    both_ways = ([7, 3], PRIMARY)
    assert direct not in network(nodes, [*by_itself, both_ways], places, RoadRules(one_way=True)).routes


FERRY = ([1, 2, 3], {"route": "ferry"})
SHORES = {1: (0.0, 0.0), 2: (0.05, 0.0), 3: (0.1, 0.0), 4: (-0.2, 0.0), 5: (0.3, 0.0)}
BOTH_SHORES = [([4, 1], PRIMARY), ([3, 5], PRIMARY)]
SHORE_PLACES = {"port": (0, 0), "inland": (-0.2, 0), "harbour": (0.1, 0), "beyond": (0.3, 0)}


def test_a_ferry_joins_two_shores_and_is_named(network):
    """The crossing is 11.1 km; without ferries there are two networks, and the places of one are named."""
    found = network(SHORES, [*BOTH_SHORES, FERRY], SHORE_PLACES, RoadRules(ferries=True))
    assert joined(found) == {("beyond", "harbour"): 22.2, ("harbour", "port"): 11.1, ("inland", "port"): 22.2}
    assert said(found) == [("route-by-ferry", "routes.csv")]
    assert "from 'harbour' to 'port' takes a ferry" in str(found.findings)

    apart = network(SHORES, [*BOTH_SHORES, FERRY], SHORE_PLACES)
    assert joined(apart) == {("beyond", "harbour"): 22.2, ("inland", "port"): 22.2}
    assert len(apart.findings) == 2
    assert {finding.id for finding in apart.findings} == {"separate-roads"}
    assert "try --ferries or --on-foot" in str(apart.findings)


def test_a_ferry_between_ports_that_are_no_places_is_named(network):
    """22.2 km, 11.1 km by ferry, 22.2 km; road and ferry meet where nothing else does."""
    places = {"inland": (-0.2, 0), "beyond": (0.3, 0)}
    for ways in ([*BOTH_SHORES, FERRY], [FERRY, *BOTH_SHORES]):
        found = network(SHORES, ways, places, RoadRules(ferries=True))
        assert joined(found) == {("beyond", "inland"): 55.6}
        assert said(found) == [("route-by-ferry", "routes.csv")]


def test_a_ferry_that_a_road_matches_is_not_named(network):
    """The bridge is as long as the ferry; the route can be walked."""
    bridge = ([1, 3], PRIMARY)
    found = network(SHORES, [*BOTH_SHORES, FERRY, bridge], SHORE_PLACES, RoadRules(ferries=True))
    assert joined(found)[("harbour", "port")] == 11.1
    assert said(found) == []


def test_a_place_on_other_roads_is_named_with_their_length(network):
    """The island has 11.1 km of roads and one place; the mainland two places."""
    nodes = MERIDIAN | {7: (1.0, 1.0), 8: (1.1, 1.0)}
    places = {"south": (-0.2, 0), "north": (0.2, 0), "island": (1.0, 1.0)}
    found = network(nodes, [ALONG, ([7, 8], PRIMARY)], places)
    assert joined(found) == {("north", "south"): 44.5}
    assert said(found) == [("separate-roads", "places.csv:4")]
    assert "the roads of 'island', 11.1 km in all, join those of no other place, and 2 places" in str(found.findings)


def test_no_routes_at_all_is_an_error_that_says_why(network):
    nodes = MERIDIAN | {7: (1.0, 1.0), 8: (1.1, 1.0)}
    with pytest.raises(InputFileError, match="no two of the 2 places are joined by a road") as caught:
        network(nodes, [ALONG, ([7, 8], PRIMARY)], {"south": (-0.2, 0), "island": (1.0, 1.0)})
    assert "warning [separate-roads]" in str(caught.value)


def test_a_place_beside_the_road_is_set_on_its_nearest_node(network):
    """Half a hundredth of a degree east of the road: 0.56 km, which the route does not count."""
    found = network(MERIDIAN, [ALONG], {"south": (-0.2, 0.005), "north": (0.2, 0)})
    assert joined(found) == {("north", "south"): 44.5}
    assert found.off_road_km == pytest.approx(TENTH_KM / 20, rel=1e-4)


@pytest.mark.parametrize("snap_km", [2.3, 2.2])
def test_a_place_too_far_from_every_road_is_an_error(snap_km, network):
    """Two hundredths of a degree are 2.22 km."""
    places = {"south": (-0.2, 0.02), "north": (0.2, 0)}
    if snap_km > 2.224:
        assert len(network(MERIDIAN, [ALONG], places, snap_km=snap_km).routes) == 1
        return
    with pytest.raises(ScenarioError) as caught:
        network(MERIDIAN, [ALONG], places, snap_km=snap_km)
    (finding,) = caught.value.findings
    assert (finding.id, finding.where) == ("far-from-road", "places.csv:2")
    assert finding.message == "place 'south' is 2.2 km from the nearest road, more than 2.2 km."
    assert "latitudes -0.20 to 0.20" in finding.cure


def test_every_place_off_the_map_is_named_and_an_exchange_is_noticed(network):
    nodes = {1: (10.0, -90.0), 2: (10.1, -90.0)}
    places = {"a": (10, -90), "b": (-90, 10), "c": (60, 60)}
    with pytest.raises(ScenarioError) as caught:
        network(nodes, [([1, 2], PRIMARY)], places)
    first, second = caught.value.findings
    assert (first.where, first.cure) == ("places.csv:3", "Its lat and lon seem to be exchanged.")
    assert second.where == "places.csv:4"
    assert "exchanged" not in second.cure


def test_a_scrap_of_road_is_passed_over_and_that_is_said(network):
    """The nearest road, at 0 km, is 1.1 km that join nothing; the next one is 2.2 km away."""
    nodes = MERIDIAN | {7: (-0.2, 0.02), 8: (-0.19, 0.02)}
    places = {"south": (-0.2, 0.02), "north": (0.2, 0)}
    found = network(nodes, [ALONG, ([7, 8], PRIMARY)], places)
    assert joined(found) == {("north", "south"): 44.5}
    assert said(found) == [("road-passed-over", "places.csv:2")]
    assert "at 0.0 km, belongs to 1.1 km of roads" in str(found.findings)
    assert "another road at 2.2 km" in str(found.findings)


def test_a_long_piece_is_never_passed_over(network):
    """The nearest road is 11.1 km long, more than ``snap_km``: an island, and its place stays on it."""
    nodes = MERIDIAN | {7: (-0.2, 0.02), 8: (-0.1, 0.02)}
    places = {"south": (-0.2, 0.02), "north": (0.2, 0), "middle": (0, 0)}
    found = network(nodes, [ALONG, ([7, 8], PRIMARY)], places)
    assert joined(found) == {("middle", "north"): 22.2}
    assert said(found) == [("separate-roads", "places.csv:2")]


def test_two_places_at_one_point_of_the_road(network):
    """Both are nearest to node 1, and 0.2 km apart as the crow flies; both keep their way to the north."""
    places = {"east": (-0.2, 0.001), "west": (-0.2, -0.001), "north": (0.2, 0)}
    found = network(MERIDIAN, [ALONG], places)
    assert joined(found) == {("east", "north"): 44.5, ("east", "west"): 0.2}
    assert said(found) == [("same-road-point", "places.csv:3")]
    assert said(network(MERIDIAN, [ALONG], places | {"west": (-0.1, 0)})) == []


def test_a_route_has_a_tenth_of_a_kilometre_at_least(network):
    """Eleven metres; a length of zero would not be a route."""
    nodes = {1: (0.0, 0.0), 2: (0.0001, 0.0)}
    assert joined(network(nodes, [([1, 2], PRIMARY)], {"a": (0, 0), "b": (0.0001, 0)})) == {("a", "b"): 0.1}


def test_a_ring_and_a_road_that_ends_where_it_begins(network):
    """A roundabout on the way: half of its ring counts; a loop at the end counts for nothing.

    The ring is a square of 0.2 tenths of a degree; each way round it is 2 sides, 2 × 2.224 km. From 1 to 2 and
    from 4 to 5 there are 11.119 km each: 26.7 km.
    """
    nodes = {
        1: (-0.1, 0.0), 2: (0.0, 0.0), 3: (0.0, 0.02), 4: (0.02, 0.02), 6: (0.02, 0.0), 5: (0.12, 0.02),
        7: (0.13, 0.02), 8: (0.13, 0.03),
    }  # fmt: skip
    ways = [
        ([1, 2], PRIMARY), ([2, 3, 4, 6, 2], PRIMARY | {"junction": "roundabout"}), ([4, 5], PRIMARY),
        ([5, 7, 8, 5], PRIMARY),
    ]  # fmt: skip
    found = network(nodes, ways, {"a": (-0.1, 0), "b": (0.12, 0.02)}, RoadRules(one_way=True))
    assert joined(found) == {("a", "b"): 26.7}


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ({"snap_km": 0}, "snap_km"), ({"snap_km": math.nan}, "snap_km"), ({"through_km": -1}, "through_km"),
        ({"max_km": 0}, "max_km"), ({"max_km": math.inf}, "max_km"),
    ],
)  # fmt: skip
def test_limits_are_distances(limits, names):
    with pytest.raises(InvalidValueError, match=names):
        NetworkLimits(**limits)
    assert NetworkLimits(snap_km=0.5, through_km=0, max_km=1).through_km == 0
