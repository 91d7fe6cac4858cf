"""What is probably wrong with a query that cannot be read: the common mistakes, each with its place and its remedy."""

import functools
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from campuskg.errors import nearest
from campuskg.ontology import prefixes
from campuskg.store.tokens import Token, tokens

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_TERMS: Final = frozenset({"variable", "name", "iri", "string", "number"})
_TRIPLE: Final = 3
_KEYWORDS: Final = frozenset(
    """
    SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE VERSION DISTINCT REDUCED AS GROUP BY HAVING ORDER ASC DESC
    LIMIT OFFSET VALUES OPTIONAL GRAPH UNION MINUS FILTER BIND SERVICE SILENT UNDEF EXISTS NOT IN SEPARATOR TRUE FALSE A
    LATERAL COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR
    ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS
    MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI
    ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE LANGDIR HASLANG
    HASLANGDIR STRLANGDIR ADJUST
    """.split()  # noqa: SIM905  a word list reads best as one
)


class Hint(NamedTuple):
    """What to do, in French and English, and where (in characters from the start; None: where the engine stopped)."""

    fr: str
    en: str
    start: int | None = None


def hint(sparql: str, said: str) -> Hint:
    """Return what to do about *sparql*, of which the engine *said* something.

    >>> hint("SELECT * { ?s a org:Organization }", "").en
    "Add 'PREFIX org: <http://www.w3.org/ns/org#>' at the beginning"
    """
    code = [token for token in tokens(sparql) if token.kind != "gap"]
    rules: Sequence[Callable[[Sequence[Token]], Hint | None]] = (
        _open_string, _turtle_prefix, _prefix, _double_sign, _misspelt, _bare_aggregate, _brackets, _missing_dot, _order,
    )  # fmt: skip
    found = next((found for rule in rules if (found := rule(code)) is not None), None)
    if found is None and "variable that is unbound" in said:
        found = Hint(
            "Une variable sélectionnée n'est ni groupée ni agrégée : l'ajouter à GROUP BY ou l'agréger",
            "A selected variable is neither grouped nor aggregated: add it to GROUP BY or aggregate it",
        )
    return found or Hint("Corriger la requête à cet endroit", "Mend the query at that place")


def _open_string(code: Sequence[Token]) -> Hint | None:
    for token in code:
        if token.kind == "unclosed":
            mark = token.text[0]
            return Hint(f"Fermer la chaîne par {mark}", f"Close the string with {mark}", token.start)
    return None


def _turtle_prefix(code: Sequence[Token]) -> Hint | None:
    for token in code:
        if token.kind == "language" and token.text.lower() in ("@prefix", "@base"):
            word = token.text[1:].upper()
            return Hint(
                f"Écrire {word} sans @ et sans point à la fin", f"Write {word} without @ and without a final dot", token.start
            )
    return None


def _prefix(code: Sequence[Token]) -> Hint | None:
    """Name the first prefix that is used and not declared, and what it usually stands for."""
    declared = {after.text for before, after in pairwise(code) if before.word == "PREFIX"}
    for token in code:
        name = token.text.partition(":")[0] + ":"
        if token.kind == "name" and name != "_:" and name not in declared:
            usual = _usual().get(name[:-1])
            if usual is None:
                return Hint(
                    f"Le préfixe « {name} » n'est pas déclaré : ajouter une ligne PREFIX au début",
                    f"The prefix '{name}' is not declared: add a PREFIX line at the beginning",
                    token.start,
                )
            line = f"PREFIX {name} <{usual}>"
            return Hint(f"Ajouter « {line} » au début", f"Add '{line}' at the beginning", token.start)
    return None


@functools.cache
def _usual() -> Mapping[str, str]:
    return prefixes()


