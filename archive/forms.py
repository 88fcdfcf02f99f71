"""What staff fill in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify

from archive.ingest.options import field_map
from archive.ingest.readers import FORMAT_NAMES
from archive.models import Article, Dump, Source


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more uploaded files; cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = (data or ([None] if self.required else [])) if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class RunForm(forms.Form):
    """How a dump is to be read: what the archive cannot know by itself."""

    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, help_text="For records that do not name their publisher themselves."
    )
    new_source = forms.CharField(max_length=200, required=False, label="… or a new source", help_text="Its name.")
    format = forms.ChoiceField(required=False, help_text="Detected from the content unless you choose one.")
    find_names = forms.BooleanField(initial=True, required=False, label="Find people, organisations and places")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("source"):
            self.fields["source"].help_text += " Chosen is that of your last upload."
        self.fields["format"].choices = [("", "Detect")] + [(name, name) for name in FORMAT_NAMES]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name = (cleaned.get("new_source") or "").strip()
        if name and self._is_only_remembered(cleaned.get("source")):
            cleaned["source"] = None
        if name and cleaned.get("source"):
            self.add_error("new_source", "Choose a source or name a new one, not both.")
        elif name and not slugify(name):
            self.add_error("new_source", "A source's name needs at least one letter or digit.")
        return cleaned

    def _is_only_remembered(self, source: Source | None) -> bool:
        """Whether nobody chose it this time."""
        return source is not None and source.pk == self.initial.get("source")

    def chosen_source(self) -> Source | None:
        """The source chosen or, where a new one was named, that one, made if it is not there yet."""
        name = self.new_name
        if not name:
            source: Source | None = self.cleaned_data["source"]
            return source
        return Source.objects.get_or_create(slug=slugify(name)[:100], defaults={"name": name})[0]

    @property
    def new_name(self) -> str:
        return (self.cleaned_data.get("new_source") or "").strip()

    def options(self) -> dict[str, Any]:
        """What `IngestRun.options` of a queued run holds."""
        return {"format": self.cleaned_data["format"], "entities": self.cleaned_data["find_names"]}


class UploadForm(RunForm):
    """Dumps to ingest, and how they are to be read."""

    dumps = ManyFilesField(
        label="Dump files",
        error_messages={"empty": "This file is empty: there is nothing to ingest in it."},
    )
    field_order = ("dumps",)

    dump = forms.ModelMultipleChoiceField(Dump.objects.all(), required=False, widget=forms.MultipleHiddenInput)
    """Those that came piece by piece before the form did."""

    def __init__(self, *args: Any, upload_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.ARCHIVE_MAX_UPLOAD_BYTES)
        self.fields["dumps"].help_text = f"Up to {limit} each (without JavaScript: together)."
        self.fields["dumps"].required = not (self.is_bound and self.data.get("dump"))
        if upload_too_large:
            self.fields["dumps"].error_messages["required"] = (
                f"That was more than {limit}, the most this site takes at a time. "
                "Split the dump, or ingest it on the server with `manage.py ingest`."
            )


class PreviewForm(RunForm):
    """How a dump is to be read, once its first articles have been looked at."""

    map = forms.CharField(
        max_length=1000,
        required=False,
        label="Fields",
        help_text="Only where the archive is wrong: title=Headline, body=text names the dump's own fields.",
    )
    record_path = forms.CharField(
        max_length=200, required=False, help_text="Where a JSON document has its records: data.articles."
    )

    def clean_map(self) -> dict[str, str]:
        try:
            return field_map(self.cleaned_data["map"]) if self.cleaned_data["map"].strip() else {}
        except ValueError as error:
            raise forms.ValidationError(f"{error}.") from error

    def options(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("map", "record_path")}
        return {**super().options(), **{name: value for name, value in chosen.items() if value}}


class ArticleForm(forms.ModelForm[Article]):
    """A correction of an article by hand: paragraphs are separated by blank lines, names of the byline by line ends."""

    byline_text = forms.CharField(
        label="Byline", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One name a line."
    )
    body_text = forms.CharField(
        label="Body",
        required=False,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 100}),
        help_text="Paragraphs separated by blank lines. The text as it was stays as a version.",
    )

    class Meta:
        model = Article
        fields = ("title", "standfirst", "section")
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "standfirst": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["byline_text"].initial = "\n".join(self.instance.byline)
        self.fields["body_text"].initial = "\n\n".join(self.instance.body)

    def byline(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["byline_text"].splitlines() if name.strip()]

    def body(self) -> list[str]:
        text = self.cleaned_data["body_text"].replace("\r\n", "\n")
        return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
