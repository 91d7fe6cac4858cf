"""Every parser of ours, fed with anything: a right answer or an error in both languages, never another exception.

The examples are derived from the test itself, so that each run tries the same ones.
"""

import random
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campuskg.ask import MAX_LENGTH, Asker, dates
from campuskg.content import content
from campuskg.errors import CampuskgError, Lang, Problem
from campuskg.graph.yaml_source import YamlDocument, YamlRefused, decode, parse_yaml
from campuskg.ingest.mapping import read_mapping
from campuskg.queries import catalogue, tags
from campuskg.queries.header import header_yaml, read_query
from campuskg.queries.numerals import read_amount, read_date, read_integer
from campuskg.queries.parameters import ValueReader
from campuskg.release import Release, open_release
from campuskg.release.difference import apply_patch
from campuskg.server import negotiation, protocol
from campuskg.server.coding import accepted
from campuskg.viz.views import read_view

LANGS: tuple[Lang, ...] = ("fr", "en")
bounded = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
anything = st.text(max_size=400) | st.text(alphabet=string.printable, max_size=400)


def attempt(parse: Callable[[], object]) -> object:
    """Return what *parse* gives; None for an error of ours, which must have words in both languages."""
    try:
        return parse()
    except CampuskgError as error:
        said = {error.say(lang) for lang in LANGS}
        assert all(said)
        assert len(said) == len(LANGS)
    return None


def in_words(parse: Callable[[], object]) -> object:
    """Return what *parse* gives, or the problem of a YAML text, which must have words in both languages and a place."""
    try:
        return parse()
    except YamlRefused as refused:
        problem = refused.problem
    assert problem.say("fr") != problem.say("en")
    assert problem.place.line >= 1
    return problem


def pieces(*words: str, most: int = 40) -> st.SearchStrategy[str]:
    """Return texts made of *words* and of anything, in any order: what a parser nearly understands."""
    return st.lists(st.sampled_from(words) | st.text(max_size=4), max_size=most).map("".join)


YAML = pieces(
    "a: ", "- ", "\n", "  ", "[", "]", "{", "}", "'", '"', "&x ", "*x", "!!t ", "|", ">", "#", "---\n", ": ", "? ", "\t", "01"
)


@bounded
@given(YAML | anything)
def test_yaml(text: str) -> None:
    found = in_words(lambda: parse_yaml(text, "a.yaml"))
    waiting = [found.value] if isinstance(found, YamlDocument) else []
    while waiting:
        value = waiting.pop()
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        assert isinstance(value, str | list | dict)


@bounded
@given(st.binary(max_size=300))
def test_bytes_of_yaml(data: bytes) -> None:
    assert isinstance(in_words(lambda: decode(data, "a.yaml")), str | Problem)


HEADER = pieces(
    *("#+ question:\n", "#+   fr: Q\n", "#+   en: Q\n", "#+ tags: [money]\n", "#+ view: {type: bar}\n", "#+ view: [a]\n"),
    *("#+ answer:\n", "#+   rows: 9\n", "#+   has: [{x: y}]\n", "#+ parameters:\n", "#+   p: {type: code, scheme: x}\n"),
    *("#+   p: {type: entity}\n", "#+   p: x\n", "#+ columns: {x: {fr: A, en: B, form: [c]}}\n", "#+ engines: [x]\n"),
    *("#+ phrases: {fr: {a: b}}\n", "#+ severity: x\n", "SELECT ?x { VALUES ?p { 1 } }", "ASK {}", "CONSTRUCT"),
    *("#? VALUES ?p {", "PREFIX a: <b>\n", "\n", "#+", "}", "{", "<", '"""'),
)


@bounded
@given(HEADER | anything)
def test_headers_of_queries(text: str) -> None:
    for themes in (("money",), None):
        attempt(lambda themes=themes: read_query("a", text, "a.rq", themes=themes))  # type: ignore[misc]
    assert header_yaml(text).count("\n") <= text.count("\n") + len(text)


