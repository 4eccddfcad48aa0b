"""What lies under the behaviour: two mechanisms, in the words of the method (R-151, R-155)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mechanism(models.TextChoices):
    """*Not able* or *not daring*. For youth workers only: no page of a young person names it."""

    SKILLS = "social_skills_deficit", _("does not know how (not able)")
    COGNITIONS = "negative_cognitions", _("expects it to go wrong (not daring)")
