"""What the prompt lint looks for: tables and patterns, read by `prompt_lint.py`.

Every pattern is bounded, so that no text makes it search for long.
"""

import re
from collections.abc import Mapping

from imgcli.director.word_lists import words

# fmt: off
FAMILIES: Mapping[str, frozenset[str]] = {
    "photograph": words("photo photos photograph photography photographic snapshot polaroid packshot daguerreotype dslr"),
    "painting": words("watercolor watercolour gouache acrylic oil fresco painting painted"),
    "drawing": words("drawing sketch doodle charcoal pencil crayon"),
    "3D render": words("3d cgi render rendering lowpoly claymation"),
    "flat graphic": words("vector"),
    "pixel art": words("pixel"),
    "cartoon": words("cartoon anime manga comic"),
    "print": words("woodcut linocut engraving etching risograph ukiyo"),
}
"""Media that a word of the prompt names, by family; only as the medium of the picture, not as a thing in it."""

INCOMPATIBLE = frozenset(
    frozenset(pair)
    for pair in (
        ("photograph", "painting"), ("photograph", "drawing"), ("photograph", "flat graphic"),
        ("photograph", "pixel art"), ("photograph", "cartoon"), ("photograph", "print"), ("photograph", "3D render"),
        ("3D render", "painting"), ("3D render", "drawing"), ("3D render", "flat graphic"), ("3D render", "print"),
        ("flat graphic", "painting"), ("pixel art", "painting"), ("pixel art", "print"),
    )
)
LOOSE = words("style look technique art artwork effect still shot image picture illustration portrait set film logo icon design graphic graphics")
"""Words that may stand beside a medium where it is named as the medium: "watercolor style"."""

PERSONS = words(
    "man woman boy girl person people child children men women boys girls crowd couple family teenager baby grandmother "
    "grandfather fisherman nurse doctor farmer dancer soldier chef waiter bride groom businessman businesswoman"
)
LIKENESSES = words("statue sculpture bust doll figurine mannequin painting mural poster scarecrow snowman robot avatar")
"""What looks like a person and is none."""

STYLE_WORDS = words("minimalist minimal minimalistic")
BUSY_WORDS = words("ornate cluttered crowded maximalist intricate busy baroque rococo overloaded")
MUCH = words("highly ultra hyper extremely insanely very intricately richly super")
"""What makes "detailed" the contrary of minimal."""
BOILERPLATE = (
    "masterpiece", "best quality", "highest quality", "high quality", "ultra hd", "4k", "8k", "16k", "uhd", "hdr",
    "absurdres", "highres", "high resolution", "hyperdetailed", "hyper detailed", "ultra detailed", "highly detailed",
    "extremely detailed", "insanely detailed", "ultra realistic", "award winning", "trending on artstation", "artstation",
    "hyperrealistic", "hyper realistic", "hyperreal", "photorealism", "ultra high definition", "stunning", "breathtaking",
    "professional quality", "perfect composition", "sharp focus", "octane render", "unreal engine 5",
)
EMPTY_PRAISE = frozenset((
    "masterpiece", "best quality", "highest quality", "8k", "16k", "absurdres", "trending on artstation", "artstation",
))
"""Of these one is enough."""

FLAG_ADVICE: Mapping[str, str] = {
    "ar": "--aspect", "aspect": "--aspect", "no": "--no", "seed": "--seed", "q": "--quality", "quality": "--quality",
    "style": "--style", "sref": "--style", "niji": "--style",
}
# fmt: on

FLAG = re.compile(
    r"(?<!\S)(?:--|—|–)(ar|aspect|v|version|stylize|s|q|quality|chaos|c|niji|no|seed|style|tile|iw|weird|sref|cref|raw|hd)"
    r"(?![\w-])"
)
FLAG_BEFORE = re.compile(r"(?:--|—|–)\w{1,12}\s{0,5}$")
WEIGHT = re.compile(
    r"\([^():\n]{0,100}[^\W\d][^():\n]{0,100}:\s{0,3}[0-2](?:\.\d{1,3})?\)|\(\([^()\n]{1,100}\)\)|\w::-?\d"
)
LORA = re.compile(r"<(?:lora|lyco|hypernet|embedding):[^<>\n]{1,100}>?", re.IGNORECASE)
BREAK = re.compile(r"(?<!\S)BREAK(?!\S)")

