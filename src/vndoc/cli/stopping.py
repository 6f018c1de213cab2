"""What stops a command: Ctrl-C, SIGTERM, the end of its terminal. Nothing large is loaded here: it may come at once."""

import signal
from types import FrameType

INTERRUPTED = 130
"""Exit code of a command that was stopped before its end."""


def note_stops() -> list[int]:
    """SIGTERM and the end of the terminal end the command as Ctrl-C does; the signals that came."""
    came: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):  # nohup
            signal.signal(number, stop)
    return came
