"""What can be asked of programmes, proposals, tranches, payments and the pooled fund; one module a noun."""
