"""The rules of a static site for Apache (``.htaccess``) and nginx: 303 from an IRI to its page or its data, media types, headers.

They follow the Accept header as far as rewriting rules can: a client that names HTML gets the page, one that names a form of RDF
gets that form, everyone else Turtle; preferences by weight (``q=``) are not compared, only ``q=0`` is heeded.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from campuskg.publish.rdf_forms import RDF_FORMS, RdfForm
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.linksets import LINKSET
from campuskg.publish.site.rules import RULES

_NEVER: Final = r"(?!\s*;\s*q=0(\.0*)?\s*(,|$))"
_HTML: Final = rf"(text/html|application/xhtml\+xml){_NEVER}"
TYPES: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rq": "application/sparql-query",
    "md": "text/markdown",
    "csv": "text/csv",
    "gz": "application/gzip",
    "cff": "application/yaml",
    "js": "text/javascript",
    "wasm": "application/wasm",
}
"""Extension -> media type of what hosts may not know."""
_TEXTS: Final = ("ttl", "nt", "jsonld", "nq", "trig", "rq", "md", "csv", "cff", "js", "html", "css", "svg", "txt", "json")
_FRAMES: Final = "frame-ancestors 'self'"
_OTHERS: Final = "data|dumps|static|linkset|page|fr|en|index|id|scheme|graph|query"
"""What comes first in addresses that are no page of the site's own."""


def _forms(site: Site) -> list[RdfForm]:
    """Return the forms of *site*, the preferred one last: a later rule wins."""
    return [RDF_FORMS[extension] for extension in site.forms[::-1]]


def _accepted(media: str) -> str:
    return re.escape(media).replace(r"\-", "-") + _NEVER


def htaccess(site: Site, gone: Iterable[str]) -> str:
    """Return the ``.htaccess`` of a *site*, with the retired paths *gone*."""
    return "\n".join([*_apache_head(site), *_apache_gone(gone), *_apache_rules(), *_apache_end(site.root)]) + "\n"


def _apache_head(site: Site) -> Iterator[str]:
    yield "# Written by campuskg publish. Needs mod_rewrite, better with mod_headers and mod_mime (AllowOverride FileInfo)."
    yield from ("RewriteEngine On", f"RewriteBase {site.root}/", "", "# The form and the language that the client prefers.")
    yield f"RewriteRule ^ - [E=CMQ_FORM:{site.forms[0]},E=CMQ_LANG:fr]"
    for form in _forms(site):
        yield f'RewriteCond %{{HTTP_ACCEPT}} "{_accepted(form.media_type)}" [NC]'
        yield f"RewriteRule ^ - [E=CMQ_FORM:{form.extension}]"
    yield f'RewriteCond %{{HTTP_ACCEPT}} "{_HTML}" [NC]'
    yield "RewriteRule ^ - [E=CMQ_FORM:html]"
    yield 'RewriteCond %{HTTP:Accept-Language} "^\\s*en" [NC]'
    yield "RewriteRule ^ - [E=CMQ_LANG:en]"


def _apache_gone(gone: Iterable[str]) -> Iterator[str]:
    yield "\n# Retired IRIs: 410, with the page that says what replaces them."
    for path in sorted(gone):
        yield f"RewriteRule ^{re.escape(path)}$ - [G,L]"


def _apache_rules() -> Iterator[str]:
    yield "\n# IRIs: 303 to the page or to the data."
    for rule in RULES:
        anchor = f"#{rule.anchor}" if rule.anchor else ""
        yield "RewriteCond %{ENV:CMQ_FORM} =html"
        yield f"RewriteRule ^{rule.pattern}$ %{{ENV:CMQ_LANG}}/{rule.page}{anchor} [R=303,NE,L]"
        yield f"RewriteRule ^{rule.pattern}$ data/{rule.document}.%{{ENV:CMQ_FORM}} [R=303,L]"
    yield "\n# Link sets."
    yield f"RewriteRule ^linkset/.+\\.json$ - [T={LINKSET},L]"
    for rule in RULES:
        yield f"RewriteRule ^linkset/{rule.pattern}$ linkset/{rule.document}.json [R=303,L]"
    yield "\n# Addresses without a language."
    yield "RewriteRule ^$ %{ENV:CMQ_LANG}/index.html [R=302,L]"
    yield "RewriteRule ^(page/.+?)(\\.html)?$ %{ENV:CMQ_LANG}/$1.html [R=302,L]"
    yield f"RewriteRule ^((?!(?:{_OTHERS})(?:/|$))[a-z][^.]*?)/?$ %{{ENV:CMQ_LANG}}/$1.html [R=302,L]"


