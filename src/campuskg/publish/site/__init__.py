"""The static export: a release as files that any web host can serve, SPARQL included."""

from campuskg.publish.site.files import Counted, standing
from campuskg.publish.site.origin import origin
from campuskg.publish.site.site import LINKSETS, publish_site
from campuskg.publish.site.work import begun, uncollected

__all__ = ["LINKSETS", "Counted", "begun", "origin", "publish_site", "standing", "uncollected"]
