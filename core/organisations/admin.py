"""The map that everybody shares. Organisations, locations and groups have their own pages."""

from django.contrib import admin

from core.administration import ReferenceAdmin, site
from core.organisations.models import Municipality, PostalArea, Region, SchoolHoliday

site.register(Region, ReferenceAdmin)


@admin.register(Municipality, site=site)
class MunicipalityAdmin(ReferenceAdmin):
    list_display = (
        "name",
        "cbs_code",
        "province",
        "region",
        "valid_from",
        "valid_until",
        "successor",
    )
    list_select_related = ("region", "successor")
    search_fields = ("name", "cbs_code")
    autocomplete_fields = ("successor",)


@admin.register(PostalArea, site=site)
class PostalAreaAdmin(ReferenceAdmin):
    list_display = ("pc4", "place", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("pc4", "place")
    autocomplete_fields = ("municipality",)


@admin.register(SchoolHoliday, site=site)
class SchoolHolidayAdmin(ReferenceAdmin):
    """A new school year is added here, or one that changed is put right."""

    list_display = ("name", "region", "first_day", "last_day", "source")
    list_filter = ("region",)
    date_hierarchy = "first_day"
