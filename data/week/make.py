#!/usr/bin/env python3
"""Writes the days of data/week: what a made-up reader of business cards read, and what its users left standing.

In: the lists of invented names in ../samples/feedback.py, and those below. Out: a file of events a day (JSON lines: id, time,
user, document, kind, observed, final), gate.tsv (rows that nobody learns from).
Proposals are not in the files: the models of the week make them. Telephone numbers are from the range kept free for fiction
(020 7946 0000 to 0999). Seeded (random.Random.random alone, the same on every Python 3); no recogniser is involved.
"""
import json
import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "samples"))
from feedback import COMPANIES, GIVEN, STREETS, SURNAMES, TITLES, below, listed, misread  # noqa: E402

SEED = 10
USERS = ["ada", "bob", "cleo", "dan", "eve", "finn"]
# (intended letters, what the reader gives for them, chance in per mille at each place)
READER = [
    ("nn", "m", 700), ("rn", "m", 300), ("cl", "d", 250), ("h", "b", 40), ("li", "h", 60), ("O", "0", 350),
    ("w", "vv", 120), ("e", "c", 8), ("t", "f", 8),
]
# From Sunday on another one reads: it has other weaknesses.
OTHER = [
    ("a", "o", 60), ("s", "5", 60), ("g", "q", 250), ("ti", "fi", 200), ("B", "8", 300), ("i", "j", 40), ("ee", "ce", 300),
]
# Thursday's visitors, whose names look like misreadings of others.
TAMERS = listed("Emil|Selim|Leyla|Deniz|Sibel|Orhan|Nilay|Tarik")
TAMER_FIRMS = listed("Tamer Carpets|Tamer & Sons|Tamer Lighting")


def card(random, given=GIVEN, surnames=SURNAMES, companies=COMPANIES):
    """The fields of one card: (kind, text)."""
    def take(of):
        return of[below(random, len(of))]

    first, last, company = take(given), take(surnames), take(companies)
    domain = "".join(c for c in company.removesuffix(" Ltd").removesuffix(" plc").lower() if c.isalpha())
    return [
        ("name", f"{first} {last}"), ("title", take(TITLES)), ("company", company), ("address", take(STREETS)),
        ("phone", f"020 7946 0{below(random, 1000):03}"),
        ("email", f"{first}.{last}".lower().replace("'", "") + f"@{domain}.example"),
    ]


def read(random, cards, patterns=READER):
    """Cards as rows (kind, observed, final)."""
    return [[(kind, misread(random, text, patterns), text) for kind, text in fields] for fields in cards]


def write_day(random, name, date, cards, users=USERS):
    """Writes a day's cards as events, some minutes apart."""
    lines, minute = [], 8 * 60
    for number, rows in enumerate(cards, 1):
        user = users[below(random, len(users))]
        minute += 1 + below(random, 480 // len(cards))
        for field, (kind, observed, final) in enumerate(rows, 1):
            lines.append(json.dumps({
                "id": f"{name[:3]}-{number:02}-{field}",
                "time": f"{date}T{minute // 60:02}:{minute % 60:02}:00Z",
                "user": user, "document": f"{name[:3]}-{number:02}", "kind": kind, "observed": observed, "final": final,
            }, ensure_ascii=False, separators=(",", ":")) + "\n")
    (HERE / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")


def write_rows(name, cards):
    """Writes cards as rows: observed, intended, document, kind."""
    rows = [
        f"{observed}\t{final}\t{name[:-4]}-{number:02}\t{kind}\n"
        for number, rows in enumerate(cards, 1) for kind, observed, final in rows
    ]
    (HERE / name).write_text("".join(rows), encoding="utf-8", newline="\n")


def loud(random):
    """What one user makes of things: slogans for titles, and in one long list a firm renamed, row by row."""
    slogans = listed("Here for you since 1931|Ask me about the spring sale|Call before noon, never on Fridays|Best in the county")
    cards = read(random, [card(random) for _ in range(8)])
    for at, rows in enumerate(cards):
        rows[1] = ("title", rows[1][1], slogans[at % len(slogans)])
    firm = "Oakes & Burns"
    return cards + [[("company", misread(random, firm, READER), "Oaks & Burns") for _ in range(60)]]


def main():
    """Makes the files anew."""
    random = Random(SEED)

    def cards(number):
        return read(random, [card(random) for _ in range(number)])

    def visitors(number):
        return read(random, [card(random, TAMERS, ["Tamer"], TAMER_FIRMS) for _ in range(number)])

    write_day(random, "monday", "2026-11-23", cards(80))
    write_day(random, "tuesday", "2026-11-24", cards(30))
    write_day(random, "wednesday", "2026-11-25", cards(20))
    write_day(random, "loud", "2026-11-25", loud(random), ["gil"])
    write_day(random, "thursday", "2026-11-26", cards(10) + visitors(20))
    write_day(random, "friday", "2026-11-27", cards(25) + visitors(8))
    write_rows("gate.tsv", cards(40))
    write_rows("visitors.tsv", visitors(20))
    write_day(random, "sunday", "2026-11-29", read(random, [card(random) for _ in range(40)], OTHER))


if __name__ == "__main__":
    main()
