"""The addresses of what programmes are beside their money, all inside the namespace of disbursements."""

from django.urls import path

from disbursements.views import amendments, organisations, partner, results, reviews, suspensions

urlpatterns = [
    path("mine/", partner.mine, name="mine"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation_detail, name="organisation"),
    path("organisations/<uuid:organisation_id>/assess/", organisations.assess_organisation, name="assess_organisation"),
    path("organisations/<uuid:organisation_id>/channel/", organisations.record_channel, name="record_channel"),
    path("assessments/<uuid:assessment_id>/paper/", organisations.assessment_paper, name="assessment_paper"),
    path("programmes/<uuid:programme_id>/results/", results.results, name="results"),
    path("programmes/<uuid:programme_id>/results/csv/", results.results_csv, name="results_csv"),
    path("programmes/<uuid:programme_id>/results/xlsx/", results.results_xlsx, name="results_xlsx"),
    path("programmes/<uuid:programme_id>/results/report/", results.report_results, name="report_results"),
    path("programmes/<uuid:programme_id>/results/evidence/", results.submit_evidence, name="submit_evidence"),
    path("programmes/<uuid:programme_id>/results/indicator/", results.set_indicator, name="set_indicator"),
    path("programmes/<uuid:programme_id>/describe/", results.describe_programme, name="describe_programme"),
    path("programmes/<uuid:programme_id>/partners/", results.add_partner, name="add_partner"),
    path("programmes/<uuid:programme_id>/suspend/", suspensions.ask_to_suspend, name="ask_to_suspend"),
    path("implementing-partners/<uuid:partner_id>/end/", results.end_partner, name="end_partner"),
    path("evidence/<uuid:evidence_id>/", results.evidence_file, name="evidence_file"),
    path("suspended/", suspensions.suspension_list, name="suspensions"),
    path("suspended/<uuid:suspension_id>/resume/", suspensions.ask_to_resume, name="ask_to_resume"),
    path("suspended/<uuid:suspension_id>/answer/", suspensions.carry_out, name="carry_out_suspension"),
    path("tranches/<uuid:tranche_id>/release/", suspensions.ask_to_release, name="ask_to_release"),
    path("tranches/<uuid:tranche_id>/released/", suspensions.carry_out_release, name="carry_out_release"),
    path("proposals/<uuid:proposal_id>/change/", amendments.ask_to_amend, name="ask_to_amend"),
    path("amendments/<uuid:amendment_id>/answer/", amendments.carry_out_amendment, name="carry_out_amendment"),
    path("proposals/<uuid:proposal_id>/score/", reviews.score_proposal, name="score_proposal"),
    path("proposals/<uuid:proposal_id>/compliance/", reviews.file_compliance, name="file_compliance"),
    path("compliance/<uuid:paper_id>/", reviews.compliance_paper, name="compliance_paper"),
]
