"""What a settings library reads: every field from the variable of its name."""

import os
from dataclasses import dataclass, fields


@dataclass
class BaseSettings:
    def __post_init__(self) -> None:
        known = {name.upper(): value for name, value in os.environ.items()}
        for field in fields(self):
            if field.name.upper() not in known:
                raise ValueError(f"field required: {field.name}")
            setattr(self, field.name, known[field.name.upper()])


@dataclass
class Settings(BaseSettings):
    database_dsn: str = ""
    postgres_host: str = ""
    postgres_port: str = ""
    postgres_user: str = ""
    postgres_password: str = ""
    postgres_db: str = ""
