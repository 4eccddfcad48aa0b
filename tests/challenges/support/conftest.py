from tests.challenges.preparing.conftest import _built, _that_afternoon, scene

__all__ = ["_built", "_that_afternoon", "scene"]
