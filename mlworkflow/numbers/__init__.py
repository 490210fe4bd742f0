"""The arithmetic of an ML design, as pure functions of plain numbers."""
