import os

from sqlalchemy import create_engine

engine = create_engine(
    os.environ.get(
        "SHOP_MAIN",
        "postgresql+psycopg://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres",
    ),
    pool_pre_ping=True,
)
