"""What is wrong with a call of the command, in the reader's language; click itself speaks English only."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


def usage_words(error: click.UsageError, t: "Translate") -> str:
    """Return what is wrong with a call."""
    match error:
        case click.NoSuchOption():
            near = ", ".join(error.possibilities or ())
            known = t(f" ; voulez-vous dire {near} ?", f"; did you mean {near}?") if near else ""
            return t(f"L'option {error.option_name} n'existe pas{known}", f"There is no option {error.option_name}{known}")
        case click.MissingParameter():
            name = _typed_name(error.param)
            return t(f"Il manque {name}", f"{name} is missing")
        case click.BadParameter():
            return _bad_value(error.param, t)
        case _:
            return _out_of_place(error, t)


def _typed_name(parameter: click.Parameter | None) -> str:
    """Return a parameter as it is typed: an option by its long name, an argument by its name in the help."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name if parameter else ""


def _bad_value(parameter: click.Parameter | None, t: "Translate") -> str:
    name, kind = _typed_name(parameter), parameter.type if parameter else None
    match kind:
        case click.Choice():
            known = ", ".join(str(choice) for choice in kind.choices)
            return t(f"La valeur de {name} doit être l'une de : {known}", f"The value of {name} must be one of: {known}")
        case click.IntRange() | click.FloatRange():
            least = "" if kind.min is None else f"{kind.min} ≤ "
            most = "" if kind.max is None else f" ≤ {kind.max}"
            return t(f"La valeur de {name} est un nombre : {least}…{most}", f"The value of {name} is a number: {least}…{most}")
        case _:
            return t(f"La valeur de {name} ne convient pas", f"The value of {name} does not fit")


def _out_of_place(error: click.UsageError, t: "Translate") -> str:
    """Return the words for a command that there is not, with near names, or for one word too many."""
    from campuskg.errors import nearest

    unknown = error.format_message().split("'")
    if len(unknown) > 1 and error.ctx and isinstance(error.ctx.command, click.Group):
        names = error.ctx.command.list_commands(error.ctx)
        known = nearest(unknown[1], names) or ", ".join(names)
        return t(
            f"Il n'y a pas de commande « {unknown[1]} » ; il y a : {known}",
            f"There is no command '{unknown[1]}'; there is: {known}",
        )
    extra = unknown[1] if len(unknown) > 1 else error.format_message()
    return t(f"Argument de trop ou mal placé : {extra}", f"Unexpected argument: {extra}")
