"""A design is rehearsed: its stages, gates and handoffs run, a fault is injected, and what follows is measured."""
