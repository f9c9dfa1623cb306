"""Tests of the checks on an array."""
