"""The ``campuskg`` command: the only place that prints. Heavy imports happen inside the commands."""

from campuskg.cli.app import app, main

__all__ = ["app", "main"]
