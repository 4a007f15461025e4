"""What somebody of a client's answers to a survey."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SurveyForm(forms.Form):
    """A number from 0 to 10, and why, in words."""

    score = forms.TypedChoiceField(
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a number from 0 to 10."),
            "invalid_choice": _("Choose a number from 0 to 10."),
        },
    )
    comment = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), label=_("Why this number?")
    )
