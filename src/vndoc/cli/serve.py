"""``vndoc serve``: the archive in a browser, and for programs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.cli.reading import ModelsOption, tell_unchecked
from vndoc.cli.terminal import failing, shown, stderr
from vndoc.errors import SetupError
from vndoc.settings import Settings

SECRET = "VNDOC_WEBHOOK_SECRET"
"""Variable of the environment."""


def serve_command(
    archive: Annotated[
        Path, typer.Argument(metavar="[ARCHIVE]", help="The archive; made where it is not there.")
    ] = Path("vndoc.sqlite"),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8815,
    host: Annotated[str, typer.Option(help="Address to listen at; any but this machine's own needs --users.")] = (
        "127.0.0.1"
    ),
    users: Annotated[
        Path | None, typer.Option(help="File of 'vndoc users': who may sign in.", show_default=False)
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name of this server in browsers.", show_default=False)
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address that people use, where a proxy stands before.", show_default=False)
    ] = None,
    embed_origin: Annotated[
        list[str] | None,
        typer.Option(help="Origin whose pages may frame the document of a one-use link.", show_default=False),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Certificate for TLS, a PEM file.", show_default=False)
    ] = None,
    certificate_key: Annotated[
        Path | None, typer.Option(help="Its private key, where it is in a file of its own.", show_default=False)
    ] = None,
    proxy: Annotated[
        list[str] | None, typer.Option(help="Address of a proxy believed in who calls.", show_default=False)
    ] = None,
    webhook: Annotated[
        list[str] | None,
        typer.Option(help="Address that is told when a document is read, or confirmed.", show_default=False),
    ] = None,
    webhook_secret: Annotated[
        Path | None,
        typer.Option(help=f"File with the secret that signs what it is told; else ${SECRET}.", show_default=False),
    ] = None,
    webhook_user: Annotated[
        str | None,
        typer.Option(help="Its user here: what that user does is not told to it.", show_default=False),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Documents read at a time; all processors but one.", show_default=False),
    ] = None,
    cache: Annotated[int, typer.Option(min=16, help="MiB of page images kept beside the archive.")] = 1024,
    models: ModelsOption = None,
) -> None:
    """Serve an archive: check what the machine doubts, search, take documents in; for people and for programs."""
    with failing():
        try:
            from vndoc.web.app import create_app  # noqa: PLC0415
            from vndoc.web.config import Hook, WebConfig  # noqa: PLC0415
            from vndoc.web.serving import serve  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise SetupError(f"{error.name} is not installed: pip install 'vndoc[web]'") from None
        secret = _secret(webhook_secret) if webhook else b""
        tell_unchecked(models)
        config = WebConfig(
            archive=archive,
            host=host,
            port=port,
            users=users,
            allowed_hosts=tuple(allow_host or ()),
            public_url=public_url,
            embed_origins=tuple(embed_origin or ()),
            proxies=tuple(proxy or ()),
            certificate=certificate,
            certificate_key=certificate_key,
            cache_mb=cache,
            jobs=jobs,
            hooks=tuple(Hook(url, secret, webhook_user) for url in webhook or ()),
            settings=Settings(models=models),
        )
        Archive(archive).close()  # made where it is not there
        app = create_app(config)
        if config.open_to_listeners:
            stderr.print(
                "vndoc: passwords and documents cross the network as they are; --certificate FILE encrypts them, or a "
                "proxy with TLS and --public-url https://NAME"
            )
        place = f"{shown(str(archive))}: {config.url}/ (Ctrl-C ends)"
        serve(app, config, lambda: print(place, flush=True))


def _secret(file: Path | None) -> bytes:
    """What signs the messages to webhooks.

    Raises:
        SetupError: it is given nowhere, or its file cannot be read.
    """
    if file is None:
        if SECRET not in os.environ:
            raise SetupError(f"--webhook needs --webhook-secret FILE, or ${SECRET}: 'openssl rand -hex 32' makes one")
        return os.environ[SECRET].encode()
    try:
        return file.read_bytes().strip()
    except OSError as error:
        raise SetupError(f"{file}: cannot be read ({error.strerror or error})") from None
