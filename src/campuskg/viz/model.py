"""What a view draws: nodes and edges taken from the rows of one query, so that picture, query and table are the same set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from campuskg.errors import Lang, Text
from campuskg.queries import Query
from campuskg.store import Rows
from campuskg.store.engine import Term

Drawing = Literal["network", "bipartite", "sankey", "timeline", "map", "matrix", "heatmap", "pathways", "ontology", "bar"]
Shape = Literal["circle", "square", "diamond", "triangle"]
_NONE: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class View:
    """One file of ``viz/views``: a query of the catalogue, how its answer is drawn, and words."""

    name: str
    query: str
    drawing: Drawing
    title: Text
    about: Text
    """What the picture shows, and how to read it, in two or three sentences."""
    section: str
    """The section of the site that lists it: network, territory, money, projects, organisations, trainings, data."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Role in the drawing (source, target, weight, label, start, end, lat, long, value, stage …) -> column of the answer."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Parameters that differ from the defaults of the query, as people write them."""
    colour: str = "kind"
    """What the colour of a node tells: ``kind`` of thing, official ``category``, or ``role`` in the row."""
    size: str = "degree"
    """What the size of a node tells: ``degree``, ``weight`` (sum over its edges) or ``same``."""
    size_words: Text = _NONE
    weight_words: Text = _NONE
    relation: Text = _NONE
    """What a link says, as a reader would: ``travaille avec``; where the rows name a relation, it comes after."""
    apart: Sequence[str] = ()
    """Columns that keep links between the same two ends apart: the stage of money, the role and dates of a mandate."""
    proof: str = ""
    """Query of ``viz/views/proofs`` that gives what makes each link and where it is written; empty: the rows do."""
    directed: bool = True
    """Whether a link goes from its source to its target; a partnership goes both ways."""
    start: str = ""
    """Id (``campus/msi``) whose surroundings are shown first; empty: all."""


@dataclass(frozen=True, slots=True)
class Group:
    """One entry of the legend: what a colour and a shape mean."""

    key: str
    label: str
    colour: int
    """Place in ``viz/palette.toml``, from 1."""
    shape: Shape
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """One thing drawn."""

    id: str
    label: str
    kind: str
    """Kind of thing, the part of the id: campus, organisation, project, code …"""
    group: str
    """Key of its group in the legend."""
    size: float
    """The measure behind the size, not pixels."""
    x: float = 0.0
    y: float = 0.0
    """Position of the precomputed layout, in a square of about 1000 by 1000."""
    point: tuple[float, float] | None = None
    """Latitude and longitude, where the graph knows them."""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Facet (type, category, sector, departement, epci, commune, campus) -> IRIs."""
    rows: Sequence[int] = ()
    """Rows of the answer in which it stands."""
    begins: str = ""
    """First day, of a view that places things in time."""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One link drawn; *rows* are the rows of the answer that it stands for."""

    id: str
    source: str
    target: str
    relation: str
    weight: float
    rows: Sequence[int]
    begins: str = ""
    ends: str = ""
    amount: str = ""
    """Decimal lexical value in euros; empty where unknown."""
    stage: str = ""
    """IRI of what keeps it apart: the stage of the money (requested, granted, paid …), the level of a training."""
    via: Sequence[str] = ()
    """IRIs of the activities that make the link."""
    passages: Sequence[str] = ()
    """Locators that prove it, such as ``gbm-2022:304-306``."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One view of one release in one language: exactly what its query answers."""

    view: View
    query: Query
    values: Mapping[str, Sequence[Term]]
    lang: Lang
    digest: str
    rows: Rows
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    groups: Sequence[Group]
    facet_labels: Mapping[str, Mapping[str, str]]
    """Facet -> IRI -> label."""
