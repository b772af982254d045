"""Alembic's entry: runs the migrations on the connection that the workbook hands in."""

from alembic import context

from kizuna.workbook.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
