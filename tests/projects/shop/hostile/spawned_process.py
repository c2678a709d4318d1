"""A process that multiprocessing starts anew."""

import multiprocessing

import psycopg

if __name__ != "__mp_main__":
    process = multiprocessing.get_context("spawn").Process(
        target=psycopg.connect,
        args=("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres",),
    )
    process.start()
    process.join()
    assert process.exitcode == 0
