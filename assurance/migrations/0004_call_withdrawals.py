"""One kind of paper more: that a call was withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assurance', '0003_papers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='statement',
            name='a_statement_is_of_a_known_kind',
        ),
        migrations.RemoveConstraint(
            model_name='statement',
            name='what_a_donor_reads_names_the_donor',
        ),
        migrations.RemoveConstraint(
            model_name='statement',
            name='a_paper_is_about_something_in_a_version',
        ),
        migrations.AlterField(
            model_name='statement',
            name='kind',
            field=models.CharField(choices=[('sources_and_uses', 'Sources and uses of funds'), ('donor_account', 'Statement of account'), ('monthly_audit', 'Monthly audit report'), ('receipt', 'Acknowledgement of a receipt'), ('receipt_cancelled', 'Cancellation of an acknowledgement'), ('call_notice', 'Call notice'), ('call_withdrawn', 'Withdrawal of a call notice'), ('minutes', 'Minutes of a meeting'), ('decision', 'Decision of the committee')], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sources_and_uses', 'donor_account', 'monthly_audit', 'receipt', 'receipt_cancelled', 'call_notice', 'call_withdrawn', 'minutes', 'decision'])), name='a_statement_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['donor_account', 'receipt', 'receipt_cancelled', 'call_notice', 'call_withdrawn']), ('donor__isnull', False)), models.Q(models.Q(('kind__in', ['donor_account', 'receipt', 'receipt_cancelled', 'call_notice', 'call_withdrawn']), _negated=True), ('donor__isnull', True)), _connector='OR'), name='what_a_donor_reads_names_the_donor'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['receipt', 'receipt_cancelled', 'call_notice', 'call_withdrawn', 'minutes', 'decision']), ('subject__isnull', False), ('version__gte', 1)), models.Q(models.Q(('kind__in', ['receipt', 'receipt_cancelled', 'call_notice', 'call_withdrawn', 'minutes', 'decision']), _negated=True), ('subject', None), ('version', 0)), _connector='OR'), name='a_paper_is_about_something_in_a_version'),
        ),
    ]
