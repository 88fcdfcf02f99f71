"""The admin of rows that the archive makes itself."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

ModelT = TypeVar("ModelT", bound=models.Model)


class KeptRecordsAdmin(admin.ModelAdmin[ModelT]):
    """Rows that nobody types in or throws away."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
