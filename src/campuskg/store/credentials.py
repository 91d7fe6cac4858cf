"""Who asks a remote service: a user with a password, or a bearer token. Never shown, never written."""

import base64
import os
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from campuskg.errors import UsageProblem, no_file

USER, PASSWORD, TOKEN = "CAMPUSKG_ENDPOINT_USER", "CAMPUSKG_ENDPOINT_PASSWORD", "CAMPUSKG_ENDPOINT_TOKEN"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user and a password (Basic of RFC 7617, or Digest of RFC 7616 when the service asks for it), or a token (RFC 6750)."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        """Say only what kind of credentials they are."""
        return f"Credentials({'token' if self.token else 'user' if self.user else 'none'})"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Credentials":
        """Return the credentials that the environment holds; none when it holds none.

        >>> Credentials.from_environment({"CAMPUSKG_ENDPOINT_TOKEN": "secret"})
        Credentials(token)
        """
        env = os.environ if environ is None else environ
        return cls(env.get(USER, ""), env.get(PASSWORD, ""), env.get(TOKEN, ""))

    def handlers(self, url: str) -> Sequence[urllib.request.BaseHandler]:
        """Return what answers a request for login: a token is sent at once, a password in the way the service asks for."""
        if self.token:
            return [_Sent(f"Bearer {self.token}")]
        if not self.user:
            return []
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, self.user, self.password)
        return [_Asked(), _Digest(passwords), _Basic(self.user, self.password)]


def into_environment(path: Path) -> None:
    """Put the credentials that the file *path* holds, one ``NAME=value`` a line, where this process and its children find them.

    Raises MissingInput for a file that cannot be read, UsageProblem for a line that names something else.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise no_file(path) from error
    for number, line in enumerate(lines, 1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or name not in (USER, PASSWORD, TOKEN):
            raise UsageProblem("credentials-line", file=str(path), line=number, known=f"{USER}, {PASSWORD}, {TOKEN}")
        os.environ[name] = value


class _Sent(urllib.request.BaseHandler):
    """Sends the same Authorization with every request."""

    def __init__(self, value: str) -> None:
        self._value = value

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        request.add_unredirected_header("Authorization", self._value)
        return request

    https_request = http_request


class _Asked(urllib.request.BaseHandler):
    """Hands an answer 401 to the handlers of Digest and Basic; any other answer goes on as it is."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:  # noqa: ANN401  urllib's
        if response.status != 401:  # noqa: PLR2004  Unauthorized (RFC 9110, section 15.5.2)
            return response
        try:
            again = self.parent.error("http", request, response, 401, response.reason, response.headers)
        except (urllib.error.HTTPError, ValueError):  # they tried and were refused, or they do not know the scheme
            return response
        if again is None:
            return response
        response.close()
        return again

    https_response = http_response


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest that remembers the challenge: a service that refuses a large body closes the line before it has read it."""

    _challenge: Mapping[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> Any:  # noqa: ANN401  urllib's
        fields = urllib.request.parse_http_list(auth.partition(" ")[2])
        self._challenge = urllib.request.parse_keqv_list([field for field in fields if field])
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        value = self.get_authorization(request, self._challenge) if self._challenge else None
        if value:
            request.add_unredirected_header(self.auth_header, f"Digest {value}")
        return request

    https_request = http_request


class _Basic(urllib.request.BaseHandler):
    """Basic, only after the service asked for it; then with each request."""

    def __init__(self, user: str, password: str) -> None:
        self._value = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self._known = False

    def http_error_401(
        self,
        req: urllib.request.Request,
        fp: Any,  # noqa: ANN401, ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: Message,
    ) -> Any:  # noqa: ANN401
        asked = any(value.lower().startswith("basic") for value in headers.get_all("www-authenticate") or ())
        if not asked or self._known:
            return None
        self._known = True
        return self.parent.open(req, timeout=req.timeout)

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        if self._known:
            request.add_unredirected_header("Authorization", self._value)
        return request

    https_request = http_request
