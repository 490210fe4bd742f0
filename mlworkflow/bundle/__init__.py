"""The companions of the document: every file that a team works with, made from one design."""
