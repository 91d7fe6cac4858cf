/* The page of what is not there, on hosts without rules: an address that an IRI of ours has leads on to its page. */
import "./site";
import { root } from "./dom";
import { placeOf, rulesHere } from "./static-rules";

const top = root.replace(/\/?(fr|en)$/, "");
const path = location.pathname.slice(top.length + 1).replace(/^(?:(fr|en)\/)?(?:page\/)?/, "").replace(/\.html$/, "");
const lang = /^\/(fr|en)\//.exec(location.pathname.slice(top.length))?.[1] ?? (navigator.language.startsWith("en") ? "en" : "fr");
const place = placeOf(path, rulesHere());
const address = place && `${top}/${lang}/${place}`;
if (address && address.split("#")[0] !== location.pathname) {
  fetch(address, { method: "HEAD" }).then((found) => found.ok && location.replace(address), () => undefined);
}
