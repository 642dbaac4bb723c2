"""Seats, rules of procedure, motions, ballots, recusals and decisions. It knows no money."""