COMMAND = re.compile(
    r"\s{0,20}/(?:imagine|describe|blend|generate|draw|image|img)\b(?:\s{1,5}prompt\s{0,3}:?)?", re.IGNORECASE
)
PIXELS = re.compile(
    r"(?<![\w.,])([1-9]\d{2,4})\s?[x×]\s?([1-9]\d{2,4})(?=px\b|(?![\w.]))(?!\s{0,3}(?:mm|cm|m|metres?|meters?|ft)\b)"
)
RATIO = re.compile(r"(?<![\w:.,])(16:9|9:16|4:3|3:4|3:2|2:3|4:5|5:4|1:1|21:9|16:10)(?![\w:])")
OF_PICTURE = re.compile(
    r"\s{0,3}(?:px|pixels?)?[\s-]{0,3}(?:(?:web|website|youtube|facebook|linkedin|landscape|portrait|hero|blog|wide|header|desktop|phone)\s)?"
    r"(?:aspect|ratio|format|banner|image|picture|pic|photo|photograph|header|hero|wallpaper|thumbnail|poster|cover|resolution|"
    r"illustration|render|artwork|crop|landscape|portrait|composition|framing)\b",
    re.IGNORECASE,
)
RATIO_OF = re.compile(r"\b(?:aspect(?: ratio)?|format|resolution)(?: of| is)?\s{0,3}[:=]?\s{0,3}$", re.IGNORECASE)
TRANSPARENT = re.compile(
    r"\btransparent (?:background|backdrop|bg|png)\b|\bbackground (?:is |to be )?transparent\b|\bpng with transparency\b|"
    r"\bon transparent\b(?=\s{0,3}(?:[,.;]|$))",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"\bsame (?:\w{1,20} )?(?:as|like) (?:(?:before|above|earlier)(?=\s{0,3}(?:[,.;]|$|but\b|with\b|only\b|just\b))|last time|(?:the )?(?:previous|last|first) (?:one|image|picture|photo|version|prompt|time))\b|"
    r"\b(?:as|like) (?:before|last time)(?=\s{0,3}(?:[,.;]|$|but\b|with\b))|"
    r"\b(?:the|my|your|that) (?:previous|last) (?:image|picture|version|prompt|result|generation)\b|"
    r"^\s{0,20}(?:now |and |please )?(?:make|turn|change) it (?:more|less|bigger|smaller|darker|brighter|lighter|blue|red|green|"
    r"bolder|simpler|wider|warmer|cooler|softer|look more)\b|^\s{0,20}same,? but\b",
    re.IGNORECASE,
)

EMPTY_BRACES = re.compile(r"\{\s{0,20}\}|\[\s{0,20}\]|<\s{0,20}>|\(\s{0,20}\)")
NAMED_BRACES = re.compile(
    r"\{\{?\s?[A-Za-z_][\w .-]{0,40}\}\}?|\$\{?[A-Za-z_]\w{0,40}\}?|%\([a-z_]{1,40}\)s|(?<!\])\[[a-z_]{2,30}\](?!\()|<[a-z_]{2,30}>"
)
OPEN_BRACE = re.compile(r"[{][^{}\n]{0,200}$|^[^{}\n]{0,200}[}]", re.MULTILINE)
LEFTOVER = re.compile(r"(?<!\w)(?:TODO|FIXME|TBD|NaN|(?<!an )undefined|null|\[object Object\]|lorem ipsum)(?!\w)")
NONE = re.compile(r"(?<=\w )None(?! of\b)(?!\w)")
GAP = re.compile(
    r"(?<!\w)(?:[Aa]n?|[Tt]he|of|in|with|on) {2,}(?=[^\s])|(?<!\w)(?:an|the|a )\s{0,3}[,;](?=\s|$)|(?<!\w)(?:an|the)\.?$"
)

