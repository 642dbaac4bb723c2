"""Who is on a sanctions list, whom the fund pays, and whether the two are the same."""
