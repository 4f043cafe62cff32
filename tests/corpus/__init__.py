"""Tests that hold the package against pages and answers of others."""
