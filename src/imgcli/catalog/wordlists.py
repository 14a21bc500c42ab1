"""The closed lists of words that the form of prompts, and the guard of near ones, are made with. English, all of them."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLOURS = _words(
    "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood "
    "cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray "
    "darkgreen darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue "
    "darkslategray darkturquoise darkviolet deeppink deepskyblue dimgray dodgerblue firebrick floralwhite forestgreen "
    "fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow honeydew hotpink indianred indigo ivory khaki "
    "lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray "
    "lightgreen lightpink lightsalmon lightseagreen lightskyblue lightslategray lightsteelblue lightyellow lime limegreen "
    "linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue "
    "mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace "
    "olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff "
    "peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen "
    "seashell sienna silver skyblue slateblue slategray snow springgreen steelblue tan teal thistle tomato turquoise "
    "violet wheat white whitesmoke yellow yellowgreen "
    "golden scarlet blond blonde brunette copper bronze brass tan burgundy auburn amber apricot charcoal cerise cerulean "
    "claret cobalt cream ebony ecru emerald fawn ginger hazel jade jet khaki lemon lilac mahogany mauve mint mustard "
    "ochre peach periwinkle puce rose ruby russet rust saffron sapphire sepia tangerine taupe terracotta ultramarine "
    "umber vermilion vermillion viridian wine colorless transparent monochrome rainbow colorful "
    "light dark pale bright deep pastel neon"
)
"""Names of colours (those of CSS and some more) and what makes one lighter or darker."""

KINDS = (
    _words("red yellow green blue purple pink brown black white gray"),
    _words("small big large tiny huge tall"),
    _words("old new young ancient modern vintage"),
    _words("wooden"),
    _words("rusty dusty empty broken shiny wet dry fluffy furry"),
)
"""Before a thing these say it of that thing, in whatever order they stand if they are of different kinds."""

EPITHETS = frozenset(word for kind in KINDS for word in kind)

OPENERS = _words("of in on with by near beside under behind at two three four five six seven eight nine ten")
"""After these, or at its beginning, a row of epithets is whole; after others (`very`, `dark`, `and`) it may not be."""

READ = _words(
    "read reads reading readable say says saying said titled title named name labelled labeled label called word words "
    "wording text texts letter letters lettering lettered spells spelling spelled written writing writes caption captioned "
    "inscription inscribed slogan motto headline quote quoting banner sign signs logo number numbered digit digits figure "
    "font typography subtitle subtitled marked printed engraved tattoo"
)
"""What follows these may be letters to be read: all of it stays as it stands."""

LETTERED = _words("vitamin type plan class grade group section hepatitis model series part exhibit team option")
"""An `a` after these is a letter, no article."""

TAIL = _words(
    "watercolor photography photo lighting light style background mood atmosphere illustration render rendering palette "
    "view shot focus bokeh resolution grain texture perspective composition"
)
"""What the last word of a part between commas may be that says something of the whole picture."""


SPELLINGS = {
    "grey": "gray",
    "greyish": "grayish",
    "colour": "color",
    "colours": "colors",
    "coloured": "colored",
    "colourful": "colorful",
    "colouring": "coloring",
    "multicoloured": "multicolored",
    "harbour": "harbor",
    "harbours": "harbors",
    "watercolour": "watercolor",
    "watercolours": "watercolors",
    "centre": "center",
    "centred": "centered",
    "theatre": "theater",
    "metre": "meter",
    "metres": "meters",
    "fibre": "fiber",
    "neighbour": "neighbor",
    "neighbourhood": "neighborhood",
    "armour": "armor",
    "honour": "honor",
    "vapour": "vapor",
    "odour": "odor",
    "mould": "mold",
    "plough": "plow",
    "jewellery": "jewelry",
    "aluminium": "aluminum",
    "cosy": "cozy",
    "travelling": "traveling",
    "traveller": "traveler",
    "marvellous": "marvelous",
    "sceptical": "skeptical",
    "stylised": "stylized",
    "minimalistic": "minimalist",
    "photograph": "photo",
    "photographs": "photos",
    "tv": "television",
    "okay": "ok",
    "closeup": "close-up",
    "pyjamas": "pajamas",
    "moustache": "mustache",
    "doughnut": "donut",
    "doughnuts": "donuts",
    "yoghurt": "yogurt",
    "tyre": "tire",
    "tyres": "tires",
    "&": "and",
    "hi-res": "high-resolution",
    "b&w": "black-and-white",
}
DIGITS = dict(
    zip(
        (str(number) for number in range(2, 13)),
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        strict=True,
    )
)
VERBS = {
    "sits": "sitting",
    "sleeps": "sleeping",
    "eats": "eating",
    "wears": "wearing",
    "holds": "holding",
    "swims": "swimming",
    "sings": "singing",
    "carries": "carrying",
    "hovers": "hovering",
    "wanders": "wandering",
    "gallops": "galloping",
    "glides": "gliding",
    "stares": "staring",
    "kneels": "kneeling",
}
"""Two forms of a verb, only where that in -s is no plural of a thing: `drinks on a table` is not `drinking`. The bare verb
is none of them: a `swimming pool` is no `swim pool`."""

NAMES = _words(
    "turkey china polish apple us it amazon jaguar may march august mercury rose mark will bill pat jack earth mars "
    "venus saturn jordan chad cuba java basil olive iris ivy lily daisy hope joy grace amber ruby pearl crystal dawn "
    "summer april june chase hunter mason baker cook king prince queen stone wood woods forest lake rivers bush gates "
    "jobs musk cruise hanks drake pink prince seal sting usher queen kiss eagles police doors wings japan oscar "
    "tiffany victoria nice cork reading bath derby tyre phoenix joker rock flash bean gherkin apple orange target shell "
    "visa dove tide corona lincoln ford dodge frank rich pearl heather holly violet scarlet ginger robin jay sky star cliff "
    "dean dick peter grant drew wade rob sue bob buffalo lima ottoman swiss danish hamburg hamburger cologne champagne "
    "bordeaux burgundy"
)
"""Words that are another thing with a capital letter; all others are the same in any case."""

AMOUNTS = _words(
    "dozen dozens hundreds thousand thousands thousandth million millions billion billions single double triple "
    "quadruple pair pairs couple couples trio duo quartet quintet several many few fewer most half halves quarter "
    "quarters both once twice thrice twin twins triplets solo lone alone some all every each another"
)
"""What is said in the place of a number."""

NEGATIONS = _words(
    "no not without never none nothing nobody nowhere neither nor non except minus empty lacking lacks missing sans "
    "cannot absent hardly barely unless"
)

PERSONS = _words(
    "man woman boy girl male female he she him her his hers king queen prince princess father mother son daughter "
    "brother sister husband wife bride groom lady gentleman uncle aunt actor actress waiter waitress child adult baby "
    "person grandfather grandmother"
)
"""One of these is not another, however alike a model finds them."""

PLURALS = {
    "people": "person",
    "children": "child",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "mice": "mouse",
    "oxen": "ox",
    "dice": "die",
    "cacti": "cactus",
    "fungi": "fungus",
    "wives": "wife",
    "knives": "knife",
    "lives": "life",
}
