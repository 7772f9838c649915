"""Which extracts do not speak for the day: never delivered, or too old by the parameters of that day."""

from collections.abc import Mapping
from datetime import date

from expectations.parameters import Parameters
from ingest.contract import Contract
from ingest.register import DeliveryStatus, in_force


def newest_data_date(statuses: list[DeliveryStatus], extract: str) -> date | None:
    """The newest day that an extract's deliveries in force describe."""
    days = [delivery.data_date for delivery in in_force(statuses, extract)]
    return max((day for day in days if day is not None), default=None)


def newest_data_dates(
    statuses: list[DeliveryStatus], contracts: Mapping[str, Contract]
) -> dict[str, date | None]:
    """`department/extract` → the newest day that its deliveries in force describe."""
    return {extract: newest_data_date(statuses, extract) for extract in contracts}


def stale_extracts(
    statuses: list[DeliveryStatus], contracts: Mapping[str, Contract], parameters: Parameters
) -> dict[str, str]:
    """`department/extract` → why it is stale on the parameters' day (Chinese, for people), for those that are."""
    newest = {extract: newest_data_date(statuses, extract) for extract in contracts}
    return too_old(newest, contracts, parameters, "zh")


def too_old(
    newest: Mapping[str, date | None],
    contracts: Mapping[str, Contract],
    parameters: Parameters,
    language: str,
) -> dict[str, str]:
    """Why, in `zh` or `en`, each extract is stale whose newest data date (null: never delivered) is too long ago."""
    chinese = language == "zh"
    stale = {}
    for extract, contract in contracts.items():
        day = newest.get(extract)
        if day is None:
            stale[extract] = f"{contract.title}从未报送" if chinese else "never delivered"
            continue
        age = (parameters.run_date - day).days
        allowed = parameters.stale_after_days(extract)
        if age > allowed and chinese:
            stale[extract] = f"{contract.title}数据日期{day}，已过{age}天（允许{allowed}天）"
        elif age > allowed:
            stale[extract] = f"data of {day} is {age} days old ({allowed} allowed)"
    return stale
