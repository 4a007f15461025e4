"""What the desk takes in to write a section anew, and to plan a calendar anew."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms
from django.http import QueryDict
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.production.api.dtos import CalendarItem
from apps.production.queries import CalendarFrame

MOST_CHARACTERS = 60_000
"""Of one section: several times the longest that any pack orders."""
MOST_POSTS = 100
"""Of one calendar: three times the month that a pack orders."""


def _reason(changes: str) -> forms.CharField:
    return forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=f"Why the {changes} changes. The audit keeps it with your name.",
        error_messages={"required": f"Say why the {changes} changes."},
    )


class SectionForm(forms.Form):
    """Asks for a section's text, and why it changes."""

    use_required_attribute = False  # a browser would refuse to show a text for which no reason is given yet

    markdown = forms.CharField(
        label="Text",
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 26}),
        help_text="Markdown. Headings begin at level 3 (###), because the section's own is above them.",
        error_messages={"required": "A section cannot be empty. Write its text."},
    )
    reason = _reason("text")

    @classmethod
    def of(cls, markdown: str, sent: QueryDict) -> Self:
        """Make the form for a section's text: bound where it is to be saved, filled in without a verdict for a look."""
        if "save" in sent:
            return cls(sent, initial={"markdown": markdown})
        return cls(initial={"markdown": markdown, **sent.dict()})

    def clean_markdown(self) -> str:
        """Return the text with the line ends it is stored with, which browsers send as two characters."""
        text = self.cleaned_data["markdown"].replace("\r\n", "\n")
        if not text.strip():
            raise forms.ValidationError(self.fields["markdown"].error_messages["required"])
        if text == self.initial["markdown"]:
            raise forms.ValidationError("This text stands there already. Change it, or go back.")
        return text


class _Line(forms.CharField):
    """A text on one line, for a cell of the calendar's table."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(max_length=most, widget=UnfoldAdminTextInputWidget, **options)

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class PostForm(forms.Form):
    """One entry of a calendar; one that is left blank is none."""

    date = forms.DateField(input_formats=["%Y-%m-%d"], widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    platform = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    theme = _Line(120)
    format = _Line(60)
    hook = _Line(1000)
    caption = forms.CharField(max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    call_to_action = _Line(200)

    def __init__(self, *arguments: Any, frame: CalendarFrame, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.frame = frame
        self.fields["platform"].choices = [("", "–"), *((name, name) for name in frame.platforms)]

    def clean_date(self) -> Any:
        day, frame = self.cleaned_data["date"], self.frame
        if frame.first and frame.last and not frame.first <= day <= frame.last:
            raise forms.ValidationError(f"The plan runs from {frame.first:%-d %B %Y} to {frame.last:%-d %B %Y}.")
        return day

    def clean_caption(self) -> str:
        return self.cleaned_data["caption"].replace("\r\n", "\n")


class _Posts(forms.BaseFormSet):
    """The entries of a calendar: as many as were sent, none of them taken as stored already."""

    deletion_widget = UnfoldBooleanWidget

    def initial_form_count(self) -> int:
        return 0

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this entry"

    def filled(self) -> list[forms.Form]:
        """Return the entries that are to stay."""
        return [form for form in self.forms if form.has_changed() and not self._should_delete_form(form)]

    def clean(self) -> None:
        days = Counter(form.cleaned_data["date"] for form in self.filled() if form.cleaned_data.get("date"))
        twice = ", ".join(f"{day:%-d %B}" for day, count in sorted(days.items()) if count > 1)
        if twice:
            raise forms.ValidationError(f"A day has one entry. Two or more stand on: {twice}.")
        if not self.filled():
            raise forms.ValidationError("A calendar cannot be empty. Keep an entry.")


PostFormSet = forms.formset_factory(
    PostForm, formset=_Posts, can_delete=True, max_num=MOST_POSTS, absolute_max=MOST_POSTS + 1, validate_max=True
)


class CalendarForm(forms.Form):
    """Asks for the entries of a calendar (`posts`, which are forms), and why it changes."""

    use_required_attribute = False

    reason = _reason("calendar")

    def __init__(self, *arguments: Any, posts: _Posts, old: Sequence[CalendarItem], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = posts
        self.old = tuple(old)

    @classmethod
    def of(cls, old: Sequence[CalendarItem], frame: CalendarFrame, sent: QueryDict) -> Self:
        """Make the form for a calendar: judged where it is to be saved or looked at, else filled in without a verdict.

        One more blank entry stands at the end where that was asked for.
        """
        wishes = {"prefix": "posts", "form_kwargs": {"frame": frame}}
        if "save" in sent or "look" in sent:
            return cls(sent, posts=PostFormSet(sent, **wishes), old=old)
        is_blank_wanted = "add" in sent
        rows = _rows_sent(PostFormSet(sent, **wishes)) if is_blank_wanted else [_row(post) for post in old]
        posts = PostFormSet(initial=rows, **wishes)
        posts.extra = len(rows) + is_blank_wanted
        return cls(initial={"reason": sent.get("reason", "")}, posts=posts, old=old)

    @property
    def calendar(self) -> tuple[CalendarItem, ...]:
        """The calendar that was sent, in the order of its days; for entries that are valid."""
        fields = CalendarItem.model_fields
        posts = (CalendarItem(**{name: form.cleaned_data[name] for name in fields}) for form in self.posts.filled())
        return tuple(sorted(posts, key=lambda post: post.date))

    def is_valid(self) -> bool:
        is_valid = super().is_valid()
        return self.is_bound and self.posts.is_valid() and is_valid

    def clean(self) -> dict[str, Any]:
        if self.posts.is_valid() and self.calendar == self.old:
            raise forms.ValidationError("This calendar stands there already. Change it, or go back.")
        return super().clean()


def _row(post: CalendarItem) -> dict[str, str]:
    return post.model_dump(mode="json")


def _rows_sent(posts: _Posts) -> list[Mapping[str, str]]:
    """Return what was typed into the entries, those to be removed left out."""
    names = CalendarItem.model_fields
    if not posts.management_form.is_valid():
        return []
    kept = (form for form in posts.forms if not form["DELETE"].value())
    rows = ({name: form[name].value() or "" for name in names} for form in kept)
    return [row for row in rows if any(row.values())]
