"""Merge records of persons, and find what a merge ended.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "person_merge",
        sa.Column(
            "absorbed_pin",
            sa.Text(),
            nullable=False,
            comment="number of the record that ended",
        ),
        sa.Column(
            "surviving_pin",
            sa.Text(),
            nullable=False,
            comment="number of the record that went on",
        ),
        sa.Column("decision", sa.Text(), nullable=False, comment="number of the decision"),
        sa.Column(
            "evidence",
            sa.Text(),
            nullable=False,
            comment="what shows that they are one person, in words",
        ),
        sa.Column("first_reviewer", sa.Text(), nullable=False, comment="officer who proposed it"),
        sa.Column(
            "second_reviewer",
            sa.Text(),
            nullable=False,
            comment="another officer, who looked at it again",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "absorbed_pin ~ '^[0-9]{12}$'", name=op.f("ck_person_merge_absorbed_pin_shape")
        ),
        sa.CheckConstraint(
            "surviving_pin ~ '^[0-9]{12}$'", name=op.f("ck_person_merge_surviving_pin_shape")
        ),
        sa.CheckConstraint(
            "absorbed_pin <> surviving_pin", name=op.f("ck_person_merge_not_self")
        ),
        sa.CheckConstraint(
            "first_reviewer <> second_reviewer", name=op.f("ck_person_merge_two_reviewers")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_person_merge_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_person_merge_change_order")),
        sa.PrimaryKeyConstraint(
            "absorbed_pin", "from_change", "valid", name=op.f("pk_person_merge")
        ),
        schema="population",
        comment="records of persons that were found to be one person and merged by an act",
    )
    op.create_index(
        "ix_person_merge_current",
        "person_merge",
        ["absorbed_pin", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_kinship_former_relative",
        "kinship",
        ["relative_pin"],
        unique=False,
        schema="population",
        postgresql_where=sa.text("relative_pin IS NOT NULL AND to_change IS NOT NULL"),
    )
    op.execute(
        assets.read(
            "versioned_table_0001",
            schema="population",
            table="person_merge",
            key="'absorbed_pin'",
        )
    )


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index("ix_kinship_former_relative", table_name="kinship", schema="population")
    op.drop_table("person_merge", schema="population")
