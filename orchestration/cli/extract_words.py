"""What an office calls its extracts and their columns: the titles and headers of the contracts.

Words of contracts only; every other text for people is in `messages.yaml`.
"""

from functools import cache

from ingest.contract import load_contracts


@cache
def _headers() -> dict[tuple[str, str], tuple[str, dict[str, str]]]:
    """(department, extract) → the extract's Chinese title and its columns' headers."""
    return {
        (contract.department, contract.extract): (
            contract.title,
            {column.name: column.header for column in contract.columns},
        )
        for contract in load_contracts().values()
    }


def table_title(department: object, extract: object) -> str:
    """The extract as its office calls it; blank for a file that no contract claims."""
    found = _headers().get((str(department), str(extract)))
    return found[0] if found else ""


def column_header(department: object, extract: object, column_name: object) -> str:
    """The column as it stands in the file; blank where the row as a whole is meant."""
    found = _headers().get((str(department), str(extract)))
    name = str(column_name) if column_name else ""
    return found[1].get(name, name) if found else name
