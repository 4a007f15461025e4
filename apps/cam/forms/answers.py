"""An answer to a reply, as a form."""

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.cam.rules.templates import MOST_CHARACTERS


class AnswerForm(forms.Form):
    """Asks what to say to somebody who wrote to us; what may be said is for the service to say, field by field."""

    subject = forms.CharField(max_length=1000, required=False, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(
        max_length=2 * MOST_CHARACTERS,
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text="As it goes out. A postal address and a way to be left alone are put beneath it.",
    )
