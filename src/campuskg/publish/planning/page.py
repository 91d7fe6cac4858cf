"""What every planner's page is made of: its parameters, who puts it together, its frame, its files."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from campuskg.errors import UsageProblem
from campuskg.publish.answers import Answer
from campuskg.publish.formats import render as written
from campuskg.publish.pages import Frame
from campuskg.publish.pages import render as filled
from campuskg.publish.planning import form
from campuskg.publish.planning.block import Block, query_address, shown
from campuskg.publish.planning.desk import Desk
from campuskg.publish.planning.words import planning_words
from campuskg.publish.results import json_term
from campuskg.queries import Parameter
from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.viz.tables import inert

FORMS: Final = ("json", "csv", "xlsx")
_REFUSED: Final = 400


@dataclass(frozen=True)
class Made:
    """A page put together: its tables, and what else its template shows."""

    blocks: Sequence[Block] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True)
class PlanningPage:
    """One page: its name in addresses, its parameters, who puts it together."""

    name: str
    parameters: Mapping[str, Parameter]
    make: Callable[[Desk, form.Values], Made]
    hidden: tuple[str, ...] = ()
    """Parameters that links set, not the form."""
    needed: tuple[str, ...] = ()
    """Parameters without which there is nothing to tell."""


def render_planning(page: PlanningPage, frame: Frame, desk: Desk, *, strict: bool = False) -> tuple[str, int]:
    """Return the page and its status; what is wrong with a value is said in the form (400), or raised where *strict*."""
    asked = tuple((name, text) for name, text in frame.query)
    values: form.Values = {}
    wrong, status, made = ("", ""), 200, Made()
    try:
        values = form.read(page.parameters, asked, desk)
        made = page.make(desk, values)
    except UsageProblem as error:
        if strict:
            raise
        wrong, status = form.refused(error, frame.lang), _REFUSED
    state = form.state(page.parameters, asked)
    w = planning_words(page.name, frame.lang)
    data = {
        "page": page.name,
        "p": w,
        "subject": made.title,
        "fields": [one for one in form.fields(page.parameters, asked, values, desk, wrong) if one.name not in page.hidden],
        "wrong": wrong[1],
        "blocks": {block.key: shown(block, page.name, state, desk) for block in made.blocks},
        "permanent": frame.with_query("lang", ""),
        "state": state,
        **made.data,
    }
    return filled(f"{page.name}.html", frame, **data), status


def file(page: PlanningPage, query: Sequence[tuple[str, str]], desk: Desk, kind: str) -> tuple[bytes, str]:
    """Return the tables of *page* as a file of the *kind*, and its name.

    JSON holds every table, or the one of ``?table=``, and why there is none; CSV and XLSX hold that one, else the first.
    UsageProblem for a table that the page has not, and for a parameter that it cannot do without.
    """
    values = form.read(page.parameters, query, desk)
    missing = next((name for name in page.needed if name not in values), None)
    if missing:
        example = "&".join(f"{name}=…" for name in page.needed)
        raise UsageProblem("planning-missing", name=missing, example=f"/{page.name}.{kind}?{example}")
    made = page.make(desk, values)
    wanted = next((text for name, text in query if name == "table"), "")
    found = [block for block in made.blocks if wanted in ("", block.key)]
    if not found and (wanted or kind != "json"):
        known = ", ".join(block.key for block in made.blocks) or "–"
        raise UsageProblem("planning-table", value=wanted[:80], known=known)
    if kind == "json":
        told: dict[str, object] = {"page": page.name, "release": desk.digest, "tables": [_described(block) for block in found]}
        if made.data.get("why"):
            told["why"] = made.data["why"]
        return json.dumps(told, ensure_ascii=False).encode(), f"{page.name}.json"
    answer = found[0].written
    return written(_inert(answer) if kind == "csv" else answer, kind), f"{page.name}-{found[0].key}.{kind}"


def _inert(answer: Answer) -> Answer:
    """Return *answer* with texts that no spreadsheet runs as a formula; numbers, dates and IRIs stay as they are."""
    rows = [tuple(_text(term) for term in row) for row in answer.rows.rows]
    return replace(answer, result=Rows(answer.rows.variables, rows))


def _text(term: Term | None) -> Term | None:
    plain = isinstance(term, ox.Literal) and term.datatype.value.endswith(("#string", "#langString"))
    return ox.Literal(str(inert(term.value))) if isinstance(term, ox.Literal) and plain else term


def _described(block: Block) -> dict[str, object]:
    """Return one table as JSON: terms as in SPARQL results, beside the words that people read."""
    answer = block.written
    names = answer.rows.variables
    cells = answer.cells()
    return {
        "key": block.key,
        "title": block.title,
        "note": block.note,
        "columns": [{"name": name, "label": label} for name, label in zip(names, answer.headings(), strict=True)],
        "rows": [
            {name: {**json_term(term), "text": cells[at][x]} for x, (name, term) in enumerate(zip(names, row, strict=True))
             if term is not None}
            for at, row in enumerate(answer.rows.rows)
        ],
        "questions": [{"name": one.query.name, "href": query_address(one)} for one in block.sources],
    }  # fmt: skip
