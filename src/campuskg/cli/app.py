"""The command group, its language, and the one place where errors become messages and exit codes."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

import click

from campuskg import __version__
from campuskg.cli.usage import usage_words
from campuskg.errors import (
    EXIT_INTERRUPTED,
    CampuskgError,
    InternalFault,
    Lang,
    MissingInput,
    Text,
    UsageProblem,
    default_lang,
    pick,
)

Translate = Callable[[str, str], str]
"""Takes the French and the English words, returns those of the reader's language."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""Errors of a disk that takes no more, or of the file behind a redirected output."""
_HEADINGS: Final = {"Options": Text("Options", "Options"), "Commands": Text("Commandes", "Commands")}


def translator(lang: Lang) -> Translate:
    """Return the function that picks the words of *lang*."""
    return lambda fr, en: pick(Text(fr, en), lang)


class Formatter(click.HelpFormatter):
    """Help with headings in the reader's language."""

    lang: Lang = "fr"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or ("Usage : " if self.lang == "fr" else "Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        colon = " " if self.lang == "fr" else ""
        self.write(f"{'':>{self.current_indent}}{pick(_HEADINGS.get(heading, Text(heading, heading)), self.lang)}{colon}:\n")


class ReaderGone(Exception):
    """Whoever read our output has closed it."""


def app(lang: Lang) -> click.Group:
    """Return the command group with all its words in *lang*."""
    from campuskg.cli import (
        analyse,
        ask,
        build,
        curate,
        diff,
        dossier,
        gaps,
        generate,
        import_,
        link,
        path,
        propose,
        publish,
        push,
        query,
        serve,
        show,
        sparql,
        stats,
        validate,
        viz,
    )

    t = translator(lang)
    formatter = type("LocalFormatter", (Formatter,), {"lang": lang})
    context = type("LocalContext", (click.Context,), {"formatter_class": formatter})

    class Group(click.Group):
        context_class = context

        def invoke(self, ctx: click.Context) -> object:
            """Run the command; who reads no further than the first lines is no fault, though click would make it one."""
            try:
                return super().invoke(ctx)
            except BrokenPipeError as error:
                raise ReaderGone from error

    class Command(click.Command):
        context_class = context

    group = Group(
        name="campuskg",
        help=t(
            "Graphe de connaissances sourcé des campus des métiers et des qualifications.",
            "Sourced knowledge graph of the French campuses of trades and qualifications.",
        ),
        epilog=t(
            "Codes de sortie : 0 tout va bien ; 1 données fautives ; 2 appel incorrect ; "
            "3 il manque quelque chose ; 4 faute interne ; 130 interrompu.",
            "Exit codes: 0 all well; 1 faulty data; 2 wrong call; 3 something is missing; 4 internal fault; 130 interrupted.",
        ),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True},
        no_args_is_help=True,
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice(["fr", "en"]),
                expose_value=False,
                is_eager=True,
                help=t("Langue des messages (par défaut celle du système).", "Language of messages (the system's by default)."),
            ),
        ],
    )
    group.params.append(_version_option(t))
    modules = (
        *(build, validate, show, ask, sparql, query, stats),
        *(viz, analyse, path, gaps),
        *(curate, propose, import_, link, generate, diff, dossier, push, publish, serve),
    )
    for module in modules:
        for command in module.commands(t, lang):
            command.context_class = context
            group.add_command(command)
    _translate_help(group, t)
    return group


def _version_option(t: Translate) -> click.Option:
    def show_version(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  click's signature
        if value:
            click.echo(f"campuskg {__version__}")
            context.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show_version,
        help=t("Donner la version.", "Show the version."),
    )


def _translate_help(command: click.Command, t: Translate) -> None:
    """Give every command a help option with words in the reader's language."""
    command.params.append(
        click.Option(
            ["-h", "--help"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_help,
            help=t("Montrer cette aide.", "Show this help."),
        )
    )
    command.add_help_option = False
    for child in getattr(command, "commands", {}).values():
        child.context_class = command.context_class
        _translate_help(child, t)


def _show_help(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  click's signature
    if value and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


def chosen_lang(arguments: Sequence[str]) -> tuple[Lang, list[str]]:
    """Return the language that *arguments* ask for anywhere, and the arguments without it.

    >>> chosen_lang(["show", "ENSMM", "--lang", "en"])
    ('en', ['show', 'ENSMM'])

    A language that there is not is left to the group, which refuses it.
    """
    rest: list[str] = []
    lang = default_lang()
    words = iter(arguments)
    for word in words:
        if word == "--":
            return lang, [*rest, word, *words]
        asked = f"--lang={next(words, '')}" if word == "--lang" else word
        if asked in ("--lang=fr", "--lang=en"):
            lang = "fr" if asked.endswith("fr") else "en"
        elif asked.startswith("--lang="):
            rest.insert(0, asked)
        else:
            rest.append(asked)
    return lang, rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every error is one message on standard error and an exit code."""
    lang, rest = chosen_lang(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(lang).main(rest, prog_name="campuskg", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except CampuskgError as error:
        _fail(error.say(lang), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(UsageProblem.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "campuskg"
        _fail(UsageProblem("usage", said=usage_words(error, translator(lang)), command=command).say(lang), UsageProblem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail(pick(Text("Interrompu.", "Interrupted."), lang), EXIT_INTERRUPTED)
    except (BrokenPipeError, ReaderGone):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be written at the end has no reader
        sys.exit(0)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            _fail(MissingInput("output-full", reason=error.strerror or "").say(lang), MissingInput.exit_code)
        if os.environ.get("CAMPUSKG_DEBUG"):
            raise
        fault = InternalFault("internal", said=f"{type(error).__name__}: {error}")
        _fail(fault.say(lang), fault.exit_code)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)
