"""The static export: a release as files that any web host can serve, SPARQL included."""

from campuskg.publish.site.files import Counted
from campuskg.publish.site.site import publish_site

__all__ = ["Counted", "publish_site"]
