"""Lets `python -m mlworkflow` run the program."""

from mlworkflow.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
