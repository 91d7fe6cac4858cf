"""A made-up national ecosystem of any size, grown from a real release: for trials of scale, never for publication."""

from campuskg.synthetic.national import generate

__all__ = ["generate"]
