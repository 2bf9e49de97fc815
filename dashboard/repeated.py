"""A parameter of the query that has one value is given once: a second one is refused, not taken in place of the first."""

from collections.abc import Iterable, Iterator
from typing import get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel


def single_parameters(dependant: Dependant) -> Iterator[str]:
    """The query parameters of a route, and of what it depends on, that are no lists."""
    for parameter in dependant.query_params:
        parts = {parameter.alias: parameter.field_info}
        form = parameter.field_info.annotation
        if isinstance(form, type) and issubclass(form, BaseModel):
            parts = form.model_fields
        yield from [name for name, part in parts.items() if get_origin(part.annotation) is not list]
    for inner in dependant.dependencies:
        yield from single_parameters(inner)


def refuse_repeated(request: Request, singles: Iterable[str]) -> None:
    """Raise RequestValidationError where the query gives one of these more than once."""
    for name in singles:
        if len(request.query_params.getlist(name)) > 1:
            raise RequestValidationError([{"type": "repeated", "loc": ("query", name), "msg": "Give it once"}])
