"""asyncpg by itself."""

import asyncio

import asyncpg

asyncio.run(
    asyncpg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
)
