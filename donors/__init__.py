"""Donors, agreements, pledges, instalments, receipts, exchange and stop requests."""
