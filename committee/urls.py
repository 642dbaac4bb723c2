"""The addresses of the committee room."""

from django.urls import path

from committee import views

app_name = "committee"
urlpatterns = [
    path("", views.motions, name="motions"),
    path("decisions.csv", views.register, name="register"),
    path("decisions.xlsx", views.register_xlsx, name="register_xlsx"),
    path("decisions/<uuid:decision_id>/put-in-force/", views.put_in_force, name="put_in_force"),
    path("seats/", views.seats, name="seats"),
    path("seats/fill/", views.fill_seat, name="fill_seat"),
    path("seats/change/", views.propose_seat_change, name="propose_seat_change"),
    path("seats/vacate/", views.vacate_seat, name="vacate_seat"),
    path("rules/propose/", views.propose_rules, name="propose_rules"),
    path("auditors/", views.auditors, name="auditors"),
    path("auditors/nominate/", views.nominate_auditor, name="nominate_auditor"),
    path("interests/", views.interests, name="interests"),
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/call/", views.call_meeting, name="call_meeting"),
    path("meetings/request/", views.request_meeting, name="request_meeting"),
    path("meetings/requests/<uuid:request_id>/support/", views.support_meeting, name="support_meeting"),
    path("meetings/<uuid:meeting_id>/", views.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/open/", views.open_meeting, name="open_meeting"),
    path("meetings/<uuid:meeting_id>/postpone/", views.postpone_meeting, name="postpone_meeting"),
    path("meetings/<uuid:meeting_id>/agenda/", views.add_to_agenda, name="add_to_agenda"),
    path("meetings/<uuid:meeting_id>/attendance/", views.take_attendance, name="take_attendance"),
    path("meetings/<uuid:meeting_id>/close/", views.close_meeting, name="close_meeting"),
    path("<uuid:motion_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:motion_id>/cast/", views.cast, name="cast"),
    path("<uuid:motion_id>/keep/", views.keep_reason, name="keep_reason"),
    path("<uuid:motion_id>/recuse/", views.recuse, name="recuse"),
    path("<uuid:motion_id>/disclose/", views.disclose, name="disclose"),
    path("<uuid:motion_id>/open-vote/", views.open_vote, name="open_vote"),
    path("<uuid:motion_id>/close/", views.close, name="close"),
    path("<uuid:motion_id>/standing/", views.standing, name="standing"),
    path("receipts/<uuid:ballot_id>/", views.receipt, name="receipt"),
]
