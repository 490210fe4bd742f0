"""Designs machine-learning systems: answers in, an explained architecture document out."""

__version__ = "0.1.0"
