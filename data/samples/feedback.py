#!/usr/bin/env python3
"""Writes feedback.tsv: what the users of a made-up card and typing pipeline corrected, and what they kept.

In: source/notes.txt and the lists below, written for this project. Out: rows observed, intended, document, kind.
Cards are put together from the lists, notes are taken as they stand; then every place of a pattern is misread
with that pattern's chance. m for nn is what comes again and again; where m is really m, the user kept it, and
those rows tell a miner how precise the pattern is. A few rows are noise: mistakes overlooked, rewrites, swaps.
Seeded (random.Random.random alone, the same on every Python 3); no picture and no recogniser is involved.
"""
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
SEED = 8
CARDS = 58

# (intended letters, what the pipeline gives for them, chance in per mille at each place)
PATTERNS = [
    ("nn", "m", 700), ("rn", "m", 400), ("m", "rn", 60), ("cl", "d", 250), ("d", "cl", 40), ("li", "h", 60),
    ("O", "0", 350), ("ll", "U", 50), ("w", "vv", 40), ("1", "l", 60), ("l", "1", 15), ("e", "c", 12), ("h", "b", 12),
    ("the ", "teh ", 60),
]
OVERLOOKED = 40  # per mille of misread rows that the user left as they were


def listed(text):
    """The items of a list written with | between them, over several lines."""
    return [item.strip() for line in text.strip().splitlines() for item in line.strip().strip("|").split("|")]


GIVEN = listed("""
    Hanna|Anna|Jennifer|Dennis|Johanna|Corinne|Donna|Joanna|Annika|Finn|Kenneth|Bonnie|Suzanne|Yvonne|Connor|Glenn
    Robert|Alice|Ruth|Clara|Oscar|Olivia|Otto|Delia|Walter|Peter|Grace|Emily|Thomas|Simon|Naomi|Pamela
""")
SURNAMES = listed("""
    Glennon|Brennan|Bennett|Lennox|Connor|Penn|Channing|Kinnear|Hannigan|Dunne|Skinner|Tanner|Cannon|Finnegan
    Archer|Castle|Whitlow|Oakes|O'Dowd|Collins|Arnold|Burns|Turner|Clarke|Hampton|Palmer|Lomas|Somers|Moreau
""")
COMPANIES = listed("""
    Brennan & Tanner Ltd|Innova Planning|Channing Linens|Cannon Street Tools|Finnegan Joinery|Penn & Daughters
    Northern Glass|Oakes & Burns|Clarke Dental Supplies|The Corner Press|Hampton Mills plc|Lomas Marine
    Otter Lane Studios|Westfield Printers|Kinnear Tennis School|Tunnel Records|Palmer Clocks|Olive & Thyme
""")
TITLES = listed("""
    Planning Officer|Head of Personnel|Channel Partner Director|Senior Planner|Annual Fund Secretary
    Scanner Technician|Production Manager|Head of Innovation|Tennis Coach|Media Buyer|Internal Auditor
    Clinical Adviser|Communications Officer|Sales Director|Garden Designer|Chief Engineer|Announcer
    Connections Editor
""")
STREETS = listed("""
    14 Cannon Row|3 Tanner's Yard|Connaught House, 11 Dock Street|Bonner Hall|71 Turner Street|Suite 5, Minn Court
    28 Linnet Lane|9 Summer Hill|Unit 12, Kennet Park|110 Market Street|The Old Cornmill|6 Penn Close
    41 Oxford Road|2 Hammond Place|Burnside, 17 Clement Road|1 Annesley Square
""")
USERS = ["user-03", "user-07", "user-11", "user-16", "user-20", "user-28"]
NOISE = [
    ("Regards, R.", "Kind regards, and thank you again for the plants, Ruth", "line"),
    ("Suite 5, Minn Court", "Dock Street 19", "address"),
    ("asdf test test", "Brennan & Tanner Ltd", "company"),
    ("We close at five.", "We are open until seven on Fridays now.", "line"),
    ("Sales Director", "Regional Director (interim)", "title"),
    ("Peter Archer", "Ruth Castle", "name"),
    ("Dinner at six?", "Dinner at seven, the trains are a mess.", "line"),
    ("ok", "OK, agreed", "line"),
    ("Palmer Clocks", "Lomas Marine", "company"),
    ("41 Oxford Road", "41 Oxford Road, 2nd floor, ring twice", "address"),
]


def below(random, limit):
    """A whole number from 0 to limit - 1."""
    return int(random.random() * limit)


def misread(random, text, patterns=PATTERNS):
    """The text as the pipeline gives it: from left to right, each place of a pattern has its chance, once."""
    given, at = [], 0
    while at < len(text):
        for intended, observed, per_mille in patterns:
            if text.startswith(intended, at) and below(random, 1000) < per_mille:
                given.append(observed)
                at += len(intended)
                break
        else:
            given.append(text[at])
            at += 1
    return "".join(given)


def card(random):
    """The fields of one card: (text, kind)."""
    def take(of):
        return of[below(random, len(of))]

    given, surname, company = take(GIVEN), take(SURNAMES), take(COMPANIES)
    domain = "".join(letter for letter in company.removesuffix(" Ltd").removesuffix(" plc").lower() if letter.isalpha())
    mail = f"{given}.{surname}".lower().replace("'", "")
    return [
        (f"{given} {surname}", "name"), (take(TITLES), "title"), (company, "company"), (take(STREETS), "address"),
        (f"{mail}@{domain}.example", "email"),
    ]


def sittings(random):
    """What was worked on together, each a list of (text, kind): a card, or a few notes."""
    notes = (HERE / "source" / "notes.txt").read_text(encoding="utf-8").splitlines()
    order = [note for _, note in sorted((random.random(), note) for note in notes)]
    made = [card(random) for _ in range(CARDS)]
    made += [[(note, "line") for note in order[at:at + 6]] for at in range(0, len(order), 6)]
    return [sitting for _, sitting in sorted((random.random(), sitting) for sitting in made)]


def main():
    """Makes the file anew."""
    random = Random(SEED)
    seen = dict.fromkeys(USERS, 0)
    noise = list(NOISE)
    lines = []
    for number, sitting in enumerate(sittings(random)):
        user = USERS[below(random, len(USERS))]
        seen[user] += 1
        rows = []
        for text, kind in sitting:
            observed = misread(random, text)
            overlooked = observed != text and below(random, 1000) < OVERLOOKED
            rows.append((observed, observed if overlooked else text, kind))
        if number % 6 == 5 and noise:
            rows.append(noise.pop(0))
        lines += [f"{observed}\t{intended}\t{user}/{seen[user]:02}\t{kind}\n" for observed, intended, kind in rows]
    (HERE / "feedback.tsv").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