def _double_sign(code: Sequence[Token]) -> Hint | None:
    """Find operators of other languages: ``==``, ``&`` and ``and``."""
    for before, token in pairwise(code):
        if before.text == token.text == "=" and before.start + 1 == token.start:
            return Hint("L'égalité s'écrit avec un seul =", "Equality is written with a single =", before.start)
        for wrong, right in (("AND", "&&"), ("OR", "||")):
            if token.word == wrong:
                return Hint(f"« {token.text} » s'écrit {right}", f"'{token.text}' is written {right}", token.start)
    return None


def _misspelt(code: Sequence[Token]) -> Hint | None:
    for token in code:
        if token.kind == "word" and token.word not in _KEYWORDS:
            near = nearest(token.word, _KEYWORDS, 1)
            if near:
                return Hint(f"« {token.text} » : peut-être {near} ?", f"'{token.text}': perhaps {near}?", token.start)
            return Hint(
                f"« {token.text} » n'est pas un mot de SPARQL ; une variable commence par ?",
                f"'{token.text}' is not a word of SPARQL; a variable begins with ?",
                token.start,
            )
    return None


def _bare_aggregate(code: Sequence[Token]) -> Hint | None:
    """Find ``SELECT COUNT(*)`` and ``SELECT (COUNT(*))``: an aggregate wants brackets and a name."""
    selecting, depth, named = False, 0, True
    first: Token | None = None
    for token in code:
        if token.word == "SELECT":
            selecting, depth = True, 0
        elif token.text == "{" or token.word in ("WHERE", "FROM"):
            selecting = False
        if not selecting:
            continue
        if token.word in _AGGREGATES and (depth == 0 or first is None):
            first, named = token, False
            if depth == 0:
                break
        named = named or token.word == "AS"
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and named:
            first = None
        elif depth == 0 and first is not None:
            break
    if first is None:
        return None
    return Hint(
        f"Mettre l'agrégat entre parenthèses, avec un nom : ({first.word}(…) AS ?n)",
        f"Put the aggregate in brackets, with a name: ({first.word}(…) AS ?n)",
        first.start,
    )


def _brackets(code: Sequence[Token]) -> Hint | None:
    stack: list[Token] = []
    for token in code:
        if token.kind != "sign":
            continue
        if token.text in _CLOSING:
            stack.append(token)
        elif token.text in _CLOSING.values():
            if not stack or _CLOSING[stack[-1].text] != token.text:
                return Hint(f"« {token.text} » ne ferme rien ici", f"'{token.text}' closes nothing here", token.start)
            stack.pop()
    if not stack:
        return None
    wanted = "".join(_CLOSING[token.text] for token in reversed(stack))
    return Hint(f"Il manque à la fin : {wanted}", f"Missing at the end: {wanted}")


def _missing_dot(code: Sequence[Token]) -> Hint | None:
    """Find four plain terms in a row within braces: a triple that was not ended."""
    row, stack, last = 0, [""], Token("gap", "", 0)
    for token in code:
        if token.kind == "sign" and token.text in _CLOSING:
            stack.append(token.text)
        elif token.kind == "sign" and token.text in _CLOSING.values() and len(stack) > 1:
            stack.pop()
        plain = token.kind in _TERMS or token.word in ("A", "TRUE", "FALSE")
        if token.kind == "language" or token.text == "^^" or last.text == "^^":
            pass
        elif plain and stack[-1] == "{" and last.word not in ("GRAPH", "SERVICE", "SILENT", "VALUES"):
            row += 1
        else:
            row = -_TRIPLE * _TRIPLE if token.word == "VALUES" else 0
        if row > _TRIPLE:
            return Hint(
                "Il manque un point ou un point-virgule entre deux triplets",
                "A dot or semicolon is missing between two triples",
                token.start,
            )
        last = token
    return None


def _order(code: Sequence[Token]) -> Hint | None:
    seen: Token | None = None
    for token in code:
        if token.word in ("LIMIT", "OFFSET"):
            seen = token
        elif token.text in ("{", "}"):
            seen = None
        elif seen is not None and token.word in ("ORDER", "GROUP", "HAVING"):
            return Hint(f"{token.word} se place avant {seen.word}", f"{token.word} comes before {seen.word}", token.start)
    return None
