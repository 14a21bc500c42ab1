"""The words by which demands are found: tables, read by `demands.py`, `kept.py` and `prompt_lint.py`."""


def words(text: str) -> frozenset[str]:
    """The words of `text`, as a table is easiest to write."""
    return frozenset(text.split())


# fmt: off
STOPS = words(
    # English: what ends a noun phrase.
    "in on at of with by to from into onto over under above below behind beside between near against through along "
    "across around among upon beneath inside outside while as for and or nor but that which who whose where when is "
    "are was were be being been has have had wearing holding sitting standing lying looking it they its their his her "
    "then so than like during toward towards off out up down about except plus not no without never only the a an "
    "this these those if please seen shot viewed taken made set "
    # German, Spanish, French.
    "auf im am mit und oder bei vor hinter unter über neben aus zu der die das den dem ein eine einen einem einer ist "
    "sind en con de del la el los las y o un una sobre bajo ante para que es son avec dans sur sous et ou le les des "
    "du une est sont"
)
FILLERS = words(
    "any a an the visible more other others extra additional such kind sort all no some of at whatsoever actual real "
    "further surrounding other's single"
)
"""Words between a negation and the thing it excludes."""

NEGATORS = words(
    "no not without never none neither nor avoid avoiding exclude excluding don't doesn't isn't aren't wasn't won't "
    "can't cannot mustn't shouldn't didn't dont mustn’t shouldn’t didn’t don’t doesn’t isn’t aren’t wasn’t won’t can’t ohne kein keine keinen keiner keinem nicht niemals sin sans "
    "lacking"
)
MODALS = words("do does did must should shall may can could will would")
BANNING = words(
    "to be being include including show showing add adding contain containing have having use using draw put putting "
    "depict depicting feature featuring place render paint display displaying give get let wear wearing carry "
    "carrying hold holding there want need make"
)
"""Verbs between a negation and its thing: "do not show the moon", "without showing the moon"."""

NUMBERED = words("a an the one two three four five six seven eight nine ten this these that")
NOT_NEGATIONS = words(
    "only just longer doubt matter necessarily merely simply more less fewer later sooner sooner serif quite unlike"
)
"""What takes the sting out of a negator that stands before it: "not only", "no less than", "sans serif"."""

ALONE = frozenset((
    "only", "solely", "alone", "just", "exclusively", "nothing", "single", "lone", "isolated", "solitary", "sole",
))
MANY = words("many several dozens hundreds thousands countless numerous few multiple myriad endless various scores tens")
"""Amounts that no number agrees with."""

SURE = frozenset(("a", "an", "the", "any", "this"))
VAGUE_JOINT = frozenset(("and", "or", "nor", "und", "oder", "y", "o", "ni", "et", "ou"))

COLOURS = {
    "red": "red", "orange": "orange", "yellow": "yellow", "green": "green", "blue": "blue", "purple": "purple",
    "violet": "purple", "pink": "pink", "brown": "brown", "black": "black", "white": "white", "gray": "gray",
    "grey": "gray", "beige": "beige", "cyan": "cyan", "teal": "teal", "turquoise": "turquoise", "magenta": "magenta",
    "maroon": "maroon", "navy": "navy", "gold": "gold", "golden": "gold", "silver": "silver", "crimson": "crimson",
    "scarlet": "scarlet", "indigo": "indigo", "lavender": "lavender", "ivory": "ivory", "amber": "amber",
    "burgundy": "burgundy", "lilac": "lilac", "mint": "mint", "peach": "peach", "olive": "olive",
    "rot": "red", "rote": "red", "roter": "red", "rotes": "red", "roten": "red", "rojo": "red", "roja": "red",
    "rojos": "red", "rojas": "red", "rouge": "red", "grün": "green", "grüne": "green", "grüner": "green",
    "grünes": "green", "grünen": "green", "verde": "green", "verdes": "green", "vert": "green", "blau": "blue",
    "blaue": "blue", "blauer": "blue", "blaues": "blue", "blauen": "blue", "azul": "blue", "azules": "blue",
    "bleu": "blue", "bleue": "blue", "gelb": "yellow", "gelbe": "yellow", "gelber": "yellow", "gelbes": "yellow",
    "gelben": "yellow", "amarillo": "yellow", "amarilla": "yellow", "jaune": "yellow", "schwarz": "black",
    "schwarze": "black", "schwarzer": "black", "schwarzes": "black", "schwarzen": "black", "negro": "black",
    "negra": "black", "noir": "black", "weiß": "white", "weiss": "white", "weisse": "white", "weisser": "white",
    "weisses": "white", "weissen": "white", "blanco": "white", "blanca": "white", "blanc": "white",
}
"""Colour words -> the colour, as two languages call it the same."""

