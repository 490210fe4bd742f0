"""Asks the questions of a design, one by one, and keeps every answer in a file."""
