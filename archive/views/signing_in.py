"""Signing in and out, for readers and staff alike, and one's own password."""

from typing import Any

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from archive.audit import record
from archive.choices import Act


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    """Leads on to `next` if that is an address of this site, as Django checks, else to the front page."""

    template_name = "account/sign_in.html"
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    """By POST alone, so that no link or picture signs anybody out."""

    next_page = "archive:home"


class ChangePassword(auth_views.PasswordChangeView):
    template_name = "account/password.html"
    success_url = reverse_lazy("archive:home")

    def form_valid(self, form: Any) -> HttpResponse:
        record(Act.ACCOUNT, "own password changed", by=self.request.user, about=form.user)
        return super().form_valid(form)