def _apache_end(root: str) -> Iterator[str]:
    yield f"\nErrorDocument 404 {root}/404.html"
    yield f"ErrorDocument 410 {root}/410.html"
    yield "\n<IfModule mod_mime.c>"
    yield from (f"  AddType {media} .{extension}" for extension, media in TYPES.items())
    yield f"  AddCharset utf-8 {' '.join(f'.{extension}' for extension in _TEXTS)}"
    yield from ("  <Files void>", "    ForceType text/turtle", "  </Files>", "</IfModule>")
    yield "<IfModule mod_headers.c>"
    for name, value in _headers():
        yield f'  Header always set {name} "{value}"'
    yield '  Header always merge Vary "Accept, Accept-Language"'
    yield from ("</IfModule>",)


def _headers() -> Iterator[tuple[str, str]]:
    yield "Access-Control-Allow-Origin", "*"
    yield "Content-Security-Policy", _FRAMES
    yield "X-Content-Type-Options", "nosniff"
    yield "Referrer-Policy", "strict-origin-when-cross-origin"


def nginx(site: Site, gone: Iterable[str]) -> str:
    """Return what a ``server`` block of nginx includes for *site*, with the retired paths *gone*."""
    root = site.root
    parts = (_nginx_head(site), _nginx_gone(root, gone), _nginx_rules(root), _nginx_types(root))
    return "\n".join(line for part in parts for line in part) + "\n"


def _nginx_head(site: Site) -> Iterator[str]:
    root = site.root
    yield "# Written by campuskg publish: include it in the server block whose root holds the site."
    yield from ("absolute_redirect off;", "charset utf-8;", f"set $cmq_form {site.forms[0]};", "set $cmq_lang fr;")
    for form in _forms(site):
        yield f'if ($http_accept ~* "{_accepted(form.media_type)}") {{ set $cmq_form {form.extension}; }}'
    yield f'if ($http_accept ~* "{_HTML}") {{ set $cmq_form html; }}'
    yield 'if ($http_accept_language ~* "^\\s*en") { set $cmq_lang en; }'
    yield from (f'add_header {name} "{value}" always;' for name, value in _headers())
    yield 'add_header Vary "Accept, Accept-Language" always;'
    yield f"error_page 404 {root}/404.html;"
    yield f"error_page 410 {root}/410.html;"


def _nginx_gone(root: str, gone: Iterable[str]) -> Iterator[str]:
    yield from (f"location = {root}/{path} {{ return 410; }}" for path in sorted(gone))


def _nginx_rules(root: str) -> Iterator[str]:
    start = re.escape(root)
    for rule in RULES:
        anchor = f"#{rule.anchor}" if rule.anchor else ""
        yield f'location ~ "^{start}/{rule.pattern}$" {{'
        yield f"  if ($cmq_form = html) {{ return 303 {root}/$cmq_lang/{rule.page}{anchor}; }}"
        yield f"  return 303 {root}/data/{rule.document}.$cmq_form;\n}}"
    yield f'location ~ "^{start}/linkset/.+\\.json$" {{ types {{ }} default_type "{LINKSET}"; }}'
    for rule in RULES:
        yield f'location ~ "^{start}/linkset/{rule.pattern}$" {{ return 303 {root}/linkset/{rule.document}.json; }}'
    yield f"location = {root}/ {{ return 302 {root}/$cmq_lang/index.html; }}"
    yield f'location ~ "^{start}/(page/.+?)(\\.html)?$" {{ return 302 {root}/$cmq_lang/$1.html; }}'
    yield f'location ~ "^{start}/((?!(?:{_OTHERS})(?:/|$))[a-z][^.]*?)/?$" {{ return 302 {root}/$cmq_lang/$1.html; }}'


def _nginx_types(root: str) -> Iterator[str]:
    for extension, media in TYPES.items():
        charset = "; charset=utf-8" if extension in _TEXTS else ""
        yield f'location ~ "\\.{extension}$" {{ types {{ }} default_type "{media}{charset}"; }}'
    yield f'location = {root}/.well-known/void {{ types {{ }} default_type "text/turtle; charset=utf-8"; }}'
