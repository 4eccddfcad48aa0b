from django.urls import path

from joinus.home import public
from joinus.home.style import style
from joinus.home.views import closing, file, post, retention, today

app_name = "home"

urlpatterns = [
    path("", today.start, name="start"),
    path("hoe-het-werkt/", public.how_it_works, name="how_it_works"),
    path("voor-ouders/", public.for_parents, name="for_parents"),
    path("voor-ouders/brochure/", public.brochure, name="brochure"),
    path("voor-ouders/brochure.pdf", public.brochure_pdf, name="brochure_pdf"),
    path("voor-professionals/", public.for_professionals, name="for_professionals"),
    path("voor-professionals/gesprekskaart/", public.talk_aid, name="talk_aid"),
    path("privacy/", public.privacy, name="privacy"),
    path("toegankelijkheid/", public.accessibility, name="accessibility"),
    path("style/", style, name="style"),
    path("style/<slug:sample>/", style, name="style_sample"),
    path("bewaartermijnen/", retention.retention, name="retention"),
    path("vandaag/", today.today, name="today"),
    path("deelnemers/<uuid:trajectory_id>/", file.file, name="file"),
    path("deelnemers/<uuid:trajectory_id>/verloop/", file.whole_time_line, name="time_line"),
    path("deelnemers/<uuid:trajectory_id>/afsluiten/", closing.close, name="close"),
    path("berichten/", post.messages, name="messages"),
    path("berichten/<uuid:message_id>/", post.message, name="message"),
    path("berichten/<uuid:message_id>/klaar/", post.settle_message, name="settle_message"),
]
