from apps.client_review.forms.desk import DecisionForm
from apps.client_review.forms.portal import ChangesForm, CommentForm, VerdictForm

__all__ = ["ChangesForm", "CommentForm", "DecisionForm", "VerdictForm"]
