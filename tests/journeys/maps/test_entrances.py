"""Records by entrance, entrances joined into targets: none overlap, none is lost, at any zoom."""

import numpy as np
import pytest

pytestmark = pytest.mark.browser

JOINED = """async ({places, zooms}) => {
    const { entrancesOf, JoinedEntrances, TARGET } = await import('/static/js/maps/entrances.js');
    const records = places.map(([lon, lat, door]) => ({lon, lat, door}));
    const entrances = entrancesOf(records, ({door}) => door);
    const joined = new JoinedEntrances(entrances);
    const other = new JoinedEntrances([...entrances].reverse());
    const told = (targets) => targets.map(({key, lon, lat, count, entrances}) => {
        const {x, y} = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
        return {key, x, y, count, doors: entrances.map((e) => [e.key, e.records.length])};
    });
    const parted = entrances.slice(0, 8).map(({key}) => {
        const zoom = joined.partedFrom(key, 15);
        return [zoom, 19].map((z) => joined.holding(key, z).entrances.length);
    });
    const [targets, reversed] = [joined, other].map((j) => zooms.map((z) => told(j.at(z))));
    return {box: [TARGET.width, TARGET.height], parted, targets, reversed};
}"""


@pytest.fixture
def joined(visit):
    page = visit("worker", "/worker/")
    page.wait_for_function("() => globalThis.L")

    def ask(places, zooms):
        return page.evaluate(JOINED, {"places": places, "zooms": list(zooms)})

    return ask


def random_town(rng):
    """Scatter doors along rows of houses, some of them at one and the same point."""
    n = int(rng.integers(1, 150))
    east, north = rng.integers(0, 40, n) * rng.uniform(2, 30), rng.integers(0, 12, n) * 15.0
    lat = 26 + north / 111_320
    lon = 108.5 + east / (111_320 * np.cos(np.radians(26)))
    doors = [f"door {k}" for k in rng.permutation(n)]
    rows = np.repeat(np.arange(n), rng.integers(1, 30, n))
    return [[float(lon[r]), float(lat[r]), doors[r]] for r in rng.permutation(rows)]


def test_targets_never_overlap_and_hold_every_record_once(joined):
    for seed in range(8):
        check_joined(joined, np.random.default_rng(seed))


def check_joined(joined, rng):
    places = random_town(rng)
    zooms = sorted({19.0, 14.0, 8.0, *rng.uniform(10, 19, 6).round(3).tolist()})
    answer = joined(places, zooms)
    width, height = answer["box"]
    counts = {door: 0 for _, _, door in places}
    for _, _, door in places:
        counts[door] += 1
    before = None
    for zoom, targets in zip(zooms, answer["targets"], strict=True):
        at = np.array([[t["x"], t["y"]] for t in targets]) * 2**zoom
        apart = np.abs(at[:, None] - at[None]) - [width, height]
        overlap = (apart < 1).all(axis=2)
        assert not (overlap & ~np.eye(len(at), dtype=bool)).any(), f"at zoom {zoom}"
        doors = [tuple(door) for t in targets for door in t["doors"]]
        assert sorted(doors) == sorted(counts.items())
        assert all(t["count"] == sum(n for _, n in t["doors"]) for t in targets)
        now = [frozenset(name for name, _ in t["doors"]) for t in targets]
        if before is not None:
            assert all(any(part <= larger for larger in before) for part in now)
        before = now
    plain = [sorted((t["key"], t["count"]) for t in targets) for targets in answer["targets"]]
    assert plain == [sorted((t["key"], t["count"]) for t in ts) for ts in answer["reversed"]]
    assert all(here == fewest for here, fewest in answer["parted"])


def test_records_behind_one_door_are_one_target_in_their_middle(joined):
    places = [[108.5, 26, "a"], [108.50002, 26, "a"], [108.6, 26, "b"]]
    (targets,) = joined(places, [19])["targets"]
    assert {t["key"]: t["count"] for t in targets} == {"a": 2, "b": 1}
    (a,) = (t for t in targets if t["key"] == "a")
    assert a["x"] == pytest.approx(256 * (108.50001 / 360 + 0.5), abs=1e-6)


def test_no_record_is_no_target(joined):
    assert joined([], [19, 12])["targets"] == [[], []]
