"""The pages of the ontology: all terms on one page, where each IRI has its anchor, and a page for each term."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.drawn import address
from campuskg.publish.ontology_diagram import diagram
from campuskg.publish.ontology_docs import OntologyDocs, ontology_docs, term_path
from campuskg.publish.ontology_shapes import Rule
from campuskg.publish.ontology_terms import OURS, compact, local
from campuskg.publish.ontology_turtle import heads, lines
from campuskg.publish.ontology_words import said
from campuskg.publish.pages import Frame, render
from campuskg.release import Release
from campuskg.release.names import fold

FILES: Final = (("Turtle", "ttl"), ("N-Triples", "nt"), ("JSON-LD", "jsonld"), ("RDF/XML", "rdf"))
_DOCUMENTS: Final = (
    ("download_terms", "/ontology"),
    ("download_alignments", "/ontology/alignments"),
    ("download_prefixes", "/ontology/prefixes"),
)
_DATATYPES: Final = ("xsd:", "rdf:", "rdfs:")
_ORGANISATION: Final = expand("org:Organization")


class Name(NamedTuple):
    """A term as a link: where it leads, its label, its compact name."""

    href: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the pages show it."""

    of: Name | None
    count: str
    kind: str
    message: str
    severity: str
    targets: tuple[Name, ...]
    whoever: tuple[Name, ...]
    shape: str


class OntologyView:
    """What the templates show of the documentation, in one language."""

    def __init__(self, docs: OntologyDocs, lang: Lang) -> None:
        """Show *docs* in *lang*."""
        self.docs = docs
        self.terms = docs.terms
        self.lang: Lang = lang
        self.said = said(lang)

    def name(self, iri: str) -> Name:
        """Return a term, a datatype or a code list as a link; what is explained on this site leads there."""
        label = self.terms.label(iri, self.lang)
        compact_name = compact(iri)
        if compact_name.startswith(_DATATYPES):
            return Name("", self.said.get(compact_name.replace(":", "_"), compact_name), compact_name)
        if iri.startswith(OURS) or iri in self._reused:
            return Name(f"/ontology#{local(iri)}", label, compact_name)
        return Name(address(iri), label, compact_name)

    @cached_property
    def _explained(self) -> frozenset[str]:
        """The terms that have a place on the page; what else a term specialises is among its alignments."""
        return self._reused | frozenset(self.docs.names)

    def taken(self, iri: str) -> list[Name]:
        """Return the classes whose rules a class takes over."""
        return self.names(dict.fromkeys(parent for parent, _ in self.docs.shapes.inherited(iri, self.terms)))

    @cached_property
    def _reused(self) -> frozenset[str]:
        return frozenset(self.docs.reused())

    def classes(self) -> list[str]:
        """Return our classes in the order of their labels."""
        return sorted(self.terms.classes, key=lambda iri: fold(self.terms.label(iri, self.lang)))

    def names(self, iris: Iterable[str]) -> list[Name]:
        """Return terms as links."""
        return [self.name(iri) for iri in iris]

    def rule(self, rule: Rule) -> RuleLine:
        """Return one rule in words."""
        return RuleLine(
            self.name(rule.path) if rule.path else None,
            rule.count(self.lang) if rule.path else "",
            self._kind(rule),
            rule.message(self.lang),
            "" if rule.severity == "Violation" else self.said[rule.severity],
            tuple(self.names(rule.targets)),
            tuple(self.names(rule.subjects_of)),
            compact(rule.shape),
        )

    def _kind(self, rule: Rule) -> str:
        return rule.kind(self.lang, self.terms) if rule.path else ""

    def number(self, value: int) -> str:
        """Return a count as the reader writes it."""
        return words.number(str(value), self.lang)

    def amount(self, iri: str) -> str:
        """Return in words how much of a term the release holds."""
        if not self.docs.digest:
            return ""
        direct = self.docs.count(iri)
        if self.terms.kind(iri) != "class":
            return self._many("uses", direct)
        total = self.docs.total(iri)
        if not total and (codes := self.docs.codes(iri)):
            return self.said["codes_of"].format(n=self.number(codes))
        if total == direct:
            return self._many("things", total)
        return self.said["things_below"].format(n=self.number(total), direct=self.number(direct))

    def _many(self, key: str, count: int) -> str:
        if not count:
            return self.said["none_yet"]
        return self.said[f"{key}_one"] if count == 1 else self.said[key].format(n=self.number(count))

    def relations(self, iri: str) -> list[tuple[str, list[Name]]]:
        """Return what a term is related to, by heading; only what there is."""
        rows = self._of_class(iri) if self.terms.kind(iri) == "class" else self._of_property(iri)
        return [(self.said[key], self.names(found)) for key, found in rows if found]

    def _of_class(self, iri: str) -> list[tuple[str, list[str]]]:
        terms = self.terms
        return [
            ("sub_class_of", [other for other in terms.supers(iri) if other in self._explained]),
            ("sub_classes", terms.subs(iri)),
            ("in_domain", terms.in_domain_of(iri)),
            ("in_range", terms.in_range_of(iri)),
        ]

    def _of_property(self, iri: str) -> list[tuple[str, list[str]]]:
        terms = self.terms
        return [
            ("domain", terms.domain(iri)),
            ("range", [] if terms.iris(iri, "cmq:codeList") else terms.range(iri)),
            ("code_list", terms.iris(iri, "cmq:codeList")),
            ("sub_property_of", [other for other in terms.supers(iri) if other in self._explained]),
            ("sub_properties", terms.subs(iri)),
            ("inverse", terms.inverses(iri)),
        ]

    def kind(self, iri: str) -> str:
        """Return what sort of term it is, in words."""
        found = self.said[self.terms.kind(iri)]
        return f"{found}, {self.said['symmetric']}" if self.terms.is_symmetric(iri) else found

    def definition(self, iri: str) -> str:
        """Return the definition."""
        return self.terms.text(iri, "skos:definition", self.lang)

    def status(self, iri: str) -> str:
        """Return the status (https://www.w3.org/2003/06/sw-vocab-status/ns) in words."""
        found = self.terms.text(iri, "sw:term_status", self.lang)
        return self.said.get(found, found)

    def alignments(self, iri: str) -> list[tuple[str, str, str]]:
        """Return the relation in words, the name and the IRI of each term elsewhere that is close to this one."""
        found = [(kind, other) for kind, other in self.terms.alignments(iri) if other not in self._explained or "Match" in kind]
        return [(self.said[kind.replace(":", "_")], compact(other), other) for kind, other in found]

    def path(self, iri: str) -> str:
        """Return the address of the page of a term."""
        return term_path(self.terms, iri)