def _mutated(text: str, chance: random.Random) -> str:
    """Return *text* with a few of its lines dropped, doubled, moved, cut or changed in one character."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                del lines[at : at + 1]
                lines = lines or [""]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 3:
                lines[at] = lines[at] + chance.choice(["[", "]", "{", "}", "'", '"', ": x", " = 1", "\x00", "\t", "é", " #", ","])
            case _:
                cut = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + chance.choice(string.printable) + lines[at][cut + 1 :]
    return "\n".join(lines)


def _own(folder: Path, pattern: str, count: int) -> list[tuple[str, str]]:
    """Return *count* mutations of our own files, as their names and texts."""
    chance = random.Random(7)  # noqa: S311  the same mutations each time
    paths = sorted(folder.glob(pattern))
    return [(path.stem, _mutated(path.read_text(encoding="utf-8"), chance)) for path in chance.choices(paths, k=count)]


def test_damaged_queries_of_ours() -> None:
    read = 0
    for name, text in _own(content("queries"), "catalogue/*.rq", 150) or _own(content("queries"), "**/*.rq", 150):
        read += attempt(lambda name=name, text=text: read_query(name, text, f"{name}.rq", themes=list(tags()))) is not None  # type: ignore[misc]
    assert read < 150


def test_damaged_views_and_importers_of_ours() -> None:
    for name, text in _own(content("viz") / "views", "*.toml", 150):
        attempt(lambda name=name, text=text: read_view(name, text))  # type: ignore[misc]
    for name, text in _own(content("graph") / "importers", "*.toml", 100):
        attempt(lambda name=name, text=text: read_mapping(name, text))  # type: ignore[misc]


TOML = pieces(
    "[title]\n",
    'fr = "a"\n',
    'en = "b"\n',
    "title = 3\n",
    "query = []\n",
    'drawing = "network"\n',
    "[[x]]\n",
    "=",
    '"',
    "[",
    "\n",
)


@bounded
@given(TOML | anything)
def test_files_that_are_no_views_and_no_importers(text: str) -> None:
    attempt(lambda: read_view("a", text))
    attempt(lambda: read_mapping("a", text))


MEDIA = pieces(
    "text/",
    "html",
    "*/*",
    "application/json",
    ";q=",
    "0.5",
    "1.0000",
    ",",
    ";",
    '"',
    "\\",
    " ",
    "gzip",
    "identity",
    "fr-CA",
    "en",
    "*",
)


@bounded
@given(MEDIA | anything)
@example("text/html;" * 3_000)
@example("a/b;c=" + '"\\' * 5_000)
@example(" ," * 20_000)
@example("text/html" + "; " * 5_000 + "!")
def test_headers_of_requests(text: str) -> None:
    chosen = negotiation.choose(text, negotiation.SELECT_MEDIA)
    assert chosen is None or chosen in negotiation.SELECT_MEDIA
    assert all(0 <= found.weight <= 1 for found in negotiation.ranges(text))
    assert negotiation.preferred_language(text) in LANGS
    assert accepted(text) in ("identity", "gzip", "only-gzip", "none")
    attempt(lambda: protocol.media_of(text))


FORM = pieces(
    "query=",
    "ASK%7B%7D",
    "&",
    "update=",
    "%",
    "%zz",
    "%ff",
    "+",
    "=",
    "default-graph-uri=",
    "urn:a",
    "format=csv",
    "timeout=",
    "9",
    "truncate=1",
)


@bounded
@given(FORM | anything, st.binary(max_size=60))
@example("&" * 50_000, b"")
@example("a=b&" * 2_000, b"")
@example("timeout=" + "9" * 5_000, b"")
@example("timeout=٣", b"")
def test_forms_and_query_strings(text: str, data: bytes) -> None:
    pairs = attempt(lambda: protocol.decode_form(text))
    if isinstance(pairs, list):
        found = attempt(lambda: protocol.parse("GET", pairs, None, b""))
        assert found is None or isinstance(found, protocol.Asked)
    for media in (protocol.FORM, protocol.DIRECT, protocol.UPDATE, "text/plain; charset=utf-16", None):
        attempt(lambda media=media: protocol.parse("POST", [], media, data + text.encode(errors="surrogatepass")))  # type: ignore[misc]


@bounded
@given(st.text(alphabet="ab =&%\r\n\t_+.é\x00\x7f", max_size=12), st.data())
def test_a_value_is_decoded_as_the_standard_library_does(text: str, data: st.DataObject) -> None:
    kept = "".join(char for char in text if data.draw(st.booleans())).replace("%", "").replace("&", "")
    written = quote(text, safe=kept)
    assert protocol.decode_form(f"a={written}") == [("a", unquote_plus(written))]


VALUES = st.sampled_from(
    [
        "2021-12-01",
        "31/12/2021",
        "9999-12-31",
        "15 000,50 €",
        "-1",
        "msi",
        "campus/msi",
        "funding-stage:granted",
        "a:b",
        "http://x",
    ]
)


@pytest.fixture(scope="module")
def small(small_release: Path) -> Release:
    return open_release(small_release)


@settings(bounded, max_examples=60)
@given(VALUES | anything)
def test_parameters_of_the_catalogue(small: Release, text: str) -> None:
    reader, seen = ValueReader(small.store, small.names), set[str]()
    for query in catalogue().values():
        for parameter in query.parameters.values():
            if parameter.type not in seen and (parameter.type != "entity" or len(text) < 40):
                seen.add(parameter.type)
                attempt(lambda parameter=parameter: query.bound({parameter.name: reader.terms(parameter, [text])}))  # type: ignore[misc]  # noqa: B023


@bounded
@given(pieces("2021", "-", "/", "12", "31", " ", ",", ".", "€", "00", "٣", "9" * 16, most=9) | anything)
def test_dates_and_numbers(text: str) -> None:
    day, number, amount = read_date(text), read_integer(text), read_amount(text)
    assert day is None or date.fromisoformat(day).isoformat() == day
    assert number is None or abs(number) < 10**15
    assert amount is None or amount.is_finite()


SAID = pieces(
    *(
        "Qui finance ",
        "le programme",
        " en 2021",
        " 9999-12 ",
        " fin 9999",
        "décembre 0001",
        "0000",
        "31/02/2021",
        " plus de ",
        "€",
        "k€",
    ),
    *("12 000", " who ", "funds", "?", "’", "«", "MSI", "\u202e", "ß", "ﬁ", "İ", " au 1er ", "99 december 2020"),
    most=12,
)


@bounded
@given(SAID | anything)
@example("9999-12")
@example("en décembre 2099")
def test_dates_and_amounts_in_questions(text: str) -> None:
    for moment in dates.moments(text):
        assert moment.asked.isoformat()
        assert text[slice(*moment.span)]
    assert all(amount.euros >= 0 for amount in dates.amounts(text))
    assert len(dates.without(text)) == len(text)


@pytest.fixture(scope="module")
def asker(small: Release) -> Asker:
    return Asker(small.store)


@settings(bounded, max_examples=40)
@given(SAID | anything)
@example("Qui finance le programme au 9999-12 ?")
@example("a" * (MAX_LENGTH + 1))
@example("é" * MAX_LENGTH)
@example("le " * (MAX_LENGTH // 3))
def test_questions(asker: Asker, text: str) -> None:
    attempt(lambda: asker.ask(text))


DIGEST = "0" * 64
PATCH = pieces(
    f"H id <urn:sha256:{DIGEST}> .\n",
    f"H prev <urn:sha256:{DIGEST}> .\n",
    "TX .\n",
    "TC .\n",
    "A <a> <b> <c> .\n",
    "D <a> .\n",
    "A ",
    "\n",
    "H ",
)


@bounded
@given(PATCH | anything)
def test_patches(text: str) -> None:
    assert attempt(lambda: apply_patch(b"<urn:a> <urn:b> <urn:c> .\n", text)) is None
