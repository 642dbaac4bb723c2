"""Addresses of the mail log."""

from django.urls import path

from trustfund.notices import views

app_name = "notices"
urlpatterns = [path("", views.mail_log, name="log")]
