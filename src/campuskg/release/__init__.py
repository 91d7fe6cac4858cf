"""The release: built once from content, then only read.

``build`` goes graph -> layers -> rules -> shapes and checks -> one directory; ``open_release`` reads it.
"""

from campuskg.release.build import BuildReport, Progress, build, validate
from campuskg.release.names import Match, NameIndex
from campuskg.release.opened import Release, open_release
from campuskg.release.turtle import turtle

__all__ = ["BuildReport", "Match", "NameIndex", "Progress", "Release", "build", "open_release", "turtle", "validate"]
