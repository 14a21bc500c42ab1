"""XMP for derived files: that a machine made them, from which master, and on request with which words."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from imgcli.exports.wish import Label, Master

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MIXED = "compositeSynthetic"
"""Of several kinds of pictures in one, at least one of which a machine made."""

LONGEST = 8_000
"""Letters of a prompt: a JPEG takes 65,502 bytes of XMP."""

MOST_SOURCES = 200
"""Masters that the label of an atlas names, for the same reason; the manifest names all."""

_HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
)
_TAIL = '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'


def xmp(masters: Sequence[Master], label: Label, tool: str) -> bytes:
    """A packet of XMP for a file that was made from `masters` by `tool`; empty where no label is wanted.

    The prompt is in it where it is wanted and all masters share it.
    """
    if label is Label.NONE:
        return b""
    kinds = {master.source_type for master in masters}
    kind = kinds.pop() if len(kinds) == 1 else MIXED
    parts = [
        _HEAD,
        f" xmp:CreatorTool={quoteattr(_plain(tool))}",
        f" Iptc4xmpExt:DigitalSourceType={quoteattr(_plain(SOURCE_TYPES + kind))}>",
        _sources(masters),
    ]
    prompts = {master.prompt for master in masters}
    if label is Label.PROMPT and len(prompts) == 1:
        words = escape(_cut(_plain(prompts.pop())))
        parts.append(
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></dc:description>'
        )
    return "".join([*parts, _TAIL]).encode()


def _sources(masters: Sequence[Master]) -> str:
    if len(masters) == 1:
        return f'<xmpMM:DerivedFrom rdf:parseType="Resource">{_source(masters[0])}</xmpMM:DerivedFrom>'
    items = "".join(f'<rdf:li rdf:parseType="Resource">{_source(each)}</rdf:li>' for each in masters[:MOST_SOURCES])
    return f"<xmpMM:Ingredients><rdf:Bag>{items}</rdf:Bag></xmpMM:Ingredients>"


def _source(master: Master) -> str:
    name = escape(_plain(master.name))
    return f"<stRef:documentID>urn:sha256:{master.sha256}</stRef:documentID><stRef:filePath>{name}</stRef:filePath>"


def _plain(text: str) -> str:
    """`text` without what XML 1.0 cannot hold, not even escaped."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and not _is_barred(each)))


def _is_barred(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
