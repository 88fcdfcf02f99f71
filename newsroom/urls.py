"""The site's addresses: the admin, and the archive at the root."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/names/", include("archive.workbench_urls")),
    path("admin/", admin.site.urls),
    path("", include("archive.urls")),
]
