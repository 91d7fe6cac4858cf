"""What can go wrong with a remote service, as errors with words of the message catalogue."""

import html
import re
from typing import Final

from campuskg.errors import MissingInput

_LONGEST: Final = 300


class RemoteFailed(MissingInput):
    """A remote service did not answer, or not with what was asked."""


def plain_words(body: bytes, media: str) -> str:
    r"""Return what a service said of an error, on one short line: tags and control characters taken away.

    >>> plain_words(b"<h1>Too &amp; much</h1>\n", "text/html")
    'Too & much'
    """
    text = body.decode("utf-8", "replace")
    if "html" in media or "xml" in media:
        text = html.unescape(re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", " ", text))
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
