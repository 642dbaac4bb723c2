"""The addresses of reports and closures, inside the namespace of disbursements."""

from django.urls import path

from disbursements.views import closures, offsets, reports

urlpatterns = [
    path("reports/", reports.report_list, name="reports"),
    path("reports/csv/", reports.reports_csv, name="reports_csv"),
    path("reports/xlsx/", reports.reports_xlsx, name="reports_xlsx"),
    path("reports/<uuid:report_id>/", reports.report_detail, name="report"),
    path("reports/<uuid:report_id>/review/", reports.review_report, name="review_report"),
    path("programmes/<uuid:programme_id>/reports/<slug:kind>/", reports.new_report, name="new_report"),
    path("closures/", closures.closure_list, name="closures"),
    path("closures/csv/", closures.closures_csv, name="closures_csv"),
    path("closures/xlsx/", closures.closures_xlsx, name="closures_xlsx"),
    path("closures/<uuid:programme_id>/", closures.closure_detail, name="closure"),
    path("closures/<uuid:programme_id>/offset/", offsets.new_offset, name="new_offset"),
    path("closures/<uuid:programme_id>/<slug:step>/", closures.closure_step, name="closure_step"),
    path("offsets/<uuid:offset_id>/", offsets.offset_detail, name="offset"),
]
