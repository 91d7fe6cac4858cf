"""Problems found in the input, and the exceptions that carry them."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from campuskg.errors.lang import Lang
from campuskg.errors.messages import template

EXIT_INTERRUPTED = 130


class Severity(StrEnum):
    """How bad: an error stops the build; a warning stops it only with ``--strict``."""

    ERROR = "error"
    WARNING = "warning"


_SEVERITY_WORDS: Mapping[Severity, Mapping[Lang, str]] = {
    Severity.ERROR: {"fr": "erreur", "en": "error"},
    Severity.WARNING: {"fr": "avertissement", "en": "warning"},
}


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A position in a file; line and column are counted from 1, in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Return ``file:line:column``, the form editors make clickable."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, with its place, for a curator.

    *code* names a message of the catalogue; *params* fill its words.
    """

    code: str
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def words(self, lang: Lang) -> str:
        """Return what, why and how to mend, in *lang*, on one line."""
        parts = template(self.code, lang)
        shown = {name: value[lang] if isinstance(value, dict) else value for name, value in self.params.items()}
        sentences = [parts[name].format_map(shown).strip() for name in ("what", "why", "mend")]
        return " ".join(s[0].upper() + s[1:] + ("" if s.endswith((".", "?", "!")) else ".") for s in sentences if s)

    def say(self, lang: Lang) -> str:
        """Return the whole message: place, severity, words, code."""
        return f"{self.place}: {_SEVERITY_WORDS[self.severity][lang]}: {self.words(lang)} [{self.code}]"

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable form, with both languages."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "fr": self.words("fr"),
            "en": self.words("en"),
        }

    def sort_key(self) -> tuple[object, ...]:
        """Order problems by place, then code, so that reports are stable."""
        return (self.place.file, self.place.line, self.place.column, self.code, self.words("en"))


class CampuskgError(Exception):
    """Base of all errors that a user of the package may meet."""

    exit_code = 1

    def say(self, lang: Lang) -> str:
        """Return the message in *lang*."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Return the English message, for programmers."""
        return self.say("en")


class ProblemsFound(CampuskgError):
    """The input was read and is wrong; carries every problem of the run."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep *problems*, sorted by place, each once."""
        unique = {(p.sort_key()): p for p in problems}
        self.problems: Sequence[Problem] = [unique[key] for key in sorted(unique, key=repr_key)]
        super().__init__()

    def say(self, lang: Lang) -> str:
        """Return one line per problem, then their number."""
        count = len(self.problems)
        word = {"fr": "problème", "en": "problem"}[lang] + ("s" if count > 1 else "")
        return "\n".join([*(p.say(lang) for p in self.problems), f"{count} {word}."])


def repr_key(key: tuple[object, ...]) -> tuple[str, int, int, str, str]:
    """Return a sort key whose parts always compare (files as text, lines and columns as numbers)."""
    file, line, column, code, words = key
    return (str(file), int(str(line)), int(str(column)), str(code), str(words))


class _OneMessage(CampuskgError):
    """An error that is one message of the catalogue, without a place."""

    def __init__(self, code: str, /, **params: object) -> None:
        """Keep the catalogue *code* and the *params* of its words."""
        self.code = code
        self.params = params
        super().__init__()

    def say(self, lang: Lang) -> str:
        """Return the words of the message and its code."""
        return f"{Problem(self.code, Place(''), self.params).words(lang)} [{self.code}]"


class UsageProblem(_OneMessage):
    """The call makes no sense: an unknown name, a value that cannot be read."""

    exit_code = 2


class InternalFault(_OneMessage):
    """A fault of ours that nothing foresaw; the command line says so instead of printing a traceback."""

    exit_code = 4


class MissingInput(_OneMessage):
    """Something needed is not there: a folder, a release, a file."""

    exit_code = 3


def nearest(word: str, known: Iterable[str], count: int = 3) -> str:
    """Return up to *count* of the *known* words nearest to *word*, joined for a message; an empty string for none.

    >>> nearest("lycee-jules-hag", ["lycee-jules-haag", "place/dole"])
    'lycee-jules-haag'
    """
    return ", ".join(difflib.get_close_matches(word, sorted(set(known)), n=count, cutoff=0.6))
