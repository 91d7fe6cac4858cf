"""The reference of the Python interface, made of signatures and docstrings; ``docs/generate.py`` writes it to docs/api.md.

Signatures are taken from the source as it is written, so that the page is the same with every version of Python.
"""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass
from typing import Any, Final, NamedTuple

from campuskg.errors import Text


class Part(NamedTuple):
    """A part of the page: a module, what to tell of it, and which of its names; all public ones when none is given."""

    module: str
    title: Text
    names: Sequence[str] = ()


PARTS: Final = (
    Part("campuskg", Text("Ouvrir une livraison", "Open a release"), ("open_release",)),
    Part("campuskg.notebook", Text("Demander, dessiner, calculer", "Ask, draw, compute"), ("Graph", "Table", "ShownView")),
    Part("campuskg.release", Text("Construire, valider, chercher un nom", "Build, validate, look a name up")),
    Part(
        "campuskg.store",
        Text("Les dépôts : en mémoire, ailleurs", "The stores: in memory, elsewhere"),
        ("Engine", "MemoryStore", "Rows", "Answer", "AnswerLimits", "QueryRefused", "AnswerTooBig"),
    ),
    Part(
        "campuskg.queries",
        Text("Le catalogue de questions", "The catalogue of questions"),
        ("catalogue", "find_query", "bind", "read_values", "checks", "Query", "Parameter", "Column"),
    ),
    Part(
        "campuskg.viz", Text("Les vues comme données", "Views as data"), ("find_view", "views", "picture", "Picture", "to_gexf")
    ),
    Part(
        "campuskg.analysis", Text("L'analyse du réseau", "Analysis of the network"), ("network_of", "report", "gaps", "Network")
    ),
    Part("campuskg.ingest.mapping", Text("Les importeurs", "The importers"), ("importers", "importer")),
    Part("campuskg.ingest.engine", Text("Importer", "Import"), ("run",)),
    Part("campuskg.ingest.accounts", Text("Le compte des lignes", "The accounts of rows"), ("Accounts", "Reject")),
    Part("campuskg.ingest.link", Text("Rapprocher, et lire ce qui fut décidé", "Match, and read what was decided")),
    Part("campuskg.synthetic", Text("Un écosystème inventé", "A made-up ecosystem"), ("generate",)),
    Part(
        "campuskg.errors",
        Text("Ce qui peut échouer", "What can fail"),
        ("CampuskgError", "ProblemsFound", "UsageProblem", "MissingInput", "InternalFault", "Problem", "Place"),
    ),
)

_HEAD: Final = """\
# L'interface Python et l'interface HTTP · The Python and the HTTP interface

`import campuskg` est léger : rien n'est chargé avant le premier appel. Ce qui suit est tiré du code ; ce qui n'y est pas peut
changer sans préavis. L'interface HTTP se décrit elle-même en OpenAPI à l'adresse `/openapi.json` de tout serveur
(`campuskg serve release`) ; le protocole SPARQL et ses limites sont dans [endpoint.md](endpoint.md).

`import campuskg` is light: nothing is loaded before the first call. What follows is taken from the code; what is not in it may
change without notice. The HTTP interface describes itself in OpenAPI at `/openapi.json` of every server
(`campuskg serve release`); the SPARQL protocol and its limits are in [endpoint.md](endpoint.md).

```python
from campuskg import open_release

graph = open_release("release", lang="en")
table = graph.query("programme-funders")
print(table.records()[0])
print(graph.network("partnerships").number_of_edges() > 0)
```
"""


def reference() -> str:
    """Return the page."""
    parts = [_HEAD]
    for part in PARTS:
        module = importlib.import_module(part.module)
        parts.append(f"\n## {part.title.fr} · {part.title.en}\n\nModule `{part.module}`\n")
        for name in part.names or sorted(module.__all__):
            parts += _told(name, getattr(module, name))
    return "".join(parts)


def _told(name: str, thing: object) -> Iterator[str]:
    if inspect.isclass(thing):
        yield f"\n### class {name}\n\n{_fields(thing)}{_text(inspect.getdoc(thing) or '')}\n"
        for method, member in vars(thing).items():
            called, kind = _called(member)
            if not method.startswith("_") and called is not None and called.__doc__:
                yield f"\n{_signature(method, called, kind)}\n{_text(inspect.getdoc(called) or '')}\n"
    elif callable(thing) and inspect.isfunction(called := inspect.unwrap(thing)):
        yield f"\n### {name}\n\n{_signature(name, called)}\n{_text(inspect.getdoc(called) or '')}\n"


def _called(member: object) -> tuple[Callable[..., Any] | None, str]:
    """Return the function of a member of a class, if it is one, and what it is."""
    if isinstance(member, property):
        return member.fget, "property"
    if isinstance(member, classmethod | staticmethod):
        return member.__func__, "classmethod" if isinstance(member, classmethod) else "staticmethod"
    return (member, "") if inspect.isfunction(member) else (None, "")


def _signature(name: str, called: Callable[..., Any], kind: str = "") -> str:
    """Return a signature as it is written in the source, without the quotation marks of annotations."""
    node = ast.parse(textwrap.dedent(inspect.getsource(called))).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)  # noqa: S101  the source of a function is one
    for part in ast.walk(node):
        for field in ("annotation", "returns"):
            quoted = getattr(part, field, None)
            if isinstance(quoted, ast.Constant) and isinstance(quoted.value, str):
                setattr(part, field, ast.parse(quoted.value, mode="eval").body)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    before = f"@{kind}\n" if kind else ""
    text = f"{name}{returns}" if kind == "property" else f"{name}({ast.unparse(node.args)}){returns}"
    return f"```text\n{before}{text}\n```"


def _fields(cls: type) -> str:
    """Return the fields of a data class, as they are written."""
    if not is_dataclass(cls):
        return ""
    node = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(node, ast.ClassDef)  # noqa: S101  the source of a class is one
    fields = [f"{ast.unparse(one.target)}: {ast.unparse(one.annotation)}" for one in node.body if isinstance(one, ast.AnnAssign)]
    return "```text\n" + "\n".join(fields) + "\n```\n"


def _text(doc: str) -> str:
    """Return a docstring as Markdown: its code in fences, its double back quotes single."""
    lines, code = [], False
    for line in doc.replace("::\n", ":\n").replace("``", "`").splitlines():
        inside = line.startswith((">>>", "    ")) or (code and bool(line.strip()))
        if inside != code:
            lines += ["```text"] if inside else ["```"]
            code = inside
        lines.append(line.rstrip())
    return "\n".join([*lines, "```"] if code else lines)
