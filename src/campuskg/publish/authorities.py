"""Identifiers as links to the authorities that give them, by the table ``authorities.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from campuskg.errors import Text


@dataclass(frozen=True, slots=True)
class Authority:
    """Who gives identifiers of one kind: their form, the address of one of them, what the place is called."""

    form: str
    address: str
    name: Text
    drop: str = ""

    def link(self, identifier: str) -> str:
        """Return the address of *identifier*, empty when it does not have the form of its kind."""
        if not re.fullmatch(self.form, identifier):
            return ""
        return self.address.replace("{}", identifier.removeprefix(self.drop))


@cache
def authorities() -> Mapping[str, Authority]:
    """Return the authority of each property (compact name) that holds an identifier."""
    found = tomllib.loads(resources.files("campuskg.publish").joinpath("authorities.toml").read_text(encoding="utf-8"))
    return {
        name: Authority(one["form"], one["address"], Text(one["fr"], one["en"]), one.get("drop", ""))
        for name, one in found.items()
    }
