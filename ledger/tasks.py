"""What the books need done by themselves."""

from ledger import operations
from trustfund.core.tasks import task


@task(name="ledger.seal_books")
def seal_books() -> None:
    """Seal what is finished. Run twice or at once by two workers, it seals each entry once."""
    operations.seal_books()
