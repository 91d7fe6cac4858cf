"""A question of the catalogue as a page of text: what it asks, what it takes, what it gives."""

from typing import TYPE_CHECKING, Final

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, Text, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.queries import Column, Parameter, Query
    from campuskg.queries.choices import Engine

_TYPES: Final = {
    "entity": Text("nom, sigle ou identifiant", "name, acronym or id"),
    "date": Text("date (2021-12-31 ou 31/12/2021)", "date (2021-12-31 or 31/12/2021)"),
    "integer": Text("nombre entier", "whole number"),
    "amount": Text("montant", "amount"),
    "code": Text("code", "code"),
    "text": Text("texte", "text"),
}
_CHOICES: Final = 10


class QueryPage:
    """Writes questions in one language."""

    def __init__(self, t: "Translate", lang: Lang) -> None:
        """Write in *lang*."""
        self._t = t
        self._lang: Lang = lang

    def text(self, query: "Query", store: "Engine | None") -> str:
        """Return the page of *query*; what its parameters can be comes from *store*."""
        t = self._t
        lines = [query.asked(self._lang), "", self._words(query.why)]
        if query.note.fr:
            lines += ["", self._words(query.note)]
        lines += ["", f"{t('Thèmes :', 'Themes:')} {', '.join(self._themes(query))}"]
        if query.parameters:
            lines += ["", t("Paramètres", "Parameters")]
            for parameter in query.parameters.values():
                lines += self._parameter(parameter, store)
        lines += ["", t("Colonnes", "Columns"), *(self._column(column) for column in query.columns.values())]
        return "\n".join([*lines, "", query.body.rstrip("\n")])

    def _themes(self, query: "Query") -> list[str]:
        from campuskg.queries import tags

        return [self._words(tags()[tag]) for tag in query.tags]

    def _parameter(self, parameter: "Parameter", store: "Engine | None") -> list[str]:
        from campuskg.queries import choices

        t = self._t
        marks = [self._words(_TYPES[parameter.type])]
        marks += [t("plusieurs valeurs possibles", "several values allowed")] if parameter.many else []
        marks += [t("facultatif", "optional")] if parameter.optional else []
        shown = ", ".join(_short(term.value) for term in parameter.default or parameter.example)
        marks.append(f"{t('par exemple', 'for example') if parameter.optional else t('par défaut', 'by default')} {shown}")
        lines = [f"  {parameter.name}  {self._words(parameter.label)} ({' ; '.join(marks)})"]
        if parameter.means.fr:
            lines.append(f"      {self._words(parameter.means)}")
        found = choices(store, parameter) if store is not None else []
        lines += [f"      {_short(choice.term.value)}  {choice.name(self._lang)}" for choice in found[:_CHOICES]]
        more = len(found) - _CHOICES
        return [*lines, f"      {t(f'… et {more} autres', f'… and {more} more')}"] if more > 0 else lines

    def _column(self, column: "Column") -> str:
        colon = " : " if self._lang == "fr" else ": "
        unit = f" ({column.unit})" if column.unit else ""
        means = colon + self._words(column.means) if column.means.fr else ""
        return f"  {column.name}  {self._words(column.label)}{unit}{means}"

    def _words(self, text: Text) -> str:
        return pick(text, self._lang)


def _short(value: str) -> str:
    from campuskg.ontology import compact

    local = value.removeprefix(BASE_IRI + "id/")
    return local if local != value else compact(value)
