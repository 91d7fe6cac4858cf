"""The work of a site beside its own process: what is begun early, what is compiled elsewhere."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from campuskg.errors import MissingInput, UsageProblem
from campuskg.publish.site import begun
from campuskg.publish.site.work import cores, done

_COMPILED = """
import jinja2
from campuskg.publish import pages
from campuskg.publish.site import begun

code = begun(pages.compiled_templates)()
compiled = []
jinja2.Environment.compile = lambda self, source, name=None, *rest, **more: compiled.append(name)
pages.load_compiled(code)
frame = pages.Frame("fr", "/accessibility")
page = pages.render("accessibility.html", frame, checked=(), left=(), known=())
print(compiled, len(code) == len(pages._templates().list_templates()), "</html>" in page)
"""


@pytest.mark.skipif(cores() < 2, reason="one core: what is begun is done when it is asked for")
def test_what_is_begun_is_done_by_another_process() -> None:
    assert begun(os.getpid)() != os.getpid()


def test_what_a_killed_process_had_begun_is_done_here() -> None:
    here = os.getpid()

    def killed() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert begun(killed)() == "done"


def test_what_goes_wrong_elsewhere_goes_wrong_here_without_a_word_from_there(capfd: pytest.CaptureFixture[str]) -> None:
    def wrong() -> str:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        begun(wrong)()
    assert capfd.readouterr() == ("", "")


def test_templates_that_another_process_compiled_are_not_compiled_again() -> None:
    done = subprocess.run([sys.executable, "-c", _COMPILED], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "[] True True"


def test_every_piece_is_done_once_from_both_ends_also_those_that_come_later() -> None:
    pieces = deque(range(40))
    found: list[tuple[int, int]] = []
    for piece, process in done(lambda piece: (piece, os.getpid()), pieces, 2):
        found.append((piece, process))
        if piece in (0, 39):
            pieces.appendleft(piece + 100)
    assert sorted(piece for piece, _ in found) == [*range(40), 100, 139]
    assert os.getpid() not in {process for _, process in found}
    of = dict(found)
    assert of[0] != of[39]
    assert of[0] == of[1]
    assert of[38] == of[39]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_are_all_there_whatever_the_number_of_processes(jobs: int) -> None:
    assert sorted(done(lambda piece: "x" * piece, deque([1, 1 << 20, 3]), jobs), key=len) == ["x", "xxx", "x" * (1 << 20)]
    assert list(done(lambda piece: piece, deque(), jobs)) == []


def _wrong() -> None:
    raise UsageProblem("site-base", base="ftp://x")


def _missing() -> None:
    raise MissingInput("site-unwritable", folder="/x", reason="full")


def _fault() -> None:
    raise KeyError("x")


@pytest.mark.parametrize(
    ("do", "error", "says"),
    [
        (_wrong, UsageProblem, "ftp://x"),
        (_missing, MissingInput, "/x"),
        (_fault, RuntimeError, "KeyError: 'x'"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), MissingInput, "--jobs 1"),
    ],
)
def test_what_goes_wrong_in_a_process_is_told_here(do: Callable[[], None], error: type[Exception], says: str) -> None:
    with pytest.raises(error) as raised:
        list(done(lambda _: do(), deque(range(10)), 2))
    assert says in (raised.value.say("en") if isinstance(raised.value, (UsageProblem, MissingInput)) else str(raised.value))


_SLOW = """
import os, time
from collections import deque
from campuskg.publish.site.work import done

def slow(piece):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(0.2)

list(done(slow, deque(range(1000)), 2))
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system tells of processes in another way")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_one_that_hands_out_the_work(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", _SLOW], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = {int(process.stdout.readline()) for _ in range(6)}
        process.send_signal(how)
        process.wait(20)
        for _ in range(100):
            if not any(map(_lives, found)):
                break
            time.sleep(0.1)
        assert not any(map(_lives, found))


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
