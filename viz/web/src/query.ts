/* The page of a question: pickers in its form, the picture of its answer. */
import "./site";
import { Combobox } from "./combobox";
import { find } from "./dom";
import { isKind, show, type Roles } from "./pictures/picture";
import { read } from "./table";
import { say } from "./words";

// A box that leads straight to what was chosen needs a server to send it to.
const led = document.documentElement.dataset.static === undefined ? "" : ":not([data-go])";
for (const field of document.querySelectorAll<HTMLInputElement>(`input[data-entity]${led}`)) new Combobox(field);

const form = find<HTMLFormElement>("form[data-parameters]");
if (document.documentElement.dataset.static !== undefined) {
  // Asked for at once, but a reader who is faster than the script is not sent to a page that knows nothing of the values.
  const sent = import("./static-form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void sent.then(({ answer }) => answer(form));
  });
}

// Fields that were left empty are not sent: the address stays short and is the same whoever filled the form.
form?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

const figure = find<HTMLElement>("figure[data-view]");
const table = find<HTMLTableElement>("table[data-answer]");
if (figure && table && isKind(figure.dataset.view ?? "")) {
  const roles = JSON.parse(figure.dataset.roles ?? "{}") as Roles;
  const kind = figure.dataset.view as Parameters<typeof show>[1];
  void show(figure, kind, read(table), roles, figure.dataset.title ?? "", say("picture_table_below"));
}
