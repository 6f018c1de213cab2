"""Whether a new model is better: on corrections that were kept out, and on all that the old one could."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, Literal, TypeVar

M = TypeVar("M")
Outcome = Literal["right", "open", "wrong"]
_SHARES = (1.0, 0.8, 0.6, 0.4, 0.2)


@dataclass(slots=True, frozen=True)
class Score:
    """How a model does on a set: what came of each thing in it, in their order, and the mean loss."""

    outcomes: tuple[Outcome, ...]
    loss: float
    on_edge: frozenset[int] = frozenset()
    """Numbers of the outcomes that are right by so little that any other training would leave some of them open."""

    def count(self, outcome: Outcome) -> int:
        """How many came out so."""
        return self.outcomes.count(outcome)

    def better_than(self, before: "Score") -> bool:
        """More are right, or as many with less loss; and no more are wrong."""
        gained = (self.count("right"), -self.loss) > (before.count("right"), -before.loss)
        return gained and self.count("wrong") <= before.count("wrong")

    def no_worse_than(self, before: "Score") -> bool:
        """As many are right, and no more are wrong."""
        return self.count("right") >= before.count("right") and self.count("wrong") <= before.count("wrong")

    def none_worse_than(self, before: "Score") -> bool:
        """Whatever was right is right, or was on the edge and is open; and nothing else is wrong now."""
        pairs = enumerate(zip(before.outcomes, self.outcomes, strict=True))
        return all(
            new in (old, "right") or (new == "open" and (old == "wrong" or k in before.on_edge))
            for k, (old, new) in pairs
        )

    def row(self) -> dict[str, Any]:
        """For the report."""
        return {
            "of": len(self.outcomes),
            **{outcome: self.count(outcome) for outcome in ("right", "open", "wrong")},
            "loss": round(self.loss, 4),
        }


@dataclass(slots=True, frozen=True)
class Exams(Generic[M]):
    """What a model is tested on: corrections kept out, what it has always known, and what must stay one by one."""

    held_out: Callable[[M], Score]
    base: Callable[[M], Score]
    kept: Callable[[M], Score] | None = None

    def all(self, model: M) -> dict[str, Score]:
        """The scores by name."""
        return {name: run(model) for name, run, _, _ in self._each()}

    def refused(self, model: M, old: dict[str, Score]) -> tuple[dict[str, Score], str | None]:
        """The scores up to the first that is not good enough, and why; None where all are."""
        new: dict[str, Score] = {}
        for name, run, passes, reason in self._each():
            new[name] = run(model)
            if not passes(new[name], old[name]):
                return new, reason
        return new, None

    def _each(self) -> list[tuple[str, Callable[[M], Score], Callable[[Score, Score], bool], str]]:
        """The tests, the quickest first, with what passes."""
        return [
            ("held out", self.held_out, Score.better_than, "it reads the corrections that were kept out no better"),
            *([("kept", self.kept, Score.none_worse_than, "what had to stay came out worse")] if self.kept else []),
            ("base", self.base, Score.no_worse_than, "it loses some of what it could"),
        ]


@dataclass(slots=True)
class Report:
    """What was done for one model, and why it was taken or not."""

    what: str
    taken: bool = False
    reason: str = ""
    learnt_from: int = 0
    share: float | None = None
    """Of the new weights in the model that was taken; the rest is of the old ones."""
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    after: dict[str, dict[str, Any]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def chosen(
    report: Report, old: M, mixed: Callable[[float], M], tests: Exams[M], shares: Iterable[float] = _SHARES
) -> M | None:
    """The first mixture of new and old weights that is better, or None; fills the report.

    Weights between those of before and after further training often keep both what they knew and what they learnt
    (M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
    """
    before = tests.all(old)
    report.before = {name: score.row() for name, score in before.items()}
    first: tuple[dict[str, Score], str] | None = None
    for share in shares:
        model = mixed(share)
        after, reason = tests.refused(model, before)
        if reason is None:
            report.taken, report.share = True, share
            report.after = {name: score.row() for name, score in after.items()}
            return model
        first = first or (after, reason)
    if first:
        report.after = {name: score.row() for name, score in first[0].items()}
        report.reason = first[1]
    return None


def table(reports: Sequence[Report]) -> str:
    """The reports for people (Markdown)."""
    lines = ["| model | set | of | right | open | wrong | loss |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for report in reports:
        for name, old in report.before.items():
            new = report.after.get(name, old)
            cells = " | ".join(f"{old[k]} → {new[k]}" for k in ("right", "open", "wrong", "loss"))
            lines.append(f"| {report.what} | {name} | {old['of']} | {cells} |")
    for report in reports:
        said = f"taken, learnt from {report.learnt_from} pairs" if report.taken else f"not taken: {report.reason}"
        lines.append(f"\n{report.what}: {said}")
    return "\n".join(lines)
