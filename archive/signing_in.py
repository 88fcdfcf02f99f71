"""Whether readers must sign in: with ARCHIVE_SIGN_IN every page asks for it but those that say they need not."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's own, in force where the setting says so; `@login_not_required` opens a view."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> Any:
        if not settings.ARCHIVE_SIGN_IN:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
