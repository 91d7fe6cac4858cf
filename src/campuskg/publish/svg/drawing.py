"""An SVG picture written by hand: escaped, titled, the same bytes for the same things, and nothing that a strict CSP refuses.

Looks are presentation attributes with colours for paper (SVG 2, section 6.6), which any style sheet may replace: a page in the
dark gives the classes ``colour-1`` … ``colour-8``, ``ink``, ``muted``, ``line`` and ``ground`` its own colours.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Final, Literal

from campuskg.content import content
from campuskg.publish.svg.words import plain

Shape = Literal["", "circle", "square", "diamond", "triangle"]
Value = str | float | int
Data = Mapping[str, Value]
"""Attributes ``data-…`` that say which cell of which answer a mark stands for."""

INK: Final = "#1a2129"
MUTED: Final = "#55606b"
LINE: Final = "#dcdfe1"
GROUND: Final = "#f7f6f3"
FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif"
HALO: Final[Mapping[str, Value]] = {"stroke": "#ffffff", "stroke-width": 3, "stroke-opacity": 0.85, "paint-order": "stroke"}
"""Behind words that stand on lines."""
_LOOKS: Final[Mapping[str, str]] = {"ink": INK, "muted": MUTED, "line": LINE, "ground": GROUND}
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


@cache
def palette() -> tuple[str, ...]:
    """Return the colours of ``viz/palette.toml`` as they are on paper."""
    loaded = tomllib.loads((content("viz") / "palette.toml").read_text(encoding="utf-8"))
    return tuple(str(one["light"]) for one in loaded["colour"])


def colour(number: int) -> str:
    """Return the colour at the place *number* of the palette, from 1; places beyond the last begin again."""
    return palette()[(number - 1) % len(palette())]


class Drawing:
    """A picture that grows mark by mark."""

    def __init__(self, name: str, box: tuple[float, float], title: str, description: str = "") -> None:
        """Begin the picture *name* (unique in its page) of the size *box*, with what it shows for those who do not see it."""
        wide, high = (number(side) for side in box)
        told = f'aria-labelledby="{escape(name)}-t{f" {escape(name)}-d" if description else ""}"'
        self._parts: list[str] = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
                f'{told} font-family="{escape(FONT)}" font-size="12" fill="none" class="drawn">\n'
            ),
            f'<title id="{escape(name)}-t">{escape(plain(title))}</title>\n',
            f'<desc id="{escape(name)}-d">{escape(plain(description))}</desc>\n' if description else "",
        ]

    def __str__(self) -> str:
        """Return the picture."""
        return "".join(self._parts) + "</svg>\n"

    def mark(self, tag: str, tip: str = "", data: Data | None = None, /, **attributes: Value) -> None:
        """Add one empty element, with *tip* as its tooltip."""
        inside = f"<title>{escape(plain(tip))}</title>" if tip else ""
        head = f"<{tag}{written(attributes)}{_data(data)}"
        self._parts.append(f"{head}>{inside}</{tag}>\n" if inside else f"{head}/>\n")

    def text(self, x: float, y: float, words: str, data: Data | None = None, /, **attributes: Value) -> None:
        """Add *words* at a place, in ink unless told otherwise."""
        looks: dict[str, Value] = {"class": "ink", **named(attributes)}
        looks.setdefault("fill", _LOOKS.get(str(looks["class"]), INK))
        self._parts.append(f"<text{written({'x': x, 'y': y, **looks})}{_data(data)}>{escape(plain(words))}</text>\n")

    def line(self, steps: str, **attributes: Value) -> None:
        """Add an open path, a hairline unless told otherwise."""
        looks: dict[str, Value] = {"class": "line", "stroke": LINE, "stroke-width": 1, "fill": "none"}
        self.mark("path", "", None, **{"d": steps, **looks, **named(attributes)})

    def shape(
        self, shape: Shape, at: tuple[float, float], size: float, look: int, tip: str = "", data: Data | None = None
    ) -> None:
        """Add a mark of equal area in each shape, in the colour *look* of the palette."""
        fill: dict[str, Value] = {"fill": colour(look), "class": f"colour-{look}", "stroke": "#ffffff", "stroke-width": 1}
        x, y = at
        match shape:
            case "square":
                side = size * 1.77
                self.mark("rect", tip, data, x=x - side / 2, y=y - side / 2, width=side, height=side, **fill)
            case "diamond":
                half = size * 1.25
                self.mark(
                    "path",
                    tip,
                    data,
                    d=path("M", x, y - half, "l", half, half, -half, half, -half, -half, "z"),
                    **fill,
                )
            case "triangle":
                half = size * 1.35
                self.mark(
                    "path",
                    tip,
                    data,
                    d=path("M", x, y - half, "L", x + half, y + half * 0.8, "H", x - half, "z"),
                    **fill,
                )
            case _:
                self.mark("circle", tip, data, cx=x, cy=y, r=size, **fill)

    @contextmanager
    def group(self, href: str = "", **attributes: Value) -> Iterator[None]:
        """Put what is added inside into one group, which is a link when *href* is given."""
        tag = "a" if href else "g"
        link: dict[str, Value] = {"href": href} if href else {}
        self._parts.append(f"<{tag}{written({**link, **attributes})}>\n")
        yield
        self._parts.append(f"</{tag}>\n")


def escape(text: str) -> str:
    """Return *text* for an element or an attribute.

    >>> escape('<a b="c">')
    '&lt;a b=&quot;c&quot;&gt;'
    """
    return text.translate(_ESCAPES)


def number(value: float) -> str:
    """Return a coordinate with one decimal at most: short, and the same on every machine.

    >>> number(1.0), number(2.25), number(-0.01)
    ('1', '2.2', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(*steps: str | float) -> str:
    """Return the data of a path (SVG 2, section 9.3).

    >>> path("M", 1.0, 2.25, "H", 3)
    'M1 2.2H3'
    """
    shown = [step if isinstance(step, str) else number(step) for step in steps]
    return "".join(f" {s}" if i and s[0] in "-0123456789" and shown[i - 1][-1].isdigit() else s for i, s in enumerate(shown))


def written(attributes: Mapping[str, Value]) -> str:
    """Return *attributes*, with hyphens for underscores and short numbers."""
    shown = {name: number(v) if isinstance(v, (int, float)) else escape(v) for name, v in named(attributes).items()}
    return "".join(f' {name}="{value}"' for name, value in shown.items() if value)


def named(attributes: Mapping[str, Value]) -> dict[str, Value]:
    """Return *attributes* under their names in SVG.

    >>> named({"class_": "ink", "stroke_width": 1})
    {'class': 'ink', 'stroke-width': 1}
    """
    return {_named(name): value for name, value in attributes.items()}


@cache  # attributes are written in the code
def _named(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _data(data: Data | None) -> str:
    return "".join(f' data-{name}="{escape(str(value))}"' for name, value in (data or {}).items())
