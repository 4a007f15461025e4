"""The portal's API: what the client answers, and the briefs that were made of it."""

from apps.onboarding.rest.briefs import Briefs
from apps.onboarding.rest.intakes import Intakes

__all__ = ["Briefs", "Intakes"]
