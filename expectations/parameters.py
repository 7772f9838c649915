"""Which value each parameter has on a run date, and the calendar that follows from it.

Here: choosing by date, province and county, the premium year, the school term, what a policy's gap is told with.
Not here: the values (`parameters.yaml`), where the installation stands (its own settings).
"""

from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from expectations.documents import HERE, Document, read

Value = bool | int | Decimal | str | date


@dataclass(frozen=True)
class Place:
    """Where a county stands, written as in `parameters.yaml`; a value of the county wins over one of the province."""

    province: str | None = None
    county: str | None = None


ANYWHERE = Place()


class Parameters(Mapping[str, Value]):
    """Frozen mapping of parameter name to the value in force on `run_date`.

    Derived: run_date, premium_year (int), premium_year_start (date), term (`2026秋`), term_due_on (date),
    renovation_repeat_since (date).
    """

    def __init__(self, run_date: date, place: Place, values: Mapping[str, Value], stale: Mapping[str, int]):
        self.run_date = run_date
        self.place = place
        self._values = MappingProxyType(dict(values))
        self._stale = MappingProxyType(dict(stale))

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def integer(self, name: str) -> int:
        """A parameter that counts something; TypeError when it is not a whole number."""
        value = self._values[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"parameter {name} is no whole number")
        return value

    def day(self, name: str) -> date:
        """A parameter that is a day; TypeError when it is not."""
        value = self._values[name]
        if not isinstance(value, date):
            raise TypeError(f"parameter {name} is no date")
        return value

    def stale_after_days(self, extract: str) -> int:
        """Days after its data date from which `department/extract` is stale."""
        return self._stale.get(extract, self._stale["default"])

    def told(self, names: Iterable[str]) -> str:
        """`name=value; …` of these parameters, ordered by name: what a gap was judged by. The run date goes without saying."""
        chosen = sorted(name for name in names if name != "run_date")
        return "; ".join(f"{name}={_plain(self._values[name])}" for name in chosen)


def values_told(told: str) -> dict[str, str]:
    """Name and value of every parameter in a text of `Parameters.told`, in its order."""
    return dict(part.split("=", 1) for part in told.split("; ") if "=" in part)


def resolve(run_date: date, place: Place = ANYWHERE, path: Path | None = None) -> Parameters:
    """Parameters in force on a day in a place: of the county, else of the province, else the default.

    Raises:
        DocumentError: a parameter has no value, or two, for that day and place.
    """
    document = read(path or HERE / "parameters.yaml", "parameters.schema.json")
    values: dict[str, Value] = {}
    stale: dict[str, int] = {}
    for name in document.content["parameters"]:
        value = _value_on(document, name, run_date, place)
        if name == "stale_after_days":
            stale = value
        elif isinstance(value, dict):
            values |= {f"{name}_{key}": _typed(part) for key, part in value.items()}
        else:
            values[name] = _typed(value)
    return Parameters(run_date, place, values | _calendar(run_date, values), stale)


def values_on(document: Document, run_date: date, place: Place = ANYWHERE) -> dict[str, Value]:
    """Values of any file of parameters in force on a day, without the calendar; a map gives one per key.

    Raises:
        DocumentError: a parameter has no value, or two, for that day and place.
    """
    values: dict[str, Value] = {}
    for name in document.content["parameters"]:
        value = _value_on(document, name, run_date, place)
        parts = (
            {f"{name}_{key}": part for key, part in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
        values |= {key: _typed(part) for key, part in parts.items()}
    return values


def _value_on(document: Document, name: str, run_date: date, place: Place) -> Any:
    where = ("parameters", name, "values")
    valid = []
    for number, value in enumerate(document.content["parameters"][name]["values"]):
        for edge in ("from", "to"):
            if value[edge] is not None and not isinstance(value[edge], date):
                raise document.error((*where, number, edge), f"{name}: {edge} is neither a date nor null")
        if (value["from"] or date.min) <= run_date <= (value["to"] or date.max):
            valid.append(value)
    for here in (place, Place(place.province), ANYWHERE):
        chosen = [v for v in valid if Place(v["province"], v.get("county")) == here]
        if len(chosen) == 1:
            return chosen[0]["value"]
        if chosen:
            break
    said = " ".join(part for part in (place.province, place.county) if part) or "anywhere"
    raise document.error(where, f"{name} has {len(chosen)} values on {run_date} ({said})")


def refuse_lone_counties(document: Document) -> None:
    """DocumentError for a value of a county without its province: no installation would ever find it."""
    for name, parameter in document.content["parameters"].items():
        for number, value in enumerate(parameter["values"]):
            if value.get("county") is not None and value["province"] is None:
                where = ("parameters", name, "values", number)
                raise document.error(where, f"{name}: a county's value names its province too")


def places_of(document: Document) -> list[Place]:
    """Every place that some parameter has a value of its own for, and anywhere."""
    places = {
        Place(value["province"], value.get("county"))
        for parameter in document.content["parameters"].values()
        for value in parameter["values"]
    }
    return sorted(places | {ANYWHERE}, key=lambda place: (place.province or "", place.county or ""))


def _plain(value: Value) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _typed(value: Any) -> Value:
    # Money and shares are exact decimals: 0.20 in the file must be 0.20 in SQL.
    return Decimal(str(value)) if isinstance(value, float) else value


def _calendar(run_date: date, values: Mapping[str, Value]) -> dict[str, Value]:
    def day(name: str, year: int) -> date:
        month, of_month = map(int, str(values[name]).split("-"))
        return date(year, month, of_month)

    year = run_date.year
    premium_year = year if run_date >= day("premium_year_from", year) else year - 1
    if run_date < day("term_from_春", year):
        term_year, season = year - 1, "秋"
    elif run_date < day("term_from_秋", year):
        term_year, season = year, "春"
    else:
        term_year, season = year, "秋"
    return {
        "run_date": run_date,
        "premium_year": premium_year,
        "premium_year_start": date(premium_year, 1, 1),
        "term": f"{term_year}{season}",
        "term_due_on": day(f"term_payment_due_{season}", term_year),
        "renovation_repeat_since": _years_before(run_date, int(str(values["renovation_repeat_years"]))),
    }


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February where 29 February does not exist."""
    last = day.month == 2 and day.day == 29 and not isleap(day.year - years)
    return day.replace(year=day.year - years, day=28 if last else day.day)
