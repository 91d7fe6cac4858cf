"""A view that shows itself in Jupyter: the standalone page in a frame that may run its scripts and do nothing else."""

from html import escape
from pathlib import Path

from campuskg.errors import pick
from campuskg.viz import Picture

_HEIGHT = 720


class ShownView:
    """One picture, shown by the notebook or saved as a page."""

    def __init__(self, picture: Picture) -> None:
        """Show *picture*."""
        self.picture = picture

    def to_html(self) -> str:
        """Return the page: one file, everything in it."""
        from campuskg.viz.standalone import to_html

        return to_html(self.picture).decode()

    def save(self, path: str | Path) -> Path:
        """Write the page to *path* and return it."""
        out = Path(path)
        out.write_text(self.to_html(), encoding="utf-8")
        return out

    def __repr__(self) -> str:
        """Say what is shown, where pictures cannot be."""
        title = pick(self.picture.view.title, self.picture.lang)
        return f"<{title}: {len(self.picture.nodes)} nodes, {len(self.picture.edges)} edges>"

    def _repr_html_(self) -> str:
        """Return a sandboxed frame: its origin is unlike any other's, so that its scripts reach neither notebook nor network."""
        title = escape(pick(self.picture.view.title, self.picture.lang))
        page = escape(self.to_html())
        size = f'width="100%" height="{_HEIGHT}" style="border:0"'
        return f'<iframe sandbox="allow-scripts" title="{title}" {size} srcdoc="{page}"></iframe>'
