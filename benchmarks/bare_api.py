"""The peer: the same columns by FastAPI, SQLAlchemy and psycopg2, written the ordinary way.

No caller, no agreement, no log, no receipt, no history: what a team builds in a morning.
"""

import argparse
import os
from collections.abc import Iterator
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import and_, create_engine, func, select
from sqlalchemy.orm import Session

from population import tables

app = FastAPI()
engine = create_engine(os.environ["BARE_DATABASE_URL"], pool_size=40)


class LookUp(BaseModel):
    """A question."""

    key: str


def get_session() -> Iterator[Session]:
    """Give a session for one request."""
    with Session(engine) as session:
        yield session


@app.post("/look-up")
def look_up(question: LookUp, session: Annotated[Session, Depends(get_session)]) -> dict[str, Any]:
    """Look up a citizen."""
    person, residence = tables.person, tables.residence
    statement = (
        select(
            person.c.pin,
            person.c.full_name,
            person.c.birth_date,
            person.c.sex,
            residence.c.street,
            residence.c.village,
            residence.c.commune_code,
            residence.c.commune_version,
            residence.c.province_code,
            residence.c.country_code,
        )
        .outerjoin(
            residence,
            and_(
                residence.c.pin == person.c.pin,
                residence.c.kind == "permanent",
                residence.c.to_change.is_(None),
                func.coalesce(func.upper(residence.c.valid), "infinity") > func.current_date(),
            ),
        )
        .where(
            person.c.pin == question.key,
            person.c.to_change.is_(None),
            func.coalesce(func.upper(person.c.valid), "infinity") > func.current_date(),
        )
    )
    row = session.execute(statement).mappings().first()
    if row is None:
        raise HTTPException(404)
    return dict(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=parser.parse_args().port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
