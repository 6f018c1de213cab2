"""``vndoc doctor``: what this machine has of what vndoc needs."""

import typer
from rich.console import Console

from vndoc import __version__
from vndoc.errors import SetupError


def doctor_command() -> None:
    """Check that poppler, vndoc's models and Tesseract are there, and say what to install."""
    from vndoc.doctor import examine, healthy  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"vndoc {__version__}")
    checks = examine()
    for check in checks:
        mark = (
            "[green]ok[/green]     "
            if check.ok
            else "[red]missing[/red]"
            if check.required
            else "[yellow]lacking[/yellow]"
        )
        console.print(f"{mark} {check.name}: {check.found}")
        if not check.ok and check.advice:
            console.print(f"        {check.advice}")
    if not healthy(checks):
        raise typer.Exit(SetupError.exit_code)
