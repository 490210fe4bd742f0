"""The least that anybody would write: answers in TOML, one Jinja template, a document on standard output."""

import sys
import tomllib

import jinja2

with open(sys.argv[1], encoding="utf-8") as file:
    template = jinja2.Environment(keep_trailing_newline=True).from_string(file.read())
with open(sys.argv[2], "rb") as file:
    answers = tomllib.load(file)
sys.stdout.write(template.render(a=answers))
