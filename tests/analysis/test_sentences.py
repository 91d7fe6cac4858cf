"""Sentences: both languages, numbers in the reader's manner, no hole, and what is not known said as such."""

import re
import string
from collections.abc import Iterator, Mapping

import pytest

from campuskg.analysis import (
    REPORTS,
    Isolated,
    Link,
    Overlap,
    Reason,
    Teller,
    default_rules,
    partnerships,
    paths,
    report,
)
from campuskg.analysis.sentences import patterns
from campuskg.errors import Lang, UsageProblem
from campuskg.release import Release

ID = "https://w3id.org/cmq/id/"


def _words() -> Iterator[tuple[str, Mapping[Lang, str]]]:
    for kind, cases in patterns().items():
        for case, words in cases.items():
            yield f"{kind}.{case}", words


@pytest.mark.parametrize(("name", "words"), list(_words()))
def test_every_pattern_says_the_same_in_both_languages(name: str, words: Mapping[Lang, str]) -> None:
    assert set(words) == {"fr", "en"}, name
    slots = [{slot for _, slot, _, _ in string.Formatter().parse(words[lang]) if slot} for lang in ("fr", "en")]
    assert slots[0] == slots[1]
    assert not re.search(r"\s[:;?!]", words["en"]), "no French spacing in English"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_is_whole(release: Release, name: str, lang: Lang) -> None:
    found = report(name, release, lang)
    assert found.lines
    assert found.title
    assert found.caveats
    for line in found.lines:
        assert len(line.cells) == len(found.columns)
        assert line.sentence.endswith(".")
        assert not re.search(r"\{|https?://|\bNone\b|  ", line.sentence), line.sentence
        assert line.record()["sentence"] == line.sentence
    proved = [line for line in found.lines if line.passages]
    assert len(proved) == len(found.lines) or name == "overlap"


def test_an_unknown_analysis_suggests_a_known_one(release: Release) -> None:
    with pytest.raises(UsageProblem) as refused:
        report("bridge", release, "fr")
    assert "bridges" in refused.value.say("fr")


def test_one_and_many(release: Release) -> None:
    teller = Teller(release.names, "fr")
    ends = f"{ID}campus/msi", f"{ID}organisation/ensmm"
    assert "une activité commune" in teller.link(Link(*ends, 1, (f"{ID}project/vrai",)))
    assert "2 activités communes" in teller.link(Link(*ends, 2, (f"{ID}project/vrai", f"{ID}project/technilab")))


def test_hops_are_told_in_the_order_of_the_chain(release: Release) -> None:
    network = partnerships(release)
    for a, b in (("organisation/utbm", "campus/msi"), ("campus/msi", "organisation/utbm")):
        (path, *_) = paths(network, ID + a, ID + b)
        teller = Teller(release.names, "en")
        assert teller.hops(path)[0].startswith(release.names.name(ID + a, "en"))


def test_unknown_is_said_and_never_zero(release: Release) -> None:
    teller = Teller(release.names, "en")
    silent = [line for line in report("funding", release, "en").lines if not line.cells[2]]
    assert silent
    for line in silent:
        assert "no known amount" in line.sentence
        assert "€0" not in line.sentence
        assert line.cells[2] == line.cells[5] == line.cells[6] == ""
    assert "partners elsewhere" not in teller.isolated(Isolated(f"{ID}campus/msi", f"{ID}organisation/ensmm", 0, ()))
    assert "no documented organisation" in teller.overlap(Overlap(f"{ID}campus/msi", f"{ID}campus/ti", {}, 0, 0))


@pytest.mark.parametrize(("lang", "told"), [("fr", "87,8\u202f%"), ("en", "87.8%")])
def test_numbers_are_those_of_the_reader(release: Release, lang: Lang, told: str) -> None:
    assert any(told in line.sentence for line in report("funding", release, lang).lines)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason("distance", 1, 1, (f"{ID}place/besancon", f"{ID}place/besancon"), (), 0.0), "dans la même commune, Besançon"),
        (Reason("distance", 1, 1, (f"{ID}place/besancon", f"{ID}organisation/ensmm"), (), 0.4), "à moins d'un kilomètre"),
        (Reason("distance", 1, 0.5, (f"{ID}place/besancon", f"{ID}organisation/ensmm"), (), 12.4), "à 12 km environ"),
        (Reason("category", 1, 1, ("school", "company")), "école et entreprise"),
        (Reason("new", 1, 1, (f"{ID}campus/msi", "school", "company")), "ne réunit encore école et entreprise"),
    ],
)
def test_reasons_in_words(release: Release, reason: Reason, told: str) -> None:
    assert told in Teller(release.names, "fr").reason(reason)


def test_long_lists_are_cut_with_a_count(release: Release) -> None:
    things = [f"{ID}campus/{name}" for name in ("ae", "agt", "amf", "itip", "mma", "msi", "ti")]
    assert Teller(release.names, "en").listed(things).endswith("and 3 more")
    assert Teller(release.names, "en").listed(things[:5]).count(" and ") == 1
    assert Teller(release.names, "en").listed([]) == ""


def test_each_rule_has_words() -> None:
    for rule in default_rules().rules.values():
        assert rule.label.fr
        assert rule.label.en
        assert rule.about.fr != rule.about.en
        assert rule.name in patterns()["reason"]
