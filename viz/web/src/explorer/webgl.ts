/* A network on the graphics card: sigma draws, positions come from the view; where the card refuses, the same as a drawing. */
import Graph from "graphology";
import Sigma from "sigma";
import { EdgeArrowProgram, EdgeRectangleProgram } from "sigma/rendering";
import type { Edge, Node, View } from "./model";
import { ShapeProgram } from "./shapes";
import { drawing, sketch } from "./sketch";
import { bright, brief, groupsOf, placeOf, radius, tones, width, type Asked, type Look, type Surface } from "./surface";

type Box = [number, number, number, number];
type Settings = NonNullable<ConstructorParameters<typeof Sigma>[2]>;

/** With more links than this, they hide while the picture moves and are chosen from lists: each would be drawn twice to be pointed at. */
const MANY = 4000;
const FEW = 400;
const LARGE = 8;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Stands for the programs that no link of a view uses: each real one would compile its shaders, which is most of a first frame. */
class Unused {
  reallocate(): void {}
  render(): void {}
  kill(): void {}
}

export function webgl(stage: HTMLElement, view: View, asked: Asked): Surface {
  let graph = new Graph();
  let screen: Sigma | null = null;
  let instead: Surface | null = null;
  const groups = groupsOf(view);
  const paint = tones(view);
  let taken: Box[] = [];
  let marks: Box[] = [];
  let look: Look | null = null;
  const style = getComputedStyle(document.body);
  const settings: Settings = {
    // Under the name of the default: the program of sigma's own circles is not needed.
    defaultNodeType: "circle", nodeProgramClasses: { circle: ShapeProgram }, zIndex: true, enableEdgeEvents: view.edges.length <= MANY, defaultEdgeType: "line",
    edgeProgramClasses: { line: view.directed ? EdgeArrowProgram : EdgeRectangleProgram, arrow: Unused as unknown as typeof EdgeArrowProgram },
    labelFont: style.fontFamily, labelSize: 12, labelRenderedSizeThreshold: 5, labelDensity: 1, labelGridCellSize: 90,
    labelColor: { color: paint.ink }, stagePadding: 44, minEdgeThickness: 1.2, allowInvalidContainer: true,
    hideEdgesOnMove: view.edges.length > MANY, doubleClickZoomingRatio: 1, maxCameraRatio: 4, minCameraRatio: 0.03,
    defaultDrawNodeHover: (context, node, { labelSize, labelFont }) => {
      context.font = `600 ${labelSize}px ${labelFont}`;
      const name = (node as { name?: string }).name ?? "";
      const text = context.measureText(name).width > stage.clientWidth * 0.6 ? brief(name) : name;
      const long = context.measureText(text).width;
      // The words stay inside the picture: to the left of the node where there is no room at its right.
      const [edge, room] = [node.size + 3, stage.clientWidth];
      const x = node.x + edge + long + 12 > room ? Math.max(2, node.x - edge - long - 12) : node.x + edge;
      context.fillStyle = paint.page;
      context.strokeStyle = paint.accent;
      context.lineWidth = 1;
      context.beginPath();
      context.rect(x, node.y - 11, long + 10, 22);
      context.fill();
      context.stroke();
      context.fillStyle = paint.ink;
      context.fillText(text, x + 5, node.y + 4);
    },
    defaultDrawNodeLabel: (context, node, { labelSize, labelFont }) => {
      if (!node.label) return;
      context.font = `${labelSize}px ${labelFont}`;
      context.lineJoin = "round";
      context.lineWidth = 3;
      context.strokeStyle = paint.page;
      context.fillStyle = paint.ink;
      // A name stands at the right of its mark, else at its left, else not at all: names never cover each other.
      const long = context.measureText(node.label).width;
      const free = [node.x + node.size + 4, node.x - node.size - 4 - long]
        .filter((x) => x > 0 && x + long < stage.clientWidth).map((x): Box => [x, node.y - 7, x + long, node.y + 7])
        .find((box) => [...taken, ...(node.size < LARGE ? marks : [])].every((one) => box[2] < one[0] || box[0] > one[2] || box[3] < one[1] || box[1] > one[3]));
      if (!free) return;
      taken.push(free);
      const at = [free[0], node.y + 4] as const;
      context.strokeText(node.label, ...at);
      context.fillText(node.label, ...at);
    },
  };
  /** Begins with a graph at hand: it is drawn once, whole. */
  function begin(): Sigma {
    const screen = new Sigma(graph, stage, settings);
    for (const canvas of Object.values(screen.getCanvases())) canvas.setAttribute("aria-hidden", "true");

    // Names of small things cover no marks either, where these are few enough to look at each.
    screen.on("beforeRender", () => {
      taken = [];
      marks = graph.order > FEW ? [] : graph.mapNodes((key, { size }): Box => {
        const { x, y } = screen.graphToViewport(graph.getNodeAttributes(key) as { x: number; y: number });
        return [x - size, y - size, x + size, y + size];
      });
    });
    if (graph.order <= FEW) screen.scheduleRender();

    const nodeOf = (key: string): Node => graph.getNodeAttribute(key, "of") as Node;
    let dragged: Node | null = null;
    let travelled = false;
    screen.on("clickNode", ({ node }) => {
      if (!travelled) asked.node(nodeOf(node));
    });
    screen.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      asked.open(nodeOf(node));
    });
    screen.on("clickEdge", ({ edge }) => asked.edge(graph.getEdgeAttribute(edge, "of") as Edge));
    screen.on("clickStage", () => asked.nothing());
    for (const [name, cursor] of [["enterNode", "pointer"], ["leaveNode", ""], ["enterEdge", "pointer"], ["leaveEdge", ""]] as const) {
      screen.on(name, () => {
        stage.style.cursor = cursor;
      });
    }
    screen.on("downNode", ({ node, event }) => {
      dragged = nodeOf(node);
      travelled = false;
      event.preventSigmaDefault();
      if (!screen.getCustomBBox()) screen.setCustomBBox(screen.getBBox());
    });
    screen.on("moveBody", ({ event }) => {
      if (!dragged) return;
      travelled = true;
      const { x, y } = screen.viewportToGraph(event);
      graph.mergeNodeAttributes(dragged.short, { x, y });
      event.preventSigmaDefault();
    });
    const drop = () => {
      if (dragged && travelled) {
        const { x, y } = graph.getNodeAttributes(dragged.short) as { x: number; y: number };
        asked.moved(dragged, x, -y);
      }
      dragged = null;
      setTimeout(() => {
        travelled = false;
      });
    };
    screen.on("upNode", drop);
    screen.on("upStage", drop);
    return screen;
  }

  function graphOf(next: Look): Graph {
    const found = new Graph({ type: "undirected", multi: true });
    const lit = bright(next);
    const pinned = next.state.moved;
    for (const node of next.scene.nodes) {
      const full = !lit || lit.nodes.has(node);
      const colour = paint.groups.get(node.group) ?? paint.ink;
      const [x, y] = placeOf(next.state, node);
      found.addNode(node.short, {
        of: node, x, y: -y, name: node.label, label: full ? brief(node.label) : "", size: radius(view, node), shape: groups.get(node.group)?.shape ?? "circle",
        color: full ? colour : paint.faint(colour), zIndex: node === next.selected ? 3 : full ? 2 : 1,
        forceLabel: node === next.selected || (lit !== null && full && lit.nodes.size <= 24) || next.scene.nodes.size <= 16 || node.short in pinned,
        highlighted: node === next.selected,
      });
    }
    for (const edge of next.scene.edges) {
      const full = !lit || lit.edges.has(edge);
      const colour = lit && full ? paint.accent : paint.link;
      found.addEdgeWithKey(edge.id, edge.source.short, edge.target.short, {
        of: edge, size: width(view, edge) + (edge === next.selected ? 2 : 0), color: full ? colour : paint.faint(colour), zIndex: full ? 2 : 1,
      });
    }
    return found;
  }

  function show(next: Look, fit: boolean): void {
    if (instead) return instead.show(next, fit);
    look = next;
    graph = graphOf(next);
    if (!screen) {
      try {
        screen = begin();
      } catch {
        stage.replaceChildren();
        instead = sketch(stage, view, asked);
        instead.show(next, fit);
      }
      return;
    }
    if (fit) screen.setCustomBBox(null);
    screen.setGraph(graph);
    if (fit) frame();
  }

  function frame(): void {
    void screen?.getCamera().animate({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }, { duration: still.matches ? 0 : 200 });
  }

  return {
    show,
    fit: () => (instead ? instead.fit() : frame()),
    zoom: (factor) => instead ? instead.zoom(factor) : void screen?.getCamera().animate({ ratio: screen.getCamera().ratio / factor }, { duration: still.matches ? 0 : 120 }),
    pan: (x, y) => {
      if (instead) return instead.pan(x, y);
      const camera = screen!.getCamera();
      camera.setState({ x: camera.x + x * camera.ratio, y: camera.y - y * camera.ratio });
    },
    where: (node) => {
      if (!screen || !graph.hasNode(node.short)) return null;
      const { x, y } = screen!.graphToViewport(graph.getNodeAttributes(node.short) as { x: number; y: number });
      return [x, y];
    },
    svg: () => instead ? instead.svg() : drawing(view, look!, Math.max(stage.clientWidth, 640), Math.max(stage.clientHeight, 420)),
    kill: () => (instead ?? screen)?.kill(),
  };
}
