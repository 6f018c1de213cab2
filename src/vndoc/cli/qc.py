"""``vndoc qc``: a random sample of an archive for checking by hand, and the error rates once it is filled in."""

import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vndoc.archive.archive import Archive
from vndoc.cli.options import Json, Opened
from vndoc.cli.terminal import failing, stderr, to_json, write

if TYPE_CHECKING:
    from vndoc.archive.quality import Rate, Tally

_MOST_SEED = 999_999


def qc_command(
    archive: Opened,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw so many documents at random.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Draws the same documents again; told in the table.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Where the table goes that is to be filled in: .xlsx or .csv.", show_default=False),
    ] = None,
    read: Annotated[
        Path | None, typer.Option(help="The table, filled in: prints the error rates.", show_default=False)
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option(
            min=0, max=100, help="With --read: whether the error rate is under so many per cent.", show_default=False
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Check an archive's values by a random sample: draw it, let a person fill in the table, read the table.

    The table has a row for each value: where it stands, and room for Đúng or Sai and for the right value. Its error
    rates hold for the whole archive within the intervals given (95 %).
    """
    if (sample is None) == (read is None):
        raise typer.BadParameter("or --read is needed, one of them", param_hint="--sample")
    if sample is not None and (output is None or output.suffix.lower() not in (".xlsx", ".csv")):
        raise typer.BadParameter("must end in .xlsx or .csv", param_hint="--output")
    with failing(), Archive(archive, create=False) as opened:
        if read is not None:
            found = opened.checked(read)
            write(_as_json(found, limit) if json_ else _report(found, limit), None)
        elif sample is not None and output is not None:
            drawn = opened.draw(sample, random.randint(0, _MOST_SEED) if seed is None else seed, output)
            stderr.print(
                f"vndoc: {drawn.drawn} of {drawn.population} documents (seed {drawn.seed}), {drawn.row_amount} rows"
            )


def _report(found: "Tally", limit: float | None) -> str:
    from vndoc.export.labels import labels  # noqa: PLC0415

    names = dict(labels()["fields"])
    sample, every = found.sample, found.all
    lines = [
        f"{sample.drawn} of {sample.population} documents (seed {sample.seed}); intervals of Wilson, 95 %",
        "",
        f"{'':22}{'values':>8}{'wrong':>8}{'missed':>8}{'error rate':>12}   {'interval':18}{'withheld':>8}",
    ]
    for name, own in [*((names[p], t) for p, t in found.fields.items()), ("all values", every)]:
        wrong = own.rate.wrong - own.missed
        lines.append(
            f"{name:22}{own.rate.amount:8}{wrong:8}{own.missed:8}{_share(own.rate):>12}   {_interval(own.rate):18}"
            f"{own.withheld:8}"
        )
    documents = found.documents
    lines.append(
        f"{'documents with an error':30}{documents.wrong:8}{'':8}{_share(documents):>12}   {_interval(documents)}"
    )
    if limit is not None:
        said = {
            "accepted": "accepted: the interval lies under it",
            "rejected": "rejected: the interval lies over it",
            "undecided": "undecided: the interval holds it; a larger sample would tell",
        }
        lines += ["", f"error limit of {limit:g} %: {said[found.verdict(limit / 100)]}"]
    return "\n".join(lines) + "\n"


def _share(rate: "Rate") -> str:
    return "" if rate.share is None else f"{rate.share:.1%}".replace("%", " %")


def _interval(rate: "Rate") -> str:
    return f"{rate.low:.1%} to {rate.high:.1%}".replace("%", " %") if rate.amount else ""


def _as_json(found: "Tally", limit: float | None) -> str:
    plain = {
        "sample": found.sample._asdict(),
        "fields": found.fields,
        "all": found.all,
        "documents": found.documents,
        **({"limit": limit, "verdict": found.verdict(limit / 100)} if limit is not None else {}),
    }
    return to_json(plain, indent=2) + "\n"
