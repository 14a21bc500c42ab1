from imgcli.director.kinds import kind_of
from imgcli.director.reading import Reading
from tests.rows import each_row

KINDS = [
    # What is said of the picture is not what it shows.
    ("hero shot of a perfume bottle", "product"),
    ("hero image for a landing page of a bank", "marketing"),
    ("website hero, wide", "marketing"),
    ("cybersecurity hero image", "marketing"),
    ("hero shot, a running shoe", "wear"),
    ("a child drawing of a house", "building"),
    ("low angle skyscraper", "tower"),
    ("drone shot of a harbour", "city"),
    ("portrait of a horse", "farm"),
    ("headshot of a CEO", "person"),
    ("portrait", "person"),
    # A word is not always the thing it names first.
    ("hot dog with mustard", "food"),
    ("roast duck with vegetables", "food"),
    ("teddy bear on a shelf", "product"),
    ("computer mouse on a desk", "product"),
    ("chess knight", "product"),
    ("paper boat", "product"),
    ("dragon fruit", "produce"),
    ("a wall of stars", "unknown"),
    ("a grey crane", "bird"),
    ("a construction crane", "unknown"),
    ("an allen key", "unknown"),
    # The head noun counts, not any word beside it.
    ("tote bag", "product"),
    ("a mug mockup", "product"),
    ("a ceramic mug with a logo", "product"),
    ("laptop on a desk with a dashboard on screen", "product"),
    ("cat food packaging", "product"),
    ("running shoes, side view", "wear"),
    ("boxing gloves", "wear"),
    ("swimming pool", "unknown"),
    ("coffee shop interior", "interior"),
    ("farmers market in Provence", "street"),
    ("sports car", "car"),
    ("grandmother baking bread", "person"),
    ("a dress with a floral pattern", "wear"),
    ("mountain lake at sunrise", "water"),
    # Interfaces, graphics and what others are put on.
    ("UI mockup of a banking app", "ui"),
    ("dashboard UI for a fitness app, dark mode", "ui"),
    ("landing page for a coffee brand", "ui"),
    ("dog walking app icon", "graphic"),
    ("settings icon, line style", "graphic"),
    ("an abstract background", "ground"),
    ("website background, blue gradient", "ground"),
    ("Instagram post for a bakery", "marketing"),
    ("business card for an architect", "sheet"),
    # Groups are what they consist of; several people are no portrait.
    ("a slice of chocolate cake", "food"),
    ("glass of orange juice", "drink"),
    ("a pack of wolves", "animal"),
    ("two friends laughing in a café", "group"),
    ("group of children playing in a park", "group"),
    ("a cat and a vase", "unknown"),
    ("wedding couple at sunset", "group"),
    ("hero photo for a dentist website", "marketing"),
    ("t-shirt design with a skull", "sheet"),
    ("wine glass", "product"),
    ("climate change", "unknown"),
    ("a man made of smoke", "unknown"),
    ("a ship in a bottle", "unknown"),
    ("a bag made of straw", "product"),
    ("car interior", "unknown"),
    ("Logo für eine Bäckerei", "graphic"),
    ("a fish underwater", "sealife"),
    ("a car underwater", "sealife"),
    ("a man-made lake, no people", "water"),
]


@each_row(("prompt", "kind"), KINDS)
def test_the_kind_of_a_subject(prompt: str, kind: str) -> None:
    assert kind_of(Reading(prompt)).name == kind