def render_ontology(release: Release | None, frame: Frame) -> str:
    """Return the page of the whole ontology."""
    docs = ontology_docs(release)
    view = OntologyView(docs, frame.lang)
    about = docs.about(frame.lang)
    date = words.date(about.issued, frame.lang)
    cited = view.said["cite_as"].format(
        authors=", ".join(about.creators), title=about.title, version=about.version, date=date, iri=about.version_iri
    )
    return render(
        "ontology.html",
        frame,
        s=view.said,
        view=view,
        about=about,
        date=date,
        cited=cited,
        bibtex=_bibtex(docs, frame.lang),
        downloads=[(view.said[key], [(label, f"{path}.{ext}") for label, ext in FILES]) for key, path in _DOCUMENTS],
        statuses=_statuses(view),
        layers=[(name, view.said[f"layer_{name}"], view.number(total)) for name, total in docs.layers().items()],
        diagram=diagram(docs.terms, frame.lang),
        tree=_tree(view),
        reused=[(iri, [view.rule(rule) for rule in docs.rules(iri)]) for iri in docs.reused()],
        compact=compact,
        local=local,
    )


def _statuses(view: OntologyView) -> str:
    found = [view.status(iri) for iri in view.docs.names]
    counts = sorted({status: found.count(status) for status in found}.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(status if number == len(found) else f"{status} ({number})" for status, number in counts)
    return view.said["all_terms"].format(n=len(found), list=shown)


def _bibtex(docs: OntologyDocs, lang: Lang) -> str:
    about = docs.about(lang)
    rows = {
        "author": "{" + " and ".join(about.creators) + "}",
        "title": about.title,
        "version": about.version,
        "year": about.issued[:4],
        "url": about.version_iri,
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in rows.items())
    return f"@misc{{campuskg:ontology:{about.version},\n{body}\n}}\n"


Tree = list[tuple[Name, "Tree"]]


def _tree(view: OntologyView) -> Tree:
    """Return our classes and the organisation of the ORG vocabulary as a tree; a class may stand below two others."""
    shown = sorted({*view.terms.classes, _ORGANISATION}, key=lambda cls: fold(view.name(cls).label))

    def below(parent: str | None) -> list[str]:
        return [cls for cls in shown if parent in _nearest(view, cls)]

    def branch(parent: str | None) -> Tree:
        return [(view.name(cls), branch(cls)) for cls in below(parent)]

    return branch(None)


def _nearest(view: OntologyView, cls: str) -> set[str | None]:
    """Return the classes of the tree right above *cls*; None where there is none."""
    known = {iri for iri in view.terms.up(cls) - {cls} if iri.startswith(OURS) or iri == _ORGANISATION}
    nearest: set[str | None] = {iri for iri in known if not any(iri in view.terms.up(other) - {other} for other in known)}
    return nearest or {None}


def render_term(release: Release | None, frame: Frame, kind: str, name: str) -> str | None:
    """Return the page of one of our terms, *kind* being ``class`` or ``property``; None where there is none."""
    docs = ontology_docs(release)
    iri = docs.find(kind, name)
    if not iri:
        return None
    view = OntologyView(docs, frame.lang)
    triples = docs.terms.triples(iri)
    return render(
        "ontology_term.html",
        frame,
        s=view.said,
        view=view,
        iri=iri,
        term=view.name(iri),
        rules=[view.rule(rule) for rule in docs.rules(iri)],
        inherited=_inherited(view, iri),
        example=docs.example(iri),
        queries=[(f"/queries/{query.name}", query.asked(frame.lang)) for query in docs.asked(iri)],
        heads=heads(triples),
        turtle_lines=lines(triples),
    )


def _inherited(view: OntologyView, iri: str) -> list[tuple[Name, list[RuleLine]]]:
    """Return the rules that a class takes over, by the class that they come from."""
    if view.terms.kind(iri) != "class":
        return []
    found: dict[str, list[RuleLine]] = {}
    for parent, rule in view.docs.shapes.inherited(iri, view.terms):
        found.setdefault(parent, []).append(view.rule(rule))
    return [(view.name(parent), rules) for parent, rules in found.items()]


def term_paths(docs: OntologyDocs) -> Sequence[str]:
    """Return the address of every page of the ontology, for who writes them all out."""
    return ("/ontology", *(term_path(docs.terms, iri) for iri in docs.names))


def path_of_term(iri: str) -> str:
    """Return the address of the page that says most of a term of ours; empty for another IRI."""
    docs = ontology_docs(None)
    return term_path(docs.terms, iri) if iri in docs.names else ""
