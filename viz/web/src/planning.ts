/* The planners' pages: pickers in their forms, empty fields left out of the address, the dates on a slider. */
import "./site";
import { Combobox } from "./combobox";
import { slider } from "./planning-slider";

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-entity]")) new Combobox(field);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-parameters]")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
}

for (const strip of document.querySelectorAll<HTMLElement>("[data-slider]")) slider(strip);
