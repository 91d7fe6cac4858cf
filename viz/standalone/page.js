// Draws the picture with the positions that came with it: nothing moves by itself, nothing is fetched.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const options = typeof data.options === "string" ? JSON.parse(data.options) : data.options;
  const nodes = new vis.DataSet(data.nodes);
  const edges = new vis.DataSet(data.edges);
  const box = document.getElementById("picture");
  const side = document.getElementById("side");
  const said = document.getElementById("said");
  const byName = new Map(data.nodes.map((node) => [node.title, node.id]));
  const network = new vis.Network(box, { nodes, edges }, options);

  const whole = () => network.fit({ animation: false });
  // The first drawing comes before the engine has fitted the picture to its box: the next one is the picture at rest.
  network.once("afterDrawing", () => {
    whole();
    network.once("afterDrawing", () => { document.documentElement.dataset.drawn = String(Math.round(performance.now())); });
    network.redraw();
  });

  const list = document.getElementById("names");
  for (const name of [...byName.keys()].sort((a, b) => a.localeCompare(b, document.documentElement.lang))) {
    const option = document.createElement("option");
    option.value = name;
    list.append(option);
  }

  const show = (id) => {
    const node = nodes.get(id);
    side.hidden = false;
    document.getElementById("name").textContent = node.title;
    document.getElementById("what").textContent = node.says;
    const lines = network.getConnectedEdges(id).map((key) => {
      const edge = edges.get(key);
      const other = nodes.get(edge.from === id ? edge.to : edge.from);
      const line = document.createElement("li");
      const jump = document.createElement("button");
      jump.type = "button";
      jump.textContent = other.title;
      jump.addEventListener("click", () => choose(other.id));
      line.append(jump, document.createTextNode(edge.says ? ` ${edge.says}` : ""));
      return line;
    });
    document.getElementById("links").replaceChildren(...lines);
    said.textContent = data.words.links.replace("{count}", String(lines.length));
  };
  const choose = (id) => {
    network.selectNodes([id]);
    network.focus(id, { scale: Math.max(network.getScale(), 0.8), animation: false });
    show(id);
  };
  const hide = () => { side.hidden = true; said.textContent = ""; network.unselectAll(); };

  network.on("selectNode", (event) => show(event.nodes[0]));
  network.on("deselectNode", hide);
  document.getElementById("close").addEventListener("click", hide);
  document.getElementById("whole").addEventListener("click", whole);
  document.getElementById("find").addEventListener("change", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    const name = [...byName.keys()].find((one) => one.toLowerCase() === wanted)
      || [...byName.keys()].find((one) => wanted && one.toLowerCase().includes(wanted));
    if (name) choose(byName.get(name)); else said.textContent = wanted ? data.words.nothing : "";
  });
})();
