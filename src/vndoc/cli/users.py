"""``vndoc users``: who may sign in to a served archive, and the tokens of programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vndoc.cli.terminal import failing
from vndoc.errors import SetupError

if TYPE_CHECKING:
    from vndoc.web.security.users import Account, UsersFile

users_app = typer.Typer(no_args_is_help=True, help="Write the file that says who may sign in: 'vndoc serve --users'.")


class RoleName(StrEnum):
    """What a user may do."""

    READ = "read"
    CLERK = "clerk"
    ADMIN = "admin"


File = Annotated[Path, typer.Argument(metavar="FILE", help="The users file.", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user.", show_default=False)]


@users_app.command("add")
def add_command(
    file: File,
    name: Name,
    role: Annotated[
        list[RoleName],
        typer.Option(help="read, clerk (confirm, take in) or admin; several may be given.", show_default=False),
    ],
    no_password: Annotated[
        bool, typer.Option("--no-password", help="For a program: nobody can sign in, tokens alone work.")
    ] = False,
) -> None:
    """Add a user, or give one another password and other roles; the password is asked for, or read from a pipe."""
    with _usable():
        from vndoc.web.security.roles import Role  # noqa: PLC0415
        from vndoc.web.security.users import Account, edited, hash_password, normal_name  # noqa: PLC0415

        with _telling("NAME"):
            name = normal_name(name)
        password = None
        if not no_password:
            with _telling("the password"):
                password = hash_password(_password(name))
        roles = frozenset(Role(chosen) for chosen in role)
        with edited(file) as content:
            known = content.users.get(name)
            content.put(Account(name=name, roles=roles, password=password, tokens=known.tokens if known else ()))
        print(f"{name}: {'changed' if known else 'added'}")


@users_app.command("remove")
def remove_command(file: File, name: Name) -> None:
    """Remove a user with all tokens; a server that runs signs the user out at once."""
    with _usable():
        from vndoc.web.security.users import edited  # noqa: PLC0415

        with edited(file) as content:
            del content.users[_account(content, name).name]
        print(f"{name}: removed")


@users_app.command("list")
def list_command(file: File) -> None:
    """List the users, their roles and until when their tokens hold."""
    with _usable():
        from vndoc.web.security.users import load  # noqa: PLC0415

        for account in load(file).users.values():
            print("  ".join([account.name, ",".join(sorted(account.roles)), *_ways_in(account)]))


@users_app.command("token")
def token_command(
    file: File,
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days for which it holds.")] = 365,
    role: Annotated[
        list[RoleName] | None, typer.Option(help="The only roles of the user's that it has.", show_default=False)
    ] = None,
    note: Annotated[str, typer.Option(help="What it is for.", show_default=False)] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="End all tokens of the user, make none.")] = False,
) -> None:
    """Make a token for a program that acts as the user; it is printed now and never again."""
    with _usable():
        from vndoc.web.security.roles import Role  # noqa: PLC0415
        from vndoc.web.security.users import edited, new_token  # noqa: PLC0415

        if revoke:
            with edited(file) as content:
                content.put(_account(content, name).model_copy(update={"tokens": ()}))
            print(f"{name}: no tokens")
            return
        secret, token = new_token(days, frozenset(map(Role, role)) if role else None, note)
        with edited(file) as content:
            account = _account(content, name)
            content.put(account.model_copy(update={"tokens": (*account.tokens, token)}))
        print(secret)


def _password(name: str) -> str:
    if sys.stdin.isatty():
        given: str = typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True)
        return given
    return sys.stdin.readline().rstrip("\r\n")


def _account(content: "UsersFile", name: str) -> "Account":
    from vndoc.web.security.users import normal_name  # noqa: PLC0415

    with _telling("NAME"):
        account = content.users.get(normal_name(name))
    if account is None:
        raise typer.BadParameter("there is no such user in the file", param_hint="NAME")
    return account


def _ways_in(account: "Account") -> Iterator[str]:
    if account.password is None:
        yield "no password"
    for token in account.tokens:
        ends = token.expires if token.expires.tzinfo else token.expires.replace(tzinfo=UTC)
        yield f"token {_note_of(token.note)}until {ends:%Y-%m-%d}{' (expired)' if ends <= datetime.now(UTC) else ''}"


def _note_of(note: str) -> str:
    return f"({note}) " if note else ""


@contextmanager
def _usable() -> Iterator[None]:
    with failing():
        try:
            yield
        except ModuleNotFoundError as error:
            raise SetupError(f"{error.name} is not installed: pip install 'vndoc[web]'") from None


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """What is wrong with a value is a mistake of the caller's."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=what) from None
