"""The archive's addresses; they are permanent."""

from django.urls import URLPattern, path

from archive.views.health import healthz

app_name = "archive"
urlpatterns: list[URLPattern] = [path("healthz", healthz, name="healthz")]
