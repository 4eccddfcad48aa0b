from django.urls import path

from challenges.hypotheses import views as thinking
from challenges.observations import views as observing
from challenges.preparing import views as preparing
from challenges.register.practising import views as practising
from challenges.register.views import own, staff
from challenges.support import views as support
from challenges.talks import views as talks
from challenges.thread import views as thread

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", own.mine, name="mine"),
    path("mijn-challenge/kiezen/", own.choose, name="choose"),
    path("mijn-challenge/gedurfd/", practising.dared, name="dared"),
    path("mijn-challenge/oefening/<uuid:note_id>/", practising.note, name="practice_note"),
    path("mijn-challenge/<uuid:challenge_id>/", own.own, name="own"),
    path("mijn-challenge/<uuid:challenge_id>/geoefend/", practising.practised, name="practised"),
    path("mijn-challenge/<uuid:challenge_id>/klaar/", practising.finish, name="finish"),
    path("groep/challenges/", own.of_peers, name="of_peers"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", staff.of_stay, name="of_stay"),
    path("deelnemers/<uuid:trajectory_id>/challenge-gesprek/", talks.talk, name="talk"),
    path(
        "deelnemers/<uuid:trajectory_id>/challenges/<uuid:challenge_id>/gesprek/",
        talks.evaluate,
        name="evaluate",
    ),
    path("groepen/<uuid:group_id>/challenges/", staff.of_group, name="of_group"),
    # what was seen
    path("deelnemers/<uuid:trajectory_id>/observatie/", observing.observe, name="observe"),
    path(
        "deelnemers/<uuid:trajectory_id>/observaties/", observing.observations, name="observations"
    ),
    path("groepen/<uuid:group_id>/observatie/", observing.observe_in, name="observe_in"),
    path("observaties/<uuid:observation_id>/", observing.observation, name="observation"),
    path("onthouden/", observing.remembered, name="remembered"),
    path("onthouden/<uuid:jotting_id>/", observing.jotting, name="jotting"),
    # the thread
    path("deelnemers/<uuid:trajectory_id>/draad/schuilnaam/", thread.discuss, name="discuss"),
    path("draad/<uuid:sharing_id>/", thread.under_another_name, name="under_another_name"),
    # what may lie under it
    path("deelnemers/<uuid:trajectory_id>/hypothesen/", thinking.hypotheses, name="hypotheses"),
    path(
        "deelnemers/<uuid:trajectory_id>/hypothesen/nieuw/",
        thinking.new_hypothesis,
        name="new_hypothesis",
    ),
    path("hypothesen/<uuid:hypothesis_id>/", thinking.hypothesis, name="hypothesis"),
    path("hypothesen/<uuid:hypothesis_id>/aanpassen/", thinking.change, name="change_hypothesis"),
    path("hypothesen/<uuid:hypothesis_id>/anders/", thinking.instead, name="instead"),
    # preparing a meeting, and support
    path("avonden/<uuid:meeting_id>/voorbereiding/", preparing.preparation, name="preparation"),
    path(
        "avonden/<uuid:meeting_id>/voorbereiding/nu/",
        preparing.preparation_now,
        name="preparation_now",
    ),
    path(
        "avonden/<uuid:meeting_id>/voorbereiding/papier/",
        preparing.preparation_on_paper,
        name="preparation_on_paper",
    ),
    path(
        "avonden/<uuid:meeting_id>/ondersteuning/<uuid:trajectory_id>/",
        support.support_at,
        name="support_at",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ondersteuning/",
        support.support_of_stay,
        name="support_of_stay",
    ),
    path("ondersteuningsvormen/", support.support_forms, name="support_forms"),
    path("ondersteuningsvormen/<slug:form_key>/", support.support_form, name="support_form"),
]
