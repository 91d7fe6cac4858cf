"""Layouts: the same on every run, stable when the graph grows, readable, and quick enough for two thousand things."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from campuskg.content import content
from campuskg.release import Release
from campuskg.viz import Picture, find_view, forces, layout, picture, views
from campuskg.viz.forces import Network, spiral, spread
from campuskg.viz.layout import fresh, positions
from campuskg.viz.links import short
from campuskg.viz.seeds import SEEDED, seed_text, seeds
from campuskg.viz.spacing import apart, fitted, packed

FORCED = [name for name, view in views().items() if view.drawing in SEEDED]
_POSITIONS = """
import sys
from pathlib import Path
from campuskg.release import open_release
from campuskg.viz import picture, views
from campuskg.viz.layout import positions
release = open_release(Path(sys.argv[1]))
for view in views().values():
    print(view.name, positions(picture(release, view, sys.argv[2]), {}))
"""


@pytest.fixture(scope="module")
def partners(release: Release) -> Picture:
    return picture(release, find_view("partnerships"))


def clusters(groups: int, each: int) -> Network:
    """Return rings of *each* nodes, chained by single links."""
    pairs = [(g * each + i, g * each + j) for g in range(groups) for i in range(each) for j in range(i)]
    pairs += [(g * each, (g + 1) * each) for g in range(groups - 1)]
    return Network.of(groups * each, pairs, [1.0] * len(pairs))


def large(count: int, links: int) -> Network:
    """Return a network with hubs, made by a rule without chance."""
    pairs = [((i * i + 7 * i) % max(i, 1), i) for i in range(1, count)]
    pairs += [((i * 7919) % count, (i * 104_729 + 1) % count) for i in range(links - len(pairs))]
    return Network.of(count, pairs, [1.0] * len(pairs))


def test_same_places_on_each_run_whatever_the_hash_seed_and_the_language(release_dir: Path) -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", _POSITIONS, str(release_dir), lang],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed, lang in (("0", "fr"), ("1", "en"))
    }
    assert len(runs) == 1


@pytest.mark.parametrize("name", FORCED)
def test_the_kept_places_are_those_of_the_release(release: Release, name: str) -> None:
    path = content("viz") / "layouts" / f"{name}.json"
    assert path.is_file(), "run: campuskg viz layout --write RELEASE"
    assert seed_text(json.loads(path.read_bytes()), ()) == path.read_text("utf-8")
    found = picture(release, find_view(name))
    missing = [node.id for node in found.nodes if short(node.id) not in seeds(name)]
    assert not missing, "run: campuskg viz layout --write RELEASE"
    assert {short(node.id): (node.x, node.y) for node in found.nodes}.items() <= seeds(name).items()


def test_no_places_are_kept_of_views_that_are_gone() -> None:
    assert {path.stem for path in (content("viz") / "layouts").glob("*.json")} == set(FORCED)


@pytest.mark.parametrize("name", FORCED)
def test_what_was_placed_stays_and_what_is_new_comes_near_its_neighbours(release: Release, name: str) -> None:
    found = picture(release, find_view(name))
    whole = dict(zip((n.id for n in found.nodes), positions(found, {}), strict=True))
    new = [node.id for node in found.nodes][3 :: max(len(found.nodes) // 6, 2)][:6]
    old = {short(iri): place for iri, place in whole.items() if iri not in new}
    again = dict(zip((n.id for n in found.nodes), positions(found, old), strict=True))
    assert {iri: again[iri] for iri in whole if iri not in new} == {iri: whole[iri] for iri in whole if iri not in new}
    for iri in new:
        near = [e.target if e.source == iri else e.source for e in found.edges if iri in (e.source, e.target)]
        known = [again[other] for other in near if other not in new]
        if known:
            assert min(np.hypot(*np.subtract(again[iri], place)) for place in known) < 330, iri
        assert all(again[iri] != place for other, place in again.items() if other != iri)


def test_a_picture_of_other_things_is_laid_out_afresh(release: Release) -> None:
    found = picture(release, find_view("partnerships"))
    few = {short(node.id): (500.0, 500.0) for node in found.nodes[:5]}
    assert positions(found, few) == positions(found, {})


@pytest.mark.parametrize("name", list(views()))
def test_every_place_is_a_number_in_or_beside_the_square(release: Release, name: str) -> None:
    for node in picture(release, find_view(name)).nodes:
        assert -150 <= node.x <= 1200
        assert -150 <= node.y <= 2500


def test_nothing_stands_on_anything_else(partners: Picture) -> None:
    places = np.array(positions(partners, {}))
    away = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert away.min() > 12


def test_a_layout_that_is_asked_for_again_is_the_same_whatever_was_done_with_it() -> None:
    network = clusters(3, 4)
    first = fresh(network, [1.0] * network.count)
    kept = first.copy()
    first += 1.0
    assert (fresh(network, [1.0] * network.count) == kept).all()


def test_a_small_part_stands_by_the_forces_as_a_large_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    network = clusters(3, 5)
    found = fresh(network, [1.0] * network.count)
    monkeypatch.setattr(layout, "_SMALL", 0)
    layout._fresh.cache_clear()
    assert (fresh(network, [1.0] * network.count) == found).all()


def test_links_are_short_and_groups_show() -> None:
    network = clusters(5, 8)
    places = fresh(network, [1.0] * network.count)
    centres = places.reshape(5, 8, 2).mean(axis=1)
    within = np.hypot(*(places.reshape(5, 8, 2) - centres[:, None, :]).transpose(2, 0, 1)).mean()
    between = np.hypot(*(centres[:, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    assert within * 3 < between[between > 0].mean()


def test_a_chain_lies_along_its_order() -> None:
    pairs = list(pairwise(range(12)))
    places = fresh(Network.of(12, pairs, [1.0] * 11), [1.0] * 12)
    steps = [np.hypot(*(places[a] - places[b])) for a, b in pairs]
    assert np.hypot(*(places[0] - places[11])) > 3 * max(steps)


def test_two_thousand_things_with_six_thousand_links() -> None:
    network = large(2000, 6000)
    places = fresh(network, np.sqrt(network.degrees).tolist())
    assert np.isfinite(places).all()
    assert len({(round(x, 1), round(y, 1)) for x, y in places.tolist()}) > 1990
    assert np.ptp(places, axis=0).max() == pytest.approx(960, abs=1)


def test_cells_repel_as_pairs_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short cut for large networks leads to about the same picture: link lengths differ by little."""
    network = large(900, 1500)
    one, other = network.ends[:, 0], network.ends[:, 1]

    def spread_of(places: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        lengths = np.hypot(*(places[one] - places[other]).T)
        return float(lengths.mean() / np.ptp(places, axis=0).max())

    cells = spread_of(spread(network, spiral(900), steps=60))
    monkeypatch.setattr(forces, "_FEW", 10_000)
    pairs = spread_of(spread(network, spiral(900), steps=60))
    assert cells == pytest.approx(pairs, rel=0.15)


def test_parts_are_packed_without_touching() -> None:
    parts = [spiral(30) * 10, spiral(10) * 10, spiral(3) * 10, np.zeros((1, 2))]
    found = packed(parts, 25.0)
    for i, part in enumerate(found):
        for other in found[:i]:
            assert np.hypot(*(part[:, None, :] - other[None, :, :]).transpose(2, 0, 1)).min() >= 24.9


def test_things_on_one_spot_are_pushed_apart_and_the_fixed_do_not_move() -> None:
    places = np.zeros((6, 2))
    radii = np.full(6, 5.0)
    moving = np.array([False, True, True, True, True, True])
    found = apart(places, radii, moving)
    away = np.hypot(*(found[:, None, :] - found[None, :, :]).transpose(2, 0, 1)) + np.eye(6) * 99
    assert away.min() > 9
    assert found[0].tolist() == [0.0, 0.0]


def test_fitting_keeps_proportions_and_lays_the_longest_way_flat() -> None:
    upright = np.array([(0.0, 0.0), (1.0, 10.0), (0.0, 20.0)])
    found = fitted(upright)
    assert np.ptp(found[:, 0]) == pytest.approx(960)
    assert np.ptp(found[:, 1]) < 100
    assert np.hypot(*(found[0] - found[1])) == pytest.approx(np.hypot(*(found[1] - found[2])))


def test_special_layouts_say_what_they_should(release: Release) -> None:
    star = picture(release, find_view("ecosystem"))
    middle = next(node for node in star.nodes if node.kind == "campus")
    assert (middle.x, middle.y) == (500.0, 500.0)
    steps = picture(release, find_view("pathways"))
    place = {short(node.id): node.x for node in steps.nodes}
    assert (
        place["qualification/bac-pro-microtechniques"]
        < place["qualification/bts-cim"]
        < place["qualification/diplome-ingenieur-ensmm"]
    )
    sides = picture(release, find_view("funding"))
    assert len({node.x for node in sides.nodes}) == 2
    matrix = picture(release, find_view("adjacency"))
    assert all(node.x == node.y for node in matrix.nodes)
    assert len({node.x for node in matrix.nodes}) == len(matrix.nodes)
    dated = [node for node in picture(release, find_view("events")).nodes if node.begins]
    assert [n.x for n in sorted(dated, key=lambda n: n.begins)] == sorted(n.x for n in dated)
    mapped = {short(node.id): node for node in picture(release, find_view("territory")).nodes}
    assert mapped["place/belfort"].y < mapped["place/besancon"].y
    assert mapped["place/nevers"].x < mapped["place/belfort"].x


def test_networks_ignore_loops_and_add_up_pairs() -> None:
    network = Network.of(3, [(0, 0), (0, 1), (1, 0)], [1.0, 1.0, 2.0])
    assert network.ends.tolist() == [[0, 1]]
    assert network.weights.tolist() == [2.0]
    assert network.components() == [[0, 1], [2]]
    assert fresh(Network.of(0, [], []), []).shape == (0, 2)
    assert fresh(Network.of(1, [], []), [1.0]).tolist() == [[500.0, 500.0]]
