"""Projected coordinates to WGS 84 longitude and latitude, as column expressions with closed formulae.

Lambert-93 by the inverse of the conformal conic projection with two parallels (EPSG guidance note 7-2, method 9802); the UTM
zones of overseas France by Krüger's series to the fourth power of n (same note, method 9807), exact to a millimetre. RGF93 and
its overseas sisters are taken for WGS 84: they differ by less than the precision of the data.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

_A: Final = 6_378_137.0
_F: Final = 1 / 298.257_222_101
_E: Final = math.sqrt(2 * _F - _F * _F)

Pair = tuple[pl.Expr, pl.Expr]
"""Longitude and latitude in degrees."""


def _third_flattening() -> float:
    return _F / (2 - _F)


def _latitude(conformal: pl.Expr) -> pl.Expr:
    """Return the latitude (rad) of a conformal latitude, by its series to the fourth power of n: no iteration."""
    n = _third_flattening()
    series = (
        2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45,
        7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45,
        56 * n**3 / 15 - 136 * n**4 / 35,
        4279 * n**4 / 630,
    )
    latitude = conformal
    for order, coefficient in enumerate(series, start=1):
        latitude = latitude + coefficient * (2 * order * conformal).sin()
    return latitude


@dataclass(frozen=True, slots=True)
class _Conic:
    """Constants of Lambert-93 (EPSG:2154), worked out from its parallels."""

    n: float
    c: float
    y_pole: float


def _isometric(latitude: float) -> float:
    sine = _E * math.sin(latitude)
    return math.log(math.tan(math.pi / 4 + latitude / 2)) - _E / 2 * math.log((1 + sine) / (1 - sine))


def _lambert_93() -> _Conic:
    first, second, origin = (math.radians(degrees) for degrees in (44.0, 49.0, 46.5))

    def radius(latitude: float) -> float:
        return _A * math.cos(latitude) / math.sqrt(1 - (_E * math.sin(latitude)) ** 2)

    n = math.log(radius(second) / radius(first)) / (_isometric(first) - _isometric(second))
    c = radius(first) / n * math.exp(n * _isometric(first))
    return _Conic(n, c, 6_600_000.0 + c * math.exp(-n * _isometric(origin)))


_CONIC: Final = _lambert_93()


def lambert_93(x: pl.Expr, y: pl.Expr) -> Pair:
    """Return the point of Lambert-93 *x*, *y* in metres."""
    east, south = x - 700_000.0, _CONIC.y_pole - y
    radius = (east * east + south * south).sqrt()
    longitude = (east / south).arctan() / _CONIC.n + math.radians(3.0)
    conformal = math.pi / 2 - 2 * (radius / _CONIC.c).pow(1 / _CONIC.n).arctan()
    return longitude.degrees(), _latitude(conformal).degrees()


def _krueger() -> tuple[float, tuple[float, ...]]:
    """Return the rectifying radius and the coefficients of Krüger's inverse series."""
    n = _third_flattening()
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    return radius, (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161_280,
    )


def utm(zone: int, *, south: bool = False) -> Callable[[pl.Expr, pl.Expr], Pair]:
    """Return the function from coordinates of a UTM *zone* to the point."""
    radius, series = _krueger()
    meridian = math.radians(zone * 6 - 183)

    def point(x: pl.Expr, y: pl.Expr) -> Pair:
        xi = (y - (10_000_000.0 if south else 0.0)) / (0.9996 * radius)
        eta = (x - 500_000.0) / (0.9996 * radius)
        xi_0, eta_0 = xi, eta
        for order, coefficient in enumerate(series, start=1):
            xi_0 = xi_0 - coefficient * (2 * order * xi).sin() * (2 * order * eta).cosh()
            eta_0 = eta_0 - coefficient * (2 * order * xi).cos() * (2 * order * eta).sinh()
        longitude = meridian + (eta_0.sinh() / xi_0.cos()).arctan()
        return longitude.degrees(), _latitude((xi_0.sin() / eta_0.cosh()).arcsin()).degrees()

    return point


SYSTEMS: Final[Mapping[str, Callable[[pl.Expr, pl.Expr], Pair]]] = {
    "EPSG:2154": lambert_93,
    "EPSG:4467": utm(21),  # Saint-Pierre-et-Miquelon
    "EPSG:5490": utm(20),  # Guadeloupe, Martinique
    "EPSG:2972": utm(22),  # Guyane
    "EPSG:2975": utm(40, south=True),  # La Réunion
    "EPSG:4471": utm(38, south=True),  # Mayotte
}
"""Reference systems of the French datasets -> the function to WGS 84."""
