from django.urls import path

from joinus.home.closing import views as closing
from joinus.home.file import views as file
from joinus.home.post import views as post
from joinus.home.public import views as public
from joinus.home.retention import views as retention
from joinus.home.search import views as search
from joinus.home.start import views as today
from joinus.home.style import style
from joinus.home.thread import views as thread

app_name = "home"

urlpatterns = [
    path("", today.start, name="start"),
    path("hoe-het-werkt/", public.how_it_works, name="how_it_works"),
    path("voor-ouders/", public.for_parents, name="for_parents"),
    path("voor-ouders/brochure/", public.brochure, name="brochure"),
    path("voor-ouders/brochure.pdf", public.brochure_pdf, name="brochure_pdf"),
    path("voor-ouders/gegevens/", public.privacy_of_parents, name="privacy_of_parents"),
    path("voor-professionals/", public.for_professionals, name="for_professionals"),
    path("voor-professionals/gesprekskaart/", public.talk_aid, name="talk_aid"),
    path("privacy/", public.privacy, name="privacy"),
    path("toegankelijkheid/", public.accessibility, name="accessibility"),
    path("style/", style, name="style"),
    path("style/<slug:sample>/", style, name="style_sample"),
    path("bewaartermijnen/", retention.retention, name="retention"),
    path("vandaag/", today.today, name="today"),
    path("vandaag/wat-wacht/", today.waiting, name="waiting"),
    path("zoeken/", search.search, name="search"),
    path("groepen/<uuid:group_id>/signalen/<slug:kind>/gezien/", today.see, name="sign_seen"),
    path(
        "groepen/<uuid:group_id>/signalen/<slug:kind>/toch-tonen/",
        today.show_again,
        name="sign_shown",
    ),
    path("deelnemers/<uuid:trajectory_id>/", file.file, name="file"),
    path("deelnemers/<uuid:trajectory_id>/verloop/", file.whole_time_line, name="time_line"),
    path("deelnemers/<uuid:trajectory_id>/persoon/", file.details, name="details"),
    path("deelnemers/<uuid:trajectory_id>/draad/", thread.thread, name="thread"),
    path("deelnemers/<uuid:trajectory_id>/afsluiten/", closing.close, name="close"),
    path("berichten/", post.messages, name="messages"),
    path("berichten/<uuid:message_id>/", post.message, name="message"),
    path("berichten/<uuid:message_id>/klaar/", post.settle_message, name="settle_message"),
]
