"""The addresses of the name workbench, below the admin's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from archive.views import batch, workbench

app_name = "workbench"


def _editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the editors' role: staff without it are refused, strangers are asked to sign in by the view itself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_staff and not request.user.has_perm("archive.change_entity"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


urlpatterns: list[URLPattern] = [
    path("", _editors(workbench.queue), name="queue"),
    path("pair/", _editors(workbench.judge), name="judge"),
    path("unlinked/", _editors(workbench.unlinked), name="unlinked"),
    path("batch/", _editors(batch.batch), name="batch"),
    path("decisions.json", _editors(workbench.decisions_file), name="decisions-file"),
    path("undo/<int:pk>/", _editors(workbench.undo), name="undo"),
    path("<int:pk>/", _editors(workbench.entity), name="entity"),
]
