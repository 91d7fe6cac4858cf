"""Links and proofs as HTML: what stands a hundred times on a page, where a macro of a template would cost the most."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup, escape

from campuskg.publish.sheet import Conflict, Item, Proof


class Marks:
    """Writes links and proofs for one page."""

    def __init__(self, link: Callable[[str], str], words: Mapping[str, str]) -> None:
        """Write for a page whose addresses *link* puts below its root, with its *words*."""
        self._below = link
        self._words = words

    def link(self, item: Item) -> Markup:
        """Return a value or a thing: its shape, its words as a link, what is to be noted of it."""
        found = self._anchor(item.href, item.text)
        if item.shape:
            mark = f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true"><use href="#shape-{item.shape}"></use></svg>'
            found = f"{mark} {found}"
        if item.deprecated:
            found += f' <small class="muted">({escape(self._words["deprecated"])})</small>'
        if item.note:
            found += f' <small class="muted">{escape(item.note)}</small>'
        return Markup(found)  # noqa: S704  every part of it is escaped

    def mark(self, proofs: Sequence[Proof], conflicts: Sequence[Conflict] = ()) -> Markup:
        """Return the proofs of a statement, to open; with them the statements that contradict it and their proofs."""
        if not proofs and not conflicts:
            return Markup()
        if not conflicts:
            said = escape(self._words["proof"])
            return Markup(f'<details class="proof"><summary>{said}</summary>{self._passages(proofs)}</details>')  # noqa: S704
        against = "".join(
            f'<p class="against"><strong>{escape(self._words["against"])}</strong> {self._anchor(one.href, one.text)}</p>\n'
            f"{self._passages(one.proofs)}\n"
            for one in conflicts
        )
        head = f'<details class="proof disputed"><summary>{escape(self._words["disputed"])}</summary>'
        return Markup(f'{head}<div class="proof-body">{self._passages(proofs)}{against}</div></details>')  # noqa: S704

    def _passages(self, proofs: Sequence[Proof]) -> str:
        return f'<ul class="passages">{"".join(map(self._passage, proofs))}</ul>'

    def _passage(self, proof: Proof) -> str:
        quoted = f" <q>{escape(proof.quotation)}</q>" if proof.quotation else ""
        return f"<li>{self._anchor(proof.href, proof.text)}{quoted}</li>"

    def _anchor(self, href: str, text: str) -> str:
        return f'<a href="{escape(self._below(href))}">{escape(text)}</a>' if href else str(escape(text))
