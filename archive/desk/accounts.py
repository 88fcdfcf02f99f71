"""Accounts and their roles. Whoever is in a staff role may open the desk; only a superuser makes another one."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from archive.audit import record
from archive.choices import Act
from archive.roles import STAFF

admin.site.unregister(User)

# What would let an account of the admin role make itself more than that.
_ABOVE_THE_ROLES = ("is_staff", "is_superuser", "user_permissions")


class DeletionsTold(admin.ModelAdmin[Any]):
    """Writes down who deleted what, by either of Django's ways."""

    called = ""
    """What one of these rows is called in the audit."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._tell(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for one in queryset:
            self._tell(request, one)
        super().delete_queryset(request, queryset)

    def _tell(self, request: HttpRequest, about: Any) -> None:
        record(Act.ACCOUNT, f"{self.called} {about} deleted", by=request.user, about=about)


@admin.register(User)
class AccountAdmin(DeletionsTold, UserAdmin[User]):
    called = "account"
    list_display = ("username", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join([*names, *(["superuser"] if user.is_superuser else [])])

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in _ABOVE_THE_ROLES]})
            for title, options in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody below a superuser changes one: its password would be theirs."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_related(self, request: HttpRequest, form: ModelForm[User], formsets: Any, change: bool) -> None:
        """Being staff follows from the roles; what an account became is written down."""
        super().save_related(request, form, formsets, change)
        user = form.instance
        roles = sorted(user.groups.values_list("name", flat=True))
        is_staff = user.is_superuser or bool(set(roles) & set(STAFF))
        if is_staff != user.is_staff:
            user.is_staff = is_staff
            user.save(update_fields=["is_staff"])
        did = "changed" if change else "made"
        fields = sorted(set(form.changed_data) - {"password1", "password2"})
        roles_said = ", ".join(roles) or "no role"
        record(Act.ACCOUNT, f"account {did}: {roles_said}", by=request.user, about=user, roles=roles, fields=fields)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            about = User.objects.filter(pk=id).first()
            record(Act.ACCOUNT, "password set", by=request.user, about=about)
        return response


# The roles are made by migrations; other groups are for sources that only some readers may see.
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DeletionsTold):
    """Groups by name alone: what a role may is the site's own, and is not typed in."""

    called = "group"
    fields = ("name",)
    search_fields = ("name",)
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: Group, form: ModelForm[Group], change: bool) -> None:
        super().save_model(request, obj, form, change)
        did = f"renamed from {form.initial['name']}" if change else "made"
        record(Act.ACCOUNT, f"group {obj.name} {did}", by=request.user, about=obj)
