"""Builders for tests: a small county and its cases, made through the same actions as the screens use."""

from tests.factories.cases import open_case, share
from tests.factories.county import County, make_agency, make_county, make_member

__all__ = ["County", "make_agency", "make_county", "make_member", "open_case", "share"]
