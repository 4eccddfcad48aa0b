from django.urls import path

from groups.activities.plans import write_plan
from groups.activities.views import funding, ideas, my_meeting, stops
from groups.evenings.views import closing, first_evening, plan, told
from groups.farewell.views import own as farewell_own
from groups.farewell.views import round as farewell_round
from groups.farewell.views import worker as farewell
from groups.goodbye.views import leaving, stopping
from groups.logbook.views import logbook
from groups.room.views import chat, moderating
from groups.room.views import own as in_room
from groups.seats.views import group, moving, placing, role_models
from groups.seats.views import own as own_wish
from groups.sheet import api
from groups.sheet.calls import views as calls
from groups.sheet.views import beside, correction, offline, sheet
from groups.sheet.views import help_card as help_views
from groups.year_plan import views as year_plan

app_name = "groups"

#: Who writes down what a group does, for the page that changes a meeting.
PLANNED_BY = {"write_plan": write_plan}

urlpatterns = [
    path("groepen/", group.groups, name="list"),
    path("groepen/<uuid:group_id>/", group.group, name="group"),
    path("groepen/<uuid:group_id>/plannen/", year_plan.plan, name="plan"),
    path("groepen/<uuid:group_id>/dag-en-tijd/", year_plan.rhythm, name="rhythm"),
    path("groepen/<uuid:group_id>/de-deur/", first_evening.door, name="door"),
    path("eerste-avond/", first_evening.first_evening, name="first_evening"),
    path(
        "eerste-avond/de-deur/<uuid:picture_id>/", first_evening.door_picture, name="door_picture"
    ),
    path("agenda/", plan.calendar, name="calendar"),
    path("agenda/in-mijn-agenda/", year_plan.own_feed, name="own_feed"),
    path("agenda/abonnement/<str:token>.ics", year_plan.feed, name="feed"),
    path("avonden/<uuid:meeting_id>/agenda.ics", year_plan.in_calendar, name="in_calendar"),
    path("avonden/<uuid:meeting_id>/", sheet.meeting, name="meeting"),
    path("avonden/<uuid:meeting_id>/iedereen/", sheet.everyone, name="everyone"),
    path("avonden/<uuid:meeting_id>/nu-al/", sheet.early, name="early"),
    path("avonden/<uuid:meeting_id>/afsluiten/", closing.close, name="close"),
    path("avonden/<uuid:meeting_id>/weer-open/", closing.open_again, name="open_again"),
    path("avonden/<uuid:meeting_id>/ongedaan/", sheet.take_back, name="undo"),
    path("avonden/<uuid:meeting_id>/nu/", sheet.now, name="meeting_now"),
    path("avonden/<uuid:meeting_id>/gasten/", beside.guests, name="guests"),
    path("avonden/<uuid:meeting_id>/iemand-erbij/", beside.walk_in, name="walk_in"),
    path(
        "avonden/<uuid:meeting_id>/bezoek/<uuid:visitor_id>/weg/",
        beside.not_here,
        name="visitor_off",
    ),
    path("avonden/<uuid:meeting_id>/hulp/", help_views.help_card, name="help"),
    path("avonden/<uuid:meeting_id>/hulp/regel/", help_views.timed_line, name="timed_line"),
    path(
        "avonden/<uuid:meeting_id>/hulp/noodcontacten/",
        help_views.emergency_contacts,
        name="emergency_contacts",
    ),
    path("avonden/<uuid:meeting_id>/wijzigen/", plan.change, PLANNED_BY, name="change"),
    path("avonden/<uuid:meeting_id>/gaat-niet-door/", plan.cancel, name="cancel"),
    path("avonden/<uuid:meeting_id>/wie-weet-het/", told.told, name="told"),
    path(
        "avonden/<uuid:meeting_id>/wie-weet-het/<uuid:notice_id>/", told.tell_one, name="tell_one"
    ),
    path(
        "avonden/<uuid:meeting_id>/terugnemen/<uuid:change_id>/",
        told.take_back_change,
        name="take_back_change",
    ),
    path("avonden/<uuid:meeting_id>/logboek/", logbook.logbook, name="logbook"),
    path("avonden/<uuid:meeting_id>/logboek/nu/", logbook.now, name="logbook_now"),
    path("avonden/<uuid:meeting_id>/logboek/papier/", logbook.on_paper, name="logbook_on_paper"),
    path("avonden/<uuid:meeting_id>/logboek/opslaan/", logbook.save, name="logbook_save"),
    path("avonden/<uuid:meeting_id>/<uuid:trajectory_id>/", sheet.person, name="person"),
    path("avonden/<uuid:meeting_id>/<uuid:trajectory_id>/tik/", sheet.tap, name="tap"),
    path("api/v1/meetings/<uuid:meeting_id>/attendance", api.attendance, name="attendance_api"),
    path("api/v1/meetings/<uuid:meeting_id>/lines", api.lines, name="lines_api"),
    path("sw.js", offline.worker_script, name="worker_script"),
    path("zonder-verbinding/", offline.no_connection, name="no_connection"),
    path(
        "avonden/<uuid:meeting_id>/<uuid:trajectory_id>/eerder-weg/",
        beside.left_early,
        name="left_early",
    ),
    path(
        "avonden/<uuid:meeting_id>/<uuid:trajectory_id>/corrigeren/",
        correction.correct,
        name="correct",
    ),
    path("avonden/<uuid:meeting_id>/<uuid:trajectory_id>/bellen/", calls.call, name="call"),
    path("avonden/<uuid:meeting_id>/<uuid:trajectory_id>/gebeld/", calls.called, name="called"),
    path(
        "avonden/<uuid:meeting_id>/<uuid:trajectory_id>/niet-gebeld/",
        calls.not_called,
        name="not_called",
    ),
    path("deelnemers/<uuid:trajectory_id>/uitnodigen/", placing.invite, name="invite"),
    path("deelnemers/<uuid:trajectory_id>/andere-groep/", moving.change_group, name="move"),
    path("deelnemers/<uuid:trajectory_id>/voorbeeld/", role_models.note, name="role_model"),
    path("deelnemers/<uuid:trajectory_id>/afscheid/", leaving.leave, name="leave"),
    path("deelnemers/<uuid:trajectory_id>/terugdraaien/", leaving.reopen, name="reopen"),
    path("kennismaking/<uuid:placement_id>/", placing.trial, name="trial"),
    path("mijn-avond/<uuid:meeting_id>/", my_meeting.my_meeting, name="my_meeting"),
    path("mijn-avond/<uuid:meeting_id>/ik-kan-niet/", my_meeting.absent, name="absent"),
    path("groepen/<uuid:group_id>/ideeen/", ideas.ideas, name="ideas"),
    path("ideeen/<uuid:activity_id>/", ideas.idea, name="idea"),
    path("ideeen/<uuid:activity_id>/vragen/", ideas.questions, name="idea_questions"),
    path("ideeen/<uuid:activity_id>/wanneer/", ideas.when, name="idea_when"),
    path("ideeen/<uuid:activity_id>/te-duur/", funding.too_expensive, name="too_expensive"),
    path("groepen/<uuid:group_id>/bijdragen/", funding.register, name="fundings"),
    path("bijdragen/<uuid:funding_id>/", funding.request_of, name="funding"),
    path("avonden/<uuid:meeting_id>/onderweg/", stops.stops, name="stops"),
    path("plekken/<uuid:placement_id>/groepsapp/", chat.chat, name="chat"),
    path("groepen/<uuid:group_id>/groepsapp/", chat.group_chat, name="group_chat"),
    path("groepen/<uuid:group_id>/forum/", moderating.room, name="room"),
    path(
        "groepen/<uuid:group_id>/forum/<uuid:topic_id>/", moderating.room_topic, name="room_topic"
    ),
    path("forum/<uuid:post_id>/", moderating.room_post, name="room_post"),
    path("groep/", in_room.mine, name="mine"),
    path("groep/nieuw/", in_room.new_topic, name="new_topic"),
    path("groep/<uuid:topic_id>/", in_room.topic, name="topic"),
    path("groep/<uuid:topic_id>/wegvouwen/", in_room.fold_topic, name="fold_topic"),
    path("groep/bericht/<uuid:post_id>/", in_room.post, name="post"),
    path("groep/bericht/<uuid:post_id>/melden/", in_room.report, name="report"),
    path("groep/bericht/<uuid:post_id>/wegvouwen/", in_room.fold_person, name="fold_person"),
    path("kennismaken/", own_wish.wish, name="wish"),
    path("stoppen/", stopping.stop, name="stop"),
    path("deelnemers/<uuid:trajectory_id>/kaart/", farewell.farewell, name="farewell"),
    path(
        "deelnemers/<uuid:trajectory_id>/kaart/kaart.pdf", farewell.printed, name="farewell_printed"
    ),
    path("kaart/tekst/<uuid:text_id>/", farewell.judge, name="farewell_judge"),
    path("kaart/<uuid:card_id>/", farewell_own.write, name="farewell_write"),
    path("kaart/rond/<page:page>/", farewell_round.goes_round, name="farewell_round"),
    path("kaart/voor-jou/", farewell_own.yours, name="farewell_yours"),
    path("kaart/voor-jou/kaart.pdf", farewell_own.yours_printed, name="farewell_yours_printed"),
    path("andere-groep/<uuid:move_id>/", moving.own_move, name="own_move"),
    path("voorbeeld/<uuid:role_model_id>/", role_models.rather_not, name="rather_not"),
    path("voorbeeld/<uuid:role_model_id>/gehoord/", role_models.ended, name="role_model_ended"),
    path("overstap/<uuid:move_id>/", moving.outside, name="move_outside"),
    path("overstap/<uuid:move_id>/gehoord/", moving.outcome, name="move_outcome"),
    path("overstap/<uuid:move_id>/welkom/", moving.seen, name="move_seen"),
]
