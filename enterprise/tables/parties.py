"""Legal representatives, owners, and those who control by other means."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Numeric

from databases.changes import versions
from enterprise.tables import structure

_text = structure.text_column

legal_representative = versions.versioned_table(
    "legal_representative",
    structure.metadata,
    structure.enterprise_code_column(),
    *structure.party_columns("representative"),
    _text("sex", "sex as the file says: male, female or unknown"),
    _text("title", "title in the enterprise"),
    CheckConstraint(structure.INDIVIDUAL, name="party_ref"),
    key=("enterprise_code", "party_ref"),
    comment="an individual who represents an enterprise at law",
)
Index(
    "ix_legal_representative_party",
    legal_representative.c.party_ref,
    postgresql_where=legal_representative.c.to_change.is_(None),
)

ownership = versions.versioned_table(
    "ownership",
    structure.metadata,
    structure.enterprise_code_column(),
    *structure.party_columns("owner"),
    _text("kind", "owner, member, partner or shareholder", nullable=False),
    Column("capital_share", Numeric, comment="part of charter capital, above 0, at most 1"),
    Column("voting_share", Numeric, comment="part of the votes; null: same as capital_share"),
    Column("contributed_amount", Numeric(24, 2), comment="contribution, in the capital's currency"),
    _text("asset_kind", "kind of assets contributed"),
    Column("contribution_due_on", Date, comment="last day to contribute"),
    CheckConstraint(structure.PARTY, name="party_ref"),
    CheckConstraint("kind IN ('owner', 'member', 'partner', 'shareholder')", name="kind"),
    CheckConstraint("capital_share > 0 AND capital_share <= 1", name="capital_share"),
    CheckConstraint("voting_share BETWEEN 0 AND 1", name="voting_share"),
    key=("enterprise_code", "party_ref"),
    comment="what somebody holds of an enterprise's charter capital and votes",
)
Index(
    "ix_ownership_party",
    ownership.c.party_ref,
    postgresql_where=ownership.c.to_change.is_(None),
)

control = versions.versioned_table(
    "control",
    structure.metadata,
    structure.enterprise_code_column(),
    *structure.party_columns("controller"),
    _text("means", "by what the individual controls the enterprise", nullable=False),
    CheckConstraint(structure.INDIVIDUAL, name="party_ref"),
    CheckConstraint(
        "means IN ('appoint_majority', 'appoint_chair', 'appoint_representative',"
        " 'appoint_director', 'amend_charter', 'change_structure', 'reorganise_or_dissolve')",
        name="means",
    ),
    key=("enterprise_code", "party_ref", "means"),
    comment="control of an enterprise by other means than capital or votes",
)
