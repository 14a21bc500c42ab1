"""What people exclude most, each with the sentence that keeps it out; a table, read by `constraints.py`."""

from dataclasses import dataclass

# fmt: off
COLOUR_NAMES = frozenset((
    "red", "orange", "yellow", "green", "blue", "purple", "violet", "pink", "brown", "black", "white", "grey", "gray",
    "beige", "cyan", "teal", "turquoise", "magenta", "maroon", "navy", "gold", "silver", "crimson", "scarlet",
    "indigo", "lavender",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing people exclude: its `names`, the sentence for it, and terms for a negative prompt."""

    names: tuple[str, ...]
    sentence: str
    negatives: tuple[str, ...]


def _subject(names: str, sentence: str, negatives: str) -> Subject:
    return Subject(tuple(names.split(", ")), sentence, tuple(negatives.split(", ")))


SUBJECTS = (
    _subject(
        "text, word, letter, lettering, typography, writing, font",
        "No text, letters, words, numbers, captions or typography anywhere in the image: "
        "every surface that could carry writing is blank.",
        "text, letters, words, numbers, captions, typography",
    ),
    _subject(
        "number, digit, numeral",
        "No numbers, digits or numerals anywhere in the image, not even on dials, labels or signs.",
        "numbers, digits, numerals",
    ),
    _subject(
        "caption, subtitle, title, headline",
        "No captions, subtitles, titles or headlines laid over the image.",
        "captions, subtitles, titles, headlines",
    ),
    _subject(
        "speech bubble, speech balloon, word balloon, thought bubble",
        "No speech bubbles, thought bubbles or balloons of any kind.",
        "speech bubbles, speech balloons, thought bubbles",
    ),
    _subject(
        "logo, brand, brand name, branding, trademark, brand logo",
        "No logos, brand names, trademarks, emblems or badges: everything in the image is unbranded.",
        "logo, brand name, trademark, emblem",
    ),
    _subject(
        "watermark, water mark, signature, artist signature, copyright notice",
        "No watermark, signature, stamp or copyright notice anywhere, including corners and edges.",
        "watermark, signature, stamp, copyright notice",
    ),
    _subject(
        "person, people, human, human being, human figure",
        "No people, human figures, silhouettes or body parts anywhere in the image: the scene is empty of people.",
        "people, person, human figure, silhouette, crowd",
    ),
    _subject(
        "crowd, bystander, passer by, passers by, background people",
        "No crowds, bystanders or passers-by, neither near nor in the distance.",
        "crowd, bystanders, passers-by",
    ),
    _subject(
        "child, children, kid, baby",
        "No children, babies or teenagers: anyone in the image is clearly an adult.",
        "child, children, baby, teenager",
    ),
    _subject(
        "face, facial feature",
        "No faces: anyone in the image is turned away, cropped or too distant for facial features to show.",
        "face, facial features",
    ),
    _subject(
        "hand, finger",
        "No hands or fingers visible: they are outside the frame or fully hidden.",
        "hands, fingers",
    ),
    _subject(
        "extra finger, extra limb, bad anatomy, deformity, deformed hand, bad hand",
        "Anatomy is natural and complete: no extra, missing, fused or distorted fingers, limbs or features.",
        "extra fingers, extra limbs, bad anatomy, deformed",
    ),
    _subject(
        "nudity, nude, naked people, nakedness",
        "No nudity: anyone in the image is fully and decently clothed.",
        "nudity, nude, naked",
    ),
    _subject(
        "blood, gore, wound, injury",
        "No blood, gore, wounds or injuries: nothing bloody or gruesome in any form.",
        "blood, gore, wounds, injuries",
    ),
    _subject(
        "violence, fighting, fight",
        "No violence, fighting, threats or harm: the scene is peaceful.",
        "violence, fighting, harm",
    ),
    _subject(
        "weapon",
        "No weapons of any kind: no guns, knives, swords or ammunition.",
        "weapons, guns, knives, swords",
    ),
    _subject(
        "gun, firearm, pistol, rifle",
        "No guns, pistols, rifles or other firearms, neither held nor lying about.",
        "guns, pistols, rifles, firearms",
    ),
    _subject(
        "cigarette, smoking, cigar, tobacco",
        "No cigarettes, cigars, pipes or vapes: nobody smokes.",
        "cigarette, cigar, smoking, tobacco",
    ),
    _subject(
        "alcohol, liquor, alcoholic drink",
        "No alcohol: no beer, wine, spirits, bar bottles or cocktail glasses.",
        "alcohol, beer, wine, liquor",
    ),
    _subject(
        "animal, pet, wildlife",
        "No animals, pets, birds, fish or insects anywhere in the image.",
        "animals, pets, birds, fish, insects",
    ),
    _subject(
        "car, automobile",
        "No cars anywhere in the image, moving or parked, near or far.",
        "cars, automobiles, parked cars",
    ),
    _subject(
        "vehicle, traffic",
        "No vehicles of any kind: no cars, trucks, buses, motorcycles or bicycles, moving or parked.",
        "vehicles, cars, trucks, buses, motorcycles, bicycles",
    ),
    _subject(
        "building, architecture",
        "No buildings, towers, ruins or other built structures, not even on the horizon.",
        "buildings, architecture, ruins",
    ),
    _subject(
        "plant, vegetation, foliage, greenery",
        "No plants, trees, flowers, grass or foliage anywhere in the image.",
        "plants, trees, flowers, grass, foliage",
    ),
    _subject(
        "background, background scenery, backdrop",
        "No background scenery: the subject stands alone on one plain, empty, uniform surface.",
        "background scenery, detailed background",
    ),
    _subject(
        "clutter, mess, distraction, clutter in the background, background clutter",
        "No clutter or incidental objects: only what the description names, with clean space around it.",
        "clutter, mess, stray objects",
    ),
    _subject(
        "shadow, cast shadow, drop shadow",
        "No cast shadows, drop shadows or dark falloff: the light is even from every side.",
        "shadows, cast shadow, drop shadow",
    ),
    _subject(
        "reflection, mirror image, mirroring",
        "No reflections or mirror images: every surface is matte or turned so that nothing is mirrored.",
        "reflections, mirror image",
    ),
    _subject(
        "border, frame, picture frame, margin",
        "No border, frame, mat or margin: the picture runs to all four edges.",
        "border, frame, margin",
    ),
    _subject(
        "vignette, vignetting, dark corner",
        "No vignette: the corners are as bright as the centre.",
        "vignette, dark corners",
    ),
    _subject(
        "letterbox, letterboxing, black bar, letterbox bar",
        "No letterbox bars: the picture fills its full height and width.",
        "letterbox, black bars",
    ),
    _subject(
        "collage, split screen, diptych, triptych, multiple panels, multiple views",
        "One single continuous image: no panels, grid, split screen, collage or repeated views.",
        "collage, split screen, panels, grid",
    ),
    _subject(
        "blur, blurry, blurriness, blurry areas",
        "No blur of any kind, neither motion blur nor soft focus: the whole image is sharp.",
        "blur, blurry, out of focus",
    ),
    _subject("motion blur", "No motion blur: everything that moves is frozen and sharp.", "motion blur"),
    _subject(
        "bokeh, depth of field, background blur, shallow depth of field",
        "No bokeh or background blur: foreground and distance are equally sharp.",
        "bokeh, depth of field, background blur",
    ),
    _subject(
        "grain, film grain, noise, image noise, graininess",
        "No film grain, noise or speckle: tones are smooth and clean.",
        "film grain, noise, speckle",
    ),
    _subject(
        "lens flare, sun flare, glare",
        "No lens flare, glare, ghosting or light streaks across the picture.",
        "lens flare, glare, light streaks",
    ),
    _subject(
        "fog, mist, haze",
        "No fog, mist or haze: the air is perfectly clear.",
        "fog, mist, haze",
    ),
    _subject(
        "smoke, fume",
        "No smoke or fumes anywhere in the image, neither rising nor drifting.",
        "smoke, fumes",
    ),
    _subject("cloud", "No clouds: any sky in the image is completely clear.", "clouds, overcast sky"),
    _subject(
        "gradient, colour gradient, color gradient",
        "No gradients: every area is one flat, even colour.",
        "gradients, colour gradient",
    ),
    _subject(
        "outline, contour line, black outline",
        "No outlines or contour lines: shapes meet edge to edge.",
        "outlines, contour lines",
    ),
    _subject(
        "black and white, monochrome, grayscale, greyscale",
        "Not black and white and not monochrome: the image is in full, natural colour.",
        "black and white, monochrome, greyscale",
    ),
    _subject(
        "colour, color",
        "No colour: the image is strictly black, white and neutral grey.",
        "colour, saturated, colourful",
    ),
)
