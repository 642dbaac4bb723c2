"""The API's roof: its addresses, its paging, and one place that answers refusals."""
