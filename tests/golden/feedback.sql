-- version 1
CREATE TABLE event (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    time       TEXT,
    user       TEXT,
    document   TEXT,
    kind       TEXT,
    observed   TEXT NOT NULL,
    proposed   TEXT,
    shown      INTEGER NOT NULL CHECK (shown IN (0, 1)),
    model      TEXT,
    edits      TEXT,
    final      TEXT NOT NULL,
    recogniser TEXT,
    evidence   TEXT,
    outcome    TEXT GENERATED ALWAYS AS (
        CASE WHEN proposed IS NULL OR shown = 0 THEN 'typed'
             WHEN final = proposed THEN 'accepted'
             WHEN final = observed THEN 'rejected'
             ELSE 'edited' END) VIRTUAL
) STRICT;

CREATE TABLE forgotten (
    id    BLOB PRIMARY KEY,
    event BLOB NOT NULL,
    swept INTEGER NOT NULL CHECK (swept IN (0, 1))
) STRICT, WITHOUT ROWID;
