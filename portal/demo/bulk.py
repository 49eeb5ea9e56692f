"""x"""


def load(*a, **k): ...
