"""Everything that can happen to programmes, proposals, tranches and payments; one module a noun."""
