"""Organisations and campuses by what people call them."""

from collections.abc import Iterable
from typing import Final

from campuskg.analysis.surroundings import organisations
from campuskg.errors import Lang, UsageProblem
from campuskg.ontology import expand, load_terms
from campuskg.release import NameIndex, Release
from campuskg.release.names import fold

_SHOWN: Final = 5
_ORGANISATION: Final = "org:Organization"


def organisation_named(release: Release, text: str, parameter: str = "organisation") -> str:
    """Return the IRI of the one organisation or campus that *text* names.

    Raises UsageProblem, which tells near names where there is none and the ids where there are several.
    """
    known = organisations(release)
    found = [iri for iri in release.names.find(text.strip()) if iri in known]
    bearers = [iri for iri in found if fold(text) in {fold(release.names.name(iri, lang)) for lang in ("fr", "en")}]
    found = bearers if len(bearers) == 1 else found  # the bearer of the name comes before those for whom it is an alias
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageProblem("parameter-ambiguous", name=parameter, value=text, known=_listed(release.names, found))
    near = [match.iri for match in release.names.near(text, 40) if match.iri in known]
    campuses = [iri for iri, kinds in known.items() if expand("cmq:Campus") in kinds]
    shown = _listed(release.names, (near or campuses)[:_SHOWN])
    raise UsageProblem("parameter-entity", name=parameter, value=text, cls=_class_words(), known=shown)


def _listed(names: NameIndex, iris: Iterable[str]) -> dict[str, str]:
    def one(iri: str, lang: Lang) -> str:
        return f"{names.name(iri, lang)} ({'/'.join(iri.rsplit('/', 2)[-2:])})"

    told = list(iris)
    return {"fr": " ; ".join(one(iri, "fr") for iri in told), "en": "; ".join(one(iri, "en") for iri in told)}


def _class_words() -> dict[str, str]:
    labels = load_terms().labels.get(expand(_ORGANISATION), {})
    return {lang: labels.get(lang, "organisation") for lang in ("fr", "en")}
