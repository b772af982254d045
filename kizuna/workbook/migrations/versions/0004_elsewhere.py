"""Feedback that the owner took away from the item of the plan it was laid beside."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("feedback_mark", sa.Column("elsewhere", sa.Boolean(), nullable=True))
