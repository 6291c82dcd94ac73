// How shapes are drawn: by the name that the layer was given.

const GRID_LINE = "#3e4f5a";
const COMMUNITY_LINE = "#22313a";

export const STYLES = {
  community: { fill: false, color: COMMUNITY_LINE, weight: 2.6, opacity: 0.85, lineJoin: "round" },
  town: { fill: false, color: COMMUNITY_LINE, weight: 3.4, opacity: 0.9, dashArray: "10 4 2 4" },
  grid: { fill: true, fillColor: "#ffffff", fillOpacity: 0.02, color: GRID_LINE, weight: 1, opacity: 0.8 },
  block: { fill: true, fillColor: "#ffffff", fillOpacity: 0.02, color: GRID_LINE, weight: 0.5, opacity: 0.6 },
  choropleth: { fill: true, fillColor: "#ffffff", fillOpacity: 0, color: GRID_LINE, weight: 1, opacity: 0.75 },
  own: { fill: true, fillColor: "#d6009a", fillOpacity: 0.05, color: "#d6009a", weight: 3, opacity: 0.9 },
  selected: { color: "#d6009a", weight: 4, opacity: 1 },
  hover: { color: "#111111", weight: 2.5, opacity: 1 },
};
