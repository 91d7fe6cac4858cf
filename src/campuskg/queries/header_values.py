"""The values of a header, each read with its place: what is missing, misspelt or misshapen becomes a problem."""

from collections.abc import Sequence
from typing import Final, get_args

from campuskg.errors import Lang, Place, Problem, Text, nearest
from campuskg.graph.yaml_source import Path_, Value, YamlDocument

MARK: Final = "#+"
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)


class HeaderValues:
    """Reads the values of one YAML header, collecting problems."""

    def __init__(self, document: YamlDocument) -> None:
        """Read *document*."""
        self.document = document
        self.problems: list[Problem] = []

    def refuse(self, code: str, path: Path_, **params: object) -> None:
        """Keep a problem at *path*."""
        place = self.document.key_place(path) if path else Place(self.document.file)
        self.problems.append(Problem(code, place, params))

    def value(self, path: Path_) -> Value | None:
        """Return the value at *path*, or None."""
        found: Value | None = self.document.value
        for key in path:
            if isinstance(found, dict) and isinstance(key, str):
                found = found.get(key)
            elif isinstance(found, list) and isinstance(key, int):
                found = found[key]
            else:
                return None
        return found

    def keys(self, path: Path_) -> list[str]:
        """Return the keys of the mapping at *path*."""
        found = self.value(path)
        return list(found) if isinstance(found, dict) else []

    def mapping(self, path: Path_, needed: Sequence[str], more: Sequence[str] = ()) -> list[str]:
        """Check the keys of the mapping at *path* and return them."""
        found = self.value(path)
        if not isinstance(found, dict):
            self.refuse(
                "header-form", path, key=dotted(path), expected={"fr": "des clés et des valeurs", "en": "keys and values"}
            )
            return []
        known = (*needed, *more)
        for key in found:
            if key not in known:
                self.refuse("header-unknown-key", (*path, key), key=key, known=nearest(key, known, 1) or ", ".join(known))
        for key in needed:
            if key not in found:
                self.refuse("header-missing", path, key=dotted((*path, key)))
        return list(found)

    def text(self, path: Path_) -> str:
        """Return the text at *path*; empty when it is not there."""
        found = self.value(path)
        if found is not None and (not isinstance(found, str) or not found.strip()):
            self.refuse("header-form", path, key=dotted(path), expected={"fr": "un texte", "en": "a text"})
        return found.strip() if isinstance(found, str) else ""

    def words(self, path: Path_) -> Text:
        """Return the French and English words at *path*; empty when there are none."""
        if self.value(path) is None:
            return Text("", "")
        self.mapping(path, LANGS)
        return Text(self.text((*path, "fr")), self.text((*path, "en")))

    def texts(self, path: Path_) -> tuple[str, ...]:
        """Return the list of texts at *path* (one text is a list of one)."""
        found = self.value(path)
        if isinstance(found, list):
            return tuple(self.text((*path, i)) for i in range(len(found)))
        return (self.text(path),) if found is not None else ()

    def one_of(self, path: Path_, known: Sequence[str]) -> str:
        """Return the text at *path*, which must be one of *known*; empty when it is not there or unknown."""
        found = self.text(path)
        if found and found not in known:
            self.refuse("header-choice", path, key=dotted(path), value=found, known=nearest(found, known) or ", ".join(known))
            return ""
        return found

    def choices(self, path: Path_, known: Sequence[str]) -> tuple[str, ...]:
        """Return the texts at *path*, each one of *known*."""
        found = self.texts(path)
        for value in found:
            if value and value not in known:
                shown = nearest(value, known) or ", ".join(known)
                self.refuse("header-choice", path, key=dotted(path), value=value, known=shown)
        return found

    def flag(self, path: Path_) -> bool:
        """Return the truth value at *path*; false when it is not there."""
        return self.one_of(path, ("true", "false")) == "true"


def dotted(path: Path_) -> str:
    """Return the name of the key at *path*, as messages write it."""
    return ".".join(str(part) for part in path) or MARK
