"""Which campuses a thing belongs to, for the filters and the badges of the planners' pages."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from campuskg.ontology import expand
from campuskg.publish.planning.desk import ID
from campuskg.store import GraphStore

_QUERY: Final = """PREFIX cmq: <{cmq}>
SELECT DISTINCT ?thing ?campus
WHERE {{
  ?campus a cmq:Campus .
  {{ BIND(?campus AS ?thing) }}
  UNION {{ ?thing cmq:legalBodyOf ?campus }}
  UNION {{ ?thing cmq:partOf+ ?campus }}
  UNION {{ ?link cmq:participant ?campus ; cmq:participationIn ?thing }}
  UNION {{ ?link cmq:participant ?campus ; cmq:participationIn ?whole . ?thing cmq:partOf ?whole . ?thing a cmq:Project }}
  UNION {{ ?thing cmq:applicationFor ?campus }}
  UNION {{ ?thing cmq:applicationFor ?item . ?item cmq:partOf ?campus }}
  UNION {{ ?thing cmq:agreementParty ?campus }}
  UNION {{ ?body cmq:legalBodyOf ?campus . ?thing cmq:agreementParty ?body }}
  UNION {{ ?thing cmq:agreementCovers ?item . ?item cmq:partOf* ?campus }}
  UNION {{ ?link cmq:holder ?thing ; cmq:mandateIn ?campus }}
  UNION {{ ?thing cmq:concerns ?campus }}
  FILTER(STRSTARTS(STR(?thing), "{id}"))
  FILTER(?thing = ?campus || !EXISTS {{ ?thing a cmq:Campus }})
}}"""

Scope = Mapping[str, tuple[str, ...]]
"""Thing -> its campuses, in order."""

_KEPT: dict[str, Scope] = {}


def scope(store: GraphStore, digest: str) -> Scope:
    """Return the campuses of each thing of a graph; worked out once for each *digest*."""
    if digest not in _KEPT:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in store.select(_QUERY.format(cmq=expand("cmq:"), id=ID)).dicts():
            found[row["thing"]].add(row["campus"])
        _KEPT[digest] = {thing: tuple(sorted(campuses)) for thing, campuses in found.items()}
    return _KEPT[digest]
