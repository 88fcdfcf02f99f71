"""The archive's addresses; they are permanent (see docs/operations.md)."""

from django.urls import URLPattern

app_name = "archive"
urlpatterns: list[URLPattern] = []