SHADE_OF = {
    "crimson": "red", "scarlet": "red", "burgundy": "red", "maroon": "red", "navy": "blue", "indigo": "blue",
    "lavender": "purple", "lilac": "purple", "mint": "green", "olive": "green", "amber": "orange", "peach": "orange",
    "turquoise": "blue", "teal": "green", "cyan": "blue", "ivory": "white", "magenta": "pink",
}
"""A shade keeps the colour it is a shade of; not the other way round."""

TINTS = frozenset((
    "dark", "light", "bright", "pale", "deep", "hot", "neon", "pastel", "vivid", "pure", "glossy", "matte", "rich",
    "metallic", "soft", "solid", "striped", "royal", "sky", "lime", "forest", "midnight",
))
LINKS = words(
    "is are was were that which painted coloured colored in a an of the being all entirely finished dyed colour color "
    "shade tone"
) | TINTS
NOT_THINGS = words(
    "tone tones light lights glow hue hues accents accent tint tints shade shades palette colour color colours colors "
    "hour"
)

UNITS = {
    "mm": "mm", "millimetre": "mm", "millimeter": "mm", "cm": "cm", "m": "m", "metre": "m", "meter": "m", "km": "km",
    "inch": "inch", "in": "inch", "foot": "foot", "ft": "foot", "px": "px", "pixel": "px", "mp": "mp", "k": "k",
    "kg": "kg", "g": "g", "percent": "%", "degree": "deg", "year": "year", "°": "deg", "iso": "iso", "fps": "fps",
    "hour": "hour", "minute": "minute", "second": "second", "story": "story", "stop": "stop",
    "am": "am", "pm": "pm",
}

