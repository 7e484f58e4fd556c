"""Strikes an action at one system call: a forked child acts while strace makes that call fail or
kills the child there. The child answers through shared memory, so that telling costs no call.
"""

from __future__ import annotations

import ctypes
import io
import json
import mmap
import os
import re
import select
import shutil
import subprocess
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from timeline.cli.door import through_door

Tell: TypeAlias = Callable[[Iterable[str]], None]
Action: TypeAlias = Callable[[Tell], object]
"""Something that writes and tells which ids it acknowledges; its exit code, where it has one."""

TRACED = "%file,%desc"
_WAITING = frozenset({"select", "pselect6", "poll", "ppoll"})
_CALL = re.compile(r"(?:\d+ +)?(\w+)\(")
_ROOM = 1 << 20
_PR_SET_PTRACER = 0x59616D61

needs_strace = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("strace") is None,
    reason="strace is not here: NO FAULT WAS INJECTED (apt-get install strace)",
)


@dataclass(frozen=True, slots=True)
class Strike:
    """What happens to which call: `fault` in strace's words, such as `error=EIO`."""

    call: str
    number: int
    fault: str
    onwards: bool = False

    @property
    def option(self) -> str:
        """The value of strace's `-e`."""
        return f"inject={self.call}:{self.fault}:when={self.number}{'+' * self.onwards}"

    def __str__(self) -> str:
        return f"{self.call} #{self.number}{'+' * self.onwards} {self.fault}"


@dataclass(frozen=True, slots=True)
class Run:
    """How an action ended.

    Attributes:
        ids: what it acknowledged.
        code: its exit code; None when it was killed.
        words: what a person was told.
        trace: strace's lines.
    """

    ids: tuple[str, ...]
    code: int | None
    words: str
    trace: tuple[str, ...]

    @property
    def hit(self) -> str:
        """The line of the call that was struck; empty when none was."""
        if self.code is None:
            return self.trace[-1] if self.trace else ""
        return next((line for line in self.trace if "(INJECTED)" in line), "")


def forked(work: Callable[[], int]) -> int:
    """Starts a child that does some work and ends with its exit code. Returns its process id."""
    with warnings.catch_warnings():  # the child uses nothing that another thread may hold
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = work()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int:
    """Waits for a child; its exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run_traced(action: Action, folder: Path, *options: str, detail: Sequence[str] = ()) -> Run:
    """Runs an action in a child under strace, whose output goes through a file in `folder`."""
    memory = mmap.mmap(-1, _ROOM)
    ready, go = os.pipe()
    child = forked(lambda: _act(action, memory, ready))
    trace = folder / "trace"
    command = ["strace", "-o", str(trace), "-p", str(child), "-e", f"trace={TRACED}"]
    command += [word for option in options for word in ("-e", option)]
    command += detail
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
        assert tracer.stderr is not None
        attached = tracer.stderr.readline()
        assert b"attached" in attached, attached.decode()
        os.write(go, b"!")
        code = ended(child)
    os.close(ready)
    os.close(go)
    ids, said = _answer(memory)
    memory.close()
    lines = tuple(line for line in trace.read_text("utf-8").splitlines() if _CALL.match(line))
    return Run(ids, None if code < 0 else code, said, lines)


def calls(run: Run) -> Counter[str]:
    """How often the action made each call."""
    names = (match[1] for line in run.trace if (match := _CALL.match(line)))
    return Counter(name for name in names if name not in _WAITING)


def strikes(made: Counter[str], *faults: str, only: Iterable[str] = ()) -> Iterator[Strike]:
    """Every fault at every call that an undisturbed run made, or at those of some names."""
    chosen = set(only) or set(made)
    for fault in faults:
        for name in sorted(chosen & set(made)):
            yield from (Strike(name, number + 1, fault) for number in range(made[name]))


def _act(action: Action, memory: mmap.mmap, ready: int) -> int:
    """What the child does."""
    try:
        # A tracer that is no ancestor needs leave where Yama guards ptrace.
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
        sys.stdout = sys.stderr = said = io.StringIO()
        answer: dict[str, object] = {"ids": [], "said": ""}

        def tell(ids: Iterable[str]) -> None:
            answer["ids"] = list(ids)
            _store(memory, answer)

        select.select([ready], [], [])
        code = through_door(lambda: action(tell), ["-v"])
        _store(memory, {**answer, "said": said.getvalue()})
        return code
    except BaseException as error:  # noqa: BLE001  what passes the door is the fault sought for
        _store(memory, {"ids": [], "said": f"TRACEBACK {type(error).__name__}: {error}"})
        return 70


def _store(memory: mmap.mmap, answer: dict[str, object]) -> None:
    text = json.dumps(answer).encode()
    memory[8 : 8 + len(text)] = text
    memory[:8] = len(text).to_bytes(8, "big")


def _answer(memory: mmap.mmap) -> tuple[tuple[str, ...], str]:
    length = int.from_bytes(memory[:8], "big")
    if not length:
        return (), ""
    answer = json.loads(memory[8 : 8 + length])
    return tuple(answer["ids"]), answer["said"]
