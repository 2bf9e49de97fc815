"""GET /v1/photos/{name}: a photograph that came with a report, for operators alone."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import Response

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.models import ErrorBody
from dashboard.photo_store import MEDIA_TYPES
from dashboard.problems import ApiError
from dashboard.web import Here

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
}

router = APIRouter(route_class=GuardedRoute, tags=["incidents"])


@router.get(
    "/v1/photos/{name}",
    openapi_extra={**OPERATOR},
    response_class=Response,
    responses={
        200: {"content": {sort: {} for sort in MEDIA_TYPES.values()}, "description": "The photograph, without its metadata"},
        404: {"model": ErrorBody, "description": "There is no such photograph, or no longer"},
    },
    summary="A photograph that came with a report",
)
def photo(web: Here, name: Annotated[str, Path(max_length=64)]) -> Response:
    """As it was sent, but without what a camera says of place, time and itself. It is kept for 30 days."""
    data = None if web.photos is None else web.photos.read(name, web.clock())
    if data is None:
        raise ApiError(
            404,
            "no_such_photo",
            zh="没有这张照片，或已过期删除（30 天）。",
            en="There is no such photograph, or it is over 30 days old and gone.",
            field="path.name",
        )
    sort = name.rpartition(".")[2]
    headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type=MEDIA_TYPES[sort], headers=headers)
