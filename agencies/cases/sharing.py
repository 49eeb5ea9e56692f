"""What usually goes where: sender to recipient matrix, as data.

A row says which categories are usual towards one kind of recipient for one purpose, and on which norm.
The form starts with exactly these boxes; more needs a written reason; special categories (Art. 9 GDPR)
are in no row. Sources: §§ 67b, 69, 71, 78, 79 SGB X; to be reviewed by counsel (docs/data-protection.md).
"""

from dataclasses import dataclass

from agencies.enums import AgencyKind, Category, LegalBasis, Purpose

C, K, P, L = Category, AgencyKind, Purpose, LegalBasis

_BASE = frozenset({C.IDENTITY, C.CONTACT})


@dataclass(frozen=True)
class Usual:
    """What is usual for one recipient kind and purpose, and how long it lasts."""

    categories: frozenset[Category]
    legal_basis: LegalBasis
    days: int = 180


#: What the next lead usually needs to go on; health and debts are its own to collect.
_HANDOVER = _BASE | {C.RESIDENCE, C.LANGUAGE, C.FAMILY}

#: (recipient kind, purpose) → what is usual. A pair that is missing is not usual: the form offers no
#: boxes for it, and each box ticked needs a reason.
USUAL: dict[tuple[AgencyKind, Purpose], Usual] = {
    (K.JOBCENTER, P.INTEGRATION_WORK): Usual(
        _BASE | {C.RESIDENCE, C.LANGUAGE, C.EDUCATION, C.WORK, C.INCLINATIONS, C.FAMILY, C.BENEFITS},
        L.OWN_OR_RECIPIENT_TASK,
    ),
    (K.JOBCENTER, P.BENEFIT_CLAIM): Usual(
        _BASE | {C.RESIDENCE, C.WORK, C.FAMILY, C.BENEFITS, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK, 90
    ),
    (K.JOBCENTER, P.HOUSING): Usual(_BASE | {C.FAMILY, C.BENEFITS, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK),
    (K.SOCIAL_OFFICE, P.BENEFIT_CLAIM): Usual(
        _BASE | {C.RESIDENCE, C.FAMILY, C.BENEFITS, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK, 90
    ),
    (K.SOCIAL_OFFICE, P.HOUSING): Usual(_BASE | {C.RESIDENCE, C.FAMILY, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK),
    (K.YOUTH_OFFICE, P.YOUTH_WELFARE): Usual(_BASE | {C.LANGUAGE, C.FAMILY}, L.OWN_OR_RECIPIENT_TASK),
    (K.YOUTH_OFFICE, P.CHILDCARE): Usual(_BASE | {C.LANGUAGE, C.WORK, C.FAMILY}, L.OWN_OR_RECIPIENT_TASK, 90),
    (K.YOUTH_OFFICE, P.BENEFIT_CLAIM): Usual(_BASE | {C.FAMILY, C.BENEFITS}, L.OWN_OR_RECIPIENT_TASK, 90),
    (K.EMPLOYMENT_AGENCY, P.INTEGRATION_WORK): Usual(
        _BASE | {C.RESIDENCE, C.LANGUAGE, C.EDUCATION, C.WORK, C.INCLINATIONS}, L.OWN_OR_RECIPIENT_TASK
    ),
    (K.EMPLOYMENT_AGENCY, P.RECOGNITION): Usual(
        _BASE | {C.LANGUAGE, C.EDUCATION, C.WORK}, L.OWN_OR_RECIPIENT_TASK
    ),
    (K.IMMIGRATION_AUTHORITY, P.RESIDENCE_QUESTION): Usual(
        frozenset({C.IDENTITY, C.RESIDENCE}), L.RESIDENCE_LAW, 30
    ),
    (K.VOCATIONAL_SCHOOL, P.SCHOOL_TRAINING): Usual(_BASE | {C.LANGUAGE, C.EDUCATION}, L.CONSENT),
    (K.ADULT_EDUCATION_CENTRE, P.LANGUAGE_COURSE): Usual(_BASE | {C.LANGUAGE}, L.CONSENT),
    (K.TRAINING_PROVIDER, P.LANGUAGE_COURSE): Usual(_BASE | {C.LANGUAGE}, L.CONTRACTOR_MEASURE),
    (K.TRAINING_PROVIDER, P.INTEGRATION_WORK): Usual(
        _BASE | {C.LANGUAGE, C.EDUCATION, C.WORK, C.INCLINATIONS}, L.CONTRACTOR_MEASURE
    ),
    (K.TRAINING_PROVIDER, P.SCHOOL_TRAINING): Usual(_BASE | {C.LANGUAGE, C.EDUCATION}, L.CONTRACTOR_MEASURE),
    (K.INTEGRATION_OFFICE, P.ADVICE): Usual(_BASE | {C.LANGUAGE}, L.CONSENT),
    (K.INTEGRATION_OFFICE, P.RECOGNITION): Usual(_BASE | {C.LANGUAGE, C.EDUCATION}, L.CONSENT),
    (K.INTEGRATION_OFFICE, P.LANGUAGE_COURSE): Usual(_BASE | {C.LANGUAGE}, L.CONSENT),
    (K.MUNICIPALITY, P.HOUSING): Usual(_BASE | {C.FAMILY, C.HOUSING}, L.CONSENT),
    (K.MUNICIPALITY, P.CHILDCARE): Usual(_BASE | {C.FAMILY}, L.CONSENT, 90),
    (K.ADVICE_CENTRE, P.DEBT_ADVICE): Usual(_BASE | {C.DEBTS}, L.CONSENT, 365),
    (K.ADVICE_CENTRE, P.ADVICE): Usual(_BASE | {C.LANGUAGE}, L.CONSENT),
    (K.JOBCENTER, P.HANDOVER): Usual(
        _HANDOVER | {C.EDUCATION, C.WORK, C.INCLINATIONS, C.BENEFITS, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK
    ),
    (K.SOCIAL_OFFICE, P.HANDOVER): Usual(_HANDOVER | {C.BENEFITS, C.HOUSING}, L.OWN_OR_RECIPIENT_TASK),
    (K.YOUTH_OFFICE, P.HANDOVER): Usual(_HANDOVER | {C.EDUCATION}, L.OWN_OR_RECIPIENT_TASK),
    (K.EMPLOYMENT_AGENCY, P.HANDOVER): Usual(
        _BASE | {C.RESIDENCE, C.LANGUAGE, C.EDUCATION, C.WORK, C.INCLINATIONS}, L.OWN_OR_RECIPIENT_TASK
    ),
}

#: Purposes with a way of their own: keeping a case, and handing over its lead.
OTHER_WAYS = frozenset({P.CASE_MANAGEMENT, P.HANDOVER})

#: Norms on which nothing may be passed to these recipients; consent is always possible.
_SOCIAL_BODIES = frozenset({K.JOBCENTER, K.SOCIAL_OFFICE, K.YOUTH_OFFICE, K.EMPLOYMENT_AGENCY})


def usual(kind: str, purpose: str) -> Usual | None:
    """The matrix row for a recipient kind and purpose, or None where nothing is usual."""
    return USUAL.get((AgencyKind(kind), Purpose(purpose)))


def purposes_for(kind: str) -> list[Purpose]:
    """The purposes for which data usually go to a kind of recipient, while the lead stays where it is."""
    return [purpose for row_kind, purpose in USUAL if row_kind == kind and purpose not in OTHER_WAYS]


def beyond_usual(kind: str, purpose: str, categories: set[Category]) -> set[Category]:
    """The categories that need a written reason of their own."""
    row = usual(kind, purpose)
    return categories - row.categories if row else set(categories)


def bases_for(kind: str) -> list[LegalBasis]:
    """The norms that can carry a disclosure to a kind of recipient (§§ 67b, 69, 71 SGB X, 86 f. AufenthG)."""
    if kind == K.IMMIGRATION_AUTHORITY:
        return [L.RESIDENCE_LAW, L.REQUEST_RESIDENCE, L.CONSENT]
    if kind in _SOCIAL_BODIES:
        return [L.OWN_OR_RECIPIENT_TASK, L.CONSENT]
    if kind == K.TRAINING_PROVIDER:
        return [L.CONTRACTOR_MEASURE, L.CONSENT]
    return [L.CONSENT]
