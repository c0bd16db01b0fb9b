"""Requests as a hostile client would write them: a good one, damaged."""


def mutated(rand, seeds, pieces):
    text = bytearray(rand.choice(seeds))
    for _ in range(rand.randrange(6)):
        at = rand.randrange(len(text) + 1)
        what = rand.randrange(4)
        if what == 0 and at < len(text):
            text[at] = rand.randrange(256)
        elif what == 1:
            del text[at : at + rand.randrange(8)]
        elif what == 2:
            text[at:at] = rand.choice(pieces)
        else:
            text[at:at] = text[rand.randrange(len(text) + 1) :][: rand.randrange(16)]
    return bytes(text)
