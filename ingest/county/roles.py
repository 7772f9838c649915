"""Which columns of an extract name a person: role, name column, number column, birth date column, sex column.

Belongs here: this list, in the words of `linkage`'s roles. Officers (visitors, helpers, custodians) are no roles.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One person named in a row; `person` is the frame's column that points to the true person."""

    role: str
    name: str
    id_number: str | None
    birth_date: str | None = None
    sex: str | None = None

    @property
    def person(self) -> str:
        """The column with the true person's row position."""
        return f"_{self.role}"


SELF = Role("self", "name", "id_number")
FULL = Role("self", "name", "id_number", "birth_date", "sex")
HEAD = Role("head", "head_name", "head_id_number")

ROLES: dict[str, list[Role]] = {
    "registry/persons": [FULL],
    "registry/migrant_work": [SELF],
    "education/students": [
        FULL,
        Role("guardian1", "guardian1_name", "guardian1_id_number"),
        Role("guardian2", "guardian2_name", "guardian2_id_number"),
    ],
    "education/student_aid": [SELF],
    "medical_insurance/enrolment": [FULL],
    "medical_insurance/coverage_ledger": [SELF],
    "medical_insurance/settlements": [SELF],
    "civil_affairs/assistance": [
        HEAD,
        *(Role(f"member_{k}", f"member_{k}_name", f"member_{k}_id_number") for k in range(1, 11)),
    ],
    "civil_affairs/deaths": [SELF],
    "civil_affairs/disability": [Role("self", "name", None)],
    "housing/dwellings": [HEAD],
    "housing/renovations": [HEAD],
}
