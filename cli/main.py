"""`luuky COMMAND …`. Each command is a function in a module of its own, loaded only when it is called: `luuky status` does not
pay for OpenCV. This is the one place where a module is loaded by name.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import logging
import sys
from collections.abc import Callable, Sequence
from typing import cast

import typer
from typer.exceptions import TyperException

from cli import console, exits
from domain.errors import LuukyError
from pipeline.retries import as_problem

COMMANDS = {
    "up": ("cli.up:up", "Start everything on this machine."),
    "digitise": ("cli.digitise:digitise", "Read scans and write PDF/A with the words under the picture; needs no store."),
    "ingest": ("cli.ingest:ingest", "Take files into the archive."),
    "copies": ("cli.copies:copies", "List the certified copies that were issued."),
    "documents": ("cli.documents:documents", "List all documents."),
    "status": ("cli.status:status", "What stands where on the belt."),
    "search": ("cli.search:search", "Find pages by their words."),
    "verify": ("cli.verify:verify", "Judge the signatures of PDF files."),
    "export": ("cli.export:export", "Copy signed PDFs and sidecars out of the archive."),
    "pages": ("cli.pages:pages", "Which page of which file each page of a document is, and what is set aside."),
    "arrange": ("cli.pages:arrange", "Give a document the pages of an order: take out, insert, replace, turn, move, bring back."),
    "split": ("cli.pages:split", "Make several documents of one."),
    "join": ("cli.pages:join", "Append the pages of other documents."),
    "words": ("cli.words:words", "Write what was read as ALTO, hOCR or plain text."),
    "patients import": ("cli.patients:import_patients", "Load the hospital's patient index or its stays from a CSV file."),
    "user add": ("cli.user:add", "Add a person who may log in."),
    "user signs": ("cli.user:signs", "With what a person signs: the desk agent, or a signing service."),
    "rules show": ("cli.rules:show", "Who signs what, and rules that nobody can keep."),
    "rules load": ("cli.rules:load", "Replace the rules of who signs what by those in a file."),
    "blocks show": ("cli.blocks:show", "How blocks of signatures look."),
    "blocks load": ("cli.blocks:load", "Replace the looks of signature blocks by those in a file."),
    "trust list": ("cli.trust:list_trust", "Whom this house trusts, for what and until when."),
    "trust add": ("cli.trust:add", "Trust the authorities in files: PEM, DER or PKCS #7."),
    "trust withdraw": ("cli.trust:withdraw", "Trust an authority no longer for new signatures; old ones stay proven."),
    "trust remove": ("cli.trust:remove", "Trust an authority for nothing."),
    "audit verify": ("cli.audit:verify", "Prove that the audit log was neither altered nor cut off."),
    "custody check": ("cli.custody:check", "Check every kept file against its fingerprint."),
    "custody lasting": ("cli.lasting:lasting", "Until when the proofs in signed documents last."),
    "custody judge": ("cli.judge:judge", "Let the judge of PDF/A see what it has not passed yet."),
    "ocr train": ("cli.ocr:train", "Let the recogniser learn from corrections; adopted only if it reads better."),
    "ocr pairs": ("cli.ocr:pairs", "Copy corrected lines out, as pictures with what they say."),
    "ocr back": ("cli.ocr:back", "Let the recogniser of before read again."),
    "ocr show": ("cli.ocr:show", "Which recogniser reads, and what this house has taught."),
    "rebuild": ("cli.rebuild:rebuild", "Make the search index (or the database) anew."),
    "doctor": ("cli.doctor:doctor", "Is everything installed, reachable and safe?"),
    "serve": ("cli.serve:serve", "The web pages and the HTTP interface only."),
    "worker": ("cli.worker:worker", "Workers only: they do the heavy steps."),
    "dispatch": ("cli.dispatch:dispatch", "The dispatcher only: relays, sweeps, indexes, seals."),
    "watch": ("cli.watch:watch", "The watcher of the scan folders only."),
}
HELP = ("-h", "--help", "help")


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: runs one command and exits with its status; never shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    sys.exit(run(given))


def run(given: list[str]) -> int:
    """Run a command line; returns its exit status."""
    if given[:1] == ["--version"]:
        console.out.print(f"luuky {importlib.metadata.version('luuky')}")
        return exits.DONE
    if not given or given[0] in HELP:
        _show_help()
        return exits.DONE if given else exits.USAGE
    for length in (2, 1):
        name = " ".join(given[:length])
        if name in COMMANDS and len(given) >= length:
            return _call(name, given[length:])
    console.err.print(f"luuky: no command “{given[0]}”", markup=False)
    _show_help()
    return exits.USAGE


def _call(name: str, rest: list[str]) -> int:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    try:
        app.command(name)(_loaded(name))
        status = typer.main.get_command(app).main(rest, prog_name=f"luuky {name}", standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return exits.USAGE
    except TyperException as error:
        console.err.print(f"luuky {name}: {getattr(error, 'message', '') or error} (--help)", markup=False)
        return exits.USAGE
    except LuukyError as error:
        console.fail(error)
        return exits.of_error(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return exits.DONE
    except Exception as error:  # noqa: BLE001 - the door: a person gets a sentence, not a traceback
        console.tell(as_problem(error))
        return exits.BAD
    return status if isinstance(status, int) else exits.DONE


def _loaded(name: str) -> Callable[..., object]:
    """The function of a command.

    What modules make is hardly ever garbage: it is not looked through again and again, here or in processes forked from here.
    """
    module, function = COMMANDS[name][0].split(":")
    gc.disable()
    try:
        return cast("Callable[..., object]", getattr(importlib.import_module(module), function))
    finally:
        gc.freeze()
        gc.enable()


def _show_help() -> None:
    width = max(map(len, COMMANDS))
    lines = [f"  luuky {name:<{width}}  {text}" for name, (_, text) in COMMANDS.items()]
    console.err.print("\n".join(["Lưu Ký — giữ và ký hồ sơ bệnh án", *lines, "Each takes --help."]), markup=False)
