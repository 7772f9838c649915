"""The limits of link quality that hold in this installation: those of the project, and the operator's over them."""

import yaml

from linkage.quality import settings
from orchestration.failures import HulianError
from orchestration.home import Home

FILE = "link_limits.yaml"


def load(home: Home) -> dict[str, float]:
    """Limit name → value. HulianError when `settings/link_limits.yaml` names a limit that does not exist or no number."""
    limits: dict[str, float] = dict(settings()["limits"])
    file = home.settings / FILE
    if not file.exists():
        return limits
    own = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    if not isinstance(own, dict):
        raise HulianError(f"settings/{FILE}: a mapping of limits is needed")
    for name, value in own.items():
        if name not in limits:
            raise HulianError(
                f"settings/{FILE}: there is no limit {name}; known: {', '.join(sorted(limits))}"
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise HulianError(f"settings/{FILE}: {name} is no number")
        limits[name] = float(value)
    return limits
