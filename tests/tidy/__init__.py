"""Tests of the code itself: the house rules that no linter knows."""
