"""Addresses of the fund's position, of what is late and of what is expected."""

from django.urls import path

from continuity.views import arrears, inflows, position

app_name = "continuity"
urlpatterns = [
    path("", position.position, name="position"),
    path("position.csv", position.position_csv, name="position_csv"),
    path("arrears/", arrears.arrears, name="arrears"),
    path("arrears.csv", arrears.arrears_csv, name="arrears_csv"),
    path("arrears.xlsx", arrears.arrears_xlsx, name="arrears_xlsx"),
    path("inflows/", inflows.inflows, name="inflows"),
    path("inflows.csv", inflows.inflows_csv, name="inflows_csv"),
    path("inflows.xlsx", inflows.inflows_xlsx, name="inflows_xlsx"),
    path("inflows/haircut/", inflows.set_haircut, name="haircut"),
]
