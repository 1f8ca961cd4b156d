"""`luuky user add NAME --role R --password-stdin`: add a person who may log in; `luuky user signs NAME`: with what they sign."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from cli import console, environment
from domain.errors import Message, Refused
from domain.people import Role
from pipeline import wiring, wiring_orders

SHORTEST_PASSWORD = 8
LONG_ENOUGH = 14
"""What TCVN 14423:2026 asks of a password that stands alone, without a second factor."""


def add(
    name: Annotated[str, typer.Argument(help="The login name.")],
    role: Annotated[Role, typer.Option(help="What the person does.")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")] = False,
    full_name: Annotated[str | None, typer.Option("--full-name", help="The person's name as screens show it.")] = None,
    department: Annotated[
        list[str] | None, typer.Option(help="A department whose patients the person treats; repeatable.")
    ] = None,
) -> None:
    """Add a person."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass.getpass("Mật khẩu / password: ")
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            "short_password",
            f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.",
            f"A password needs at least {SHORTEST_PASSWORD} characters.",
        )
    if len(password) < LONG_ENOUGH:
        console.tell(
            Message(
                "weak_password",
                f"Mật khẩu dưới {LONG_ENOUGH} ký tự chưa đạt TCVN 14423:2026 khi không có lớp xác thực thứ hai.",
                f"A password under {LONG_ENOUGH} characters is too short by TCVN 14423:2026 where there is no second factor.",
            )
        )
    store = wiring.store(environment.settings())
    with store.write() as tx:
        if tx.people.by_login(name):
            raise Refused("login_taken", "Tên đăng nhập này đã có.", "This login name is taken.")
        person = tx.people.add(name, full_name or name, role, password, tuple(department or ()))
        tx.audit.add(environment.actor(), "add_person", person.id, login=person.login, role=role)
    console.err.print(f"{person.login}: {person.role}", markup=False)


def signs(
    name: Annotated[str, typer.Argument(help="The login name.")],
    provider: Annotated[str, typer.Option("--with", help="A signing service that is configured; `agent`: the desk agent.")],
    account: Annotated[str, typer.Option("--as", help="The person's id there, often their citizen id.")] = "",
    credential: Annotated[str, typer.Option("--key", help="The name of their key there, if they have several.")] = "",
) -> None:
    """With what a person signs."""
    settings = environment.settings()
    store = wiring.store(settings)
    with store.write() as tx:
        person = tx.people.by_login(name)
        if person is None:
            raise Refused("no_person", f"Không có người dùng “{name}”.", f"There is no person “{name}”.")
        chosen = ("" if provider == "agent" else provider, account, credential)
        wiring_orders.desk(store, settings).set_way(tx, person, chosen, environment.actor())
    console.err.print(f"{name}: {provider}", markup=False)
