"""The work of a site beside its own process: what is begun early, what is compiled elsewhere."""

import os
import signal
import subprocess
import sys

import pytest

from campuskg.publish.site import begun
from campuskg.publish.site.work import cores

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