# Phrases that say the same, in stems; the first names the group.
SPATIAL = (
    ("on the left", "to the left", "at the left", "left side", "left half", "left hand", "left corner", "far left",
     "in the left", "upper left", "lower left", "top left", "bottom left", "from the left", "left third", "left edge",
     "left of the frame", "frame left", "facing left", "looking left", "links", "izquierda", "gauche"),
    ("on the right", "to the right", "at the right", "right side", "right half", "right hand", "right corner",
     "far right", "in the right", "upper right", "lower right", "top right", "bottom right", "from the right",
     "right third", "right edge", "right of the frame", "frame right", "facing right", "looking right", "rechts", "derecha",
     "droite"),
    ("from above", "overhead", "top down", "birds eye", "bird eye", "bird's eye", "aerial", "looking down",
     "von oben", "desde arriba"),
    ("from below", "low angle", "worms eye", "worm eye", "worm's eye", "looking up", "von unten", "desde abajo"),
    ("from behind", "back view", "rear view", "seen from the back", "from the back"),
    ("in the background", "background", "in the distance", "im hintergrund", "en el fondo"),
    ("in the foreground", "foreground", "im vordergrund", "en primer plano"),
    ("in the center", "centered", "in the middle", "center of the frame", "middle of the frame", "dead center"),
    ("in front of", "before the", "in the front of", "vor", "delante de"),
    ("behind", "in back of", "hinter", "detrás de"),
    ("next to", "beside", "alongside", "by the side of", "side by side", "neben", "al lado de"),
    ("under", "beneath", "underneath", "below", "unter", "debajo de"),
    ("on top of", "atop", "encima de"),
    ("above", "over the", "oberhalb"),
    ("between", "in between", "zwischen", "entre"),
    ("inside", "indoors", "within", "interior"),
    ("outside", "outdoors", "exterior"),
    ("upside down",),
    ("close up", "closeup", "extreme close up", "macro"),
    ("in profile", "side view", "from the side", "profile view"),
    ("front view", "from the front", "frontal", "head on"),
)
TIMES = (
    ("at night", "night", "nighttime", "nocturnal", "midnight", "nacht", "nachts", "noche", "nuit"),
    ("at dawn", "dawn", "sunrise", "daybreak", "first light", "sonnenaufgang", "amanecer"),
    ("at dusk", "dusk", "twilight", "nightfall", "blue hour", "dämmerung"),
    ("at sunset", "sunset", "sundown", "setting sun", "sonnenuntergang", "atardecer"),
    ("golden hour",),
    ("in the morning", "morning", "morgens", "mañana"),
    ("at noon", "noon", "midday", "mediodía"),
    ("in the afternoon", "afternoon"),
    ("in the evening", "evening", "abends", "abend"),
    ("in daylight", "daylight", "daytime", "broad day", "sunlit", "sunlight", "sunny", "sunshine", "sonnig", "soleado"),
    ("in winter", "winter", "wintry", "invierno"),
    ("in summer", "summer", "sommer", "verano"),
    ("in autumn", "autumn", "in fall", "fall foliage", "fall color", "autumnal", "herbst", "otoño"),
    ("in spring", "springtime", "early spring", "late spring", "spring day", "spring morning", "spring blossom",
     "spring meadow", "frühling", "primavera"),
    ("rain", "rainfall", "drizzle", "downpour", "rainstorm", "regen", "lluvia", "pluie"),
    ("snow", "snowfall", "blizzard", "snowstorm", "schnee", "nieve", "neige"),
    ("fog", "mist", "haze", "hazy", "nebel", "niebla"),
    ("storm", "thunderstorm", "lightning", "thunder", "gewitter", "tormenta"),
    ("overcast", "cloud", "bewölkt", "nublado"),
    ("wind", "windswept", "breeze", "breezy"),
)
CLASHES = (
    ("at night", ("at noon", "in daylight", "in the afternoon", "in the morning", "at dawn", "at dusk", "at sunset",
                  "golden hour")),
    ("at noon", ("at dawn", "at dusk", "at sunset", "golden hour", "in the morning", "in the afternoon",
                 "in the evening")),
    ("at dawn", ("at sunset", "at dusk", "in the afternoon", "in the evening")),
    ("at sunset", ("in the morning",)),
    ("at dusk", ("in the morning", "in the afternoon")),
    ("in the morning", ("in the evening", "in the afternoon")),
    ("in the afternoon", ("in the evening",)),
    ("in winter", ("in summer", "in autumn", "in spring")),
    ("in summer", ("in autumn", "in spring", "snow")),
    ("in autumn", ("in spring",)),
    ("rain", ("snow",)),
    ("on the left", ("on the right",)),
    ("from above", ("from below",)),
    ("from behind", ("front view",)),
)
"""Groups that cannot both be true of a picture; each counts only where the prompt does not say it itself."""

LEADS = words(
    "draw paint generate create make show depict design please me i want need an a the of some beautiful nice simple"
)
FRAMES = LEADS | words(
    "photo photograph picture image portrait illustration painting drawing sketch render rendering shot view scene "
    "close closeup up studio cinematic style watercolor watercolour oil digital photorealistic realistic foto bild "
    "imagen dibujo"
)
"""Words of a first clause that say how it is shown rather than what; they are the subject only if nothing else is."""

ADJECTIVES = words(
    "big small large little tiny huge old new young vintage antique modern wooden leather wet dry empty full tall short "
    "long round square soft hard fresh happy sad cute fluffy scruffy shiny dirty clean elegant ornate rusty ancient"
)
# fmt: on
