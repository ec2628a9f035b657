"""The ``posada`` command: it finds the command that was asked for, and turns faults into messages.

Exit status: 0 when all is well, 2 when the input is at fault, 1 when Posada is, 130 when it was stopped.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, NoReturn

import typer

import posada
from posada.model.errors import ConservationError, PosadaError

COMMANDS = (
    "run",
    "forecast",
    "explain",
    "plan",
    "compare",
    "new",
    "check",
    "convert",
    "import",
    "network",
    "needs",
    "calibrate",
    "validate",
    "score",
)
"""Each is a function of that name in the module of that name, in the order in which help lists them.

A name that is a word of Python has a ``_`` behind it there.

All are imported for ``posada --help``, so none imports numpy, openpyxl or another heavy library at its top.
"""

INPUT_AT_FAULT = 2
POSADA_AT_FAULT = 1
STOPPED = 130
DEBUG = "--debug"

_NEW_OBJECTS = 50_000
"""New objects after which Python looks for garbage; after every 700, as it is, a sixth of a run goes into looking."""


_BLAS_THREADS = "OPENBLAS_NUM_THREADS"
"""How many threads multiply matrices. Ours are so small that further ones only wait for work, which takes a fifth of a
forecast's processor time; and their number, which is that of the machine's processors, changes the last digits."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; ends the process."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in given
    gc.set_threshold(_NEW_OBJECTS)
    os.environ.setdefault(_BLAS_THREADS, "1")  # read when numpy is loaded, which nothing has done yet
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without UTF-8 shows '?' instead of failing
            stream.reconfigure(errors="replace")
    try:
        build_app()([word for word in given if word != DEBUG], prog_name="posada")
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever read the output has gone; a second complaint at exit is kept from the screen.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(POSADA_AT_FAULT)
    except (PosadaError, OSError) as fault:
        _say(fault, debug)
        sys.exit(POSADA_AT_FAULT if isinstance(fault, ConservationError) else INPUT_AT_FAULT)
    except Exception as fault:  # noqa: BLE001  the last door: nobody else can tell the user
        _say(fault, debug, "this is a fault of Posada, not of your input")
        sys.exit(POSADA_AT_FAULT)
    sys.exit(0)


def _say(fault: Exception, debug: bool, preface: str = "") -> None:
    """Write what went wrong to the error stream, with the traceback only when it is asked for."""
    if debug:
        traceback.print_exception(fault)
    if isinstance(fault, PosadaError):
        text = str(fault)
    elif isinstance(fault, OSError):
        text = f"'{fault.filename}': {fault.strerror}." if fault.filename else str(fault)
    else:
        text = f"{type(fault).__name__}: {fault}"
    if preface:
        hint = "" if debug else f" Run it again with {DEBUG} to see where, and report it."
        text = f"{preface}: {text}.{hint}"
    typer.echo(f"error: {text}", err=True)


def build_app() -> typer.Typer:
    """Return the application with all its commands."""
    app = typer.Typer(
        name="posada",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for command in COMMANDS:
        name = f"{command}_" if iskeyword(command) else command
        app.command(name=command)(getattr(import_module(f"posada.cli.{name}"), name))
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posada {posada.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version),
    ] = False,
    debug: Annotated[  # main() takes it out wherever it stands; it is here for the help
        bool, typer.Option(DEBUG, help="Show the traceback of a fault; may stand anywhere.")
    ] = False,
) -> None:
    """Forecast who reaches which town, when and in what number, and what they will need there."""


if __name__ == "__main__":
    main()
