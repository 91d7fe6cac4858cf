"""Every limit of the server in one place: the options of the command, ``/limits`` and the documentation derive from here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from campuskg.errors import Lang, Text

if TYPE_CHECKING:
    from campuskg.store import GuardLimits
    from campuskg.store.workers import PoolLimits

KIB: Final = 1024
MIB: Final = 1024 * 1024
_RECYCLE: Final = 32
_RECYCLE_DISK: Final = 256
"""MiB that a worker may grow by before it is replaced."""


class Limit(NamedTuple):
    """One limit as readers see it."""

    name: str
    value: float
    unit: str
    meaning: Text

    @property
    def option(self) -> str:
        """The option of ``campuskg serve`` that sets it."""
        return "--" + self.name.replace("_", "-")


def _limit(default: float, unit: str, fr: str, en: str) -> Any:  # noqa: ANN401  a dataclass field, as dataclasses types it
    return field(default=default, metadata={"unit": unit, "meaning": Text(fr, en)})


@dataclass(frozen=True)
class Limits:
    """What the server grants a request, a client and itself. The fields are the options, in the order of the help."""

    timeout: float = _limit(
        10.0,
        "s",
        "durée d'une requête, au bout de laquelle elle est arrêtée (504)",
        "time of a query, after which it is stopped (504)",
    )
    memory: int = _limit(
        512,
        "MiB",
        "mémoire d'une requête, en plus des données que toutes partagent (422)",
        "memory of one query, beside the data that all share (422)",
    )
    total_memory: int = _limit(
        1024,
        "MiB",
        "mémoire de toutes les requêtes ensemble ; la plus grosse est arrêtée (422)",
        "memory of all queries together; the largest is stopped (422)",
    )
    answer: int = _limit(
        16,
        "MiB",
        "taille d'une réponse ; au-delà, ajouter LIMIT ou demander truncate=true (413)",
        "size of an answer; above it, add LIMIT or ask for truncate=true (413)",
    )
    rows: int = _limit(
        100_000,
        "",
        "lignes ou triplets d'une réponse ; au-delà, ajouter LIMIT ou demander truncate=true (413)",
        "rows or triples of an answer; above it, add LIMIT or ask for truncate=true (413)",
    )
    query_text: int = _limit(128, "KiB", "longueur du texte d'une requête (413)", "length of the text of a query (413)")
    query_depth: int = _limit(
        64, "", "parenthèses ou accolades emboîtées dans une requête (422)", "brackets within brackets in a query (422)"
    )
    query_operators: int = _limit(
        1000,
        "",
        "opérateurs des expressions et des chemins d'une requête (422)",
        "operators of the expressions and paths of a query (422)",
    )
    query_clauses: int = _limit(
        200,
        "",
        "groupes, triplets, FILTER, BIND et VALUES d'une requête (422)",
        "groups, triples, FILTER, BIND and VALUES of a query (422)",
    )
    workers: int = _limit(
        4, "", "requêtes traitées en même temps sur la voie rapide", "queries run at the same time in the fast lane"
    )
    slow_after: float = _limit(
        0.15,
        "s",
        "temps de calcul au bout duquel une requête passe sur la voie lente",
        "computing time after which a query moves to the slow lane",
    )
    slow_workers: int = _limit(
        2,
        "",
        "requêtes traitées en même temps sur la voie lente, à la dernière priorité",
        "queries run at the same time in the slow lane, at the lowest priority",
    )
    parked: int = _limit(
        8, "", "requêtes lentes qui attendent une place (503 au-delà)", "slow queries that wait for a place (503 above)"
    )
    queue: int = _limit(
        256,
        "",
        "requêtes qui attendent une place sur la voie rapide (503 au-delà)",
        "queries that wait for a place in the fast lane (503 above)",
    )
    queue_wait: float = _limit(
        10.0, "s", "attente d'une place sur la voie rapide (503 au-delà)", "wait for a place in the fast lane (503 above)"
    )
    body: int = _limit(1024, "KiB", "taille du corps d'une demande (413)", "size of the body of a request (413)")
    body_seconds: float = _limit(
        10.0, "s", "durée de réception du corps d'une demande (408)", "time to receive the body of a request (408)"
    )
    header_seconds: float = _limit(
        15.0, "s", "durée de réception des en-têtes (connexion fermée)", "time to receive the headers (connection closed)"
    )
    headers: int = _limit(32, "KiB", "taille des en-têtes (431)", "size of the headers (431)")
    url: int = _limit(32, "KiB", "longueur d'une adresse (414)", "length of an address (414)")
    connections: int = _limit(1024, "", "connexions ouvertes en même temps", "connections open at the same time")
    cache: int = _limit(64, "MiB", "mémoire des réponses prêtes (0 : aucune)", "memory for ready answers (0: none)")
    drain: float = _limit(10.0, "s", "temps laissé aux demandes en cours à l'arrêt", "time left to running requests at shutdown")

    def pool(self, *, services: Sequence[str] = (), reads: Sequence[str] = (), allow_unsafe: bool = False) -> "PoolLimits":
        """Return the part that the workers keep.

        *services* are the addresses that SERVICE may call, *reads* the folders of the stores on disk; what a worker has
        read from these it may keep, so it grows more before it is replaced.
        """
        from campuskg.store.workers import PoolLimits

        return PoolLimits(
            timeout=self.timeout,
            memory_mib=self.memory,
            total_memory_mib=self.total_memory,
            answer_bytes=self.answer * MIB,
            fast_workers=self.workers,
            fast_cpu=self.slow_after,
            slow_workers=self.slow_workers,
            parked=self.parked,
            queue=self.queue,
            queue_wait=self.queue_wait,
            recycle_mib=_RECYCLE_DISK if reads else _RECYCLE,
            service_allow=tuple(services),
            reads=tuple(reads),
            allow_unsafe=allow_unsafe,
        )

    def guard(self, services: Sequence[str] = ()) -> "GuardLimits":
        """Return the part that bounds the text of a query; *services* are the addresses that SERVICE may call."""
        from campuskg.store import GuardLimits

        return GuardLimits(self.query_text * KIB, self.query_depth, self.query_operators, self.query_clauses, tuple(services))

    def table(self) -> list[Limit]:
        """Return every limit with its value and its meaning."""
        return [Limit(f.name, getattr(self, f.name), f.metadata["unit"], f.metadata["meaning"]) for f in fields(self)]

    def as_json(self, lang: Lang) -> list[dict[str, object]]:
        """Return the table as JSON values, meanings in both languages, that of *lang* first."""
        other: Lang = "en" if lang == "fr" else "fr"
        return [
            {
                "name": limit.name,
                "value": limit.value,
                "unit": limit.unit,
                "meaning": {name: getattr(limit.meaning, name) for name in (lang, other)},
                "option": limit.option,
            }
            for limit in self.table()
        ]
