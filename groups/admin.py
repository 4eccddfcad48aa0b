"""School holidays: a new school year is added here, or one that changed is put right."""

from django.contrib import admin

from core.administration import ReferenceAdmin, site
from groups.models import SchoolHoliday


@admin.register(SchoolHoliday, site=site)
class SchoolHolidayAdmin(ReferenceAdmin):
    list_display = ("name", "region", "first_day", "last_day", "source")
    list_filter = ("region",)
    date_hierarchy = "first_day"
