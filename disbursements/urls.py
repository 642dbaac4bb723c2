"""The addresses of programmes and proposals, and those of payments beside them."""

from django.urls import path

from disbursements.exemption_urls import urlpatterns as exemption_urls
from disbursements.payment_urls import urlpatterns as payment_urls
from disbursements.programme_urls import urlpatterns as programme_urls
from disbursements.report_urls import urlpatterns as report_urls
from disbursements.views import drafts, programmes, proposal_steps, proposals

app_name = "disbursements"
urlpatterns = [
    path("organisations/", programmes.organisation_list, name="organisations"),
    path("organisations/new/", programmes.register_organisation, name="register_organisation"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/new/", programmes.new_programme, name="new_programme"),
    path("programmes/<uuid:programme_id>/", programmes.programme_detail, name="programme"),
    path("programmes/<uuid:programme_id>/propose/", drafts.new_proposal, name="new_proposal"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/csv/", proposals.proposals_csv, name="proposals_csv"),
    path("proposals/figures/", drafts.check_figures, name="check_figures"),
    path("proposals/<uuid:proposal_id>/", proposals.proposal_detail, name="proposal"),
    path("proposals/<uuid:proposal_id>/versions/<int:number>/", proposals.proposal_version, name="proposal_version"),
    path("proposals/<uuid:proposal_id>/amend/", drafts.amend_proposal, name="amend_proposal"),
    path("proposals/<uuid:proposal_id>/submit/", drafts.submit_proposal, name="submit_proposal"),
    path("proposals/<uuid:proposal_id>/review/", proposal_steps.begin_review, name="review_proposal"),
    path("proposals/<uuid:proposal_id>/table/", proposal_steps.table_proposal, name="table_proposal"),
    path("proposals/<uuid:proposal_id>/withdraw/", proposal_steps.withdraw_proposal, name="withdraw_proposal"),
    path("proposals/<uuid:proposal_id>/outcome/", proposal_steps.record_outcome, name="record_outcome"),
    path("proposals/<uuid:proposal_id>/approve/", proposal_steps.approve_proposal, name="approve_proposal"),
    path("tranches/<uuid:tranche_id>/condition/", proposal_steps.mark_condition_met, name="mark_condition_met"),
    *exemption_urls,
    *programme_urls,
    *payment_urls,
    *report_urls,
]
