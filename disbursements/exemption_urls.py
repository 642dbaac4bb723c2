"""The addresses of exemptions, shipments and goods, all inside the namespace of disbursements."""

from django.urls import path

from disbursements.views import exemption_requests, exemptions, goods, shipments

urlpatterns = [
    path("exemptions/", exemptions.exemption_list, name="exemptions"),
    path("exemptions/csv/", exemptions.exemptions_csv, name="exemptions_csv"),
    path("exemptions/xlsx/", exemptions.exemptions_xlsx, name="exemptions_xlsx"),
    path("exemptions/cleared/", exemptions.catalogue, name="catalogue"),
    path("exemptions/cleared/csv/", exemptions.catalogue_csv, name="catalogue_csv"),
    path("exemptions/cleared/xlsx/", exemptions.catalogue_xlsx, name="catalogue_xlsx"),
    path("exemptions/<uuid:exemption_id>/", exemptions.exemption_detail, name="exemption"),
    path("exemptions/<uuid:exemption_id>/change/", exemption_requests.change_exemption, name="change_exemption"),
    path("exemptions/<uuid:exemption_id>/revoke/", exemptions.revoke_exemption, name="revoke_exemption"),
    path("exemptions/<uuid:exemption_id>/ship/", shipments.plan_shipment, name="plan_shipment"),
    path("exemptions/<uuid:exemption_id>/ship/ask/", shipments.ask_to_ship, name="ask_to_ship"),
    path("exemptions/letters/<uuid:letter_id>/", exemptions.letter_paper, name="letter_paper"),
    path("exemptions/requests/<uuid:asked_id>/", exemption_requests.request_detail, name="exemption_request"),
    path("exemptions/requests/<uuid:asked_id>/letter/", exemption_requests.record_letter, name="record_letter"),
    path("exemptions/requests/<uuid:asked_id>/end/", exemption_requests.end_request, name="end_request"),
    path("programmes/<uuid:programme_id>/exemption/", exemption_requests.request_exemption, name="request_exemption"),
    path("shipments/<uuid:shipment_id>/left/", shipments.send_off, name="send_off_shipment"),
    path("shipments/<uuid:shipment_id>/arrived/", shipments.land, name="land_shipment"),
    path("shipments/<uuid:shipment_id>/call-off/", shipments.call_off, name="call_off_shipment"),
    path("shipments/<uuid:shipment_id>/ask/", shipments.ask_to_land, name="ask_to_land"),
    path("exemptions/overrides/<uuid:override_id>/", shipments.override_detail, name="override"),
    path("exemptions/overrides/<uuid:override_id>/answer/", shipments.carry_out_override, name="carry_out_override"),
    path("tranches/<uuid:tranche_id>/goods/", goods.goods, name="goods"),
    path("tranches/<uuid:tranche_id>/goods/none/", goods.declare_none, name="declare_no_goods"),
    path("tranches/<uuid:tranche_id>/goods/<uuid:exemption_id>/", goods.declare, name="declare_goods"),
    path("goods/<uuid:declaration_id>/agree/", goods.agree, name="sign_off_goods"),
    path("goods/<uuid:declaration_id>/ask/", goods.ask_to_pay, name="ask_to_pay"),
]
