"""Who did an act: whose account, at which computer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("act", sa.Column("by", sa.String(), nullable=True))
