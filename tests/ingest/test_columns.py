"""Column expressions agree with the rules written once elsewhere, on anything; projections agree with a reference."""

import csv
import io

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campuskg.errors import ProblemsFound
from campuskg.graph import identifiers
from campuskg.graph.sources import slug as written_slug
from campuskg.ingest import checksums, cleaning
from campuskg.ingest.headers import normal
from campuskg.ingest.projections import SYSTEMS
from ingest.conftest import Importing

DIGITS = st.text("0123456789", min_size=8, max_size=15)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("name", ["uai", "siren", "siret", "ror"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_checks_are_those_of_the_graph(name: str, data: st.DataObject) -> None:
    known = {"uai": "0250011B", "siren": "242500361", "siret": "24250036100017", "ror": "05813w841"}[name]
    position = st.integers(0, len(known) - 1)
    changed = st.tuples(position, st.sampled_from("0123456789abAB")).map(lambda p: known[: p[0]] + p[1] + known[p[0] + 1 :])
    texts = [known, *data.draw(st.lists(st.one_of(changed, DIGITS, TEXT), max_size=20))]
    if name == "siret":
        texts += ["356000000" + text[:5] for text in texts if text[:5].isdecimal() and text[:5].isascii()]
    frame = pl.DataFrame({"t": texts}).select(getattr(checksums, name)(pl.col("t")).alias("ok"))
    assert frame["ok"].to_list() == [getattr(identifiers, f"valid_{name}")(text) for text in texts]


@given(st.lists(TEXT, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_slugs_are_those_of_the_graph(texts: list[str]) -> None:
    found = pl.DataFrame({"t": texts}).select(cleaning.slug(pl.col("t")).fill_null(""))["t"].to_list()
    # Æ is spelt out here; the slugs of the graph, where it does not occur, drop it.
    assert found == [written_slug(text.replace("æ", "ae").replace("Æ", "AE")) for text in texts]


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_accounted_for(importing: Importing, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([["nom", "uai", "site"], *rows])
    accounts, triples, told = importing("partners", text.getvalue())
    assert accounts.rows == len(rows)
    assert accounts.imported + accounts.rejected == len(rows)
    assert len([row for row in told if row["effect"] == "rejected"]) == accounts.rejected
    assert len(list(ox.parse(triples.encode(), format=ox.RdfFormat.N_TRIPLES))) == accounts.triples


@given(st.binary(max_size=120))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_words(importing: Importing, data: bytes) -> None:
    try:
        accounts, triples, _ = importing("partners", b"nom;uai\n" + data)
    except ProblemsFound:  # any other error is a fault of ours
        return
    assert accounts.whole
    list(ox.parse(triples.encode(), format=ox.RdfFormat.N_TRIPLES))


@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.sampled_from([b'{"id":"https://ror.org/05813w841","name":"x","status":"a"}'])),
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_lines_of_json(importing: Importing, lines: list[bytes]) -> None:
    data = b"\n".join(line.replace(b"\n", b"") for line in lines)
    try:
        accounts, _, _ = importing("ror", data)
    except ProblemsFound as refused:
        assert not data.strip() or "import-stranger" in str(refused) or "import-packed" in str(refused)  # noqa: PT017
        return
    assert accounts.whole


# Made with PROJ 9 (pyproj): from longitude and latitude to each system.
POINTS = [
    ("EPSG:2154", 652301.5648, 6861302.7259, 2.35, 48.85),
    ("EPSG:2154", 125082.0824, 6839424.1642, -4.78, 48.4),
    ("EPSG:2154", 1226258.9382, 6176913.7054, 9.4, 42.5),
    ("EPSG:2154", 928579.6288, 6686319.0642, 6.0222, 47.2378),
    ("EPSG:2154", 700000.0000, 6600000.0000, 3, 46.5),
    ("EPSG:2154", 1050163.9436, 6841622.7155, 7.75, 48.58),
    ("EPSG:5490", 657103.1365, 1796046.8390, -61.53, 16.24),
    ("EPSG:5490", 715447.8753, 1615033.1189, -61.0, 14.6),
    ("EPSG:2972", 352535.0376, 545073.7193, -52.33, 4.93),
    ("EPSG:2972", 166641.3665, 387393.1496, -54, 3.5),
    ("EPSG:2975", 338767.1674, 7690355.5724, 55.45, -20.88),
    ("EPSG:2975", 365155.7803, 7644094.1997, 55.7, -21.3),
    ("EPSG:4471", 517365.7942, 8587187.6810, 45.16, -12.78),
    ("EPSG:4467", 563359.6380, 5181051.2208, -56.17, 46.78),
]


@pytest.mark.parametrize(("system", "x", "y", "longitude", "latitude"), POINTS)
def test_projections(system: str, x: float, y: float, longitude: float, latitude: float) -> None:
    frame = pl.DataFrame({"x": [x], "y": [y]})
    found = frame.select(*(part.alias(str(number)) for number, part in enumerate(SYSTEMS[system](pl.col("x"), pl.col("y")))))
    assert found.row(0) == pytest.approx((longitude, latitude), abs=1e-8)


def test_names_of_columns() -> None:
    assert normal("\ufeffCode_postal") == normal("Code postal") == normal("code_postal")
    assert normal("Identifiant ROR") == normal("identifiant_ror")


def test_broken_letters_are_known() -> None:
    for letter in "éèàçœ’":
        for wrong in (letter.encode().decode("cp1252", errors="replace"), letter.encode().decode("latin-1")):
            if "\ufffd" not in wrong:
                assert cleaning.mojibake()[wrong] == letter
