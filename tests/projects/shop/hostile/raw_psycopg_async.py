"""The asynchronous driver, in an event loop."""

import asyncio

import psycopg


async def main():
    await psycopg.AsyncConnection.connect(
        "postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres"
    )


asyncio.run(main())
