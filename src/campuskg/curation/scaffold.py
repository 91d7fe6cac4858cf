"""A new record to fill in: the right keys for a class, a valid and free id, in the form that curators write."""

from campuskg.errors import UsageProblem, nearest
from campuskg.graph import load_curated, slug
from campuskg.graph.context import load_context
from campuskg.graph.minting import node_rules
from campuskg.ontology import load_terms

_HINTS = {
    "Lycee": ["  - {locatedIn: place/COMMUNE, uai: CODE, src: SOURCE:LINES}"],
    "Project": ['  - {objective: "…", src: SOURCE:LINES}'],
    "Event": ["  - {on: YYYY-MM-DD, locatedIn: place/COMMUNE, src: SOURCE:LINES}"],
}
_NESTED = {
    "Project": ["participants:", "  - {participant: organisation/…, role: prole:carrier, src: SOURCE:LINES}"],
    "Programme": ["participants:", "  - {participant: organisation/…, role: prole:carrier, src: SOURCE:LINES}"],
    "Event": ["participants:", "  - {participant: organisation/…, role: prole:organiser, src: SOURCE:LINES}"],
    "Campus": ["mandates:", "  - {holder: person/…, role: mrole:director, src: SOURCE:LINES}"],
}


def scaffold(class_name: str, label: str) -> str:
    """Return the YAML of a new record of *class_name* called *label*, with an id that nothing bears yet.

    *class_name* is taken without regard to case, and ``organisation`` for any. Raises UsageProblem for an unknown class.
    """
    wanted = next((name for name in node_rules() if name.lower() == class_name.lower()), None)
    if wanted is None or load_terms().is_statement(load_context().classes[wanted]):
        names = [name for name in node_rules() if not load_terms().is_statement(load_context().classes[name])]
        raise UsageProblem("class-unknown", name=class_name, known=nearest(class_name, names) or ", ".join(sorted(names)))
    lines = [
        f"- id: {free_id(node_rules()[wanted].kind, label)}",
        f"  type: {wanted}",
        f"  label: {quoted(label)}",
        "  src: SOURCE:LINES",
    ]
    lines += ["  stated:", *(f"  {hint}" for hint in _HINTS.get(wanted, ['  - {note: "…", src: SOURCE:LINES}']))]
    lines += [f"  {line}" for line in _NESTED.get(wanted, [])]
    return "\n".join(lines) + "\n"


def free_id(kind: str, label: str) -> str:
    """Return ``kind/slug`` for *label*, with a number when the plain slug is taken."""
    taken = set(load_curated().node_places)
    base = f"{kind}/{slug(label) or 'x'}"
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if name not in taken)


def quoted(text: str) -> str:
    """Return *text* as a YAML scalar, quoted where YAML asks for it."""
    risky = (
        text != text.strip()
        or not text
        or text[0] in "-?:,[]{}#&*!|>'\"%@`"
        or ": " in text
        or " #" in text
        or text.endswith(":")
    )
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if risky else text
