"""Inside the enclosure: what a migration needs is read, so that copies of the process need not.

env.py is run in offline mode without a step: it connects to nothing, and what it imports is there.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import NullPool, create_engine

from pgassay.sqla.enclosure.handover import in_the_right_thread
from pgassay.sqla.enclosure.twins import can_be_copied

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from pgassay.core.route import Target


def prepare(config: Config, script: ScriptDirectory, target: Target) -> dict[str, object]:
    """Run env.py without a step and import the driver; return whether copies can be made now.

    That env.py fails so is no matter: the real run will tell.
    """
    config.output_buffer = io.StringIO()
    folder = Path.cwd()

    def once() -> None:
        with EnvironmentContext(config, script, fn=lambda *_: [], as_sql=True):
            script.run_env()

    try:
        in_the_right_thread(once)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001, S110 - SystemExit as well; as said above
        pass
    finally:
        os.chdir(folder)
    create_engine(target.url("psycopg"), poolclass=NullPool)  # imports the driver
    return {"copied": can_be_copied()}
