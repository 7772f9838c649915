"""Where this installation stands: province and county, which choose among the values of effective-dated parameters.

Operators write `settings/place.yaml` (`province: …`, `county: …`) in the words of `expectations/parameters.yaml`;
without the file the defaults hold. Which values there are is not decided here.
"""

from datetime import date

import yaml

from expectations.parameters import ANYWHERE, Parameters, Place, resolve
from orchestration.failures import HulianError
from orchestration.home import Home

FILE = "place.yaml"
_KEYS = ("province", "county")


def load(home: Home) -> Place:
    """The installation's place; HulianError when `settings/place.yaml` holds anything but a province and a county."""
    file = home.settings / FILE
    if not file.exists():
        return ANYWHERE
    try:
        own = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError:
        raise HulianError(f"settings/{FILE} is not YAML: province: …, county: …") from None
    if not isinstance(own, dict) or not set(own) <= set(_KEYS):
        raise HulianError(f"settings/{FILE}: only province and county may stand there")
    for name, value in own.items():
        if not isinstance(value, str):
            raise HulianError(f"settings/{FILE}: {name} is no text; put it in quotes")
    if "county" in own and "province" not in own:
        raise HulianError(f"settings/{FILE}: a county needs its province")
    return Place(own.get("province"), own.get("county"))


def parameters_on(home: Home, run_date: date) -> Parameters:
    """Parameters in force on a day in this installation's place."""
    return resolve(run_date, load(home))
