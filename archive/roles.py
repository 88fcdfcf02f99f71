"""Who may do what: four roles, which are Django groups. Each holds all that the one before it may, and more.

Readers need no permission: what they may see is asked of `access.Reader`.
"""

from typing import Any

READER, EDITOR, ARCHIVIST, ADMIN = "reader", "editor", "archivist", "admin"
_EDITS = (
    *("view_article", "change_article", "view_cut", "view_articleversion", "view_appearance"),
    *("view_entity", "change_entity", "view_entityalias", "view_source"),
    *("view_ingestrun", "view_dump", "view_rejection"),
)
_ARCHIVES = ("add_ingestrun", "change_ingestrun", "add_source", "change_source", "take_down_article")
_ADMINISTERS = ("view_auditentry",)
_ACCOUNTS = ("view_user", "add_user", "change_user", "view_group", "add_group")
ROLES: dict[str, tuple[str, ...]] = {
    READER: (),
    EDITOR: _EDITS,
    ARCHIVIST: (*_EDITS, *_ARCHIVES),
    ADMIN: (*_EDITS, *_ARCHIVES, *_ADMINISTERS, *_ACCOUNTS),
}
STAFF = (EDITOR, ARCHIVIST, ADMIN)
"""Roles whose members may open the desk."""


def make_roles(apps: Any) -> None:
    """Make the groups and give them what they may; what an operator gave them besides stays.

    Called by migrations, with their state of the apps: a permission is made where Django would make it only later.
    """
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    content_types = apps.get_model("contenttypes", "ContentType")
    for role, codenames in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=role)
        for codename in codenames:
            model = codename.rpartition("_")[2]
            app = "auth" if codename in _ACCOUNTS else "archive"
            content_type, _ = content_types.objects.get_or_create(app_label=app, model=model)
            permission, _ = permission_model.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
            )
            group.permissions.add(permission)
