"""The addresses of the name workbench, below the admin's."""

from django.urls import URLPattern, path

from archive.views import batch, workbench

app_name = "workbench"
urlpatterns: list[URLPattern] = [
    path("", workbench.queue, name="queue"),
    path("pair/", workbench.judge, name="judge"),
    path("unlinked/", workbench.unlinked, name="unlinked"),
    path("batch/", batch.batch, name="batch"),
    path("decisions.json", workbench.decisions_file, name="decisions-file"),
    path("undo/<int:pk>/", workbench.undo, name="undo"),
    path("<int:pk>/", workbench.entity, name="entity"),
]
