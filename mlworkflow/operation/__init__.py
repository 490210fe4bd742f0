"""How a design is run: who is called for which alert, what is rehearsed, what a step reaches, how mature it is."""