NIGHT = re.compile(
    r"\b(?:at night|at midnight|by night|night ?time|night-time|starry night|night scene)\b", re.IGNORECASE
)
DAY = re.compile(
    r"\b(?:at noon|at midday|midday sun|(?:in|bright|broad|full) daylight|bright sunlight|bright sunshine|sunny day|"
    r"daytime|in the (?:morning|afternoon))\b",
    re.IGNORECASE,
)
BOTH_TIMES = re.compile(
    r"\b(?:day and night|night and day|day to night|night to day|day into night|split|half|halves|versus|vs|diptych|"
    r"time-?lapse|transition\w*|panels|series|before and after|sequence)\b",
    re.IGNORECASE,
)
SEASON = re.compile(r"\bin (?:the |late |early |deep |high )?(winter|summer|spring|autumn|fall)\b", re.IGNORECASE)
SEASONS = re.compile(r"\b(?:seasons|split|half|diptych|panels|series)\b", re.IGNORECASE)
COLOURFUL = re.compile(
    r"\b(?:(?:vivid|vibrant|bright|rich|saturated|bold|brilliant|intense|full|rainbow)\s{1,3}colou?rs\b|in full colou?r\b|vivid colou?r\b|colou?rful\b|multicolou?r)",
    re.IGNORECASE,
)
MONOCHROME = re.compile(
    r"\b(?:in black and white|in b&w|black[ -]and[ -]white (?:photo\w{0,8}|picture|image|film|portrait|print|drawing|"
    r"illustration|engraving|still|movie|shot)|monochrome|gr[ae]yscale)\b",
    re.IGNORECASE,
)
ACCENT = re.compile(
    r"\b(?:accent\w*|splash|selective|except|only|single|spot|tint\w*|toned?|duotone|hand-colou?red)\b", re.IGNORECASE
)
NEUTRAL = frozenset(("black", "white", "gray", "silver", "ivory"))
BUT = re.compile(
    r"\b(?:no|without|any)\s{1,3}(?:any\s)?(?:other|more|extra|additional|further)\b|\b(?:except|besides|apart from|other than|only|else)\b",
    re.IGNORECASE,
)
SAID = re.compile(
    r"\b(?:signs?|posters?|mugs?|t-?shirts?|shirts?|banners?|labels?|cards?|boards?|billboards?|buttons?|covers?|logos?|neon|stickers?|"
    r"screens?|plates?|notes?|caps?|bags?|placards?|plaques?|flags?|headlines?|titles?)\b(?:\s\w{1,15}){0,3}?\s(?:says?|saying|reads?|reading|spells?|spelling)\s"
    r"(?!nothing\b|the\b|a\b|no\b|it\b|group|room|glasses|lamp|nook|corner|light|list|table|chair)(\w{1,30}(?: \w{1,30})?)|"
    r"\b(?:with|and|shows?|showing|has|have|containing|including) the (?:words?|phrase|slogan|name|letters?) (?!of\b|on\b|in\b|and\b|from\b)(\w{1,30}(?: \w{1,30})?)|"
    r"\b(?:with|has|have) (?!a\b|an\b|the\b)(\w{1,30}(?: \w{1,30})?) (?:written|lettered) (?:on|across|over|in|along)\b",
    re.IGNORECASE,
)
"""Words that are to be read in the picture, without quotation marks; the words are a group."""
SAYS = re.compile(
    r"\b(?:say(?:s|ing)?|read(?:s|ing)?|words?|text|titled?|label(?:l?ed)?|lettering|inscri\w{1,8}|written|writes|sign|"
    r"caption(?:ed)?|slogan|spell(?:s|ing)?|headline|mit|dice|con el texto)\b[^\"“„«'‘]{0,40}$",
    re.IGNORECASE,
)

REFUSED = """
# Names that providers' policies tend to refuse or to change, by kind; looked for as whole words and only as spelt here,
# as some are common words otherwise. Written on 2026-11-21 from general knowledge of the published image policies (manner
# of contemporary artists and studios, protected characters); no name was tried against a provider, and none is promised.
# Artists who died before 2000 (Vincent van Gogh, Pablo Picasso) are not named: no policy known here refuses their manner.
[artist] Greg Rutkowski, Hayao Miyazaki, Studio Ghibli, Ghibli, Banksy, Yayoi Kusama, Takashi Murakami, Jeff Koons
[artist] Damien Hirst, Gerhard Richter, Annie Leibovitz, Simon Stålenhag, Beeple, Artgerm, Loish, Sam Does Arts
[artist] Tim Burton, Wes Anderson, Makoto Shinkai, Junji Ito, Shepard Fairey, Cindy Sherman
[character] Mickey Mouse, Minnie Mouse, Donald Duck, Winnie the Pooh, Elsa from Frozen, Buzz Lightyear, Shrek, Minions
[character] Spider-Man, Spiderman, Batman, Superman, Iron Man, Wonder Woman, Captain America, Wolverine, Deadpool
[character] Darth Vader, Yoda, Baby Yoda, Harry Potter, Hermione Granger, Gandalf, James Bond, Hello Kitty, Pikachu
[character] Super Mario, Luigi, Sonic the Hedgehog, SpongeBob, Homer Simpson, Bart Simpson, Peppa Pig, Naruto, Goku
[character] Bugs Bunny, Tom and Jerry, Snoopy, Garfield, Barbie, Lara Croft, Master Chief, Kirby
[studio] Disney, Pixar, DreamWorks, Marvel, Star Wars, Nintendo, Warner Bros, Pokémon, Pokemon, Lucasfilm
"""
