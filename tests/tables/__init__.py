"""Tests of tables: grid, text, headers, kinds, score, use."""
